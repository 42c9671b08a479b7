//! Many windows that ask again and again are one to the server.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use lockstep_model::{
    Key, ListQuery, Namespace,
    contract::{Nothing, Watching, decode_reply, encode},
};
use serde_json::json;

use super::offers::Workspace;
use crate::fixture::{Window, until};

const WINDOWS: usize = 10;
const INTERVAL: Duration = Duration::from_secs(1);
/// How long they ask, unless the environment says otherwise, in seconds.
const TIME: Duration = Duration::from_secs(12);
const TIME_OF_ENVIRONMENT: &str = "LOCKSTEP_TEST_POLLING_SECONDS";

/// The window wants the list of the offers at that interval, as a dashboard would.
async fn watch(window: &Window) {
    let page: u32 = window.read("return Number(sessionStorage.getItem('page'))", json!([])).await;
    let key = Key::List(Namespace::new("sample", "offers"), ListQuery::all());
    let watching = Watching { page, added: vec![(key, Some(INTERVAL))], removed: Vec::new() };
    let reply = window.invoke("watch", &encode(&watching).unwrap()).await.expect("a reply");
    decode_reply::<Nothing>(&reply).unwrap();
}

/// What has passed since.
fn since(before: &BTreeMap<String, usize>, now: BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let counts = now.into_iter().map(|(name, count)| {
        let before = before.get(&name).copied().unwrap_or_default();
        (name, count - before)
    });
    counts.filter(|(_, count)| *count > 0).collect()
}

#[tokio::test]
async fn ten_windows_that_want_one_key_every_second_cost_one_read_a_second() {
    let Workspace { app, wire, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    for count in 2..=WINDOWS {
        main.click("Open in new window").await;
        until("one window more", async || (app.window_count().await == count).then_some(())).await;
    }
    let windows = app.windows().await;
    for window in &windows {
        window.until_grid("offers").await;
        window.until_idle().await;
    }
    for window in &windows {
        watch(window).await;
    }
    let (begun, before) = (Instant::now(), wire.passed());
    let time = std::env::var(TIME_OF_ENVIRONMENT).map(|text| text.parse().expect("a whole number"));
    tokio::time::sleep(time.map_or(TIME, Duration::from_secs)).await;
    let (seconds, passed) = (begun.elapsed().as_secs(), since(&before, wire.passed()));
    println!("{WINDOWS} windows, one key every second, {seconds} s: {passed:?}");
    // Each time the ids are asked for, and the first documents.
    let reads = passed.get("find").copied().unwrap_or_default() / 2;
    let reads = u64::try_from(reads).unwrap();
    assert!(reads <= seconds + 2 && reads >= 3, "{reads} reads in {seconds} s: {passed:?}");
}
