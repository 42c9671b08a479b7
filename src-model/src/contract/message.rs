//! What goes in and out of the commands.

use std::{sync::Arc, time::Duration};

use bson::{RawDocument, RawDocumentBuf};
use serde::{Deserialize, Serialize};

use super::{
    feed::{Boot, FeedBatch, PendingLayer, Review, SyncStatus},
    schema::CollectionSchema,
    tabs::Tabs,
    transfer::JobList,
};
use crate::{
    DocumentId, Failure, Figures, FiguresQuery, Key, ListQuery, Mutation, MutationId, Namespace, Stamp,
    Value, Workspace, mutation::Snapshot, wire,
};

/// A request or a reply without content.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nothing {}

/// A window listens, and wants to begin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachRequest {
    /// Which of the pages that were loaded in the window, counted up.
    pub page: u32,
}

/// Whether the window can begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachReply {
    /// It has begun.
    Attached(Box<Attached>),
    /// A page of this greater number has begun already: this one is gone, or has counted wrong.
    Outdated(u32),
}

/// What a window needs to begin, or to begin again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attached {
    /// Which run of the host.
    pub boot: Boot,
    /// The feed's number that the rest of this reply is at: older entries are in it.
    pub seq: u64,
    /// What the window shows.
    pub tabs: Tabs,
    /// All mutations that are not settled.
    pub pending: Vec<PendingLayer>,
    /// The greatest number that the outbox has given: a mutation below it that is not pending has ended.
    pub numbered: u64,
    /// All failed mutations that nobody decided on.
    pub reviews: Vec<Review>,
    /// What the host already knows of what the window will ask for.
    pub first: Vec<(Key, Answer)>,
    /// What the disk has of the rest of that, from earlier.
    pub cached: Vec<CachedAnswer>,
    /// How host and database stand to each other.
    pub status: SyncStatus,
}

/// An answer that was kept on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedAnswer {
    /// To what.
    pub key: Key,
    /// As it was then.
    pub answer: Answer,
    /// How long ago that was.
    pub age: Duration,
}

/// Keys that a window watches, and keys that it no longer does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watching {
    /// Which page of the window says so, as in its [`AttachRequest`].
    pub page: u32,
    /// Watched from now on, or at another interval than before: `None` is at none, for what changes by itself.
    pub added: Vec<(Key, Option<Duration>)>,
    /// No longer watched.
    pub removed: Vec<Key>,
}

/// A point in a window's feed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Since {
    /// Which run of the host.
    pub boot: Boot,
    /// The last number that the window has applied.
    pub seq: u64,
}

/// The feed from a point on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// All entries since.
    Batch(FeedBatch),
    /// They are no longer kept: attach again, and fetch again what is watched.
    Resync,
}

/// A window is shown no smaller than this, and no larger, in percent.
pub const ZOOM_LEAST: u16 = 50;
/// See [`ZOOM_LEAST`].
pub const ZOOM_MOST: u16 = 300;

/// How large a window is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoomRequest {
    /// In percent, from [`ZOOM_LEAST`] to [`ZOOM_MOST`].
    pub percent: u16,
}

/// Where the code of a window's page is out of order. Not what happened there: a log holds no values of documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultyPlace {
    /// A file and its line.
    pub place: String,
}

/// Which window now shows the view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Its label.
    pub label: String,
}

/// The collections of the connection, sorted by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionList {
    /// All that the user may see, but the server's own.
    pub collections: Vec<Collection>,
    /// When they were read.
    pub stamp: Stamp,
}

/// One collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Its full name.
    pub namespace: Namespace,
    /// How many documents, estimated; `None` for a view.
    pub count: Option<u64>,
    /// Its validator, as the database keeps it.
    #[serde(with = "wire::optional")]
    pub validator: Option<RawDocumentBuf>,
    /// Why it cannot be written, if so: a view, a time series.
    pub read_only: Option<String>,
}

/// Asks for ids in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListRequest {
    /// Of which collection.
    pub namespace: Namespace,
    /// Which, and in which order.
    pub query: ListQuery,
    /// How many documents of that order to leave out at its beginning: 0, or what [`ListPage::next`] said.
    pub skip: u64,
    /// How many of the first documents to send along.
    pub first: u32,
    /// At most so many ids; `None` is: as many as a page has, [`LIST_MOST_IDS`].
    pub most: Option<u32>,
}

/// A list brings at most so many ids at once.
pub const LIST_MOST_IDS: usize = 100_000;

/// A page of a list begins with so many ids of the page before it. What is deleted between the two reads moves those behind
/// it forward: up to so many deletions cost no row.
pub const LIST_OVERLAP: usize = 1000;

/// So many documents come with a list: what a large screen shows, and some more.
pub const LIST_FIRST_DOCUMENTS: u32 = 120;

/// Ids in order, and the first documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListPage {
    /// `_id` and sort fields of each document, in order.
    pub items: ListItems,
    /// The first documents.
    pub first: Vec<Snapshot>,
    /// What to skip for the page behind this one; `None` where it is the last.
    pub next: Option<u64>,
    /// When the read was sent.
    pub stamp: Stamp,
}

/// Documents one behind the other, in one piece: ten thousand small ones cost one allocation and no decoding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ListItems(#[serde(with = "serde_bytes")] Vec<u8>);

impl ListItems {
    /// Adds one at the end.
    pub fn push(&mut self, document: &RawDocument) {
        self.0.extend_from_slice(document.as_bytes());
    }

    /// Each document, in order. Ends early at bytes that are no document.
    pub fn iter(&self) -> impl Iterator<Item = &RawDocument> {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let length = usize::try_from(i32::from_le_bytes(*rest.first_chunk()?)).ok()?;
            let (document, behind) = rest.split_at_checked(length)?;
            rest = behind;
            RawDocument::from_bytes(document).ok()
        })
    }
}

/// Asks for figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiguresRequest {
    /// Of which collection.
    pub namespace: Namespace,
    /// Which, of which documents, in which groups.
    pub query: FiguresQuery,
}

/// Asks for documents of one collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowsRequest {
    /// Of which collection.
    pub namespace: Namespace,
    /// Their `_id`s, at most 1,000.
    pub ids: Vec<Value>,
}

/// Documents as they were read: one for each id that was asked for, missing ones too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshots {
    /// In the order of the ids.
    pub documents: Vec<Snapshot>,
}

/// Where the outbox was written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// So many edits are in it.
    pub count: u32,
}

/// Has the simulated colleague edit at that rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleagueRequest {
    /// So many times a second; 0 ends it.
    pub per_second: u32,
}

/// Asks for one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRequest {
    /// Which one.
    pub id: DocumentId,
}

/// Asks for one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldRequest {
    /// Of which document.
    pub id: DocumentId,
    /// The top-level field.
    pub field: Arc<str>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Its value; an absent one is missing in the database.
    pub value: Option<Value>,
    /// When the read was sent.
    pub stamp: Stamp,
}

/// What a fetch of a key brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// For [`Key::Collections`].
    Collections(CollectionList),
    /// For [`Key::List`].
    List(ListPage),
    /// For [`Key::Figures`].
    Figures(Figures),
    /// For [`Key::Document`].
    Document(Snapshot),
    /// For [`Key::Field`].
    Field(FieldValue),
    /// For [`Key::Status`].
    Status(SyncStatus),
    /// For [`Key::Workspace`].
    Workspace(Workspace),
    /// For [`Key::Jobs`].
    Jobs(JobList),
    /// For [`Key::Schema`].
    Schema(Box<CollectionSchema>),
}

/// Mutations to accept, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MutateRequest {
    /// The mutations. Sending one twice accepts it once.
    pub mutations: Vec<Mutation>,
}

/// What became of each mutation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MutateReply {
    /// In the order of the request.
    pub results: Vec<Acceptance>,
}

/// Whether the outbox holds a mutation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// It is on disk, with this number, and never lost from here on.
    Accepted(u64),
    /// It is not, and nothing happened.
    Refused(Failure),
}

/// Names a mutation that failed or waits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiscardRequest {
    /// Which one.
    pub mutation: MutationId,
    /// Not if a part of it may be in the database, unless it has failed.
    pub only_unsent: bool,
}
