//! Documents and single fields by `_id`.
//!
//! Ids are compared as the model compares them, byte by byte: MongoDB finds the document `1.0` for the id `1`, and that
//! one is not it.

use std::collections::HashMap;

use bson::{Bson, Document as BsonDocument, RawDocument, RawDocumentBuf, doc};
use lockstep_model::{
    Document, DocumentId, Failure, Namespace, Stamp, Value, contract::FieldValue, mutation::Snapshot,
};
use mongodb::{error::Error, options::FindOptions};

use super::{
    Database,
    connection::{LIMIT, by_bytes, finish},
};

impl Database {
    /// The documents of these `_id`s, without their large fields, in this order; missing ones too.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn rows(&self, namespace: &Namespace, ids: &[Value]) -> Result<Vec<Snapshot>, Failure> {
        let (database, namespace, ids) = (self.clone(), namespace.clone(), ids.to_vec());
        finish(async move {
            let wanted = ids.iter().map(as_bson).collect::<Result<Vec<_>, _>>()?;
            let stamp = database.now();
            let mut found = HashMap::new();
            let keep = |raw: &RawDocument| drop(found.insert(id_of(raw), Document::light(raw)));
            let read = database.each(&namespace, doc! { "_id": { "$in": wanted } }, by_id(), keep).await;
            read.map_err(|error| database.failure(&format!("reading {namespace}"), &error))?;
            let snapshot = |id: Value| {
                let document = found.get(&Some(id.clone())).cloned();
                Snapshot { id: DocumentId { namespace: namespace.clone(), id }, document, stamp }
            };
            Ok(ids.into_iter().map(snapshot).collect())
        })
        .await
    }

    /// One document, without its large fields.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn document(&self, id: &DocumentId) -> Result<Snapshot, Failure> {
        let mut rows = self.rows(&id.namespace, std::slice::from_ref(&id.id)).await?;
        Ok(rows.pop().expect("rows returns one snapshot for each id"))
    }

    /// One top-level field, however large.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where there is no such document, and those of any read.
    pub async fn field(&self, id: &DocumentId, field: &str) -> Result<FieldValue, Failure> {
        let (database, id, field) = (self.clone(), id.clone(), field.to_owned());
        finish(async move {
            let mut options = by_id();
            // A name may hold dots and dollars, which a plain projection takes for paths and operators.
            let value = doc! { "$getField": { "field": { "$literal": &field }, "input": "$$ROOT" } };
            options.projection = Some(doc! { "_id": 1, "value": value });
            let stamp = database.now();
            let mut found = None;
            let filter = doc! { "_id": { "$eq": as_bson(&id.id)? } };
            let keep = |raw: &RawDocument| {
                if id_of(raw).as_ref() == Some(&id.id) {
                    found = Some(raw.get("value").ok().flatten().map(Value::from_ref));
                }
            };
            let read = database.each(&id.namespace, filter, options, keep).await;
            read.map_err(|error| database.failure(&format!("reading {field} of {id:?}"), &error))?;
            match found {
                Some(value) => Ok(FieldValue { value, stamp }),
                None => Err(Failure::NotFound { message: format!("there is no document {id:?}") }),
            }
        })
        .await
    }

    /// The document whole, as it is on the primary now, and the stamp of the read.
    pub(super) async fn whole(&self, id: &DocumentId) -> Result<(Option<RawDocumentBuf>, Stamp), Failure> {
        let filter = doc! { "_id": { "$eq": as_bson(&id.id)? } };
        let stamp = self.now();
        let mut found = None;
        let keep = |raw: &RawDocument| {
            if id_of(raw).as_ref() == Some(&id.id) {
                found = Some(raw.to_owned());
            }
        };
        let read = self.each(&id.namespace, filter, by_id(), keep).await;
        read.map_err(|error| self.failure(&format!("reading {id:?}"), &error))?;
        Ok((found, stamp))
    }

    /// Runs a find to its end, and gives each document to `take`.
    pub(super) async fn each(
        &self,
        namespace: &Namespace,
        filter: BsonDocument,
        options: FindOptions,
        mut take: impl FnMut(&RawDocument),
    ) -> Result<(), Error> {
        let mut session = self.session().await?;
        let collection = self.collection(namespace);
        let mut cursor = collection.find(filter).with_options(options).session(&mut session).await?;
        while cursor.advance(&mut session).await? {
            take(cursor.current());
        }
        self.clock().replied(&session);
        Ok(())
    }
}

fn by_id() -> FindOptions {
    FindOptions::builder().collation(by_bytes()).max_time(LIMIT).build()
}

fn id_of(raw: &RawDocument) -> Option<Value> {
    raw.get("_id").ok().flatten().map(Value::from_ref)
}

/// A value for the driver, which takes decoded filters only.
pub(super) fn as_bson(value: &Value) -> Result<Bson, Failure> {
    Bson::try_from(value.get())
        .map_err(|error| Failure::invalid(format!("this _id is not valid BSON: {error}")))
}
