//! What other programs do to the database appears in every window, without anybody asking.

use bson::{RawDocumentBuf, doc, oid::ObjectId};
use lockstep_model::Value;

use super::offers::{Workspace, by};
use crate::fixture::{App, Server, until_is};

#[tokio::test]
async fn a_change_an_insert_and_a_delete_from_outside_appear_in_both_windows() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let [first, changed, deleted, fourth] = [0, 1, 2, 3].map(|place| offers.id(place));
    let (first, changed, deleted, fourth) = tokio::join!(first, changed, deleted, fourth);
    for window in [&main, &second] {
        window.until_idle().await;
    }

    offers.set(&changed, doc! { "title": "From outside" }).await;
    for window in [&main, &second] {
        window.until_shown(&changed, "title", "From outside", "saved").await;
    }

    let count = offers.0.count_documents(doc! {}).await.unwrap();
    main.until_count("offers", count).await;
    offers.0.delete_one(by(&deleted)).await.unwrap();
    for window in [&main, &second] {
        window.until_gone(&deleted).await;
    }
    main.until_count("offers", count - 1).await;

    // Its `_id` is before all others.
    let inserted = Value::from(ObjectId::from_bytes([0; 12]));
    let copy = copy_of(&offers.find(&first).await.unwrap(), &inserted, "OF-2026-77777");
    offers.0.insert_one(copy).await.unwrap();
    let expected = [&inserted, &first, &changed, &fourth].map(ToString::to_string);
    for window in [&main, &second] {
        let top = async || window.row_ids().await.into_iter().take(4).collect::<Vec<_>>();
        until_is("the new row is at its place", expected.to_vec(), top).await;
        window.until_shown(&inserted, "number", "OF-2026-77777", "saved").await;
    }
    main.until_count("offers", count).await;
}

#[tokio::test]
async fn a_change_from_outside_moves_the_row_to_its_place_in_the_sort() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.click("title").await;
    let id = offers.id(50).await;
    offers.set(&id, doc! { "title": "!first of all" }).await;
    until_is("its row is the first", Some(id.to_string()), async || main.row_ids().await.into_iter().next())
        .await;
    main.until_shown(&id, "title", "!first of all", "saved").await;
}

#[tokio::test]
async fn without_change_streams_a_change_from_outside_appears_by_polling() {
    let server = Server::standalone().await;
    let things = server.client().await.database("shop").collection::<bson::Document>("things");
    things.insert_one(doc! { "_id": 1, "name": "before" }).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("things").await;
    let id = Value::from(1);
    main.until_shown(&id, "name", "before", "saved").await;
    main.until_status("it says that it polls", |status| status.feed == "polling").await;
    things.update_one(doc! { "_id": 1 }, doc! { "$set": { "name": "after" } }).await.unwrap();
    main.until_shown(&id, "name", "after", "saved").await;
    things.insert_one(doc! { "_id": 2, "name": "new" }).await.unwrap();
    main.until_count("things", 2).await;
}

fn copy_of(document: &RawDocumentBuf, id: &Value, number: &str) -> RawDocumentBuf {
    let mut copy: bson::Document = document.try_into().unwrap();
    copy.insert("_id", bson::Bson::try_from(id.get()).unwrap());
    copy.insert("number", number);
    RawDocumentBuf::try_from(&copy).unwrap()
}
