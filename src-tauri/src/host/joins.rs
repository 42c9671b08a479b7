//! Equal reads that are under way at the same time become one.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError},
};

use lockstep_model::{
    DocumentId, Failure, ListQuery, Namespace, Snapshot, Stamp, Value,
    contract::{CollectionList, FieldValue, ListPage},
};
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Read {
    Collections,
    /// With how many of the first documents.
    List(Namespace, ListQuery, u32),
    Rows(Namespace, Vec<Value>),
    Document(DocumentId),
    Field(DocumentId, Arc<str>),
}

/// What came.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Collections(CollectionList),
    List(ListPage),
    Rows(Vec<Snapshot>),
    Document(Snapshot),
    Field(FieldValue),
}

pub(super) type Outcome = Result<Found, Failure>;

/// Reads under way, each with the stamp at which it was sent: a read must not join one that may not see what was known
/// when it was asked for.
#[derive(Default)]
pub(super) struct Joins(Mutex<HashMap<(Read, Stamp), Sender<Outcome>>>);

impl Joins {
    /// Where the outcome will come, and whether the caller has to begin the read.
    pub fn enter(&self, read: &Read, now: Stamp) -> (Receiver<Outcome>, bool) {
        match self.lock().entry((read.clone(), now)) {
            Entry::Occupied(under_way) => (under_way.get().subscribe(), false),
            Entry::Vacant(free) => {
                let (sender, receiver) = channel(1);
                free.insert(sender);
                (receiver, true)
            }
        }
    }

    /// The read has ended: all who joined it get the outcome.
    pub fn finish(&self, read: Read, now: Stamp, outcome: Outcome) {
        if let Some(sender) = self.lock().remove(&(read, now)) {
            // nobody may be waiting any more
            let _ = sender.send(outcome);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(Read, Stamp), Sender<Outcome>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
