//! What can be read of the store as a whole: what is under way, and what an inspector shows.

use std::time::Duration;

use lockstep_model::{Key, Mutation};
use lockstep_query::{Event, Filter, Inspection, MutationState};
use lockstep_sync::Lockstep;

use super::{STORE, now};

/// How many of the queries that a filter means have data on its way.
pub fn fetching(filter: &Filter<Lockstep>) -> usize {
    STORE.with_borrow(|store| store.fetching(filter))
}

/// How many of this window's mutations have not ended, of those that the predicate takes.
pub fn mutating(takes: impl Fn(&Mutation) -> bool) -> usize {
    STORE.with_borrow(|store| store.mutating(takes))
}

/// The keys of all queries, in the order of their parts.
pub fn keys() -> Vec<Key> {
    STORE.with_borrow(|store| store.keys().cloned().collect())
}

/// What is known of the query of that key.
pub fn inspect(key: &Key) -> Option<Inspection<Lockstep>> {
    STORE.with_borrow(|store| store.inspect(key, now()))
}

/// What happened last to queries, the newest first.
pub fn events() -> Vec<Event<Lockstep>> {
    STORE.with_borrow(|store| store.events().rev().cloned().collect())
}

/// This window's mutations, the newest first.
pub fn history() -> Vec<MutationState<Lockstep>> {
    STORE.with_borrow(|store| {
        let mut history: Vec<_> = store.history().cloned().collect();
        history.reverse();
        history
    })
}

/// How long ago that was, on the window's own clock.
pub fn since(at: Duration) -> Duration {
    now().saturating_sub(at)
}
