//! Ids that lead to other collections: found by name, and followed.

use bson::{Document, doc};
use fantoccini::key::Key;
use lockstep_model::contract::{Disturbance, command};
use mongodb::Collection;
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{until, until_is};

#[tokio::test]
async fn an_id_is_found_by_what_its_document_is_called_and_what_stands_beside_it_comes_along() {
    let Workspace { app, offers, server, .. } = &Workspace::open().await;
    let customers: Collection<Document> = server.client().await.database("sample").collection("customers");
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(0).await;
    main.click_cell(&id, "title").await;
    main.press_chord(&[Key::Control], 'e').await;
    let open = |of: &'static str| {
        let main = &main;
        async move {
            let script = "return document.querySelector(`[aria-label=Document] [data-field='customer.id'] ${arguments[0]}`)";
            main.element("the customer's id", script, json!([of])).await.click().await.unwrap();
        }
    };
    let offered = async || {
        let script = "return [...document.querySelectorAll('.look-up-offer [role=option] span:first-child')].map((name) => name.innerText)";
        main.read::<Vec<String>>(script, json!([])).await
    };
    open(".field-open").await;
    // Before anything is typed, the first there are.
    until("an offer", async || (offered().await.len() == 8).then_some(())).await;
    let other = customers.find_one(doc! {}).skip(20).sort(doc! { "_id": 1 }).await.unwrap().unwrap();
    let name = other.get_str("name").unwrap();
    main.type_text(&name.to_lowercase()).await;
    until("only that one", async || {
        let offered = offered().await;
        (offered.len() == 1 && offered[0].starts_with(name)).then_some(())
    })
    .await;
    main.picture("look-up").await;
    let customer = async || {
        let saved: Document = offers.find(&id).await.unwrap().try_into().unwrap();
        saved.get_document("customer").unwrap().clone()
    };
    let before = customer().await;
    main.press(&[Key::Enter]).await;
    let chosen = doc! { "id": other.get_object_id("_id").unwrap(), "name": name };
    until_is("both", chosen, &customer).await;
    main.until_idle().await;
    // One edit, which one undo takes back.
    main.press_chord(&[Key::Control], 'z').await;
    until_is("both as they were", before, customer).await;
    open("[aria-label$='. Open in customers']").await;
    until_is("what is shown", true, async || {
        main.read::<bool>("return document.querySelector('main .document')?.getAttribute('aria-label')?.includes('customers') ?? false", json!([])).await
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_never_means_a_document_that_was_offered_before() {
    let Workspace { app, offers, server, .. } = &Workspace::open().await;
    let customers: Collection<Document> = server.client().await.database("sample").collection("customers");
    let main = app.main().await;
    // Every read takes longer than a person needs for Enter.
    let slow = Disturbance { slow_ms: 700, ..Disturbance::default() };
    main.open_collection("offers").await;
    let id = offers.id(0).await;
    main.click_cell(&id, "title").await;
    main.press_chord(&[Key::Control], 'e').await;
    let script =
        "return document.querySelector(`[aria-label=Document] [data-field='customer.id'] .field-open`)";
    main.element("the customer's id", script, json!([])).await.click().await.unwrap();
    let offered = async || {
        let script = "return document.querySelectorAll('.look-up-offer [role=option]').length";
        main.read::<usize>(script, json!([])).await
    };
    until_is("an offer", 8, offered).await;
    main.call::<command::Disturb>(&slow).await.unwrap();
    let other = customers.find_one(doc! {}).skip(20).sort(doc! { "_id": 1 }).await.unwrap().unwrap();
    main.type_text(other.get_str("name").unwrap()).await;
    // Whether the answer is there or not: either nothing is saved yet, or what was meant.
    let saved = async || {
        let saved: Document = offers.find(&id).await.unwrap().try_into().unwrap();
        saved.get_document("customer").unwrap().get_object_id("id").unwrap()
    };
    let (before, meant) = (saved().await, other.get_object_id("_id").unwrap());
    until("what was meant", async || {
        main.press(&[Key::Enter]).await;
        let now = saved().await;
        assert!(now == before || now == meant, "{now} is neither {before} nor {meant}");
        (now == meant).then_some(())
    })
    .await;
}
