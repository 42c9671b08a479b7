//! Files in and out, as a person has them written and read: what the scenarios of import and export have in common.

use std::path::Path;

use bson::{Document, RawDocumentBuf, doc};
use fantoccini::key::Key;
use lockstep_model::contract::{
    Job, JobList, Nothing, command,
    transfer::{JobState, Tally},
};
use mongodb::Collection;
use serde_json::json;

use crate::fixture::{Window, until};

/// Chooses from the menu of the table on the screen: a menu of one that was there before it goes with it.
pub async fn choose_of_more(window: &Window, item: &str) {
    let script = r#"
        const found = named(document, arguments[0]);
        if (!found && !document.querySelector("[role=menu]")) named(document, "More")?.click();
        return Boolean(found);"#;
    until(item, async || window.read::<bool>(script, json!([item])).await.then_some(())).await;
    window.click(item).await;
}

/// Begins an export in the form, to that file.
pub async fn export(window: &Window, format: &str, path: &Path) {
    choose_of_more(window, "Export…").await;
    choose_format(window, format).await;
    window.fill("File", &path.display().to_string()).await;
    window.click("Export").await;
}

pub async fn choose_format(window: &Window, format: &str) {
    let script = r#"
        const formats = [...document.querySelectorAll("dialog[open] label.format")];
        return formats.find((label) => label.querySelector("strong").textContent === arguments[0]);"#;
    window.element(&format!("the format {format}"), script, json!([format])).await.click().await.unwrap();
}

/// Opens the form of an import, with the preview of that file.
pub async fn open_import(window: &Window, path: &Path) {
    choose_of_more(window, "Import…").await;
    window.fill("File", &path.display().to_string()).await;
    window.press(&[Key::Tab]).await;
}

/// Begins an import of a file as it is guessed to be.
pub async fn import(window: &Window, path: &Path) {
    open_import(window, path).await;
    until_preview(window).await;
    window.click("Import").await;
}

/// Returns when rows are shown, and can be imported.
pub async fn until_preview(window: &Window) {
    let script = r#"
        const dialog = document.querySelector("dialog[open]");
        return Boolean(dialog?.querySelector("[aria-label=Preview] tbody tr") && !named(dialog, "Import").disabled);"#;
    until("a preview", async || window.read::<bool>(script, json!([])).await.then_some(())).await;
}

/// The cells of a table in the open dialog or view, row by row.
pub async fn table(window: &Window, name: &str) -> Vec<Vec<String>> {
    let script = r#"
        const rows = [...document.querySelectorAll(`table[aria-label="${arguments[0]}"] tbody tr`)];
        return rows.map((row) => [...row.children].map((cell) => cell.innerText.trim()));"#;
    window.read(script, json!([name])).await
}

/// The job that was begun last.
pub async fn last_job(window: &Window) -> Option<Job> {
    let JobList { jobs } = window.call::<command::Jobs>(&Nothing {}).await.unwrap();
    jobs.into_iter().next()
}

/// Returns when the last job is as wanted.
pub async fn until_job(window: &Window, what: &str, wanted: impl Fn(&Job) -> bool) -> Job {
    until(what, async || last_job(window).await.filter(&wanted)).await
}

/// Returns when so many jobs were begun, and the last of them is done.
pub async fn until_done(window: &Window, begun: usize) -> Job {
    until(&format!("job {begun} is done"), async || {
        let JobList { jobs } = window.call::<command::Jobs>(&Nothing {}).await.unwrap();
        let last = jobs.first().filter(|_| jobs.len() == begun)?;
        assert!(!matches!(last.state, JobState::Failed(_)), "{last:?}");
        (last.state == JobState::Done).then(|| last.clone())
    })
    .await
}

pub fn tally(written: u64, refused: u64) -> Tally {
    Tally { read: written + refused, written, refused, inexact: 0 }
}

/// All documents in the order of their `_id`s, as their bytes.
pub async fn all(collection: &Collection<RawDocumentBuf>, filter: Document) -> Vec<RawDocumentBuf> {
    let mut cursor = collection.find(filter).sort(doc! { "_id": 1 }).await.unwrap();
    let mut documents = Vec::new();
    while cursor.advance().await.unwrap() {
        documents.push(cursor.current().to_owned());
    }
    documents
}
