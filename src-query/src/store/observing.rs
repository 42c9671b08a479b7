//! Who watches what: observers come and go, and the feed's source hears of it.
//!
//! Not what they are shown: they read it themselves when they are notified.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    App, Kind, ObserverId, Options, StaleTime, Trigger,
    query::{Query, QueryIndex, of_key},
    watching::Watch,
};

use super::{
    Happening, Store,
    timing::{Due, SOURCE_PAUSE},
};

impl<A: App> Store<A> {
    pub(super) fn mount(&mut self, observer: ObserverId, key: A::Key, options: Options) {
        let index = self.query(key);
        match self.observers.insert(observer, index) {
            Some(old) if old != index => self.leave(observer, old),
            _ => {}
        }
        let Some(query) = self.queries.get_mut(&index) else { return };
        let begins = query.observers.is_empty();
        let (interval, watch) = (query.interval(self.visible), query.watch(self.visible));
        match query.observers.iter_mut().find(|(known, _)| *known == observer) {
            Some((_, known)) => *known = options,
            None => {
                // most queries have one: room for four, as a vector begins with, would be most of what an observer costs
                if begins {
                    query.observers.reserve_exact(1);
                }
                query.observers.push((observer, options));
            }
        }
        query.gc_time = query.gc_time.max(options.gc_time);
        query.network = query.network.max(options.network);
        if let Some(at) = query.gc_at.take() {
            self.timers.remove(&(at, Due::LetGo(index)));
        }
        self.tell_watch(index, watch);
        self.happened(index, Happening::Observed);
        self.arm_interval_if_changed(index, interval);
        if !options.enabled {
            return;
        }
        match options.on_mount {
            _ if self.age_of(index).is_none() => {
                if self.may_try_again(index, &options) {
                    self.want(index);
                }
            }
            Trigger::Always => self.want(index),
            Trigger::Never => {}
            Trigger::IfStale if self.is_stale(index, &options) => self.want(index),
            Trigger::IfStale => self.fetch_where_unfed(index, &options),
        }
    }

    /// Whether an observer that comes may fetch what there is no data of. A boundary that shows why it failed draws its children
    /// again by itself: that alone would fetch for ever.
    fn may_try_again(&self, index: QueryIndex, options: &Options) -> bool {
        self.queries.get(&index).is_some_and(|query| {
            query.error.is_none()
                || options.retry_on_mount && !query.is_for_boundary(options.error_boundary, false)
        })
    }

    /// Data that nobody fed for a while may be older than it seems.
    fn fetch_where_unfed(&mut self, index: QueryIndex, options: &Options) {
        let Some(came) = self.unfed(index) else { return };
        let Some(query) = self.queries.get(&index) else { return };
        match of_key::<A>(&query.key, options.stale_time) {
            StaleTime::After(stale_time) => self.at(came + stale_time, Due::Stale(index)),
            StaleTime::UntilInvalidated | StaleTime::ByKey => self.want(index),
            StaleTime::Static => {}
        }
    }

    pub(super) fn unmount(&mut self, observer: ObserverId) {
        if let Some(index) = self.observers.remove(&observer) {
            self.leave(observer, index);
        }
    }

    fn leave(&mut self, observer: ObserverId, index: QueryIndex) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        let (interval, watch) = (query.interval(self.visible), query.watch(self.visible));
        query.observers.retain(|(other, _)| *other != observer);
        let last = query.observers.is_empty();
        self.tell_watch(index, watch);
        self.happened(index, Happening::Unobserved);
        self.arm_interval_if_changed(index, interval);
        if last {
            self.let_go_later(index);
        }
    }

    /// The feed's source is to hear how a query is watched, if that is not as before.
    fn tell_watch(&mut self, index: QueryIndex, before: Option<Watch>) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        let now = query.watch(self.visible);
        if before != now && self.watching.change(&query.key, before, now) {
            query.watched_since = self.now;
        }
    }

    /// Shown or hidden, a window wants other intervals.
    pub(super) fn set_visible(&mut self, visible: bool) {
        let before = std::mem::replace(&mut self.visible, visible);
        if before != visible {
            let observed: BTreeSet<_> = self.observers.values().copied().collect();
            for index in observed {
                let watch = self.queries.get(&index).and_then(|query| query.watch(before));
                self.tell_watch(index, watch);
                self.arm_interval(index);
            }
        }
        // one that was asked for before the window was hidden may never come
        self.frame_requested = false;
    }

    /// The feed's source begins with no knowledge of what this store watches.
    pub(super) fn watch_all_again(&mut self) {
        let watched =
            self.queries.values().filter_map(|query| Some((&query.key, query.watch(self.visible)?)));
        self.watching.begin_all(watched);
    }

    pub(super) fn watched(&mut self, told: bool) {
        if told {
            self.telling = false;
        } else {
            self.at(self.now + SOURCE_PAUSE, Due::Watch);
        }
    }

    /// What was told did not arrive, and the source is left alone no longer.
    pub(super) fn tell_all_again(&mut self) {
        self.telling = false;
        self.watch_all_again();
    }

    /// When the query's data came, if changes since then may not have been fed: nobody watched it for a while.
    pub(super) fn unfed(&self, index: QueryIndex) -> Option<Duration> {
        let query = self.queries.get(&index)?;
        let came = self.age(query).0?;
        let fed = |query: &Query<A>| !query.observers.is_empty() && query.watched_since <= came;
        let fed_by_list = || match &query.kind {
            Kind::Entity(id) => {
                self.lists_of(id).iter().any(|list| self.queries.get(list).is_some_and(|query| fed(query)))
            }
            Kind::List | Kind::Value => false,
        };
        (!fed(query) && !fed_by_list()).then_some(came)
    }
}
