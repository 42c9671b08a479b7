//! The host's shell: carries out what `lockstep_sync` decides, for all windows, over one database and one outbox.
//!
//! | module | idea |
//! | --- | --- |
//! | `state` | everything that changes, behind one lock that no wait happens under |
//! | `connecting` | from a configured server to an open database, however often it takes |
//! | `reading` | a window's read, joined with equal ones |
//! | `checking` | what is refused before it is accepted |
//! | `writing` | a mutation from the window over the disk to the database |
//! | `following` | changes by others, from the stream to the windows |
//! | `feeding` | attach, and the feed out to the windows |
//! | `disturbing` | trouble on purpose, told to the windows |
//!
//! *Architecture invariant:* it knows no Tauri; what leaves for a window goes through [`Deliver`].

mod checking;
mod connecting;
mod disturbing;
mod feeding;
mod following;
mod joins;
mod reading;
mod state;
mod writing;

use std::sync::{Arc, Mutex, MutexGuard};

use lockstep_model::{
    Failure,
    contract::{Boot, FeedBatch, View},
};
use tokio::sync::{Notify, watch};

use crate::{
    config::Config,
    data_folder::DataFolder,
    database::{Database, Disturbing},
    outbox::{self, Opened},
};
use joins::Joins;
use state::State;

pub use feeding::Attachment;

/// Carries a batch of the feed to the window of that label.
pub type Deliver = Box<dyn Fn(&str, FeedBatch) + Send + Sync>;

/// The host. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    outbox: outbox::Outbox,
    /// `None` until a server has answered for the first time.
    database: watch::Sender<Option<Database>>,
    disturbing: Disturbing,
    joins: Joins,
    deliver: Deliver,
    /// Something was published.
    doorbell: Notify,
    /// A mutation may be ready to be sent.
    work: Notify,
    /// Documents were changed by others.
    changes: Notify,
    /// Where the embedded database lies.
    folder: DataFolder,
}

impl Host {
    /// Begins to connect, to send what the outbox holds, and to feed windows. Needs a tokio runtime around it.
    ///
    /// What `ahead` shows is read before any window asks.
    pub fn start(
        config: Config,
        folder: DataFolder,
        opened: Opened,
        boot: Boot,
        ahead: Vec<View>,
        deliver: Deliver,
    ) -> Self {
        let Opened { outbox, entries, next_number, damaged } = opened;
        let host = Self(Arc::new(Shared {
            state: Mutex::new(State::restored(boot, entries, next_number, damaged.as_deref())),
            outbox,
            database: watch::Sender::new(None),
            disturbing: Disturbing::default(),
            joins: Joins::default(),
            deliver,
            doorbell: Notify::new(),
            work: Notify::new(),
            changes: Notify::new(),
            folder,
        }));
        tokio::spawn(host.clone().feed_windows());
        tokio::spawn(host.clone().tell_disturbance());
        tokio::spawn(host.clone().send_mutations());
        tokio::spawn(host.clone().read_changed_documents());
        tokio::spawn(host.clone().keep_connected(config, ahead));
        host
    }

    /// The state, for a short while: no wait happens under it. What was published meanwhile goes out once it is let go.
    fn state(&self) -> Locked<'_> {
        let guard = self.0.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Locked { guard, doorbell: &self.0.doorbell }
    }

    fn database(&self) -> Result<Database, Failure> {
        self.0.database.borrow().clone().ok_or_else(|| {
            let waiting = || Failure::Unreachable { message: "the database is still being opened".into() };
            self.state().trouble().cloned().unwrap_or_else(waiting)
        })
    }
}

/// The state under its lock. When it is let go, the status bar hears of what changed.
struct Locked<'a> {
    guard: MutexGuard<'a, State>,
    doorbell: &'a Notify,
}

impl std::ops::Deref for Locked<'_> {
    type Target = State;
    fn deref(&self) -> &State {
        &self.guard
    }
}

impl std::ops::DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.guard
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.guard.tell_status();
        self.doorbell.notify_one();
    }
}
