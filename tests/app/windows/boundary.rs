//! A zone that cannot be shown says so in its place, and the rest of the window lives on.

use bson::{doc, rawdoc};
use lockstep_model::{
    ListQuery, Namespace, Value,
    contract::{TableLayout, View, encode},
};
use serde_json::json;

use crate::fixture::{App, Server, until};

#[tokio::test]
async fn a_table_that_cannot_be_read_says_why_and_is_there_once_it_can_and_the_person_tries_again() {
    let server = Server::start().await;
    let things = server.client().await.database("shop").collection::<bson::Document>("things");
    things.insert_one(doc! { "_id": 1, "name": "first", "by": 0 }).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("things").await;

    // No server can tell which documents this filter means, as long as one of them divides by nothing.
    let filter = rawdoc! { "$expr": { "$lt": [{ "$divide": [1, "$by"] }, 10] } };
    let query = ListQuery { filter: Value::document(&filter), ..ListQuery::all() };
    let view = View::Table {
        namespace: Namespace::new("shop", "things"),
        query,
        layout: TableLayout::default(),
        top_row: 0,
    };
    let script = "window.__TAURI_INTERNALS__.invoke('open_window', new Uint8Array(arguments[0]))";
    let () = main.read(script, json!([encode(&view).unwrap()])).await;
    let second = app.window("window-2").await;
    let said = until("the notice", async || {
        let text = second.text().await;
        text.contains("The list of shop.things could not be read").then_some(text)
    })
    .await;
    assert!(said.contains("Try again"), "{said}");
    second.picture("boundary").await;

    // The rest of it lives: its toolbar, its status bar, and what it hears.
    second.until_status("it is live", |status| status.feed == "live").await;
    assert!(said.contains("Columns"), "{said}");
    main.until_shown(&Value::from(1), "name", "first", "saved").await;

    second.click("Try again").await;
    until("the notice is back", async || second.text().await.contains("could not be read").then_some(()))
        .await;
    things.update_one(doc! { "_id": 1 }, doc! { "$set": { "by": 1 } }).await.unwrap();
    main.until_shown(&Value::from(1), "by", "1", "saved").await;
    second.click("Try again").await;
    second.until_shown(&Value::from(1), "name", "first", "saved").await;
}
