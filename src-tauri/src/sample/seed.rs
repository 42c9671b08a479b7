//! Puts the sample workspace into a server, once. What a person does to it, then or meanwhile, is never touched.

use std::time::Instant;

use lockstep_model::offers::{self, DATABASE};
use mongodb::{
    Client, Database,
    bson::{Document, doc},
    error::{Error, ErrorKind, InsertManyError},
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

/// MongoDB's code for a collection that is there already.
const NAMESPACE_EXISTS: i32 = 48;

/// MongoDB's code for an `_id`, or another unique value, that is there already.
const DUPLICATE_KEY: i32 = 11_000;

/// The sample workspace could not be made.
#[derive(Debug, Error)]
#[error("could not make the sample workspace ({doing}): {}", source.kind)]
pub struct SeedError {
    doing: String,
    source: Error,
}

/// Makes the sample workspace, unless it was made before. What an earlier call left half done is gone on with, in its
/// tier, and nothing that is there is touched: a person may work in it from the first row on. A database of the same
/// name that no call began is left alone.
pub async fn seed(client: &Client, tier: Tier) -> Result<(), SeedError> {
    let begun = Instant::now();
    let database = client.database(DATABASE);
    // In `admin`, so that it is not among the collections that a person sees.
    let notes = client.database("admin").collection::<Document>("lockstep");
    let this = doc! { "_id": DATABASE };

    let tier = match trying("read what was made before", notes.find_one(this.clone())).await? {
        Some(note) if matches!(note.get_bool("complete"), Ok(true)) => return Ok(()),
        Some(note) => note.get_str("tier").ok().and_then(|tier| tier.parse().ok()).unwrap_or(tier),
        None if !trying("list collections", database.list_collection_names()).await?.is_empty() => {
            return Ok(());
        }
        None => tier,
    };
    let note = |complete| doc! { "$set": { "complete": complete, "tier": tier.to_string() } };
    trying("note the beginning", notes.update_one(this.clone(), note(false)).upsert(true)).await?;
    fill(&database, tier).await?;
    trying("note the end", notes.update_one(this, note(true))).await?;
    log::info!("sample workspace ({tier}) made in {:?}", begun.elapsed());
    Ok(())
}

/// All collections are there before the first document, and the offers before all others: they are shown first.
async fn fill(database: &Database, tier: Tier) -> Result<(), SeedError> {
    let create = async |name: &str, options: Document| {
        let mut command = doc! { "create": name };
        command.extend(options);
        trying(name, async { unless_there(database.run_command(command).await, NAMESPACE_EXISTS) }).await
    };
    for collection in offers::collections() {
        create(collection.name, doc! { "validator": collection.validator }).await?;
        let indexes = doc! { "createIndexes": collection.name, "indexes": collection.indexes };
        trying(collection.name, database.run_command(indexes)).await?;
    }
    create(oddities::NAME, doc! {}).await?;

    insert(database, "offers", tier.offers(), |number| generate::offer(number, tier)).await?;
    insert(database, "customers", CUSTOMERS, generate::customer).await?;
    insert(database, "activities", tier.activities(), |number| generate::activity(number, tier)).await?;
    let collection = database.collection(oddities::NAME);
    // One by one: together they are more than a message may hold.
    for document in oddities::documents() {
        let insert = collection.insert_many([document]);
        trying(oddities::NAME, async { unless_there(insert.await, DUPLICATE_KEY) }).await?;
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
            trying(name, async { unless_there(insert.await, DUPLICATE_KEY) }).await
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

/// An error is none where all that it says is `code`: what was to be made is there.
fn unless_there<T>(result: Result<T, Error>, code: i32) -> Result<(), Error> {
    let Err(error) = result else { return Ok(()) };
    let there = match &*error.kind {
        ErrorKind::Command(refusal) => refusal.code == code,
        ErrorKind::InsertMany(InsertManyError {
            write_errors: Some(errors),
            write_concern_error: None,
            ..
        }) => errors.iter().all(|error| error.code == code),
        _ => false,
    };
    if there { Ok(()) } else { Err(error) }
}

async fn trying<T>(doing: &str, command: impl IntoFuture<Output = Result<T, Error>>) -> Result<T, SeedError> {
    command.await.map_err(|source| SeedError { doing: doing.into(), source })
}
