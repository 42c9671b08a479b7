//! Imports and exports: which there are, and how far each is, told to all windows.
//!
//! | module | idea |
//! | --- | --- |
//! | `preview` | a file as it would be imported |
//! | `import` | an import at work, from its checkpoint to the end |
//! | `reading` | the rows of a file, a batch ahead of the database |
//! | `export` | an export at work |

mod export;
mod import;
mod preview;
mod reading;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use lockstep_model::{
    Failure, Namespace,
    contract::{
        Collection, Job, JobList, RefusedRows,
        transfer::{JobId, JobKind, JobState, Tally},
    },
};
use lockstep_sync::{host::Input, transfer::checkpoint::Checkpoint};

use super::{Host, lock};
use crate::transfer::{checkpoints::Checkpoints, report};

/// How often windows hear how far a job is.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// The jobs of a host.
pub(super) struct Jobs {
    all: Mutex<BTreeMap<JobId, Entry>>,
    /// Held while the windows are told, so that what they hear last is the newest.
    telling: Mutex<()>,
    checkpoints: Checkpoints,
}

struct Entry {
    job: Job,
    /// Where an import stands that is not at work.
    checkpoint: Option<Checkpoint>,
    cancelled: Cancelled,
}

/// Whether a person wants a job to end. Cheap to clone.
#[derive(Clone, Default)]
struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn want(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How far a job is, for the windows: as often as they can use it.
struct Progress {
    host: Host,
    id: JobId,
    begun: Instant,
    begun_at: u64,
    told: Instant,
}

impl Progress {
    /// Of a job that goes on after so many rows.
    fn new(host: Host, id: JobId, rows: u64) -> Self {
        Self { host, id, begun: Instant::now(), begun_at: rows, told: Instant::now() }
    }

    fn tell(&mut self, tally: Tally) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let rate = (tally.read - self.begun_at) as f64 / seconds.max(0.001);
        self.host.change_job(&self.id, |job| (job.tally, job.per_second) = (tally, rate as u32));
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            self.host.tell_jobs();
        }
    }
}

impl Jobs {
    /// Those that an earlier run has left unfinished.
    pub fn restored(checkpoints: Checkpoints) -> Self {
        let entry = |checkpoint: Checkpoint| {
            let state = if checkpoint.cancelled { JobState::Cancelled } else { JobState::Interrupted };
            let job = import_job(&checkpoint, state);
            (job.id.clone(), Entry { job, checkpoint: Some(checkpoint), cancelled: Cancelled::default() })
        };
        let all = Mutex::new(checkpoints.read().into_iter().map(entry).collect());
        Self { all, telling: Mutex::default(), checkpoints }
    }

    fn list(&self) -> JobList {
        JobList { jobs: lock(&self.all).values().rev().map(|entry| entry.job.clone()).collect() }
    }
}

fn import_job(checkpoint: &Checkpoint, state: JobState) -> Job {
    Job {
        id: checkpoint.id(),
        kind: JobKind::Import,
        namespace: checkpoint.namespace.clone(),
        path: checkpoint.source.path.clone(),
        state,
        tally: checkpoint.tally,
        total: checkpoint.total,
        per_second: 0,
        report: checkpoint.report.as_ref().map(|(path, _)| path.clone()),
    }
}

impl Host {
    /// All imports and exports.
    pub fn jobs(&self) -> JobList {
        self.0.jobs.list()
    }

    /// Ends a job. An import stops behind a row, and can go on from there.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where it is not at work.
    pub fn cancel_job(&self, id: &JobId) -> Result<(), Failure> {
        let all = lock(&self.0.jobs.all);
        let at_work = all.get(id).filter(|entry| entry.job.is_under_way());
        at_work.map(|entry| entry.cancelled.want()).ok_or_else(not_at_work)
    }

    /// Puts away a job that has ended: an import cannot go on any more.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] where it is at work, [`Failure::Internal`] where the disk refuses.
    pub fn forget_job(&self, id: &JobId) -> Result<(), Failure> {
        {
            let mut all = lock(&self.0.jobs.all);
            if all.get(id).is_some_and(|entry| entry.job.is_under_way()) {
                return Err(Failure::invalid("it is at work: it has to be cancelled first"));
            }
            self.0.jobs.checkpoints.remove(id).map_err(|error| {
                Failure::internal(format!("where the import stands cannot be forgotten: {error}"))
            })?;
            all.remove(id);
        }
        self.tell_jobs();
        Ok(())
    }

    /// The first rows that an import refused.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where there are none, [`Failure::InvalidInput`] where their file cannot be read.
    pub async fn read_report(&self, id: &JobId) -> Result<RefusedRows, Failure> {
        let path = lock(&self.0.jobs.all).get(id).and_then(|entry| entry.job.report.clone());
        let path =
            path.ok_or_else(|| Failure::NotFound { message: "there is no report of that import".into() })?;
        let read = {
            let path = path.clone();
            tokio::task::spawn_blocking(move || report::read(path.as_ref()))
                .await
                .map_err(Failure::internal)?
        };
        let rows = read.map_err(|error| Failure::invalid(format!("{path} cannot be read: {error}")))?;
        Ok(RefusedRows { rows, path })
    }

    /// The collection, if it is there.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`] where nothing may be written to it, and those of any read.
    async fn writable(&self, namespace: &Namespace) -> Result<Option<Collection>, Failure> {
        if let Some(message) = self.status().read_only {
            return Err(Failure::ReadOnly { message });
        }
        let database = self.database().ok_or_else(|| self.not_open())?;
        let collection = database.describe(namespace).await?;
        match collection.as_ref().and_then(|collection| collection.read_only.clone()) {
            Some(message) => Err(Failure::ReadOnly { message }),
            None => Ok(collection),
        }
    }

    fn enter_job(&self, job: Job, cancelled: Cancelled) {
        lock(&self.0.jobs.all).insert(job.id.clone(), Entry { job, checkpoint: None, cancelled });
        self.tell_jobs();
    }

    fn change_job(&self, id: &JobId, change: impl FnOnce(&mut Job)) {
        if let Some(entry) = lock(&self.0.jobs.all).get_mut(id) {
            change(&mut entry.job);
        }
    }

    fn set_job_state(&self, id: &JobId, state: JobState) {
        let mut is_new = false;
        self.change_job(id, |job| {
            is_new = job.state != state;
            job.state = state;
        });
        if is_new {
            self.tell_jobs();
        }
    }

    pub(super) fn tell_jobs(&self) {
        let _telling = lock(&self.0.jobs.telling);
        self.take(Input::Jobs(self.jobs()));
    }
}

fn not_at_work() -> Failure {
    Failure::NotFound { message: "that job has ended already".into() }
}
