//! The outbox as a file that a person can read and keep: all that waits, and all that failed.

use std::{fs, path::PathBuf};

use bson::{Bson, DateTime, Document, doc};
use lockstep_model::{
    Action, Change, Edit, Expectation, Failure, Mutation, Value,
    contract::{Exported, PendingLayer, Review},
};

use super::Host;

impl Host {
    /// Writes a file of canonical Extended JSON into the person's downloads, or, where the system names no such folder, into
    /// the data folder.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the disk refuses.
    pub async fn export_outbox(&self) -> Result<Exported, Failure> {
        let entries = {
            let decides = self.decides();
            let pending =
                decides.pending().map(|PendingLayer { mutation, number, .. }| entry(number, &mutation, None));
            let failed = decides
                .reviews()
                .map(|Review { mutation, number, failure }| entry(number, &mutation, Some(&failure)));
            let mut entries: Vec<_> = pending.chain(failed).collect::<Result<_, _>>()?;
            entries.sort_by_key(|entry| entry.get_i64("number").unwrap_or_default());
            entries
        };
        let folder = dirs::download_dir().unwrap_or_else(|| self.0.folder.path().to_owned());
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let written = tokio::task::spawn_blocking(move || write(folder, &entries)).await;
        let path = written.map_err(Failure::internal)??;
        Ok(Exported { path: path.display().to_string(), count })
    }
}

fn entry(number: u64, mutation: &Mutation, failure: Option<&Failure>) -> Result<Document, Failure> {
    let edits: Result<Vec<_>, _> = mutation.edits.iter().map(edit).collect();
    Ok(doc! {
        "number": i64::try_from(number).unwrap_or(i64::MAX),
        "state": if failure.is_some() { "failed" } else { "waiting" },
        "reason": failure.map(ToString::to_string),
        "edits": edits?,
    })
}

/// What it is to do to which document, and what it was made over.
fn edit(edit: &Edit) -> Result<Document, Failure> {
    let mut told = doc! {
        "collection": edit.document.namespace.to_string(),
        "_id": value(&edit.document.id)?,
    };
    match &edit.action {
        Action::Insert(document) => {
            told.insert("insert", Document::try_from(&**document).map_err(unreadable)?);
        }
        Action::Delete { .. } => _ = told.insert("delete", true),
        Action::Update(changes) => {
            let changes: Result<Vec<_>, _> = changes.iter().map(change).collect();
            told.insert("changes", changes?);
        }
    }
    Ok(told)
}

/// Without `to` the field is to be removed; without `was` it was missing, or is what an earlier edit of these leaves.
fn change(change: &Change) -> Result<Document, Failure> {
    let mut told = doc! { "field": change.path.to_string() };
    if let Some(target) = &change.target {
        told.insert("to", value(target)?);
    }
    if let Expectation::Value(Some(was)) = &change.expected {
        told.insert("was", value(was)?);
    }
    Ok(told)
}

fn value(value: &Value) -> Result<Bson, Failure> {
    Bson::try_from(value.get()).map_err(unreadable)
}

fn unreadable(error: bson::error::Error) -> Failure {
    Failure::internal(format!("an edit cannot be exported: {error}"))
}

fn write(folder: PathBuf, entries: &[Document]) -> Result<PathBuf, Failure> {
    let refused = |error: &dyn std::fmt::Display| {
        Failure::internal(format!("the outbox cannot be exported to {}: {error}", folder.display()))
    };
    let array: Bson = entries.to_vec().into();
    let text =
        serde_json::to_string_pretty(&array.into_canonical_extjson()).map_err(|error| refused(&error))?;
    let path = folder.join(format!("lockstep-outbox-{}.json", DateTime::now().timestamp_millis()));
    fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text)).map_err(|error| refused(&error))?;
    Ok(path)
}
