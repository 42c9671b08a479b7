//! The simulated colleague: one click away on the sample workspace, and as another program.

use std::{process::Stdio, time::Duration};

use crate::fixture::{App, Window, until};

/// The texts of the rows on the screen.
pub async fn texts(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[role=grid] [role=row][data-id]')].map(row => row.textContent)";
    window.read(script, serde_json::json!([])).await
}

async fn until_others_edit(window: &Window) {
    let before = texts(window).await;
    until("somebody else edits", async || (texts(window).await != before).then_some(())).await;
}

async fn says(window: &Window, what: &str) -> bool {
    window.status().await.is_some_and(|status| status.text.contains(what))
}

#[tokio::test]
async fn one_click_calls_a_colleague_and_another_sends_it_away() {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    // Until then the sidebar is filled, and a click may miss.
    main.until_count("oddities", 40).await;
    main.click("Colleagueoff").await;
    until("every window says so", async || says(&main, "simulated colleague").await.then_some(())).await;
    until_others_edit(&main).await;
    main.picture("colleague").await;

    main.click("Colleague2 edits/s").await;
    until("it is gone", async || (!says(&main, "simulated colleague").await).then_some(())).await;
    // What it wrote last may still be on its way.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = texts(&main).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(texts(&main).await, before);
}

#[tokio::test]
async fn as_another_program_it_finds_the_embedded_database_of_the_running_app() {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    let mut colleague = tokio::process::Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(["--colleague", "20", "--data"])
        .arg(app.data())
        .env_remove("LOCKSTEP_MONGODB_URI")
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    until_others_edit(&main).await;
    assert!(!says(&main, "simulated colleague").await, "this one is nobody's here");
    colleague.kill().await.unwrap();
}

#[tokio::test]
async fn on_a_server_of_ones_own_there_is_none() {
    let super::offers::Workspace { app, .. } = &super::offers::Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    assert!(!main.text().await.contains("Colleague"));
}
