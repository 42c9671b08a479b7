//! A collection of a million documents: opened, scrolled, edited and sorted, and for comparison one of ten thousand on the
//! same server.

use bson::{Document, doc};
use serde_json::json;

use crate::{
    figures::Figures,
    fixture::{App, Server, Window, until},
};

/// Documents that are written at once.
const BATCH: i32 = 20_000;
/// How often each is measured.
const TIMES: usize = 5;

pub async fn measure(figures: &mut Figures) {
    let server = Server::start().await;
    let database = server.client().await.database("bench");
    let sizes = [("ten_thousand", 10_000), ("million", 1_000_000)];
    for (name, count) in sizes {
        let collection = database.collection::<Document>(name);
        for first in (0..count).step_by(BATCH as usize) {
            let batch = (first..count.min(first + BATCH)).map(|number| {
                doc! { "_id": number, "name": format!("Row {number}"), "group": number % 7, "amount": f64::from(number * 7 % 1_003) }
            });
            collection.insert_many(batch).ordered(false).await.unwrap();
        }
    }
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    for (name, count) in sizes {
        main.until_count(name, u64::try_from(count).unwrap()).await;
    }
    for (name, count) in sizes {
        let (mut opened, mut jumped, mut edited) = (Vec::new(), Vec::new(), Vec::new());
        // The first time nothing is known of it; later it is shown from what is there.
        opened.push(until_shown(&main, &click_on(name), 0).await);
        figures.sample(&format!("{name}: click to the first rows, for the first time"), "ms", opened);
        let loaded = count.min(100_000);
        for time in 1..=TIMES {
            let row = loaded / (TIMES as i32 + 1) * time as i32;
            let scroll = format!("document.querySelector('.grid-scroll').scrollTop = {row} * rowHeight;");
            jumped.push(until_shown(&main, &scroll, row).await);
        }
        figures.sample(&format!("{name}: a jump to rows that were not read"), "ms", jumped);
        let () = main
            .read::<Option<()>>("document.querySelector('.grid-scroll').scrollTop = 0", json!([]))
            .await
            .unwrap_or_default();
        for time in 0..TIMES {
            let id = lockstep_model::Value::from(2 + i32::try_from(time).unwrap());
            until("the row", async || main.shown(&id, "name").await).await;
            let text = format!("Edited {time}");
            watch_text(&main, &id.to_string(), &text).await;
            main.edit(&id, "name", &text).await;
            let shown: f64 =
                until("the edit", async || main.read("return window.edited ?? null", json!([])).await).await;
            edited.push(shown);
        }
        figures.sample(&format!("{name}: Enter to the new value"), "ms", edited);
        main.until_idle().await;
    }
}

fn click_on(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('.sidebar-item')].find((item) => item.textContent.startsWith('{name}')).click();"
    )
}

/// How long it takes, in milliseconds, until a script has led to that row on the screen, with its text.
async fn until_shown(window: &Window, script: &str, row: i32) -> f64 {
    let watched = format!(
        r#"
        const rowHeight = document.querySelector("[role=grid] [role=row][data-id]")?.getBoundingClientRect().height ?? 32;
        window.shown = null;
        const began = performance.now();
        const look = () => {{
            const cell = cellOf('{{"$numberInt":"{row}"}}', "name");
            if (cell?.textContent.includes("{row}") || cell?.textContent.includes("Edited")) window.shown = performance.now() - began;
            else requestAnimationFrame(look);
        }};
        {script}
        look();"#
    );
    let () = window.read::<Option<()>>(&watched, json!([])).await.unwrap_or_default();
    until("the row", async || window.read::<Option<f64>>("return window.shown", json!([])).await).await
}

/// Begins to look at a cell for that text, from the next Enter on.
async fn watch_text(window: &Window, id: &str, text: &str) {
    let script = r#"
        const [id, text] = arguments;
        window.edited = null;
        let began = null;
        addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || !document.activeElement.matches("input, textarea")) return;
            began = performance.now();
        }, { capture: true });
        const looking = new MutationObserver(() => {
            const cell = cellOf(id, "name");
            if (began === null || cell?.querySelector("input, textarea") || cell?.textContent !== text) return;
            window.edited ??= performance.now() - began;
            looking.disconnect();
        });
        looking.observe(document.querySelector("[role=grid]"), { subtree: true, childList: true, characterData: true });"#;
    let () = window.read::<Option<()>>(script, json!([id, text])).await.unwrap_or_default();
}
