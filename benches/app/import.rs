//! A file of 100,000 documents imported, and the same documents written by the driver alone, in batches of the same size.

use std::{fmt::Write, time::Instant};

use bson::{Document, doc, oid::ObjectId};
use lockstep_model::{
    Namespace,
    contract::{
        ImportRequest, JobList, Nothing, PreviewRequest, command,
        transfer::{JobState, Tally},
    },
};

use crate::{
    figures::Figures,
    fixture::{App, Server, until},
};

const ROWS: u64 = 100_000;
/// As the host sends them.
const BATCH: usize = 1_000;

pub async fn measure(figures: &mut Figures) {
    let server = Server::start().await;
    let database = server.client().await.database("bench");
    let documents: Vec<Document> = (0..ROWS)
        .map(|row| {
            doc! {
                "_id": ObjectId::new(), "number": i64::try_from(row).unwrap(), "name": format!("Customer number {row}"),
                "amount": row as f64 / 7.0, "tags": ["imported", format!("tag {}", row % 100)],
            }
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.ndjson");
    let mut text = String::new();
    for document in &documents {
        let json = bson::Bson::from(document.clone()).into_canonical_extjson();
        writeln!(text, "{json}").unwrap();
    }
    std::fs::write(&file, &text).unwrap();

    let alone = database.collection::<Document>("alone");
    let began = Instant::now();
    for batch in documents.chunks(BATCH) {
        alone.insert_many(batch).ordered(false).await.unwrap();
    }
    let driver = began.elapsed().as_secs_f64() * 1e3;

    let app = App::start(server.uri()).await;
    let main = app.main().await;
    let namespace = Namespace::new("bench", "imported");
    let path = file.display().to_string();
    let look = PreviewRequest { namespace: namespace.clone(), path, plan: None };
    let preview = main.call::<command::PreviewImport>(&look).await.unwrap();
    let began = Instant::now();
    let request = ImportRequest { namespace, source: preview.source, plan: preview.plan };
    main.call::<command::StartImport>(&request).await.unwrap();
    let done = until("the import is done", async || {
        let JobList { jobs } = main.call::<command::Jobs>(&Nothing {}).await.unwrap();
        jobs.into_iter().next().filter(|job| job.state == JobState::Done)
    })
    .await;
    let imported = began.elapsed().as_secs_f64() * 1e3;
    assert_eq!(done.tally, Tally { read: ROWS, written: ROWS, refused: 0, inexact: 0 });
    figures.one("import of 100,000 documents", "ms", imported);
    figures.one("the driver alone writes them", "ms", driver);
    figures.one("import: in percent of the driver alone", "%", imported / driver * 100.0);
}
