//! Dashboards: what their tiles show is what the database says, and they follow it.

use std::collections::BTreeMap;

use bson::{Document, doc};
use fantoccini::{
    actions::{InputSource, MouseActions, PointerAction},
    key::Key,
};
use lockstep_model::{
    Figure, Namespace, Path, Value, WorkspaceChange,
    contract::{Nothing, decode_reply, encode},
    offers,
    workspace::{Dashboard, DashboardId, Reckoning, Shows, Tile, TileId, Width},
};
use serde_json::json;

use super::offers::{Offers, Workspace};
use crate::fixture::{App, Window, until, until_is};

const OFFERS: &str = "Pipeline value by status, EUR";
const WIN_RATE: &str = "Win rate";
const WEEKS: &str = "Offers per week";
const OWNERS: &str = "Open offers by owner";
const EXPIRING: &str = "Expiring soon";

impl Window {
    /// Keeps something in the workspace, as another window would.
    async fn keep(&self, change: &WorkspaceChange) {
        let reply = self.invoke("change_workspace", &encode(change).unwrap()).await.expect("a reply");
        decode_reply::<Nothing>(&reply).unwrap();
    }

    /// Shows a dashboard by the sidebar.
    pub async fn open_dashboard(&self, name: &str) {
        let script = r#"const list = document.querySelector("section[aria-label=Dashboards]"); return list && named(list, arguments[0])"#;
        self.element(&format!("{name} in the sidebar"), script, json!([name])).await.click().await.unwrap();
        until_is("the dashboard", Some(name.to_owned()), async || {
            self.read("return document.querySelector('.dashboard')?.ariaLabel ?? null", json!([])).await
        })
        .await;
    }

    /// The titles of the tiles, in their order.
    async fn tiles(&self) -> Vec<String> {
        self.read(
            "return [...document.querySelectorAll('[data-tile]')].map((tile) => tile.ariaLabel)",
            json!([]),
        )
        .await
    }

    /// What a tile says: each label with its figure, from the table of those who do not see the chart.
    async fn figures(&self, title: &str) -> BTreeMap<String, String> {
        let script = r#"
            const rows = document.querySelectorAll(`[data-tile][aria-label="${arguments[0]}"] table.figures tbody tr`);
            return Object.fromEntries([...rows].map((row) => [row.cells[0].textContent, row.cells[1].textContent]));"#;
        self.read(script, json!([title])).await
    }

    async fn until_figures(&self, title: &str, expected: &BTreeMap<String, String>) {
        until_is(title, expected.clone(), async || self.figures(title).await).await;
    }

    /// The number of a tile that shows one.
    async fn number(&self, title: &str) -> Option<String> {
        let script = r#"
            return document.querySelector(`[data-tile][aria-label="${arguments[0]}"] output`)?.textContent ?? null;"#;
        self.read(script, json!([title])).await
    }

    async fn until_number(&self, title: &str, expected: &str) {
        until_is(title, Some(expected.to_owned()), async || self.number(title).await).await;
    }

    /// All that a tile says.
    async fn tile_text(&self, title: &str) -> String {
        let script = r#"
            return document.querySelector(`[data-tile][aria-label="${arguments[0]}"]`)?.innerText ?? "";"#;
        self.read(script, json!([title])).await
    }

    async fn until_tile_says(&self, title: &str, text: &str) {
        until(&format!("{title} says {text}"), async || {
            self.tile_text(title).await.contains(text).then_some(())
        })
        .await;
    }

    /// The documents that a tile lists.
    async fn lines(&self, title: &str) -> Vec<String> {
        let script = r#"
            const rows = document.querySelectorAll(`[data-tile][aria-label="${arguments[0]}"] tr[data-id]`);
            return [...rows].map((row) => row.dataset.id);"#;
        self.read(script, json!([title])).await
    }

    /// Chooses from the menu of a tile.
    async fn choose_of_tile(&self, title: &str, item: &str) {
        self.click(&format!("{title} actions")).await;
        let script =
            "const menu = document.querySelector('[role=menu]'); return menu && named(menu, arguments[0])";
        self.element(&format!("{item} in the menu"), script, json!([item])).await.click().await.unwrap();
    }

    /// Chooses in the open form by the names that a person sees.
    async fn pick(&self, label: &str, option: &str) {
        let script = r#"
            const label = [...document.querySelectorAll("dialog[open] label")]
                .find((label) => label.firstChild.textContent.trim() === arguments[0]);
            return [...(label?.control?.options ?? [])].find((option) => option.text === arguments[1]);"#;
        let option = self.element(&format!("{option} of {label}"), script, json!([label, option])).await;
        option.click().await.unwrap();
    }

    /// How many charts are drawn: canvases with something on them.
    async fn charts(&self) -> usize {
        let script = r#"
            return [...document.querySelectorAll("canvas.chart")].filter((canvas) => {
                const pixels = canvas.width && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                return pixels && pixels.some((value) => value !== 0);
            }).length;"#;
        self.read(script, json!([])).await
    }
}

/// A number with its thousands apart.
fn grouped(text: &str) -> String {
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    decimals.map_or(grouped.clone(), |decimals| format!("{grouped}.{decimals}"))
}

/// The offers as the database has them, counted here and not there.
struct Counted(Vec<Document>);

impl Counted {
    async fn of(offers: &Offers) -> Self {
        let mut cursor = offers.0.clone_with_type::<Document>().find(doc! {}).await.unwrap();
        let mut all = Vec::new();
        while cursor.advance().await.unwrap() {
            all.push(cursor.deserialize_current().unwrap());
        }
        Self(all)
    }

    fn status(offer: &Document) -> &str {
        offer.get_str("status").unwrap()
    }

    /// In hundredths, so that nothing is rounded.
    fn cents(offer: &Document) -> i64 {
        let text = offer.get("amount").unwrap().to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        format!("{whole}{decimals:0<2}").parse().unwrap()
    }

    fn pipeline(&self) -> BTreeMap<String, String> {
        let mut sums = BTreeMap::<String, i64>::new();
        for offer in self.0.iter().filter(|offer| offer.get_str("currency").unwrap() == "EUR") {
            *sums.entry(Self::status(offer).to_owned()).or_default() += Self::cents(offer);
        }
        let text = |cents: i64| grouped(&format!("{}.{:02}", cents / 100, cents % 100));
        sums.into_iter().map(|(status, cents)| (status, text(cents))).collect()
    }

    fn win_rate(&self) -> String {
        let count = |status| self.0.iter().filter(|offer| Self::status(offer) == status).count() as f64;
        format!("{:.1} %", count("won") / (count("won") + count("lost")) * 100.0)
    }

    fn by_owner(&self) -> BTreeMap<String, String> {
        let mut counts = BTreeMap::<String, u64>::new();
        for offer in self.0.iter().filter(|offer| ["sent", "negotiation"].contains(&Self::status(offer))) {
            *counts.entry(offer.get_str("owner").unwrap().to_owned()).or_default() += 1;
        }
        counts.into_iter().map(|(owner, count)| (owner, count.to_string())).collect()
    }

    /// The newest weeks, each by its Monday, those too in which nothing was written.
    fn by_week(&self) -> BTreeMap<String, String> {
        const DAY: i64 = 24 * 3_600 * 1_000;
        let mut weeks = BTreeMap::<i64, u64>::new();
        for offer in &self.0 {
            let day = offer.get_datetime("created_at").unwrap().timestamp_millis().div_euclid(DAY);
            // The first day of 1970 was a Thursday.
            *weeks.entry(day - (day + 3).rem_euclid(7)).or_default() += 1;
        }
        let name = |day: i64| {
            bson::DateTime::from_millis(day * DAY).try_to_rfc3339_string().unwrap()[..10].to_owned()
        };
        let (Some(oldest), Some(newest)) = (weeks.keys().next(), weeks.keys().next_back()) else {
            panic!("no offers")
        };
        let back = (0..26).map(|week| newest - 7 * week).filter(|day| day >= oldest);
        back.map(|day| (name(day), weeks.get(&day).copied().unwrap_or_default().to_string())).collect()
    }

    fn expiring(&self) -> Vec<String> {
        let now = bson::DateTime::now();
        let mut open: Vec<_> = self
            .0
            .iter()
            .filter(|offer| {
                ["sent", "negotiation"].contains(&Self::status(offer))
                    && *offer.get_datetime("valid_until").unwrap() >= now
            })
            .collect();
        open.sort_by_key(|offer| {
            (*offer.get_datetime("valid_until").unwrap(), offer.get_object_id("_id").unwrap())
        });
        open.into_iter()
            .take(8)
            .map(|offer| Value::from(offer.get_object_id("_id").unwrap()).to_string())
            .collect()
    }
}

/// The main window with the dashboard of the offers.
async fn offers_dashboard(app: &App) -> Window {
    let main = app.main().await;
    main.until_idle().await;
    let dashboard = offers::dashboard::dashboard();
    main.keep(&WorkspaceChange::SaveDashboard { dashboard, place: None }).await;
    main.open_dashboard("Offers").await;
    main
}

#[tokio::test]
async fn the_offers_dashboard_shows_what_the_database_says() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = offers_dashboard(app).await;
    let counted = Counted::of(offers).await;
    main.until_figures(OFFERS, &counted.pipeline()).await;
    main.until_number(WIN_RATE, &counted.win_rate()).await;
    main.until_figures(OWNERS, &counted.by_owner()).await;
    main.until_figures(WEEKS, &counted.by_week()).await;
    until_is(EXPIRING, counted.expiring(), async || main.lines(EXPIRING).await).await;
    until_is("charts", 3, async || main.charts().await).await;
    main.picture("offers dashboard").await;

    // A line opens its document.
    let first = counted.expiring()[0].clone();
    let script = "return document.querySelector(`tr[data-id='${arguments[0]}'] td:nth-child(3)`)";
    main.element("the first line", script, json!([first])).await.click().await.unwrap();
    until_is("which document", Some(first), async || {
        main.read("return document.querySelector('.document')?.dataset.id ?? null", json!([])).await
    })
    .await;
}

/// A dashboard with one tile for each of these.
fn dashboard_of(tiles: impl IntoIterator<Item = (&'static str, Document, Shows)>) -> Dashboard {
    let tiles = tiles.into_iter().map(|(title, filter, shows)| Tile {
        id: TileId(title.into()),
        title: title.into(),
        namespace: Namespace::new("sample", "offers"),
        filter: Value::document(&bson::RawDocumentBuf::try_from(&filter).unwrap()),
        shows,
        width: Width::One,
        interval_seconds: None,
    });
    Dashboard { tiles: tiles.collect(), ..Dashboard::new(DashboardId("own".into()), "Own") }
}

fn count() -> Shows {
    Shows::Number(Reckoning::Figure(Figure::Count))
}

async fn keep_and_open(main: &Window, dashboard: Dashboard) {
    let name = dashboard.name.to_string();
    main.keep(&WorkspaceChange::SaveDashboard { dashboard, place: None }).await;
    main.open_dashboard(&name).await;
}

#[tokio::test]
async fn a_tile_follows_edits_and_colleagues_and_says_what_is_pending() {
    let Workspace { app, offers, server, .. } = &mut Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.click("Open in new window").await;
    let table = app.window("window-2").await;
    table.until_grid("offers").await;
    main.until_idle().await;
    let by_title = Shows::Bars { by: Path::field("title"), number: Reckoning::Figure(Figure::Count) };
    let tiles = [("Zoes", doc! { "owner": "Zoe" }, count()), ("Titles", doc! { "owner": "Zoe" }, by_title)];
    keep_and_open(&main, dashboard_of(tiles)).await;
    main.until_number("Zoes", "0").await;

    // An edit in another window.
    let id = offers.id(0).await;
    table.edit(&id, "owner", "Zoe").await;
    offers.until_field(&id, "owner", "Zoe").await;
    main.until_number("Zoes", "1").await;
    let title = table.seen(&id, "title").await.text;
    main.until_figures("Titles", &BTreeMap::from([(title, "1".to_owned())])).await;

    // Without the server the figures are the database's last, and what is pending is told.
    server.kill().await;
    main.until_status("it is offline", |status| status.feed == "offline").await;
    let other = offers_id_beside(&table, &id).await;
    table.edit(&other, "owner", "Zoe").await;
    table.until_shown(&other, "owner", "Zoe", "queued").await;
    main.until_tile_says("Zoes", "1 edit pending").await;
    assert_eq!(main.number("Zoes").await.as_deref(), Some("1"), "it is not in the database yet");
    main.picture("dashboard offline").await;
    server.restart().await;
    main.until_number("Zoes", "2").await;
    until("nothing is pending", async || (!main.tile_text("Zoes").await.contains("pending")).then_some(()))
        .await;

    // Somebody else's program, and many changes one right after the other: the last one shows.
    for number in 2..30 {
        let id = offers.id(number).await;
        offers.set(&id, doc! { "owner": "Zoe" }).await;
    }
    let zoes = offers.0.count_documents(doc! { "owner": "Zoe" }).await.unwrap();
    main.until_number("Zoes", &zoes.to_string()).await;

    // The documents behind the number.
    main.choose_of_tile("Zoes", "Show the documents").await;
    main.until_grid("offers").await;
    let all = "return document.querySelector('[role=grid]').getAttribute('aria-rowcount')";
    until_is("its rows", (zoes + 1).to_string(), async || main.read(all, json!([])).await).await;
}

/// Another row that is on the screen.
async fn offers_id_beside(table: &Window, id: &Value) -> Value {
    let rows = table.row_ids().await;
    let other = rows.iter().find(|row| **row != id.to_string()).expect("another row");
    let digits =
        serde_json::from_str::<serde_json::Value>(other).unwrap()["$oid"].as_str().unwrap().to_owned();
    Value::from(digits.parse::<bson::oid::ObjectId>().unwrap())
}

#[tokio::test]
async fn a_tile_that_is_broken_says_why_and_leaves_the_others_alive() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.until_idle().await;
    let broken = doc! { "$expr": { "$gt": [{ "$divide": [1, 0] }, 1] } };
    keep_and_open(
        &main,
        dashboard_of([("Broken", broken, count()), ("Whole", doc! { "owner": "Zoe" }, count())]),
    )
    .await;
    main.until_number("Whole", "0").await;
    main.until_tile_says("Broken", "Broken could not be read").await;
    main.until_tile_says("Broken", "Try again").await;
    main.picture("dashboard with a broken tile").await;
    let id = offers.id(0).await;
    offers.set(&id, doc! { "owner": "Zoe" }).await;
    main.until_number("Whole", "1").await;

    // What is wrong with it can be put right where it is.
    main.choose_of_tile("Broken", "Edit…").await;
    main.fill("Filter", "{ owner: 'Zoe' ").await;
    until("the reason", async || main.text().await.contains("missing at the end").then_some(())).await;
    main.fill("Filter", "{ owner: { $what: 1 } }").await;
    main.click("Save").await;
    until("the server's reason", async || main.text().await.contains("$what").then_some(())).await;
    main.picture("form of a tile").await;
    main.fill("Filter", "{ owner: 'Zoe' }").await;
    main.click("Save").await;
    main.until_number("Broken", "1").await;
}

#[tokio::test]
async fn a_dashboard_is_made_changed_and_undone_and_is_there_at_the_next_start() {
    let Workspace { app, offers, .. } = &mut Workspace::open().await;
    let main = app.main().await;
    main.until_idle().await;
    main.click("New dashboard").await;
    until("an empty dashboard", async || main.text().await.contains("No tiles yet").then_some(())).await;

    main.click("Add tile").await;
    main.pick("Collection", "sample.offers").await;
    main.click("Add").await;
    main.until_number("Count of offers", "100").await;

    main.click("Add tile").await;
    main.pick("Collection", "sample.offers").await;
    main.pick("Shows", "Bars").await;
    main.pick("Number", "Sum").await;
    main.click("Add").await;
    until("what is missing", async || main.text().await.contains("the sum of which field").then_some(()))
        .await;
    main.fill("Of field", "amount").await;
    main.fill("By field", "status").await;
    main.fill("Filter", "{ currency: 'EUR' }").await;
    main.fill("Title", "Value").await;
    main.click("Add").await;
    main.picture("a tile of bars").await;
    main.until_figures("Value", &Counted::of(offers).await.pipeline()).await;

    // A second window hears of it at once, and both can change it.
    main.click("Open in new window").await;
    let second = app.window("window-2").await;
    second.until_number("Count of offers", "100").await;
    second.choose_of_tile("Value", "Wider").await;
    let width = "return document.querySelector('[data-tile][aria-label=Value]').className";
    until("it is wide", async || {
        main.read::<String>(width, json!([])).await.contains("tile-2").then_some(())
    })
    .await;

    // By the keyboard, then by the pointer.
    main.read::<()>("named(document, 'Move Value').focus()", json!([])).await;
    main.press(&[Key::Left]).await;
    for window in [&main, &second] {
        until_is("the tiles", vec!["Value".to_owned(), "Count of offers".into()], async || {
            window.tiles().await
        })
        .await;
    }
    let grip = main.element("the grip", "return named(document, 'Move Value')", json!([])).await;
    let other = "return document.querySelector('[data-tile][aria-label=\"Count of offers\"]')";
    let other = main.element("the other tile", other, json!([])).await;
    let to = |element| PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 };
    let drag = MouseActions::new("mouse".into())
        .then(to(grip))
        .then(PointerAction::Down { button: 0 })
        .then(to(other))
        .then(PointerAction::Up { button: 0 });
    main.client().await.perform_actions(drag).await.unwrap();
    until_is("the tiles", vec!["Count of offers".to_owned(), "Value".into()], async || second.tiles().await)
        .await;

    second.choose_of_tile("Count of offers", "Remove").await;
    until_is("the tiles", vec!["Value".to_owned()], async || main.tiles().await).await;
    second.click("Undo").await;
    until_is("the tiles", vec!["Count of offers".to_owned(), "Value".into()], async || main.tiles().await)
        .await;

    main.click("Dashboard actions").await;
    main.click("Rename…").await;
    main.fill("Name", "Sales").await;
    main.click("Rename").await;
    until_is("its name", "Sales".to_owned(), async || {
        second.read("return document.querySelector('.dashboard h1').textContent", json!([])).await
    })
    .await;
    main.picture("own dashboard").await;

    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    main.open_dashboard("Sales").await;
    until_is("the tiles", vec!["Count of offers".to_owned(), "Value".into()], async || main.tiles().await)
        .await;
    main.until_number("Count of offers", "100").await;

    main.click("Dashboard actions").await;
    main.click("Remove").await;
    until("it is gone", async || main.text().await.contains("This dashboard was removed").then_some(()))
        .await;
    main.click("Undo").await;
    main.until_number("Count of offers", "100").await;
}

#[tokio::test]
async fn a_workspace_file_that_is_damaged_is_taken_from_the_generation_before() {
    let Workspace { app, .. } = &mut Workspace::open().await;
    let main = app.main().await;
    main.until_idle().await;
    keep_and_open(&main, dashboard_of([("All", doc! {}, count())])).await;
    let other = Dashboard::new(DashboardId("other".into()), "Other");
    main.keep(&WorkspaceChange::SaveDashboard { dashboard: other, place: None }).await;
    app.kill().await;
    let file = app.workspace_file();
    std::fs::write(file, b"{ noise").unwrap();
    app.start_again().await;
    let main = app.main().await;
    main.open_dashboard("Own").await;
    main.until_number("All", "100").await;
}

#[tokio::test]
async fn ten_windows_with_the_same_tile_cost_one_read() {
    const WINDOWS: usize = 10;
    let Workspace { app, wire, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.until_idle().await;
    keep_and_open(&main, dashboard_of([("Zoes", doc! { "owner": "Zoe" }, count())])).await;
    for count in 2..=WINDOWS {
        main.click("Open in new window").await;
        until("one window more", async || (app.window_count().await == count).then_some(())).await;
    }
    let windows = app.windows().await;
    for window in &windows {
        window.until_number("Zoes", "0").await;
    }
    main.until_idle().await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let aggregations = || wire.passed().get("aggregate").copied().unwrap_or_default();

    let before = aggregations();
    offers.set(&offers.id(0).await, doc! { "owner": "Zoe" }).await;
    for window in &windows {
        window.until_number("Zoes", "1").await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(aggregations() - before, 1, "one change, one read");

    let (begun, before) = (std::time::Instant::now(), aggregations());
    for number in 1..50 {
        offers.set(&offers.id(number).await, doc! { "owner": "Zoe" }).await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for window in &windows {
        window.until_number("Zoes", "50").await;
    }
    let (seconds, reads) = (begun.elapsed().as_secs() as usize, aggregations() - before);
    println!("{WINDOWS} windows, 49 changes in {seconds} s: {reads} reads");
    assert!(reads <= seconds + 2, "{reads} reads in {seconds} s");
}

#[tokio::test]
async fn the_first_start_has_the_dashboard_of_the_offers() {
    let app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    main.open_dashboard("Offers").await;
    let titles = [OFFERS, WIN_RATE, WEEKS, OWNERS, EXPIRING];
    assert_eq!(main.tiles().await, titles);
    until("all have something to show", async || {
        let figures = [OFFERS, WEEKS, OWNERS];
        for title in figures {
            if main.figures(title).await.len() < 3 {
                return None;
            }
        }
        (main.number(WIN_RATE).await?.ends_with(" %") && main.lines(EXPIRING).await.len() == 8).then_some(())
    })
    .await;
    until_is("charts", 3, async || main.charts().await).await;
    main.picture("first dashboard").await;
}
