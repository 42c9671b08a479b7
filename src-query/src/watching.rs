//! Which keys the feed's source is to hear of: those that are watched from now on or at another interval, and those that no
//! longer are.
//!
//! Not who watches them: each query knows that.

use std::{hash::Hash, time::Duration};

use crate::hashing::Map;

/// How a key is watched: at which interval it is to be fetched again, if at one.
pub(crate) type Watch = Option<Duration>;

#[derive(Clone, Copy, Debug)]
struct Change {
    /// When, among the changes: they are told in their order.
    turn: u64,
    /// What the source knows; `None` is: that nobody watches it.
    told: Option<Watch>,
    now: Option<Watch>,
}

/// Keys with how they are watched, and keys that no longer are.
pub(crate) type Changes<K> = (Vec<(K, Watch)>, Vec<K>);

/// What is to be told with the next flush. A key that comes and goes between two flushes is not mentioned.
#[derive(Debug)]
pub(crate) struct Watching<K> {
    changes: Map<K, Change>,
    turns: u64,
}

impl<K: Clone + Eq + Hash> Watching<K> {
    pub fn new() -> Self {
        Self { changes: Map::default(), turns: 0 }
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// A key is watched otherwise than before; `None` is: not at all. Returns whether the source is to hear that it begins.
    pub fn change(&mut self, key: &K, before: Option<Watch>, now: Option<Watch>) -> bool {
        let told = self.changes.get(key).map_or(before, |change| change.told);
        if told == now {
            self.changes.remove(key);
            return false;
        }
        self.turns += 1;
        self.changes.insert(key.clone(), Change { turn: self.turns, told, now });
        told.is_none()
    }

    /// The source knows nothing: all that is watched is to be told.
    pub fn begin_all<'a>(&mut self, keys: impl Iterator<Item = (&'a K, Watch)>)
    where
        K: 'a,
    {
        self.changes.clear();
        keys.for_each(|(key, watch)| _ = self.change(key, None, Some(watch)));
    }

    /// Those that are watched, and those that no longer are.
    pub fn take(&mut self) -> Changes<K> {
        let mut changes: Vec<_> = std::mem::take(&mut self.changes).into_iter().collect();
        changes.sort_unstable_by_key(|(_, change)| change.turn);
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        for (key, change) in changes {
            match change.now {
                Some(watch) => added.push((key, watch)),
                None => removed.push(key),
            }
        }
        (added, removed)
    }
}
