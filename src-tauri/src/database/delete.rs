//! The deletion of a document that is still, byte by byte, the one that was seen.
//!
//! Apart from the other writes, since its expectation is the whole document: up to a size as the filter of one command,
//! beyond it inside a transaction.

use bson::{RawDocumentBuf, doc};
use lockstep_model::{ClusterTime, DocumentId, Failure, Revision};
use lockstep_sync::{host::WriteOutcome, write};
use mongodb::error::{Error, TRANSIENT_TRANSACTION_ERROR, UNKNOWN_TRANSACTION_COMMIT_RESULT};

use super::{
    Database, Topology,
    connection::{LIMIT, by_bytes},
    write::{ATTEMPTS, conflict, exactly, failed, snapshot, stopped},
};

/// The filter holds the document twice (value and size), and a command is at most 16 MB.
const MOST_BYTES_IN_FILTER: usize = 7 * 1024 * 1024;

impl Database {
    /// Deletes the document if it is still the one of that revision. Gone already is as good.
    pub(super) async fn delete(&self, id: &DocumentId, seen: Revision) -> Result<WriteOutcome, WriteOutcome> {
        for _ in 0..ATTEMPTS {
            let (current, stamp) = self.whole(id).await.map_err(stopped)?;
            let Some(current) = current else {
                let after = snapshot(id, None, stamp);
                return Ok(WriteOutcome::Committed { after, at: ClusterTime::ZERO });
            };
            if Revision::of(&current) != seen {
                return Ok(conflict(Vec::new(), snapshot(id, Some(&current), stamp)));
            }
            let deleted = match current.as_bytes().len() {
                ..=MOST_BYTES_IN_FILTER => self.delete_exactly(id, &current).await?,
                _ => self.delete_in_transaction(id, &current).await?,
            };
            if let Some(at) = deleted {
                let after = snapshot(id, None, self.now());
                return Ok(WriteOutcome::Committed { after, at });
            }
        }
        let (current, stamp) = self.whole(id).await.map_err(stopped)?;
        Ok(conflict(Vec::new(), snapshot(id, current.as_deref(), stamp)))
    }

    /// When it was deleted; `None` where it no longer is that document.
    async fn delete_exactly(
        &self,
        id: &DocumentId,
        seen: &RawDocumentBuf,
    ) -> Result<Option<ClusterTime>, WriteOutcome> {
        let filter = exactly(&write::delete_filter(id, seen)).map_err(failed)?;
        let outcome = async {
            let mut session = self.session().await?;
            let collection = self.collection(&id.namespace);
            let command = collection.delete_one(filter).collation(by_bytes());
            let deleted = command.session(&mut session).await?.deleted_count;
            Ok((deleted > 0).then(|| self.clock().replied(&session)))
        };
        outcome.await.map_err(|error| self.write_error(&id.namespace, &error))
    }

    /// As [`delete_exactly`](Self::delete_exactly), for documents of any size.
    async fn delete_in_transaction(
        &self,
        id: &DocumentId,
        seen: &RawDocumentBuf,
    ) -> Result<Option<ClusterTime>, WriteOutcome> {
        if self.topology() == Topology::Standalone {
            let message = "a document of this size can be deleted safely only on a replica set: a standalone server \
                           has no transactions";
            return Err(failed(Failure::TooLarge { message: message.into() }));
        }
        self.transaction(id, seen).await.map_err(|error| {
            match error.contains_label(TRANSIENT_TRANSACTION_ERROR) {
                true => {
                    WriteOutcome::Unreachable(self.failure(&format!("writing to {}", id.namespace), &error))
                }
                false if error.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT) => {
                    let failure = self.failure(&format!("writing to {}", id.namespace), &error);
                    WriteOutcome::Unknown(failure)
                }
                false => self.write_error(&id.namespace, &error),
            }
        })
    }

    async fn transaction(
        &self,
        id: &DocumentId,
        seen: &RawDocumentBuf,
    ) -> Result<Option<ClusterTime>, Error> {
        let filter = doc! { "_id": { "$eq": bson::Bson::try_from(id.id.get())? } };
        let collection = self.collection(&id.namespace);
        let mut session = self.session().await?;
        session.start_transaction().await?;
        let find = collection.find_one(filter.clone()).collation(by_bytes()).max_time(LIMIT);
        if find.session(&mut session).await?.as_ref() != Some(seen) {
            session.abort_transaction().await?;
            return Ok(None);
        }
        collection.delete_one(filter).collation(by_bytes()).session(&mut session).await?;
        session.commit_transaction().await?;
        Ok(Some(self.clock().replied(&session)))
    }
}
