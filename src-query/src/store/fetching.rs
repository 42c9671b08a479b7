//! When a query is fetched, and what becomes of the answer.
//!
//! There is one fetch of a query in flight at most; what would need another meanwhile waits for its end.

use std::{rc::Rc, time::Duration};

use crate::{
    Answer, App, Effect, Kind, Options, Ticket,
    entity::Origin,
    query::{Fetch, Held, Query, QueryIndex, is_stale},
};

use super::{Store, timing::Due};

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
            is_stale(updated_at, invalidated, options.stale_time, self.now)
        })
    }

    pub(super) fn is_stale_to_any(&self, index: QueryIndex, counts: impl Fn(&Options) -> bool) -> bool {
        let observers = self.queries.get(&index).map_or(&[][..], |query| &query.observers);
        observers.iter().any(|(_, options)| counts(options) && self.is_stale(index, options))
    }

    /// Fetches with the next flush, unless a fetch is under way already.
    pub(super) fn want(&mut self, index: QueryIndex) {
        let Some(query) = self.queries.get(&index).filter(|query| query.fetch == Fetch::Idle) else { return };
        let has_data = self.age(query).0.is_some();
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.failures = 0;
        query.failure = None;
        query.error = query.error.take().filter(|_| has_data);
        self.try_again(index);
    }

    /// Fetches with the next flush, or once the server can be reached.
    pub(super) fn try_again(&mut self, index: QueryIndex) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        if self.online {
            query.fetch = Fetch::Wanted;
            self.wanted.push(index);
        } else {
            query.fetch = Fetch::Paused;
        }
        self.mark(index);
    }

    /// Fetches with the next flush, and once more after what is in flight: that may have been read before.
    fn want_anew(&mut self, index: QueryIndex) {
        match self.queries.get_mut(&index) {
            Some(query) if matches!(query.fetch, Fetch::Flying(_)) => query.again = true,
            Some(query) if query.is_active() => self.want(index),
            _ => {}
        }
    }

    pub(super) fn prefetch(&mut self, key: A::Key, options: Options) {
        let index = self.query(key);
        if self.is_stale(index, &options) {
            self.want(index);
        }
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.gc_time = query.gc_time.max(options.gc_time);
        if query.observers.is_empty() {
            self.let_go_later(index);
        }
    }

    pub(super) fn invalidate(&mut self, prefix: &[A::Segment]) {
        self.invalidations += 1;
        self.invalidated.replace_under(prefix, self.invalidations);
        for index in self.by_segments.under(prefix) {
            if let Some(query) = self.queries.get_mut(&index) {
                query.invalidated = true;
            }
            self.want_anew(index);
            self.mark(index);
        }
    }

    pub(super) fn refetch(&mut self, prefix: &[A::Segment]) {
        for index in self.by_segments.under(prefix) {
            match self.queries.get(&index) {
                // a person does not wait for the next try
                Some(query) if matches!(query.fetch, Fetch::RetryAt(_)) => self.try_again(index),
                _ => self.want_anew(index),
            }
        }
    }

    pub(super) fn focused(&mut self) {
        let counts = |options: &Options| options.enabled && options.refetch_on_focus;
        let mut stale: Vec<_> = self.queries.keys().copied().collect();
        stale.retain(|index| self.is_stale_to_any(*index, counts));
        stale.into_iter().for_each(|index| self.want(index));
    }

    pub(super) fn set_online(&mut self, online: bool) {
        if std::mem::replace(&mut self.online, online) == online {
            return;
        }
        let waiting = |fetch: Fetch| match fetch {
            Fetch::Paused | Fetch::RetryAt(_) => online,
            Fetch::Wanted => !online,
            Fetch::Idle | Fetch::Flying(_) => false,
        };
        self.wanted.clear();
        let mut indices: Vec<_> = self.queries.keys().copied().collect();
        indices.retain(|index| self.queries.get(index).is_some_and(|query| waiting(query.fetch)));
        indices.into_iter().for_each(|index| self.try_again(index));
        if online {
            // nobody told us of what changed meanwhile
            self.invalidate(&[]);
        }
        // pending mutations wait for the network as well, or no longer do
        let pending: Vec<_> = self.layers.iter().map(|(_, layer)| layer.mutation.clone()).collect();
        pending.iter().flat_map(|mutation| A::touches(mutation)).for_each(|id| self.mark_entity(id));
    }

    pub(super) fn flush_fetches(&mut self) {
        let mut fetches = Vec::new();
        for index in std::mem::take(&mut self.wanted) {
            let Some(query) = self.queries.get_mut(&index) else { continue };
            self.named += 1;
            let ticket = Ticket(self.named);
            query.fetch = Fetch::Flying(ticket);
            query.again = false;
            self.flying.insert(ticket, index);
            fetches.push((ticket, query.key.clone()));
        }
        if !fetches.is_empty() {
            self.effects.push(Effect::Fetch(fetches));
        }
    }

    pub(super) fn fetched(&mut self, ticket: Ticket, result: Result<Answer<A>, A::Failure>) {
        let Some(index) = self.flying.remove(&ticket) else { return };
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.fetch = Fetch::Idle;
        let again = std::mem::take(&mut query.again);
        match result {
            Ok(answer) => {
                query.invalidated = again;
                self.answer(index, answer);
            }
            Err(failure) => {
                query.failures += 1;
                query.failure = Some(failure.clone());
                match A::retry_after(&failure, query.failures) {
                    Some(wait) => {
                        let at = self.now + wait;
                        query.fetch = Fetch::RetryAt(at);
                        self.at(at, Due::Retry(index));
                    }
                    None => query.error = Some(failure),
                }
            }
        }
        self.mark(index);
        if again {
            self.want_anew(index);
        }
        let Some(query) = self.queries.get(&index) else { return };
        if query.gc_at.is_some_and(|at| at <= self.now) {
            self.let_go_later(index);
        }
    }

    /// Takes an answer, whoever asked for it, unless something newer is there.
    pub(super) fn answer(&mut self, index: QueryIndex, answer: Answer<A>) {
        self.mark(index);
        if let Some(query) = self.queries.get_mut(&index) {
            query.updated_at = Some(self.now);
            query.error = None;
            query.failures = 0;
            query.failure = None;
        }
        match answer {
            Answer::Entity(snapshot) => self.offer(snapshot, Origin::Read),
            Answer::Value { value, stamp } => self.take_value(index, value, stamp),
            Answer::List { rows, docs, stamp } => {
                docs.into_iter().for_each(|snapshot| self.offer(snapshot, Origin::Read));
                self.take_list(index, rows, stamp);
            }
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
