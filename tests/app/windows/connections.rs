//! Several servers in one app: each with windows, an outbox and a password of its own.

use lockstep_model::{
    Action, DocumentId, Edit, Failure, Mutation, MutationId, Namespace, Revision, Value,
    contract::{Acceptance, Command, MutateReply, MutateRequest, command, decode_reply, encode},
    mutation::Seen,
};
use serde_json::json;

use super::offers::Offers;
use crate::fixture::{App, Keychain, Server, Window, until, until_is};

/// An address as a person types it, and the password beside it.
pub fn without_password(server: &Server) -> (String, String) {
    let uri = server.uri();
    let (user, rest) = uri.strip_prefix("mongodb://").unwrap().split_once(':').unwrap();
    let (password, rest) = rest.split_once('@').unwrap();
    (format!("mongodb://{user}@{rest}"), password.to_owned())
}

pub async fn open_form(window: &Window, item: &str) {
    let button = "return document.querySelector('.sidebar-header')";
    window.element("the connection's button", button, json!([])).await.click().await.unwrap();
    let below = r#"
        const [button, menu] = [".sidebar-header", "[role=menu]"].map((of) => document.querySelector(of));
        return menu && menu.getBoundingClientRect().top >= button.getBoundingClientRect().bottom"#;
    until_is("a menu below the button", Some(true), async || window.read(below, json!([])).await).await;
    window.click(item).await;
}

pub async fn check(window: &Window, label: &str) {
    let script = r#"
        const boxes = [...document.querySelectorAll("dialog[open] label.check")];
        boxes.find((box) => box.textContent.startsWith(arguments[0])).control.click();"#;
    let () = window.read(script, json!([label])).await;
}

/// The main window of the connection that is not the first window's.
pub async fn other_main(app: &App, first: &Window) -> Window {
    let first = first.label().await.unwrap();
    until("a window of the other connection", async || {
        for window in app.windows().await {
            let label = window.label().await?;
            if label != first && label.ends_with(":main") {
                return Some(window);
            }
        }
        None
    })
    .await
}

/// Makes a connection in the form, with that name.
pub async fn connect(main: &Window, server: &Server, name: &str, production: bool) {
    let (address, password) = without_password(server);
    open_form(main, "New connection…").await;
    main.fill("Address", &address).await;
    main.fill("Password", &password).await;
    main.fill("Name", name).await;
    if production {
        check(main, "Production").await;
    }
    main.picture("connection-form").await;
    main.click("Connect").await;
}

/// Opens the dialog by the status bar, whose words may still push the button aside while it is aimed at.
async fn open_login(window: &Window) {
    let script = r#"
        if (document.querySelector("dialog[open] .password-form")) return true;
        named(document, "Log in…")?.click();
        return false;"#;
    until("the login dialog", async || window.read::<bool>(script, json!([])).await.then_some(())).await;
}

/// Types a password into that field, and logs in with it.
pub async fn enter(window: &Window, field: &str, password: &str) {
    let script = "return document.querySelector(arguments[0])";
    let field = window.element("a field for the password", script, json!([field])).await;
    field.send_keys(password).await.unwrap();
    window.click("Log in").await;
}

fn holds(app: &App, secret: &str) -> bool {
    app.written().windows(secret.len()).any(|bytes| bytes == secret.as_bytes())
}

#[tokio::test]
async fn a_second_server_has_windows_and_an_outbox_of_its_own() {
    let (first, mut second) = (Server::with_sample().await, Server::with_sample().await);
    let app = App::start(first.uri()).await;
    let main = app.main().await;
    main.open_collection("offers").await;

    open_form(&main, "New connection…").await;
    main.fill("Address", "localhost").await;
    main.click("Connect").await;
    until("a refusal at the field", async || {
        main.text().await.contains("it does not begin with mongodb://").then_some(())
    })
    .await;
    main.click("Cancel").await;
    connect(&main, &second, "The other", false).await;
    let other = other_main(&app, &main).await;
    other.open_collection("offers").await;
    other.until_status("it says which", |status| status.text.contains("The other")).await;
    // This machine has no keychain, and the window says so.
    until("a word about the keychain", async || {
        main.text().await.contains("is known until Lockstep ends").then_some(())
    })
    .await;
    assert!(!holds(&app, &without_password(&second).1), "a file has the password");

    // An edit for a server that is away waits for that server, and the other one goes on.
    let (here, there) = (Offers::of(&first, "offers").await, Offers::of(&second, "offers").await);
    let (mine, id) = (here.id(1).await, there.id(1).await);
    second.kill().await;
    other.until_status("it is away", |status| status.feed == "offline").await;
    other.edit(&id, "title", "For the other").await;
    other.until_shown(&id, "title", "For the other", "queued").await;
    main.edit(&mine, "title", "For the first").await;
    main.until_shown(&mine, "title", "For the first", "saved").await;
    open_form(&other, "Edit this connection…").await;
    other.click("Remove…").await;
    other.click("Remove").await;
    until("a refusal", async || other.text().await.contains("1 edit waits in its outbox").then_some(()))
        .await;
    second.restart().await;
    other.until_shown(&id, "title", "For the other", "saved").await;
    let title =
        |document: Option<bson::RawDocumentBuf>| document.unwrap().get_str("title").unwrap().to_owned();
    assert_eq!(title(there.find(&id).await), "For the other");
    assert_eq!(title(here.find(&mine).await), "For the first");

    // What is said of it holds at once.
    open_form(&other, "Edit this connection…").await;
    check(&other, "Read only").await;
    other.click("Save").await;
    other.until_status("it says so", |status| status.text.contains("read only")).await;
    assert!(main.status().await.is_some_and(|status| !status.text.contains("read only")));

    // Without edits it can go, and the other windows stay.
    let folder = app.folder_of("The other").unwrap();
    open_form(&other, "Edit this connection…").await;
    other.click("Remove…").await;
    other.click_last("Remove").await;
    until_is("windows", 1, async || app.window_count().await).await;
    until_is("its files", false, async || folder.exists()).await;
    assert_eq!(app.folder_of("The other"), None);
    main.until_status("it lives", |status| status.feed == "live").await;
}

#[tokio::test]
async fn what_was_open_opens_again_and_asks_for_the_password_where_there_is_no_keychain() {
    let server = Server::with_sample().await;
    let mut app = App::embedded().await;
    let main = app.main().await;
    main.until_grid("offers").await;
    connect(&main, &server, "Shop", false).await;
    let shop = other_main(&app, &main).await;
    shop.open_collection("customers").await;
    shop.until_idle().await;
    until("the view is kept", async || {
        let layout = std::fs::read_to_string(app.folder_of("Shop")?.join("settings.json")).ok()?;
        layout.contains("main").then_some(())
    })
    .await;
    app.kill().await;
    app.start_again().await;
    let main = app.window("embedded:main").await;
    let shop = other_main(&app, &main).await;
    shop.until_status("it asks", |status| status.text.contains("a password is needed")).await;
    shop.picture("password-needed").await;
    // By the status bar: whether there is room for the form in the table depends on whether the disk has rows of it yet.
    open_login(&shop).await;
    enter(&shop, "dialog[open] .password-form input", "wrong").await;
    shop.until_status("a refusal", |status| status.text.contains("refuses the user or the password")).await;
    enter(&shop, "dialog[open] .password-form input", &without_password(&server).1).await;
    shop.until_grid("customers").await;
    shop.until_status("it lives", |status| status.feed == "live").await;
    assert!(!holds(&app, &without_password(&server).1), "a file has the password");
}

#[tokio::test]
async fn a_password_in_the_keychain_is_not_asked_for() {
    let (first, server) = (Server::with_sample().await, Server::with_sample().await);
    let keychain = Keychain::start().await;
    let bus = vec![("DBUS_SESSION_BUS_ADDRESS", keychain.address())];
    let mut app = App::start_in(tempfile::tempdir().unwrap(), first.uri(), bus).await;
    let main = app.main().await;
    connect(&main, &server, "Shop", false).await;
    other_main(&app, &main).await.until_status("it lives", |status| status.feed == "live").await;
    app.kill().await;
    app.start_again().await;
    // It was started for the first server, so the other one is opened by hand.
    let main = app.main().await;
    open_form(&main, "Open Shop").await;
    let shop = other_main(&app, &main).await;
    shop.until_status("it lives, unasked", |status| status.feed == "live").await;
    assert!(!holds(&app, &without_password(&server).1), "a file has the password");
}

#[tokio::test]
async fn in_production_a_deletion_needs_the_collections_name() {
    let (first, server) = (Server::with_sample().await, Server::with_sample().await);
    let app = App::start(first.uri()).await;
    let main = app.main().await;
    connect(&main, &server, "Shop", true).await;
    let shop = other_main(&app, &main).await;
    shop.open_collection("offers").await;
    shop.until_status("it says so", |status| status.text.contains("production")).await;
    let offers = Offers::of(&server, "offers").await;
    let id = offers.id(1).await;

    // A window that does not ask is refused by the host.
    let document = DocumentId { namespace: Namespace::new("sample", "offers"), id: id.clone() };
    let seen = Seen::Revision(Revision::of(&offers.find(&id).await.unwrap()));
    let delete = Mutation::new(
        MutationId(bson::Uuid::new()),
        vec![Edit { document, action: Action::Delete { seen } }],
    );
    let confirmed = |word: &str| Mutation { confirmation: Some(word.into()), ..delete.clone() };
    for mutation in [delete.clone(), confirmed("customers")] {
        let request = encode(&MutateRequest { mutations: vec![mutation] }).unwrap();
        let reply = shop.invoke(command::Mutate::NAME, &request).await.expect("a reply");
        let MutateReply { results } = decode_reply(&reply).unwrap();
        assert!(matches!(results[..], [Acceptance::Refused(Failure::Unconfirmed { .. })]), "{results:?}");
    }
    assert!(offers.find(&id).await.is_some());

    shop.choose_of_row(&id, "Delete…").await;
    let disabled = "return document.querySelector('dialog[open] .button-destructive')?.disabled ?? null";
    until_is("the button waits", Some(true), async || shop.read(disabled, json!([])).await).await;
    let word = "return document.querySelector('dialog[open] input')";
    let word = shop.element("a field for the word", word, json!([])).await;
    word.send_keys("offer").await.unwrap();
    until_is("the button still waits", Some(true), async || shop.read(disabled, json!([])).await).await;
    word.send_keys("s").await.unwrap();
    shop.picture("production-delete").await;
    shop.click("Delete").await;
    shop.until_gone(&id).await;
    until_is("the document", None, async || offers.find(&id).await).await;
    // An edit of a field asks nothing.
    let next: Value = offers.id(2).await;
    shop.edit(&next, "title", "Quietly").await;
    shop.until_shown(&next, "title", "Quietly", "saved").await;
}
