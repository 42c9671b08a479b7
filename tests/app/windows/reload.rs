//! A window that is loaded anew shows what it showed: pending edits, failures, and text that was being typed.

use fantoccini::key::Key;

use super::offers::Workspace;
use crate::fixture::until_is;

#[tokio::test]
async fn a_window_reloaded_in_the_middle_of_an_edit_shows_the_layer_again() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(2).await;
    wire.hold_writes();
    main.edit(&id, "title", "Not saved yet").await;
    second.until_shown(&id, "title", "Not saved yet", "syncing").await;
    for window in [&main, &second] {
        window.reload().await;
        window.until_grid("offers").await;
        window.until_shown(&id, "title", "Not saved yet", "syncing").await;
    }
    wire.release();
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Not saved yet", "saved").await;
    }
    offers.until_field(&id, "title", "Not saved yet").await;
}

#[tokio::test]
async fn text_that_was_being_typed_survives_a_reload() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(4).await;
    main.open_editor(&id, "title").await;
    main.type_text("Half a sen").await;
    main.reload().await;
    until_is("the text is back", Some("Half a sen".to_owned()), async || main.editor_text().await).await;
    main.picture("draft-after-reload").await;
    main.type_text("tence").await;
    main.press(&[Key::Enter]).await;
    main.until_shown(&id, "title", "Half a sentence", "saved").await;
    offers.until_field(&id, "title", "Half a sentence").await;
}

#[tokio::test]
async fn a_failure_is_still_said_after_a_reload() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(1).await;
    let discount = main.shown(&id, "discount").await.unwrap().text;
    main.edit(&id, "discount", "99999999.00").await;
    let before = main.until_shown(&id, "discount", &discount, "failed").await;
    main.reload().await;
    main.until_grid("offers").await;
    assert_eq!(main.until_shown(&id, "discount", &discount, "failed").await, before);
}

#[tokio::test]
async fn a_window_reloaded_right_after_it_went_elsewhere_is_there() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.open_collection("customers").await;
    main.reload().await;
    main.until_grid("customers").await;
}
