//! An export at work: from the cursor to the file, and through no window.

use std::sync::Arc;

use bson::{RawDocumentBuf, oid::ObjectId};
use lockstep_model::{
    Failure,
    contract::{
        ExportReply, ExportRequest, Job,
        transfer::{JobId, JobKind, JobState, Tally},
    },
};
use tokio::sync::mpsc;

use super::{Cancelled, Host, Progress};
use crate::transfer::{self, sink::Sink};

/// So many pieces wait for the disk at most.
const AHEAD: usize = 4;

impl Host {
    /// Begins to write documents to a file.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] where nothing can be written there, [`Failure::Unreachable`] without a server.
    pub async fn start_export(&self, request: ExportRequest) -> Result<ExportReply, Failure> {
        let ExportRequest { namespace, query, path, format, columns, replace } = request;
        let database = self.database().ok_or_else(|| self.not_open())?;
        let path = transfer::path(&path)?;
        let begun = {
            let path = path.clone();
            tokio::task::spawn_blocking(move || match path.is_file() && !replace {
                true => Ok(None),
                false => Sink::begin(path, format, columns, replace).map(Some),
            })
        };
        let Some(sink) = begun.await.map_err(Failure::internal)?? else { return Ok(ExportReply::Exists) };

        let id = JobId(Arc::from(ObjectId::new().to_hex()));
        let cancelled = Cancelled::default();
        let job = Job {
            id: id.clone(),
            kind: JobKind::Export,
            namespace: namespace.clone(),
            path: path.display().to_string(),
            state: JobState::Running,
            tally: Tally::default(),
            total: None,
            per_second: 0,
            report: None,
        };
        self.enter_job(job, cancelled.clone());
        {
            let (host, database, id) = (self.clone(), database.clone(), id.clone());
            let (namespace, query) = (namespace.clone(), query.clone());
            tokio::spawn(async move {
                let total = database.count_of(&namespace, &query).await;
                // It may have grown since it was counted, or may be at its end already.
                host.change_job(&id, |job| job.total = total.filter(|_| job.is_under_way()));
            });
        }
        let (host, reply) = (self.clone(), ExportReply::Started(id.clone()));
        tokio::spawn(async move {
            let (pieces, taken) = mpsc::channel(AHEAD);
            let written = host.write_out(id.clone(), sink, taken, cancelled);
            let (read, written) = tokio::join!(database.read_out(&namespace, &query, pieces), written);
            let state = match (read, written) {
                // Where the file cannot be written, the reading ends for that reason.
                (_, Err(failure)) | (Err(failure), Ok(None)) => JobState::Failed(failure),
                (Ok(()), Ok(None)) => JobState::Cancelled,
                (read, Ok(Some(sink))) => match read.and_then(|()| sink.finish()) {
                    Ok(()) => JobState::Done,
                    Err(failure) => JobState::Failed(failure),
                },
            };
            host.change_job(&id, |job| job.total = Some(job.tally.read).filter(|_| state == JobState::Done));
            host.set_job_state(&id, state);
        });
        Ok(reply)
    }

    /// All pieces, to the file; `None` where a person has ended it.
    async fn write_out(
        &self,
        id: JobId,
        mut sink: Sink,
        mut pieces: mpsc::Receiver<Vec<RawDocumentBuf>>,
        cancelled: Cancelled,
    ) -> Result<Option<Sink>, Failure> {
        let mut progress = Progress::new(self.clone(), id, 0);
        let writing = tokio::task::spawn_blocking(move || {
            while let Some(piece) = pieces.blocking_recv() {
                for document in piece {
                    if cancelled.is_wanted() {
                        return Ok(None);
                    }
                    sink.write(&document)?;
                }
                let (written, inexact) = sink.counts();
                progress.tell(Tally { read: written, written, refused: 0, inexact });
            }
            Ok((!cancelled.is_wanted()).then_some(sink))
        });
        writing.await.map_err(Failure::internal)?
    }
}
