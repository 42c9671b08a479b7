//! The connections: the servers that a person works on. Each has files, a host and windows of its own, so that an edit
//! for one server never goes to another; several can be open at once.
//!
//! | module | idea |
//! | --- | --- |
//! | `file` | what is kept of them, without secrets |
//! | `keychain` | their passwords |
//! | `session` | one that is open |

mod file;
mod keychain;
mod session;

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

use lockstep_model::{
    Failure, Namespace, Workspace,
    contract::{
        Connection, ConnectionId, ConnectionList, Job, PasswordKept, Profile, SaveConnectionRequest, Secret,
        View,
    },
    offers,
};
use tauri::AppHandle;

use crate::{
    address::{Address, Plain},
    config::{Config, Server},
    data_folder::DataFolder,
    host::{Way, lock},
    outbox::Opened,
    sample::{self, Tier},
    windows::connection_of,
};
use file::{Entry, File, Saved};
use keychain::Passwords;
use session::open_outbox;

pub use session::Session;

/// The embedded database's.
const EMBEDDED: &str = "embedded";

/// All connections of this data folder.
pub struct Connections {
    folder: DataFolder,
    tier: Tier,
    /// Why this run writes nothing, whatever a connection allows.
    read_only: Option<String>,
    file: File,
    saved: Mutex<Saved>,
    passwords: Passwords,
    sessions: Mutex<BTreeMap<ConnectionId, Arc<Session>>>,
}

/// A connection whose windows can be opened.
pub struct Prepared {
    id: ConnectionId,
    opened: Opened,
}

impl Connections {
    /// Those of the data folder, with the one that this start asks for.
    pub fn of(config: &Config, folder: DataFolder) -> Self {
        let file = File::in_folder(folder.path());
        let saved = Mutex::new(file.read());
        let connections = Self {
            folder,
            tier: config.sample_tier,
            read_only: config.read_only.then(|| "Lockstep was started with --read-only".into()),
            file,
            saved,
            passwords: Passwords::default(),
            sessions: Mutex::default(),
        };
        if let Server::At(address) = &config.server {
            connections.open_only(address);
        }
        connections
    }

    /// What the start opens: an address that it was given, else what was open at the end, else the embedded database.
    ///
    /// # Errors
    /// Why none of it can be opened, for a person.
    pub fn prepare(&self) -> Result<Vec<Prepared>, String> {
        let open = lock(&self.saved).open.clone();
        let known = open.into_iter().filter(|id| self.is_known(id));
        let mut prepared = Vec::new();
        let mut refused = None;
        for id in known {
            match self.prepare_one(id) {
                Ok(one) => prepared.push(one),
                Err(error) => {
                    log::error!("{error}");
                    refused = Some(error);
                }
            }
        }
        match (prepared.is_empty(), refused) {
            (true, Some(error)) => Err(error),
            (true, None) => Ok(vec![self.prepare_one(embedded())?]),
            (false, _) => Ok(prepared),
        }
    }

    /// Opens the windows of all of these.
    ///
    /// # Errors
    /// Where the system gives no window or no thread.
    pub fn start_all(&self, app: &AppHandle, prepared: Vec<Prepared>) -> tauri::Result<()> {
        prepared.into_iter().try_for_each(|one| self.start(app, one))?;
        self.note_open(app);
        Ok(())
    }

    fn start(&self, app: &AppHandle, Prepared { id, opened }: Prepared) -> tauri::Result<()> {
        let folder = self.folder.connection(&id)?;
        let session = Session::begin(app, &id, folder, opened, (self.tier, first(&id)))?;
        let session = Arc::new(session);
        lock(&self.sessions).insert(id.clone(), session.clone());
        self.describe(app, &id, &session);
        self.lead(id.clone(), &session);
        session.windows.open_all(app)
    }

    /// The open connection of a window.
    pub fn session(&self, label: &str) -> Option<Arc<Session>> {
        self.session_of(&connection_of(label))
    }

    fn session_of(&self, id: &ConnectionId) -> Option<Arc<Session>> {
        lock(&self.sessions).get(id).cloned()
    }

    /// Brings the windows of all open connections before the person.
    pub fn raise_all(&self, app: &AppHandle) {
        lock(&self.sessions).values().for_each(|session| session.windows.raise(app));
    }

    /// The app ends.
    pub fn close(&self) {
        lock(&self.sessions).values().for_each(|session| session.host.close());
    }

    /// All connections, for the window of that one.
    pub fn list(&self, app: &AppHandle, current: &ConnectionId) -> ConnectionList {
        let first = Connection {
            id: embedded(),
            name: title(None),
            profile: None,
            password: PasswordKept::Nowhere,
            open: self.has_windows(app, &embedded()),
        };
        let saved = lock(&self.saved).connections.clone();
        let others = saved.into_iter().map(|Entry { id, profile, in_keychain }| Connection {
            name: title(Some(&profile)),
            password: match (in_keychain, self.passwords.in_use(&id)) {
                (true, _) => PasswordKept::Keychain,
                (false, Some(_)) => PasswordKept::Session,
                (false, None) => PasswordKept::Nowhere,
            },
            open: self.has_windows(app, &id),
            profile: Some(profile),
            id,
        });
        let connections = [first].into_iter().chain(others).collect();
        ConnectionList { current: current.clone(), connections }
    }

    /// Opens the windows of a connection, or raises one.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for one that there is not, [`Failure::Internal`] where its files or the system refuse.
    pub fn open(&self, app: &AppHandle, id: &ConnectionId) -> Result<(), Failure> {
        if !self.is_known(id) {
            return Err(unknown());
        }
        match self.session_of(id) {
            Some(session) if self.has_windows(app, id) => {
                session.windows.raise(app);
                Ok(())
            }
            Some(session) => session.windows.open_all(app).map_err(Failure::internal),
            None => {
                let prepared = self.prepare_one(id.clone()).map_err(Failure::internal)?;
                self.start(app, prepared).map_err(Failure::internal)
            }
        }?;
        self.note_open(app);
        Ok(())
    }

    /// Makes a connection, or changes it. One that leads elsewhere from now on becomes another one, with files of its own.
    /// Returns which it is, and why its password is not in the keychain, if so.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for an address that is none, or where edits wait for the server that it led to.
    pub async fn save(
        &self,
        app: &AppHandle,
        request: SaveConnectionRequest,
    ) -> Result<(ConnectionId, Option<String>), Failure> {
        let SaveConnectionRequest { id, mut profile, password } = request;
        let (plain, inside) = Plain::parse(&profile.address).map_err(Failure::invalid)?;
        profile.address = plain.as_str().into();
        profile.name = match profile.name.trim() {
            "" => plain.place(),
            name => name.into(),
        };
        let before = match &id {
            Some(id) => Some(self.saved_one(id).ok_or_else(unknown)?),
            None => None,
        };
        let moved = before.filter(|before| place(&before.profile) != plain.place());
        if let Some(moved) = &moved {
            self.refuse_if_waited_for(&moved.id, self.session_of(&moved.id).as_deref())?;
        }
        let id = match id {
            Some(id) if moved.is_none() => id,
            _ => new_id(),
        };
        self.change(|saved| match saved.connections.iter_mut().find(|known| known.id == id) {
            Some(known) => known.profile = profile,
            None => saved.connections.push(Entry { id: id.clone(), profile, in_keychain: false }),
        })?;
        let not_kept = match password.or(inside) {
            Some(password) => self.keep_password(&id, password).await?,
            None => None,
        };
        if let Some(session) = self.session_of(&id) {
            self.describe(app, &id, &session);
            self.lead(id.clone(), &session);
        }
        if let Some(moved) = moved {
            let was_open = self.has_windows(app, &moved.id);
            if was_open {
                self.open(app, &id)?;
            }
            self.remove(app, &moved.id).await?;
        }
        Ok((id, not_kept))
    }

    /// Tries another password. Returns why it is not in the keychain, if so.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for the embedded database.
    pub async fn enter_password(
        &self,
        id: &ConnectionId,
        password: Secret,
    ) -> Result<Option<String>, Failure> {
        self.saved_one(id).ok_or_else(unknown)?;
        let not_kept = self.keep_password(id, password).await?;
        if let Some(session) = self.session_of(id) {
            self.lead(id.clone(), &session);
        }
        Ok(not_kept)
    }

    /// Forgets a connection, its password and its files.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] where edits wait in its outbox, [`Failure::NotFound`] for the embedded database.
    pub async fn remove(&self, app: &AppHandle, id: &ConnectionId) -> Result<(), Failure> {
        let saved = self.saved_one(id).ok_or_else(unknown)?;
        let folder = self.folder.connection(id).map_err(Failure::internal)?;
        // From here on no window reaches its host, so that what waits is all that there will be.
        let session = lock(&self.sessions).remove(id);
        if let Err(failure) = self.refuse_if_waited_for(id, session.as_deref()) {
            lock(&self.sessions).extend(session.map(|session| (id.clone(), session)));
            return Err(failure);
        }
        if let Some(session) = session {
            // The app ends with its last window.
            let others: Vec<_> = lock(&self.sessions).keys().cloned().collect();
            if !others.iter().any(|other| self.has_windows(app, other)) {
                self.open(app, &embedded())?;
            }
            session.windows.close_all(app);
        }
        self.passwords.forget(id);
        if saved.in_keychain {
            let id = id.clone();
            let removed = tokio::task::spawn_blocking(move || keychain::remove(&id)).await;
            removed.map_err(Failure::internal)?.map_err(Failure::internal)?;
        }
        self.change(|saved| {
            saved.connections.retain(|known| known.id != *id);
            saved.open.retain(|open| open != id);
        })?;
        if let Err(error) = folder.remove() {
            // Some systems let nobody remove a file that is still being closed; nothing of it is read again.
            log::warn!("{} stays behind: {error}", folder.path().display());
        }
        Ok(())
    }

    /// A window of the connection is closed by a person: it is not opened at the next start, if it has no other window and
    /// another connection has.
    pub fn closing(&self, app: &AppHandle, label: &str) {
        let id = connection_of(label);
        let has_more = |of: &ConnectionId| crate::windows::labels(app, of).iter().any(|other| other != label);
        let open: Vec<_> = lock(&self.sessions).keys().filter(|of| has_more(of)).cloned().collect();
        if !open.is_empty() && !open.contains(&id) {
            self.note(open);
        }
    }

    fn note_open(&self, app: &AppHandle) {
        let sessions: Vec<_> = lock(&self.sessions).keys().cloned().collect();
        self.note(sessions.into_iter().filter(|id| self.has_windows(app, id)).collect());
    }

    fn note(&self, open: Vec<ConnectionId>) {
        if let Err(failure) = self.change(|saved| saved.open = open) {
            log::warn!("which connections are open is not kept: {failure}");
        }
    }

    fn has_windows(&self, app: &AppHandle, id: &ConnectionId) -> bool {
        !crate::windows::labels(app, id).is_empty()
    }

    fn is_known(&self, id: &ConnectionId) -> bool {
        &*id.0 == EMBEDDED || self.saved_one(id).is_some()
    }

    fn saved_one(&self, id: &ConnectionId) -> Option<Entry> {
        lock(&self.saved).connections.iter().find(|known| known.id == *id).cloned()
    }

    fn prepare_one(&self, id: ConnectionId) -> Result<Prepared, String> {
        let folder = self.folder.connection(&id).map_err(|error: io::Error| error.to_string())?;
        Ok(Prepared { id, opened: open_outbox(&folder)? })
    }

    /// This run works on that address, and on nothing else, also where the disk takes no note of it. Its password is kept
    /// nowhere.
    fn open_only(&self, address: &Address) {
        let (plain, password) = address.take_apart();
        let mut saved = lock(&self.saved);
        let before = saved.clone();
        let known = saved.connections.iter().find(|known| known.profile.address == plain.as_str());
        let id = known.map_or_else(new_id, |known| known.id.clone());
        if known.is_none() {
            let (name, address) = (address.to_string(), plain.as_str().into());
            let profile = Profile { name, address, read_only: false, production: false };
            saved.connections.push(Entry { id: id.clone(), profile, in_keychain: false });
        }
        saved.open = vec![id.clone()];
        if *saved != before
            && let Err(error) = self.file.write(&saved)
        {
            log::warn!("the connections cannot be saved: {error}");
        }
        if let Some(password) = password {
            self.passwords.use_now(&id, password);
        }
    }

    /// Puts the password into the keychain, or says why not; it is used either way.
    async fn keep_password(&self, id: &ConnectionId, password: Secret) -> Result<Option<String>, Failure> {
        self.passwords.use_now(id, password.clone());
        let kept = {
            let id = id.clone();
            tokio::task::spawn_blocking(move || keychain::keep(&id, &password))
                .await
                .map_err(Failure::internal)?
        };
        let in_keychain = kept.is_ok();
        self.change(|saved| {
            for known in saved.connections.iter_mut().filter(|known| known.id == *id) {
                known.in_keychain = in_keychain;
            }
        })?;
        Ok(kept.err())
    }

    /// Tells host and windows what the person says of the connection.
    fn describe(&self, app: &AppHandle, id: &ConnectionId, session: &Session) {
        let profile = self.saved_one(id).map(|saved| saved.profile);
        session.windows.call(app, profile.as_ref().map(|profile| profile.name.clone()));
        let name = title(profile.as_ref());
        let read_only = profile.as_ref().is_some_and(|profile| profile.read_only);
        let read_only = read_only.then(|| format!("{name} is set to read only"));
        let production = profile.is_some_and(|profile| profile.production);
        session.host.describe(name, production, self.read_only.clone().or(read_only));
    }

    /// Leads the host to its server. The keychain may have to ask the person first.
    fn lead(&self, id: ConnectionId, session: &Arc<Session>) {
        let Some(saved) = self.saved_one(&id) else { return session.host.lead(Way::To(Server::Embedded)) };
        let password = self.passwords.in_use(&id);
        let host = session.host.clone();
        session.runtime().spawn_blocking(move || {
            let password = match password {
                None if saved.in_keychain => keychain::find(&id).unwrap_or_else(|error| {
                    log::warn!("{error}");
                    None
                }),
                password => password,
            };
            host.lead(way(&saved.profile, password.as_ref()));
        });
    }

    /// # Errors
    /// [`Failure::InvalidInput`] where edits wait.
    fn refuse_if_waited_for(&self, id: &ConnectionId, session: Option<&Session>) -> Result<(), Failure> {
        if session.is_some_and(|session| session.host.jobs().jobs.iter().any(Job::is_under_way)) {
            return Err(Failure::invalid(
                "an import or export is at work: it has to end or be cancelled first",
            ));
        }
        let count = match session {
            Some(session) => {
                let status = session.host.status();
                usize::try_from(status.saving + status.queued + status.reviews).unwrap_or(usize::MAX)
            }
            None => self.prepare_one(id.clone()).map_err(Failure::internal)?.opened.entries.len(),
        };
        match count {
            0 => Ok(()),
            1 => Err(Failure::invalid("1 edit waits in its outbox: it has to be sent or discarded first")),
            count => Err(Failure::invalid(format!(
                "{count} edits wait in its outbox: they have to be sent or discarded first"
            ))),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Saved)) -> Result<(), Failure> {
        let mut saved = lock(&self.saved);
        let mut next = saved.clone();
        change(&mut next);
        if next != *saved {
            let written = self.file.write(&next);
            written
                .map_err(|error| Failure::internal(format!("the connections cannot be saved: {error}")))?;
            *saved = next;
        }
        Ok(())
    }
}

/// How the host comes to a connection's server.
fn way(profile: &Profile, password: Option<&Secret>) -> Way {
    let plain = match Plain::parse(&profile.address) {
        Ok((plain, _)) => plain,
        Err(reason) => return Way::Closed(Failure::invalid(reason)),
    };
    let address = match (plain.without_password(), password) {
        (Some(address), _) => Ok(address),
        (None, Some(password)) => Address::with_password(&plain, password),
        (None, None) => {
            let message = format!("a password is needed for {}", plain.place());
            return Way::Closed(Failure::Unauthorised { message });
        }
    };
    match address {
        Ok(address) => Way::To(Server::At(address)),
        Err(reason) => Way::Closed(Failure::invalid(reason)),
    }
}

fn place(profile: &Profile) -> String {
    Plain::parse(&profile.address).map(|(plain, _)| plain.place()).unwrap_or_default()
}

/// What the very first start shows and keeps: of the sample workspace the offers and their dashboard, of anybody's own
/// server its collections.
fn first(id: &ConnectionId) -> (View, Workspace) {
    match &*id.0 {
        EMBEDDED => (View::table(Namespace::new(sample::DATABASE, "offers")), offers::dashboard::workspace()),
        _ => (View::Home, Workspace::default()),
    }
}

fn embedded() -> ConnectionId {
    ConnectionId(EMBEDDED.into())
}

/// A connection's name for people.
fn title(profile: Option<&Profile>) -> String {
    profile.map_or_else(|| Server::Embedded.to_string(), |profile| profile.name.clone())
}

fn new_id() -> ConnectionId {
    ConnectionId(bson::oid::ObjectId::new().to_hex().into())
}

fn unknown() -> Failure {
    Failure::NotFound { message: "there is no such connection, or it is the embedded database".into() }
}
