//! Whole documents: made in the form, taken away by the row's menu, in every window.

use bson::doc;
use lockstep_model::Value;

use super::offers::{Workspace, by};
use crate::fixture::until;

#[tokio::test]
async fn an_inserted_customer_appears_in_both_windows_and_a_deleted_one_goes() {
    let workspace = Workspace::open().await;
    let Workspace { app, wire, server, .. } = &workspace;
    let customers = super::offers::Offers::of(server, "customers").await;
    let (main, second) = app.two_windows("customers").await;

    // The newest `_id` is the last row; sorted by name it is the first.
    for window in [&main, &second] {
        window.click("name").await;
    }
    main.click("New").await;
    main.click("Insert").await;
    until("the form says what is missing", async || {
        main.text().await.to_lowercase().contains("is required").then_some(())
    })
    .await;
    main.picture("insert-incomplete").await;
    for (label, text) in [("name", "!Zenith Pumps"), ("city", "Graz"), ("country", "AT"), ("contact", "Ada")]
    {
        main.fill(label, text).await;
    }
    main.picture("insert").await;
    wire.hold_writes();
    main.click("Insert").await;
    let id = until("a row for it", async || {
        let first = main.row_ids().await.into_iter().next()?;
        let id: bson::Bson = serde_json::from_str::<serde_json::Value>(&first).ok()?.try_into().ok()?;
        let id = Value::from(bson::RawBson::try_from(id).ok()?);
        (main.shown(&id, "name").await?.text == "!Zenith Pumps").then_some(id)
    })
    .await;
    for window in [&main, &second] {
        window.until_shown(&id, "city", "Graz", "syncing").await;
    }
    wire.release();
    for window in [&main, &second] {
        window.until_shown(&id, "city", "Graz", "saved").await;
    }
    customers.until_field(&id, "country", "AT").await;

    second.choose_of_row(&id, "Delete…").await;
    second.picture("delete-question").await;
    second.click("Delete").await;
    for window in [&main, &second] {
        window.until_gone(&id).await;
        window.until_idle().await;
    }
    assert_eq!(customers.find(&id).await, None);
}

#[tokio::test]
async fn a_row_that_somebody_has_changed_is_not_deleted_unseen() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(1).await;
    wire.hold_writes();
    main.choose_of_row(&id, "Delete…").await;
    main.click("Delete").await;
    second.until_status("the deletion is on its way", |status| status.saving == "1").await;
    offers.set(&id, doc! { "title": "Still needed" }).await;
    wire.release();
    for window in [&main, &second] {
        window.until_shown(&id, "title", "Still needed", "conflict").await;
    }
    assert_eq!(offers.0.count_documents(by(&id)).await.unwrap(), 1);
}
