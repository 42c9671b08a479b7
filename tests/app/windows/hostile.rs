//! Odd and hostile documents are data: they are shown, never run, and can be edited like all others.

use bson::{RawDocumentBuf, doc};
use lockstep_model::Value;
use serde_json::json;

use super::offers::{Offers, Workspace, others};
use crate::fixture::{App, Server};

#[tokio::test]
async fn markup_and_scripts_in_a_value_stay_text() {
    let server = Server::with_sample().await;
    let things = server.client().await.database("shop").collection::<bson::Document>("things");
    let hostile = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";
    things.insert_one(doc! { "_id": hostile, "value": hostile, hostile: 1 }).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("things").await;
    let id = Value::from(hostile);
    main.until_shown(&id, "value", hostile, "saved").await;
    main.picture("markup").await;
    main.edit(&id, "value", "<b>bold</b>").await;
    main.until_shown(&id, "value", "<b>bold</b>", "saved").await;
    main.choose_of_row(&id, "Open in new window").await;
    let document = app.window("window-2").await;
    document.until_shown(&id, "value", "<b>bold</b>", "saved").await;
    for window in [&main, &document] {
        let made: u32 = window
            .read("return document.querySelectorAll('main :is(img, b, script)').length", json!([]))
            .await;
        let title: String = window.read("return document.title", json!([])).await;
        assert_eq!((made, title == "run"), (0, false));
    }
}

#[tokio::test]
async fn odd_documents_are_shown_and_another_field_of_each_can_be_edited() {
    let server = Server::with_sample().await;
    let oddities = Offers::of(&server, "oddities").await;
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("oddities").await;
    main.picture("oddities").await;
    // Names with dots and dollars, a field of the wrong type, a missing one, 14 MB, ten thousand fields.
    for name in ["names", "mixed 05", "mixed missing", "large", "wide", "deep"] {
        let id = Value::from(name);
        let before = oddities.find(&id).await.unwrap();
        main.bring_into_view(&id).await;
        main.edit(&id, "kind", "edited").await;
        main.until_shown(&id, "kind", "edited", "saved").await;
        let after = oddities.find(&id).await.unwrap();
        assert_eq!(after.get_str("kind").unwrap(), "edited", "{name}");
        assert_eq!(others(&after, "kind"), others(&before, "kind"), "{name}");
    }
}

#[tokio::test]
async fn a_field_whose_name_has_dots_and_dollars_is_edited_itself() {
    let server = Server::with_sample().await;
    let things = Offers::of(&server, "things").await;
    let content = doc! { "_id": 1, "a.b": "dotted", "a": { "b": "nested" }, "$price": "dollar" };
    things.0.insert_one(RawDocumentBuf::try_from(&content).unwrap()).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("things").await;
    let id = Value::from(1);
    main.edit(&id, "a.b", "dotted, edited").await;
    main.edit(&id, "$price", "dollar, edited").await;
    things.until_field(&id, "a.b", "dotted, edited").await;
    things.until_field(&id, "$price", "dollar, edited").await;
    main.until_shown(&id, "$price", "dollar, edited", "saved").await;
    let found: bson::Document = things.find(&id).await.unwrap().try_into().unwrap();
    let expected =
        doc! { "_id": 1, "a.b": "dotted, edited", "a": { "b": "nested" }, "$price": "dollar, edited" };
    assert_eq!(found, expected);
}

#[tokio::test]
async fn offers_that_do_not_fit_the_schema_are_shown_as_they_are() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let (wrong, missing) = (offers.id(0).await, offers.id(1).await);
    for (id, change) in [
        (&wrong, doc! { "$set": { "amount": "a text", "status": 7 } }),
        (&missing, doc! { "$unset": { "title": "", "customer": "" } }),
    ] {
        offers.0.update_one(super::offers::by(id), change).bypass_document_validation(true).await.unwrap();
    }
    main.until_shown(&wrong, "amount", "a text", "saved").await;
    main.until_shown(&wrong, "status", "7", "saved").await;
    main.until_shown(&missing, "title", "", "saved").await;
    main.picture("misfits").await;
}
