//! What is asked for again and again: once for all windows, at the shortest interval that any of them wants.
//!
//! What changes by itself is not asked for, unless a window wants that all the same. Where changes cannot be followed, all
//! that is watched is.

use std::{collections::BTreeMap, time::Duration};

use lockstep_model::{Key, Namespace, Value};

use super::{
    Due, Host, Read,
    reading::{Whom, of_key},
};
use crate::hub::Hub;

/// Where changes cannot be followed, what is watched is asked for again after this long.
const UNFOLLOWED: Duration = Duration::from_secs(5);

/// No window is served more often than this.
const SHORTEST: Duration = Duration::from_millis(100);

/// So many documents are read at once.
const ROWS_MOST: usize = 1_000;

/// Keys that are polled, each with its interval and when it is due.
#[derive(Debug, Default)]
pub(super) struct Polls(BTreeMap<Key, (Duration, Duration)>);

impl Polls {
    /// A window has gone, or watches nothing any more.
    pub fn forget_unwatched(&mut self, hub: &Hub) {
        self.0.retain(|key, _| hub.is_watched(key));
    }
}

impl Host {
    /// A key is watched otherwise than before.
    pub(super) fn arm_poll(&mut self, key: &Key) {
        let Some(interval) = self.poll_interval(key) else {
            self.polls.0.remove(key);
            return;
        };
        if self.polls.0.get(key).is_some_and(|(old, _)| *old == interval) {
            return;
        }
        let at = next(self.now, interval);
        self.polls.0.insert(key.clone(), (interval, at));
        self.at(at, Due::Poll);
    }

    /// Other databases can be followed than before.
    pub(super) fn rearm_polls(&mut self) {
        let watched: Vec<_> = self.hub.watched().cloned().collect();
        watched.iter().for_each(|key| self.arm_poll(key));
    }

    fn poll_interval(&self, key: &Key) -> Option<Duration> {
        let is_fed = |namespace: &Namespace| self.following.follows(&namespace.database);
        // A sample is as good as another.
        let changes = !matches!(key, Key::Schema(..));
        let unfollowed = changes
            && key.namespace().is_some_and(|namespace| !is_fed(namespace))
            && self.hub.is_watched(key);
        let wanted = self.hub.interval(key).map(|interval| interval.max(SHORTEST));
        wanted.into_iter().chain(unfollowed.then_some(UNFOLLOWED)).min()
    }

    /// Asks for what is due: documents of one collection together.
    pub(super) fn poll(&mut self) {
        let now = self.now;
        let (mut due, mut next_at) = (Vec::new(), None::<Duration>);
        for (key, (interval, at)) in &mut self.polls.0 {
            if *at <= now {
                *at = next(now, *interval);
                due.push(key.clone());
            }
            next_at = Some(next_at.map_or(*at, |next_at| next_at.min(*at)));
        }
        if let Some(at) = next_at {
            self.at(at, Due::Poll);
        }
        // a server that does not answer is not asked; when it does, windows ask for everything
        if !self.connection.is_reachable() {
            return;
        }
        let mut documents: BTreeMap<Namespace, Vec<Value>> = BTreeMap::new();
        for key in due {
            if let Some(namespace) = key.namespace()
                && !self.following.follows(&namespace.database)
            {
                self.counting.changed(namespace);
            }
            match key {
                Key::Document(id) => documents.entry(id.namespace).or_default().push(id.id),
                key => {
                    of_key(key).map(|read| self.begin_read(read, Whom::Polled));
                }
            }
        }
        for (namespace, ids) in documents {
            for ids in ids.chunks(ROWS_MOST) {
                self.begin_read(Read::Rows(namespace.clone(), ids.to_vec()), Whom::Polled);
            }
        }
    }
}

/// Intervals are counted from the clock's start, so that what has the same is due together.
fn next(now: Duration, interval: Duration) -> Duration {
    let count = now.as_nanos() / interval.as_nanos().max(1) + 1;
    interval.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}
