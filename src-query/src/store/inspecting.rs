//! All that is known of each query, for a person who looks into the store, and what happened to it.
//!
//! Events are kept only while somebody inspects: otherwise this costs nothing. The data itself is read as ever, by
//! [`Store::view`].

use std::{collections::VecDeque, time::Duration};

use crate::{
    App, Data, FetchStatus, ObserverId, StaleTime, Status,
    list::List,
    query::{QueryIndex, is_stale, of_key},
};

use super::Store;

/// So many events are kept; the oldest go.
const EVENTS_MOST: usize = 500;

/// One query, as an inspector shows it.
#[derive(Clone, Debug)]
pub struct Inspection<A: App> {
    /// Whether there is data.
    pub status: Status,
    /// Whether data is on its way.
    pub fetch_status: FetchStatus,
    /// How many observe it.
    pub observers: usize,
    /// How many of them want data.
    pub enabled: usize,
    /// When the data came, on the caller's clock.
    pub updated_at: Option<Duration>,
    /// Whether it was invalidated since.
    pub invalidated: bool,
    /// The shortest that any of its observers wished, as it is for this key; `None` without observers.
    pub stale_time: Option<StaleTime>,
    /// Whether the data is stale to any of its observers; without one, whether it was invalidated or is not there.
    pub is_stale: bool,
    /// How often the present fetch failed so far, or the last one did.
    pub failure_count: u32,
    /// Why it did so last.
    pub failure: Option<A::Failure>,
    /// How many pending mutations lie on what it holds.
    pub layers: usize,
    /// What it holds.
    pub holds: Holds,
}

/// What a query holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// No data.
    Nothing,
    /// One entity.
    Entity,
    /// That there is no such entity.
    Absent,
    /// A list of so many entities.
    List(usize),
    /// A plain value.
    Value,
}

/// Something that happened to a query.
#[derive(Clone, Debug)]
pub struct Event<A: App> {
    /// When, on the caller's clock.
    pub at: Duration,
    /// To which query.
    pub key: A::Key,
    /// What.
    pub what: Happening<A>,
}

/// What can happen to a query.
#[derive(Clone, Debug)]
pub enum Happening<A: App> {
    /// It is in the store from now on.
    Added,
    /// It is no longer.
    Removed,
    /// An observer came, or wants it otherwise.
    Observed,
    /// An observer has gone.
    Unobserved,
    /// A fetch was sent.
    Fetching,
    /// A fetch waits for the network.
    Paused,
    /// A fetch brought data.
    Fetched,
    /// A fetch failed.
    Failed(A::Failure),
    /// Data came that nobody here fetched.
    Given,
    /// It was invalidated.
    Invalidated,
    /// Its data was forgotten.
    Emptied,
}

impl<A: App> Happening<A> {
    pub(super) fn ended<T>(fetch: &Result<T, A::Failure>) -> Self {
        match fetch {
            Ok(_) => Self::Fetched,
            Err(failure) => Self::Failed(failure.clone()),
        }
    }
}

impl<A: App> Store<A> {
    /// The keys of all queries, in the order of their segments.
    pub fn keys(&self) -> impl Iterator<Item = &A::Key> {
        let queries = self.by_segments.under(&[]).into_iter();
        queries.filter_map(|index| Some(&self.queries.get(&index)?.key))
    }

    /// What is known at `now` of the query of that key, if there is one.
    pub fn inspect(&self, key: &A::Key, now: Duration) -> Option<Inspection<A>> {
        let query = self.queries.get(self.by_key.get(key)?)?;
        let (updated_at, invalidated) = self.age(query);
        let wished = query.observers.iter().map(|(_, options)| of_key::<A>(key, options.stale_time));
        let stale_time = wished.min();
        let data = self.data(key);
        let (holds, layers) = match &data {
            None => (Holds::Nothing, 0),
            Some(Data::Value(_)) => (Holds::Value, 0),
            Some(Data::Entity(view)) if view.doc.is_none() => (Holds::Absent, view.pending.len()),
            Some(Data::Entity(view)) => (Holds::Entity, view.pending.len()),
            Some(Data::List(rows)) => (Holds::List(rows.len()), self.layers_in(query.list())),
        };
        let by_wish = stale_time.unwrap_or(StaleTime::UntilInvalidated);
        Some(Inspection {
            status: Status::of(data.is_some(), query.error.is_some()),
            fetch_status: query.fetch_status(),
            observers: query.observers.len(),
            enabled: query.observers.iter().filter(|(_, options)| options.enabled).count(),
            updated_at,
            invalidated,
            stale_time,
            is_stale: is_stale::<A>(key, updated_at, invalidated, by_wish, now),
            failure_count: query.failures,
            failure: query.failure.as_deref().cloned(),
            layers,
            holds,
        })
    }

    /// What happened last, the newest at the end. Empty while nobody [inspects](crate::Input::ObserveQueries).
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event<A>> {
        self.events.iter()
    }

    fn layers_in(&self, list: Option<&List<A>>) -> usize {
        let in_list = |mutation: &A::Mutation| {
            list.is_some_and(|list| A::touches(mutation).any(|id| list.contains(id)))
        };
        self.layers.iter().filter(|(_, layer)| in_list(&layer.mutation)).count()
    }

    pub(super) fn inspect_queries(&mut self, observer: ObserverId, mounted: bool) {
        self.queries_news.observe(observer, mounted);
        if !self.queries_news.is_observed() {
            self.events = VecDeque::new();
        }
    }

    /// Takes note of it, if anybody inspects.
    pub(super) fn happened(&mut self, index: QueryIndex, what: Happening<A>) {
        if !self.queries_news.is_observed() {
            return;
        }
        let Some(query) = self.queries.get(&index) else { return };
        if self.events.len() >= EVENTS_MOST {
            self.events.pop_front();
        }
        self.events.push_back(Event { at: self.now, key: query.key.clone(), what });
        self.queries_news.note();
    }
}
