//! What was on the screen is on the screen at the next start, with its age, before the database answers.

use std::fs;

use bson::doc;
use lockstep_host::cache::Cache;
use lockstep_model::{
    DocumentId, Key, ListQuery, Namespace, Value,
    contract::{Answer, View},
};
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{App, Window, until, until_is};

/// What the window says about the age of what it shows.
async fn age(window: &Window) -> Option<String> {
    let chip = "return document.querySelector('.chip-age')?.textContent ?? null";
    window.read(chip, json!([])).await
}

async fn until_read(window: &Window) {
    until_is("an age beside what was read", None, async || age(window).await).await;
}

/// Whether the disk has what the two windows show. The app has the file open, so a copy is looked at; one that was made in
/// the middle of a write holds nothing.
async fn is_kept(app: &App, id: &Value) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    if fs::copy(app.cache(), &copy).is_err() {
        return false;
    }
    let namespace = Namespace::new("sample", "offers");
    let list = Key::List(namespace.clone(), ListQuery::all());
    let document = Key::Document(DocumentId { namespace: namespace.clone(), id: id.clone() });
    let view = View::table(namespace);
    let cache = Cache::open(copy);
    let found = cache.find(view, vec![Key::Collections, list, document]).await;
    cache.close();
    let rows =
        found.iter().any(|cached| matches!(&cached.answer, Answer::List(page) if page.first.len() > 40));
    found.len() == 3 && rows
}

/// The table of the offers in the main window and one of them in another; then the app is killed, a colleague changes that
/// one's title, and the server is killed. Returns the offer and the title that was seen.
async fn dark(workspace: &mut Workspace, meanwhile: Option<&str>) -> (Value, String) {
    let Workspace { app, offers, server, .. } = workspace;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(2).await;
    main.choose_of_row(&id, "Open in new window").await;
    let document = app.window("window-2").await;
    let title = main.seen(&id, "title").await.text;
    document.until_shown(&id, "title", &title, "saved").await;
    until("the layout of both windows is on disk", async || (app.layout_on_disk()?.len() == 2).then_some(()))
        .await;
    main.until_idle().await;
    for window in [&main, &document] {
        until_read(window).await;
    }
    until("what is on the screen is on the disk", async || is_kept(app, &id).await.then_some(())).await;
    app.kill().await;
    if let Some(changed) = meanwhile {
        offers.set(&id, doc! { "title": changed }).await;
    }
    server.kill().await;
    (id, title)
}

#[tokio::test]
async fn without_the_database_the_windows_show_what_they_showed_last_and_its_age() {
    let mut workspace = Workspace::open().await;
    let (id, title) = dark(&mut workspace, None).await;
    let Workspace { app, offers, server, .. } = &mut workspace;
    app.start_again().await;
    let (main, document) = (app.main().await, app.window("window-2").await);
    for window in [&main, &document] {
        window.until_shown(&id, "title", &title, "saved").await;
        let shown = age(window).await.expect("an age");
        assert!(shown.starts_with("As of ") && shown.ends_with(" s ago"), "{shown}");
        assert_ne!(window.status().await.expect("a status bar").feed, "live");
    }
    assert!(main.row_ids().await.len() > 10);
    main.picture("warm start").await;
    document.picture("warm start of a document").await;

    // It can be worked with at once.
    main.edit(&id, "title", "Edited in the dark").await;
    document.until_shown(&id, "title", "Edited in the dark", "queued").await;

    server.restart().await;
    for window in [&main, &document] {
        window.until_shown(&id, "title", "Edited in the dark", "saved").await;
        until_read(window).await;
    }
    offers.until_field(&id, "title", "Edited in the dark").await;
}

#[tokio::test]
async fn what_a_colleague_did_meanwhile_is_not_overwritten_by_an_edit_of_what_was_kept() {
    let mut workspace = Workspace::open().await;
    let (id, title) = dark(&mut workspace, Some("While nobody looked")).await;
    let Workspace { app, offers, server, .. } = &mut workspace;
    app.start_again().await;
    let (main, document) = (app.main().await, app.window("window-2").await);
    for window in [&main, &document] {
        window.until_shown(&id, "title", &title, "saved").await;
    }
    main.edit(&id, "title", "Mine").await;
    document.until_shown(&id, "title", "Mine", "queued").await;
    server.restart().await;
    main.until_status("it needs review", |status| status.conflicts == "1").await;
    offers.until_field(&id, "title", "While nobody looked").await;
    until_read(&main).await;
    main.click("1 needs review").await;
    main.picture("outbox with a conflict").await;
}

#[tokio::test]
async fn a_damaged_cache_costs_nothing_but_the_cache() {
    let mut workspace = Workspace::open().await;
    let (id, title) = dark(&mut workspace, None).await;
    let Workspace { app, server, .. } = &mut workspace;
    let mut bytes = fs::read(app.cache()).unwrap();
    bytes.iter_mut().step_by(97).for_each(|byte| *byte ^= 0x5a);
    fs::write(app.cache(), bytes).unwrap();
    app.start_again().await;
    let main = app.main().await;
    main.until_status("it is not connected", |status| status.feed == "offline").await;
    assert_eq!(main.row_ids().await, [""; 0]);
    server.restart().await;
    main.until_shown(&id, "title", &title, "saved").await;
    until_read(&main).await;
}
