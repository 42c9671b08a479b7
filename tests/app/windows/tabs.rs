//! Several views in one window, and the way from a tab to a window and back.

use fantoccini::key::Key;
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{until, until_is};

#[tokio::test]
async fn tabs_open_change_places_close_and_come_back_after_a_restart() {
    let Workspace { mut app, offers, server: _server, wire: _wire } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.press_chord(&[Key::Control], 't').await;
    until_is("the tabs", vec!["offers".to_owned(), "*Collections".into()], async || main.tabs().await).await;
    main.open_collection("customers").await;
    until_is("the tabs", vec!["offers".to_owned(), "*customers".into()], async || main.tabs().await).await;

    // The other tab comes back as it was: filtered, and scrolled.
    main.press_chord(&[Key::Control], char::from(Key::PageUp)).await;
    main.until_grid("offers").await;
    let script = "document.querySelector('.grid-scroll').scrollTop = 1920";
    let () = main.read(script, json!([])).await;
    let id = offers.id(66).await;
    until("the row", async || main.shown(&id, "title").await).await;
    main.press_chord(&[Key::Control], char::from(Key::PageDown)).await;
    main.until_grid("customers").await;
    main.press_chord(&[Key::Control], char::from(Key::PageDown)).await;
    main.until_grid("offers").await;
    until("the row, again", async || main.shown(&id, "title").await).await;
    main.picture("tabs").await;

    // Dragged to another place; and a third one closed by its keys.
    main.drag("[data-tab='2'] [role=tab]", (-200, 0)).await;
    until_is("the tabs", vec!["*customers".to_owned(), "offers".into()], async || main.tabs().await).await;
    main.press_chord(&[Key::Control], 't').await;
    until_is("so many tabs", 3, async || main.tabs().await.len()).await;
    main.press_chord(&[Key::Control], 'w').await;
    let expected = vec!["customers".to_owned(), "*offers".into()];
    until_is("the tabs", expected.clone(), async || main.tabs().await).await;

    until("they are on disk", async || {
        let tabs = app.layout_on_disk()?.remove("main")?;
        (tabs.count() == 2 && tabs.active().view.name() == "offers").then_some(())
    })
    .await;
    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    until_is("the tabs", expected, async || main.tabs().await).await;
}

#[tokio::test]
async fn a_tab_moves_into_a_window_and_back() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.press_chord(&[Key::Control], 't').await;
    main.open_collection("customers").await;
    main.press_chord(&[Key::Control, Key::Shift], 'n').await;
    until_is("the tabs", vec!["*offers".to_owned()], async || main.tabs().await).await;
    let second = app.window("window-2").await;
    second.until_grid("customers").await;

    // An edit in the window that was a tab.
    let id = offers.id(0).await;
    main.edit(&id, "title", "Seen in the main window").await;
    main.until_shown(&id, "title", "Seen in the main window", "saved").await;

    second.press_chord_last(&[Key::Control, Key::Shift], 'n').await;
    until_is("the tabs", vec!["offers".to_owned(), "*customers".into()], async || main.tabs().await).await;
    until_is("windows", 1, async || app.window_count().await).await;
    // Off the bar, it is a window again.
    main.drag("[data-tab] [aria-selected=true]", (40, 160)).await;
    until_is("windows", 2, async || app.window_count().await).await;
    until_is("the tabs", vec!["*offers".to_owned()], async || main.tabs().await).await;
}

#[tokio::test]
async fn the_palette_finds_actions_and_collections_by_a_few_letters() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.press_chord(&[Key::Control], 'k').await;
    main.type_text("cust").await;
    until("customers is found", async || main.text().await.contains("customers").then_some(())).await;
    main.picture("palette").await;
    main.press_chord(&[Key::Control], char::from(Key::Enter)).await;
    main.until_grid("customers").await;
    assert_eq!(main.tabs().await, ["offers", "*customers"]);
    main.press_chord(&[Key::Control], 'k').await;
    main.type_text("clotab").await;
    main.press(&[Key::Enter]).await;
    main.until_grid("offers").await;
    assert_eq!(main.tabs().await, ["*offers"]);
    main.press_chord(&[Key::Control], 'k').await;
    main.type_text("query insp").await;
    main.press(&[Key::Enter]).await;
    until("the inspector", async || {
        main.read::<bool>("return Boolean(document.querySelector('[aria-label=Queries]'))", json!([]))
            .await
            .then_some(())
    })
    .await;
    main.press_chord(&[Key::Control], 'k').await;
    main.type_text("no such thing at all").await;
    until("nothing", async || main.text().await.contains("Nothing has that name.").then_some(())).await;
    main.press(&[Key::Escape]).await;
    until("it is closed", async || (!main.text().await.contains("Nothing has that name.")).then_some(()))
        .await;
}
