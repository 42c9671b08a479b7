//! Somebody else was faster: both values are shown beside each other, and nothing is overwritten until a person says so.

use bson::doc;

use super::offers::Workspace;
use crate::fixture::Window;
use lockstep_model::Value;

/// An edit that waits at the wire, while a colleague changes the same field.
async fn make_conflict(workspace: &Workspace, (main, second): (&Window, &Window)) -> Value {
    let Workspace { wire, offers, .. } = workspace;
    let id = offers.id(2).await;
    wire.hold_writes();
    main.edit(&id, "title", "Mine").await;
    second.until_shown(&id, "title", "Mine", "syncing").await;
    offers.set(&id, doc! { "title": "Theirs" }).await;
    wire.release();
    for window in [main, second] {
        let shown = window.until_shown(&id, "title", "Theirs", "conflict").await;
        assert!(shown.alert.is_some(), "the cell says so");
    }
    assert_eq!(offers.field(&id, "title").await, Some(Value::from("Theirs")));
    id
}

#[tokio::test]
async fn an_edit_over_a_newer_value_is_a_conflict_and_theirs_can_be_kept() {
    let workspace = Workspace::open().await;
    let (main, second) = workspace.app.two_windows("offers").await;
    let id = make_conflict(&workspace, (&main, &second)).await;
    main.picture("conflict").await;
    second.click_at(&id, "title", "Review").await;
    second.picture("conflict-review").await;
    second.click_at(&id, "title", "Keep theirs").await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "title", "Theirs", "saved").await;
        assert_eq!(shown.alert, None);
        window.until_status("nothing waits for a person", |status| status.conflicts == "0").await;
    }
    assert_eq!(workspace.offers.field(&id, "title").await, Some(Value::from("Theirs")));
}

#[tokio::test]
async fn an_edit_over_a_newer_value_is_a_conflict_and_mine_can_be_used() {
    let workspace = Workspace::open().await;
    let (main, second) = workspace.app.two_windows("offers").await;
    let id = make_conflict(&workspace, (&main, &second)).await;
    main.click_at(&id, "title", "Review").await;
    main.click_at(&id, "title", "Use mine").await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "title", "Mine", "saved").await;
        assert_eq!(shown.alert, None);
    }
    workspace.offers.until_field(&id, "title", "Mine").await;
}

#[tokio::test]
async fn a_value_that_changes_under_an_open_editor_is_a_conflict_too() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(2).await;
    main.open_editor(&id, "title").await;
    main.type_text("Mi").await;
    offers.set(&id, doc! { "title": "Theirs" }).await;
    second.until_shown(&id, "title", "Theirs", "saved").await;
    assert_eq!(main.editor_text().await.as_deref(), Some("Mi"), "what is typed stays");
    main.type_text("ne").await;
    main.press(&[fantoccini::key::Key::Enter]).await;
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Theirs", "conflict").await;
    }
    assert_eq!(offers.field(&id, "title").await, Some(Value::from("Theirs")));
}

#[tokio::test]
async fn a_change_of_another_field_is_no_conflict() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(2).await;
    wire.hold_writes();
    main.edit(&id, "title", "Mine").await;
    offers.set(&id, doc! { "owner": "Theirs" }).await;
    wire.release();
    main.until_shown(&id, "title", "Mine", "saved").await;
    main.until_shown(&id, "owner", "Theirs", "saved").await;
}
