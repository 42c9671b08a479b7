//! A list that is longer than what is read of it at once.

use bson::{Document, doc};
use lockstep_model::Value;
use serde_json::json;

use super::offers::{Offers, Workspace};
use crate::fixture::{Window, until};

const COUNT: i32 = 100_500;

/// Scrolls to the last row that the table has.
async fn scroll_to_end(window: &Window) {
    let script = r#"
        const scroll = document.querySelector("[role=grid]").parentElement;
        scroll.scrollTop = scroll.scrollHeight;"#;
    let () = window.read(script, json!([])).await;
}

async fn until_counted(window: &Window, words: &str) {
    let script = r#"return document.querySelector(".toolbar-count")?.textContent === arguments[0]"#;
    let counted = async || window.read::<bool>(script, json!([words])).await.then_some(());
    until(&format!("the toolbar says {words}"), counted).await;
}

#[tokio::test]
async fn rows_beyond_the_first_hundred_thousand_are_read_when_the_last_ones_come_near() {
    let Workspace { app, server, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let many = server.client().await.database("sample").collection::<Document>("many");
    many.insert_many((0..COUNT).map(|i| doc! { "_id": i, "name": format!("Number {i}") })).await.unwrap();
    main.open_collection("many").await;
    until_counted(&main, "the first 100,000 documents").await;
    main.picture("first-page").await;

    scroll_to_end(&main).await;
    until_counted(&main, "100,500 documents").await;
    let last = Value::from(COUNT - 1);
    until("the last row", async || {
        scroll_to_end(&main).await;
        (main.row_ids().await.last() == Some(&last.to_string())).then_some(())
    })
    .await;
    main.until_shown(&last, "name", "Number 100499", "saved").await;

    main.edit(&last, "name", "The last").await;
    main.until_shown(&last, "name", "The last", "saved").await;
    let many = Offers::of(server, "many").await;
    many.until_field(&last, "name", "The last").await;

    let newest = Value::from(COUNT);
    many.0.insert_one(bson::rawdoc! { "_id": COUNT, "name": "Newer still" }).await.unwrap();
    until("what others add behind the last row", async || {
        scroll_to_end(&main).await;
        (main.row_ids().await.last() == Some(&newest.to_string())).then_some(())
    })
    .await;
    until_counted(&main, "100,501 documents").await;
}
