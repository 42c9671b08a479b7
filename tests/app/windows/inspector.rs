//! The query inspector: what a window's store holds, and trouble on purpose, which every window takes as real trouble.

use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{Window, until, until_is};

/// The list that the table of offers shows.
const OFFERS: &str = r#"["sample.offers", "list", {}]"#;

/// A line of the inspector.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Line {
    pub status: String,
    pub observers: String,
}

/// What the inspector says of a key; `None` where it does not list it.
pub async fn inspected(window: &Window, key: &str) -> Option<Line> {
    let script = r#"
        const line = [...document.querySelectorAll("[aria-label=Queries] tr")].find((line) => line.dataset.key === arguments[0]);
        return line ? { ...line.dataset } : null;"#;
    window.read(script, json!([key])).await
}

/// Opens the inspector.
pub async fn open(window: &Window) {
    window.press(&[Key::F9]).await;
    until("the inspector", async || is_open(window).await.then_some(())).await;
}

/// Makes every call of the database so much slower.
pub async fn slow_down(window: &Window, milliseconds: u16) {
    let script = r#"
        const speed = document.querySelector("[aria-label='Network speed']");
        speed.value = String(arguments[0]);
        speed.dispatchEvent(new Event("change", { bubbles: true }));"#;
    let () = window.read(script, json!([milliseconds])).await;
    let said = format!("{milliseconds:?} ms slower");
    let says = |text: &str| text.replace(',', "").contains(&said);
    window.until_status(&said, |status| says(&status.text)).await;
}

async fn is_open(window: &Window) -> bool {
    window
        .read(
            "return Boolean(document.querySelector('[aria-label=\"Query inspector\"].inspector'))",
            json!([]),
        )
        .await
}

/// The last mutation of the inspector's list: its status, and what it was to do.
async fn last_mutation(window: &Window) -> Option<(String, String)> {
    let script = r#"
        const line = document.querySelector("[aria-label=Mutations] li");
        return line && [line.dataset.status, line.querySelector(".inspector-of").textContent];"#;
    window.read(script, json!([])).await
}

async fn says_on_purpose(window: &Window, what: &str) {
    window.until_status(what, |status| status.text.contains(&format!("On purpose: {what}"))).await;
}

#[tokio::test]
async fn it_lists_every_key_with_its_observers_and_goes_without_a_trace() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    open(&main).await;
    // The table itself, and its error boundary.
    let line = Line { status: "success".into(), observers: "2".into() };
    until_is("the table's list", Some(line), async || inspected(&main, OFFERS).await).await;
    assert!(inspected(&main, r#"["collections"]"#).await.is_some());
    main.picture("inspector").await;

    let filter = "return document.querySelector('[aria-label=\"Filter queries by key\"]').value";
    main.type_text("nothing of the kind").await;
    until_is("the filter", "nothing of the kind".to_owned(), async || main.read(filter, json!([])).await)
        .await;
    until_is("the filtered list", None, async || inspected(&main, OFFERS).await).await;
    main.picture("inspector-filtered").await;

    main.press(&[Key::F9]).await;
    until_is("the inspector is open", false, async || is_open(&main).await).await;
}

#[tokio::test]
async fn a_chosen_query_is_told_in_full_and_is_invalidated_and_removed_from_there() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    open(&main).await;
    main.click(OFFERS).await;
    let said = async |what: &str| {
        until(what, async || main.text().await.contains(what).then_some(())).await;
    };
    said("list of 100").await;
    main.click("Invalidate").await;
    said("invalidated").await;
    said("fetched").await;
    main.picture("inspector-query").await;
    main.click("Remove").await;
    let line = Line { status: "pending".into(), observers: "2".into() };
    until_is("the removed list", Some(line), async || inspected(&main, OFFERS).await).await;
    main.click("Refetch").await;
    main.until_grid("offers").await;
}

#[tokio::test]
async fn offline_on_purpose_an_edit_is_queued_in_every_window_and_goes_out_when_that_ends() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(1).await;
    open(&main).await;
    main.click("Offline").await;
    for window in [&main, &second] {
        let status = window.until_status("it is offline", |status| status.feed == "offline").await;
        assert!(status.text.contains("in the query inspector"), "{}", status.text);
        says_on_purpose(window, "offline").await;
    }
    main.edit(&id, "title", "Made offline").await;
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Made offline", "queued").await;
    }
    main.picture("inspector-offline").await;
    main.click("Offline").await;
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Made offline", "saved").await;
        let status = window.until_status("it is live", |status| status.feed == "live").await;
        assert!(!status.text.contains("On purpose"), "{}", status.text);
    }
    offers.until_field(&id, "title", "Made offline").await;
}

#[tokio::test]
async fn the_next_write_fails_on_purpose_and_comes_back_with_the_reason_and_the_one_after_it_is_saved() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(1).await;
    let before = main.seen(&id, "title").await.text;
    open(&main).await;
    main.click("Mutations").await;
    main.click("Fail the next write").await;
    for window in [&main, &second] {
        says_on_purpose(window, "the next write fails").await;
    }
    main.edit(&id, "title", "Refused").await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "title", &before, "failed").await;
        let reason = shown.alert.expect("it says why");
        assert!(reason.contains("ailed on purpose from the query inspector"), "{reason}");
        window.until_status("that is over", |status| !status.text.contains("On purpose")).await;
    }
    let (status, what) = until("the mutation", async || last_mutation(&main).await).await;
    assert_eq!(status, "error");
    assert!(what.starts_with("update title of offers"), "{what}");
    main.picture("inspector-failed").await;
    second.click("1 needs review").await;
    let now = format!("In the database: {before}");
    until(&now, async || second.text().await.contains(&now).then_some(())).await;
    second.click("Close").await;
    main.click_at(&id, "title", "Retry").await;
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Refused", "saved").await;
    }
}

#[tokio::test]
async fn on_a_slow_network_an_edit_shows_at_once_and_is_saved_later() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(1).await;
    open(&main).await;
    slow_down(&main, 3_000).await;
    says_on_purpose(&second, "3,000 ms slower").await;
    main.edit(&id, "title", "Slowly").await;
    let quietly =
        "return Boolean(document.querySelector('[aria-label=\"Edits of this window are not saved yet\"]'))";
    until_is("the sidebar's mark", true, async || main.read(quietly, json!([])).await).await;
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Slowly", "syncing").await;
    }
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Slowly", "saved").await;
    }
    until_is("the sidebar's mark", false, async || main.read(quietly, json!([])).await).await;
}
