//! Undo and redo: what is taken back, whose change it never takes with it, and what it does while the server is away.

use bson::doc;
use fantoccini::key::Key;
use lockstep_model::Value;
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{Window, until, until_is};

async fn undo(window: &Window) {
    window.press_chord(&[Key::Control], 'z').await;
}

async fn redo(window: &Window) {
    window.press_chord(&[Key::Control, Key::Shift], 'z').await;
}

#[tokio::test]
async fn edits_are_taken_back_one_by_one_and_done_again() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let (one, other) = (offers.id(2).await, offers.id(3).await);
    let title = main.seen(&one, "title").await.text;
    let owner = main.seen(&other, "owner").await.text;
    main.edit(&one, "title", "First").await;
    main.edit(&other, "owner", "Second").await;
    main.edit(&one, "title", "Third").await;
    main.until_idle().await;
    for (id, field, text) in [(&one, "title", "First"), (&other, "owner", &*owner), (&one, "title", &*title)]
    {
        undo(&main).await;
        main.until_shown(id, field, text, "saved").await;
        second.until_shown(id, field, text, "saved").await;
        offers.until_field(id, field, text).await;
    }
    undo(&main).await;
    for (id, field, text) in [(&one, "title", "First"), (&other, "owner", "Second")] {
        redo(&main).await;
        main.until_shown(id, field, text, "saved").await;
        offers.until_field(id, field, text).await;
    }
    // Something new is done: what was taken back stays so.
    main.edit(&other, "title", "New").await;
    main.until_shown(&other, "title", "New", "saved").await;
    redo(&main).await;
    main.until_idle().await;
    assert_eq!(offers.field(&one, "title").await, Some("First".into()));
    // The other window has done nothing that it could take back.
    undo(&second).await;
    second.until_idle().await;
    assert_eq!(offers.field(&other, "title").await, Some("New".into()));
}

#[tokio::test]
async fn an_undo_that_would_overwrite_a_colleague_is_a_conflict() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(2).await;
    main.edit(&id, "title", "Mine").await;
    main.until_shown(&id, "title", "Mine", "saved").await;
    offers.set(&id, doc! { "title": "Theirs", "owner": "Theirs" }).await;
    main.until_shown(&id, "title", "Theirs", "saved").await;
    undo(&main).await;
    main.until_status("a person has to decide", |status| status.conflicts == "1").await;
    main.until_shown(&id, "title", "Theirs", "conflict").await;
    assert_eq!(offers.field(&id, "title").await, Some("Theirs".into()));
}

#[tokio::test]
async fn what_waits_for_the_server_is_taken_back_without_it() {
    let Workspace { app, wire: _wire, offers, mut server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let (one, other) = (offers.id(2).await, offers.id(3).await);
    let (first, second) = (main.seen(&one, "title").await.text, main.seen(&other, "title").await.text);
    server.kill().await;
    main.until_status("it is offline", |status| status.feed == "offline").await;
    main.edit(&one, "title", "Not after all").await;
    main.until_shown(&one, "title", "Not after all", "queued").await;
    undo(&main).await;
    main.until_shown(&one, "title", &first, "saved").await;
    main.until_status("nothing waits", |status| status.queued == "0").await;
    redo(&main).await;
    main.until_shown(&one, "title", "Not after all", "queued").await;
    undo(&main).await;
    main.until_shown(&one, "title", &first, "saved").await;

    // One over the other: the undo takes back the later one only.
    main.edit(&other, "title", "Once").await;
    main.until_shown(&other, "title", "Once", "queued").await;
    main.edit(&other, "title", "Twice").await;
    main.until_shown(&other, "title", "Twice", "queued").await;
    undo(&main).await;
    main.until_shown(&other, "title", "Once", "queued").await;
    server.restart().await;
    main.until_shown(&other, "title", "Once", "saved").await;
    offers.until_field(&other, "title", "Once").await;
    undo(&main).await;
    main.until_shown(&other, "title", &second, "saved").await;
    offers.until_field(&other, "title", &*second).await;
    assert_eq!(offers.field(&one, "title").await, Some(first.as_str().into()));
}

#[tokio::test]
async fn a_deleted_document_comes_back_to_the_byte_and_goes_again() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(2).await;
    let before = offers.find(&id).await.unwrap();
    main.choose_of_row(&id, "Delete…").await;
    main.click("Delete").await;
    second.until_gone(&id).await;
    main.until_idle().await;
    undo(&main).await;
    until("it is back", async || second.shown(&id, "title").await).await;
    main.until_idle().await;
    assert_eq!(offers.find(&id).await.unwrap().as_bytes(), before.as_bytes());
    redo(&main).await;
    second.until_gone(&id).await;
    main.until_idle().await;
    assert_eq!(offers.find(&id).await, None);
}

#[tokio::test]
async fn in_an_open_editor_undo_is_the_texts_own() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id: Value = offers.id(2).await;
    main.edit(&id, "title", "Saved").await;
    main.until_shown(&id, "title", "Saved", "saved").await;
    main.open_editor(&id, "owner").await;
    main.type_text("typing").await;
    undo(&main).await;
    main.until_idle().await;
    assert!(main.editor_text().await.is_some(), "the editor stays open");
    until_is("the title", Some("Saved".into()), async || offers.field(&id, "title").await).await;
}

#[tokio::test]
async fn who_presses_faster_than_is_taken_back_has_all_of_it_taken_back() {
    let Workspace { app, wire: _wire, offers, mut server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let ids = [offers.id(1).await, offers.id(2).await, offers.id(3).await];
    let mut before = Vec::new();
    for id in &ids {
        before.push(main.seen(id, "title").await.text);
    }
    server.kill().await;
    main.until_status("it is offline", |status| status.feed == "offline").await;
    for id in &ids {
        main.edit(id, "title", "Not after all").await;
        main.until_shown(id, "title", "Not after all", "queued").await;
    }
    // All at once, before the host can have answered the first.
    let press = r#"
        for (let times = 0; times < 3; times++) {
            const key = { key: arguments[0] ? "Z" : "z", ctrlKey: true, shiftKey: arguments[0], bubbles: true, cancelable: true };
            document.body.dispatchEvent(new KeyboardEvent("keydown", key));
        }"#;
    let () = main.read::<Option<()>>(press, json!([false])).await.unwrap_or_default();
    for (id, title) in ids.iter().zip(&before) {
        main.until_shown(id, "title", title, "saved").await;
    }
    main.until_status("nothing waits", |status| status.queued == "0").await;
    let () = main.read::<Option<()>>(press, json!([true])).await.unwrap_or_default();
    for id in &ids {
        main.until_shown(id, "title", "Not after all", "queued").await;
    }
    server.restart().await;
    for id in &ids {
        offers.until_field(id, "title", "Not after all").await;
    }
}
