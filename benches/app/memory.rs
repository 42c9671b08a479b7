//! What all processes of the app hold: the proportional set size, in which shared pages count once over all who share
//! them. The embedded database is told apart from the app itself.

use std::collections::HashMap;

use crate::{figures::Figures, fixture::App};

const MIB: f64 = 1024.0;

pub async fn measure(figures: &mut Figures) {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    main.until_count("activities", 50_000).await;
    main.until_idle().await;
    settle().await;
    tell(figures, &app, "one window");
    for label in ["window-2", "window-3"] {
        main.click("Open in new window").await;
        app.window(label).await.until_grid("offers").await;
    }
    settle().await;
    tell(figures, &app, "three windows");
}

/// What was needed to open a window, and is not needed any more, is given back after a while.
async fn settle() {
    tokio::time::sleep(std::time::Duration::from_secs(8)).await;
}

fn tell(figures: &mut Figures, app: &App, windows: &str) {
    let by_name = pss_by_name(app.driver().app_id());
    let is_database = |name: &str| name.starts_with("secantusd");
    let sum = |database| {
        by_name.iter().filter(|(name, _)| is_database(name) == database).map(|(_, kib)| kib).sum::<f64>()
    };
    figures.one(&format!("memory of the app, {windows}"), "MiB", sum(false) / MIB);
    figures.one(&format!("memory of the embedded database, {windows}"), "MiB", sum(true) / MIB);
    let mut parts: Vec<_> = by_name.iter().collect();
    parts.sort_by(|a, b| b.1.total_cmp(a.1));
    for (name, kib) in parts {
        println!("    {name:<30} {:>7.0} MiB", kib / MIB);
    }
}

/// Of a process and all that it has started, in KiB.
fn pss_by_name(id: u32) -> HashMap<String, f64> {
    let mut parents = HashMap::<u32, Vec<u32>>::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        parents.entry(parent.unwrap_or_default()).or_default().push(id);
    }
    let (mut open, mut found) = (vec![id], HashMap::new());
    while let Some(id) = open.pop() {
        open.extend(parents.get(&id).into_iter().flatten());
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
        let rollup = read("smaps_rollup");
        let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kib = pss.and_then(|pss| pss.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or_default();
        *found.entry(read("comm").trim().to_owned()).or_default() += kib;
    }
    found
}
