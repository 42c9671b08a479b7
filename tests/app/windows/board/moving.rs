//! Cards are moved by pointer and by keys.

use bson::doc;
use fantoccini::key::Key;
use serde_json::json;

use super::{super::offers::Workspace, Shop, seen::Board, task};
use crate::fixture::{until, until_is};

#[tokio::test]
async fn a_card_is_dragged_to_another_column_in_every_window() {
    let Workspace { app, mut wire, offers, server: _server } = Workspace::open().await;
    let main = app.main().await;
    let board = Board::open(&main, "offers").await;
    assert_eq!(board.columns().await, ["draft", "sent", "negotiation", "won", "lost", "expired"]);
    main.click("Open in new window").await;
    let second = app.window("window-2").await;
    let other = Board(&second);
    other.until_there().await;
    main.picture("board").await;

    let ids = board.ids("draft").await;
    let id = offers.with_id(&ids[0]).await;
    let before = offers.find(&id).await.unwrap();
    wire.hold_writes();
    board.lift(&id, "sent").await;
    assert_eq!(board.target().await.as_deref(), Some("sent"));
    main.picture("board-lifted").await;
    board.drop().await;
    for board in [board, other] {
        let card = board.until_card(&id, "sent", "syncing").await;
        assert_eq!(card.opacity, 60);
    }
    main.picture("board-syncing").await;
    wire.until_held().await;
    assert_eq!(offers.find(&id).await, Some(before), "nothing is written yet");
    wire.release();
    for board in [board, other] {
        assert_eq!(board.until_card(&id, "sent", "saved").await.alert, None);
    }
    offers.until_field(&id, "status", "sent").await;
    board.until_focused(&id, "sent").await;
}

#[tokio::test]
async fn at_its_edge_the_board_scrolls_under_a_lifted_card() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    let board = Board::open(&main, "offers").await;
    assert!(!board.is_in_sight("expired").await, "there are more columns than fit");
    let id = offers.with_id(&board.ids("draft").await[0]).await;
    board.drag(&id, "expired").await;
    assert!(board.is_in_sight("expired").await);
    board.until_card(&id, "expired", "saved").await;
    offers.until_field(&id, "status", "expired").await;
    // And back to the left.
    board.drag(&id, "draft").await;
    offers.until_field(&id, "status", "draft").await;
}

#[tokio::test]
async fn in_a_small_window_nothing_is_out_of_reach() {
    let Workspace { app, .. } = &Workspace::open().await;
    let main = app.main().await;
    let board = Board::open(&main, "offers").await;
    for (width, height) in [(900, 600), (1600, 1000)] {
        main.client().await.set_window_size(width, height).await.unwrap();
        let size = async || main.read::<(u32, u32)>("return [innerWidth, innerHeight]", json!([])).await;
        until_is("the window's size", (width, height), size).await;
        let script = r#"
            const buttons = [...document.querySelectorAll(".toolbar button, .board-column:first-child button")];
            const places = buttons.filter(seen).map((button) => button.getBoundingClientRect());
            const out = places.filter((place) => place.left < 0 || place.right > innerWidth || place.bottom > innerHeight);
            return [places.length > 5, out.length, document.documentElement.scrollWidth <= innerWidth];"#;
        assert_eq!(main.read::<(bool, u32, bool)>(script, json!([])).await, (true, 0, true));
        assert!(board.is_in_sight("draft").await);
        main.picture(&format!("board-{width}")).await;
    }
}

#[tokio::test]
async fn a_drag_is_given_up_by_escape_and_on_its_own_column_and_by_neither_is_anything_changed() {
    let Shop { app, wire, tasks, server: _server } =
        Shop::with(&[("Paint", "open"), ("Sweep", "open"), ("Lock", "doing")]).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    // Whatever is sent by mistake is caught here.
    wire.hold_writes();
    board.lift(&task(0), "doing").await;
    main.press(&[Key::Escape]).await;
    until_is("the column it would fall on", None, async || board.target().await).await;
    board.drop().await;
    assert_eq!(board.until_card(&task(0), "open", "saved").await.alert, None);
    board.drag(&task(0), "open").await;
    assert_eq!(board.until_card(&task(0), "open", "saved").await.alert, None);
    main.until_idle().await;
    tasks.until_field(&task(0), "status", "open").await;
}

#[tokio::test]
async fn keys_go_from_card_to_card_and_carry_one_along_and_undo_brings_it_back() {
    let Shop { app, tasks, .. } =
        &Shop::with(&[("Paint", "open"), ("Sweep", "open"), ("Lock", "doing")]).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    board.click(&task(0), &[]).await;
    board.until_focused(&task(0), "open").await;
    for (key, card, column) in
        [(Key::Down, 1, "open"), (Key::Right, 2, "doing"), (Key::Left, 0, "open"), (Key::End, 1, "open")]
    {
        main.press(&[key]).await;
        board.until_focused(&task(card), column).await;
    }
    main.press_with(Key::Control, Key::Right).await;
    board.until_focused(&task(1), "doing").await;
    assert_eq!(board.said().await, "tasks · 1 moved to doing");
    tasks.until_field(&task(1), "status", "doing").await;
    board.until_card(&task(1), "doing", "saved").await;

    main.press_chord(&[Key::Control], 'z').await;
    board.until_card(&task(1), "open", "saved").await;
    tasks.until_field(&task(1), "status", "open").await;

    // The last column is as far as it goes, and an empty one can be gone to.
    main.press(&[Key::Right, Key::Right]).await;
    let focused =
        "return document.activeElement.matches('[role=listbox]') && document.activeElement.ariaLabel";
    until_is("the empty column has the focus", json!("done"), async || main.read(focused, json!([])).await)
        .await;
}

#[tokio::test]
async fn several_cards_move_as_one_and_are_undone_as_one() {
    let all = [("Paint", "open"), ("Sweep", "open"), ("Lock", "doing"), ("Mend", "open"), ("Wash", "open")];
    let Shop { app, tasks, .. } = &Shop::with(&all).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    board.click(&task(0), &[]).await;
    board.click(&task(3), &[Key::Shift]).await;
    board.click(&task(1), &[Key::Control]).await;
    let selected = async || {
        let mut selected = Vec::new();
        for id in 0..5 {
            if board.card(&task(id)).await.unwrap().selected {
                selected.push(id);
            }
        }
        selected
    };
    until_is("the selected cards", vec![0, 3], selected).await;
    board.lift(&task(3), "doing").await;
    main.picture("board-several").await;
    board.drop().await;
    for id in [0, 3] {
        board.until_card(&task(id), "doing", "saved").await;
        tasks.until_field(&task(id), "status", "doing").await;
    }
    assert_eq!(board.card(&task(1)).await.unwrap().column, "open");
    assert_eq!(board.said().await, "2 cards moved to doing");
    main.press_chord(&[Key::Control], 'z').await;
    for id in [0, 3] {
        board.until_card(&task(id), "open", "saved").await;
        tasks.until_field(&task(id), "status", "open").await;
    }

    // Shift with an arrow does the same without a mouse.
    board.click(&task(1), &[]).await;
    main.press_with(Key::Shift, Key::Down).await;
    main.press_with(Key::Control, Key::Right).await;
    for id in [1, 3] {
        board.until_card(&task(id), "doing", "saved").await;
    }
    board.until_focused(&task(3), "doing").await;
}

#[tokio::test]
async fn a_card_that_somebody_else_moves_away_leaves_the_focus_to_its_neighbour() {
    let Shop { app, tasks, .. } =
        &Shop::with(&[("Paint", "open"), ("Sweep", "open"), ("Lock", "doing")]).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    board.click(&task(0), &[]).await;
    board.until_focused(&task(0), "open").await;
    tasks.set(&task(0), doc! { "status": "doing" }).await;
    board.until_card(&task(0), "doing", "saved").await;
    board.until_focused(&task(1), "open").await;
    tasks.0.delete_one(doc! { "_id": 1 }).await.unwrap();
    let focused = "return document.activeElement.ariaLabel";
    until_is("what has the focus", json!("open"), async || main.read(focused, json!([])).await).await;
}

#[tokio::test]
async fn a_card_is_moved_opened_and_deleted_by_its_menu() {
    let Shop { app, tasks, .. } = &Shop::with(&[("Paint", "open"), ("Sweep", "open")]).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    board.choose(&task(0), &["Move to…"]).await;
    main.picture("board-menu").await;
    main.click("Move to doing").await;
    board.until_card(&task(0), "doing", "saved").await;
    tasks.until_field(&task(0), "status", "doing").await;
    board.until_focused(&task(0), "doing").await;

    board.choose(&task(1), &["Delete…"]).await;
    main.click("Delete").await;
    until("the card goes", async || board.card(&task(1)).await.is_none().then_some(())).await;
    main.until_idle().await;
    assert_eq!(tasks.find(&task(1)).await, None);

    // Into a window of its own, and into this one and back to the board.
    board.click(&task(0), &[]).await;
    main.press_with(Key::Control, Key::Enter).await;
    let document = app.window("window-2").await;
    document.until_shown(&task(0), "title", "Paint", "saved").await;
    main.press(&[Key::Enter]).await;
    main.until_shown(&task(0), "title", "Paint", "saved").await;
    main.click("tasks").await;
    board.until_card(&task(0), "doing", "saved").await;
}

#[tokio::test]
async fn a_new_document_has_the_value_of_its_column() {
    let Shop { app, tasks, .. } = &Shop::with(&[("Paint", "open")]).await;
    let main = app.main().await;
    let board = Board::open(&main, "tasks").await;
    main.click("New in doing").await;
    main.fill("title", "Count the stock").await;
    main.picture("board-new").await;
    main.click("Insert").await;
    let inserted = until("the card of the new task", async || board.ids("doing").await.pop()).await;
    let id = until("the new task", async || {
        let found = tasks.0.find_one(doc! { "title": "Count the stock" }).await.unwrap()?;
        Some(lockstep_model::Value::from_ref(found.get("_id").unwrap().unwrap()))
    })
    .await;
    assert_eq!(id.to_string(), inserted);
    board.until_card(&id, "doing", "saved").await;
    tasks.until_field(&id, "status", "doing").await;
}

#[tokio::test]
async fn ten_thousand_cards_of_one_column_scroll_and_few_of_them_are_mounted() {
    let shop = Shop::with(&[("Paint", "open")]).await;
    let many = (10..10_009).map(|id| doc! { "_id": id, "title": format!("Task {id}"), "status": "doing" });
    shop.tasks.0.clone_with_type::<bson::Document>().insert_many(many).await.unwrap();
    let main = shop.app.main().await;
    let board = Board::open(&main, "tasks").await;
    until_is("the count of the column", Some("9,999".to_owned()), async || {
        board.counts().await.remove("doing")
    })
    .await;
    let script = r#"
        const list = document.querySelector("[role=listbox][aria-label=doing]");
        list.scrollTop = arguments[0] * list.scrollHeight;"#;
    for (part, id) in [(0.5, 5_010), (1.0, 10_008), (0.0, 10)] {
        let () = main.read(script, json!([part])).await;
        let near = async || {
            let ids = board.ids("doing").await;
            let mut numbers = ids.iter().filter_map(|id| id.split('"').nth(3)?.parse::<i32>().ok());
            let found = numbers.any(|number| (number - id).abs() < 30);
            (found && ids.len() < 60).then_some(())
        };
        until(&format!("cards near {id}"), near).await;
    }
    // From the first to the last by a key, and from there to another column.
    board.click(&task(10), &[]).await;
    main.press(&[Key::End]).await;
    board.until_focused(&task(10_008), "doing").await;
    main.press_with(Key::Control, Key::Left).await;
    board.until_card(&task(10_008), "open", "saved").await;
    shop.tasks.until_field(&task(10_008), "status", "open").await;
}
