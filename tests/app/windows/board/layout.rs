//! How a board is laid out, and that it is so at the next start.

use bson::{Bson, Decimal128, Document, doc};
use fantoccini::key::Key;
use lockstep_model::contract::View;
use serde_json::json;

use super::{super::offers::Workspace, Shop, seen::Board, task};
use crate::fixture::{App, Server, Window, until, until_is};

/// The sums above the columns, by the columns' names.
async fn sums(window: &Window) -> Vec<(String, String)> {
    let script = r#"
        const columns = [...document.querySelectorAll("[data-column]")];
        return columns.map((column) => [column.querySelector(".board-name").textContent,
            column.querySelector(".board-sum b")?.textContent.replaceAll(",", "") ?? ""]);"#;
    window.read(script, json!([])).await
}

#[tokio::test]
async fn the_sums_are_the_databases_and_follow_what_changes() {
    let Workspace { app, wire, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    let board = Board::open(&main, "offers").await;
    let statuses = ["draft", "sent", "negotiation", "won", "lost", "expired"];
    let expected = async || {
        let group = doc! { "$group": { "_id": "$status", "sum": { "$sum": "$amount" } } };
        let mut groups = offers.0.aggregate([group]).await.unwrap();
        let mut found: Vec<Document> = Vec::new();
        while groups.advance().await.unwrap() {
            found.push(groups.deserialize_current().unwrap());
        }
        let sum = |status: &str| {
            let group = found.iter().find(|group| group.get_str("_id").is_ok_and(|of| of == status));
            match group.and_then(|group| group.get("sum")) {
                Some(Bson::Decimal128(sum)) => sum.to_string(),
                _ => "0".into(),
            }
        };
        statuses.map(|status| (status.to_owned(), sum(status))).to_vec()
    };
    until_is("the sums", expected().await, async || sums(&main).await).await;

    let id = offers.with_id(&board.ids("draft").await[0]).await;
    board.drag(&id, "won").await;
    offers.until_field(&id, "status", "won").await;
    until_is("the sums after a move", expected().await, async || sums(&main).await).await;
    offers.set(&id, doc! { "amount": "1000000.50".parse::<Decimal128>().unwrap() }).await;
    until_is("the sums after a colleague's change", expected().await, async || sums(&main).await).await;
    // On a card it stands as in a cell.
    assert_eq!(board.field(&id, "amount").await.as_deref(), Some("1000000.50"));

    wire.hold_writes();
    board.drag(&id, "lost").await;
    until("the edit is told", async || main.text().await.contains("1 edit pending").then_some(())).await;
    assert_eq!(sums(&main).await, expected().await, "the sums stay the database's");
    wire.release();
    board.until_card(&id, "lost", "saved").await;
    until_is("the sums after that", expected().await, async || sums(&main).await).await;
    until("nothing is pending", async || (!main.text().await.contains("pending")).then_some(())).await;
}

#[tokio::test]
async fn the_layout_is_back_after_a_restart() {
    let Shop { mut app, wire: _wire, server: _server, .. } =
        Shop::with(&[("Paint", "open"), ("Sweep", "open"), ("Lock", "doing"), ("Mend", "doing")]).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    main.click("Fold done").await;
    main.click("Layout").await;
    board.lay_out("Sum", "hours").await;
    board.lay_out("Order", "hours").await;
    main.click("Ascending").await;
    main.picture("board-layout").await;
    main.press(&[Key::Escape]).await;
    let as_laid_out = async |window: &Window| {
        let board = Board(window);
        until_is("the columns", vec!["open".to_owned(), "doing".to_owned()], async || board.columns().await)
            .await;
        let sums_of = [("open", "3"), ("doing", "7"), ("done", "")].map(|(of, sum)| (of.into(), sum.into()));
        until_is("the sums", sums_of.to_vec(), async || sums(window).await).await;
        until_is(
            "the order",
            ["1", "0"].map(|id| format!("{{\"$numberInt\":\"{id}\"}}")).to_vec(),
            async || board.ids("open").await,
        )
        .await;
        let unfold =
            "return Boolean(document.querySelector('[aria-label=\"Unfold done\"][aria-expanded=false]'))";
        until_is("done is folded", true, async || window.read(unfold, json!([])).await).await;
    };
    as_laid_out(&main).await;
    main.picture("board-folded").await;
    until("the layout is on the disk", async || {
        let tabs = app.layout_on_disk()?.remove("main")?;
        matches!(&tabs.active().view, View::Board { layout, query, .. }
            if layout.collapsed.len() == 1 && query.sort.len() == 1)
        .then_some(())
    })
    .await;
    main.reload().await;
    as_laid_out(&main).await;
    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    as_laid_out(&main).await;
    // What is folded takes cards as well.
    main.click("Unfold done").await;
    until_is("columns", 3, async || Board(&main).columns().await.len()).await;
}

#[tokio::test]
async fn the_switch_keeps_the_filter_and_the_order_and_each_layout() {
    let Shop { app, .. } =
        &Shop::with(&[("Paint", "open"), ("Sweep", "open"), ("Paint the door", "open"), ("Lock", "doing")])
            .await;
    let main = app.main().await;
    main.open_collection("tasks").await;
    main.choose_of_column("title", "Filter by it…").await;
    main.retype("Value", "Paint").await;
    main.press(&[Key::Escape]).await;
    until("it is filtered", async || main.text().await.contains("2 documents").then_some(())).await;
    main.click("Board").await;
    let board = Board(&main);
    board.until_there().await;
    main.click("Layout").await;
    board.lay_out("Order", "hours").await;
    main.click("Ascending").await;
    board.lay_out("Sum", "hours").await;
    main.press(&[Key::Escape]).await;
    let order = ["2", "0"].map(|id| format!("{{\"$numberInt\":\"{id}\"}}")).to_vec();
    until_is("the order", order.clone(), async || board.ids("open").await).await;
    assert!(board.ids("doing").await.is_empty());
    main.click("Table").await;
    main.until_grid("tasks").await;
    until_is("the rows", order.clone(), async || main.row_ids().await).await;
    // By its shortcut as well, and as it was laid out.
    main.press_chord(&[Key::Control, Key::Shift], 'b').await;
    until_is("the order", order, async || board.ids("open").await).await;
    let sums_of = [("open", "4"), ("doing", "0"), ("done", "0")].map(|(of, sum)| (of.into(), sum.into()));
    until_is("the sums", sums_of.to_vec(), async || sums(&main).await).await;
    main.press_chord(&[Key::Control], 'f').await;
    main.click("Remove all").await;
    main.press(&[Key::Escape]).await;
    until_is("cards", 3, async || board.ids("open").await.len()).await;
}

#[tokio::test]
async fn without_a_schema_the_columns_are_the_values_that_are_there() {
    let server = Server::start().await;
    let notes = server.client().await.database("shop").collection::<Document>("notes");
    let document = |(at, kind): (i32, Option<&str>)| {
        let mut note = doc! { "_id": at, "name": format!("Note {at}"), "seen": at % 2 == 0 };
        if let Some(kind) = kind {
            note.insert("kind", kind);
        }
        note
    };
    let kinds = [Some("idea"), Some("bug"), None, Some("bug"), Some("idea"), Some("bug")];
    notes.insert_many((0..).zip(kinds).map(document)).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    let board = Board::open(&main, "notes").await;
    assert_eq!(board.columns().await, ["false", "true"], "what is true or false comes first");
    main.click("Layout").await;
    board.lay_out("Columns by", "kind").await;
    let expected = ["bug", "idea", "No kind, or another"].map(str::to_owned).to_vec();
    until_is("the columns", expected, async || board.columns().await).await;
    main.press(&[Key::Escape]).await;
    main.picture("board-without-schema").await;
    board.drag(&task(2), "idea").await;
    board.until_card(&task(2), "idea", "saved").await;
    until_is("the columns", 2, async || board.columns().await.len()).await;
    let kind =
        async || notes.find_one(doc! { "_id": 2 }).await.unwrap().unwrap().get_str("kind").map(str::to_owned);
    assert_eq!(kind().await.unwrap(), "idea");
    // And out again: the field goes.
    main.press_chord(&[Key::Control], 'z').await;
    board.until_card(&task(2), "No kind, or another", "saved").await;
    assert!(kind().await.is_err());
    // A value that nobody has used yet is a column of its own.
    notes.insert_one(doc! { "_id": 50, "name": "New", "kind": "question" }).await.unwrap();
    board.until_card(&task(50), "question", "saved").await;
}

#[tokio::test]
async fn a_board_comes_back_scrolled_as_it_was() {
    let Workspace { mut app, offers: _offers, wire: _wire, server: _server } = Workspace::open().await;
    let main = app.main().await;
    Board::open(&main, "offers").await;
    let scrolled = async |window: &Window| -> Vec<f64> {
        let script = r#"
            return [document.querySelector(".board-columns")?.scrollLeft ?? -1,
                document.querySelector("[role=listbox][aria-label=won]")?.scrollTop ?? -1];"#;
        window.read(script, json!([])).await
    };
    let script = r#"
        document.querySelector(".board-columns").scrollLeft = 120;
        document.querySelector("[role=listbox][aria-label=won]").scrollTop = 10 * arguments[0];"#;
    let pitch = r#"
        const [one, other] = document.querySelectorAll("[role=listbox][aria-label=won] [role=option]");
        return other.getBoundingClientRect().top - one.getBoundingClientRect().top;"#;
    let pitch: f64 = main.read(pitch, json!([])).await;
    let () = main.read::<Option<()>>(script, json!([pitch])).await.unwrap_or_default();
    until("it is on the disk", async || {
        let tabs = app.layout_on_disk()?.remove("main")?;
        matches!(&tabs.active().view, View::Board { scrolled, .. }
            if scrolled.left == 120 && scrolled.cards == [(Some("won".into()), 10)])
        .then_some(())
    })
    .await;
    main.reload().await;
    let as_it_was = vec![120.0, (10.0 * pitch).floor()];
    until_is("how far it is scrolled", as_it_was.clone(), async || scrolled(&main).await).await;
    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    until_is("how far it is scrolled", as_it_was, async || scrolled(&main).await).await;
}
