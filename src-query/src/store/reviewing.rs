//! Failed mutations, until somebody decides on them.
//!
//! Not what is decided: that is a new mutation, or none.

use std::rc::Rc;

use crate::{App, End, Review, entity::Entity};

use super::Store;

impl<A: App> Store<A> {
    /// A mutation was not accepted. One of another window just vanishes: that one has to decide.
    pub(super) fn refused(&mut self, id: &A::MutationId, failure: A::Failure) {
        self.ended(id, End::Failed(failure.clone()));
        let Some(layer) = self.lift(id) else { return };
        if layer.own {
            self.review(layer.mutation, failure);
            self.refused_here.insert(id.clone());
        }
    }

    /// Only what the source of the feed never knew is forgotten here; anything else is for it to say.
    pub(super) fn dismiss(&mut self, id: &A::MutationId) {
        if self.refused_here.contains(id) {
            self.close_review(id);
        }
    }

    pub(super) fn review(&mut self, mutation: Rc<A::Mutation>, failure: A::Failure) {
        let id = A::mutation_id(&mutation);
        self.refused_here.remove(&id);
        for touched in A::touches(&mutation) {
            let entity = self.entities.entry(touched.clone()).or_insert_with(Entity::unknown);
            if !entity.reviews.contains(&id) {
                entity.reviews.push(id.clone());
            }
            self.mark_entity(touched);
        }
        self.reviews.insert(id, Review { mutation, failure });
    }

    pub(super) fn close_review(&mut self, id: &A::MutationId) {
        self.refused_here.remove(id);
        let Some(review) = self.reviews.remove(id) else { return };
        for touched in A::touches(&review.mutation) {
            if let Some(entity) = self.entities.get_mut(touched) {
                entity.reviews.retain(|other| other != id);
            }
            self.mark_entity(touched);
        }
    }

    /// A mutation that was refused here may have been accepted all the same, where only the answer was lost: once that
    /// shows, or the person tries again, it is as if the refusal had not been. Returns what it was to do.
    pub(super) fn forget_refusal(&mut self, id: &A::MutationId) -> Option<Rc<A::Mutation>> {
        if !self.refused_here.contains(id) {
            return None;
        }
        let mutation = self.reviews.get(id).map(|review| review.mutation.clone());
        self.close_review(id);
        mutation
    }
}
