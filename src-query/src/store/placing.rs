//! Where an entity stands in lists.
//!
//! A list is what the server read, corrected by what the server could not know then: the layers, and the entities that
//! are newer than the read. Where filter or sort cannot be evaluated here, a row stays where it is and the list is
//! fetched again, until a read can tell.

use std::rc::Rc;

use crate::{
    App, Kind, Place,
    entity::Entity,
    list::List,
    query::{Held, QueryIndex},
};

use super::Store;

/// Where a row belongs, as far as can be told here.
enum Belongs<Order> {
    /// Where the read has it: nothing is known that the read did not know.
    AsRead,
    /// There, or nowhere.
    At(Option<Order>),
    /// Nobody here can tell.
    Unknown,
}

fn belongs<A: App>(key: &A::Key, list: &List<A>, id: &A::Id, entity: &Entity<A>) -> Belongs<A::Order> {
    let place = |doc: Option<&Rc<A::Doc>>| doc.map_or(Place::Out, |doc| A::place(key, id, doc));
    let newer = entity.base.is_known() && entity.stamp > list.stamp;
    if entity.layers.is_empty() && !newer || !entity.is_known() {
        return Belongs::AsRead;
    }
    // The read is not older than the base: it knows better, unless a layer makes the difference.
    let outdated = (entity.base.is_known() && !newer).then(|| place(entity.base.doc()));
    match (place(entity.view.as_ref()), outdated) {
        (Place::CannotTell, _) => Belongs::Unknown,
        (Place::Out, Some(Place::Out)) => Belongs::AsRead,
        (Place::In(order), Some(Place::In(old))) if order == old || list.as_read(id).is_none() => {
            Belongs::AsRead
        }
        (Place::Out, _) => Belongs::At(None),
        (Place::In(order), _) => Belongs::At(Some(order)),
    }
}

impl<A: App> Store<A> {
    /// The lists that could hold an entity.
    pub(super) fn lists_of(&self, id: &A::Id) -> Vec<QueryIndex> {
        let mut indices = self.by_segments.under(&A::lists(id));
        indices.retain(|index| self.queries.get(index).is_some_and(|query| query.kind == Kind::List));
        indices
    }

    /// Puts an entity where it belongs in a list.
    pub(super) fn place(&mut self, index: QueryIndex, id: &A::Id) {
        let (Some(query), Some(entity)) = (self.queries.get_mut(&index), self.entities.get(id)) else {
            return;
        };
        let Held::List(list) = &mut query.held else { return };
        let order = match belongs(&query.key, list, id, entity) {
            Belongs::AsRead if !list.is_moved(id) => return,
            Belongs::AsRead => list.as_read(id).cloned(),
            Belongs::At(order) => order,
            // With a layer on it the server cannot tell either: its settlement comes here again.
            Belongs::Unknown if !entity.layers.is_empty() => return,
            Belongs::Unknown => {
                query.invalidated = true;
                if query.is_active() {
                    self.want(index);
                }
                return;
            }
        };
        let stays = self.held.contains(id) && list.contains(id);
        if !stays && list.set(id, order) {
            self.mark(index);
        }
    }

    /// The entities that a list may have to place otherwise than it was read at that stamp: those with layers, and those
    /// whose base is newer.
    pub(super) fn unknown_to_read(&self, key: &A::Key, stamp: A::Stamp) -> Vec<A::Id> {
        let scope = A::segments(key);
        let layered = self.layers.iter().flat_map(|(_, layer)| A::touches(&layer.mutation));
        let newer = self.stamps.after(stamp, &self.entities);
        layered.chain(newer).filter(|id| scope.starts_with(&A::lists(id))).cloned().collect()
    }

    /// Nobody edits the row any more: it goes where it belongs.
    pub(super) fn release(&mut self, id: &A::Id) {
        self.held.remove(id);
        for index in self.lists_of(id) {
            self.place(index, id);
        }
    }

    pub(super) fn take_list(&mut self, index: QueryIndex, rows: Vec<(A::Order, A::Id)>, stamp: A::Stamp) {
        let Some(query) = self.queries.get(&index) else { return };
        if query.list().is_some_and(|old| stamp < old.stamp) {
            return;
        }
        let unknown_to_read = self.unknown_to_read(&query.key, stamp);
        let Some(query) = self.queries.get_mut(&index) else { return };
        if let Held::List(old) = &mut query.held
            && unknown_to_read.is_empty()
            && old.was_read_as(&rows)
        {
            old.stamp = stamp;
            return;
        }
        let mut list = List::new(rows, stamp, query.list());
        let old = std::mem::replace(&mut query.held, Held::Nothing);
        if let Held::List(old) = &old {
            // They stay where they are, unless they are placed below: edited rows, and those that nobody can tell of.
            for id in self.held.iter().chain(&unknown_to_read) {
                if let Some(order) = old.order(id) {
                    list.set(id, Some(order.clone()));
                }
            }
        }
        query.held = Held::List(Box::new(list));
        unknown_to_read.iter().for_each(|id| self.place(index, id));
    }
}
