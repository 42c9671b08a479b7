//! An edit in one window: at once a layer in every window, then saved in every window, and nothing else is touched.

use super::offers::{Offers, Workspace, others};
use crate::fixture::{App, Server};

#[tokio::test]
async fn an_edit_shows_in_both_windows_as_a_layer_and_then_as_saved() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(2).await;
    let before = offers.find(&id).await.unwrap();

    wire.hold_writes();
    main.edit(&id, "title", "Two windows").await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "title", "Two windows", "syncing").await;
        assert_eq!((shown.opacity, shown.alert), (60, None));
        window.until_status("one edit is on its way", |status| status.saving == "1").await;
    }
    main.picture("syncing").await;
    second.picture("syncing-second-window").await;
    assert_eq!(offers.find(&id).await.as_ref(), Some(&before), "nothing has reached the database");

    wire.release();
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "title", "Two windows", "saved").await;
        assert_eq!(shown.opacity, 100);
        window.until_idle().await;
    }
    let after = offers.find(&id).await.unwrap();
    assert_eq!(after.get_str("title").unwrap(), "Two windows");
    assert_eq!(others(&after, "title"), others(&before, "title"));
}

#[tokio::test]
async fn an_edit_leaves_every_other_field_as_its_exact_bytes() {
    let server = Server::with_sample().await;
    let oddities = Offers::of(&server, "oddities").await;
    // The embedded server cannot update a document that holds one of the deprecated types.
    let unwritable = ["undefined", "db_pointer", "symbol", "javascript_with_scope"];
    let mut writable = bson::rawdoc! { "_id": "every type that can be written" };
    let every = oddities.find(&lockstep_model::Value::from("every type")).await.unwrap();
    for element in every.iter_elements().map(Result::unwrap) {
        let name = element.key().as_str();
        if name != "_id" && !unwritable.contains(&name) {
            writable.append(element.key(), element.value().unwrap());
        }
    }
    let collection = server.client().await.database("sample").collection::<bson::RawDocumentBuf>("oddities");
    collection.insert_one(writable).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("oddities").await;
    for (id, field, text) in
        [("every type that can be written", "string", "another text"), ("numbers", "kind", "edges")]
    {
        let id = lockstep_model::Value::from(id);
        let before = oddities.find(&id).await.unwrap();
        main.edit(&id, field, text).await;
        main.until_shown(&id, field, text, "saved").await;
        oddities.until_field(&id, field, text).await;
        assert_eq!(others(&oddities.find(&id).await.unwrap(), field), others(&before, field));
    }
}

#[tokio::test]
async fn a_value_keeps_the_type_that_its_field_has() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(1).await;
    let amount: bson::Decimal128 = "9999999.00".parse().unwrap();
    main.edit(&id, "amount", "9999999.00").await;
    main.choose(&id, "status", "d").await;
    main.until_shown(&id, "amount", "9999999.00", "saved").await;
    main.until_shown(&id, "status", "draft", "saved").await;
    offers.until_field(&id, "amount", amount).await;
    offers.until_field(&id, "status", "draft").await;
}

#[tokio::test]
async fn edits_of_one_document_from_two_windows_both_arrive() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(3).await;
    wire.hold_writes();
    main.edit(&id, "title", "From the main window").await;
    second.until_shown(&id, "title", "From the main window", "syncing").await;
    second.edit(&id, "owner", "Second window").await;
    main.until_shown(&id, "owner", "Second window", "syncing").await;
    wire.release();
    for window in [&main, &second] {
        window.until_shown(&id, "title", "From the main window", "saved").await;
        window.until_shown(&id, "owner", "Second window", "saved").await;
    }
    offers.until_field(&id, "title", "From the main window").await;
    offers.until_field(&id, "owner", "Second window").await;
}
