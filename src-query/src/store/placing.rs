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

/// Where the content says that an entity belongs in a list, as far as the list was read: what lies beyond is theirs who read
/// on.
fn by_content<A: App>(key: &A::Key, list: &List<A>, id: &A::Id, doc: Option<&Rc<A::Doc>>) -> Place<A::Order> {
    match doc.map_or(Place::Out, |doc| A::place(key, id, doc)) {
        Place::In(order) => match list.reaches(&order) {
            Some(true) => Place::In(order),
            Some(false) => Place::Out,
            None => Place::CannotTell,
        },
        place => place,
    }
}

/// Whether what the server said last of an entity is newer than what the list was read of it. The reasons are in `paging`.
fn is_newer<A: App>(key: &A::Key, list: &List<A>, id: &A::Id, entity: &Entity<A>) -> bool {
    if !entity.base.is_known() || entity.stamp <= list.oldest() {
        return false;
    }
    if entity.stamp > list.newest() {
        return true;
    }
    let read = list.as_read(id).map(|order| list.stamp_at(order));
    if read.is_some_and(|read| entity.stamp <= read) {
        return false;
    }
    match by_content(key, list, id, entity.base.doc()) {
        Place::In(order) => entity.stamp > list.stamp_at(&order),
        Place::Out | Place::CannotTell => true,
    }
}

fn belongs<A: App>(key: &A::Key, list: &List<A>, id: &A::Id, entity: &Entity<A>) -> Belongs<A::Order> {
    let newer = is_newer(key, list, id, entity);
    if entity.layers.is_empty() && !newer || !entity.is_known() {
        return Belongs::AsRead;
    }
    // The read is not older than the base: it knows better, unless a layer makes the difference.
    let outdated = (entity.base.is_known() && !newer).then(|| by_content(key, list, id, entity.base.doc()));
    match (by_content(key, list, id, entity.view.as_ref()), outdated) {
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

    /// Whether a list may have to place an entity otherwise than it was read.
    pub(super) fn is_unknown_to(&self, index: QueryIndex, id: &A::Id) -> bool {
        let (Some(query), Some(entity)) = (self.queries.get(&index), self.entities.get(id)) else {
            return false;
        };
        !entity.layers.is_empty() || query.list().is_some_and(|list| is_newer(&query.key, list, id, entity))
    }
}
