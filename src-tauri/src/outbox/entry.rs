//! One accepted mutation as the file keeps it.
//!
//! Not the file itself, and not how far a mutation has come in the windows.

use lockstep_model::{Failure, Mutation, Stamp};
use serde::{Deserialize, Serialize};

/// One accepted mutation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the outbox: greater than that of any mutation accepted before it, and never given twice.
    pub number: u64,
    /// What it does.
    pub mutation: Mutation,
    /// Where it is.
    pub state: State,
}

/// Where an accepted mutation is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing of it has been sent.
    #[default]
    Queued,
    /// It may have reached the database. Written before the first byte leaves, so that a start after a crash asks what
    /// became of it.
    Sending {
        /// The database time before it was sent.
        since: Stamp,
    },
    /// It failed, and a person has to decide.
    Review(Failure),
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// A mutation is to be accepted, under a number that is greater than all before. One that is there already is
    /// written once more.
    New(u64, Mutation),
    /// It is somewhere else now.
    State(u64, State),
    /// Its expectations are now known; it is still the same mutation.
    Rewritten(u64, Mutation),
    /// It is settled and nobody has to decide anything. A number that is not there is no error.
    Gone(u64),
}
