//! The connection to the server, and what every operation over it has in common: a fresh session, the stamp, the limit
//! of time, and that it is never cut off in its middle.
//!
//! Not a pool: the driver has one. What is read and written is in the other files.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use bson::{RawDocumentBuf, doc};
use lockstep_model::{ClusterTime, Failure, Namespace, Stamp};
use mongodb::{
    Client, ClientSession, Collection,
    error::Error,
    options::{Acknowledgment, ClientOptions, Collation, ReadPreference, SelectionCriteria, WriteConcern},
};
use tokio::sync::watch;

use super::{
    Disturbing, Reachability,
    clock::{Clock, next_stamp},
    failure, reachability, trial,
};
use crate::address::Address;

/// How long an operation waits for a server that takes it. A stopped one is to be noticed, not waited for.
const SELECTION: Duration = Duration::from_secs(2);
/// How long a connection, or a heartbeat over it, may take: longer, since a far server may be slow.
const CONNECT: Duration = Duration::from_secs(4);
/// How often the server is asked whether it is there.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long the server may work on one operation.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// What the server is, as far as the host cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// A replica set or a sharded cluster: it has a cluster time, change streams and transactions.
    Cluster,
    /// A single server, which has none of these.
    Standalone,
}

/// A connection. Cheap to clone; it ends with the last clone.
#[derive(Clone)]
pub struct Database(Arc<Connection>, Disturbing);

struct Connection {
    client: Client,
    clock: Clock,
    topology: Topology,
    address: Address,
    version: String,
    opened_at: ClusterTime,
    /// Why nothing may be written, if so.
    read_only: Option<String>,
    reachability: watch::Receiver<Reachability>,
}

impl Database {
    /// Connects, and asks the server what it is. The address's own read preference and write concern are overruled:
    /// reads go to the primary, writes are `w: majority, j: true`.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for an address that cannot be used, [`Failure::Unreachable`] where nobody answers (it
    /// can be tried again), [`Failure::Unauthorised`] where the server refuses user or password.
    pub async fn open(address: &Address) -> Result<Self, Failure> {
        let tried = format!("opening {address}");
        let options = ClientOptions::parse(address.expose()).await;
        let mut options = options.map_err(|error| failure::of(&tried, &error, None))?;
        let (observer, reachability) = reachability::observer();
        options.app_name = Some("Lockstep".into());
        options.server_selection_timeout = Some(SELECTION);
        options.connect_timeout = Some(CONNECT);
        options.heartbeat_freq = Some(HEARTBEAT);
        options.sdam_event_handler = Some(observer);
        options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
        options.read_concern = None;
        options.write_concern =
            Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).w_timeout(LIMIT).build());
        // What became of a write is asked before it is tried again; the driver does not ask, and not every server remembers what
        // it has done.
        (options.retry_reads, options.retry_writes) = (Some(true), Some(false));
        let client = Client::with_options(options).map_err(|error| failure::of(&tried, &error, None))?;
        let hello = introduce(&client).await;
        let failed = |error: Error| failure::of(&tried, &error, reachability.borrow().trouble());
        let (topology, version, opened_at) = hello.map_err(failed)?;
        let read_only = trial::read_only(&client, &version).await.map_err(failed)?;
        let clock = Clock::default();
        clock.saw(opened_at);
        let address = address.clone();
        let connection =
            Connection { client, clock, topology, address, version, opened_at, read_only, reachability };
        Ok(Self(Arc::new(connection), Disturbing::default()))
    }

    /// The same connection, whose calls are disturbed so.
    #[must_use]
    pub fn disturbed_by(self, disturbing: Disturbing) -> Self {
        Self(self.0, disturbing)
    }

    /// Replica set, sharded cluster or standalone.
    pub fn topology(&self) -> Topology {
        self.0.topology
    }

    /// The server, as a person would name it; without credentials.
    pub fn server(&self) -> String {
        self.0.address.to_string()
    }

    /// The server's version.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// Why nothing may be written here, if so: the server does not take the filters of safe writes as MongoDB does.
    pub fn read_only(&self) -> Option<&str> {
        self.0.read_only.as_deref()
    }

    /// Whether the server answers, now and from now on.
    pub fn reachable(&self) -> watch::Receiver<Reachability> {
        self.0.reachability.clone()
    }

    /// What a read that is sent now is stamped with.
    pub fn now(&self) -> Stamp {
        next_stamp()
    }

    /// The greatest time that the database has named so far.
    pub fn seen(&self) -> ClusterTime {
        self.0.clock.seen()
    }

    pub(super) fn opened_at(&self) -> ClusterTime {
        self.0.opened_at
    }

    /// The driver's own client, with this connection's settings.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    pub(super) fn disturbing(&self) -> &Disturbing {
        &self.1
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn collection(&self, namespace: &Namespace) -> Collection<RawDocumentBuf> {
        self.0.client.database(&namespace.database).collection(&namespace.collection)
    }

    /// A session for one operation, to read the operation's time from. Not causally consistent: reads go to the primary
    /// anyway, and `afterClusterTime` could make them wait.
    pub(super) async fn session(&self) -> Result<ClientSession, Error> {
        self.disturbing().pass().await?;
        self.0.client.start_session().causal_consistency(false).await
    }

    /// The failure for an error of the driver. `tried` says what was going on, as in "reading sample.offers".
    pub(super) fn failure(&self, tried: &str, error: &Error) -> Failure {
        failure::of(tried, error, self.0.reachability.borrow().trouble())
    }
}

/// Without credentials, which the driver's own types would show.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.0.address)
    }
}

/// Runs an operation to its end, whoever still waits for it: the driver's futures must not be dropped half-way
/// (<https://docs.rs/mongodb/latest/mongodb/#warning-about-timeouts--cancellation>).
pub(super) async fn finish<T: Send + 'static>(operation: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(operation).await {
        Ok(outcome) => outcome,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The collation that compares strings by their bytes, whatever the collection's default is.
pub(super) fn by_bytes() -> Collation {
    Collation::builder().locale("simple").build()
}

async fn introduce(client: &Client) -> Result<(Topology, String, ClusterTime), Error> {
    let admin = client.database("admin");
    let mut session = client.start_session().causal_consistency(false).await?;
    let hello = admin.run_command(doc! { "hello": 1 }).session(&mut session).await?;
    let is_cluster = hello.contains_key("setName") || hello.get_str("msg").is_ok_and(|msg| msg == "isdbgrid");
    let topology = if is_cluster { Topology::Cluster } else { Topology::Standalone };
    let build = admin.run_command(doc! { "buildInfo": 1 }).await?;
    let version = build.get_str("version").unwrap_or("of unknown version").to_owned();
    Ok((topology, version, session.operation_time().map(ClusterTime::from).unwrap_or_default()))
}
