//! Whatever is killed, an edit that was accepted arrives once, and the windows come back as they were.

use std::fs;

use lockstep_model::contract::View;

use super::offers::Workspace;
use crate::fixture::{Status, until};

fn is_offline(status: &Status) -> bool {
    status.feed == "offline"
}

#[tokio::test]
async fn an_edit_during_which_the_server_is_killed_is_queued_and_goes_through_after_its_restart() {
    let Workspace { app, mut wire, offers, mut server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(2).await;
    wire.hold_writes();
    main.edit(&id, "title", "Through a dead server").await;
    wire.until_held().await;
    server.kill().await;
    wire.release();
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Through a dead server", "queued").await;
        let status = window.until_status("it is offline", is_offline).await;
        assert_eq!(status.queued, "1");
    }
    main.picture("offline").await;

    // What is on the screen can still be worked on.
    main.edit(&id, "owner", "Offline").await;
    second.until_shown(&id, "owner", "Offline", "queued").await;

    server.restart().await;
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Through a dead server", "saved").await;
        window.until_shown(&id, "owner", "Offline", "saved").await;
        window.until_idle().await;
    }
    offers.until_field(&id, "title", "Through a dead server").await;
    offers.until_field(&id, "owner", "Offline").await;
}

#[tokio::test]
async fn an_edit_that_is_queued_when_the_app_is_killed_goes_through_at_the_next_start_with_all_windows_back()
{
    let Workspace { mut app, wire: _wire, offers, mut server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let (id, shown_alone) = (offers.id(2).await, offers.id(5).await);
    second.choose_of_row(&shown_alone, "Open in new window").await;
    let third = app.window("window-3").await;
    let number = main.seen(&shown_alone, "number").await.text;
    third.until_shown(&shown_alone, "number", &number, "saved").await;
    until("the layout of three windows is on disk", async || {
        let tabs = app.layout_on_disk()?.into_values();
        let views: Vec<View> = tabs.map(|tabs| tabs.active().view.clone()).collect();
        let tables = views.iter().filter(|view| matches!(view, View::Table { .. })).count();
        (views.len() == 3 && tables == 2).then_some(())
    })
    .await;

    server.kill().await;
    main.until_status("it is offline", is_offline).await;
    main.edit(&id, "title", "Through a dead app").await;
    second.until_shown(&id, "title", "Through a dead app", "queued").await;
    // A window sends its next edit once the one before is on the disk.
    main.edit(&id, "owner", "Nobody").await;
    second.until_shown(&id, "owner", "Nobody", "queued").await;
    app.kill().await;

    server.restart().await;
    app.start_again().await;
    let (main, second) = (app.main().await, app.window("window-2").await);
    let third = app.window("window-3").await;
    for window in [&main, &second] {
        window.until_grid("offers").await;
        window.until_shown(&id, "title", "Through a dead app", "saved").await;
    }
    third.until_shown(&shown_alone, "number", &number, "saved").await;
    assert_eq!(app.window_count().await, 3);
    offers.until_field(&id, "title", "Through a dead app").await;
}

#[tokio::test]
async fn an_edit_that_is_on_its_way_when_the_app_is_killed_arrives_after_the_next_start() {
    let Workspace { mut app, mut wire, offers, server: _server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(2).await;
    wire.hold_writes();
    main.edit(&id, "title", "Sent before the end").await;
    wire.until_held().await;
    app.kill().await;
    wire.release();
    app.start_again().await;
    offers.until_field(&id, "title", "Sent before the end").await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.until_shown(&id, "title", "Sent before the end", "saved").await;
    main.until_idle().await;
}

#[tokio::test]
async fn what_waits_for_the_server_can_be_exported_and_read() {
    let Workspace { app, wire: _wire, offers, mut server } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(2).await;
    server.kill().await;
    main.until_status("it is offline", is_offline).await;
    main.edit(&id, "title", "Kept in a file").await;
    main.until_shown(&id, "title", "Kept in a file", "queued").await;
    main.click("queued 1").await;
    main.click("Export what is not saved").await;
    let path = until("it says where", async || {
        let said = main.text().await;
        Some(said.split_once("1 edit was written to ")?.1.lines().next()?.to_owned())
    })
    .await;
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    main.picture("outbox").await;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(entries.len(), 1, "{text}");
    assert_eq!(entries[0]["state"], "waiting");
    assert_eq!(entries[0]["edits"][0]["changes"][0]["to"], "Kept in a file", "{text}");
}
