//! What axe-core says of each view, light and dark: nothing that is serious or worse.

use std::{env, fs};

use fantoccini::key::Key;
use lockstep_model::{WorkspaceChange, contract::command};
use serde::Deserialize;
use serde_json::json;

use super::{connections::open_form, offers::Workspace, transfers::choose_of_more};
use crate::fixture::{Window, until, until_is};

/// One of its findings; a failed test prints it.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Finding {
    id: String,
    impact: Option<String>,
    help: String,
    /// The elements, as they are written.
    nodes: Vec<String>,
}

/// What axe-core finds that is serious in what the window shows.
async fn serious(window: &Window, view: &str) -> Vec<String> {
    let path = env::var("LOCKSTEP_AXE").expect("`cargo xtask test` says where axe-core is");
    let axe = fs::read_to_string(path).unwrap();
    let script = format!(
        r#"
        if (!window.axe) {{ {axe} }}
        const done = arguments[arguments.length - 1];
        const root = document.documentElement;
        window.themeBefore ??= root.dataset.theme;
        root.dataset.theme = arguments[0];
        requestAnimationFrame(() => requestAnimationFrame(() => axe.run(document).then((result) => {{
            root.dataset.theme = window.themeBefore;
            done(result.violations.map(({{ id, impact, help, nodes }}) =>
                ({{ id, impact, help, nodes: nodes.map((node) => node.html.slice(0, 300)) }})));
        }}, (error) => done([{{ id: "axe", impact: "critical", help: String(error), nodes: [] }}]))));"#
    );
    let mut all = Vec::new();
    for theme in ["light", "dark"] {
        let found = window.ask(&script, vec![json!(theme)]).await.expect("the window is open");
        let findings: Vec<Finding> = serde_json::from_value(found).unwrap();
        let serious = |finding: &&Finding| matches!(finding.impact.as_deref(), Some("serious" | "critical"));
        all.extend(findings.iter().filter(serious).map(|finding| format!("{view}, {theme}: {finding:?}")));
    }
    all
}

#[tokio::test]
async fn every_view_can_be_used_without_eyes_or_mouse() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    let mut found = Vec::new();
    main.open_collection("offers").await;
    main.until_idle().await;
    found.extend(serious(&main, "a table").await);
    let id = offers.id(0).await;
    main.open_editor(&id, "title").await;
    found.extend(serious(&main, "a table with an open editor").await);
    main.press(&[Key::Escape]).await;
    main.seen(&id, "valid_until").await;
    main.open_editor(&id, "valid_until").await;
    main.press(&[Key::Down]).await;
    found.extend(serious(&main, "a calendar").await);
    main.press(&[Key::Escape, Key::Escape]).await;
    main.press_chord(&[Key::Control, Key::Shift], 'm').await;
    found.extend(serious(&main, "a change of many documents").await);
    main.press(&[Key::Escape]).await;
    main.open_row_menu(&id).await;
    found.extend(serious(&main, "the menu of a row").await);
    main.press(&[Key::Escape]).await;
    main.choose_of_column("status", "Group by it").await;
    until("groups", async || {
        main.read::<bool>("return Boolean(document.querySelector('[data-group]'))", json!([]))
            .await
            .then_some(())
    })
    .await;
    found.extend(serious(&main, "groups").await);
    for (keys, view) in [
        (&[Key::Control][..], 'f'),
        (&[Key::Control, Key::Shift], 's'),
        (&[Key::Control, Key::Shift], 'g'),
        (&[Key::Control, Key::Shift], 'l'),
    ] {
        main.press_chord(keys, view).await;
        until("it is open", async || {
            main.read::<bool>("return Boolean(document.querySelector('.tool:popover-open'))", json!([]))
                .await
                .then_some(())
        })
        .await;
        found.extend(serious(&main, &format!("the popover of {view}")).await);
        main.press(&[Key::Escape]).await;
    }
    main.press_chord(&[Key::Control], 'k').await;
    main.until_said("Enter opens here").await;
    found.extend(serious(&main, "the command palette").await);
    main.press(&[Key::Escape]).await;
    main.click("New").await;
    main.until_said("Insert").await;
    found.extend(serious(&main, "the form of a new document").await);
    main.press(&[Key::Escape]).await;
    main.press_chord(&[Key::Control, Key::Shift], 'o').await;
    main.until_said("can be undone").await;
    found.extend(serious(&main, "the activity").await);
    main.click("Close").await;
    main.press(&[Key::F9]).await;
    until("the inspector", async || {
        main.read::<bool>("return Boolean(document.querySelector('[aria-label=Queries]'))", json!([]))
            .await
            .then_some(())
    })
    .await;
    found.extend(serious(&main, "the query inspector").await);
    main.press(&[Key::F9]).await;
    main.choose_of_column("status", "No groups").await;
    main.bring_into_view(&id).await;
    main.choose_of_row(&id, "Open").await;
    main.until_said("valid_until").await;
    found.extend(serious(&main, "a document").await);
    main.click("JSON").await;
    main.until_said("JSON").await;
    found.extend(serious(&main, "a document as JSON").await);
    main.press_chord(&[Key::Control], 't').await;
    main.until_said("Choose a collection").await;
    found.extend(serious(&main, "the collections").await);
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn what_is_beside_tables_can_be_used_so_too() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    let mut found = Vec::new();
    main.open_collection("offers").await;
    let there = |css: &'static str| {
        let main = &main;
        async move {
            let script = "return Boolean(document.querySelector(arguments[0]))";
            until_is(css, true, async || main.read::<bool>(script, json!([css])).await).await;
        }
    };
    let id = offers.id(0).await;
    main.click_cell(&id, "title").await;
    main.press_chord(&[Key::Control], 'e').await;
    there("[aria-label=Document] [data-field='customer.id']").await;
    found.extend(serious(&main, "a document beside its table").await);
    let open =
        "return document.querySelector('[aria-label=Document] [data-field=\"customer.id\"] .field-open')";
    main.element("the customer's id", open, json!([])).await.click().await.unwrap();
    there(".look-up-offer [role=option]").await;
    found.extend(serious(&main, "a look-up").await);
    main.press(&[Key::Escape]).await;
    main.press_chord(&[Key::Control], 'e').await;

    for (item, shown) in
        [("Import…", "dialog[open]"), ("Export…", "dialog[open]"), ("Schema", ".schema-fields")]
    {
        choose_of_more(&main, item).await;
        there(shown).await;
        found.extend(serious(&main, item).await);
        if shown == "dialog[open]" {
            main.press(&[Key::Escape]).await;
        }
    }
    for (action, shown) in [("Show imports and exports", "dialog[open]"), ("Save this view", "dialog[open]")]
    {
        main.press_chord(&[Key::Control], 'k').await;
        main.type_text(action).await;
        main.press(&[Key::Enter]).await;
        there(shown).await;
        found.extend(serious(&main, action).await);
        main.press(&[Key::Escape]).await;
    }
    open_form(&main, "New connection…").await;
    there("dialog[open]").await;
    found.extend(serious(&main, "the form of a connection").await);
    main.press(&[Key::Escape]).await;

    main.open_collection("offers").await;
    main.click("Board").await;
    there("[role=listbox] [role=option]").await;
    found.extend(serious(&main, "a board").await);
    // Each column is named by its value, each card is one document's.
    let contract = r#"
        const columns = [...document.querySelectorAll("[role=listbox]")];
        const cards = [...document.querySelectorAll("[role=option]")];
        return columns.every((column) => column.getAttribute("aria-label") || column.getAttribute("aria-labelledby"))
            && cards.every((card) => card.dataset.id && card.closest("[role=listbox]"));"#;
    assert!(main.read::<bool>(contract, json!([])).await);

    let dashboard = lockstep_model::offers::dashboard::dashboard();
    let change = WorkspaceChange::SaveDashboard { dashboard, place: None };
    main.call::<command::ChangeWorkspace>(&change).await.unwrap();
    main.open_dashboard("Offers").await;
    there(".tile canvas").await;
    main.until_idle().await;
    found.extend(serious(&main, "a dashboard").await);
    main.click("Add tile").await;
    there("dialog[open]").await;
    found.extend(serious(&main, "the form of a tile").await);
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn all_windows_are_as_large_as_was_chosen_in_one_and_so_at_the_next_start() {
    let Workspace { mut app, offers: _offers, wire: _wire, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let width = async |window: &Window| window.read::<f64>("return innerWidth", json!([])).await;
    let before = [width(&main).await, width(&second).await];
    let until_zoomed = async |window: &Window, before: f64, percent: f64| {
        let what = format!("{percent} %");
        until_is(&what, true, async || (width(window).await - before * 100.0 / percent).abs() < 2.0).await;
    };
    for _ in 0..2 {
        main.press_chord(&[Key::Control], '+').await;
    }
    until_zoomed(&main, before[0], 125.0).await;
    until_zoomed(&second, before[1], 125.0).await;
    until("it is said", async || main.text().await.contains("125 %").then_some(())).await;
    main.picture("zoomed").await;
    second.reload().await;
    until_zoomed(&second, before[1], 125.0).await;
    // The web view writes it, and not at once.
    until("it is on the disk", async || app.has_written("zoom", "125").then_some(())).await;
    app.kill().await;
    app.start_again().await;
    let main = app.main().await;
    until_zoomed(&main, before[0], 125.0).await;
    main.press_chord(&[Key::Control], '-').await;
    until_zoomed(&main, before[0], 110.0).await;
    main.press_chord(&[Key::Control], '0').await;
    until_zoomed(&main, before[0], 100.0).await;
}
