//! Somebody writes very much at once: the windows stay usable, and are right at the end.

use std::{fs, time::Duration};

use bson::{Document, doc};
use lockstep_model::Value;
use serde_json::json;
use tokio::time::Instant;

use super::offers::{Offers, Workspace};
use crate::fixture::{Window, until};

/// How many documents there are before, and at the end.
const FIRST: i32 = 100;
const FLOOD: i32 = 100_100;
const AT_ONCE: i32 = 5_000;

/// Takes note of how long each frame takes, from now on.
async fn watch_frames(window: &Window) {
    let script = r#"
        window.longestFrame = 0;
        let last = performance.now();
        const frame = (now) => {
            window.longestFrame = Math.max(window.longestFrame, now - last);
            last = now;
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);"#;
    let () = window.read(script, json!([])).await;
}

/// In milliseconds.
async fn longest_frame(window: &Window) -> f64 {
    window.read("return window.longestFrame", json!([])).await
}

/// What the process has in memory, in MB.
fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

#[tokio::test]
async fn windows_stay_usable_while_a_colleague_writes_a_hundred_thousand_documents() {
    let Workspace { app, server, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let client = server.client().await;
    let many = client.database("sample").collection::<Document>("many");
    let document = |number: i32| doc! { "_id": number, "name": format!("Number {number}"), "at": 0 };
    many.insert_many((0..FIRST).map(document)).await.unwrap();
    let (_, second) = app.two_windows("many").await;
    for window in [&main, &second] {
        window.until_idle().await;
        watch_frames(window).await;
    }
    let host = app.driver().app_id();
    let before = memory(host);

    let begun = Instant::now();
    let flood = tokio::spawn(async move {
        for first in (FIRST..FLOOD).step_by(AT_ONCE as usize) {
            let last = FLOOD.min(first + AT_ONCE);
            many.insert_many((first..last).map(document)).await.unwrap();
            // Changes of what is on the screen among them.
            many.update_many(doc! { "_id": { "$lt": 40 } }, doc! { "$set": { "at": last } }).await.unwrap();
        }
    });
    // A person goes on.
    let (id, mut edits) = (Value::from(3), 0);
    while !flood.is_finished() {
        edits += 1;
        let name = format!("Edit {edits}");
        main.edit(&id, "name", &name).await;
        second.until_shown(&id, "name", &name, "saved").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    flood.await.unwrap();
    let written = begun.elapsed();
    assert!(edits > 0);
    // A table reads so many at once, and the rest as one scrolls there.
    let count = "the first 100,000 documents";
    for window in [&main, &second] {
        let script = r#"return document.querySelector(".toolbar-count")?.textContent === arguments[0]"#;
        let counted = async || window.read::<bool>(script, json!([count])).await.then_some(());
        until(&format!("the toolbar says {count}"), counted).await;
        window.until_shown(&Value::from(9), "at", &FLOOD.to_string(), "saved").await;
    }
    let known = Offers::of(server, "many").await;
    known.until_field(&id, "name", format!("Edit {edits}")).await;
    println!(
        "{FLOOD} documents in {} ms, right after {} ms; {edits} edits meanwhile; longest frames {:.0} and {:.0} ms; \
         host {before} MB before, {} MB after",
        written.as_millis(),
        begun.elapsed().as_millis(),
        longest_frame(&main).await,
        longest_frame(&second).await,
        memory(host),
    );
}
