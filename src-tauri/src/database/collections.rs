//! Which collections there are, with their validators and how much is in them.
//!
//! The server's own are left out. Nothing here reads a document of a collection.

use std::collections::HashMap;

use bson::{RawDocument, RawDocumentBuf, rawdoc};
use lockstep_model::{
    Failure, Namespace,
    contract::{Collection, CollectionList},
};
use mongodb::error::{Error, ErrorKind};
use tokio::task::JoinSet;

use super::{
    Database,
    connection::{LIMIT, finish},
};

/// Databases of the server itself.
const SYSTEM_DATABASES: [&str; 3] = ["admin", "config", "local"];
const UNAUTHORISED: i32 = 13;

impl Database {
    /// All collections that the user may see, by name, not counted yet. A user who may not list databases gets those of the
    /// address's own.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn collections(&self) -> Result<CollectionList, Failure> {
        let database = self.clone();
        finish(async move {
            let stamp = database.now();
            let read = database.read_collections().await;
            let mut collections =
                read.map_err(|error| database.failure("listing the collections", &error))?;
            collections.sort_by(|a, b| a.namespace.cmp(&b.namespace));
            Ok(CollectionList { collections, stamp })
        })
        .await
    }

    /// One collection, not counted; `None` where there is none.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn describe(&self, namespace: &Namespace) -> Result<Option<Collection>, Failure> {
        let (database, namespace) = (self.clone(), namespace.clone());
        finish(async move {
            let description = database.description(&namespace).await;
            let description =
                description.map_err(|error| database.failure(&format!("looking at {namespace}"), &error))?;
            Ok(description.and_then(|description| described(&namespace.database, &description)))
        })
        .await
    }

    /// The server's description of one collection.
    pub(super) async fn description(&self, namespace: &Namespace) -> Result<Option<RawDocumentBuf>, Error> {
        self.disturbing().pass().await?;
        let command =
            rawdoc! { "listCollections": 1, "filter": { "name": &*namespace.collection }, "cursor": {} };
        let database = self.client().database(&namespace.database);
        let mut cursor = database.run_raw_cursor_command(command).await?;
        Ok(if cursor.advance().await? { Some(cursor.current().to_owned()) } else { None })
    }

    async fn read_collections(&self) -> Result<Vec<Collection>, Error> {
        self.disturbing().pass().await?;
        let mut found = Vec::new();
        for name in self.database_names().await? {
            match self.collections_of(&name).await {
                Ok(collections) => found.extend(collections),
                Err(error) if is_unauthorised(&error) => {
                    log::info!("no right to list the collections of {name}")
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// How many documents each of these collections has, estimated. Some servers count for that, so nobody should wait for
    /// it; a collection where it fails is left out.
    pub async fn count(&self, namespaces: Vec<Namespace>) -> HashMap<Namespace, u64> {
        if self.disturbing().pass().await.is_err() {
            return HashMap::new();
        }
        let mut counts = JoinSet::new();
        for namespace in namespaces {
            let handle = self.collection(&namespace);
            counts.spawn(async move {
                let count = handle.estimated_document_count().max_time(LIMIT).await;
                Some((namespace, count.ok()?))
            });
        }
        counts.join_all().await.into_iter().flatten().collect()
    }

    async fn database_names(&self) -> Result<Vec<String>, Error> {
        let names = match self.client().list_database_names().await {
            Err(error) if is_unauthorised(&error) => self
                .client()
                .default_database()
                .map(|database| database.name().to_owned())
                .into_iter()
                .collect(),
            names => names?,
        };
        Ok(names.into_iter().filter(|name| !SYSTEM_DATABASES.contains(&name.as_str())).collect())
    }

    async fn collections_of(&self, database: &str) -> Result<Vec<Collection>, Error> {
        let command = rawdoc! { "listCollections": 1, "cursor": {} };
        let cursor = self.client().database(database).run_raw_cursor_command(command).await?;
        let mut cursor = cursor.with_type::<RawDocumentBuf>();
        let mut collections = Vec::new();
        while cursor.advance().await? {
            collections.extend(described(database, cursor.current()));
        }
        Ok(collections)
    }
}

/// A collection from the server's description; `None` for the server's own.
fn described(database: &str, description: &RawDocument) -> Option<Collection> {
    let name = description.get_str("name").ok().filter(|name| !name.starts_with("system."))?;
    let read_only = match description.get_str("type") {
        Ok("view") => Some("a view cannot be edited: edit the collection that it shows".to_owned()),
        Ok("timeseries") => Some("documents of a time series cannot be edited one by one".to_owned()),
        _ => None,
    };
    let options = description.get_document("options").ok();
    let validator = options.and_then(|options| options.get_document("validator").ok()).map(ToOwned::to_owned);
    Some(Collection { namespace: Namespace::new(database, name), count: None, validator, read_only })
}

fn is_unauthorised(error: &Error) -> bool {
    matches!(error.kind.as_ref(), ErrorKind::Command(error) if error.code == UNAUTHORISED)
}
