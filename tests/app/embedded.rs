//! The embedded database: reachable by password only, back after every death, gone when its host is.

use std::{net::TcpListener, time::Duration};

use lockstep_host::{
    address::Address,
    embedded::{Embedded, Launch, Pace, State, running},
};
use mongodb::{
    Client,
    bson::{Document, doc},
};
use tempfile::TempDir;

use crate::fixture::{Server, launch, until};

/// As in the app, but quicker in finding out and trying again.
const PACE: Pace = Pace {
    first_wait: Duration::from_millis(100),
    longest_wait: Duration::from_millis(100),
    healthy_after: Duration::from_secs(60),
    failed_starts: 2,
    ping_every: Duration::from_millis(100),
    ping_limit: Duration::from_secs(3),
};

struct Host {
    embedded: Embedded,
    folder: TempDir,
    launch: Launch,
}

impl Host {
    fn start() -> Self {
        Self::with(tempfile::tempdir().unwrap(), PACE)
    }

    fn with(folder: TempDir, pace: Pace) -> Self {
        let launch = launch(folder.path());
        Self { embedded: Embedded::start(launch.clone(), pace).unwrap(), folder, launch }
    }

    /// The first state, now or later, that `wanted` finds something in.
    async fn state<T>(&self, what: &str, wanted: impl Fn(&State) -> Option<T>) -> T {
        let states = self.embedded.address();
        until(what, || async { wanted(&states.borrow()) }).await
    }

    async fn running(&self) -> Address {
        self.state("running", |state| match state {
            State::Running { uri } => Some(uri.clone()),
            _ => None,
        })
        .await
    }

    async fn restarting(&self) -> String {
        let mut states = self.embedded.address();
        let state = states.wait_for(|state| matches!(state, State::Restarting { .. })).await.unwrap().clone();
        let State::Restarting { reason, .. } = state else { unreachable!("just waited for it") };
        reason
    }

    async fn failed(&self) -> String {
        self.state("failed", |state| match state {
            State::Failed { reason } => Some(reason.clone()),
            _ => None,
        })
        .await
    }

    fn servers(&self) -> Vec<u32> {
        running::on(&self.launch.storage())
    }
}

async fn client(address: &Address) -> Client {
    Client::with_uri_str(address.expose()).await.unwrap()
}

async fn remember(address: &Address, what: &str) {
    client(address).await.database("shop").collection("kept").insert_one(doc! { "_id": what }).await.unwrap();
}

async fn remembered(address: &Address) -> Vec<String> {
    let kept = client(address).await.database("shop").collection::<Document>("kept");
    kept.distinct("_id", doc! {}).await.unwrap().iter().map(|id| id.as_str().unwrap().into()).collect()
}

#[tokio::test]
async fn it_answers_with_the_password_and_refuses_without() {
    let server = Server::start().await;
    let with = server.uri();
    let without = format!("mongodb://{}", with.rsplit_once('@').unwrap().1);
    // The driver tries a refused login again until it has waited long enough for a server.
    let wrong = format!("{}&serverSelectionTimeoutMS=1000", with.replacen("lockstep:", "lockstep:0", 1));
    for (uri, allowed) in [(with, true), (without, false), (wrong, false)] {
        let client = Client::with_uri_str(&uri).await.unwrap();
        let answer = client.database("shop").collection("kept").insert_one(doc! { "a": 1 }).await;
        assert_eq!(answer.is_ok(), allowed, "{answer:?}");
        assert_eq!(client.list_database_names().await.is_ok(), allowed);
    }
}

#[tokio::test]
async fn only_the_standalone_one_has_no_change_streams() {
    for (server, watches) in [(Server::start().await, true), (Server::standalone().await, false)] {
        let client = server.client().await;
        assert_eq!(client.database("shop").watch().await.is_ok(), watches);
        let hello = client.database("admin").run_command(doc! { "hello": 1 }).await.unwrap();
        assert_eq!(hello.contains_key("setName"), watches);
    }
}

#[tokio::test]
async fn a_killed_server_comes_back_on_its_port_with_everything_acknowledged() {
    let host = Host::start();
    let address = host.running().await;
    remember(&address, "before").await;

    let killed = host.servers();
    assert_eq!(killed.len(), 1);
    running::kill(killed[0]);

    let reason = host.restarting().await;
    assert!(reason.contains("ended"), "{reason}");
    assert_eq!(host.running().await, address);
    assert_eq!(remembered(&address).await, ["before"]);
    assert_ne!(host.servers(), killed);
    host.embedded.stop().await;
}

#[tokio::test]
async fn it_comes_back_on_another_port_where_its_own_was_taken() {
    let host = Host::with(tempfile::tempdir().unwrap(), Pace { first_wait: Duration::from_secs(1), ..PACE });
    let address = host.running().await;
    remember(&address, "before").await;
    let port: u16 = address.to_string().rsplit_once(':').unwrap().1.parse().unwrap();

    host.servers().into_iter().for_each(running::kill);
    let _taken = until("the port is free", || async { TcpListener::bind(("127.0.0.1", port)).ok() }).await;
    let other = host
        .state("running elsewhere", |state| match state {
            State::Running { uri } if *uri != address => Some(uri.clone()),
            _ => None,
        })
        .await;
    assert_eq!(remembered(&other).await, ["before"]);
    host.embedded.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_hung_server_is_replaced() {
    let host = Host::start();
    let address = host.running().await;
    remember(&address, "before").await;

    let hung = host.servers();
    let stopped = std::process::Command::new("kill").args(["-STOP", &hung[0].to_string()]).status().unwrap();
    assert!(stopped.success());

    let reason = host.restarting().await;
    assert!(reason.contains("not answered"), "{reason}");
    assert_eq!(remembered(&host.running().await).await, ["before"]);
    assert_ne!(host.servers(), hung);
    host.embedded.stop().await;
}

#[tokio::test]
async fn the_server_ends_when_the_pipe_of_its_host_closes() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch(folder.path());
    let server = launch.start(0).await.unwrap();
    assert_eq!(running::on(&launch.storage()).len(), 1);
    // All that the supervisor sees of a host's death, of whatever kind.
    drop(server);
    until("no server is left", || async { running::on(&launch.storage()).is_empty().then_some(()) }).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_lost_its_supervisor_is_ended_at_the_next_start() {
    let host = Host::start();
    let address = host.running().await;
    remember(&address, "before").await;
    let orphan = host.servers();

    let parent =
        std::process::Command::new("ps").args(["-o", "ppid=", "-p", &orphan[0].to_string()]).output();
    let supervisor: u32 = String::from_utf8(parent.unwrap().stdout).unwrap().trim().parse().unwrap();
    running::kill(supervisor);

    host.restarting().await;
    assert_eq!(remembered(&host.running().await).await, ["before"]);
    assert_eq!(host.servers().len(), 1);
    assert_ne!(host.servers(), orphan);
    host.embedded.stop().await;
}

#[tokio::test]
async fn stopping_leaves_no_process_and_starting_again_finds_the_data() {
    let host = Host::start();
    remember(&host.running().await, "before").await;
    let Host { embedded, folder, launch } = host;
    embedded.stop().await;
    assert!(running::on(&launch.storage()).is_empty());

    let again = Host::with(folder, PACE);
    assert_eq!(remembered(&again.running().await).await, ["before"]);
    again.embedded.stop().await;
}

#[tokio::test]
async fn a_program_that_does_not_start_is_given_up_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("no-such-server");
    let launch = Launch { program: program.clone(), ..launch(folder.path()) };
    let embedded = Embedded::start(launch.clone(), PACE).unwrap();
    let host = Host { embedded, folder, launch };
    let reason = host.failed().await;
    assert!(reason.contains(&program.display().to_string()), "{reason}");
}

#[tokio::test]
async fn another_password_than_the_database_s_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::with(folder, PACE);
    remember(&host.running().await, "before").await;
    let Host { embedded, folder, .. } = host;
    embedded.stop().await;

    let file = folder.path().join("password");
    let password = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let host = Host::with(folder, PACE);
    let reason = host.failed().await;
    assert!(reason.contains(&file.display().to_string()), "{reason}");
    assert!(!reason.contains(&std::fs::read_to_string(&file).unwrap()), "{reason}");

    std::fs::write(&file, password).unwrap();
    let Host { embedded, folder, .. } = host;
    embedded.stop().await;
    let host = Host::with(folder, PACE);
    assert_eq!(remembered(&host.running().await).await, ["before"]);
    host.embedded.stop().await;
}

#[tokio::test]
async fn the_password_stands_in_no_log_and_no_state() {
    let host = Host::start();
    let address = host.running().await;
    let read = |name| std::fs::read_to_string(host.folder.path().join(name)).unwrap();
    let password = read("password");
    assert!(address.expose().contains(&password));
    assert!(!format!("{:?}", host.embedded).contains(&password));
    assert!(read("server.log").contains("listening") && !read("server.log").contains(&password));
    host.embedded.stop().await;
}
