//! Intents to change documents, and how they end.
//!
//! A mutation is data, never a closure, and made of idempotent assignments, never of increments: applying it twice is
//! applying it once. Its id is made in the window, so that every later message can name it.

use std::sync::Arc;

use bson::RawDocumentBuf;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Document, DocumentId, Failure, Path, Revision, Stamp, Value, wire};

/// A mutation's name, made at random in the window that makes the mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MutationId(pub bson::Uuid);

impl Serialize for MutationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bytes::serialize(&self.0.bytes(), serializer)
    }
}

impl<'de> Deserialize<'de> for MutationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_bytes::deserialize(deserializer).map(|bytes| Self(bson::Uuid::from_bytes(bytes)))
    }
}

/// One mutation has at most so many edits.
pub const EDITS_MOST: usize = 10_000;

/// What a person did at once: it is laid, settled and undone as one.
///
/// It is not atomic in the database: each edit has its own [`Outcome`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mutation {
    /// Its name.
    pub id: MutationId,
    /// What happens to each document; at least one edit, [`EDITS_MOST`] at most, and no document twice.
    pub edits: Vec<Edit>,
    /// What the person typed to confirm it, where they were asked: the collection's name.
    #[serde(default)]
    pub confirmation: Option<Arc<str>>,
}

/// What happens to one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// The document; for an insert, its `_id` was made in the window.
    pub document: DocumentId,
    /// What happens to it.
    pub action: Action,
}

/// Insert, update or delete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The whole new document, its `_id` included.
    Insert(#[serde(with = "wire")] RawDocumentBuf),
    /// Assignments to fields; at least one, and none of them overlap.
    Update(Vec<Change>),
    /// The document goes, provided that it is still the one that was seen.
    Delete {
        /// The document as the editor showed it.
        seen: Seen,
    },
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Where.
    pub path: Path,
    /// What the field becomes; `None` removes it.
    pub target: Option<Value>,
    /// What the editor showed when it opened on the field.
    pub expected: Expectation,
}

/// What the editor showed when it opened on a field: the write goes through only over that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// A value of the database; `None` means that the field was missing.
    Value(Option<Value>),
    /// The still pending value of that mutation.
    After(MutationId),
}

/// Which content of a document a person saw and decided to delete.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// As the database had it.
    Revision(Revision),
    /// With that still pending mutation on it.
    After(MutationId),
}

/// How one edit ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The database has it.
    Committed,
    /// It did not happen, and the person decides what becomes of it: a rejection or a conflict.
    Failed(Failure),
}

/// A mutation's end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settlement {
    /// Which mutation.
    pub mutation: MutationId,
    /// One for each edit, in their order.
    pub outcomes: Vec<Outcome>,
    /// What of the mutation did not happen, where a part of it did: what a person has to decide on.
    pub failed: Option<Mutation>,
    /// The touched documents as the database now has them, where that is known; `None` is: deleted.
    pub documents: Vec<Snapshot>,
}

/// A document as the database had it at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Which document.
    pub id: DocumentId,
    /// Its content, `None` where there is no such document.
    pub document: Option<Document>,
    /// When.
    pub stamp: Stamp,
}

impl Mutation {
    /// One that nobody was asked to confirm.
    pub fn new(id: MutationId, edits: Vec<Edit>) -> Self {
        Self { id, edits, confirmation: None }
    }

    /// Whether it takes away what cannot be typed in again: a production database asks before.
    pub fn is_destructive(&self) -> bool {
        self.edits.iter().any(|edit| matches!(edit.action, Action::Delete { .. }))
    }

    /// Whether the person has typed the name of every collection that it touches.
    pub fn is_confirmed(&self) -> bool {
        self.confirmation
            .as_ref()
            .is_some_and(|typed| self.touches().all(|document| document.namespace.collection == *typed))
    }

    /// The documents that it changes.
    pub fn touches(&self) -> impl Iterator<Item = &DocumentId> {
        self.edits.iter().map(|edit| &edit.document)
    }

    /// What it does to one document.
    pub fn edit(&self, document: &DocumentId) -> Option<&Edit> {
        // The ids first: all of a batch are mostly of one collection.
        let is_it = |other: &DocumentId| other.id == document.id && other.namespace == document.namespace;
        self.edits.iter().find(|edit| is_it(&edit.document))
    }
}

impl Settlement {
    /// The end of a mutation whose edits ended so, in their order.
    pub fn of(mutation: &Mutation, outcomes: Vec<Outcome>, documents: Vec<Snapshot>) -> Self {
        let failed = mutation.edits.iter().zip(&outcomes);
        let failed: Vec<_> = failed
            .filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
            .map(|(edit, _)| edit.clone())
            .collect();
        let in_part = !failed.is_empty() && failed.len() < outcomes.len();
        let failed = in_part.then(|| Mutation { edits: failed, ..mutation.clone() });
        Self { mutation: mutation.id, outcomes, failed, documents }
    }

    /// Whether every edit is in the database.
    pub fn committed(&self) -> bool {
        self.outcomes.iter().all(|outcome| *outcome == Outcome::Committed)
    }

    /// Why what failed of it did, if anything.
    pub fn failure(&self) -> Option<Failure> {
        let mut failures: Vec<_> = self
            .outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Committed => None,
                Outcome::Failed(failure) => Some(failure.clone()),
            })
            .collect();
        match failures.len() {
            0 | 1 => failures.pop(),
            _ => Some(Failure::Several { failures }),
        }
    }
}
