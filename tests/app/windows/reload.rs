//! A window that is loaded anew shows what it showed: pending edits, failures, and text that was being typed.

use fantoccini::key::Key;
use lockstep_host::embedded::running;
use lockstep_model::Value;
use serde_json::json;

use super::offers::{Offers, Workspace};
use crate::fixture::{App, Window, until, until_is};

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

/// The main window, with a title half typed, and whose it is.
async fn half_a_sentence(app: &App, offers: &Offers) -> (Window, Value) {
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(4).await;
    main.open_editor(&id, "title").await;
    main.type_text("Half a sen").await;
    (main, id)
}

#[tokio::test]
async fn text_that_was_being_typed_survives_a_reload() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, id) = half_a_sentence(app, offers).await;
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
    let discount = main.seen(&id, "discount").await.text;
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

/// As where the system ends it for want of memory, or where it fails. WebDriver does not find the new page, so what that asks
/// for is looked at.
#[tokio::test]
async fn a_page_whose_process_ends_is_loaded_again_and_asks_for_what_it_showed() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(2).await;
    wire.hold_writes();
    main.edit(&id, "title", "Not saved yet").await;
    main.until_shown(&id, "title", "Not saved yet", "syncing").await;
    let finds = || wire.passed().get("find").copied().unwrap_or_default();
    let (before, pages) = (finds(), app.driver().page_processes());
    assert_eq!(pages.len(), 1, "{pages:?}");
    running::kill(pages[0]);
    until("another process", async || {
        app.driver().page_processes().first().filter(|page| **page != pages[0]).map(drop)
    })
    .await;
    until("its page asks for the offers", async || (finds() > before).then_some(())).await;
    wire.release();
    offers.until_field(&id, "title", "Not saved yet").await;
}

#[tokio::test]
async fn a_page_that_stops_is_loaded_again_and_says_so_and_one_that_stops_at_once_again_says_by_what() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, id) = half_a_sentence(app, offers).await;
    let stop = r#"
        const error = new Error("out of order");
        dispatchEvent(new ErrorEvent("error", { error, message: error.message, filename: "code.js", lineno: 7 }));"#;
    let () = main.read(stop, json!([])).await;
    until("it says so", async || main.text().await.contains("loaded again").then_some(())).await;
    main.picture("loaded-again").await;
    until_is("the text is back", Some("Half a sen".to_owned()), async || main.editor_text().await).await;
    let () = main.read(stop, json!([])).await;
    let stopped = "return document.querySelector('.stopped')?.innerText ?? ''";
    let told = async || main.read::<String>(stopped, json!([])).await;
    until("it says by what", async || told().await.contains("out of order").then_some(())).await;
    until_is("both are in the log", 2, async || {
        app.log().matches("a fault in code.js:7 ended the page").count()
    })
    .await;
    assert!(!app.log().contains("out of order"), "what is logged may be a document's");
    main.picture("stopped").await;
    main.click("Reload").await;
    main.until_grid("offers").await;
    main.press(&[Key::Enter]).await;
    offers.until_field(&id, "title", "Half a sen").await;
}
