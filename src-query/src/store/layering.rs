//! Layers over bases: how a mutation shows at once, and how it ends.
//!
//! A mutation's state only advances: local, accepted, ended. What tells of an earlier state is ignored.

use std::rc::Rc;

use crate::{
    Acceptance, App, Effect, End, PendingLayer, Settlement, Snapshot,
    entity::{Base, Entity, Origin},
    hashing::Set,
    layers::{Layer, Position},
    query::QueryIndex,
    view::same_optional,
};

use super::Store;

impl<A: App> Store<A> {
    pub(super) fn mutate(&mut self, mutation: A::Mutation) {
        let id = A::mutation_id(&mutation);
        self.forget_refusal(&id);
        if self.layers.position(&id).is_some() || self.reviews.contains_key(&id) {
            return;
        }
        let mutation = Rc::new(mutation);
        self.remember(&mutation);
        let position = self.layers.push_local(mutation.clone());
        self.lay(position, &mutation);
    }

    /// A mutation of any window was accepted: its layer gets its place.
    pub(super) fn accepted(&mut self, pending: PendingLayer<A>) {
        let PendingLayer { mutation, number, paused } = pending;
        let id = A::mutation_id(&mutation);
        self.forget_refusal(&id);
        if self.reviews.contains_key(&id) {
            return;
        }
        let position = Position::Accepted(number);
        let known = self.layers.remove(&id);
        if let Some((old, layer)) = &known {
            self.unlay(*old, &layer.mutation);
        }
        if known.is_none() {
            let before = A::touches(&mutation).map(|touched| self.reduced(touched)).collect();
            self.effects.push(Effect::Joined { mutation: mutation.clone(), before });
        }
        let (mutation, own) = known.map_or((mutation, false), |(_, layer)| (layer.mutation, layer.own));
        self.layers.insert(position, Layer { mutation: mutation.clone(), paused, own, not_before: self.now });
        self.lay(position, &mutation);
    }

    pub(super) fn submitted(&mut self, results: Vec<Acceptance<A>>) {
        self.submitting = false;
        for (id, result) in results {
            match (self.layers.position(&id), result) {
                // It was sent twice, and refused the first time.
                (None, Ok(number)) => {
                    if let Some(mutation) = self.forget_refusal(&id).filter(|_| !self.was_numbered(number)) {
                        self.accepted(PendingLayer { mutation, number, paused: false });
                    }
                }
                // settled or accepted before this reply came
                (None | Some(Position::Accepted(_)), _) => {}
                (Some(Position::Local(_)), Err(failure)) => {
                    if !self.submit_again(&id, &failure) {
                        self.refused(&id, failure);
                    }
                }
                // the source's state, told since, no longer had it: it has ended
                (Some(Position::Local(_)), Ok(number)) if self.was_numbered(number) => {
                    self.done(&id, End::Untold);
                }
                (Some(Position::Local(_)), Ok(number)) => {
                    if let Some(layer) = self.layers.get_mut(&id) {
                        let (mutation, paused) = (layer.mutation.clone(), layer.paused);
                        self.accepted(PendingLayer { mutation, number, paused });
                    }
                }
            }
        }
    }

    /// Whether a mutation had its number already when the source told its state.
    fn was_numbered(&self, number: u64) -> bool {
        self.attached_to.is_some_and(|(_, numbered)| number <= numbered)
    }

    pub(super) fn paused(&mut self, id: &A::MutationId, paused: bool) {
        let Some(layer) = self.layers.get_mut(id) else { return };
        layer.paused = paused;
        let mutation = layer.mutation.clone();
        A::touches(&mutation).for_each(|touched| self.mark_entity(touched));
    }

    /// One step: the server's documents come, and just this layer goes.
    pub(super) fn settled(&mut self, settlement: Settlement<A>) {
        let Settlement { mutation: id, failure, failed, docs } = settlement;
        let told: Set<_> = docs.iter().map(|snapshot| snapshot.id.clone()).collect();
        let origin = if failure.is_some() { Origin::Read } else { Origin::Write };
        docs.into_iter().for_each(|snapshot| self.offer(snapshot, origin));
        self.ended(&id, failure.clone().map_or(End::Saved, End::Failed));
        let layer = self.lift(&id).map(|layer| layer.mutation);
        let Some(mutation) = layer.or_else(|| self.forget_refusal(&id)) else { return };
        match (failure, failed) {
            (Some(failure), None) => return self.review(mutation, failure),
            (Some(failure), Some(failed)) => self.review(failed, failure),
            (None, _) => {}
        }
        for touched in A::touches(&mutation).filter(|touched| !told.contains(touched)) {
            self.invalidate_under(&A::segments(&A::entity_key(touched)));
            self.invalidate_under(&A::lists(touched));
        }
    }

    /// Nothing more will be heard of a mutation: its layer goes.
    pub(super) fn done(&mut self, id: &A::MutationId, end: End<A::Failure>) {
        self.ended(id, end);
        self.lift(id);
    }

    /// What the server said of an entity, unless something newer was said before.
    pub(super) fn offer(&mut self, snapshot: Snapshot<A>, origin: Origin) {
        let Snapshot { id, doc, stamp } = snapshot;
        let entity = self.entities.entry(id.clone()).or_insert_with(Entity::unknown);
        if !entity.is_newer(stamp, origin) {
            return;
        }
        let before = entity.base.is_known().then_some(entity.stamp);
        entity.updated_at = Some(self.now);
        entity.invalidations = self.invalidations;
        let changed = entity.take(doc, stamp);
        if before != Some(stamp) {
            self.stamps.insert(stamp, id.clone());
            if let Some(before) = before {
                self.stamps.remove(before);
                self.stamps.tidy(before, &self.entities);
            }
        }
        self.note_entity(&id);
        if changed {
            self.mark_entity(&id);
        }
        self.touched.push(id);
    }

    /// What the server said of an entity is forgotten; the layers on it stay.
    pub(super) fn forget_base(&mut self, id: &A::Id) {
        let Some(entity) = self.entities.get_mut(id) else { return };
        if entity.base.is_known() {
            self.stamps.remove(entity.stamp);
        }
        (entity.base, entity.stamp, entity.updated_at) = (Base::Unknown, A::Stamp::default(), None);
        self.touched.push(id.clone());
        self.mark_entity(id);
    }

    /// Another run of the source may count from anew: whatever it says is newer than what is here.
    pub(super) fn forget_stamps(&mut self) {
        self.stamps.clear();
        for (id, entity) in self.entities.iter_mut().filter(|(_, entity)| entity.base.is_known()) {
            entity.stamp = A::Stamp::default();
            self.stamps.insert(entity.stamp, id.clone());
        }
        self.queries.values_mut().for_each(|query| query.held.forget_stamp());
    }

    fn lay(&mut self, position: Position, mutation: &A::Mutation) {
        for id in A::touches(mutation) {
            let entity = self.entities.entry(id.clone()).or_insert_with(Entity::unknown);
            let at = entity.layers.partition_point(|other| *other < position);
            entity.layers.insert(at, position);
            self.mark_entity(id);
            self.touched.push(id.clone());
        }
    }

    fn unlay(&mut self, position: Position, mutation: &A::Mutation) {
        for id in A::touches(mutation) {
            if let Some(entity) = self.entities.get_mut(id) {
                entity.layers.retain(|other| *other != position);
            }
            self.mark_entity(id);
            self.touched.push(id.clone());
        }
    }

    /// Takes a layer away, and nothing else.
    pub(super) fn lift(&mut self, id: &A::MutationId) -> Option<Layer<A>> {
        let (position, layer) = self.layers.remove(id)?;
        self.unlay(position, &layer.mutation);
        Some(layer)
    }

    /// Makes the views anew of all that was touched, once each, and puts them in their places.
    pub(super) fn refresh_touched(&mut self) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        // those that a read brought stand under one prefix: their lists are looked up once
        let (mut known, mut lists) = (None, Vec::new());
        for id in touched {
            let scope = Some(A::lists(&id));
            if known != scope {
                (known, lists) = (scope, self.lists_of(&id));
            }
            self.refresh(&id, &lists);
        }
    }

    /// The base with all its layers applied, as they are at this moment.
    fn reduced(&self, id: &A::Id) -> Option<Rc<A::Doc>> {
        let entity = self.entities.get(id)?;
        let layers = entity.layers.iter().filter_map(|position| self.layers.get(*position));
        layers.fold(entity.base.doc().cloned(), |doc, layer| A::reduce(id, doc.as_ref(), &layer.mutation))
    }

    fn refresh(&mut self, id: &A::Id, lists: &[QueryIndex]) {
        let view = self.reduced(id);
        let Some(entity) = self.entities.get_mut(id) else { return };
        // The same content keeps its identity. What makes another has marked the entity already.
        if !same_optional(view.as_ref(), entity.view.as_ref()) {
            entity.view = view;
        }
        lists.iter().for_each(|index| self.place(*index, id));
    }
}
