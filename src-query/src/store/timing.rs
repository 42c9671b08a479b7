//! What is due by itself: another try, data that has grown old unseen, and letting go of what nobody observes.
//!
//! Not a clock: the caller says what time it is, and wakes the store when it asked for that.

use std::time::Duration;

use crate::{
    App,
    query::{FetchState, Query, QueryIndex},
};

use super::{Happening, Store};

/// How long the feed's source is left alone after it did not answer.
pub(super) const SOURCE_PAUSE: Duration = Duration::from_millis(500);

/// What to look after at a time. It may have become needless by then: whoever is due looks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// The source of the feed is asked again.
    Feed,
    /// The source of the feed is told once more what is watched.
    Watch,
    /// A mutation may be submitted again: the flush that every input asks for does it.
    Submit,
    /// A mutation that ended long ago is forgotten.
    Forget(u32),
    /// A failed fetch is tried again.
    Retry(QueryIndex),
    /// Data that was not fed all the time has grown stale while it is shown.
    Stale(QueryIndex),
    /// A query is fetched at an interval.
    Interval(QueryIndex),
    /// A query that nobody observes is forgotten.
    LetGo(QueryIndex),
}

impl<A: App> Store<A> {
    pub(super) fn at(&mut self, at: Duration, due: Due) {
        self.timers.insert((at, due));
    }

    pub(super) fn feed_unanswered(&mut self) {
        self.at(self.now + SOURCE_PAUSE, Due::Feed);
    }

    /// Times are full seconds, so that the rows of a list that was scrolled through go in a few sweeps.
    pub(super) fn let_go_later(&mut self, index: QueryIndex) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        let exact = self.now + query.gc_time;
        let at = Duration::from_secs(exact.as_secs() + u64::from(exact.subsec_nanos() > 0));
        if let Some(old) = query.gc_at.replace(at) {
            self.timers.remove(&(old, Due::LetGo(index)));
        }
        self.at(at, Due::LetGo(index));
    }

    pub(super) fn wake(&mut self) {
        self.wake_at = None;
        let later = self.timers.split_off(&(self.now + Duration::from_nanos(1), Due::Feed));
        let mut collected = false;
        for (_, due) in std::mem::replace(&mut self.timers, later) {
            match due {
                Due::Feed => self.ask_feed(),
                Due::Watch => self.tell_all_again(),
                Due::Submit => {}
                Due::Forget(place) => self.forget_mutation(place),
                Due::Retry(index) => self.retry_if_due(index),
                Due::Stale(index) => self.fetch_if_stale(index),
                Due::Interval(index) => self.fetch_at_interval(index),
                Due::LetGo(index) => collected |= self.let_go_if_due(index),
            }
        }
        if collected {
            self.sweep();
        }
    }

    /// Begins to wait for the query's interval anew: from now on.
    pub(super) fn arm_interval(&mut self, index: QueryIndex) {
        if A::SOURCE_POLLS {
            return;
        }
        let Some(query) = self.queries.get_mut(&index) else { return };
        let next = query.interval(self.visible).map(|interval| self.now + interval);
        if let Some(old) = std::mem::replace(&mut query.interval_at, next) {
            self.timers.remove(&(old, Due::Interval(index)));
        }
        if let Some(at) = next {
            self.at(at, Due::Interval(index));
        }
    }

    /// Another wish, of an observer that came or went, begins a new wait; the same one goes on.
    pub(super) fn arm_interval_if_changed(&mut self, index: QueryIndex, before: Option<Duration>) {
        if self.queries.get(&index).is_some_and(|query| query.interval(self.visible) != before) {
            self.arm_interval(index);
        }
    }

    fn fetch_at_interval(&mut self, index: QueryIndex) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.interval_at = None;
        if query.fetch == FetchState::Idle {
            self.want(index);
        }
        // A fetch that fails for good, or is cancelled, must not end it.
        self.arm_interval(index);
    }

    fn retry_if_due(&mut self, index: QueryIndex) {
        let due = |query: &Query<A>| matches!(query.fetch, FetchState::RetryAt(at) if at <= self.now);
        if self.queries.get(&index).is_some_and(|query| due(query)) {
            self.try_again(index);
        }
    }

    fn fetch_if_stale(&mut self, index: QueryIndex) {
        if self.is_stale_to_any(index, |options| options.enabled) {
            self.want(index);
        }
    }

    fn let_go_if_due(&mut self, index: QueryIndex) -> bool {
        let due = |query: &Query<A>| {
            // what is on its way is waited for
            query.gc_at.is_some_and(|at| at <= self.now)
                && !matches!(query.fetch, FetchState::Wanted | FetchState::Flying(_))
        };
        if !self.queries.get(&index).is_some_and(|query| due(query)) {
            return false;
        }
        self.forget(index);
        true
    }

    /// Forgets a query that nobody observes.
    pub(super) fn forget(&mut self, index: QueryIndex) {
        self.happened(index, Happening::Removed);
        if let Some(query) = self.queries.remove(&index) {
            self.by_key.remove(&query.key);
            self.by_segments.remove(&A::segments(&query.key));
            self.dirty.remove(&index);
            if self.busy.remove(&index) {
                self.fetching_news.note();
            }
            if let Some(at) = query.gc_at {
                self.timers.remove(&(at, Due::LetGo(index)));
            }
        }
    }

    /// Forgets the entities that no query shows and no mutation touches.
    pub(super) fn sweep(&mut self) {
        let Self { entities, queries, by_key, stamps, .. } = self;
        let lists: Vec<_> = queries.values().filter_map(|query| query.list()).collect();
        entities.retain(|id, entity| {
            let kept = !entity.layers.is_empty()
                || !entity.reviews.is_empty()
                || by_key.contains_key(&A::entity_key(id))
                || lists.iter().any(|list| list.contains(id));
            if !kept && entity.base.is_known() {
                stamps.remove(entity.stamp);
            }
            kept
        });
    }
}
