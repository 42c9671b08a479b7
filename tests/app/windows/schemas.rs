//! What the documents of a collection are, beside what its validator says.

use bson::{Document, doc};
use mongodb::{IndexModel, options::IndexOptions};
use serde_json::json;

use super::transfers::{choose_of_more, table};
use crate::fixture::{App, Server, Window, until};

/// What the line of a field says.
async fn field(window: &Window, path: &str) -> String {
    let script = r#"
        const row = [...document.querySelectorAll("[data-path]")].find((row) => row.dataset.path === arguments[0]);
        return row?.innerText.replace(/\s+/g, " ") ?? null;"#;
    until(&format!("the field {path}"), async || window.read(script, json!([path])).await).await
}

#[tokio::test]
async fn what_disagrees_with_the_validator_is_marked() {
    let server = Server::start().await;
    let database = server.client().await.database("shop");
    let people = database.collection::<Document>("people");
    let validator = doc! { "$jsonSchema": { "required": ["name", "status"], "properties": {
        "name": { "bsonType": "string", "maxLength": 8, "description": "As on the passport" },
        "status": { "enum": ["draft", "sent"] },
        "score": { "bsonType": "int" },
        "lines": { "bsonType": "array", "items": { "bsonType": "object", "properties": { "q": { "bsonType": "int" } } } },
        "left_at": { "bsonType": "date" },
    } } };
    people
        .insert_many([
            doc! { "_id": 1, "name": "Ann", "status": "draft", "score": 1, "lines": [{ "q": 1 }, { "q": 2.5 }] },
            doc! { "_id": 2, "name": "Bo", "status": "lost", "score": 2.0, "lines": [] },
            doc! { "_id": 3, "status": "sent", "score": 40, "extra": { "deep": { "deeper": true } } },
            doc! { "_id": 4, "name": "Cleopatra VII", "status": "sent", "score": "4" },
        ])
        .await
        .unwrap();
    database.run_command(doc! { "collMod": "people", "validator": validator }).await.unwrap();
    let options = IndexOptions::builder().unique(true).sparse(true).name("by name".to_owned()).build();
    people
        .create_index(IndexModel::builder().keys(doc! { "name": 1, "score": -1 }).options(options).build())
        .await
        .unwrap();

    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("people").await;
    choose_of_more(&main, "Schema").await;
    for (path, words) in [
        (
            "name",
            &[
                "text",
                "required",
                "must have at most 8 characters",
                "As on the passport",
                "missing in 1: required",
                "75 %",
                "2 – 13 characters",
                "Bo",
            ][..],
        ),
        ("status", &["draft", "sent", "1 with “lost”: not in the enum", "100 %"]),
        (
            "score",
            &[
                "Int32",
                "50 %",
                "Double",
                "25 %",
                "1 of type Double: not allowed",
                "1 of type text: not allowed",
                "1 – 40",
            ],
        ),
        ("lines[]", &["document", "2 in 2"]),
        ("lines[].q", &["1 of type Double: not allowed", "1 – 2.5"]),
        ("left_at", &["date", "never present", "0 %"]),
        ("extra", &["not in the validator", "25 %"]),
        ("extra.deep.deeper", &["true or false"]),
    ] {
        let shown = field(&main, path).await;
        for word in words {
            assert!(shown.contains(word), "{path} says {shown:?}, without {word:?}");
        }
    }
    assert!(main.text().await.contains("all 4 documents"));
    main.picture("schema").await;

    let script = "document.querySelector('.schema-tabs input').click()";
    let () = main.read(script, json!([])).await;
    until("only those", async || {
        let rows = table(&main, "Fields").await;
        (rows.len() == 5).then_some(())
    })
    .await;
    main.client().await.set_window_size(900, 600).await.unwrap();
    main.picture("schema-small").await;
    main.click("Validator").await;
    until("its JSON", async || main.text().await.contains("\"maxLength\": 8").then_some(())).await;
    main.picture("schema-validator").await;
    let tab = "[...document.querySelectorAll('[role=tab]')].at(-1).click()";
    let () = main.read(tab, json!([])).await;
    let indexes =
        until("the indexes", async || Some(table(&main, "Indexes").await).filter(|rows| rows.len() == 2))
            .await;
    assert_eq!(indexes[1], ["by name", "name ascending score descending", "unique\nsparse"]);
    main.picture("schema-indexes").await;
}

#[tokio::test]
async fn a_collection_without_a_validator_is_told_from_its_documents() {
    let server = Server::with_sample().await;
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("oddities").await;
    choose_of_more(&main, "Schema").await;
    assert!(field(&main, "_id").await.contains("100 %"));
    main.picture("schema-odd").await;
    main.click("Validator").await;
    until("that there is none", async || main.text().await.contains("has no validator").then_some(())).await;
}
