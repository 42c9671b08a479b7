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
    let click = r#"
        document.querySelector("[role=row][data-id] [data-field=title]").click();
        document.querySelector("[role=row][data-id] [data-field=title]").focus();"#;
    let () = main.read::<Option<()>>(click, json!([])).await.unwrap_or_default();
    // The first time, most of the rows have to be read before.
    for what in ["over rows that were not read", "over rows that were"] {
        let pasted: Vec<String> =
            (0..ROWS).map(|row| format!("Pasted {row} of {what} {}", rand(row))).collect();
        let script = r#"
            const cell = document.activeElement;
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", arguments[0]);
            const pasted = (window.pasted = { began: performance.now() });
            const first = arguments[0].split("\n")[0];
            new MutationObserver((_, observer) => {
                if (!document.querySelector("[role=row][data-id] [data-field=title]")?.textContent.includes(first)) return;
                pasted.shown ??= performance.now() - pasted.began;
                observer.disconnect();
            }).observe(document.querySelector("[role=grid]"), { subtree: true, childList: true, characterData: true });
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
            pasted.handler = performance.now() - pasted.began;"#;
        let () = main.read::<Option<()>>(script, json!([pasted.join("\n")])).await.unwrap_or_default();
        let shown: f64 = until("the first pasted row", async || {
            main.read("return window.pasted.shown ?? null", json!([])).await
        })
        .await;
        let handler = main.read("return window.pasted.handler", json!([])).await;
        figures.one(&format!("paste of 1,000 rows {what}: the handler"), "ms", handler);
        figures.one(&format!("paste of 1,000 rows {what}: to the first in the table"), "ms", shown);
        main.until_status("all is saved", |status| status.saving == "0" && status.queued == "0").await;
        let saved: f64 = main.read("return performance.now() - window.pasted.began", json!([])).await;
        figures.one(&format!("paste of 1,000 rows {what}: to all of them saved"), "ms", saved);
    }
}

/// Not the same text twice.
fn rand(row: usize) -> usize {
    row * 7_919 % 1_009
}
