//! What happens to all queries that a filter means: they are made stale, fetched, cancelled, reset or removed.

use crate::{
    App, Effect, Filter, Kind, Options, Refetch, StaleTime, Ticket,
    query::{FetchState, Held, Query, QueryIndex, of_key},
};

use super::{Happening, Store};

impl<A: App> Store<A> {
    /// Which queries a filter means.
    pub(super) fn find(&self, filter: &Filter<A>) -> Vec<QueryIndex> {
        let covers = |segment: &A::Segment| A::is_partial(segment).then_some(A::covers as fn(&_, &_) -> bool);
        let mut found = match filter.exact {
            // a key's own segments stand for themselves, also where a filter's would be partial
            true => self.by_segments.get(&filter.prefix).into_iter().collect(),
            false => self.by_segments.covered(&filter.prefix, covers),
        };
        found.retain(|index| self.queries.get(index).is_some_and(|query| self.takes(filter, *index, query)));
        found
    }

    /// Whether a filter means a query of those that its segments lead to.
    pub(super) fn takes(&self, filter: &Filter<A>, index: QueryIndex, query: &Query<A>) -> bool {
        filter.active.is_none_or(|active| query.is_active() == active)
            && filter.fetch_status.is_none_or(|status| query.fetch_status() == status)
            && filter.stale.is_none_or(|stale| self.is_stale_to_somebody(index, query) == stale)
            && filter.takes_key(&query.key)
    }

    /// To any observer; without one, by whether it was invalidated.
    fn is_stale_to_somebody(&self, index: QueryIndex, query: &Query<A>) -> bool {
        match query.observers.is_empty() {
            true => {
                let (updated_at, invalidated) = self.age(query);
                updated_at.is_none() || invalidated
            }
            false => self.is_stale_to_any(index, |_| true),
        }
    }

    pub(super) fn invalidate(&mut self, filter: &Filter<A>, refetch: Refetch) {
        if filter.is_plain_prefix() {
            self.invalidations += 1;
            self.invalidated.replace_under(&filter.prefix, self.invalidations);
        }
        for index in self.find(filter) {
            let Some(query) = self.queries.get_mut(&index) else { continue };
            query.invalidated = true;
            let wanted = match refetch {
                Refetch::Active => query.is_active(),
                Refetch::Inactive => query.observers.is_empty(),
                Refetch::All => !query.is_disabled(),
                Refetch::Nothing => false,
            };
            // Whoever waits for what is in flight must not be left with it.
            let overtaken = query.is_overtaken() && refetch != Refetch::Nothing;
            if (wanted || overtaken) && !self.is_static(index) {
                self.want_anew(index);
            }
            self.mark(index);
            self.happened(index, Happening::Invalidated);
        }
    }

    /// Everything under a prefix may have changed.
    pub(super) fn invalidate_under(&mut self, prefix: &[A::Segment]) {
        self.invalidate(&Filter::under(prefix.to_vec()), Refetch::Active);
    }

    /// Whether all who watch it take its data for good for ever.
    pub(super) fn is_static(&self, index: QueryIndex) -> bool {
        let Some(query) = self.queries.get(&index) else { return false };
        let has_data = self.age(query).0.is_some();
        let is_static = |options: &Options| of_key::<A>(&query.key, options.stale_time) == StaleTime::Static;
        has_data
            && !query.observers.is_empty()
            && query.observers.iter().all(|(_, options)| is_static(options))
    }

    pub(super) fn refetch(&mut self, filter: &Filter<A>) {
        for index in self.find(filter) {
            match self.queries.get(&index) {
                Some(query) if query.is_disabled() => {}
                // a person does not wait for the next try
                Some(query) if matches!(query.fetch, FetchState::RetryAt(_)) => {
                    self.want_anew(index);
                    self.try_again(index);
                }
                _ if self.is_static(index) => {}
                _ => self.want_anew(index),
            }
        }
    }

    pub(super) fn cancel(&mut self, filter: &Filter<A>) {
        let mut cancelled = Vec::new();
        for index in self.find(filter) {
            cancelled.extend(self.call_back(index));
        }
        if !cancelled.is_empty() {
            self.effects.push(Effect::Cancel(cancelled));
        }
    }

    /// A query's fetch is given up, wherever it stands; returns its ticket if it is in flight.
    pub(super) fn call_back(&mut self, index: QueryIndex) -> Option<Ticket> {
        let query = self.queries.get_mut(&index)?;
        (query.again, query.outdated) = (false, false);
        query.stop_reading();
        let fetch = query.fetch;
        if fetch == FetchState::Wanted {
            self.wanted.retain(|wanted| *wanted != index);
        }
        if fetch != FetchState::Idle {
            self.set_fetch(index, FetchState::Idle);
        }
        match fetch {
            FetchState::Flying(ticket) => self.flying.remove(&ticket).map(|_| ticket),
            _ => None,
        }
    }

    pub(super) fn reset(&mut self, filter: &Filter<A>) {
        self.cancel(filter);
        for index in self.find(filter) {
            self.forget_data(index);
            let Some(query) = self.queries.get(&index) else { continue };
            let (active, initial) = (query.is_active(), query.initial.clone());
            if let Some(initial) = initial {
                self.begin_with(index, initial.0, initial.1);
            }
            if active {
                self.want(index);
            }
        }
    }

    /// What is on its way already is left alone.
    pub(super) fn reset_errors(&mut self, filter: &Filter<A>) {
        for index in self.find(filter) {
            let Some(query) = self.queries.get_mut(&index) else { continue };
            if query.error.is_none() || query.fetch != FetchState::Idle {
                continue;
            }
            (query.error, query.failures, query.failure) = (None, 0, None);
            query.stop_reading();
            let is_active = query.is_active();
            self.mark(index);
            if is_active {
                self.want(index);
            }
        }
    }

    pub(super) fn remove(&mut self, filter: &Filter<A>) {
        self.cancel(filter);
        for index in self.find(filter) {
            self.forget_data(index);
            if self.queries.get(&index).is_some_and(|query| query.observers.is_empty()) {
                self.forget(index);
            }
        }
        self.sweep();
    }

    fn forget_data(&mut self, index: QueryIndex) {
        self.mark(index);
        self.happened(index, Happening::Emptied);
        let Some(query) = self.queries.get_mut(&index) else { return };
        let Query { held, error, failures, failure, updated_at, invalidated, .. } = &mut **query;
        *held = Held::Nothing;
        (*error, *failures, *failure) = (None, 0, None);
        (*updated_at, *invalidated) = (None, false);
        if let Kind::Entity(id) = query.kind.clone() {
            self.forget_base(&id);
        }
    }
}
