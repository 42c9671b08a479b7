//! The rows of a file, a batch ahead of the database.

use std::{collections::HashMap, io, path::Path};

use bson::{RawDocumentBuf, oid::ObjectId};
use lockstep_model::{Value, contract::transfer::ImportPlan};
use lockstep_sync::transfer::{
    checkpoint::Place,
    row::{self, made_id},
};
use tokio::sync::mpsc;

use super::Cancelled;
use crate::transfer::rows::{Row, Rows};

/// A batch has so many rows at most, and about so many bytes.
const BATCH_ROWS: usize = 1_000;
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// So many batches wait for the database at most.
pub(super) const AHEAD: usize = 2;

/// Rows that are sent together.
pub(super) struct Batch {
    pub rows: Vec<Ready>,
    /// Behind the last of them.
    pub end: Place,
}

/// A row, and the document that it becomes.
pub(super) struct Ready {
    pub row: Row,
    pub document: Result<RawDocumentBuf, String>,
}

/// Reads all rows from a place on, for as long as somebody takes them.
///
/// # Errors
/// Those of the disk.
pub(super) fn read(
    path: &Path,
    plan: &ImportPlan,
    from: Place,
    job: ObjectId,
    batches: &mpsc::Sender<Batch>,
) -> io::Result<()> {
    let mut rows = Rows::open(path, plan, from)?;
    let documents = row::Rows::new(plan);
    loop {
        let batch = next_batch(&mut rows, &documents, job)?;
        if batch.rows.is_empty() || batches.blocking_send(batch).is_err() {
            return Ok(());
        }
    }
}

fn next_batch(rows: &mut Rows, documents: &row::Rows, job: ObjectId) -> io::Result<Batch> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    let mut ids = HashMap::<Value, u64>::new();
    while batch.len() < BATCH_ROWS && bytes < BATCH_BYTES {
        let Some(row) = rows.next_row()? else { break };
        let text = row.text.as_ref().map_err(String::clone);
        let document = text.and_then(|text| documents.written(text, made_id(job, row.number)));
        // Sent together, the second would be taken for the first, if nobody heard what became of them.
        let document = document.and_then(|document| {
            let id = document.get("_id").ok().flatten().map(Value::from_ref);
            match id.and_then(|id| ids.insert(id, row.number)) {
                Some(earlier) => Err(format!("_id is that of row {earlier}, too")),
                None => Ok(document),
            }
        });
        bytes += row.original.len() + document.as_ref().map_or(0, |document| document.as_bytes().len());
        batch.push(Ready { row, document });
    }
    Ok(Batch { rows: batch, end: rows.place() })
}

/// How many rows a file has; `None` where that is not wanted any more, or the disk refuses.
pub(super) fn count(path: &Path, plan: &ImportPlan, cancelled: &Cancelled) -> Option<u64> {
    let mut rows = Rows::open(path, plan, Place::default()).ok()?;
    while !cancelled.is_wanted() {
        if rows.next_row().ok()?.is_none() {
            return Some(rows.place().rows);
        }
    }
    None
}
