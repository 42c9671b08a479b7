//! Which keys the feed's source is to hear of: those that are watched from now on, and those that no longer are.
//!
//! Not who watches them: each query knows that.

use std::hash::Hash;

use crate::hashing::Map;

#[derive(Clone, Copy, Debug)]
struct Change {
    /// When, among the changes: they are told in their order.
    turn: u64,
    begins: bool,
}

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

    /// It is watched from now on. Returns whether that is to be told: otherwise the source never heard that it had ended.
    pub fn begin(&mut self, key: &K) -> bool {
        self.change(key, true)
    }

    /// It no longer is.
    pub fn end(&mut self, key: &K) {
        self.change(key, false);
    }

    fn change(&mut self, key: &K, begins: bool) -> bool {
        if self.changes.get(key).is_some_and(|known| known.begins != begins) {
            self.changes.remove(key);
            return false;
        }
        self.turns += 1;
        self.changes.insert(key.clone(), Change { turn: self.turns, begins });
        true
    }

    /// The source knows nothing: all that is watched is to be told.
    pub fn begin_all<'a>(&mut self, keys: impl Iterator<Item = &'a K>)
    where
        K: 'a,
    {
        self.changes.clear();
        keys.for_each(|key| _ = self.begin(key));
    }

    /// Those that begin, and those that end.
    pub fn take(&mut self) -> (Vec<K>, Vec<K>) {
        let mut changes: Vec<_> = std::mem::take(&mut self.changes).into_iter().collect();
        changes.sort_unstable_by_key(|(_, change)| change.turn);
        let (added, removed): (Vec<_>, Vec<_>) = changes.into_iter().partition(|(_, change)| change.begins);
        let keys = |changes: Vec<(K, Change)>| changes.into_iter().map(|(key, _)| key).collect();
        (keys(added), keys(removed))
    }
}
