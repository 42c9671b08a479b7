//! One edit, sent so that it overwrites nothing that the editor did not see, and what became of it.
//!
//! The filter and the update come from `lockstep_sync::write`. Nothing is retried here, nor by the driver: the outbox decides
//! when an edit goes out again.

use bson::{Document as BsonDocument, RawDocument, RawDocumentBuf};
use lockstep_model::{
    Action, Change, ClusterTime, Document, DocumentId, Edit, Expectation, Failure, Namespace, Path, Stamp,
    mutation::Seen, mutation::Snapshot,
};
use lockstep_sync::{
    host::WriteOutcome,
    write::{self, Resolved, UpdateForm, already_applied, conflicting_paths, is_inserted, rejection},
};
use mongodb::{
    error::Error,
    options::{ReturnDocument, UpdateModifications},
};

use super::{
    Database,
    connection::{LIMIT, by_bytes, finish},
    failure::{Reached, by_code, reached, server_details, server_error},
};

/// A document may change between a write that matched nothing and the read that asks why. So often it is sent again.
pub(super) const ATTEMPTS: usize = 4;

impl Database {
    /// Runs one edit, and waits for the majority of the servers and their disks.
    ///
    /// The edit's expectations have to be values: one on another mutation has its value once that one is settled.
    pub async fn commit(&self, edit: &Edit) -> WriteOutcome {
        let (database, edit) = (self.clone(), edit.clone());
        finish(async move {
            if let Some(failure) = database.disturbing().refuse_write() {
                return failed(failure);
            }
            let outcome = match &edit.action {
                Action::Insert(document) => database.insert(&edit, document).await,
                Action::Update(changes) => database.update(&edit, changes).await,
                Action::Delete { seen: Seen::Revision(seen) } => database.delete(&edit.document, *seen).await,
                Action::Delete { seen: Seen::After(_) } => database.seen_by_nobody(&edit.document).await,
            };
            outcome.unwrap_or_else(|outcome| outcome)
        })
        .await
    }

    /// What the deletion was to go over was never there: the person looks at what is.
    async fn seen_by_nobody(&self, id: &DocumentId) -> Result<WriteOutcome, WriteOutcome> {
        let (current, stamp) = self.whole(id).await.map_err(stopped)?;
        Ok(conflict(Vec::new(), snapshot(id, current.as_deref(), stamp)))
    }

    async fn update(&self, edit: &Edit, changes: &[Change]) -> Result<WriteOutcome, WriteOutcome> {
        let id = &edit.document;
        let changes = resolved(changes).map_err(failed)?;
        let command = write::update(id, &changes);
        let filter = exactly(&command.filter).map_err(failed)?;
        let update = match &command.update {
            UpdateForm::Operators(operators) => exactly(operators).map(UpdateModifications::Document),
            UpdateForm::Pipeline(stages) => {
                let stages: Result<Vec<_>, _> = stages.iter().map(|stage| exactly(stage)).collect();
                stages.map(UpdateModifications::Pipeline)
            }
        };
        let update = update.map_err(failed)?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            if let Some((after, at)) = self.find_and_update(id, filter.clone(), update.clone()).await? {
                return Ok(WriteOutcome::Committed { after, at });
            }
            let (current, stamp) = self.whole(id).await.map_err(stopped)?;
            let whole = current.as_deref().map(Document::whole);
            let snapshot = snapshot(id, current.as_deref(), stamp);
            if already_applied(edit, whole.as_ref()) {
                return Ok(WriteOutcome::Committed { after: snapshot, at: ClusterTime::ZERO });
            }
            let fields = conflicting_paths(&changes, whole.as_ref());
            if !fields.is_empty() {
                return Ok(conflict(fields, snapshot));
            }
            last = Some(snapshot);
        }
        // The document is as expected whenever it is read, and never when it is written.
        let snapshot = last.expect("there is at least one attempt");
        Ok(conflict(changes.into_iter().map(|change| change.path).collect(), snapshot))
    }

    /// The document as the update left it, and a time no earlier than the update; `None` where nothing matched.
    async fn find_and_update(
        &self,
        id: &DocumentId,
        filter: BsonDocument,
        update: UpdateModifications,
    ) -> Result<Option<(Snapshot, ClusterTime)>, WriteOutcome> {
        let outcome = async {
            let mut session = self.session().await?;
            let collection = self.collection(&id.namespace);
            let command = collection
                .find_one_and_update(filter, update)
                .return_document(ReturnDocument::After)
                .collation(by_bytes())
                .max_time(LIMIT);
            let after = command.session(&mut session).await?;
            let at = self.clock().replied(&session);
            Ok(after.map(|after| (snapshot(id, Some(&after), self.now()), at)))
        };
        outcome.await.map_err(|error| self.write_error(&id.namespace, &error))
    }

    async fn insert(&self, edit: &Edit, document: &RawDocumentBuf) -> Result<WriteOutcome, WriteOutcome> {
        let id = &edit.document;
        if document.get("_id").ok().flatten() != Some(id.id.get()) {
            return Err(failed(Failure::invalid(format!(
                "the new document does not carry its _id, {}",
                id.id
            ))));
        }
        let inserted = async {
            let mut session = self.session().await?;
            self.collection(&id.namespace).insert_one(document).session(&mut session).await?;
            Ok(self.clock().replied(&session))
        };
        match inserted.await {
            Ok(at) => {
                // The server may reorder fields and fill in timestamps: what counts is what it has now.
                let read = self.whole(id).await;
                let (current, stamp) = read.unwrap_or_else(|_| (Some(document.clone()), self.now()));
                Ok(WriteOutcome::Committed { after: snapshot(id, current.as_deref(), stamp), at })
            }
            Err(error) => {
                let outcome = self.write_error(&id.namespace, &error);
                if !is_duplicate_id(&error) {
                    return Err(outcome);
                }
                let (current, stamp) = self.whole(id).await.map_err(stopped)?;
                let ours = is_inserted(id, document, current.as_deref());
                let snapshot = snapshot(id, current.as_deref(), stamp);
                Ok(match outcome {
                    WriteOutcome::Failed { failure, .. } if !ours => {
                        WriteOutcome::Failed { failure, current: Some(snapshot) }
                    }
                    _ => WriteOutcome::Committed { after: snapshot, at: ClusterTime::ZERO },
                })
            }
        }
    }

    /// What an error means for the write that met it.
    pub(super) fn write_error(&self, namespace: &Namespace, error: &Error) -> WriteOutcome {
        let tried = format!("writing to {namespace}");
        match reached(error) {
            Reached::Nothing => WriteOutcome::Unreachable(self.failure(&tried, error)),
            Reached::Perhaps => WriteOutcome::Unknown(self.failure(&tried, error)),
            Reached::Refused => failed(match server_error(error) {
                Some((code, message)) => by_code(&tried, code, message)
                    .unwrap_or_else(|| rejection::rejected(code, message, server_details(error).as_deref())),
                None => self.failure(&tried, error),
            }),
        }
    }
}

/// The outcome where a read on the way to a write failed, so that nothing was written.
pub(super) fn stopped(failure: Failure) -> WriteOutcome {
    match failure {
        Failure::Unreachable { .. } => WriteOutcome::Unreachable(failure),
        _ => failed(failure),
    }
}

pub(super) fn failed(failure: Failure) -> WriteOutcome {
    WriteOutcome::Failed { failure, current: None }
}

pub(super) fn conflict(fields: Vec<Path>, current: Snapshot) -> WriteOutcome {
    let failure = Failure::Conflict { fields, current: current.document.clone() };
    WriteOutcome::Failed { failure, current: Some(current) }
}

pub(super) fn snapshot(id: &DocumentId, document: Option<&RawDocument>, stamp: Stamp) -> Snapshot {
    Snapshot { id: id.clone(), document: document.map(Document::light), stamp }
}

/// A command's part for the driver, which takes decoded ones only.
///
/// What does not survive the decoding is refused rather than written otherwise: a name that occurs twice in one document,
/// or text that is not UTF-8.
pub(super) fn exactly(raw: &RawDocument) -> Result<BsonDocument, Failure> {
    let refused = |reason: String| Failure::invalid(format!("this value cannot be sent as it is: {reason}"));
    let decoded = BsonDocument::try_from(raw).map_err(|error| refused(error.to_string()))?;
    match RawDocumentBuf::try_from(&decoded) {
        Ok(encoded) if encoded.as_bytes() == raw.as_bytes() => Ok(decoded),
        _ => Err(refused("a document in it holds the same name twice".into())),
    }
}

pub(super) fn resolved(changes: &[Change]) -> Result<Vec<Resolved>, Failure> {
    let resolve = |change: &Change| match &change.expected {
        Expectation::Value(expected) => Ok(Resolved {
            path: change.path.clone(),
            target: change.target.clone(),
            expected: expected.clone(),
        }),
        Expectation::After(_) => Err(Failure::internal(UNRESOLVED)),
    };
    changes.iter().map(resolve).collect()
}

const UNRESOLVED: &str = "the edit was sent before the one that it goes over was settled";

/// Whether an insert was refused since there is a document of that `_id` already.
fn is_duplicate_id(error: &Error) -> bool {
    server_error(error).is_some_and(|(code, message)| {
        rejection::is_duplicate_id(code, message, server_details(error).as_deref())
    })
}
