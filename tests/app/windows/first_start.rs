//! The first start, on a machine where nobody has set anything up: the offers are there, all of them.

use std::collections::BTreeMap;

use serde_json::json;

use super::colleague::texts;
use crate::fixture::{App, Window, until};

/// The rows of the standard sample.
const OFFERS: usize = 10_000;

#[tokio::test]
async fn the_first_start_shows_the_offers_and_scrolls_through_all_of_them_without_a_gap() {
    let app = App::embedded().await;
    let main = app.main().await;
    // Nobody has clicked anything.
    main.until_grid("offers").await;
    let counted: usize =
        main.read("return Number(document.querySelector('[role=grid]').ariaRowCount)", json!([])).await;
    assert_eq!(counted, OFFERS + 1, "the rows and the header");
    // The rest of the sample is made while a person looks at the offers.
    main.until_count("activities", 5 * OFFERS as u64).await;
    main.picture("first-start").await;

    // With that row at the top: each row on the screen, by its place, with its number. Nothing as long as a part of the
    // screen is empty, or a row on it.
    let screen = r#"
        const grid = document.querySelector("[role=grid]");
        const scroll = grid.parentElement;
        const edges = (row) => row.getBoundingClientRect();
        const top = edges(grid.querySelector("[role=columnheader]")).bottom;
        const bottom = edges(scroll).top + scroll.clientHeight;
        const mounted = [...grid.querySelectorAll("[role=row][data-id]")];
        const wanted = Math.min(arguments[0] * edges(mounted[0]).height, scroll.scrollHeight - scroll.clientHeight);
        if (Math.abs(scroll.scrollTop - wanted) > 1) {
            scroll.scrollTop = wanted;
            return null;
        }
        const rows = mounted.filter((row) => edges(row).bottom > top + 1 && edges(row).top < bottom - 1);
        const covered = rows.reduce((sum, row) => sum + edges(row).height, 0);
        const texts = rows.map((row) => [Number(row.ariaRowIndex), cellOf(row.dataset.id, "number")?.textContent ?? ""]);
        // below the last row there is room for what is said at it
        const end = rows.some((row) => row.ariaRowIndex === grid.ariaRowCount);
        return (covered < bottom - top - 2 && !end) || texts.some(([, number]) => number === "") ? null : texts;"#;
    // By less than a screen at both ends, and by jumps between.
    let tops = (0..200)
        .step_by(12)
        .chain((200..OFFERS - 200).step_by(600))
        .chain((OFFERS - 200..OFFERS).step_by(12));
    let mut found = BTreeMap::<usize, String>::new();
    for top in tops {
        let rows: Vec<(usize, String)> = until(&format!("all rows on the screen from {top}"), async || {
            main.read(screen, json!([top])).await
        })
        .await;
        found.extend(rows);
    }
    main.picture("scrolled-to-the-end").await;
    // They are in the order in which they were written, and numbered so; the header is the first row.
    assert!(
        (2..200).chain(OFFERS - 198..OFFERS + 2).all(|place| found.contains_key(&place)),
        "{:?}",
        found.keys()
    );
    for (place, number) in &found {
        assert!(number.ends_with(&format!("-{:05}", place - 1)), "row {place} is {number}");
    }
}

#[tokio::test]
async fn what_is_special_is_one_click_away_each() {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    main.until_count("oddities", 40).await;
    main.picture("first-minute").await;
    main.click("Open a second window beside this one").await;
    let second = app.window("window-2").await;
    second.until_grid("offers").await;
    // Each has one half of the screen.
    let place = async |window: &Window| -> (i64, i64) {
        let script = "return [window.screenX, window.screenX + window.outerWidth]";
        window.read(script, json!([])).await
    };
    until("side by side", async || {
        let (left, right) = (place(&main).await, place(&second).await);
        let width: i64 = main.read("return screen.width", json!([])).await;
        (left.0 < width / 4 && left.1 <= right.0 + 8 && right.1 > width * 3 / 4).then_some(())
    })
    .await;

    main.click("Let a simulated colleague edit").await;
    let before = (texts(&main).await, texts(&second).await);
    until("edits arrive in both", async || {
        (texts(&main).await != before.0 && texts(&second).await != before.1).then_some(())
    })
    .await;
    // Both were tried: it is not shown again.
    until("it goes", async || (!main.text().await.contains("See it:")).then_some(())).await;
    main.picture("first-minute-side-by-side").await;
    second.picture("first-minute-second").await;
}

#[tokio::test]
async fn the_embedded_database_ends_with_the_app_and_comes_back_with_it() {
    let mut app = App::embedded().await;
    app.main().await.until_grid("offers").await;
    app.kill().await;
    app.until_database_ended().await;
    app.start_again().await;
    app.main().await.until_grid("offers").await;
}
