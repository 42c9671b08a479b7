//! Occasions upon which observers may want their data fetched: focus, and the network.

use std::collections::BTreeSet;

use crate::{App, Options, Trigger, query::FetchState};

use super::Store;

impl<A: App> Store<A> {
    pub(super) fn focused(&mut self) {
        self.occasion(|options| options.on_focus);
    }

    /// Something happened upon which observers may want their data fetched.
    fn occasion(&mut self, trigger: impl Fn(&Options) -> Trigger) {
        let observed: BTreeSet<_> = self.observers.values().copied().collect();
        for index in observed {
            let always = |options: &Options| options.enabled && trigger(options) == Trigger::Always;
            let if_stale = |options: &Options| options.enabled && trigger(options) == Trigger::IfStale;
            let query = self.queries.get(&index);
            let asks = query.is_some_and(|query| query.observers.iter().any(|(_, options)| always(options)));
            if asks && !self.is_static(index) || self.is_stale_to_any(index, if_stale) {
                self.want(index);
            }
        }
    }

    /// What waits for the network goes on, or waits; returns whether anything changed.
    pub(super) fn set_online(&mut self, online: bool) -> bool {
        if std::mem::replace(&mut self.online, online) == online {
            return false;
        }
        let waiting = |fetch: FetchState| match fetch {
            FetchState::Paused | FetchState::RetryAt(_) => online,
            FetchState::Wanted => !online,
            FetchState::Idle | FetchState::Flying(_) => false,
        };
        self.wanted.clear();
        let mut indices: Vec<_> = self.busy.iter().copied().collect();
        indices.retain(|index| self.queries.get(index).is_some_and(|query| waiting(query.fetch)));
        indices.into_iter().for_each(|index| self.try_again(index));
        // pending mutations wait for the network as well, or no longer do
        let pending: Vec<_> = self.layers.iter().map(|(_, layer)| layer.mutation.clone()).collect();
        pending.iter().flat_map(|mutation| A::touches(mutation)).for_each(|id| self.mark_entity(id));
        true
    }

    /// The caller says so by itself: what is watched is fetched as its observers wish.
    pub(super) fn came_online(&mut self, online: bool) {
        if self.set_online(online) && online {
            self.occasion(|options| options.on_reconnect);
        }
    }

    /// The feed says so: nobody told us of what changed meanwhile.
    pub(super) fn fed_online(&mut self, online: bool) {
        if self.set_online(online) && online {
            self.invalidate_under(&[]);
        }
    }
}
