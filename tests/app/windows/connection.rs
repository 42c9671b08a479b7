//! A server that cannot be had: the window says why, in words, goes on, and tells no secret.

use lockstep_model::{
    Failure, Value,
    contract::{COMMANDS, Class, Nothing, decode_reply},
};
use serde_json::json;

use super::{
    connections::{enter, without_password},
    offers::Offers,
};
use crate::fixture::{App, Server, Window, Wire, until_is};

const PASSWORD: &str = "correct-horse-battery";

/// What the status bar says once it knows why.
async fn reason(window: &Window, contains: &str) -> String {
    window
        .until_status(contains, |status| status.feed == "offline" && status.text.contains(contains))
        .await
        .text
}

async fn assert_no_secret(app: &App, window: &Window) {
    let page: String = window.read("return document.documentElement.outerHTML", json!([])).await;
    let written = app.written();
    assert!(!page.contains(PASSWORD), "the page has the password");
    assert!(
        !written.windows(PASSWORD.len()).any(|bytes| bytes == PASSWORD.as_bytes()),
        "a file has the password"
    );
}

#[tokio::test]
async fn a_wrong_address_is_said_in_words_and_the_window_stays_usable() {
    // Nothing listens on port 1.
    let app = App::start(format!("mongodb://someone:{PASSWORD}@127.0.0.1:1/?directConnection=true")).await;
    let main = app.main().await;
    let said = reason(&main, "refused").await;
    assert!(said.contains("127.0.0.1:1"), "{said}");
    main.picture("wrong-address").await;
    main.click("ThemeSystem").await;
    let theme = "return document.documentElement.dataset.theme";
    until_is("the theme", "light".to_owned(), async || main.read(theme, json!([])).await).await;
    assert_no_secret(&app, &main).await;
}

#[tokio::test]
async fn a_wrong_password_is_said_in_words() {
    let server = Server::start().await;
    let app = App::start(format!(
        "mongodb://lockstep:{PASSWORD}@127.0.0.1:{}/?authSource=admin&directConnection=true",
        server.port()
    ))
    .await;
    let main = app.main().await;
    let said = reason(&main, "password").await;
    assert!(!said.contains(PASSWORD), "{said}");
    main.picture("wrong-password").await;
    assert_no_secret(&app, &main).await;
    enter(&main, "main .password-form input", &without_password(&server).1).await;
    main.until_status("it lives", |status| status.feed == "live").await;
}

#[tokio::test]
async fn an_app_that_starts_before_its_server_finds_it_later() {
    let mut server = Server::with_sample().await;
    server.kill().await;
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    reason(&main, "127.0.0.1").await;
    server.restart().await;
    main.open_collection("customers").await;
    main.until_idle().await;
    let shown = main.row_ids().await;
    let customers = super::offers::Offers::of(&server, "customers").await;
    let first: Value = customers.id(0).await;
    assert_eq!(shown.first(), Some(&first.to_string()));
}

#[tokio::test]
async fn over_a_read_only_connection_nothing_can_be_written_whoever_asks() {
    let server = Server::with_sample().await;
    let offers = Offers::of(&server, "offers").await;
    let id = offers.id(0).await;
    let before = offers.find(&id).await;
    let read_only = vec![("LOCKSTEP_READ_ONLY", "1".to_owned())];
    let app = App::start_in(tempfile::tempdir().unwrap(), server.uri(), read_only).await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.until_status("it says so", |status| status.text.contains("read only")).await;
    let buttons = "return [...document.querySelectorAll('button')].map(button => button.textContent)";
    let buttons: Vec<String> = main.read(buttons, json!([])).await;
    assert!(buttons.iter().all(|button| button != "New"), "{buttons:?}");
    main.picture("read-only").await;

    // Double-click and typing open no editor.
    main.click_cell(&id, "title").await;
    main.press(&[fantoccini::key::Key::Enter]).await;
    main.type_text("x").await;
    assert_eq!(main.editor_text().await, None);

    // Not even a script that calls the command.
    for (command, _) in COMMANDS.iter().filter(|(_, class)| *class == Class::Write) {
        let reply = main.invoke(command, &[0]).await.expect("a reply");
        let refused = decode_reply::<Nothing>(&reply);
        assert!(matches!(refused, Err(Failure::ReadOnly { .. })), "{command}: {refused:?}");
    }
    assert_eq!(offers.find(&id).await, before);
}

#[tokio::test]
async fn a_server_that_compares_otherwise_than_mongodb_is_opened_read_only_with_the_reason() {
    let server = Server::with_sample().await;
    // Of every value it says that it is the expected one.
    let wire = Wire::lying(server.port(), b"\x08answer\0\x00", b"\x08answer\0\x01").await;
    let app = App::start(server.uri_at(wire.port())).await;
    let main = app.main().await;
    main.open_collection("offers").await;
    main.until_status("it says so", |status| status.text.contains("read only")).await;
    let reason = "return [...document.querySelectorAll('.status-bar [title]')].map((part) => part.title)";
    let reasons: Vec<String> = main.read(reason, json!([])).await;
    let says = "this server does not compare values as MongoDB does";
    assert!(reasons.iter().any(|reason| reason.contains(says)), "{reasons:?}");
    let reply = main.invoke("mutate", &[0]).await.expect("a reply");
    let refused = decode_reply::<Nothing>(&reply);
    assert!(matches!(refused, Err(Failure::ReadOnly { .. })), "{refused:?}");
}
