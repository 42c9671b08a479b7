//! The one thread that writes the outbox, and the handle to it: many callers share one fsync.
//!
//! It keeps what it is given, in the order in which it is given, and decides nothing.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use lockstep_model::{Failure, Mutation, MutationId};
use tokio::sync::{mpsc, oneshot};

use super::{
    Entry, OutboxError, Update,
    file::{Contents, OutboxFile, Record, encode_mutation, encode_state},
};

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
    /// Where a damaged file was put aside; the outbox is then empty.
    pub damaged: Option<PathBuf>,
}

type Reply<T> = oneshot::Sender<Result<T, Failure>>;

enum Request {
    Append(Vec<Mutation>, Reply<Vec<u64>>),
    Record(Vec<Update>, Reply<()>),
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
        let known = entries.iter().map(|entry| (entry.mutation.id, entry.number)).collect();
        let (requests, inbox) = mpsc::unbounded_channel();
        std::thread::Builder::new()
            .name("outbox".into())
            .spawn(move || Writer { file, known, next_number, refused: Vec::new() }.run(inbox))
            .map_err(|error| OutboxError::Disk(path.to_owned(), error))?;
        Ok(Opened { outbox: Self { requests }, entries, damaged })
    }

    /// Accepts the mutations, all or none, and returns their numbers once they are on disk.
    ///
    /// A mutation that was accepted before, by this process or still in the file, keeps its number.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the disk refuses, [`Failure::TooLarge`] where BSON does; then none is accepted.
    pub async fn append(&self, mutations: Vec<Mutation>) -> Result<Vec<u64>, Failure> {
        self.ask(|reply| Request::Append(mutations, reply)).await
    }

    /// Makes the updates, all or none, and returns once they are on disk.
    ///
    /// What belongs together goes in one call: a settlement, and what it makes of the mutations that follow.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the disk refuses, [`Failure::TooLarge`] where BSON does; all is then as before.
    pub async fn record(&self, updates: Vec<Update>) -> Result<(), Failure> {
        self.ask(|reply| Request::Record(updates, reply)).await
    }

    /// Writes what was asked for before, and closes the file for all handles.
    pub async fn close(self) {
        let (reply, closed) = oneshot::channel();
        // Where the writer is gone already, the file is closed.
        if self.requests.send(Request::Close(reply)).is_ok() {
            let _ = closed.await;
        }
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, Failure> {
        let closed = || Failure::internal("the outbox is closed: Lockstep is ending");
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

struct Writer {
    file: OutboxFile,
    /// Every mutation that the file held or that was accepted since, settled ones too: Tauri may repeat a command whose
    /// answer got lost, and what has been applied must not be accepted again.
    known: HashMap<MutationId, u64>,
    next_number: u64,
    /// Numbers of mutations whose write failed: an fsync that reports an error may have written all the same, so the
    /// next one takes them out again.
    refused: Vec<u64>,
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
        let (mut records, mut replies, mut accepted) = (Vec::new(), Vec::new(), Vec::new());
        let mut closing = None;
        for request in batch {
            match request {
                Request::Append(mutations, reply) => {
                    match self.stage(&mutations, &mut records, &mut accepted) {
                        Ok(numbers) => replies.push(Answer::Numbers(reply, numbers)),
                        Err(failure) => drop(reply.send(Err(failure))),
                    }
                }
                Request::Record(updates, reply) => {
                    match updates.iter().map(encode).collect::<Result<Vec<_>, _>>() {
                        Ok(encoded) => {
                            records.extend(encoded);
                            replies.push(Answer::Done(reply));
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
        let outcome = self.commit(records);
        if outcome.is_err() {
            self.refused.extend(accepted.iter().filter_map(|id| self.known.remove(id)));
        }
        for reply in replies {
            // Nobody may be waiting any more; what is written is written.
            match reply {
                Answer::Numbers(reply, numbers) => drop(reply.send(outcome.clone().map(|()| numbers))),
                Answer::Done(reply) => drop(reply.send(outcome.clone())),
            }
        }
        closing
    }

    fn commit(&mut self, mut records: Vec<Record>) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        records.extend(self.refused.iter().copied().map(Record::Gone));
        self.file.commit(&records, self.next_number).map_err(|error| refused(self.file.path(), &error))?;
        self.refused.clear();
        Ok(())
    }

    /// Gives numbers to the mutations of one request, all or none.
    fn stage(
        &mut self,
        mutations: &[Mutation],
        records: &mut Vec<Record>,
        accepted: &mut Vec<MutationId>,
    ) -> Result<Vec<u64>, Failure> {
        let encoded: Result<Vec<_>, _> = mutations.iter().map(encode_mutation).collect();
        let encoded = encoded.map_err(|error| too_large(&error))?;
        let numbers = mutations.iter().zip(encoded).map(|(mutation, bytes)| {
            *self.known.entry(mutation.id).or_insert_with(|| {
                let number = self.next_number;
                self.next_number += 1;
                records.push(Record::Mutation(number, bytes));
                accepted.push(mutation.id);
                number
            })
        });
        Ok(numbers.collect())
    }
}

enum Answer {
    Numbers(Reply<Vec<u64>>, Vec<u64>),
    Done(Reply<()>),
}

fn encode(update: &Update) -> Result<Record, bson::error::Error> {
    Ok(match update {
        Update::State(number, state) => Record::State(*number, encode_state(state)?),
        Update::Rewritten(number, mutation) => Record::Mutation(*number, encode_mutation(mutation)?),
        Update::Gone(number) => Record::Gone(*number),
    })
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
