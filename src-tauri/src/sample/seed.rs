//! Puts the sample workspace into a server, once. What a person does to it, then or meanwhile, is never touched.

use std::time::Instant;

use lockstep_model::offers::{self, DATABASE};
use mongodb::{
    Client, Collection, Database,
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

/// Makes the sample workspace, unless it was made before: all of it, before this returns.
///
/// # Errors
/// Where the server refuses a part of it.
pub async fn seed(client: &Client, tier: Tier) -> Result<(), SeedError> {
    match begin(client, tier).await? {
        Some(rest) => rest.finish().await,
        None => Ok(()),
    }
}

/// Makes what is shown first, all collections and the offers, unless that was made before. What an earlier call left
/// half done is gone on with, in its tier, and nothing that is there is touched: a person may work in it from here on,
/// while the [rest](Rest) is made. `None` is: there is none. A database of the same name that no call began is left
/// alone.
///
/// # Errors
/// Where the server refuses a part of it.
pub async fn begin(client: &Client, tier: Tier) -> Result<Option<Rest>, SeedError> {
    let begun = Instant::now();
    let database = client.database(DATABASE);
    // In `admin`, so that it is not among the collections that a person sees.
    let notes = client.database("admin").collection::<Document>("lockstep");
    let note = trying("read what was made before", notes.find_one(doc! { "_id": DATABASE })).await?;
    let has = |fact| note.as_ref().is_some_and(|note| matches!(note.get_bool(fact), Ok(true)));
    if has(COMPLETE) {
        return Ok(None);
    }
    let began = note.as_ref().and_then(|note| note.get_str("tier").ok()?.parse().ok());
    let tier = match began {
        Some(tier) => tier,
        None if !trying("list collections", database.list_collection_names()).await?.is_empty() => {
            return Ok(None);
        }
        None => tier,
    };
    let rest = Rest { database, notes, tier, begun };
    // Offers that were all there once, and are not now, a person has deleted.
    if !has(OFFERS) {
        rest.note(doc! { "tier": tier.to_string(), OFFERS: false, COMPLETE: false }).await?;
        rest.make_collections().await?;
        rest.insert("offers", tier.offers(), |number| generate::offer(number, tier)).await?;
        rest.note(doc! { OFFERS: true }).await?;
        log::info!("sample workspace ({tier}): offers made in {:?}", begun.elapsed());
    }
    Ok(Some(rest))
}

/// What is noted: the offers are made; all is.
const OFFERS: &str = "offers";
const COMPLETE: &str = "complete";

/// What is left to make of the sample workspace while a person works in it already.
#[must_use = "the rest is made by `finish`"]
pub struct Rest {
    database: Database,
    notes: Collection<Document>,
    tier: Tier,
    begun: Instant,
}

impl Rest {
    /// Makes it.
    ///
    /// # Errors
    /// Where the server refuses a part of it.
    pub async fn finish(self) -> Result<(), SeedError> {
        let tier = self.tier;
        self.insert("customers", CUSTOMERS, generate::customer).await?;
        self.insert("activities", tier.activities(), |number| generate::activity(number, tier)).await?;
        let oddities = self.database.collection(oddities::NAME);
        // One by one: together they are more than a message may hold.
        for document in oddities::documents() {
            let insert = oddities.insert_many([document]);
            trying(oddities::NAME, async { unless_there(insert.await, DUPLICATE_KEY) }).await?;
        }
        self.note(doc! { COMPLETE: true }).await?;
        log::info!("sample workspace ({tier}) made in {:?}", self.begun.elapsed());
        Ok(())
    }

    async fn note(&self, facts: Document) -> Result<(), SeedError> {
        let note = self.notes.update_one(doc! { "_id": DATABASE }, doc! { "$set": facts }).upsert(true);
        trying("note what is made", note).await.map(drop)
    }

    async fn make_collections(&self) -> Result<(), SeedError> {
        let create = async |name: &str, options: Document| {
            let mut command = doc! { "create": name };
            command.extend(options);
            let created = self.database.run_command(command);
            trying(name, async { unless_there(created.await, NAMESPACE_EXISTS) }).await
        };
        for collection in offers::collections() {
            create(collection.name, doc! { "validator": collection.validator }).await?;
            let indexes = doc! { "createIndexes": collection.name, "indexes": collection.indexes };
            trying(collection.name, self.database.run_command(indexes)).await?;
        }
        create(oddities::NAME, doc! {}).await
    }

    /// Inserts the documents number 0 to `count`.
    async fn insert<T: Serialize + Send + Sync + 'static>(
        &self,
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
            let collection = self.database.collection(name);
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
