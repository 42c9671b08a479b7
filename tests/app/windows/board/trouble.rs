//! A card whose move is not in the database says why, and what can be done about it.

use bson::doc;

use super::{Shop, seen::Board, task};
use crate::fixture::until_is;

#[tokio::test]
async fn a_refused_move_goes_back_and_says_why_and_is_sent_again_or_discarded() {
    let shop = Shop::with(&[("Paint", "open"), ("Sweep", "open")]).await;
    let main = shop.app.main().await;
    let board = Board::open(&main, "tasks").await;
    shop.wire.hold_writes();
    board.drag(&task(0), "done").await;
    board.until_card(&task(0), "done", "syncing").await;
    shop.wire.release();
    let card = board.until_card(&task(0), "open", "failed").await;
    let alert = card.alert.expect("it says why");
    assert!(alert.contains("Not saved: done"), "{alert}");
    main.picture("board-refused").await;
    board.until_focused(&task(0), "open").await;
    shop.tasks.until_field(&task(0), "status", "open").await;

    board.click_at(&task(0), "Discard").await;
    assert_eq!(board.until_card(&task(0), "open", "saved").await.alert, None);

    // What was in the way is put right elsewhere: then the same goes through.
    board.drag(&task(0), "done").await;
    board.until_card(&task(0), "open", "failed").await;
    shop.tasks.set(&task(0), doc! { "owner": "Ada" }).await;
    board.click_at(&task(0), "Retry").await;
    assert_eq!(board.until_card(&task(0), "done", "saved").await.alert, None);
    shop.tasks.until_field(&task(0), "status", "done").await;
}

#[tokio::test]
async fn a_colleague_who_was_faster_is_a_conflict_on_the_card() {
    let shop = Shop::with(&[("Paint", "open"), ("Sweep", "open"), ("Lock", "doing")]).await;
    let main = shop.app.main().await;
    let board = Board::open(&main, "tasks").await;
    for (id, decision, column) in [(0, "Keep theirs", "done"), (1, "Use mine", "doing")] {
        shop.wire.hold_writes();
        board.drag(&task(id), "doing").await;
        board.until_card(&task(id), "doing", "syncing").await;
        shop.tasks.set(&task(id), doc! { "status": "done", "owner": "Bo" }).await;
        shop.wire.release();
        let card = board.until_card(&task(id), "done", "conflict").await;
        assert!(card.alert.is_some(), "the card says so");
        shop.tasks.until_field(&task(id), "status", "done").await;
        main.picture("board-conflict").await;
        board.click_at(&task(id), "Review").await;
        main.picture("board-review").await;
        main.click(decision).await;
        assert_eq!(board.until_card(&task(id), column, "saved").await.alert, None);
        shop.tasks.until_field(&task(id), "status", column).await;
    }
}

#[tokio::test]
async fn a_move_without_the_server_is_queued_and_goes_through_when_it_is_back() {
    let mut shop = Shop::with(&[("Paint", "open"), ("Sweep", "open")]).await;
    let main = shop.app.main().await;
    let board = Board::open(&main, "tasks").await;
    shop.server.kill().await;
    main.until_status("it is offline", |status| status.feed == "offline").await;
    board.drag(&task(0), "doing").await;
    let card = board.until_card(&task(0), "doing", "queued").await;
    assert_eq!(card.opacity, 60);
    main.picture("board-queued").await;
    shop.server.restart().await;
    board.until_card(&task(0), "doing", "saved").await;
    main.until_idle().await;
    shop.tasks.until_field(&task(0), "status", "doing").await;
}

#[tokio::test]
async fn what_must_not_be_empty_does_not_move_to_the_column_of_all_others() {
    let shop = Shop::with(&[("Paint", "open")]).await;
    // From before there was a rule.
    let odd = doc! { "_id": 7, "title": "Odd", "status": "later" };
    let collection = shop.tasks.0.clone_with_type::<bson::Document>();
    collection.insert_one(odd).bypass_document_validation(true).await.unwrap();
    let main = shop.app.main().await;
    let board = Board::open(&main, "tasks").await;
    let others = "No status, or another";
    board.until_card(&task(7), others, "saved").await;
    board.drag(&task(0), others).await;
    until_is("a word about it", true, async || main.text().await.contains("Not moved: status")).await;
    board.until_card(&task(0), "open", "saved").await;
    board.drag(&task(7), "open").await;
    board.until_card(&task(7), "open", "saved").await;
    shop.tasks.until_field(&task(7), "status", "open").await;
    assert_eq!(board.columns().await, ["open", "doing", "done"], "there are no others any more");
}
