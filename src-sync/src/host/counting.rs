//! How many documents each collection has: estimated by the server, and again once some came or went.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use lockstep_model::{
    Action, Key, Mutation, Namespace,
    contract::{Answer, CollectionList, FeedEntry},
};

use super::{Due, Effect, Host};
use crate::hub::Audience;

/// At most so often.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// Some servers read a whole collection to count it: after each count they rest for so many times as long as it took.
const REST: u32 = 9;

#[derive(Debug, Default)]
pub(super) struct Counting {
    /// The collections as they were read last, with what was counted since.
    list: Option<CollectionList>,
    /// Collections that are to be counted.
    due: BTreeSet<Namespace>,
    /// Since when some are being counted.
    since: Option<Duration>,
    not_before: Duration,
}

impl Counting {
    /// Documents of a collection came or went, or may have.
    pub fn changed(&mut self, namespace: &Namespace) {
        // All that are listed are counted then.
        if self.list.is_some() && !self.due.contains(namespace) {
            self.due.insert(namespace.clone());
        }
    }

    /// This was written to the database.
    pub fn wrote(&mut self, mutation: &Mutation) {
        let counted = mutation.edits.iter().filter(|edit| !matches!(edit.action, Action::Update(_)));
        counted.for_each(|edit| self.changed(&edit.document.namespace));
    }

    /// Takes note of the collections that there are, all of which are to be counted, and adds what was counted last.
    pub fn learn(&mut self, list: &mut CollectionList) {
        let before = self.list.take().into_iter().flat_map(|list| list.collections);
        let before: HashMap<_, _> = before.map(|known| (known.namespace, known.count)).collect();
        for collection in list.collections.iter_mut().filter(|collection| collection.read_only.is_none()) {
            collection.count = before.get(&collection.namespace).copied().flatten();
            self.due.insert(collection.namespace.clone());
        }
        self.list = Some(list.clone());
    }
}

impl Host {
    /// Has counted what is to be counted, now or as soon as it may be.
    pub(super) fn count(&mut self) {
        let counting = &mut self.counting;
        // A server that does not answer is not asked; when it does, windows ask for the collections.
        if counting.due.is_empty() || counting.since.is_some() || !self.connection.is_reachable() {
            return;
        }
        if self.now < counting.not_before {
            let at = counting.not_before;
            return self.at(at, Due::Count);
        }
        counting.since = Some(self.now);
        let due = std::mem::take(&mut counting.due);
        self.effects.push(Effect::Count(due.into_iter().collect()));
    }

    /// So many documents these collections have; those that could not be counted are not in it.
    pub(super) fn counted(&mut self, counts: HashMap<Namespace, u64>) {
        let counting = &mut self.counting;
        let Some(since) = counting.since.take() else { return };
        counting.not_before = self.now + COUNT_EVERY.max(self.now.saturating_sub(since) * REST);
        let Some(list) = &mut counting.list else { return };
        let mut changed = false;
        for collection in &mut list.collections {
            if let Some(&count) = counts.get(&collection.namespace) {
                changed |= collection.count.replace(count) != Some(count);
            }
        }
        if changed {
            // The list without counts may reach its window after this one, and is not to replace it.
            list.stamp = list.stamp.next();
            let key = Key::Collections;
            self.ahead.remove(&key);
            let entry = FeedEntry::Answer(key.clone(), Answer::Collections(list.clone()));
            self.hub.publish(Audience::Watching(&key, &[]), &entry);
        }
    }
}
