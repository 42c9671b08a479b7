//! The first start, on a machine where nobody has set anything up: the offers are there, all of them.

use std::collections::BTreeMap;

use serde_json::json;

use crate::fixture::{App, until};

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
    main.picture("first-start").await;

    // Each row on the screen, by its place, with its number; then on by less than a page. Nothing as long as a part of
    // the screen is empty, or a row on it.
    let step = r#"
        const grid = document.querySelector("[role=grid]");
        const scroll = grid.parentElement;
        const top = grid.querySelector("[role=columnheader]").getBoundingClientRect().bottom;
        const bottom = scroll.getBoundingClientRect().top + scroll.clientHeight;
        const edges = (row) => row.getBoundingClientRect();
        const place = (row) => Number(row.ariaRowIndex);
        const rows = [...grid.querySelectorAll("[role=row][data-id]")]
            .filter((row) => edges(row).bottom > top && edges(row).top < bottom)
            .sort((a, b) => place(a) - place(b));
        const texts = rows.map((row) => [place(row), cellOf(row.dataset.id, "number")?.textContent ?? ""]);
        if (texts.length === 0 || texts.some(([, number]) => number === "")) return null;
        const last = rows[rows.length - 1];
        const end = place(last) === Number(grid.ariaRowCount);
        if (edges(rows[0]).top > top + 1 || (!end && edges(last).bottom < bottom - 1)) return null;
        if (!end) scroll.scrollTop += bottom - top - edges(last).height;
        return [texts, end];"#;
    let mut found = BTreeMap::<usize, String>::new();
    let mut at_end = false;
    while !at_end {
        let (seen, end): (Vec<(usize, String)>, bool) =
            until("the rows on the screen", async || main.read(step, json!([])).await).await;
        found.extend(seen);
        at_end = end;
    }
    main.picture("scrolled-to-the-end").await;
    // They are shown in the order in which they were written, and numbered so.
    let places: Vec<usize> = found.keys().copied().collect();
    assert_eq!(places, (2..OFFERS + 2).collect::<Vec<_>>());
    for (place, number) in &found {
        assert!(number.ends_with(&format!("-{:05}", place - 1)), "row {place} is {number}");
    }
}
