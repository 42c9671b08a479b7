//! Many new documents at once, and what became of each.

use std::collections::HashMap;

use bson::{RawDocument, RawDocumentBuf, doc};
use lockstep_model::{Failure, Namespace, Revision, Value};
use lockstep_sync::write::rejection;
use mongodb::{
    error::{Error, ErrorKind, InsertManyError},
    options::FindOptions,
};

use super::{
    Database,
    connection::{LIMIT, finish},
    failure::{Reached, reached},
};

/// What became of documents that were sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Inserted {
    /// All are there, but for those that are named by their place.
    Done(Vec<(usize, Refusal)>),
    /// The server could not be reached, and nothing was written.
    Unreachable(Failure),
    /// They were sent, and nobody heard what became of them.
    Unknown(Failure),
    /// The server takes none of them: a right that is missing, a view.
    Refused(Failure),
}

/// Why one document was not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// There is another document with its `_id`.
    pub id_is_taken: bool,
    /// In words.
    pub reason: String,
}

impl Database {
    /// Inserts documents, in whatever order, and waits for the majority of the servers and their disks.
    pub async fn insert_all(&self, namespace: &Namespace, documents: Vec<RawDocumentBuf>) -> Inserted {
        let (database, namespace) = (self.clone(), namespace.clone());
        finish(async move {
            let inserted = async {
                let mut session = database.session().await?;
                let collection = database.collection(&namespace);
                collection.insert_many(&documents).ordered(false).session(&mut session).await?;
                database.clock().replied(&session);
                Ok::<_, Error>(())
            };
            let Err(error) = inserted.await else { return Inserted::Done(Vec::new()) };
            let failure = database.failure(&format!("writing to {namespace}"), &error);
            match (error.kind.as_ref(), reached(&error)) {
                (ErrorKind::InsertMany(errors), _) if errors.write_concern_error.is_none() => {
                    Inserted::Done(refusals(errors))
                }
                (ErrorKind::InsertMany(_), _) | (_, Reached::Perhaps) => Inserted::Unknown(failure),
                (_, Reached::Nothing) => Inserted::Unreachable(failure),
                (_, Reached::Refused) => Inserted::Refused(failure),
            }
        })
        .await
    }

    /// Some documents of a collection, whole.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn some(&self, namespace: &Namespace, count: u32) -> Result<Vec<RawDocumentBuf>, Failure> {
        let (database, namespace) = (self.clone(), namespace.clone());
        finish(async move {
            let options = FindOptions::builder().limit(i64::from(count)).max_time(LIMIT).build();
            let mut some = Vec::new();
            let read = database.each(&namespace, doc! {}, options, |raw| some.push(raw.to_owned())).await;
            read.map_err(|error| database.failure(&format!("reading {namespace}"), &error))?;
            Ok(some)
        })
        .await
    }

    /// Which of these documents are there, each with just this content: by their places.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn are_there(
        &self,
        namespace: &Namespace,
        documents: &[&RawDocument],
    ) -> Result<Vec<bool>, Failure> {
        let id = |document: &RawDocument| document.get("_id").ok().flatten().map(Value::from_ref);
        let ids: Vec<_> = documents.iter().filter_map(|document| id(document)).collect();
        let there: HashMap<_, _> = self
            .rows(namespace, &ids)
            .await?
            .into_iter()
            .filter_map(|snapshot| Some((snapshot.id.id, snapshot.document?.revision())))
            .collect();
        let is_there = |document: &&RawDocument| {
            id(document).is_some_and(|id| there.get(&id) == Some(&Revision::of(document)))
        };
        Ok(documents.iter().map(is_there).collect())
    }
}

fn refusals(errors: &InsertManyError) -> Vec<(usize, Refusal)> {
    let refusal = |error: &mongodb::error::IndexedWriteError| {
        let details = error.details.as_ref().and_then(|details| RawDocumentBuf::try_from(details).ok());
        let failure = rejection::rejected(error.code, &error.message, details.as_deref());
        let id_is_taken = rejection::is_duplicate_id(error.code, &error.message, details.as_deref());
        (error.index, Refusal { id_is_taken, reason: failure.to_string() })
    };
    errors.write_errors.iter().flatten().map(refusal).collect()
}
