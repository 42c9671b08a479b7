//! Which entities the server spoke of last, and when: those newer than a read are found without looking at the rest.
//!
//! What one read brought has one stamp, so that ten thousand rows are one entry here and not ten thousand.

use std::collections::BTreeMap;

use crate::{App, entity::Entity, hashing::Map};

/// The ids that once had a stamp. Some may have another by now: the entities know.
#[derive(Debug)]
struct Group<Id> {
    ids: Vec<Id>,
    /// How many still have it.
    live: usize,
}

#[derive(Debug)]
pub(crate) struct Stamps<A: App> {
    groups: BTreeMap<A::Stamp, Group<A::Id>>,
}

impl<A: App> Stamps<A> {
    pub fn new() -> Self {
        Self { groups: BTreeMap::new() }
    }

    /// An entity has that stamp now, and had none before, or has been [removed](Self::remove).
    pub fn insert(&mut self, stamp: A::Stamp, id: A::Id) {
        let group = self.groups.entry(stamp).or_insert_with(|| Group { ids: Vec::new(), live: 0 });
        group.ids.push(id);
        group.live += 1;
    }

    /// One of the entities no longer has the stamp: it has another in `entities` already, or soon.
    pub fn remove(&mut self, stamp: A::Stamp) {
        let Some(group) = self.groups.get_mut(&stamp) else { return };
        group.live -= 1;
        if group.live == 0 {
            self.groups.remove(&stamp);
        }
    }

    /// Lets go of ids that have other stamps by now, where they are most of a group.
    pub fn tidy(&mut self, stamp: A::Stamp, entities: &Map<A::Id, Entity<A>>) {
        let Some(group) = self.groups.get_mut(&stamp) else { return };
        if group.ids.len() > 2 * group.live + 8 {
            group.ids.retain(|id| has(entities, id, stamp));
            group.ids.sort_unstable();
            group.ids.dedup();
        }
    }

    /// The entities that the server spoke of after that time.
    pub fn after<'a>(
        &'a self,
        stamp: A::Stamp,
        entities: &'a Map<A::Id, Entity<A>>,
    ) -> impl Iterator<Item = &'a A::Id> {
        let groups = self.groups.iter().rev().take_while(move |(other, _)| **other > stamp);
        groups.flat_map(move |(stamp, group)| group.ids.iter().filter(|id| has(entities, id, *stamp)))
    }

    /// No entity has a stamp any more.
    pub fn clear(&mut self) {
        self.groups.clear();
    }
}

fn has<A: App>(entities: &Map<A::Id, Entity<A>>, id: &A::Id, stamp: A::Stamp) -> bool {
    entities.get(id).is_some_and(|entity| entity.base.is_known() && entity.stamp == stamp)
}
