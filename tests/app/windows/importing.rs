//! Files of rows into a collection: seen before, each row once, whatever ends in the middle, and what is refused is told.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bson::{Document, RawDocumentBuf, doc, rawdoc};
use lockstep_model::{
    Failure, Namespace,
    contract::{JobRequest, PreviewRequest, command, transfer::JobState},
};
use mongodb::{Collection, IndexModel, options::IndexOptions};
use serde_json::{Value as Json, json};

use super::{
    offers::{Workspace, others},
    transfers::{all, import, last_job, open_import, table, tally, until_done, until_job, until_preview},
};
use crate::fixture::{App, Server, Window, until, until_is};

/// How many rows a file has that is ended in its middle.
const ROWS: u64 = 20_000;

fn numbered(folder: &Path) -> PathBuf {
    let file = folder.join("numbered.ndjson");
    let lines: String =
        (0..ROWS).map(|number| format!("{{\"number\":{number},\"name\":\"Number {number}\"}}\n")).collect();
    fs::write(&file, lines).unwrap();
    file
}

/// Each number is there once.
async fn assert_all_once(collection: &Collection<Document>) {
    let mut numbers = BTreeSet::new();
    let mut cursor = collection.find(doc! {}).await.unwrap();
    let mut count = 0;
    while cursor.advance().await.unwrap() {
        numbers.insert(cursor.current().get_i32("number").unwrap());
        count += 1;
    }
    assert_eq!((count, numbers.len() as u64), (ROWS, ROWS));
}

async fn open_jobs(window: &Window) {
    let script = "return document.querySelector('.status-jobs')";
    window.element("the jobs", script, json!([])).await.click().await.unwrap();
}

/// An import under way into a collection that is shown in a table, and some of its rows in the database.
async fn half_way(folder: &Path) -> (Workspace, Window, Collection<Document>) {
    let server = Server::with_sample().await;
    let database = server.client().await.database("sample");
    database.create_collection("numbered").await.unwrap();
    let workspace = Workspace::on(server).await;
    let main = workspace.app.main().await;
    main.open_collection_without_rows("numbered").await;
    import(&main, &numbered(folder)).await;
    let collection = database.collection("numbered");
    until("some rows", async || (collection.count_documents(doc! {}).await.ok()? >= 2_000).then_some(()))
        .await;
    (workspace, main, collection)
}

#[tokio::test]
async fn bad_rows_are_shown_before_and_told_after_and_the_others_are_there() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let database = server.client().await.database("shop");
    let people: Collection<Document> = database.collection("people");
    let validator = doc! { "$jsonSchema": { "required": ["name"], "properties": {
        "name": { "bsonType": "string" }, "age": { "bsonType": "int", "minimum": 0 },
        "address": { "bsonType": "object", "properties": { "city": { "bsonType": "string" } } },
        "paid": { "bsonType": "decimal" },
    } } };
    database.create_collection("people").validator(validator).await.unwrap();
    let unique = IndexOptions::builder().unique(true).build();
    people
        .create_index(IndexModel::builder().keys(doc! { "name": 1 }).options(unique).build())
        .await
        .unwrap();
    let file = folder.path().join("people.csv");
    let content = "Name;AGE;address.city;paid;internal\r\nAnn;41;Bern;1.00;x\r\nBo;old;Bern;2;x\r\nCleo;-1;Bern;2;x\r\nAnn;7;Bern;2;x\r\n\"Dora\nE.\";;;12.50;x\r\nshort;1\r\n";
    fs::write(&file, content).unwrap();

    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection_without_rows("people").await;
    open_import(&main, &file).await;
    until_preview(&main).await;
    main.picture("import-preview").await;
    // Every column goes to its field, but for what is left out.
    let script = r#"
        const select = document.querySelector("[aria-label='Type of internal']");
        select.value = "-";
        select.dispatchEvent(new Event("change", { bubbles: true }));"#;
    let () = main.read(script, json!([])).await;
    let rows = |rows: &[&[&str]]| -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    };
    let expected = rows(&[
        &["1", "Ann", "41", "Bern", "1.00"],
        &["2", "Refused: age: 'old' is no Int32; write a whole number, as 42"],
        &["3", "Cleo", "-1", "Bern", "2"],
        &["", "age must be at least 0"],
        &["4", "Ann", "7", "Bern", "2"],
        &["5", "Dora↵E.", "", "", "12.50"],
        &["6", "Refused: has 2 cells, and the header 5 cells"],
    ]);
    until_is("the preview", expected, async || table(&main, "Preview").await).await;
    main.picture("import-mapped").await;
    main.click("Import").await;
    let job = until_done(&main, 1).await;
    assert_eq!(job.tally, tally(2, 4));

    let written = all(&people.clone_with_type::<RawDocumentBuf>(), doc! {}).await;
    let written: Vec<_> = written.iter().map(|document| others(document, "_id")).collect();
    let decimal = |text: &str| text.parse::<bson::Decimal128>().unwrap();
    let first = rawdoc! { "name": "Ann", "age": 41, "address": { "city": "Bern" }, "paid": decimal("1.00") };
    let second = rawdoc! { "name": "Dora\nE.", "paid": decimal("12.50") };
    assert_eq!(written, [first, second].map(|document| others(&document, "_id")));

    // The report says why, beside the file and in the window.
    let report = fs::read_to_string(folder.path().join("people.refused.ndjson")).unwrap();
    let report: Vec<Json> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> =
        report.iter().map(|row| (row["row"].as_u64().unwrap(), row["text"].as_str().unwrap())).collect();
    let expected = [(2, "Bo;old;Bern;2;x"), (3, "Cleo;-1;Bern;2;x"), (4, "Ann;7;Bern;2;x"), (6, "short;1")];
    assert_eq!(told, expected);
    assert!(report[1]["reason"].as_str().unwrap().contains("must be at least 0"), "{report:?}");
    assert!(report[2]["reason"].as_str().unwrap().contains("Ann"), "{report:?}");
    main.picture("import-done").await;
    main.click("Report").await;
    let shown: Vec<_> =
        until("the report", async || Some(table(&main, "Refused rows").await).filter(|rows| rows.len() == 4))
            .await
            .into_iter()
            .map(|row| row[0].clone())
            .collect();
    assert_eq!(shown, ["2", "3", "4", "6"]);
    main.picture("import-report").await;
}

#[tokio::test]
async fn an_import_that_is_cancelled_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, main, collection) = half_way(folder.path()).await;
    workspace.wire.hold_writes();
    open_jobs(&main).await;
    main.picture("jobs-import").await;
    main.click("Cancel").await;
    workspace.wire.release();
    let job = until_job(&main, "it is cancelled", |job| job.state == JobState::Cancelled).await;
    assert!(job.tally.written < ROWS, "{job:?}");
    assert_eq!(collection.count_documents(doc! {}).await.unwrap(), job.tally.written);
    main.picture("jobs-cancelled").await;
    main.click("Resume").await;
    let job = until_done(&main, 1).await;
    assert_eq!(job.tally, tally(ROWS, 0));
    assert_all_once(&collection).await;
    // The rows are in the table, too.
    main.click("Close").await;
    main.until_grid("numbered").await;
}

#[tokio::test]
async fn an_import_during_which_the_app_is_killed_goes_on_after_the_next_start_without_loss_or_doubles() {
    let folder = tempfile::tempdir().unwrap();
    let (mut workspace, _, collection) = half_way(folder.path()).await;
    // A batch is on its way: the app never hears of it, and the server takes it.
    workspace.wire.hold_writes();
    workspace.wire.until_held().await;
    workspace.app.kill().await;
    workspace.wire.release();
    workspace.app.start_again().await;
    let main = workspace.app.main().await;
    main.until_status("it says so", |status| status.text.contains("import interrupted")).await;
    open_jobs(&main).await;
    main.picture("jobs-interrupted").await;
    main.click("Resume").await;
    let job = until_done(&main, 1).await;
    assert_eq!(job.tally, tally(ROWS, 0));
    assert_all_once(&collection).await;
    assert!(!folder.path().join("numbered.refused.ndjson").exists());
}

#[tokio::test]
async fn an_import_during_which_the_server_stops_goes_on_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (mut workspace, main, collection) = half_way(folder.path()).await;
    workspace.server.kill().await;
    main.until_status("it says so", |status| status.text.contains("import waits for the server")).await;
    open_jobs(&main).await;
    main.picture("jobs-waiting").await;
    workspace.server.restart().await;
    let job = until_done(&main, 1).await;
    assert_eq!(job.tally, tally(ROWS, 0));
    assert_all_once(&collection).await;
}

#[tokio::test]
async fn a_file_that_has_changed_is_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, main, _) = half_way(folder.path()).await;
    workspace.wire.hold_writes();
    let job = last_job(&main).await.unwrap();
    main.call::<command::CancelJob>(&JobRequest { id: job.id.clone() }).await.unwrap();
    workspace.wire.release();
    until_job(&main, "it is cancelled", |job| job.state == JobState::Cancelled).await;
    let file = folder.path().join("numbered.ndjson");
    let mut content = fs::read(&file).unwrap();
    content.extend(b"{}\n");
    fs::write(&file, content).unwrap();
    open_jobs(&main).await;
    main.click("Resume").await;
    until("the reason", async || main.text().await.contains("the file has changed since").then_some(()))
        .await;
    main.picture("jobs-changed").await;
    assert_eq!(last_job(&main).await.unwrap().state, JobState::Cancelled);
}

#[tokio::test]
async fn where_nothing_may_be_written_no_file_is_even_looked_at() {
    let server = Server::with_sample().await;
    let database = server.client().await.database("sample");
    let view = doc! { "create": "won", "viewOn": "offers", "pipeline": [{ "$match": { "status": "won" } }] };
    database.run_command(view).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("won").await;
    main.click("More").await;
    let items = "return [...document.querySelectorAll('[role=menuitem]')].map((item) => item.textContent)";
    let shown: Vec<String> = main.read(items, json!([])).await;
    assert_eq!(shown, ["Export…", "Schema", "Save this view…"]);
    let namespace = Namespace::new("sample", "won");
    let request = PreviewRequest { namespace, path: "/no/such/file".into(), plan: None };
    let refused = main.call::<command::PreviewImport>(&request).await;
    assert!(matches!(&refused, Err(Failure::ReadOnly { .. })), "{refused:?}");
}
