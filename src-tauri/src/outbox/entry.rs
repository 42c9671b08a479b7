//! One accepted mutation as the file keeps it.
//!
//! Not the file itself, and not how far a mutation has come in the windows.

use lockstep_model::Mutation;
use lockstep_sync::outbox::Kept;

/// One accepted mutation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the outbox: greater than that of any mutation accepted before it, and never given twice.
    pub number: u64,
    /// What it does.
    pub mutation: Mutation,
    /// Where it is.
    pub state: Kept,
}
