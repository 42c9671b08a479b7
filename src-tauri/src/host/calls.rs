//! A window's call, and the reply that comes once the host has decided.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use lockstep_model::{
    Failure, Figures,
    contract::{
        Answer, CollectionList, CollectionSchema, DiscardRequest, FieldValue, ListPage, MutateReply,
        RowsRequest, Snapshots,
    },
};
use lockstep_sync::host::{Call, Found, Input, Read};
use tokio::sync::oneshot;

use super::{Host, lock};

/// So many documents can be asked for at once.
const ROWS_MOST: usize = 1_000;

/// Calls that wait for their replies.
#[derive(Default)]
pub(super) struct Calls {
    made: AtomicU64,
    reads: Waiting<Result<Found, Failure>>,
    mutations: Waiting<MutateReply>,
    discards: Waiting<Result<(), Failure>>,
}

/// By call; whoever waits may be gone.
pub(super) struct Waiting<T>(Mutex<HashMap<Call, oneshot::Sender<T>>>);

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Waiting<T> {
    fn enter(&self, call: Call) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        lock(&self.0).insert(call, sender);
        receiver
    }

    fn reply(&self, call: Call, reply: T) {
        if let Some(sender) = lock(&self.0).remove(&call) {
            let _ = sender.send(reply);
        }
    }
}

impl Calls {
    fn begin(&self) -> Call {
        Call(self.made.fetch_add(1, Ordering::Relaxed))
    }

    pub fn found(&self, call: Call, found: Result<Found, Failure>) {
        self.reads.reply(call, found);
    }

    pub fn mutated(&self, call: Call, reply: MutateReply) {
        self.mutations.reply(call, reply);
    }

    pub fn discarded(&self, call: Call, result: Result<(), Failure>) {
        self.discards.reply(call, result);
    }
}

impl Host {
    /// The collections of the connection. How many documents each has, comes over the feed.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn collections(&self, label: &str) -> Result<CollectionList, Failure> {
        match self.read(label, Read::Collections).await? {
            Found::Answer(Answer::Collections(list)) => Ok(list),
            other => Err(unexpected(&other)),
        }
    }

    /// Ids in order, and the first documents.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn list(&self, label: &str, read: Read) -> Result<ListPage, Failure> {
        match self.read(label, read).await? {
            Found::Answer(Answer::List(page)) => Ok(page),
            other => Err(unexpected(&other)),
        }
    }

    /// Counts, sums and the like.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn figures(&self, label: &str, read: Read) -> Result<Figures, Failure> {
        match self.read(label, read).await? {
            Found::Answer(Answer::Figures(figures)) => Ok(figures),
            other => Err(unexpected(&other)),
        }
    }

    /// Documents of one collection.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] for more than can be asked for at once, and those of any read.
    pub async fn rows(&self, label: &str, request: RowsRequest) -> Result<Snapshots, Failure> {
        let RowsRequest { namespace, ids } = request;
        if ids.len() > ROWS_MOST {
            let message =
                format!("{} documents were asked for at once; at most {ROWS_MOST} can be", ids.len());
            return Err(Failure::TooLarge { message });
        }
        match self.read(label, Read::Rows(namespace, ids)).await? {
            Found::Rows(documents) => Ok(Snapshots { documents }),
            other => Err(unexpected(&other)),
        }
    }

    /// One document.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn document(&self, label: &str, read: Read) -> Result<Snapshots, Failure> {
        match self.read(label, read).await? {
            Found::Answer(Answer::Document(document)) => Ok(Snapshots { documents: vec![document] }),
            other => Err(unexpected(&other)),
        }
    }

    /// One field of a document.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn field(&self, label: &str, read: Read) -> Result<FieldValue, Failure> {
        match self.read(label, read).await? {
            Found::Answer(Answer::Field(value)) => Ok(value),
            other => Err(unexpected(&other)),
        }
    }

    /// What the documents of a collection are, beside what its validator says.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn schema(&self, label: &str, read: Read) -> Result<CollectionSchema, Failure> {
        match self.read(label, read).await? {
            Found::Answer(Answer::Schema(schema)) => Ok(*schema),
            other => Err(unexpected(&other)),
        }
    }

    async fn read(&self, label: &str, read: Read) -> Result<Found, Failure> {
        let call = self.0.calls.begin();
        let found = self.0.calls.reads.enter(call);
        self.take(Input::Read(call, label.to_owned(), read));
        found.await.map_err(|_| gone())?
    }

    /// Accepts mutations: they are on disk when this returns. A repeated one is accepted once.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the app is ending.
    pub async fn mutate(&self, mutations: Vec<lockstep_model::Mutation>) -> Result<MutateReply, Failure> {
        let call = self.0.calls.begin();
        let reply = self.0.calls.mutations.enter(call);
        self.take(Input::Mutate(call, mutations));
        reply.await.map_err(|_| gone())
    }

    /// Gives up a mutation that failed, or one that waits.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where it has ended or was never here, [`Failure::InvalidInput`] where it is on its way,
    /// [`Failure::Internal`] where the disk refuses.
    pub async fn discard(&self, request: DiscardRequest) -> Result<(), Failure> {
        let call = self.0.calls.begin();
        let reply = self.0.calls.discards.enter(call);
        self.take(Input::Discard(call, request));
        reply.await.map_err(|_| gone())?
    }
}

fn gone() -> Failure {
    Failure::internal("a call ended without a reply: Lockstep is ending")
}

fn unexpected(found: &Found) -> Failure {
    Failure::internal(format!("a read brought something else: {found:?}"))
}
