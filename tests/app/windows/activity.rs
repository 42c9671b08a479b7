//! What was done on this machine, seen in one place, and any of it taken back from there.

use bson::doc;
use fantoccini::{elements::Element, key::Key};
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{Window, until, until_is};

/// What stands in the list: of each what was done, where it stands, and its button.
async fn done(window: &Window) -> Vec<String> {
    let script = r#"
        const within = document.querySelector("dialog[open]") ?? document;
        return [...within.querySelectorAll(".done-entry")].map((entry) => {
            const text = (css) => entry.querySelector(css)?.innerText.trim() ?? "";
            const elsewhere = entry.innerText.includes("in another window") ? "elsewhere" : "";
            return [text(".done-action"), elsewhere, text(".done-end"), text(".button")].filter(Boolean).join("; ");
        });"#;
    window.read(script, json!([])).await
}

/// The button of the entry in which this was done.
async fn button(window: &Window, action: &str) -> Element {
    let script = r#"
        const entries = [...document.querySelectorAll("dialog[open] .done-entry")];
        return entries.find((entry) => entry.innerText.includes(arguments[0]))?.querySelector(".button");"#;
    window.element(action, script, json!([action])).await
}

async fn open(window: &Window) {
    window.press_chord(&[Key::Control, Key::Shift], 'o').await;
    until("the panel", async || window.text().await.contains("Latest").then_some(())).await;
}

#[tokio::test]
async fn any_edit_of_any_window_is_taken_back_and_done_again() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let (one, other) = (offers.id(2).await, offers.id(3).await);
    let title = main.seen(&one, "title").await.text;
    let owner = main.seen(&other, "owner").await.text;
    second.edit(&other, "owner", "Elsewhere").await;
    main.until_shown(&other, "owner", "Elsewhere", "saved").await;
    main.edit(&one, "title", "First").await;
    main.edit(&other, "title", "Second").await;
    main.until_idle().await;

    open(&main).await;
    let (first, elsewhere) = (format!("title: {title} → First"), format!("owner: {owner} → Elsewhere"));
    let listed = done(&main).await;
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert!(listed[0].starts_with("title: ") && listed[0].ends_with(" → Second; Undo"), "{listed:?}");
    assert_eq!(listed[1..], [format!("{first}; Undo"), format!("{elsewhere}; elsewhere; Undo")]);
    main.picture("activity").await;

    // Not the last one, and not this window's.
    for (action, id, field, text) in [(&first, &one, "title", &title), (&elsewhere, &other, "owner", &owner)]
    {
        button(&main, action).await.click().await.unwrap();
        offers.until_field(id, field, text.as_str()).await;
    }
    until_is(
        "what is listed",
        vec![format!("{first}; undone; Redo"), format!("{elsewhere}; elsewhere; undone; Redo")],
        async || done(&main).await[1..].to_vec(),
    )
    .await;
    second.until_shown(&one, "title", &title, "saved").await;
    button(&main, &first).await.click().await.unwrap();
    offers.until_field(&one, "title", "First").await;
    main.until_idle().await;
    main.press(&[Key::Escape]).await;
    // The latest edit was not touched by any of it, and is still the one that Ctrl+Z takes back after the redo.
    assert_eq!(offers.field(&other, "title").await, Some("Second".into()));

    // What is done where nobody sees it is told, and that over the panel, where it can be closed.
    main.click_cell(&one, "title").await;
    main.press_chord(&[Key::Control], Key::End.into()).await;
    until("the end of the table", async || main.shown(&one, "title").await.is_none().then_some(())).await;
    open(&main).await;
    for done in [title.as_str(), "First"] {
        button(&main, &first).await.click().await.unwrap();
        offers.until_field(&one, "title", done).await;
        let close = "return document.querySelector('dialog[open] .toast [aria-label=Close]')";
        main.element("a toast", close, json!([])).await.click().await.unwrap();
        let toasts = "return document.querySelectorAll('dialog[open] .toast').length";
        until_is("toasts", 0, async || main.read::<usize>(toasts, json!([])).await).await;
    }
    main.until_idle().await;
    main.press(&[Key::Escape]).await;
    main.press_chord(&[Key::Control], Key::Home.into()).await;

    // The document has its own history.
    main.click_cell(&one, "title").await;
    main.press_chord(&[Key::Control], 'e').await;
    let summary = "return document.querySelector('.document .history > summary')";
    main.element("its history", summary, json!([])).await.click().await.unwrap();
    until_is("its history", vec![format!("{first}; Undo")], async || done(&main).await).await;
    main.picture("history of a document").await;
}

/// Returns when the latest thing that was done stands so, and what waits is drawn as well: that moves what is below it.
async fn until_latest(window: &Window, ending: &str) {
    until_is("the latest", ending.to_owned(), async || match done(window).await.first() {
        Some(latest) if latest.ends_with(ending) => ending.to_owned(),
        _ => window.text().await,
    })
    .await;
    window.drawn().await;
}

#[tokio::test]
async fn what_fails_waits_or_is_given_up_is_told_so() {
    let Workspace { app, wire: _wire, offers, mut server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let (one, other) = (offers.id(2).await, offers.id(3).await);
    main.edit(&one, "title", "Mine").await;
    main.until_shown(&one, "title", "Mine", "saved").await;
    // A colleague goes on from there: taking it back would overwrite that.
    offers.set(&one, doc! { "title": "Theirs" }).await;
    main.until_shown(&one, "title", "Theirs", "saved").await;
    open(&main).await;
    button(&main, "→ Mine").await.click().await.unwrap();
    until("a conflict", async || done(&main).await[0].contains("undo needs review").then_some(())).await;
    main.click("Keep theirs").await;
    until_latest(&main, "→ Mine; Undo").await;
    assert_eq!(offers.field(&one, "title").await, Some("Theirs".into()));
    main.press(&[Key::Escape]).await;

    server.kill().await;
    main.until_status("it is offline", |status| status.feed == "offline").await;
    main.edit(&other, "title", "Not yet").await;
    main.until_shown(&other, "title", "Not yet", "queued").await;
    open(&main).await;
    assert!(done(&main).await[0].ends_with("→ Not yet; queued; Undo"), "{:?}", done(&main).await);
    button(&main, "→ Not yet").await.click().await.unwrap();
    until_latest(&main, "; undone; Redo").await;
    button(&main, "→ Not yet").await.click().await.unwrap();
    until_latest(&main, "; queued; Undo").await;
    // Doing it again is given up, and so it stays taken back.
    main.click("Discard").await;
    until_latest(&main, "; undone; Redo").await;
    main.press(&[Key::Escape]).await;
    main.edit(&one, "owner", "Nobody").await;
    main.until_shown(&one, "owner", "Nobody", "queued").await;
    open(&main).await;
    main.click("Discard").await;
    until_latest(&main, "; given up").await;
}
