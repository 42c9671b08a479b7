//! Many cells at once: selected, copied, pasted and filled as in a spreadsheet, and undone as one thing.

use bson::{Document, doc};
use fantoccini::key::Key;
use lockstep_model::Value;
use mongodb::Collection;
use serde_json::json;

use super::offers::{Offers, Workspace};
use crate::fixture::{App, Server, Window, until, until_is};

/// Pastes what another program has put into the clipboard, where the focus is.
async fn paste(window: &Window, text: &str) {
    paste_at_once(window, &[text]).await;
}

/// Pastes one after the other, faster than anything can be read.
async fn paste_at_once(window: &Window, texts: &[&str]) {
    let script = r#"
        for (const text of arguments[0]) {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }"#;
    let () = window.read(script, json!([texts])).await;
}

async fn selected(window: &Window) -> usize {
    window
        .read("return document.querySelectorAll('[role=gridcell][aria-selected=true]').length", json!([]))
        .await
}

async fn ids<const N: usize>(offers: &Offers, from: u64) -> [Value; N] {
    let mut ids = Vec::new();
    for place in from..from + N as u64 {
        ids.push(offers.id(place).await);
    }
    ids.try_into().unwrap_or_else(|_| panic!("so many there are"))
}

async fn texts(window: &Window, ids: &[Value], field: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for id in ids {
        texts.push(window.seen(id, field).await.text);
    }
    texts
}

#[tokio::test]
async fn a_block_is_copied_with_its_types_pasted_elsewhere_and_undone_as_one() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let (from, to) = (ids::<3>(offers, 0).await, ids::<3>(offers, 5).await);
    let fields = ["title", "customer"];
    let mut before = Vec::new();
    for field in fields {
        before.push(texts(&main, &to, field).await);
    }
    main.click_cell(&from[0], "title").await;
    main.press_with(Key::Shift, Key::Down).await;
    main.press_with(Key::Shift, Key::Down).await;
    main.press_with(Key::Shift, Key::Right).await;
    until_is("selected cells", 6, async || selected(&main).await).await;
    main.picture("cells-selected").await;
    main.press_chord(&[Key::Control], 'c').await;
    main.click_cell(&to[0], "title").await;
    until_is("selected cells", 0, async || selected(&main).await).await;
    main.press_chord(&[Key::Control], 'v').await;
    for field in fields {
        for (from, to) in from.iter().zip(&to) {
            let text = main.seen(from, field).await.text;
            main.until_shown(to, field, &text, "saved").await;
            second.until_shown(to, field, &text, "saved").await;
            offers.until_field(to, field, offers.field(from, field).await.unwrap()).await;
        }
    }
    main.press_chord(&[Key::Control], 'z').await;
    for (field, before) in fields.iter().zip(&before) {
        for (to, before) in to.iter().zip(before) {
            second.until_shown(to, field, before, "saved").await;
        }
    }
}

#[tokio::test]
async fn what_cannot_stand_there_is_said_and_nothing_is_pasted() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let [first, second] = ids::<2>(offers, 0).await;
    let before = texts(&main, &[first.clone(), second.clone()], "status").await;
    main.click_cell(&first, "status").await;
    paste(&main, "won\nperhaps\n").await;
    until("a word about it", async || {
        let text = main.text().await;
        (text.contains("Not pasted") && text.contains("status")).then_some(())
    })
    .await;
    main.picture("paste-refused").await;
    main.until_idle().await;
    assert_eq!(texts(&main, &[first.clone(), second.clone()], "status").await, before);

    paste(&main, "won\nlost\n").await;
    main.until_shown(&first, "status", "won", "saved").await;
    main.until_shown(&second, "status", "lost", "saved").await;
}

#[tokio::test]
async fn a_selection_is_filled_from_its_first_row_and_by_one_pasted_cell() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let rows = ids::<4>(offers, 0).await;
    let owner = main.seen(&rows[0], "owner").await.text;
    main.click_cell(&rows[0], "owner").await;
    for _ in 1..rows.len() {
        main.press_with(Key::Shift, Key::Down).await;
    }
    main.press_chord(&[Key::Control], 'd').await;
    for id in &rows {
        main.until_shown(id, "owner", &owner, "saved").await;
        offers.until_field(id, "owner", &*owner).await;
    }
    paste(&main, "Somebody").await;
    for id in &rows {
        main.until_shown(id, "owner", "Somebody", "saved").await;
    }
    main.press(&[Key::Escape]).await;
    until_is("selected cells", 0, async || selected(&main).await).await;
}

#[tokio::test]
async fn rows_that_there_are_not_yet_are_added() {
    let server = crate::fixture::Server::start().await;
    let things = Offers(server.client().await.database("shop").collection("things"));
    things
        .0
        .insert_one(bson::rawdoc! { "_id": bson::oid::ObjectId::new(), "name": "One", "count": 1 })
        .await
        .unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("things").await;
    let first = things.id(0).await;
    main.click_cell(&first, "name").await;
    paste(&main, "Uno\t11\r\nDos\t22\r\nTres\t33\r\n").await;
    main.until_shown(&first, "name", "Uno", "saved").await;
    main.picture("rows-added").await;
    until("three rows", async || main.text().await.contains("3 documents").then_some(())).await;
    main.until_idle().await;
    let mut found = things.0.find(bson::doc! {}).sort(bson::doc! { "count": 1 }).await.unwrap();
    let mut names = Vec::new();
    while found.advance().await.unwrap() {
        names.push(found.current().get_str("name").unwrap().to_owned());
    }
    assert_eq!(names, ["Uno", "Dos", "Tres"]);
}

/// So many lines are pasted over those rows.
const PASTED: i32 = 1_500;

/// The main window with more rows than come along with their list; the first of them, and one that does not.
async fn many(server: &Server) -> (App, Window, Offers, [Value; 2]) {
    let many = Offers::of(server, "many").await;
    let rows = (0..2_000).map(|row| doc! { "_id": row, "name": format!("Row {row}") });
    let collection: Collection<Document> = server.client().await.database("sample").collection("many");
    collection.insert_many(rows).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("many").await;
    let ends = [Value::from(0), Value::from(PASTED - 1)];
    assert!(main.shown(&ends[1], "name").await.is_none(), "it is far below");
    main.click_cell(&ends[0], "name").await;
    (app, main, many, ends)
}

fn lines() -> String {
    (0..PASTED).map(|row| format!("Pasted {row}\n")).collect()
}

#[tokio::test]
async fn what_is_pasted_over_rows_that_were_never_on_the_screen_waits_until_they_are_read() {
    let server = &Server::with_sample().await;
    let (_app, main, many, [first, last]) = many(server).await;
    paste(&main, &lines()).await;
    main.until_shown(&first, "name", "Pasted 0", "saved").await;
    let pasted = format!("Pasted {}", PASTED - 1);
    many.until_field(&last, "name", pasted.as_str()).await;
    main.until_idle().await;
    main.press_chord(&[Key::Control], 'z').await;
    until("it is taken back", async || {
        (many.field(&last, "name").await != Some(pasted.as_str().into())).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_its_rows_is_dropped_with_a_word_when_something_else_is_begun() {
    let server = &Server::with_sample().await;
    let (_app, main, many, [first, last]) = many(server).await;
    let name = many.field(&last, "name").await;
    paste_at_once(&main, &[&lines(), "Second"]).await;
    let told = async || main.text().await.contains("Not pasted: something else was begun").then_some(());
    until("a word", told).await;
    many.until_field(&first, "name", "Second").await;
    main.until_idle().await;
    assert_eq!(many.field(&last, "name").await, name);
}
