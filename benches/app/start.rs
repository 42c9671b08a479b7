//! From the start of the process to the first rows on the screen, and, in turn with it, to the first line of an empty
//! Tauri window. The web view is driven by WebDriver in both, which costs both the same.

use std::time::{SystemTime, UNIX_EPOCH};

use lockstep_host::sample::{self, Tier};
use serde_json::json;

use crate::{
    figures::Figures,
    fixture::{App, Server, WebDriver, Window, until},
};

/// Starts of each.
const STARTS: usize = 12;

/// Names the program of the empty window.
const EMPTY_WINDOW: &str = "LOCKSTEP_EMPTY_WINDOW";

pub async fn measure(figures: &mut Figures) {
    let mut app = App::embedded().await;
    let first = first_rows(&app).await;
    figures.one("the very first start, with the sample to make, to first rows", "ms", first);
    // Until the sample is complete, a start goes on with making it.
    app.main().await.until_count("activities", 50_000).await;
    let server = Server::start().await;
    sample::seed(&server.client().await, Tier::Standard).await.unwrap();
    let mut on_server = App::start(server.uri()).await;
    on_server.main().await.open_collection("offers").await;

    for app in [&mut app, &mut on_server] {
        app.kill().await;
        app.until_database_ended().await;
    }
    let empty_window = std::env::var(EMPTY_WINDOW).expect("`cargo xtask bench app` names the empty window");
    let folder = tempfile::tempdir().unwrap();
    let (mut embedded, mut running, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        for (app, starts) in [(&mut app, &mut embedded), (&mut on_server, &mut running)] {
            app.start_again().await;
            starts.push(first_rows(app).await);
            app.kill().await;
            app.until_database_ended().await;
        }
        let driver = WebDriver::start_program(&empty_window, &[], &folder.path().join("log")).await;
        empty.push(first_line(&driver).await);
        driver.kill_app().await;
    }
    let over = |starts: &[f64]| starts.iter().zip(&empty).map(|(full, empty)| full - empty).collect();
    figures.sample("start to first rows, on a server that runs: more than empty", "ms", over(&running));
    figures.sample("start to first rows, embedded: more than empty", "ms", over(&embedded));
    figures.sample("an empty Tauri window to its first line", "ms", empty);
    figures.sample("start to first rows, on a server that runs", "ms", running);
    figures.sample("start to first rows, on the embedded database", "ms", embedded);
}

async fn first_rows(app: &App) -> f64 {
    let script = r#"
        const [mark] = performance.getEntriesByName("first-rows");
        return mark ? performance.timeOrigin + mark.startTime : null;"#;
    let main = app.main().await;
    let shown: f64 = until("the first rows", async || main.read(script, json!([])).await).await;
    shown - started(app.driver().app_id())
}

async fn first_line(driver: &WebDriver) -> f64 {
    let handle = driver.client().window().await.unwrap();
    let window = Window::new(driver.client().clone(), handle);
    let script = r#"
        const [page] = performance.getEntriesByType("navigation");
        const end = page?.domContentLoadedEventEnd || performance.timing.domContentLoadedEventEnd - performance.timeOrigin;
        return document.querySelector("p") && end > 0 ? performance.timeOrigin + end : null;"#;
    let shown: f64 = until("the first line", async || window.read(script, json!([])).await).await;
    shown - started(driver.app_id())
}

/// When the process began, in milliseconds since 1970; the kernel keeps it in hundredths of a second.
fn started(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    // The name in brackets may hold anything; field 22 is the 20th behind it: proc_pid_stat(5).
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: f64 = fields.split_whitespace().nth(19).unwrap().parse().unwrap();
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split_whitespace().next().unwrap().parse().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    (now - uptime + ticks / 100.0) * 1000.0
}
