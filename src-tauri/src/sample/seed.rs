//! Puts the sample workspace into a server, once. What a person did to it since is never touched.

use std::time::Instant;

use lockstep_model::offers::{self, DATABASE};
use mongodb::{
    Client, Database,
    bson::{Document, doc},
    error::Error,
};
use serde::Serialize;
use thiserror::Error;
use tokio::task::JoinSet;

use super::{
    generate, oddities,
    tier::{CUSTOMERS, Tier},
};

/// Documents to an insert command.
const BATCH: u32 = 1_000;

/// Insert commands on their way at a time: while the server writes some, the next are made.
const AT_A_TIME: usize = 3;

/// The sample workspace could not be made.
#[derive(Debug, Error)]
#[error("could not make the sample workspace ({doing}): {}", source.kind)]
pub struct SeedError {
    doing: String,
    source: Error,
}

/// Makes the sample workspace, unless it was made before: `tier` counts only the first time. What an earlier call
/// left half done is dropped and begun again; a database of the same name that no call began is left alone.
pub async fn seed(client: &Client, tier: Tier) -> Result<(), SeedError> {
    let begun = Instant::now();
    let database = client.database(DATABASE);
    // In `admin`, so that it is not among the collections that a person sees.
    let notes = client.database("admin").collection::<Document>("lockstep");
    let this = doc! { "_id": DATABASE };

    match trying("read what was made before", notes.find_one(this.clone())).await? {
        Some(note) if matches!(note.get_bool("complete"), Ok(true)) => return Ok(()),
        Some(_) => trying("drop what was left half done", database.drop()).await?,
        None if !trying("list collections", database.list_collection_names()).await?.is_empty() => {
            return Ok(());
        }
        None => {}
    }
    let note = |complete| doc! { "$set": { "complete": complete, "tier": tier.to_string() } };
    trying("note the beginning", notes.update_one(this.clone(), note(false)).upsert(true)).await?;
    fill(&database, tier).await?;
    trying("note the end", notes.update_one(this, note(true))).await?;
    log::info!("sample workspace ({tier}) made in {:?}", begun.elapsed());
    Ok(())
}

/// All collections are there before the first document, and the offers before all others: they are shown first.
async fn fill(database: &Database, tier: Tier) -> Result<(), SeedError> {
    for collection in offers::collections() {
        let create = doc! { "create": collection.name, "validator": collection.validator };
        trying(collection.name, database.run_command(create)).await?;
        let indexes = doc! { "createIndexes": collection.name, "indexes": collection.indexes };
        trying(collection.name, database.run_command(indexes)).await?;
    }
    trying(oddities::NAME, database.create_collection(oddities::NAME)).await?;

    insert(database, "offers", tier.offers(), |number| generate::offer(number, tier)).await?;
    insert(database, "customers", CUSTOMERS, generate::customer).await?;
    insert(database, "activities", tier.activities(), |number| generate::activity(number, tier)).await?;
    // One by one: together they are more than a message may hold.
    for document in oddities::documents() {
        trying(oddities::NAME, database.collection(oddities::NAME).insert_one(document)).await?;
    }
    Ok(())
}

/// Inserts the documents number 0 to `count`.
async fn insert<T: Serialize + Send + Sync + 'static>(
    database: &Database,
    name: &'static str,
    count: u32,
    document: impl Fn(u32) -> T,
) -> Result<(), SeedError> {
    let mut on_their_way = JoinSet::new();
    for first in (0..count).step_by(BATCH as usize) {
        if on_their_way.len() == AT_A_TIME {
            next(&mut on_their_way).await?;
        }
        let batch: Vec<T> = (first..count.min(first + BATCH)).map(&document).collect();
        let collection = database.collection(name);
        on_their_way.spawn(async move {
            // Validation takes the server longer than the insert, and there is a test that every document passes it.
            let insert = collection.insert_many(batch).ordered(false).bypass_document_validation(true);
            trying(name, insert).await.map(drop)
        });
    }
    while !on_their_way.is_empty() {
        next(&mut on_their_way).await?;
    }
    Ok(())
}

/// Waits for one of the commands.
async fn next(on_their_way: &mut JoinSet<Result<(), SeedError>>) -> Result<(), SeedError> {
    match on_their_way.join_next().await {
        Some(Ok(ended)) => ended,
        // Nobody cancels them, and the driver does not panic; where it does, so do we.
        Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        None => Ok(()),
    }
}

async fn trying<T>(doing: &str, command: impl IntoFuture<Output = Result<T, Error>>) -> Result<T, SeedError> {
    command.await.map_err(|source| SeedError { doing: doing.into(), source })
}
