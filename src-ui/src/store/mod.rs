//! The window's one query store, and what carries out its effects.
//!
//! All that decides is in `lockstep-query` and `lockstep-sync`; here are only the clock, the timers and the calls.
//! A window has one thread and one store, so the store is the thread's.

mod effects;
mod fetch;
mod inspecting;
mod observers;
mod start;

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use lockstep_model::{DocumentId, Key, Mutation, MutationId, Workspace, contract::SyncStatus};
use lockstep_query::{Data, EntityView, Input, Observer, Options, QueryView, Store};
use lockstep_sync::{Lockstep, Plain};

pub use effects::{Witness, witness};
pub use inspecting::{events, fetching, history, inspect, keys, mutating, since};
pub use observers::{Counts, Pending, Unsaved, counts, observe, pending, unsaved};
pub use start::{attached_tabs, start};

use crate::{browser, sync_state::Failed};

thread_local! {
    static STORE: RefCell<Store<Lockstep>> = RefCell::new(Store::new());
}

/// Lets something happen to the store, and does what it then asks for.
pub fn dispatch(input: Input<Lockstep>) {
    let effects = STORE.with_borrow_mut(|store| store.take(now(), input));
    effects.into_iter().for_each(effects::carry_out);
    observers::count_soon();
}

/// How much is under way, and which edits are not saved: all that the frame around the views says of it.
fn tally() -> (Counts, Pending, Unsaved) {
    STORE.with_borrow(|store| {
        let mut pending = Pending::new();
        let mut unsaved = Unsaved {
            pending: Vec::new(),
            reviews: store.reviews().map(|(review, _)| review.mutation.id).collect(),
        };
        for (mutation, waits) in store.pending() {
            unsaved.pending.push((mutation.id, waits));
            for id in mutation.touches() {
                *pending.entry(id.namespace.clone()).or_default() += 1;
            }
        }
        (store.counts(), pending, unsaved)
    })
}

/// A query as it is now, whoever asked for it.
pub fn view(key: &Key, options: &Options) -> QueryView<Lockstep> {
    STORE.with_borrow(|store| store.view(key, options, now()))
}

/// What an observer shows now.
pub fn read<T: Clone + PartialEq>(observer: &mut Observer<Lockstep, T>) -> Option<T> {
    STORE.with_borrow(|store| observer.read(store, now()))
}

/// Whether it shows something else than what was read last.
pub fn has_changed<T: Clone + PartialEq>(observer: &mut Observer<Lockstep, T>) -> bool {
    STORE.with_borrow(|store| observer.has_changed(store, now()))
}

/// A document as it is now, whoever asked for it.
pub fn entity(id: &DocumentId) -> EntityView<Lockstep> {
    STORE.with_borrow(|store| store.entity(id))
}

/// All failed mutations that nobody decided on, in the order of their ids.
pub fn reviews() -> Vec<Failed> {
    STORE.with_borrow(|store| {
        let reviews = store.reviews().map(|(review, _)| (review.mutation.clone(), review.failure.clone()));
        reviews.collect()
    })
}

/// The first of all mutations that wait for the server, in their order.
pub fn waiting(most: usize) -> Vec<Mutation> {
    STORE.with_borrow(|store| {
        let waiting = store.pending().filter(|(_, waits)| *waits);
        waiting.take(most).map(|(mutation, _)| mutation.clone()).collect()
    })
}

/// How far a mutation of this window has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// It waits for the server.
    Waiting,
    /// It is being sent, as far as this window knows.
    UnderWay,
    /// This of it failed, and nobody has decided on it.
    Failed(Rc<Mutation>),
    /// None of that: it is saved, or given up.
    Ended,
}

/// How far that mutation has come.
pub fn progress(id: MutationId) -> Progress {
    unended().remove(&id).unwrap_or(Progress::Ended)
}

/// How far all those have come that have not ended.
pub fn unended() -> HashMap<MutationId, Progress> {
    STORE.with_borrow(|store| {
        let pending = store.pending().map(|(mutation, waits)| {
            (mutation.id, if waits { Progress::Waiting } else { Progress::UnderWay })
        });
        let failed = store
            .reviews()
            .map(|(review, _)| (review.mutation.id, Progress::Failed(review.mutation.clone())));
        pending.chain(failed).collect()
    })
}

/// How host and database stand to each other; `None` until the window is attached.
pub fn status() -> Option<SyncStatus> {
    match view(&Key::Status, &Options::default()).data {
        Some(Data::Value(plain)) => plain.status().cloned(),
        _ => None,
    }
}

/// The collections of the connection, as far as this window knows them.
pub fn collections() -> Option<Rc<Plain>> {
    match view(&Key::Collections, &Options::default()).data {
        Some(Data::Value(plain)) => Some(plain),
        _ => None,
    }
}

/// What a person keeps of the connection, as far as this window knows it.
pub fn workspace() -> Option<Workspace> {
    match view(&Key::Workspace, &Options::default()).data {
        Some(Data::Value(plain)) => plain.workspace().cloned(),
        _ => None,
    }
}

/// Since when nobody has read it, if that is from before this page began: it came from the disk.
pub fn unread_since(updated_at: Option<Duration>) -> Option<Duration> {
    updated_at.filter(|at| *at < began())
}

/// The window's own time, counted from 1970, so that what an earlier run has kept has a time too. It never goes back:
/// only the page's beginning is read from the system's clock.
pub fn now() -> Duration {
    began() + browser::since_beginning()
}

fn began() -> Duration {
    thread_local!(static BEGAN: Duration = browser::beginning());
    BEGAN.with(Duration::clone)
}
