//! The outbox as a person sees it: what waits, what each edit will do, and giving one up.

use super::{
    connections::{check, connect, open_form, other_main},
    offers::{Offers, Workspace},
};
use crate::fixture::{App, Server, until};

#[tokio::test]
async fn an_edit_that_waits_is_shown_with_what_it_will_do_and_can_be_discarded() {
    let Workspace { app, wire: _wire, offers, mut server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let (unwanted, wanted) = (offers.id(2).await, offers.id(3).await);
    let title = main.seen(&unwanted, "title").await.text;
    server.kill().await;
    main.until_status("it is offline", |status| status.feed == "offline").await;
    main.edit(&unwanted, "title", "Not after all").await;
    main.edit(&wanted, "title", "But this one").await;
    second.until_shown(&unwanted, "title", "Not after all", "queued").await;
    second.until_shown(&wanted, "title", "But this one", "queued").await;

    main.click("queued 2").await;
    until("both, with what they will do", async || {
        let text = main.text().await;
        let told =
            ["2 edits wait for the server", "title becomes Not after all", "title becomes But this one"];
        told.iter().all(|told| text.contains(told)).then_some(())
    })
    .await;
    main.picture("outbox-waiting").await;
    main.click("Discard").await;
    for window in [&main, &second] {
        window.until_shown(&unwanted, "title", &title, "saved").await;
        window.until_status("one waits", |status| status.queued == "1").await;
    }
    until("one is left", async || main.text().await.contains("1 edit waits for the server").then_some(()))
        .await;

    server.restart().await;
    second.until_shown(&wanted, "title", "But this one", "saved").await;
    offers.until_field(&wanted, "title", "But this one").await;
    assert_eq!(offers.field(&unwanted, "title").await, Some(title.as_str().into()));
}

#[tokio::test]
async fn edits_of_a_connection_that_became_read_only_wait_and_say_why_until_they_are_discarded() {
    let mut server = Server::with_sample().await;
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    connect(&main, &server, "Shop", false).await;
    let shop = other_main(&app, &main).await;
    shop.open_collection("offers").await;
    let offers = Offers::of(&server, "offers").await;
    let id = offers.id(1).await;
    let title = shop.seen(&id, "title").await.text;
    server.kill().await;
    shop.until_status("it is offline", |status| status.feed == "offline").await;
    shop.edit(&id, "title", "Before it was read only").await;
    shop.until_shown(&id, "title", "Before it was read only", "queued").await;
    open_form(&shop, "Edit this connection…").await;
    check(&shop, "Read only").await;
    shop.click("Save").await;

    server.restart().await;
    let waits = |status: &crate::fixture::Status| status.feed == "live" && status.queued == "1";
    shop.until_status("the server is back, and the edit waits", waits).await;
    shop.until_shown(&id, "title", "Before it was read only", "queued").await;
    shop.click("queued 1").await;
    until("why it waits", async || {
        shop.text().await.contains("1 edit waits, and cannot be sent: Shop is set to read only").then_some(())
    })
    .await;
    shop.click("Discard").await;
    shop.until_shown(&id, "title", &title, "saved").await;
    shop.click("Close").await;
    shop.until_idle().await;
    assert_eq!(offers.field(&id, "title").await, Some(title.as_str().into()));
}
