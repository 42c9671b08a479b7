//! Windows of their own, for a table and for a document, that follow as all others do.

use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{App, until};

#[tokio::test]
async fn a_table_and_a_document_open_in_windows_of_their_own() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, table) = app.two_windows("offers").await;
    let id = offers.id(0).await;
    assert_eq!(table.row_ids().await.first(), Some(&id.to_string()));

    table.choose_of_row(&id, "Open in new window").await;
    let document = app.window("window-3").await;
    let title = main.seen(&id, "title").await.text;
    document.until_shown(&id, "title", &title, "saved").await;
    document.picture("document").await;

    main.edit(&id, "title", "Edited in the table").await;
    document.until_shown(&id, "title", "Edited in the table", "saved").await;

    document.click("Edit title: Edited in the table").await;
    document.editor().await;
    document.type_text("Edited in the document").await;
    document.press(&[fantoccini::key::Key::Enter]).await;
    for window in [&main, &table, &document] {
        window.until_shown(&id, "title", "Edited in the document", "saved").await;
    }
    offers.until_field(&id, "title", "Edited in the document").await;
}

#[tokio::test]
async fn a_document_that_is_deleted_elsewhere_says_so_and_stays_to_be_read() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(0).await;
    main.choose_of_row(&id, "Open in new window").await;
    let document = app.window("window-2").await;
    let title = main.seen(&id, "title").await.text;
    document.until_shown(&id, "title", &title, "saved").await;
    offers.0.delete_one(super::offers::by(&id)).await.unwrap();
    main.until_gone(&id).await;
    until("it says so", async || document.text().await.contains("was deleted").then_some(())).await;
    assert_eq!(document.seen(&id, "title").await.text, title);
}

#[tokio::test]
async fn the_menu_of_a_row_opens_beside_it_and_nothing_is_drawn_anew() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(6).await;
    let () = main.read("rowOf(arguments[0]).isTheSame = true", json!([id.to_string()])).await;
    main.open_row_menu(&id).await;
    let script = r#"
        const menu = document.querySelector("[role=menu]")?.getBoundingClientRect();
        const button = rowOf(arguments[0]).querySelector("[aria-label='Row actions']").getBoundingClientRect();
        return menu && [rowOf(arguments[0]).isTheSame === true,
            menu.top > button.top && menu.top < button.bottom + 12 && menu.left < button.right];"#;
    let found: [bool; 2] = until("the menu", async || main.read(script, json!([id.to_string()])).await).await;
    assert_eq!(found, [true, true]);
    main.picture("row-menu").await;
}

#[tokio::test]
async fn a_second_start_brings_the_first_to_the_front_and_ends() {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    let ended = tokio::process::Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .arg("--data")
        .arg(app.data())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success() && said.contains("it is running already"), "{said}");
    until("the window has the focus", async || {
        main.read::<bool>("return document.hasFocus()", json!([])).await.then_some(())
    })
    .await;
    // One that asks for a server of its own is told that this one does not open it.
    let refused = tokio::process::Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(["--uri", "mongodb://127.0.0.1:9", "--data"])
        .arg(app.data())
        .output()
        .await
        .unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("another Lockstep"));
}
