//! What is filtered and sorted, in a file: exact, whole or not at all, and taken back in as it was.

use std::{fs, path::Path};

use bson::{RawDocumentBuf, doc, rawdoc};
use lockstep_model::{
    ListQuery, Namespace, Path as Field, Value,
    contract::{Disturbance, TableLayout, View, command, transfer::JobState},
    key::Direction,
};
use mongodb::Collection;

use super::transfers::{all, choose_format, choose_of_more, export, import, tally, until_done, until_job};
use crate::fixture::{App, Server, until};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().display().to_string());
    entries.collect()
}

#[tokio::test]
async fn a_filtered_list_that_is_exported_and_imported_elsewhere_is_the_same_to_the_byte() {
    let (server, folder) = (Server::with_sample().await, tempfile::tempdir().unwrap());
    let database = server.client().await.database("sample");
    for copies in ["copies_NDJSON", "copies_JSON"] {
        database.create_collection(copies).await.unwrap();
    }
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    let query = ListQuery {
        filter: Value::document(&rawdoc! { "status": { "$in": ["won", "lost"] } }),
        sort: vec![(Field::dotted("amount"), Direction::Descending)],
    };
    let offers = Namespace::new("sample", "offers");
    main.call::<command::OpenWindow>(&View::Table {
        namespace: offers,
        query,
        layout: TableLayout::default(),
        top_row: 0,
    })
    .await
    .unwrap();
    let filtered = app.window("window-2").await;
    filtered.until_grid("offers").await;

    let collection: Collection<RawDocumentBuf> = database.collection("offers");
    let expected = all(&collection, doc! { "status": { "$in": ["won", "lost"] } }).await;
    assert!(!expected.is_empty());
    for (format, name, jobs) in [("NDJSON", "offers.ndjson", 1), ("JSON", "offers.json", 3)] {
        let file = folder.path().join(name);
        export(&filtered, format, &file).await;
        let job = until_done(&filtered, jobs).await;
        assert_eq!(job.tally, tally(expected.len() as u64, 0));

        let copies: Collection<RawDocumentBuf> = database.collection(&format!("copies_{format}"));
        main.open_collection_without_rows(copies.name()).await;
        import(&main, &file).await;
        let job = until_done(&main, jobs + 1).await;
        let refused = job.report.map(|report| fs::read_to_string(report).unwrap());
        assert_eq!((job.namespace, refused), (Namespace::new("sample", copies.name()), None));
        assert_eq!(all(&copies, doc! {}).await, expected, "{format}");
        main.until_grid(copies.name()).await;
    }
    let lines = fs::read_to_string(folder.path().join("offers.ndjson")).unwrap();
    let amounts: Vec<f64> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|offer| offer["amount"]["$numberDecimal"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(amounts.is_sorted_by(|a, b| a >= b), "{amounts:?}");
}

#[tokio::test]
async fn every_type_there_is_survives_the_way_through_a_file() {
    let (server, folder) = (Server::with_sample().await, tempfile::tempdir().unwrap());
    let database = server.client().await.database("sample");
    database.create_collection("copies").await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    let odd: Collection<RawDocumentBuf> = database.collection("oddities");
    let expected = all(&odd, doc! {}).await;
    main.open_collection("oddities").await;
    let file = folder.path().join("oddities.ndjson");
    export(&main, "NDJSON", &file).await;
    let job = until_done(&main, 1).await;
    assert_eq!(job.tally, tally(expected.len() as u64, 0));
    main.open_collection_without_rows("copies").await;
    import(&main, &file).await;
    let job = until_done(&main, 2).await;
    assert_eq!(job.tally, tally(expected.len() as u64, 0));
    let copies = all(&database.collection("copies"), doc! {}).await;
    assert_eq!(copies.len(), expected.len());
    for (copy, before) in copies.iter().zip(&expected) {
        assert!(copy == before, "{:.2000} was {:.2000}", format!("{copy:?}"), format!("{before:?}"));
    }
}

#[tokio::test]
async fn a_spreadsheet_gets_the_columns_that_were_chosen_and_a_file_that_is_there_is_asked_about() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let people: Collection<RawDocumentBuf> = server.client().await.database("shop").collection("people");
    let documents = [
        rawdoc! { "_id": 1, "name": "Ann, \"the\" first", "at": { "city": "Bern" }, "tags": ["a"], "n": 1.0 },
        rawdoc! { "_id": 2, "name": "Bo", "at": { "city": null }, "n": "1.00".parse::<bson::Decimal128>().unwrap() },
    ];
    people.insert_many(&documents).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("people").await;
    let file = folder.path().join("people.csv");
    fs::write(&file, "mine").unwrap();

    choose_of_more(&main, "Export…").await;
    choose_format(&main, "CSV").await;
    main.fill("File", &file.display().to_string()).await;
    until("the columns", async || main.text().await.contains("5 of 5 columns").then_some(())).await;
    let script = r#"
        const boxes = [...document.querySelectorAll("dialog[open] .export-columns label")];
        boxes.find((box) => box.textContent.trim() === "tags").control.click();"#;
    let () = main.read(script, serde_json::json!([])).await;
    main.picture("export").await;
    main.click("Export").await;
    until("a question", async || main.text().await.contains("There is such a file already").then_some(()))
        .await;
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    main.picture("export-exists").await;
    main.click("Replace it").await;
    until_done(&main, 1).await;
    let expected = "_id,name,at.city,n\r\n1,\"Ann, \"\"the\"\" first\",Bern,1.0\r\n2,Bo,,1.00\r\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), expected);
    until("a word of it", async || main.text().await.contains("2 rows written to").then_some(())).await;
}

#[tokio::test]
async fn an_export_that_is_cancelled_or_cannot_be_written_leaves_no_file() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let many: Collection<RawDocumentBuf> = server.client().await.database("shop").collection("many");
    let text = "x".repeat(100_000);
    many.insert_many((0..60).map(|number| rawdoc! { "_id": number, "text": &*text })).await.unwrap();
    let app = App::start(server.uri()).await;
    let (main, second) = app.two_windows("many").await;

    export(&main, "NDJSON", &folder.path().join("none/file.ndjson")).await;
    until("a refusal", async || main.text().await.contains("cannot be written").then_some(())).await;
    main.picture("export-refused").await;
    main.click("Cancel").await;

    // A slow network: each piece of a megabyte waits.
    let slow = Disturbance { slow_ms: 3_000, ..Disturbance::default() };
    main.call::<command::Disturb>(&slow).await.unwrap();
    export(&main, "NDJSON", &folder.path().join("file.ndjson")).await;
    // It is seen in every window, and can be ended from any.
    second.until_status("it is at work", |status| status.text.contains("exporting")).await;
    until("the beginning of a file", async || (!names(folder.path()).is_empty()).then_some(())).await;
    let script = "return document.querySelector('.status-jobs')";
    second.element("the jobs", script, serde_json::json!([])).await.click().await.unwrap();
    second.picture("jobs-export").await;
    second.click("Cancel").await;
    until_job(&second, "it is cancelled", |job| job.state == JobState::Cancelled).await;
    assert_eq!(names(folder.path()), Vec::<String>::new());
    second.click("Remove from the list").await;
    until("nothing is at work", async || second.text().await.contains("Nothing is at work").then_some(()))
        .await;
}
