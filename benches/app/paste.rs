//! A thousand rows pasted into a column of ten thousand: how long the window is held up, until the first of them shows, and
//! until all are saved.

use serde_json::json;

use crate::{
    figures::Figures,
    fixture::{App, until},
};

const ROWS: usize = 1_000;

pub async fn measure(figures: &mut Figures) {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    main.until_count("activities", 50_000).await;
    main.until_idle().await;
    // A selection reads its rows: a person who pastes over a thousand rows has selected them, or waits for them.
    let click = r#"
        document.querySelector("[role=row][data-id] [data-field=title]").click();
        document.querySelector("[role=row][data-id] [data-field=title]").focus();"#;
    let () = main.read::<Option<()>>(click, json!([])).await.unwrap_or_default();
    for _ in 0..2 {
        let pasted: Vec<String> = (0..ROWS).map(|row| format!("Pasted {row} of {}", rand(row))).collect();
        let script = r#"
            const cell = document.activeElement;
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", arguments[0]);
            window.pasted = { began: performance.now() };
            const first = arguments[0].split("\n")[0];
            new MutationObserver((_, observer) => {
                if (!document.querySelector("[data-field=title]")?.textContent.includes(first)) return;
                window.pasted.shown ??= performance.now() - window.pasted.began;
                observer.disconnect();
            }).observe(document.querySelector("[role=grid]"), { subtree: true, childList: true, characterData: true });
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
            window.pasted.handler = performance.now() - window.pasted.began;"#;
        let () = main.read::<Option<()>>(script, json!([pasted.join("\n")])).await.unwrap_or_default();
        let shown = until("the first pasted row", async || {
            let text = main.text().await;
            // The first time its rows are still being read.
            if text.contains("still being read") {
                return Some(None);
            }
            let shown: Option<f64> = main.read("return window.pasted.shown ?? null", json!([])).await;
            shown.map(Some)
        })
        .await;
        let Some(shown) = shown else {
            tokio::time::sleep(std::time::Duration::from_secs(8)).await;
            continue;
        };
        figures.one(
            "paste of 1,000 rows: the handler",
            "ms",
            main.read("return window.pasted.handler", json!([])).await,
        );
        figures.one("paste of 1,000 rows: to the first in the table", "ms", shown);
        main.until_status("all is saved", |status| status.saving == "0" && status.queued == "0").await;
        let saved: f64 = main.read("return performance.now() - window.pasted.began", json!([])).await;
        figures.one("paste of 1,000 rows: to all of them saved", "ms", saved);
        return;
    }
    panic!("the rows were never read");
}

/// Not the same text twice.
fn rand(row: usize) -> usize {
    row * 7_919 % 1_009
}
