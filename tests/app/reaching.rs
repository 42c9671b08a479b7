//! Servers that are not reached by host and port alone: over TLS, and by a name of DNS.

use std::process::Command;

use bson::{RawDocumentBuf, rawdoc};
use lockstep_host::{
    address::Address,
    database::{ChangeItem, Database},
};
use lockstep_model::{Action, DocumentId, Edit, Failure, Namespace, Value};
use lockstep_sync::host::WriteOutcome;
use tempfile::TempDir;

use crate::fixture::{App, Authority, NameServer, Server, until};

/// Names an address to a child process of the test of DNS.
const CHILD: &str = "LOCKSTEP_TEST_ADDRESS";

fn thing(number: i32) -> DocumentId {
    DocumentId { namespace: Namespace::new("shop", "things"), id: Value::from(number) }
}

/// An authority that nobody trusts by itself, and a server with a certificate of it for `names`.
async fn server_over_tls(names: &[&str]) -> (TempDir, Authority, Server) {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::in_folder(folder.path());
    let server = Server::over_tls(&authority.certify(names)).await;
    (folder, authority, server)
}

/// What a person adds to the address so that this authority is trusted.
fn trusting(authority: &Authority) -> String {
    format!("&tls=true&tlsCAFile={}", authority.file().display())
}

async fn open(address: &str) -> Result<Database, Failure> {
    Database::open(&Address::parse(address).unwrap()).await
}

/// Why it cannot be opened.
async fn refusal(address: &str) -> String {
    match open(address).await {
        Ok(_) => panic!("it is opened"),
        Err(Failure::Unreachable { message } | Failure::InvalidInput { message }) => message,
        Err(other) => panic!("it can be tried again: {other:?}"),
    }
}

/// It is read, written, and its changes are heard of.
async fn works(database: &Database) {
    let mut changes = database.watch("shop");
    assert_eq!(changes.next().await, Some(ChangeItem::Live));
    let document = rawdoc! { "_id": 1, "title": "By another way" };
    let edit = Edit { document: thing(1), action: Action::Insert(document.clone()) };
    let outcome = database.commit(&edit).await;
    assert!(matches!(outcome, WriteOutcome::Committed { .. }), "{outcome:?}");
    let read = database.document(&thing(1)).await.unwrap().document.unwrap();
    assert_eq!(read.raw(), &*document);
    // The collection is new, which the stream says first.
    until("the change is heard of", async || match changes.next().await? {
        ChangeItem::Change(change) => (change.id == thing(1)).then_some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn over_tls_everything_works_once_the_authority_is_named() {
    let (_folder, authority, server) = server_over_tls(&["127.0.0.1"]).await;
    works(&open(&(server.uri() + &trusting(&authority))).await.unwrap()).await;
}

#[tokio::test]
async fn a_server_that_is_not_trusted_is_not_opened_and_why_is_said() {
    let (folder, authority, server) = server_over_tls(&["elsewhere.lockstep.test"]).await;
    let unknown = refusal(&(server.uri() + "&tls=true")).await;
    assert!(unknown.contains("UnknownIssuer") && unknown.contains("tlsCAFile"), "{unknown}");
    let another_name = refusal(&(server.uri() + &trusting(&authority))).await;
    assert!(another_name.contains("another host's"), "{another_name}");
    assert!(another_name.contains("elsewhere.lockstep.test"), "{another_name}");
    let nowhere = folder.path().join("nowhere.pem").display().to_string();
    let missing = refusal(&format!("{}&tls=true&tlsCAFile={nowhere}", server.uri())).await;
    assert!(missing.contains(&nowhere), "{missing}");
    let without = refusal(&server.uri()).await;
    assert!(without.len() > 20, "{without}");
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_is_opened_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::in_folder(folder.path());
    let certified = authority.certify(&["127.0.0.1"]);
    let mut server = Server::over_tls(&certified).await;
    server.ask_for_certificates(&authority).await;
    let without = server.uri() + &trusting(&authority);
    let refused = refusal(&without).await;
    assert!(refused.to_lowercase().contains("certificate"), "{refused}");
    works(&open(&format!("{without}&tlsCertificateKeyFile={}", certified.both.display())).await.unwrap())
        .await;
}

#[tokio::test]
async fn a_window_over_tls_saves_and_one_that_trusts_nobody_says_why() {
    let (_folder, authority, server) = server_over_tls(&["127.0.0.1"]).await;
    open(&(server.uri() + &trusting(&authority)))
        .await
        .unwrap()
        .client()
        .database("shop")
        .collection::<RawDocumentBuf>("things")
        .insert_one(rawdoc! { "_id": 1, "title": "Before" })
        .await
        .unwrap();

    let distrustful = App::start(server.uri() + "&tls=true").await;
    let main = distrustful.main().await;
    until("the window says why", async || main.text().await.contains("UnknownIssuer").then_some(())).await;
    main.picture("tls-not-trusted").await;
    drop(distrustful);

    let app = App::start(server.uri() + &trusting(&authority)).await;
    let main = app.main().await;
    main.open_collection("things").await;
    main.edit(&Value::from(1), "title", "After").await;
    main.until_shown(&Value::from(1), "title", "After", "saved").await;
}

#[tokio::test]
async fn child_that_opens_and_works() {
    let Ok(address) = std::env::var(CHILD) else { return };
    match open(&address).await {
        Ok(database) => {
            works(&database).await;
            println!("works: {}", database.server());
        }
        Err(failure) => println!("refused: {failure}"),
    }
}

/// A name of DNS is asked for by the system's own configuration, which a child process can have for itself.
#[tokio::test]
async fn a_name_of_dns_leads_to_the_server() {
    const NAME: &str = "shop.lockstep.test";
    const HOST: &str = "db.lockstep.test";
    let (folder, authority, server) = server_over_tls(&[HOST, "127.0.0.1"]).await;
    let names = NameServer::start();
    let child = names.as_ref().and_then(|names| names.asked_by(folder.path()));
    let (Some(names), Some(mut child)) = (names, child) else {
        println!("not tried: this user may not listen at port 53, or not mount");
        return;
    };
    let uri = server.uri();
    let login = uri.split_once("://").and_then(|(_, rest)| rest.split_once('@')).expect("it has a login").0;
    let address = format!("mongodb+srv://{login}@{NAME}/?tlsCAFile={}", authority.file().display());
    let (_crate, module) = module_path!().split_once("::").expect("a module of the test binary");
    child.arg(std::env::current_exe().unwrap()).env(CHILD, &address);
    child.args([&format!("{module}::child_that_opens_and_works"), "--exact", "--nocapture"]);

    let refused = said(&mut child);
    assert!(refused.contains("refused: ") && refused.contains(NAME), "{refused}");
    names.tell(NAME, &format!("{HOST}."), server.port(), "authSource=admin");
    let works = said(&mut child);
    assert!(works.contains(&format!("works: mongodb+srv://{NAME}")), "{works}");
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}
