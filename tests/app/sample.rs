//! The sample workspace: made once, whole, never over a person's edits; and the rules that only the database
//! knows.

use lockstep_host::sample::{self, DATABASE, Tier};
use mongodb::{
    Client, Database,
    bson::{Bson, Decimal128, Document, doc, spec::ElementType},
    error::{ErrorKind, WriteFailure},
};

use crate::fixture::Server;

async fn counts(client: &Client) -> Vec<(String, u64)> {
    let database = client.database(DATABASE);
    let mut names = database.list_collection_names().await.unwrap();
    names.sort();
    let mut counts = Vec::new();
    for name in names {
        let count = database.collection::<Document>(&name).count_documents(doc! {}).await.unwrap();
        counts.push((name, count));
    }
    counts
}

async fn offer(database: &Database) -> Document {
    database
        .collection::<Document>("offers")
        .find_one(doc! {})
        .sort(doc! { "number": 1 })
        .await
        .unwrap()
        .unwrap()
}

/// The code that the server refuses a write with.
fn code(result: mongodb::error::Result<impl Sized>) -> Option<i32> {
    match *result.err()?.kind {
        ErrorKind::Write(WriteFailure::WriteError(error)) => Some(error.code),
        ErrorKind::Command(error) => Some(error.code),
        other => panic!("not a refusal: {other}"),
    }
}

#[tokio::test]
async fn it_is_complete_and_made_only_once() {
    let server = Server::with_sample().await;
    let client = server.client().await;
    let complete = counts(&client).await;
    let of = |name: &str| complete.iter().find(|(found, _)| found == name).map_or(0, |(_, count)| *count);
    assert_eq!((of("offers"), of("customers"), of("activities")), (100, 500, 500));
    assert!(of("oddities") > 30, "{complete:?}");

    let offers = client.database(DATABASE).collection::<Document>("offers");
    offers.delete_many(doc! { "status": "won" }).await.unwrap();
    let edited = counts(&client).await;
    assert_ne!(edited, complete);
    sample::seed(&client, Tier::Small).await.unwrap();
    assert_eq!(counts(&client).await, edited);
}

#[tokio::test]
async fn every_document_passes_its_collection_s_validator() {
    let server = Server::with_sample().await;
    let database = server.client().await.database(DATABASE);
    for collection in lockstep_model::offers::collections() {
        let documents = database.collection::<Document>(collection.name);
        let passing = documents.count_documents(collection.validator.clone()).await.unwrap();
        let refused = documents.count_documents(doc! { "$nor": [collection.validator] }).await.unwrap();
        assert!(passing > 0 && refused == 0, "{}: {passing} pass, {refused} do not", collection.name);
    }
}

#[tokio::test]
async fn half_of_one_is_gone_on_with_over_nobody_s_edits() {
    let server = Server::with_sample().await;
    let client = server.client().await;
    let database = client.database(DATABASE);
    let complete = counts(&client).await;

    // As a host leaves it that is killed in the middle, when a person has already worked in it.
    let notes = client.database("admin").collection::<Document>("lockstep");
    let note = async |facts: Document| {
        notes.update_one(doc! { "_id": DATABASE }, doc! { "$set": facts }).await.unwrap();
    };
    note(doc! { "complete": false }).await;
    database.collection::<Document>("customers").drop().await.unwrap();
    database.collection::<Document>("oddities").delete_many(doc! { "value": 42 }).await.unwrap();
    let offers = database.collection::<Document>("offers");
    let edited = offer(&database).await;
    let deleted = doc! { "status": "lost", "_id": { "$ne": edited.get("_id") } };
    offers.delete_many(deleted.clone()).await.unwrap();
    let this = doc! { "_id": edited.get("_id") };
    offers.update_one(this.clone(), doc! { "$set": { "title": "edited" } }).await.unwrap();

    // The tier is the one that was begun with.
    sample::seed(&client, Tier::Standard).await.unwrap();
    assert_eq!(offers.count_documents(deleted).await.unwrap(), 0, "what a person deleted does not come back");
    // And where it was killed among the offers, before anybody saw them:
    note(doc! { "complete": false, "offers": false }).await;
    sample::seed(&client, Tier::Standard).await.unwrap();
    assert_eq!(counts(&client).await, complete);
    assert_eq!(offers.find_one(this).await.unwrap().unwrap().get_str("title").unwrap(), "edited");
}

#[tokio::test]
async fn a_database_of_its_name_that_is_somebody_else_s_is_left_alone() {
    let server = Server::start().await;
    let client = server.client().await;
    let theirs = client.database(DATABASE).collection("theirs");
    theirs.insert_one(doc! { "_id": 1 }).await.unwrap();
    sample::seed(&client, Tier::Small).await.unwrap();
    assert_eq!(counts(&client).await, [("theirs".to_owned(), 1)]);
}

#[tokio::test]
async fn it_is_the_same_on_every_server() {
    let (one, other) = (Server::with_sample().await, Server::with_sample().await);
    let one = offer(&one.client().await.database(DATABASE)).await;
    assert_eq!(one, offer(&other.client().await.database(DATABASE)).await);
}

#[tokio::test]
async fn the_database_refuses_what_only_it_can_judge() {
    const VALIDATION: i32 = 121;
    const DUPLICATE: i32 = 11_000;
    let server = Server::with_sample().await;
    let database = server.client().await.database(DATABASE);
    let offers = database.collection::<Document>("offers");
    let offer = offer(&database).await;
    let other = offers.find_one(doc! { "number": { "$ne": offer.get("number") } }).await.unwrap().unwrap();
    let decimal = |text: &str| Bson::Decimal128(text.parse::<Decimal128>().unwrap());

    for (change, refused) in [
        (doc! { "discount": decimal("99999999999") }, Some(VALIDATION)),
        (doc! { "amount": decimal("-1"), "discount": decimal("-2") }, Some(VALIDATION)),
        (doc! { "status": "unheard of" }, Some(VALIDATION)),
        (doc! { "number": other.get("number") }, Some(DUPLICATE)),
        (doc! { "discount": offer.get("amount") }, None),
        (doc! { "title": "another" }, None),
    ] {
        let result = offers.update_one(doc! { "_id": offer.get("_id") }, doc! { "$set": &change }).await;
        assert_eq!(code(result), refused, "{change}");
    }
}

#[tokio::test]
async fn the_oddities_come_back_as_they_were_written() {
    let server = Server::with_sample().await;
    let oddities = server.client().await.database(DATABASE).collection::<Document>("oddities");
    let all = oddities.find_one(doc! { "_id": "every type" }).await.unwrap().unwrap();
    use ElementType::*;
    for wanted in [
        Double,
        String,
        EmbeddedDocument,
        Array,
        Binary,
        Undefined,
        ObjectId,
        Boolean,
        DateTime,
        Null,
        RegularExpression,
        DbPointer,
        JavaScriptCode,
        Symbol,
        JavaScriptCodeWithScope,
        Int32,
        Timestamp,
        Int64,
        Decimal128,
        MinKey,
        MaxKey,
    ] {
        assert!(all.values().any(|value| value.element_type() == wanted), "{wanted:?}");
    }
    assert_eq!(all.get("decimal128").unwrap().to_string(), "1.00");

    let large = oddities.find_one(doc! { "_id": "large" }).await.unwrap().unwrap();
    assert!(
        large.get_str("text").unwrap().len() + large.get_binary_generic("binary").unwrap().len() == 14 << 20
    );
}
