//! Which rows and columns a table shows, and in which order.

use bson::{Document, doc};
use fantoccini::key::Key;
use lockstep_model::Value;
use mongodb::options::Collation;
use serde_json::json;

use super::offers::{Offers, Workspace};
use crate::fixture::{Window, until, until_is};

/// The rows at the top, by `_id`, as the database has them.
async fn first_ids(offers: &Offers, filter: Document, sort: Document, count: i64) -> Vec<String> {
    let simple = Collation::builder().locale("simple").build();
    let mut found = offers.0.find(filter).sort(sort).limit(count).collation(simple).await.unwrap();
    let mut ids = Vec::new();
    while found.advance().await.unwrap() {
        ids.push(Value::from_ref(found.current().get("_id").unwrap().unwrap()).to_string());
    }
    ids
}

async fn until_first(window: &Window, expected: Vec<String>) {
    until_is("the first rows", expected.clone(), async || {
        window.row_ids().await.into_iter().take(expected.len()).collect::<Vec<_>>()
    })
    .await;
}

async fn header_at(window: &Window, column: &str) -> String {
    let columns = window.columns().await;
    let at = columns.iter().position(|name| name == column).expect("there is such a column");
    format!("[data-header='{at}']")
}

async fn width(window: &Window, column: &str) -> f64 {
    let header = header_at(window, column).await;
    let script = "return document.querySelector(arguments[0]).getBoundingClientRect().width";
    window.read(script, json!([header])).await
}

#[tokio::test]
async fn conditions_filter_at_once_and_a_row_that_is_edited_out_of_them_stays_until_one_goes_on() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = Value::from_ref(
        offers
            .0
            .find_one(doc! { "status": "won" })
            .sort(doc! { "_id": 1 })
            .await
            .unwrap()
            .unwrap()
            .get("_id")
            .unwrap()
            .unwrap(),
    );
    main.press_chord(&[Key::Control], 'f').await;
    main.choose_option("Field", "status").await;
    main.choose_option("Value", "won").await;
    let won = offers.0.count_documents(doc! { "status": "won" }).await.unwrap();
    main.until_said(&format!("{won} documents")).await;
    main.picture("filter").await;

    // A second condition, on a number.
    main.click("Add a condition").await;
    main.choose_option("Field", "amount").await;
    main.choose_option("Test", "is at least").await;
    main.retype("Value", "no number").await;
    main.until_said("is no Decimal128").await;
    main.until_said(&format!("{won} documents")).await;
    main.retype("Value", "20000").await;
    let both = doc! { "status": "won", "amount": { "$gte": 20_000 } };
    let count = offers.0.count_documents(both).await.unwrap();
    assert!(count < won);
    main.until_said(&format!("{count} documents")).await;
    main.picture("filter-two").await;

    // As text, which may say what no form does; what is wrong is said there.
    main.click("As MongoDB filter").await;
    main.retype("MongoDB filter", "{status: 'won'").await;
    main.click("Apply").await;
    main.until_said("Something is missing at the end").await;
    main.retype("MongoDB filter", "{$nor: [{status: 'won'}]}").await;
    main.press_chord(&[Key::Control], char::from(Key::Enter)).await;
    let all = offers.0.count_documents(doc! {}).await.unwrap();
    main.until_said(&format!("{} documents", all - won)).await;
    main.picture("filter-text").await;
    main.retype("MongoDB filter", "{status: 'won'}").await;
    main.click("Apply").await;
    main.until_said(&format!("{won} documents")).await;
    main.click("As conditions").await;
    main.press(&[Key::Escape]).await;

    // What is edited out of the filter stays where the person is.
    main.open_editor(&id, "status").await;
    main.press(&[Key::Escape]).await;
    main.choose_of_column("owner", "Filter by it…").await;
    let owner = offers.field(&id, "owner").await.unwrap().get().as_str().unwrap().to_owned();
    main.choose_option("Test", "is").await;
    main.retype("Value", &owner).await;
    let by_owner = offers.0.count_documents(doc! { "status": "won", "owner": &owner }).await.unwrap();
    let documents = |count: u64| if count == 1 { "1 document".into() } else { format!("{count} documents") };
    main.until_said(&documents(by_owner)).await;
    main.press(&[Key::Escape]).await;
    main.open_editor(&id, "owner").await;
    main.type_text("Somebody else").await;
    main.press(&[Key::Tab]).await;
    offers.until_field(&id, "owner", "Somebody else").await;
    main.until_shown(&id, "owner", "Somebody else", "saved").await;
    main.press(&[Key::Down, Key::Down]).await;
    main.until_gone(&id).await;
}

#[tokio::test]
async fn a_filter_that_nothing_matches_says_so_and_is_removed_by_a_click() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.choose_of_column("title", "Filter by it…").await;
    main.retype("Value", "no offer has this").await;
    main.until_said("No document matches the filter.").await;
    main.picture("filter-none").await;
    main.press(&[Key::Escape]).await;
    main.click("Remove the filter").await;
    let all = offers.0.count_documents(doc! {}).await.unwrap();
    main.until_said(&format!("{all} documents")).await;
}

#[tokio::test]
async fn rows_are_sorted_by_several_fields() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let click = async |column: &str, held: bool| {
        let name = header_at(&main, column).await;
        let script = r#"
            const name = document.querySelector(`${arguments[0]} .sort`);
            name.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: arguments[1] }));"#;
        let () = main.read(script, json!([name, held])).await;
    };
    click("status", false).await;
    until_first(&main, first_ids(offers, doc! {}, doc! { "status": 1, "_id": 1 }, 8).await).await;
    click("amount", true).await;
    click("amount", true).await;
    let sorted = doc! { "status": 1, "amount": -1, "_id": 1 };
    until_first(&main, first_ids(offers, doc! {}, sorted, 8).await).await;
    main.press_chord(&[Key::Control, Key::Shift], 's').await;
    main.choose_option("Direction", "ascending").await;
    let sorted = doc! { "status": 1, "amount": 1, "_id": 1 };
    until_first(&main, first_ids(offers, doc! {}, sorted, 8).await).await;
    main.picture("sort").await;
    main.click("Before the one above").await;
    let sorted = doc! { "amount": 1, "status": 1, "_id": 1 };
    until_first(&main, first_ids(offers, doc! {}, sorted, 8).await).await;
    main.click("Remove all").await;
    until_first(&main, first_ids(offers, doc! {}, doc! { "_id": 1 }, 8).await).await;
}

#[tokio::test]
async fn columns_are_hidden_moved_widened_frozen_and_added_and_come_back_after_a_restart() {
    let Workspace { mut app, offers, server: _server, wire: _wire } = Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let before = main.columns().await;
    assert_eq!(before[..3], ["number", "title", "customer"]);
    main.choose_of_column("title", "Hide").await;
    until_is("the first column", "customer".to_owned(), async || main.columns().await[1].clone()).await;

    // By hand: a name to another place, an edge to another width.
    let wide = width(&main, "customer").await;
    let edge = format!("{} .column-resize", header_at(&main, "customer").await);
    main.drag(&edge, (64, 0)).await;
    let is_wider = async || {
        let gained = width(&main, "customer").await - wide;
        (gained - 64.0).abs() < 1.0
    };
    until_is("the width is greater by 64", true, is_wider).await;
    let status = format!("{} .sort", header_at(&main, "status").await);
    main.drag(&status, (-(wide as i64) - 64, 0)).await;
    until_is("status before customer", "status".to_owned(), async || main.columns().await[1].clone()).await;

    // What is inside of a document has a column when somebody wants one.
    main.press_chord(&[Key::Control, Key::Shift], 'l').await;
    main.retype("Search columns", "customer.").await;
    main.tick("customer.name").await;
    main.picture("columns").await;
    main.press(&[Key::Escape]).await;
    let layout = main.columns().await;
    assert!(layout.contains(&"customer.name".to_owned()), "{layout:?}");
    let id = offers.id(0).await;
    let customer = offers.field(&id, "customer").await.unwrap();
    let name = customer.get().as_document().unwrap().get_str("name").unwrap().to_owned();
    main.until_shown(&id, "customer.name", &name, "saved").await;
    main.edit(&id, "customer.name", "Linz").await;
    main.until_shown(&id, "customer.name", "Linz", "saved").await;

    main.choose_of_column("status", "Freeze up to here").await;
    main.picture("columns-frozen").await;
    let script = "document.querySelector('.grid-scroll').scrollLeft = 900";
    let () = main.read(script, json!([])).await;
    let left = "const cell = document.querySelector('[data-field=status]'); return cell.getBoundingClientRect().left > 0";
    until_is("the frozen column is in sight", true, async || main.read(left, json!([])).await).await;

    until("the layout is on disk", async || {
        let text = format!("{:?}", app.layout_on_disk()?);
        text.contains("frozen: 1").then_some(())
    })
    .await;
    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    until_is("the columns", layout, async || main.columns().await).await;
    assert!((width(&main, "customer").await - wide - 64.0).abs() < 1.0);
}

#[tokio::test]
async fn rows_stand_in_groups_which_open_close_and_follow_edits() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.choose_of_column("status", "Group by it").await;
    let heads = async || {
        let script = r#"
            return [...document.querySelectorAll("[data-group]")].map((head) =>
                [head.dataset.group, Number(head.querySelector(".group-count").textContent)]);"#;
        let heads: Vec<(String, u64)> = main.read(script, json!([])).await;
        heads
    };
    let count = async |status: &str| offers.0.count_documents(doc! { "status": status }).await.unwrap();
    let draft = count("draft").await;
    until_is("the first group", Some(("\"draft\"".to_owned(), draft)), async || {
        heads().await.first().cloned()
    })
    .await;
    main.picture("groups").await;

    // Closed, only its head is left, and the rows below are those of the next one.
    main.click(&format!("draft{draft}")).await;
    let expired = first_ids(offers, doc! { "status": "expired" }, doc! { "_id": 1 }, 3).await;
    until_first(&main, expired.clone()).await;
    main.picture("groups-closed").await;

    // An edit moves the row into its group, and the heads say so.
    let script = r#"return document.querySelector("[role=row][data-id]").dataset.id"#;
    let first: String = main.read(script, json!([])).await;
    let id = Value::from_ref(
        offers
            .0
            .find_one(doc! { "status": "expired" })
            .sort(doc! { "_id": 1 })
            .await
            .unwrap()
            .unwrap()
            .get("_id")
            .unwrap()
            .unwrap(),
    );
    assert_eq!(first, id.to_string());
    main.choose(&id, "status", "d").await;
    offers.until_field(&id, "status", "draft").await;
    main.press(&[Key::Down]).await;
    until_is("drafts", Some(("\"draft\"".to_owned(), draft + 1)), async || heads().await.first().cloned())
        .await;
    until_first(&main, expired[1..].to_vec()).await;
    main.click(&format!("draft{}", draft + 1)).await;
    until_first(&main, first_ids(offers, doc! { "status": "draft" }, doc! { "_id": 1 }, 3).await).await;
    main.choose_of_column("status", "No groups").await;
    until_first(&main, first_ids(offers, doc! {}, doc! { "_id": 1 }, 3).await).await;
}
