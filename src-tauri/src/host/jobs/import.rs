//! An import at work, from its checkpoint to the end.
//!
//! Before a batch is sent, it is on disk that it may have been; so whatever ends a run, the next one knows which rows are in
//! doubt, and sends those again with the same `_id`s. One that is there already, as we would write it, was written before.

use std::{io, path::Path, time::Duration};

use bson::{RawDocument, RawDocumentBuf, oid::ObjectId};
use lockstep_model::{
    Failure,
    contract::{
        ImportRequest, Job,
        transfer::{JobId, JobState, RefusedRow},
    },
};
use lockstep_sync::{
    host::Input,
    transfer::{checkpoint::Checkpoint, columns, row::made_id},
};
use tokio::sync::mpsc;

use super::{
    Cancelled, Host, Progress, import_job,
    reading::{self, Batch},
};
use crate::{
    database::{Inserted, Refusal},
    host::lock,
    transfer::{checkpoints::Checkpoints, report::Report, source},
};

/// Between two tries to reach the server.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// How a run ends.
enum End {
    Done,
    Cancelled,
}

impl Host {
    /// Begins to read documents from a file into a collection.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`] where nothing may be written to it; [`Failure::InvalidInput`] where the file is no longer as it
    /// was in the preview, or cannot be read so; [`Failure::Internal`] where the disk does not keep where it stands.
    pub async fn start_import(&self, request: ImportRequest) -> Result<JobId, Failure> {
        let ImportRequest { namespace, source, plan } = request;
        self.writable(&namespace).await?;
        columns::check(&plan.columns).map_err(|(_, reason)| Failure::invalid(reason))?;
        let checkpoint = Checkpoint::new(ObjectId::new(), namespace, source, plan);
        let id = checkpoint.id();
        self.begin_import(checkpoint).await?;
        Ok(id)
    }

    /// Goes on with an import from where it stopped.
    ///
    /// # Errors
    /// Those of a begin, and [`Failure::NotFound`] where there is nothing to go on with.
    pub async fn resume_import(&self, id: &JobId) -> Result<(), Failure> {
        // Taken, so that of two who ask at once one goes on with it.
        let taken = lock(&self.0.jobs.all).get_mut(id).and_then(|entry| entry.checkpoint.take());
        let checkpoint = taken
            .ok_or_else(|| Failure::NotFound { message: "there is no such import to go on with".into() })?;
        let resumed = async {
            self.writable(&checkpoint.namespace).await?;
            self.begin_import(Checkpoint { cancelled: false, ..checkpoint.clone() }).await
        };
        let resumed = resumed.await;
        if resumed.is_err() {
            self.keep_checkpoint(id, Some(checkpoint));
        }
        resumed
    }

    fn keep_checkpoint(&self, id: &JobId, checkpoint: Option<Checkpoint>) {
        if let Some(entry) = lock(&self.0.jobs.all).get_mut(id) {
            entry.checkpoint = checkpoint;
        }
    }

    async fn begin_import(&self, checkpoint: Checkpoint) -> Result<(), Failure> {
        let checkpoint = self
            .blocking(move |checkpoints| {
                let (now, _) = source::look(checkpoint.source.path.as_ref())?;
                checkpoint.accepts(&now).map_err(Failure::invalid)?;
                checkpoints.write(&checkpoint).map_err(|error| not_kept(&error))?;
                Ok(checkpoint)
            })
            .await?;
        let cancelled = Cancelled::default();
        self.enter_job(import_job(&checkpoint, JobState::Running), cancelled.clone());
        tokio::spawn(self.clone().run_import(checkpoint, cancelled));
        Ok(())
    }

    async fn run_import(self, mut checkpoint: Checkpoint, cancelled: Cancelled) {
        let id = checkpoint.id();
        let ended = Cancelled::default();
        if checkpoint.total.is_none() {
            tokio::spawn(self.clone().count_rows(checkpoint.clone(), ended.clone()));
        }
        let end = self.import(&mut checkpoint, &cancelled).await;
        ended.want();
        let state = match end {
            Ok(End::Done) => JobState::Done,
            Ok(End::Cancelled) => JobState::Cancelled,
            Err(failure) => JobState::Failed(failure),
        };
        log::info!("import of {}: {:?}, {state:?}", checkpoint.source.path, checkpoint.tally);
        checkpoint.cancelled = state == JobState::Cancelled;
        let is_done = state == JobState::Done;
        let kept = {
            let checkpoint = checkpoint.clone();
            self.blocking(move |checkpoints| {
                let kept = match is_done {
                    true => checkpoints.remove(&checkpoint.id()),
                    false => checkpoints.write(&checkpoint),
                };
                kept.map_err(|error| not_kept(&error))
            })
        };
        if let Err(failure) = kept.await {
            // What was kept before leaves some rows in doubt, and nothing lost.
            log::warn!("{failure}");
        }
        let namespace = checkpoint.namespace.clone();
        self.change_job(&id, |job| {
            checkpoint.total = if is_done { Some(checkpoint.place.rows) } else { job.total };
            *job = Job { per_second: job.per_second, ..import_job(&checkpoint, job.state.clone()) };
        });
        self.keep_checkpoint(&id, (!is_done).then_some(checkpoint));
        self.set_job_state(&id, state);
        self.take(Input::Lost(Some(namespace)));
    }

    async fn count_rows(self, checkpoint: Checkpoint, ended: Cancelled) {
        let id = checkpoint.id();
        let counted = tokio::task::spawn_blocking(move || {
            reading::count(checkpoint.source.path.as_ref(), &checkpoint.plan, &ended)
        });
        let total = counted.await.ok().flatten();
        self.change_job(&id, |job| job.total = job.total.or(total));
    }

    /// Sends all rows behind the checkpoint's place.
    async fn import(&self, checkpoint: &mut Checkpoint, cancelled: &Cancelled) -> Result<End, Failure> {
        let mut progress = Progress::new(self.clone(), checkpoint.id(), checkpoint.place.rows);
        let mut report = self.open_report(checkpoint).await?;
        let (batches, mut read) = mpsc::channel(reading::AHEAD);
        let reading = {
            let (path, plan) = (checkpoint.source.path.clone(), checkpoint.plan.clone());
            let (place, job) = (checkpoint.place, checkpoint.job);
            tokio::task::spawn_blocking(move || reading::read(path.as_ref(), &plan, place, job, &batches))
        };
        while let Some(batch) = read.recv().await {
            if cancelled.is_wanted() {
                return Ok(End::Cancelled);
            }
            if let Some(message) = self.status().read_only {
                return Err(Failure::ReadOnly { message });
            }
            let doubted = checkpoint.sends(batch.end.rows);
            let kept = checkpoint.clone();
            self.blocking(move |checkpoints| {
                match source::is_unchanged(&kept.source) {
                    Ok(true) => {}
                    Ok(false) => return Err(Failure::invalid("the file has changed while it was read")),
                    Err(error) => return Err(source::unreadable(kept.source.path.as_ref(), &error)),
                }
                checkpoints.write(&kept).map_err(|error| not_kept(&error))
            })
            .await?;
            let Some(refused) = self.send(checkpoint, &batch, doubted, cancelled).await? else {
                return Ok(End::Cancelled);
            };
            (report, *checkpoint) = self.end_batch(report, checkpoint.clone(), &batch, refused).await?;
            self.change_job(&checkpoint.id(), |job| {
                job.report = checkpoint.report.as_ref().map(|(path, _)| path.clone());
                checkpoint.total = job.total;
            });
            progress.tell(checkpoint.tally);
        }
        reading
            .await
            .map_err(Failure::internal)?
            .map_err(|error| source::unreadable(checkpoint.source.path.as_ref(), &error))?;
        Ok(End::Done)
    }

    /// Sends a batch until it is known what became of each row; returns those that were refused, or `None` where a person has
    /// ended it. Rows up to `doubted` may have been sent before.
    async fn send(
        &self,
        checkpoint: &Checkpoint,
        batch: &Batch,
        mut doubted: u64,
        cancelled: &Cancelled,
    ) -> Result<Option<Vec<RefusedRow>>, Failure> {
        let id = checkpoint.id();
        let ready: Vec<_> =
            batch.rows.iter().filter_map(|ready| Some((&ready.row, ready.document.as_ref().ok()?))).collect();
        let mut refused: Vec<RefusedRow> = batch
            .rows
            .iter()
            .filter_map(|ready| Some(refused_row(&ready.row, ready.document.as_ref().err()?.clone())))
            .collect();
        while !ready.is_empty() {
            if cancelled.is_wanted() {
                return Ok(None);
            }
            let Some(database) = self.database() else {
                self.wait(&id, self.not_open()).await;
                continue;
            };
            let documents: Vec<RawDocumentBuf> =
                ready.iter().map(|(_, document)| (*document).clone()).collect();
            let refusals = match database.insert_all(&checkpoint.namespace, documents).await {
                Inserted::Done(refusals) => refusals,
                Inserted::Refused(failure) => return Err(failure),
                Inserted::Unreachable(failure) => {
                    self.wait(&id, failure).await;
                    continue;
                }
                Inserted::Unknown(failure) => {
                    doubted = batch.end.rows;
                    self.wait(&id, failure).await;
                    continue;
                }
            };
            let in_doubt =
                |(at, refusal): &&(usize, Refusal)| refusal.id_is_taken && ready[*at].0.number <= doubted;
            let asked: Vec<_> = refusals.iter().filter(in_doubt).map(|(at, _)| *at).collect();
            let documents: Vec<&RawDocument> = asked.iter().map(|at| &**ready[*at].1).collect();
            let there = match database.are_there(&checkpoint.namespace, &documents).await {
                Ok(there) => there,
                Err(failure @ Failure::Unreachable { .. }) => {
                    doubted = batch.end.rows;
                    self.wait(&id, failure).await;
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            // Nobody else makes such an `_id`: what has it is ours, whatever a colleague has made of it since.
            let is_ours = |at: &usize| {
                let made = made_id(checkpoint.job, ready[*at].0.number);
                ready[*at].1.get_object_id("_id").ok() == Some(made)
            };
            let ours: Vec<usize> = asked
                .iter()
                .zip(there)
                .filter(|(at, there)| *there || is_ours(at))
                .map(|(at, _)| *at)
                .collect();
            let others = refusals.into_iter().filter(|(at, _)| !ours.contains(at));
            refused.extend(others.map(|(at, refusal)| refused_row(ready[at].0, refusal.reason)));
            break;
        }
        self.set_job_state(&id, JobState::Running);
        refused.sort_by_key(|refused| refused.row);
        Ok(Some(refused))
    }

    async fn wait(&self, id: &JobId, failure: Failure) {
        self.set_job_state(id, JobState::Waiting(failure.to_string()));
        tokio::time::sleep(TRY_AGAIN).await;
    }

    async fn open_report(&self, checkpoint: &Checkpoint) -> Result<Option<Report>, Failure> {
        let mark = checkpoint.report.clone();
        self.blocking(move |_| match mark {
            Some((path, bytes)) => {
                Report::resume(Path::new(&path), bytes).map(Some).map_err(|error| not_reported(&error))
            }
            None => Ok(None),
        })
        .await
    }

    /// The refused rows are in the report before the checkpoint says so.
    async fn end_batch(
        &self,
        mut report: Option<Report>,
        mut checkpoint: Checkpoint,
        batch: &Batch,
        refused: Vec<RefusedRow>,
    ) -> Result<(Option<Report>, Checkpoint), Failure> {
        let (place, rows) = (batch.end, batch.rows.len() as u64);
        self.blocking(move |checkpoints| {
            let add = |report: Option<Report>| -> io::Result<Report> {
                let mut report = match report {
                    Some(report) => report,
                    None => Report::begin(checkpoint.source.path.as_ref(), checkpoints.folder())?,
                };
                report.add(&refused)?;
                Ok(report)
            };
            if !refused.is_empty() {
                report = Some(add(report.take()).map_err(|error| not_reported(&error))?);
            }
            let count = refused.len() as u64;
            checkpoint.ended(place, rows - count, count, report.as_ref().map(Report::mark));
            Ok((report, checkpoint))
        })
        .await
    }

    /// Does something with the disk, in the place for that.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Checkpoints) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let checkpoints = self.0.jobs.checkpoints.clone();
        tokio::task::spawn_blocking(move || work(&checkpoints)).await.map_err(Failure::internal)?
    }
}

fn refused_row(row: &crate::transfer::rows::Row, reason: String) -> RefusedRow {
    RefusedRow { row: row.number, reason, text: row.original.clone() }
}

fn not_kept(error: &io::Error) -> Failure {
    Failure::internal(format!("where the import stands cannot be kept: {error}"))
}

fn not_reported(error: &io::Error) -> Failure {
    Failure::internal(format!("the report of refused rows cannot be written: {error}"))
}
