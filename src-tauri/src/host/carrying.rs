//! Each effect of the host, carried out.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use lockstep_model::{Edit, Failure, contract::Answer};
use lockstep_sync::host::{Effect, Found, Input, Read};
use tokio::{sync::Semaphore, task::JoinSet};

use super::{Host, lock};
use crate::database::Database;

/// So many edits of one mutation are on their way at once: a connection for each would crowd out what others do.
const SIDE_BY_SIDE: usize = 16;

impl Host {
    /// Begins it. What is to be written to disk is handed over at once, so that the file has it in the order of the
    /// decisions.
    pub(super) fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Read(id, read) => {
                let host = self.clone();
                // In a task of its own: whoever asked may go, and others may have joined.
                tokio::spawn(async move {
                    let found = match host.database() {
                        Some(database) => find(&database, read).await,
                        None => Err(host.not_open()),
                    };
                    host.take(Input::Found(id, found));
                });
            }
            Effect::Answer(mut calls, found) => {
                let last = calls.pop();
                calls.into_iter().for_each(|call| self.0.calls.found(call, found.clone()));
                if let Some(call) = last {
                    self.0.calls.found(call, found);
                }
            }
            Effect::Count(namespaces) => {
                let host = self.clone();
                tokio::spawn(async move {
                    let counts = match host.database() {
                        Some(database) => database.count(namespaces).await,
                        None => HashMap::new(),
                    };
                    host.take(Input::Counted(counts));
                });
            }
            Effect::Record(id, updates) => {
                let (host, written) = (self.clone(), self.0.outbox.record(updates));
                tokio::spawn(async move {
                    let written = written.await;
                    if let Err(failure) = &written {
                        log::error!("{failure}");
                    }
                    host.take(Input::Recorded(id, written));
                });
            }
            Effect::Mutated(call, reply) => self.0.calls.mutated(call, reply),
            Effect::Discarded(call, result) => self.0.calls.discarded(call, result),
            Effect::Write(number, edits) => {
                self.at_each(edits, |database, edit| async move { database.commit(&edit).await }, {
                    move |outcomes| Input::Written(number, outcomes)
                });
            }
            Effect::Probe(number, since, edits) => {
                let probe = move |database: Database, edit: Edit| async move {
                    database.probe_outcome(&edit, since).await
                };
                self.at_each(edits, probe, move |outcomes| Input::Probed(number, outcomes));
            }
            Effect::Follow(name) => self.follow(name),
            Effect::Cache(answers) => self.0.cache.keep(answers),
            Effect::Ring => self.0.doorbell.notify_one(),
            Effect::Wake(at) => {
                let (host, wait) = (self.clone(), at.saturating_sub(self.0.started.elapsed()));
                let alarm = tokio::spawn(async move {
                    tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
                    host.take(Input::Wake);
                });
                if let Some(before) = lock(&self.0.alarm).replace(alarm) {
                    before.abort();
                }
            }
        }
    }

    /// Does something with each edit, [some](SIDE_BY_SIDE) side by side; each keeps its place.
    fn at_each<T, F>(
        &self,
        edits: Vec<(usize, Edit)>,
        begin: impl Fn(Database, Edit) -> F,
        outcome: impl FnOnce(Vec<(usize, T)>) -> Input + Send + 'static,
    ) where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        // There is one: the host writes to none that was never opened.
        let Some(database) = self.database() else { return };
        let mut under_way = JoinSet::new();
        let turns = Arc::new(Semaphore::new(SIDE_BY_SIDE));
        for (place, edit) in edits {
            let (turns, ended) = (turns.clone(), begin(database.clone(), edit));
            under_way.spawn(async move {
                let _turn = turns.acquire().await;
                (place, ended.await)
            });
        }
        let host = self.clone();
        tokio::spawn(async move { host.take(outcome(under_way.join_all().await)) });
    }

    pub(super) fn not_open(&self) -> Failure {
        let waiting = || Failure::Unreachable { message: "the database is still being opened".into() };
        self.decides().trouble().cloned().unwrap_or_else(waiting)
    }
}

async fn find(database: &Database, read: Read) -> Result<Found, Failure> {
    let answer = match read {
        Read::Rows(namespace, ids) => return database.rows(&namespace, &ids).await.map(Found::Rows),
        Read::Collections => Answer::Collections(database.collections().await?),
        Read::List(request) => Answer::List(database.list(&request).await?),
        Read::Figures(namespace, query) => Answer::Figures(database.figures(&namespace, &query).await?),
        Read::Document(id) => Answer::Document(database.document(&id).await?),
        Read::Field(id, field) => Answer::Field(database.field(&id, &field).await?),
        Read::Schema(request) => Answer::Schema(Box::new(database.schema(&request).await?)),
    };
    Ok(Found::Answer(answer))
}
