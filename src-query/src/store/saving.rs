//! What can be kept over a restart: taken out piece by piece as it changes, and put back where nothing newer is.
//!
//! Not where it is kept. Mutations are not kept here: whoever accepted them has them.

use std::{rc::Rc, time::Duration};

use crate::{
    App, Kind, Saved, SavedData, Snapshot,
    entity::{Base, Entity, Origin},
    list::List,
    page::Page,
    query::{Held, Query, QueryIndex},
};

use super::Store;

impl<A: App> Store<A> {
    /// What has changed since the last call, to be kept: the base of entities and lists, without any layer. It costs what
    /// has changed. The first call takes everything; before it, nobody takes note of changes.
    pub fn take_unsaved(&mut self) -> Vec<Saved<A>> {
        if !std::mem::replace(&mut self.keeping, true) {
            self.unsaved.extend(self.queries.keys());
            self.unsaved_entities.extend(self.entities.keys().cloned());
        }
        let entities = std::mem::take(&mut self.unsaved_entities);
        let queries = std::mem::take(&mut self.unsaved);
        let mut saved: Vec<_> = entities.iter().filter_map(|id| self.saved_entity(id)).collect();
        saved.extend(queries.iter().filter_map(|index| self.saved_query(self.queries.get(index)?)));
        saved
    }

    pub(super) fn note_query(&mut self, index: QueryIndex) {
        if self.keeping {
            self.unsaved.insert(index);
        }
    }

    pub(super) fn note_entity(&mut self, id: &A::Id) {
        if self.keeping {
            self.unsaved_entities.insert(id.clone());
        }
    }

    fn saved_entity(&self, id: &A::Id) -> Option<Saved<A>> {
        let entity = self.entities.get(id)?;
        let doc = match &entity.base {
            Base::Unknown => return None,
            Base::Absent => None,
            Base::Present(doc) => Some(doc.clone()),
        };
        let data = SavedData::Entity(id.clone(), doc);
        Some(Saved { data, updated_at: entity.updated_at? })
    }

    fn saved_query(&self, query: &Query<A>) -> Option<Saved<A>> {
        let data = match &query.held {
            Held::Nothing => return None,
            Held::List(list) => {
                let pages = list.pages().iter().map(Page::saved).collect();
                SavedData::List(query.key.clone(), pages)
            }
            Held::Value(value, _) => SavedData::Value(query.key.clone(), value.clone()),
        };
        Some(Saved { data, updated_at: query.updated_at? })
    }

    /// Data that was kept. What the store has already is newer, and stays; so does nothing that is older than `max_age`.
    pub(super) fn hydrate(&mut self, saved: Vec<Saved<A>>, max_age: Duration) {
        for Saved { data, updated_at } in saved {
            if self.now.saturating_sub(updated_at) > max_age {
                continue;
            }
            match data {
                SavedData::Entity(id, doc) => self.hydrate_entity(id, doc, updated_at),
                SavedData::List(_, pages) if pages.is_empty() => {}
                SavedData::List(key, pages) => {
                    let pages = pages.into_iter().map(|page| Page::new(page, A::Stamp::default(), None));
                    let held = Held::List(Box::new(List::new(pages.collect())));
                    self.hydrate_query(key, held, updated_at);
                }
                SavedData::Value(key, value) => {
                    self.hydrate_query(key, Held::Value(value, A::Stamp::default()), updated_at);
                }
            }
        }
    }

    fn hydrate_entity(&mut self, id: A::Id, doc: Option<Rc<A::Doc>>, updated_at: Duration) {
        let entity = self.entities.entry(id.clone()).or_insert_with(Entity::unknown);
        if entity.base.is_known() {
            return;
        }
        self.offer(Snapshot { id: id.clone(), doc, stamp: A::Stamp::default() }, Origin::Read);
        self.unsaved_entities.remove(&id);
        if let Some(entity) = self.entities.get_mut(&id) {
            entity.updated_at = Some(updated_at);
        }
    }

    fn hydrate_query(&mut self, key: A::Key, held: Held<A>, updated_at: Duration) {
        if matches!(A::kind(&key), Kind::Entity(_)) {
            return;
        }
        let index = self.query(key.clone());
        let Some(query) = self.queries.get_mut(&index) else { return };
        if matches!(query.held, Held::Nothing) {
            query.held = held;
            query.updated_at = Some(updated_at);
            self.mark(index);
            // Entities that are newer, or have layers, stand where they belong.
            let unknown = self.unknown_to_read(&key, A::Stamp::default());
            unknown.iter().for_each(|id| self.place(index, id));
        }
        self.keep_unobserved(index, crate::Options::DEFAULT.gc_time);
    }
}
