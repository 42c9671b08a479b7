//! What of a mutation is on disk, so that it goes on after a crash between any two steps.

use lockstep_model::{ClusterTime, Failure, Mutation};
use serde::{Deserialize, Serialize};

/// Where an accepted mutation is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Nothing of it has been sent.
    #[default]
    Queued,
    /// It may have reached the database. Written before the first byte leaves, so that a start after a crash asks what
    /// became of it.
    Sending {
        /// The database time before it was sent.
        since: ClusterTime,
    },
    /// It failed, and a person has to decide.
    Review(Failure),
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// A mutation is to be accepted, under a number that is greater than all before.
    New(u64, Mutation),
    /// It is somewhere else now.
    State(u64, Kept),
    /// Its expectations are now known; it is still the same mutation.
    Rewritten(u64, Mutation),
    /// It is settled and nobody has to decide anything. A number that is not there is no error.
    Gone(u64),
}
