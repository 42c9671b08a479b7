//! All documents of a list, one after the other, for as long as somebody takes them.

use bson::RawDocumentBuf;
use lockstep_model::{Failure, ListQuery, Namespace};
use mongodb::{error::Error, options::FindOptions};
use tokio::sync::mpsc;

use super::{
    Database,
    connection::{LIMIT, by_bytes, finish},
    list::{filter, sort},
};

/// Documents travel to whoever takes them in pieces of about so many bytes.
const PIECE_BYTES: usize = 1024 * 1024;

impl Database {
    /// Reads whole documents into `pieces`, in the query's order, until all are read or nobody takes them any more. It has
    /// no limit of time.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for a filter that the server does not understand, or that holds code; those of any read.
    pub async fn read_out(
        &self,
        namespace: &Namespace,
        query: &ListQuery,
        pieces: mpsc::Sender<Vec<RawDocumentBuf>>,
    ) -> Result<(), Failure> {
        let (database, namespace) = (self.clone(), namespace.clone());
        let (filter, sort) = (filter(&query.filter)?, sort(query));
        let options = FindOptions::builder().sort(sort).collation(by_bytes()).allow_disk_use(true).build();
        finish(async move {
            let read = async {
                let mut session = database.session().await?;
                let collection = database.collection(&namespace);
                let mut cursor = collection.find(filter).with_options(options).session(&mut session).await?;
                let (mut piece, mut bytes) = (Vec::new(), 0);
                while cursor.advance(&mut session).await? {
                    let document = cursor.current();
                    bytes += document.as_bytes().len();
                    piece.push(document.to_owned());
                    if bytes >= PIECE_BYTES {
                        database.disturbing().pass().await?;
                        bytes = 0;
                        if pieces.send(std::mem::take(&mut piece)).await.is_err() {
                            return Ok(());
                        }
                    }
                }
                // Where nobody takes it any more, nobody misses it.
                let _ = pieces.send(piece).await;
                database.clock().replied(&session);
                Ok::<_, Error>(())
            };
            read.await.map_err(|error| database.failure(&format!("reading {namespace}"), &error))
        })
        .await
    }

    /// How many documents a list has; `None` where the server does not say so in time.
    pub async fn count_of(&self, namespace: &Namespace, query: &ListQuery) -> Option<u64> {
        let (database, namespace) = (self.clone(), namespace.clone());
        let (filter, takes_all) = (filter(&query.filter).ok()?, query.takes_all());
        finish(async move {
            let collection = database.collection(&namespace);
            match takes_all {
                true => collection.estimated_document_count().max_time(LIMIT).await.ok(),
                false => collection.count_documents(filter).max_time(LIMIT).await.ok(),
            }
        })
        .await
    }
}
