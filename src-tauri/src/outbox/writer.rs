//! The one thread that writes the outbox, and the handle to it: many callers share one fsync.
//!
//! It keeps what it is given, in the order in which it is given, and decides nothing.

use std::{
    io,
    path::{Path, PathBuf},
};

use lockstep_model::Failure;
use lockstep_sync::outbox::Update;
use tokio::sync::{mpsc, oneshot};

use super::{
    Entry, OutboxError,
    file::{Contents, OutboxFile, Record},
};
use crate::kept;

/// At most so many requests go into one fsync, so that none waits for an endless batch.
const BATCH: usize = 1_024;

/// The handle to the outbox. Cheap to clone; the file closes after the last one.
#[derive(Clone)]
pub struct Outbox {
    requests: mpsc::UnboundedSender<Request>,
}

/// An outbox that has just been opened.
pub struct Opened {
    /// The handle.
    pub outbox: Outbox,
    /// What it held, in order.
    pub entries: Vec<Entry>,
    /// The least number that no mutation has had.
    pub next_number: u64,
    /// Where a damaged file was put aside; the outbox is then empty.
    pub damaged: Option<PathBuf>,
}

type Reply = oneshot::Sender<Result<(), Failure>>;

enum Request {
    Record(Vec<Update>, Reply),
    Close(oneshot::Sender<()>),
}

impl Outbox {
    /// Opens the file, or makes it. Blocks while it reads; belongs to the start of the host.
    ///
    /// A damaged file is renamed to `….damaged-N` and reported in [`Opened::damaged`].
    ///
    /// # Errors
    /// As [`OutboxError`] says; the file is then untouched.
    pub fn open(path: &Path) -> Result<Opened, OutboxError> {
        let (file, Contents { entries, next_number, damaged }) = OutboxFile::open(path)?;
        let (requests, inbox) = mpsc::unbounded_channel();
        std::thread::Builder::new()
            .name("outbox".into())
            .spawn(move || Writer { file, next_number }.run(inbox))
            .map_err(|error| OutboxError::Disk(path.to_owned(), error))?;
        Ok(Opened { outbox: Self { requests }, entries, next_number, damaged })
    }

    /// Makes the updates, all or none; the future resolves once they are on disk. They are written in the order of the
    /// calls, whenever the futures are waited for.
    ///
    /// What belongs together goes in one call: a settlement, and what it makes of the mutations that follow.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] where BSON refuses; all is then as before. [`Failure::Internal`] where the disk does: an fsync that
    /// reports an error may have written all the same, so whoever asked says next what is to be there.
    pub fn record(&self, updates: Vec<Update>) -> impl Future<Output = Result<(), Failure>> + Send + use<> {
        let closed = || Failure::internal("the outbox is closed: Lockstep is ending");
        let (reply, answer) = oneshot::channel();
        let sent = self.requests.send(Request::Record(updates, reply));
        async move {
            sent.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        }
    }

    /// Writes what was asked for before, and closes the file for all handles.
    pub async fn close(self) {
        let (reply, closed) = oneshot::channel();
        // Where the writer is gone already, the file is closed.
        if self.requests.send(Request::Close(reply)).is_ok() {
            let _ = closed.await;
        }
    }
}

struct Writer {
    file: OutboxFile,
    next_number: u64,
}

impl Writer {
    fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Request>) {
        let mut batch = Vec::new();
        while inbox.blocking_recv_many(&mut batch, BATCH) > 0 {
            if let Some(closed) = self.write(batch.drain(..)) {
                drop(self);
                let _ = closed.send(());
                return;
            }
        }
    }

    /// Writes a batch with one fsync and answers; returns who waits for the end.
    fn write(&mut self, batch: impl Iterator<Item = Request>) -> Option<oneshot::Sender<()>> {
        let (mut records, mut replies, mut new) = (Vec::new(), Vec::new(), Vec::new());
        let mut closing = None;
        for request in batch {
            match request {
                Request::Record(updates, reply) => {
                    match updates.iter().map(encode).collect::<Result<Vec<_>, _>>() {
                        Ok(encoded) => {
                            records.extend(encoded);
                            new.extend(updates.iter().filter_map(new_number));
                            replies.push(reply);
                        }
                        Err(error) => drop(reply.send(Err(too_large(&error)))),
                    }
                }
                Request::Close(reply) => {
                    closing = Some(reply);
                    break;
                }
            }
        }
        let outcome = self.commit(&records, &new);
        for reply in replies {
            // Nobody may be waiting any more; what is written is written.
            let _ = reply.send(outcome.clone());
        }
        closing
    }

    fn commit(&mut self, records: &[Record], new: &[u64]) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        self.next_number = new.iter().map(|number| number + 1).fold(self.next_number, u64::max);
        self.file.commit(records, self.next_number).map_err(|error| refused(self.file.path(), &error))
    }
}

fn encode(update: &Update) -> Result<Record, bson::error::Error> {
    Ok(match update {
        Update::State(number, state) => Record::State(*number, kept::to_bytes(state)?),
        Update::New(number, mutation) | Update::Rewritten(number, mutation) => {
            Record::Mutation(*number, kept::to_bytes(mutation)?)
        }
        Update::Gone(number) => Record::Gone(*number),
    })
}

fn new_number(update: &Update) -> Option<u64> {
    match update {
        Update::New(number, _) => Some(*number),
        Update::State(..) | Update::Rewritten(..) | Update::Gone(_) => None,
    }
}

fn too_large(error: &bson::error::Error) -> Failure {
    Failure::TooLarge { message: format!("the edit is too large for the outbox: {error}") }
}

fn refused(path: &Path, error: &redb::Error) -> Failure {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let reason = match error {
        redb::Error::Io(error) if matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge) => {
            "the disk is full: make room and try again".to_owned()
        }
        other => other.to_string(),
    };
    Failure::internal(format!(
        "the edit was not accepted, since the outbox {} cannot be written: {reason}",
        path.display()
    ))
}
