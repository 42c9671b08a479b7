//! The table without a mouse: where the cursor goes, how an editor opens and closes, and what each does to the value.

use fantoccini::key::Key;

use super::offers::Workspace;
use crate::fixture::{until, until_is};

#[tokio::test]
async fn arrows_enter_f2_escape_and_tab_do_what_a_spreadsheet_does() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let (first, second) = (offers.id(0).await, offers.id(1).await);
    let at = async |id: &lockstep_model::Value, field: &str| {
        let expected = Some((id.to_string(), field.to_owned()));
        until_is("the focus", expected, async || main.focused_cell().await).await;
    };
    let closed = async || until_is("no editor is open", None, async || main.editor_text().await).await;

    until("the Tab key comes to the table", async || {
        main.press(&[Key::Tab]).await;
        main.focused_cell().await
    })
    .await;
    at(&first, "number").await;
    main.press(&[Key::Right]).await;
    at(&first, "title").await;
    main.press(&[Key::Down]).await;
    at(&second, "title").await;
    main.press(&[Key::Up]).await;
    at(&first, "title").await;
    let title = main.seen(&first, "title").await.text;

    // Escape gives up what was typed.
    main.press(&[Key::Enter]).await;
    main.editor().await;
    main.type_text("given up").await;
    main.press(&[Key::Escape]).await;
    closed().await;
    at(&first, "title").await;
    main.until_shown(&first, "title", &title, "saved").await;

    // F2 keeps the value, Tab takes it and goes on to the right.
    main.press(&[Key::F2]).await;
    assert_eq!(main.editor().await.prop("value").await.unwrap().as_deref(), Some(&*title));
    main.press(&[Key::End]).await;
    main.type_text(" more").await;
    main.press(&[Key::Tab]).await;
    closed().await;
    main.until_shown(&first, "title", &format!("{title} more"), "saved").await;
    let beside = main.focused_cell().await.expect("the focus is on a cell");
    assert!(beside.0 == first.to_string() && beside.1 != "title", "{beside:?}");

    // Typing replaces the value, Enter takes it and goes down.
    main.click_cell(&first, "title").await;
    main.type_text("Typed over").await;
    main.press(&[Key::Enter]).await;
    at(&second, "title").await;
    main.until_shown(&first, "title", "Typed over", "saved").await;
    offers.until_field(&first, "title", "Typed over").await;

    // The row's menu, without a mouse as well.
    main.press_with(Key::Shift, Key::F10).await;
    until("the menu is open", async || main.text().await.contains("Duplicate…").then_some(())).await;
    main.press(&[Key::Escape]).await;
    at(&second, "title").await;
}
