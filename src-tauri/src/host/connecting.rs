//! From a configured server to an open database, however often it takes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lockstep_model::{Failure, Key};
use lockstep_sync::host::Input;
use tokio::sync::watch;

use super::{Host, Way, lock};
use crate::{
    address::Address,
    config::Server,
    database::{Database, OFFLINE, Topology},
    embedded::{Embedded, Launch, Pace, State as Stand, program::Places},
    sample::{self, Tier},
};

/// Between two tries to open a database.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// Between two tries to log in where the server refused it: the user may be made meanwhile.
const LOG_IN_AGAIN: Duration = Duration::from_secs(15);

impl Host {
    /// What a person calls the connection, whether it is one of production, and why nothing may be written over it.
    pub fn describe(&self, name: String, production: bool, read_only: Option<String>) {
        *lock(&self.0.read_only) = read_only;
        self.take(Input::Server(name, production));
        self.tell_read_only();
    }

    /// Where to connect to from now on. A database that is open stays in use until the new one is.
    pub fn lead(&self, way: Way) {
        self.0.way.send_if_modified(|now| {
            let is_new = now.as_ref() != Some(&way);
            *now = Some(way);
            is_new
        });
    }

    /// Keeps the database open, for as long as the host lives.
    pub(super) async fn keep_connected(self, tier: Tier, ahead: Vec<Key>) {
        tokio::spawn(self.clone().read_ahead_once_open(ahead));
        let mut way = self.0.way.subscribe();
        loop {
            let now = way.borrow_and_update().clone();
            tokio::select! {
                () = self.keep_open(now, tier) => {}
                changed = way.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Never ends.
    async fn keep_open(&self, way: Option<Way>, tier: Tier) {
        match way {
            None => {}
            Some(Way::Closed(failure)) => self.take(Input::Trouble(failure)),
            Some(Way::To(Server::At(address))) => {
                let database = self.connect(&address).await;
                self.adopt(database);
            }
            Some(Way::To(Server::Embedded)) => match self.launch() {
                Ok(embedded) => self.keep_embedded(embedded, tier).await,
                Err(message) => self.take(Input::Trouble(Failure::Unreachable { message })),
            },
        }
        std::future::pending().await
    }

    fn launch(&self) -> Result<Embedded, String> {
        let program = Places::of_environment().find().map_err(|missing| missing.to_string())?;
        let supervisor = std::env::current_exe()
            .map_err(|error| format!("the supervisor of the embedded database cannot be found: {error}"))?;
        let folder = self.0.folder.embedded().to_owned();
        Embedded::start(Launch { program, supervisor, folder, options: Vec::new() }, Pace::default())
            .map_err(|error| error.to_string())
    }

    async fn keep_embedded(&self, embedded: Embedded, tier: Tier) {
        let mut stand = embedded.address();
        let mut opened: Option<Address> = None;
        loop {
            let now = stand.borrow_and_update().clone();
            match now {
                Stand::Starting => {}
                // the driver finds a server that comes back at its old address by itself
                Stand::Running { uri } if opened.as_ref() == Some(&uri) => {}
                Stand::Running { uri } => {
                    if self.open_embedded(&uri, tier).await {
                        opened = Some(uri);
                    }
                }
                Stand::Restarting { reason, .. } | Stand::Failed { reason } => {
                    log::warn!("embedded database: {reason}");
                    let message = format!("the embedded database is not running: {reason}");
                    self.take(Input::Trouble(Failure::Unreachable { message }));
                }
            }
            if stand.changed().await.is_err() {
                return;
            }
        }
    }

    async fn open_embedded(&self, address: &Address, tier: Tier) -> bool {
        self.take(Input::Preparing("the sample workspace is being made; this happens once".into()));
        let database = self.connect(address).await;
        match sample::begin(database.client(), tier).await {
            Ok(rest) => {
                self.adopt(database);
                self.open_to_colleague(address);
                if let Some(rest) = rest {
                    tokio::spawn(self.clone().finish_sample(rest));
                }
                true
            }
            Err(error) => {
                log::error!("sample workspace: {error}");
                self.take(Input::Trouble(Failure::internal(error)));
                false
            }
        }
    }

    /// A person works with the offers already.
    async fn finish_sample(self, rest: sample::Rest) {
        if let Err(error) = rest.finish().await {
            log::error!("sample workspace: {error}; the next start goes on with it");
        }
        // How many documents there are.
        self.take(Input::Invalidate(Key::Collections));
    }

    /// Opens the database, trying until it works.
    async fn connect(&self, address: &Address) -> Database {
        loop {
            match Database::open(address).await {
                Ok(database) => return database.disturbed_by(self.0.disturbing.clone()),
                Err(failure) => {
                    log::warn!("{failure}");
                    // Who tries a wrong password often is locked out.
                    let refused = matches!(failure, Failure::Unauthorised { .. });
                    self.take(Input::Trouble(failure));
                    tokio::time::sleep(if refused { LOG_IN_AGAIN } else { TRY_AGAIN }).await;
                }
            }
        }
    }

    /// Makes the database the host's.
    fn adopt(&self, database: Database) {
        log::info!("connected to {} ({})", database.server(), database.version());
        self.follow_none();
        self.0.database.send_replace(Some(database.clone()));
        self.tell_read_only();
        self.take(Input::Connected(database.topology() == Topology::Cluster));
        let reachable = database.reachable();
        tokio::spawn(self.clone().watch_reachability(reachable));
    }

    fn tell_read_only(&self) {
        let said = lock(&self.0.read_only).clone();
        let by_server = || self.database()?.read_only().map(str::to_owned);
        self.take(Input::ReadOnly(said.or_else(by_server)));
    }

    async fn read_ahead_once_open(self, keys: Vec<Key>) {
        let mut database = self.0.database.subscribe();
        if database.wait_for(Option::is_some).await.is_ok() {
            self.take(Input::Ahead(keys));
        }
    }

    /// Tells everybody when the server comes and goes, until another database takes its place.
    async fn watch_reachability(self, mut reachable: watch::Receiver<crate::database::Reachability>) {
        let mut disturbing = self.0.disturbing.watch();
        loop {
            let (trouble, contact) = {
                let on_purpose = disturbing.borrow_and_update().offline.then_some(OFFLINE);
                let now = reachable.borrow_and_update();
                (on_purpose.or(now.trouble()).map(str::to_owned), now.contact())
            };
            self.take(Input::Reachable(trouble, contact.and_then(since_1970_ms)));
            let changed = tokio::select! {
                changed = reachable.changed() => changed,
                changed = disturbing.changed() => changed,
            };
            if changed.is_err() {
                return;
            }
        }
    }
}

fn since_1970_ms(at: SystemTime) -> Option<i64> {
    i64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}
