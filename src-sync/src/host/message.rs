//! What happens to a host, and what it asks its shell for.
//!
//! Not how it is done: each effect says which input answers it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use lockstep_model::{
    ClusterTime, DocumentId, Edit, Failure, FiguresQuery, Key, Mutation, Namespace, Value, Workspace,
    contract::{
        Answer, Colleague, DiscardRequest, Disturbance, JobList, ListRequest, MutateReply, SchemaRequest,
        Watching,
    },
    mutation::Snapshot,
};

use crate::{hub::Label, outbox::Update};

/// When something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// On the shell's clock, since any fixed start.
    pub at: Duration,
    /// The greatest time of the database that the shell has heard of so far.
    pub seen: ClusterTime,
}

/// Names a window's call, so that its reply finds back. The shell makes it, and never twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Call(pub u64);

/// Names a read under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReadId(pub(super) u64);

/// Names what is being written to disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub(super) u64);

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Read {
    /// The collections of the connection.
    Collections,
    /// Ids in order, and the first documents.
    List(ListRequest),
    /// Counts, sums and the like, by group.
    Figures(Namespace, FiguresQuery),
    /// Documents of one collection.
    Rows(Namespace, Vec<Value>),
    /// One document.
    Document(DocumentId),
    /// One field of a document.
    Field(DocumentId, Arc<str>),
    /// What a sample of documents is, and what the validator says.
    Schema(SchemaRequest),
}

/// What came.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The answer to a key.
    Answer(Answer),
    /// Documents, in the order in which they were asked for.
    Rows(Vec<Snapshot>),
}

/// What became of one edit that was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum WriteOutcome {
    /// The database has it.
    Committed {
        /// The document as it now is.
        after: Snapshot,
        /// No earlier than the change of it; zero where it was there already, or the database has no time.
        at: ClusterTime,
    },
    /// It did not happen: a rejection, a conflict, or a right that is missing.
    Failed {
        /// Why.
        failure: Failure,
        /// The document as it is instead, where that was read.
        current: Option<Snapshot>,
    },
    /// The server could not be reached, and nothing was changed: it can be sent again.
    Unreachable(Failure),
    /// It was sent, and no answer came: what became of it has to be [asked](Effect::Probe).
    Unknown(Failure),
}

/// What the database tells of an edit whose answer got lost.
#[derive(Clone, Debug, PartialEq)]
pub enum Probe {
    /// It was applied. Here is the document as it now is.
    Applied(Snapshot),
    /// It was not: it can be sent again.
    NotApplied,
    /// Nobody knows any more: a person has to look at the document as it now is.
    CannotTell(Snapshot),
}

/// What happened to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Inserted,
    /// It has other content.
    Updated,
    /// It is gone.
    Deleted,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A window asks; [`Effect::Answer`] replies.
    Read(Call, Label, Read),
    /// What [`Effect::Read`] asked for.
    Found(ReadId, Result<Found, Failure>),
    /// Windows that are about to open will ask for these.
    Ahead(Vec<Key>),
    /// What [`Effect::Count`] asked for, where it could be had.
    Counted(HashMap<Namespace, u64>),
    /// A window sends mutations; [`Effect::Mutated`] replies.
    Mutate(Call, Vec<Mutation>),
    /// A person gives up a mutation that failed or waits; [`Effect::Discarded`] replies.
    Discard(Call, DiscardRequest),
    /// The disk has taken what [`Effect::Record`] asked for, or not.
    Recorded(RecordId, Result<(), Failure>),
    /// What became of the edits of [`Effect::Write`].
    Written(u64, Vec<(usize, WriteOutcome)>),
    /// What became of the edits of [`Effect::Probe`].
    Probed(u64, Vec<(usize, Result<Probe, Failure>)>),
    /// A window watches other keys than before.
    Watch(Label, Watching),
    /// A window has gone.
    Close(Label),
    /// What a person keeps is this from now on.
    Workspace(Workspace),
    /// Somebody changed a document.
    Changed(DocumentId, ClusterTime, ChangeKind),
    /// Changes may have been missed: of a collection, or of all.
    Lost(Option<Namespace>),
    /// The answer to this key may have changed.
    Invalidate(Key),
    /// The changes of this database cannot be followed: what is watched of it has to be asked for again and again.
    Unfollowed(String),
    /// A database is open, in the place of any before; the second says whether its changes can be followed.
    Connected(bool),
    /// The server answers, or it does not and why; and when it last did, in milliseconds since 1970.
    Reachable(Option<String>, Option<i64>),
    /// What a person calls the connection, and whether what destroys has to be confirmed there.
    Server(String, bool),
    /// Something stands in the way of the connection.
    Trouble(Failure),
    /// This trouble is made on purpose from now on: all windows say so.
    Disturbed(Disturbance),
    /// Why nothing may be written over the connection, if so.
    ReadOnly(Option<String>),
    /// The simulated colleague does that now.
    Colleague(Colleague),
    /// The imports and exports are so now.
    Jobs(JobList),
    /// Something has to be done before the first connection, and takes a while.
    Preparing(String),
    /// The app gained or lost the focus.
    Focus(bool),
    /// The time of [`Effect::Wake`] has come.
    Wake,
}

/// Something to carry out.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read this, and answer with [`Input::Found`].
    Read(ReadId, Read),
    /// The reply to [`Input::Read`], of all who asked for the same.
    Answer(Vec<Call>, Result<Found, Failure>),
    /// Estimate how many documents these collections have, and answer with [`Input::Counted`].
    Count(Vec<Namespace>),
    /// Write this to disk, all or nothing, after what was asked before, and answer with [`Input::Recorded`].
    Record(RecordId, Vec<Update>),
    /// The reply to [`Input::Mutate`].
    Mutated(Call, MutateReply),
    /// The reply to [`Input::Discard`].
    Discarded(Call, Result<(), Failure>),
    /// Write these edits of a mutation to the database, each with its place in it, and answer with [`Input::Written`].
    Write(u64, Vec<(usize, Edit)>),
    /// Find out what became of these edits, which may have been sent since that time, and answer with
    /// [`Input::Probed`].
    Probe(u64, ClusterTime, Vec<(usize, Edit)>),
    /// Follow the changes of this database: [`Input::Changed`], [`Input::Lost`] or [`Input::Unfollowed`].
    Follow(String),
    /// Keep these answers on disk, for windows that open before the database answers. They may be lost.
    Cache(Vec<(Key, Answer)>),
    /// Something waits for windows: take it with [`Host::drain`](super::Host::drain).
    Ring,
    /// Give [`Input::Wake`] at that time, instead of at any named before.
    Wake(Duration),
}
