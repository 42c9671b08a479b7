//! The feed: the ordered, numbered stream from the host to each window.

use serde::{Deserialize, Serialize};

use super::{disturbance::Disturbance, message::Answer};
use crate::{Failure, Key, Mutation, MutationId, Segment, Settlement, mutation::Snapshot};

/// Which run of the host numbers the feed. Another one means: attach again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Boot(pub i64);

/// Entries `from + 1 ..= to` of one window's feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedBatch {
    /// Which run of the host.
    pub boot: Boot,
    /// The number before the first entry.
    pub from: u64,
    /// The number of the last entry.
    pub to: u64,
    /// The entries; `None` where they are too large for an event and wait in the host.
    pub entries: Option<Vec<FeedEntry>>,
}

/// One thing that a window should know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedEntry {
    /// A mutation of any window, as its layer is to be laid.
    Layer(PendingLayer),
    /// Whether a mutation is on its way or waits for the server.
    Delivery {
        /// Which one.
        mutation: MutationId,
        /// Where it is.
        delivery: Delivery,
    },
    /// The host could not accept a mutation: its layer goes.
    Refused {
        /// Which one.
        mutation: MutationId,
        /// Why.
        failure: Failure,
    },
    /// A mutation has ended: its layer goes, and the documents come.
    Settled(Settlement),
    /// It is not sent any more, since a later mutation of the same fields took its place or a person discarded it: its layer
    /// goes.
    Withdrawn(MutationId),
    /// Somebody decided on a failed mutation, in whichever window.
    ReviewClosed(MutationId),
    /// Documents as the database has them, by a change stream or a poll.
    Documents(Vec<Snapshot>),
    /// What another window's fetch brought, for a key that this one watches.
    Answer(Key, Answer),
    /// Everything under a prefix may have changed.
    Invalidate(Vec<Segment>),
    /// Whether any window of the app has the focus.
    Focus(bool),
    /// Whether the server can be reached.
    Online(bool),
    /// How the host and the database stand to each other.
    Status(SyncStatus),
}

/// A mutation that is not settled yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingLayer {
    /// What it does.
    pub mutation: Mutation,
    /// Its place in the outbox.
    pub number: u64,
    /// Where it is.
    pub delivery: Delivery,
}

/// Where a pending mutation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On its way to the database.
    Syncing,
    /// In the outbox, until the server can be reached.
    Queued,
}

/// A mutation that failed, and that a person has to decide on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// What it was to do.
    pub mutation: Mutation,
    /// Its place in the outbox.
    pub number: u64,
    /// Why it did not.
    pub failure: Failure,
}

/// How changes by others reach this host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// By change stream.
    Live,
    /// By asking again and again.
    Polling,
    /// Not yet: the server is being opened for the first time in this run.
    Opening,
    /// Not at all: no server answers.
    Offline,
}

/// How the host and the database stand to each other; the same for all windows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// The connection's name.
    pub server: String,
    /// Whether it is one of production: what destroys has to be confirmed.
    pub production: bool,
    /// How changes reach us.
    pub link: Link,
    /// Mutations on their way.
    pub saving: u32,
    /// Mutations that wait for the server.
    pub queued: u32,
    /// Failed mutations that wait for a person.
    pub reviews: u32,
    /// When the server last answered, in milliseconds since 1970; `None` if it never did.
    pub contact_ms: Option<i64>,
    /// Why the link is not live, where there is a reason to name.
    pub trouble: Option<Failure>,
    /// Why nothing may be written over this connection, if so.
    pub read_only: Option<String>,
    /// What is done to the way to the database on purpose.
    pub disturbance: Disturbance,
    /// Whether somebody is simulated who edits as well.
    pub colleague: Colleague,
}

/// The simulated colleague, another connection that edits the sample workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colleague {
    /// There is no sample workspace to work on.
    #[default]
    Absent,
    /// It can be called.
    Idle,
    /// It edits.
    Working {
        /// So many times a second.
        per_second: u32,
    },
}
