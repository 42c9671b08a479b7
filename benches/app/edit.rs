//! From the Enter key of an edit to the new value in this window, in the other window, and to "saved" in both; the
//! database is the embedded one.
//!
//! Each window looks at its own cell and writes down when it changed. WebKit's clock ticks in whole milliseconds.

use lockstep_model::Value;
use serde::Deserialize;
use serde_json::json;

use crate::{
    figures::Figures,
    fixture::{App, Window, until},
};

/// How many edits.
const EDITS: usize = 200;

/// When the cell's text and its row's state changed last, in milliseconds since 1970.
#[derive(Deserialize)]
struct Seen {
    entered: Option<f64>,
    text: Option<f64>,
    saved: Option<f64>,
    handler: Option<f64>,
}

pub async fn measure(figures: &mut Figures) {
    let app = App::embedded().await;
    let (main, second) = app.two_windows("offers").await;
    main.until_count("activities", 50_000).await;
    let ids: Vec<Value> = main.row_ids().await.iter().take(10).map(|id| of_extended_json(id)).collect();
    let (mut here, mut there, mut saved, mut handler) = (vec![], vec![], vec![], vec![]);
    for edit in 0..EDITS {
        let id = &ids[edit % ids.len()];
        let text = format!("Edit number {edit}");
        for window in [&main, &second] {
            look(window, id, &text).await;
        }
        main.edit(id, "title", &text).await;
        let near = seen(&main).await;
        let far = seen(&second).await;
        let entered = near.entered.unwrap();
        here.push(near.text.unwrap() - entered);
        there.push(far.text.unwrap() - entered);
        saved.push(far.saved.unwrap() - entered);
        handler.push(near.handler.unwrap());
    }
    figures.sample("edit: the key handler", "ms", handler);
    figures.sample("edit: Enter to the new value in this window", "ms", here);
    figures.sample("edit: Enter to the new value in the other window", "ms", there);
    figures.sample("edit: Enter to saved in the other window", "ms", saved);
}

/// Begins to look at a cell for that text.
async fn look(window: &Window, id: &Value, text: &str) {
    let script = r#"
        const [id, text] = arguments;
        const now = () => performance.timeOrigin + performance.now();
        const record = (window.record = { entered: null, text: null, saved: null, handler: null });
        window.looking?.disconnect();
        window.looking = new MutationObserver(() => {
            const cell = cellOf(id, "title");
            if (!cell || cell.querySelector("input, textarea") || cell.textContent !== text) return;
            record.text ??= now();
            if (rowOf(id).dataset.state === "saved") record.saved ??= now();
        });
        window.looking.observe(document.querySelector("[role=grid]"),
            { subtree: true, childList: true, characterData: true, attributes: true });
        if (!window.listens) {
            window.listens = true;
            let began = 0;
            addEventListener("keydown", (event) => {
                if (event.key === "Enter") { began = performance.now(); window.record.entered = now(); }
            }, { capture: true });
            addEventListener("keydown", (event) => {
                if (event.key === "Enter") window.record.handler ??= performance.now() - began;
            });
            // The editor stops its keys on their way up: what is left of the task ends here.
            addEventListener("keydown", (event) => {
                if (event.key === "Enter") queueMicrotask(() => window.record.handler ??= performance.now() - began);
            }, { capture: true });
        }"#;
    let () = window.read::<Option<()>>(script, json!([id.to_string(), text])).await.unwrap_or_default();
}

async fn seen(window: &Window) -> Seen {
    until("the edit is saved", async || {
        let seen: Seen = window.read("return window.record", json!([])).await;
        seen.saved.is_some().then_some(seen)
    })
    .await
}

fn of_extended_json(text: &str) -> Value {
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    let id: bson::Bson = json.try_into().unwrap();
    Value::from(bson::RawBson::try_from(id).unwrap())
}
