//! When a query is fetched, and what becomes of the answer.
//!
//! There is one fetch of a query in flight at most; what would need another meanwhile waits for its end.

use std::{rc::Rc, time::Duration};

use crate::{
    Answer, App, Effect, Fetch, Kind, Network, Options, SavedPage, Ticket,
    entity::Origin,
    page::Read,
    query::{FetchState, Held, Query, QueryIndex, is_stale},
};

use super::{Happening, Store, timing::Due};

impl<A: App> Store<A> {
    /// When the query's data came, and whether it was invalidated since.
    pub(super) fn age(&self, query: &Query<A>) -> (Option<Duration>, bool) {
        let Kind::Entity(id) = &query.kind else { return (query.updated_at, query.invalidated) };
        let Some(entity) = self.entities.get(id).filter(|entity| entity.base.is_known()) else {
            return (None, false);
        };
        let path = A::segments(&query.key);
        let invalidated = self.invalidated.along(&path).any(|count| count > entity.invalidations);
        (entity.updated_at, query.invalidated || invalidated)
    }

    pub(super) fn is_stale(&self, index: QueryIndex, options: &Options) -> bool {
        self.queries.get(&index).is_some_and(|query| {
            let (updated_at, invalidated) = self.age(query);
            is_stale::<A>(&query.key, updated_at, invalidated, options.stale_time, self.now)
        })
    }

    pub(super) fn is_stale_to_any(&self, index: QueryIndex, counts: impl Fn(&Options) -> bool) -> bool {
        let observers = self.queries.get(&index).map_or(&[][..], |query| &query.observers);
        observers.iter().any(|(_, options)| counts(options) && self.is_stale(index, options))
    }

    /// Fetches with the next flush, unless a fetch is under way already. A page that a list is to have besides is none: what is
    /// there is not newer then.
    pub(super) fn want(&mut self, index: QueryIndex) {
        let Some(has_data) = self.queries.get(&index).map(|query| self.age(query).0.is_some()) else {
            return;
        };
        let Some(query) = self.queries.get_mut(&index) else { return };
        if query.fetch != FetchState::Idle {
            query.again |= query.reads_on().is_some();
            return;
        }
        query.stop_reading();
        query.failures = 0;
        query.failure = None;
        query.error = query.error.take().filter(|_| has_data);
        self.try_again(index);
    }

    /// Fetches with the next flush, or once the server can be reached.
    pub(super) fn try_again(&mut self, index: QueryIndex) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        let waits = match query.network {
            Network::Always => false,
            Network::OfflineFirst => !self.online && query.failures > 0,
            Network::Online => !self.online,
        };
        self.set_fetch(index, if waits { FetchState::Paused } else { FetchState::Wanted });
    }

    /// Every change of where a fetch stands comes by here, so that what is under way is known without looking.
    pub(super) fn set_fetch(&mut self, index: QueryIndex, fetch: FetchState) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.fetch = fetch;
        match fetch {
            FetchState::Idle => self.busy.remove(&index),
            _ => self.busy.insert(index),
        };
        match fetch {
            FetchState::Wanted => self.wanted.push(index),
            FetchState::Paused => self.happened(index, Happening::Paused),
            FetchState::Flying(_) => self.happened(index, Happening::Fetching),
            FetchState::Idle | FetchState::RetryAt(_) => {}
        }
        self.mark(index);
        self.fetching_news.note();
    }

    /// Fetches with the next flush, and once more after what is in flight: that may have been read before.
    pub(super) fn want_anew(&mut self, index: QueryIndex) {
        match self.queries.get_mut(&index) {
            Some(query) if query.is_overtaken() => query.again = true,
            Some(_) => self.want(index),
            None => {}
        }
    }

    pub(super) fn prefetch(&mut self, key: A::Key, options: Options) {
        self.ask_unobserved(key, options, |store, index| store.is_stale(index, &options));
    }

    pub(super) fn ensure(&mut self, key: A::Key, options: Options) {
        self.ask_unobserved(key, options, |store, index| store.age_of(index).is_none());
    }

    fn ask_unobserved(
        &mut self,
        key: A::Key,
        options: Options,
        wants: impl FnOnce(&Self, QueryIndex) -> bool,
    ) {
        let index = self.query(key);
        if let Some(query) = self.queries.get_mut(&index) {
            query.network = query.network.max(options.network);
        }
        if wants(self, index) {
            self.want(index);
        }
        self.keep_unobserved(index, options.gc_time);
    }

    /// One that nobody watches is let go after a while.
    pub(super) fn keep_unobserved(&mut self, index: QueryIndex, gc_time: Duration) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.gc_time = query.gc_time.max(gc_time);
        if query.observers.is_empty() {
            self.let_go_later(index);
        }
    }

    /// When the query's data came, if it has any.
    pub(super) fn age_of(&self, index: QueryIndex) -> Option<Duration> {
        self.age(self.queries.get(&index)?).0
    }

    pub(super) fn flush_fetches(&mut self) {
        let mut fetches = Vec::new();
        for index in std::mem::take(&mut self.wanted) {
            let Some(query) = self.queries.get_mut(&index) else { continue };
            self.sent += 1;
            let ticket = Ticket(self.sent);
            // of a list that is read page by page, a part may have been read long ago
            query.again &= query.list().is_some_and(|list| list.reading.is_some());
            let page = query.list().and_then(|list| list.page_to_fetch().cloned());
            fetches.push(Fetch { ticket, key: query.key.clone(), page });
            self.flying.insert(ticket, index);
            self.set_fetch(index, FetchState::Flying(ticket));
        }
        if !fetches.is_empty() {
            self.effects.push(Effect::Fetch(fetches));
        }
    }

    pub(super) fn fetched(&mut self, ticket: Ticket, result: Result<Answer<A>, A::Failure>) {
        let Some(index) = self.flying.remove(&ticket) else { return };
        self.set_fetch(index, FetchState::Idle);
        self.happened(index, Happening::ended(&result));
        let Some(query) = self.queries.get_mut(&index) else { return };
        let outdated = std::mem::take(&mut query.outdated);
        match result {
            _ if outdated => query.stop_reading(),
            Ok(Answer::List { rows, docs, previous, next, stamp }) => {
                let page = SavedPage { page: None, rows, previous, next };
                self.page_came(index, Read { page, docs, stamp });
            }
            Ok(answer) => {
                query.invalidated = query.again;
                self.answer(index, answer);
            }
            Err(failure) => {
                query.failures += 1;
                let failure = Rc::new(failure);
                query.failure = Some(failure.clone());
                match A::retry_after(&failure, query.failures) {
                    Some(wait) => {
                        let at = self.now + wait;
                        self.set_fetch(index, FetchState::RetryAt(at));
                        self.at(at, Due::Retry(index));
                    }
                    None => query.error = Some(failure),
                }
            }
        }
        self.mark(index);
        let Some(query) = self.queries.get_mut(&index) else { return };
        let is_over = query.fetch == FetchState::Idle;
        // Where nobody watches it, it is fetched when somebody does.
        if is_over && std::mem::take(&mut query.again) && query.is_active() {
            self.want(index);
        }
        self.arm_interval(index);
        let Some(query) = self.queries.get(&index) else { return };
        if query.gc_at.is_some_and(|at| at <= self.now) {
            self.let_go_later(index);
        }
    }

    /// Takes an answer, whoever asked for it, unless something newer is there.
    pub(super) fn answer(&mut self, index: QueryIndex, answer: Answer<A>) {
        self.note_answer(index);
        match answer {
            Answer::Entity(snapshot) => self.offer(snapshot, Origin::Read),
            Answer::Value { value, stamp } => self.take_value(index, value, stamp),
            Answer::List { rows, docs, previous, next, stamp } => {
                let page = SavedPage { page: None, rows, previous, next };
                self.take_pages(index, vec![Read { page, docs, stamp }]);
            }
        }
    }

    /// A query has data that is as new as can be.
    pub(super) fn note_answer(&mut self, index: QueryIndex) {
        self.mark(index);
        self.note_query(index);
        if let Some(query) = self.queries.get_mut(&index) {
            query.updated_at = Some(self.now);
            (query.error, query.failures, query.failure) = (None, 0, None);
        }
    }

    fn take_value(&mut self, index: QueryIndex, value: Rc<A::Value>, stamp: A::Stamp) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        match &query.held {
            Held::Value(_, known) if stamp < *known => {}
            Held::Value(old, _) if **old == *value => query.held = Held::Value(old.clone(), stamp),
            _ => query.held = Held::Value(value, stamp),
        }
    }
}
