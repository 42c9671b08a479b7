//! The window's one query store, and what carries out its effects.
//!
//! All that decides is in `lockstep-query` and `lockstep-sync`; here are only the clock, the timers and the calls.
//! A window has one thread and one store, so the store is the thread's.

mod effects;
mod fetch;
mod inspecting;
mod observers;
mod start;

use std::{cell::RefCell, time::Duration};

use lockstep_model::{DocumentId, Key};
use lockstep_query::{EntityView, Input, Observer, Options, QueryView, Store};
use lockstep_sync::Lockstep;

pub use inspecting::{events, fetching, history, inspect, keys, mutating, since};
pub use observers::{Counts, counts, observe};
pub use start::{attached_view, start};

use crate::sync_state::Failed;

thread_local! {
    static STORE: RefCell<Store<Lockstep>> = RefCell::new(Store::new());
}

/// Lets something happen to the store, and does what it then asks for.
pub fn dispatch(input: Input<Lockstep>) {
    let effects = STORE.with_borrow_mut(|store| store.take(now(), input));
    effects.into_iter().for_each(effects::carry_out);
    observers::count_soon();
}

fn count() -> Counts {
    STORE.with_borrow(Store::counts)
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

/// The window's own time: since it was opened.
fn now() -> Duration {
    let milliseconds = crate::browser::window().performance().map_or(0.0, |performance| performance.now());
    Duration::from_secs_f64(milliseconds / 1000.0)
}
