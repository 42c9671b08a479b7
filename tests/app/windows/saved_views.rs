//! Views with a name, and how new tables begin.

use bson::doc;
use fantoccini::key::Key;
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{Window, until_is};

async fn saved(window: &Window) -> Vec<String> {
    let script = r#"
        return [...document.querySelectorAll("[aria-label=Views] .sidebar-item")]
            .map((entry) => (entry.getAttribute("aria-current") ? "*" : "") + entry.textContent.trim());"#;
    window.read(script, json!([])).await
}

#[tokio::test]
async fn a_view_is_saved_opened_renamed_removed_and_comes_back_after_a_restart() {
    let Workspace { mut app, offers, server: _server, wire: _wire } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.press_chord(&[Key::Control], 'f').await;
    main.choose_option("Field", "status").await;
    main.choose_option("Value", "won").await;
    let won = offers.0.count_documents(doc! { "status": "won" }).await.unwrap();
    main.until_said(&format!("{won} documents")).await;
    main.press(&[Key::Escape]).await;
    main.choose_of_column("owner", "Group by it").await;
    main.press_chord(&[Key::Control], 's').await;
    main.fill("Name", "Won by owner").await;
    main.press(&[Key::Enter]).await;
    until_is("the views", vec!["*Won by owner".to_owned()], async || saved(&main).await).await;
    main.picture("saved-view").await;

    // From elsewhere it is one click, and the palette knows it too.
    main.open_collection("customers").await;
    until_is("the views", vec!["Won by owner".to_owned()], async || saved(&main).await).await;
    main.press_chord(&[Key::Control], 'k').await;
    main.type_text("won by").await;
    main.press(&[Key::Enter]).await;
    main.until_said(&format!("{won} documents")).await;
    until_is("the views", vec!["*Won by owner".to_owned()], async || saved(&main).await).await;

    main.click("Actions on Won by owner").await;
    main.click("Rename…").await;
    main.fill("Name", "What was won").await;
    main.press(&[Key::Enter]).await;
    until_is("the views", vec!["*What was won".to_owned()], async || saved(&main).await).await;
    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    until_is("the views", vec!["*What was won".to_owned()], async || saved(&main).await).await;
    main.until_said(&format!("{won} documents")).await;
    main.click("Actions on What was won").await;
    main.click("Remove").await;
    until_is("the views", Vec::<String>::new(), async || saved(&main).await).await;
    main.click("Undo").await;
    until_is("the views", vec!["*What was won".to_owned()], async || saved(&main).await).await;
}

#[tokio::test]
async fn a_table_opens_as_the_last_one_of_its_collection_was_laid_out() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.choose_of_column("title", "Hide").await;
    until_is("the second column", "customer".to_owned(), async || main.columns().await[1].clone()).await;
    main.open_collection("customers").await;
    main.open_collection("offers").await;
    until_is("the second column", "customer".to_owned(), async || main.columns().await[1].clone()).await;
}

#[tokio::test]
async fn the_document_of_a_row_stands_beside_the_table() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let (first, second) = (offers.id(0).await, offers.id(1).await);
    main.click_cell(&first, "title").await;
    main.press_chord(&[Key::Control], 'e').await;
    let beside = async || {
        let script = "return document.querySelector('[aria-label=Document] .document')?.dataset.id ?? null";
        main.read::<Option<String>>(script, json!([])).await
    };
    until_is("beside the table", Some(first.to_string()), beside).await;
    main.picture("beside").await;
    main.press(&[Key::Down]).await;
    until_is("beside the table", Some(second.to_string()), beside).await;
    // An edit in the one shows in the other; Enter has gone on to the next row.
    main.edit(&second, "title", "Seen beside").await;
    main.press(&[Key::Up]).await;
    let script = r#"
        return document.querySelector("[aria-label=Document] [data-field=title] .field-open")?.textContent.trim() ?? null;"#;
    until_is("the title beside", Some("Seen beside".to_owned()), async || {
        main.read::<Option<String>>(script, json!([])).await
    })
    .await;
    main.press_chord(&[Key::Control], 'e').await;
    until_is("beside the table", None, beside).await;
}
