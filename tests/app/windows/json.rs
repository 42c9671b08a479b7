//! Documents and arrays as Extended JSON.

use bson::doc;
use fantoccini::key::Key;

use super::offers::{Workspace, others};
use crate::fixture::until;

#[tokio::test]
async fn an_array_is_edited_in_its_cell_and_a_wrong_text_is_refused_there() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(0).await;
    let before = offers.find(&id).await.unwrap();
    main.open_editor(&id, "tags").await;
    main.picture("json-cell").await;
    main.press_chord(&[Key::Control], 'a').await;
    main.type_text("['urgent', 5]").await;
    main.press(&[Key::Enter]).await;
    until("the reason", async || main.text().await.contains("must be of type text").then_some(())).await;
    main.picture("json-cell-refused").await;
    main.press_chord(&[Key::Control], 'a').await;
    main.type_text("['urgent', 'repeat']").await;
    main.press(&[Key::Enter]).await;
    main.until_shown(&id, "tags", "urgent, repeat", "saved").await;
    offers.until_field(&id, "tags", bson::rawbson!(["urgent", "repeat"])).await;
    let after = offers.find(&id).await.unwrap();
    assert_eq!(others(&before, "tags"), others(&after, "tags"));
}

#[tokio::test]
async fn a_document_is_changed_as_text_and_just_what_differs_is_sent() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(1).await;
    main.choose_of_row(&id, "Open").await;
    main.click("JSON").await;
    let text: String = until("the text", async || {
        let script = "return document.querySelector('.json-editor textarea')?.value || null";
        main.read::<Option<String>>(script, serde_json::json!([])).await
    })
    .await;
    main.picture("json-document").await;
    let title = offers.field(&id, "title").await.unwrap();
    let title = title.get().as_str().unwrap();
    let name = "The document as Extended JSON";
    main.retype(name, "{ this is nothing").await;
    main.click("Save").await;
    until("the reason", async || main.text().await.contains("is no value").then_some(())).await;
    main.retype(name, &text.replace(title, "Written as text")).await;
    // A colleague changes another field while the text is open: that stays.
    offers.set(&id, doc! { "owner": "A colleague" }).await;
    main.picture("json-document-changed").await;
    main.click("Save").await;
    offers.until_field(&id, "title", "Written as text").await;
    offers.until_field(&id, "owner", "A colleague").await;
    main.until_idle().await;
    main.click("Fields").await;
    main.until_shown(&id, "title", "Written as text", "saved").await;
    main.until_shown(&id, "owner", "A colleague", "saved").await;
    main.press_chord(&[Key::Control], 'z').await;
    offers.until_field(&id, "title", title).await;
    offers.until_field(&id, "owner", "A colleague").await;
}

#[tokio::test]
async fn a_field_that_is_missing_has_a_line_to_write_it_in() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    offers.0.update_many(doc! {}, doc! { "$unset": { "notes": 1 } }).await.unwrap();
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(1).await;
    main.choose_of_row(&id, "Open").await;
    main.until_shown(&id, "notes", "", "saved").await;
    main.picture("document-missing").await;
    main.click("Edit notes:").await;
    main.editor().await;
    main.type_text("There now").await;
    main.press(&[Key::Enter]).await;
    main.until_shown(&id, "notes", "There now", "saved").await;
    offers.until_field(&id, "notes", "There now").await;
}
