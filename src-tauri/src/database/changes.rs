//! What anybody changes in a database, as it happens: one change stream for each watched database.
//!
//! It tells which documents changed, not how: an event with the document inside would be over 16 MB for a large one, and
//! end the stream. Whoever watches reads the document.

use std::time::Duration;

use bson::{RawDocumentBuf, Timestamp, doc};
use lockstep_model::{ClusterTime, DocumentId, Failure, Namespace, Value};
use lockstep_sync::host::ChangeKind;
use mongodb::{
    change_stream::{ChangeStream, event::ResumeToken},
    error::{Error, ErrorKind},
};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::{Database, Topology};

/// A change may become visible after a later one: so long after it has its time, at most, and so much of what was there
/// before a stream begins is told again.
const UNCOMMITTED_SECONDS: u32 = 2;

/// How long the server holds a request for which there is no event yet.
const AWAIT: Duration = Duration::from_millis(500);
/// Events in one reply of the server, at most: a flood is through sooner than by the server's own 101.
const BATCH: u32 = 5_000;
const BACKOFF_FIRST: Duration = Duration::from_millis(200);
const BACKOFF_MOST: Duration = Duration::from_secs(5);
/// Items that nobody has taken yet; then the stream waits, and the server keeps the rest.
const BUFFER: usize = 1_024;

/// `Location40573`: not a replica set. `Unauthorized`, `CommandNotSupported`: not for us.
pub(super) const NEVER: [i32; 3] = [40573, 13, 115];
/// `ChangeStreamFatalError`, `ChangeStreamHistoryLost`, `InvalidResumeToken`, `CappedPositionLost`.
pub(super) const LOST: [i32; 4] = [280, 286, 260, 136];

/// One item of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeItem {
    /// The stream stands. No change is missed from here on, and none since the last item either, unless [`Lost`] says so.
    ///
    /// [`Lost`]: ChangeItem::Lost
    Live,
    /// A document changed.
    Change(Change),
    /// Changes may have been missed, or a collection came or went: everything of it is to be read again.
    Lost {
        /// Which collection; `None` is the whole database.
        namespace: Option<Namespace>,
    },
    /// The stream is broken; it is being opened again.
    Down(Failure),
    /// There is none to be had here, ever. The last item.
    Unsupported(Failure),
}

/// A document that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which one.
    pub id: DocumentId,
    /// When.
    pub time: ClusterTime,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// The stream of changes. It ends when this is dropped.
#[derive(Debug)]
pub struct Changes(mpsc::Receiver<ChangeItem>);

impl Changes {
    /// The next item; `None` after [`ChangeItem::Unsupported`].
    pub async fn next(&mut self) -> Option<ChangeItem> {
        self.0.recv().await
    }
}

impl Database {
    /// Watches all collections of a database, from the time on at which this connection was opened: so whatever was read
    /// over it is covered, at the price that changes from before the reads are told too.
    pub fn watch(&self, database: &str) -> Changes {
        let (items, receiver) = mpsc::channel(BUFFER);
        let from = Start::Time(self.opened_at());
        let watch = Watch { database: self.clone(), name: database.to_owned(), from, items };
        tokio::spawn(watch.run());
        Changes(receiver)
    }
}

/// Where a stream begins.
enum Start {
    Time(ClusterTime),
    Token(ResumeToken),
}

/// Why a stream ended.
enum End {
    /// Nobody listens any more.
    Dropped,
    /// It cannot go on from where it was.
    Lost,
    Broken(Error),
}

struct Watch {
    database: Database,
    name: String,
    from: Start,
    items: mpsc::Sender<ChangeItem>,
}

impl Watch {
    async fn run(mut self) {
        if self.database.topology() == Topology::Standalone {
            let message = "a standalone server has no change streams".to_owned();
            let _ = self.tell(ChangeItem::Unsupported(Failure::InvalidInput { message })).await;
            return;
        }
        let mut backoff = BACKOFF_FIRST;
        loop {
            let item = match self.follow(&mut backoff).await {
                End::Dropped => return,
                End::Lost => self.begin_anew(),
                End::Broken(error) if code(&error).is_some_and(|code| LOST.contains(&code)) => {
                    self.begin_anew()
                }
                End::Broken(error) => {
                    let failure = self.database.failure(&format!("watching {}", self.name), &error);
                    if code(&error).is_some_and(|code| NEVER.contains(&code)) {
                        let _ = self.tell(ChangeItem::Unsupported(failure)).await;
                        return;
                    }
                    ChangeItem::Down(failure)
                }
            };
            if self.tell(item).await.is_err() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(backoff) => backoff = (backoff * 2).min(BACKOFF_MOST),
                () = self.items.closed() => return,
            }
        }
    }

    fn begin_anew(&mut self) -> ChangeItem {
        self.from = Start::Time(self.database.seen());
        ChangeItem::Lost { namespace: None }
    }

    /// Opens the stream and passes its events on, until it ends.
    async fn follow(&mut self, backoff: &mut Duration) -> End {
        let mut stream = match self.open().await {
            Ok(stream) => stream,
            Err(error) => return End::Broken(error),
        };
        if self.tell(ChangeItem::Live).await.is_err() {
            return End::Dropped;
        }
        loop {
            let event = match stream.next_if_any().await {
                Ok(event) => event,
                Err(error) => return End::Broken(error),
            };
            *backoff = BACKOFF_FIRST;
            if self.items.is_closed() {
                return End::Dropped;
            }
            if let Some(event) = event {
                let at = ClusterTime::from(event.cluster_time);
                self.database.clock().saw(at);
                if event.operation == "invalidate" {
                    return End::Lost;
                }
                if let Some(item) = event.item(at)
                    && self.tell(item).await.is_err()
                {
                    return End::Dropped;
                }
            }
            // Only after the event was passed on: a break in between repeats it, which harms nobody.
            if let Some(token) = stream.resume_token() {
                self.from = Start::Token(token);
            }
            if !stream.is_alive() {
                return End::Lost;
            }
        }
    }

    async fn open(&self) -> Result<ChangeStream<Event>, Error> {
        let fields = doc! { "operationType": 1, "ns": 1, "documentKey": 1, "clusterTime": 1 };
        let database = self.database.client().database(&self.name);
        let watch =
            database.watch().pipeline([doc! { "$project": fields }]).max_await_time(AWAIT).batch_size(BATCH);
        let watch = match &self.from {
            Start::Time(time) if *time == ClusterTime::ZERO => watch,
            Start::Time(time) => watch.start_at_operation_time(time.back(UNCOMMITTED_SECONDS).into()),
            Start::Token(token) => watch.start_after(token.clone()),
        };
        Ok(watch.await?.with_type())
    }

    async fn tell(&self, item: ChangeItem) -> Result<(), mpsc::error::SendError<ChangeItem>> {
        self.items.send(item).await
    }
}

/// An event as it is projected; the driver reads the `_id`, its resume token, by itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(rename = "operationType")]
    operation: String,
    ns: Option<EventNamespace>,
    document_key: Option<RawDocumentBuf>,
    cluster_time: Timestamp,
}

#[derive(Deserialize)]
struct EventNamespace {
    db: String,
    coll: Option<String>,
}

impl Event {
    fn item(&self, time: ClusterTime) -> Option<ChangeItem> {
        let namespace = self.ns.as_ref().and_then(|ns| Some(Namespace::new(&ns.db, ns.coll.as_deref()?)));
        let kind = match self.operation.as_str() {
            "insert" => ChangeKind::Inserted,
            "update" | "replace" => ChangeKind::Updated,
            "delete" => ChangeKind::Deleted,
            "drop" => return Some(ChangeItem::Lost { namespace }),
            // A rename touches two collections, a dropped database all of them, and what is not known yet, who knows.
            _ => return Some(ChangeItem::Lost { namespace: None }),
        };
        let id = self.document_key.as_ref()?.get("_id").ok()??;
        let id = DocumentId { namespace: namespace?, id: Value::from_ref(id) };
        Some(ChangeItem::Change(Change { id, time, kind }))
    }
}

pub(super) fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(error) => Some(error.code),
        _ => None,
    }
}
