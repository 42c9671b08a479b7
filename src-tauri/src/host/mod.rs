//! The host's shell: carries out what [`lockstep_sync::Host`] decides, for all windows, over one database and one outbox.
//!
//! | module | idea |
//! | --- | --- |
//! | `connecting` | from a configured server to an open database, however often it takes |
//! | `carrying` | each effect, carried out |
//! | `calls` | a window's call, and the reply that comes later |
//! | `following` | a database's changes, as inputs |
//! | `jobs` | imports and exports |
//! | `exporting` | the outbox as a file for a person |
//! | `feeding` | the feed out to the windows |
//! | `colleague` | the simulated colleague, begun and ended |
//! | `disturbing` | trouble on purpose, told to the windows |
//!
//! *Architecture invariant:* it knows no Tauri and decides nothing; what leaves for a window goes through [`Deliver`].

mod calls;
mod carrying;
mod colleague;
mod connecting;
mod disturbing;
mod exporting;
mod feeding;
mod following;
mod jobs;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use lockstep_model::{
    Failure, Workspace,
    contract::{Boot, FeedBatch, View},
};
use lockstep_sync::host::{self, Attachment, Input, Moment};
use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    task::JoinHandle,
};

use crate::{
    address::Address,
    cache::Cache,
    config::Server,
    data_folder::ConnectionFolder,
    database::{Database, Disturbing},
    outbox::{Entry, Opened, Outbox},
    sample::Tier,
    transfer::checkpoints::Checkpoints,
};
use calls::Calls;
use jobs::Jobs;

/// Carries a batch of the feed to the window of that label.
pub type Deliver = Box<dyn Fn(&str, FeedBatch) + Send + Sync>;

/// The host. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

struct Shared {
    /// What decides, for a short while each time: no wait happens under its lock.
    decides: Mutex<host::Host>,
    started: Instant,
    calls: Calls,
    outbox: Outbox,
    cache: Cache,
    /// `None` until a server has answered for the first time.
    database: watch::Sender<Option<Database>>,
    /// The trouble that was asked for.
    disturbing: Disturbing,
    /// Change streams by database.
    followers: Mutex<HashMap<String, JoinHandle<()>>>,
    /// Rings when the host wants to be woken.
    alarm: Mutex<Option<JoinHandle<()>>>,
    deliver: Deliver,
    /// Where its work is done, also when the thread of the windows asks for it.
    runtime: Handle,
    /// Something was published.
    doorbell: Notify,
    /// Why nothing may be written, whatever the server says.
    read_only: Mutex<Option<String>>,
    /// Where to connect to; `None` until somebody has said so.
    way: watch::Sender<Option<Way>>,
    /// Where the sample workspace is, if it is there.
    sample: watch::Sender<Option<Address>>,
    /// The simulated colleague at work.
    colleague: Mutex<Option<JoinHandle<()>>>,
    jobs: Jobs,
    folder: ConnectionFolder,
}

/// What a host begins with.
pub struct Start {
    /// Its files.
    pub folder: ConnectionFolder,
    /// The outbox in there.
    pub opened: Opened,
    /// How large the sample workspace is made, if this host makes it.
    pub tier: Tier,
    /// Which run of a host this is.
    pub boot: Boot,
    /// What is read before any window asks.
    pub ahead: Vec<View>,
    /// What a person keeps.
    pub workspace: Workspace,
}

/// How to come to the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// That server is opened, for as long as it takes.
    To(Server),
    /// There is none, and why: something has to be done first.
    Closed(Failure),
}

impl Host {
    /// Begins to feed windows; to connect, and to send what the outbox holds, once it is [told where](Self::lead). Needs a
    /// tokio runtime around it.
    pub fn start(start: Start, deliver: Deliver) -> Self {
        let Start { folder, opened, tier, boot, ahead, workspace } = start;
        let ahead = ahead.iter().flat_map(|view| view.first_keys(&workspace)).collect();
        let Opened { outbox, entries, next_number, damaged } = opened;
        let entries = entries.into_iter().map(|Entry { number, mutation, state }| (number, mutation, state));
        let trouble = damaged.map(|path| {
            Failure::internal(format!(
                "the outbox was damaged and is kept at {}; edits that were not saved yet may be in it",
                path.display()
            ))
        });
        let decides = host::Host::restored(boot, next_number.saturating_sub(1), entries, trouble);
        let host = Self(Arc::new(Shared {
            decides: Mutex::new(decides),
            started: Instant::now(),
            calls: Calls::default(),
            outbox,
            cache: Cache::open(folder.cache()),
            database: watch::Sender::new(None),
            disturbing: Disturbing::default(),
            followers: Mutex::default(),
            alarm: Mutex::default(),
            deliver,
            runtime: Handle::current(),
            doorbell: Notify::new(),
            read_only: Mutex::default(),
            way: watch::Sender::new(None),
            sample: watch::Sender::new(None),
            colleague: Mutex::default(),
            jobs: Jobs::restored(Checkpoints::of(folder.imports())),
            folder,
        }));
        host.keep_workspace(workspace);
        host.tell_jobs();
        tokio::spawn(host.clone().feed_windows());
        tokio::spawn(host.clone().tell_disturbance());
        tokio::spawn(host.clone().keep_connected(tier, ahead));
        host
    }

    /// Something happened: what the host decides about it is begun before this returns, in the order of the decisions.
    fn take(&self, input: Input) {
        let _inside = self.0.runtime.enter();
        let mut decides = self.decides();
        let effects = decides.take(self.moment(), input);
        effects.into_iter().for_each(|effect| self.carry_out(effect));
    }

    fn moment(&self) -> Moment {
        let seen = self.0.database.borrow().as_ref().map(Database::seen).unwrap_or_default();
        Moment { at: self.0.started.elapsed(), seen }
    }

    fn decides(&self) -> MutexGuard<'_, host::Host> {
        lock(&self.0.decides)
    }

    fn database(&self) -> Option<Database> {
        self.0.database.borrow().clone()
    }
}

/// A panic elsewhere is no reason to lose what is in here: it was consistent before every call.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
