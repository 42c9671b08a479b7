//! Many documents are changed, or deleted, at once, and what it comes to is said before.

use bson::doc;
use fantoccini::key::Key;
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{Window, until_is};

/// Selects that many rows from the first on, and opens the menu of the second.
async fn choose_of_selected(window: &Window, rows: usize, item: &str) {
    let ids = window.row_ids().await;
    let id = |at: usize| lockstep_model::json::read(&ids[at]).unwrap();
    window.click_cell(&id(0), "title").await;
    for _ in 1..rows {
        window.press_with(Key::Shift, Key::Down).await;
    }
    window.open_menu_of_cell(&id(1), "title").await;
    let script =
        "const menu = document.querySelector('[role=menu]'); return menu && named(menu, arguments[0])";
    window.element(item, script, json!([item])).await.click().await.unwrap();
}

#[tokio::test]
async fn a_field_of_all_that_is_filtered_is_changed_and_taken_back() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.choose_of_column("status", "Filter by it…").await;
    main.choose_option("Value", "won").await;
    let won = offers.0.count_documents(doc! { "status": "won" }).await.unwrap();
    assert!(won > 3);
    main.until_said(&format!("{won} documents")).await;
    main.press(&[Key::Escape]).await;
    let owners = async || {
        let mut found = offers.0.find(doc! {}).sort(doc! { "_id": 1 }).await.unwrap();
        let mut owners = Vec::new();
        while found.advance().await.unwrap() {
            owners.push(found.current().get_str("owner").unwrap().to_owned());
        }
        owners
    };
    let before = owners().await;

    main.press_chord(&[Key::Control, Key::Shift], 'm').await;
    main.choose_option("Field", "amount").await;
    main.retype("Value", "much").await;
    main.until_said(&format!("{won} of {won} cannot have it, so none is changed.")).await;
    main.picture("many-refused").await;
    main.choose_option("Field", "owner").await;
    main.retype("Value", "Somebody else").await;
    main.until_said(&format!("All {won} will change.")).await;
    main.picture("many").await;
    main.click(&format!("Change {won} documents")).await;
    let changed = doc! { "status": "won", "owner": "Somebody else" };
    until_is("changed", won, async || offers.0.count_documents(changed.clone()).await.unwrap()).await;
    let all_changed = offers.0.count_documents(doc! { "owner": "Somebody else" }).await.unwrap();
    assert_eq!(all_changed, won, "and no other");

    // Who has it already is not changed again, and one undo takes back all.
    main.press_chord(&[Key::Control, Key::Shift], 'm').await;
    main.choose_option("Field", "owner").await;
    main.retype("Value", "Somebody else").await;
    main.until_said(&format!("0 of {won} will change.")).await;
    // Nothing is said of a value yet, and nothing would be done.
    main.tick("Remove the field").await;
    main.until_said("cannot have it, so none is changed.").await;
    main.tick("Remove the field").await;
    main.until_said("before anything is changed").await;
    main.press(&[Key::Escape]).await;
    main.until_idle().await;
    main.press_chord(&[Key::Control], 'z').await;
    until_is("the owners", before, owners).await;
}

#[tokio::test]
async fn what_is_selected_is_changed_or_deleted_and_nothing_else() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let all = offers.0.count_documents(doc! {}).await.unwrap();
    choose_of_selected(&main, 4, "Change the 4 selected…").await;
    main.choose_option("Field", "status").await;
    main.choose_option("Value", "expired").await;
    main.until_said("will change.").await;
    main.picture("many-selected").await;
    let button = r#"return [...document.querySelectorAll("dialog .button-primary")].pop()"#;
    main.element("the button", button, json!([])).await.click().await.unwrap();
    let first_four = async || {
        let mut found = offers.0.find(doc! {}).sort(doc! { "_id": 1 }).limit(4).await.unwrap();
        let mut expired = 0;
        while found.advance().await.unwrap() {
            expired += usize::from(found.current().get_str("status").unwrap() == "expired");
        }
        expired
    };
    until_is("expired", 4, first_four).await;
    main.until_idle().await;

    choose_of_selected(&main, 3, "Delete the 3 selected…").await;
    main.until_said("Delete 3 documents of offers?").await;
    main.picture("many-delete").await;
    let button = r#"return [...document.querySelectorAll("dialog .button-destructive")].pop()"#;
    main.element("the button", button, json!([])).await.click().await.unwrap();
    until_is("documents", all - 3, async || offers.0.count_documents(doc! {}).await.unwrap()).await;
    main.until_said(&format!("{} documents", all - 3)).await;
    main.until_idle().await;
    main.press_chord(&[Key::Control], 'z').await;
    until_is("documents", all, async || offers.0.count_documents(doc! {}).await.unwrap()).await;
}
