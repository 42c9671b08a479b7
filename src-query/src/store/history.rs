//! What became of the mutations that were made here: the history that can be shown, and whose turn it is to go out.
//!
//! Not the layers of other windows: those are in [`crate::layers`].

use std::{collections::BTreeSet, rc::Rc, time::Duration};

use crate::{App, Effect, End, MutationState, MutationStatus};

use super::{Store, timing::Due};

/// How long a mutation is remembered after its end, as TanStack Query does by default.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);

impl<A: App> Store<A> {
    /// The mutations that were made here and are not forgotten, in their order.
    pub fn history(&self) -> impl Iterator<Item = &MutationState<A>> {
        self.history.values()
    }

    /// How many of the mutations that were made here are on their way, of those that the predicate takes. It costs as much
    /// as is under way.
    pub fn mutating(&self, takes: impl Fn(&A::Mutation) -> bool) -> usize {
        self.layers.iter().filter(|(_, layer)| layer.own && takes(&layer.mutation)).count()
    }

    pub(super) fn remember(&mut self, mutation: &Rc<A::Mutation>) {
        self.made += 1;
        self.history_places.insert(A::mutation_id(mutation), self.made);
        let state = MutationState {
            mutation: mutation.clone(),
            status: MutationStatus::Pending,
            submitted_at: self.now,
            settled_at: None,
            failure_count: 0,
            failure: None,
        };
        self.history.insert(self.made, state);
        self.history_news.note();
    }

    fn in_history(&mut self, id: &A::MutationId) -> Option<&mut MutationState<A>> {
        let state = self.history.get_mut(self.history_places.get(id)?)?;
        self.history_news.note();
        Some(state)
    }

    /// A mutation has ended; its layer is still there, unless another state of the source took it away.
    pub(super) fn ended(&mut self, id: &A::MutationId, end: End<A::Failure>) {
        let now = self.now;
        let mutation = match self.in_history(id) {
            Some(state) if state.status == MutationStatus::Pending => {
                let failure = match &end {
                    End::Failed(failure) => Some(failure.clone()),
                    End::Saved | End::Withdrawn | End::Untold => None,
                };
                state.status =
                    if failure.is_some() { MutationStatus::Error } else { MutationStatus::Success };
                state.settled_at = Some(now);
                state.failure = failure;
                state.mutation.clone()
            }
            Some(_) => return,
            None => match self.layers.position(id).and_then(|position| self.layers.get(position)) {
                Some(layer) => layer.mutation.clone(),
                None => return,
            },
        };
        self.effects.push(Effect::Ended { mutation, end });
        if let Some(place) = self.history_places.get(id) {
            self.at(now + REMEMBERED, Due::Forget(*place));
        }
    }

    pub(super) fn forget_mutation(&mut self, place: u32) {
        if let Some(state) = self.history.remove(&place) {
            self.history_places.remove(&A::mutation_id(&state.mutation));
            self.history_news.note();
        }
    }

    /// A submission did not get through, and may be tried again: returns whether it is.
    pub(super) fn submit_again(&mut self, id: &A::MutationId, failure: &A::Failure) -> bool {
        let failures = match self.in_history(id) {
            Some(state) => {
                state.failure_count += 1;
                state.failure = Some(failure.clone());
                state.failure_count
            }
            None => 1,
        };
        let Some(wait) = A::retry_mutation_after(failure, failures) else { return false };
        let at = self.now + wait;
        if let Some(layer) = self.layers.get_mut(id) {
            layer.not_before = at;
        }
        self.at(at, Due::Submit);
        true
    }

    /// Those whose turn it is, in order: of each scope only the first that has not ended, none that waits for another try,
    /// and none at all while the network is away and that matters.
    pub(super) fn due_mutations(&self) -> Vec<Rc<A::Mutation>> {
        if !self.online && !A::SUBMITS_OFFLINE {
            return Vec::new();
        }
        // asked at every input: without any there is no need to look at those that are on their way
        if self.layers.locals().next().is_none() {
            return Vec::new();
        }
        let mut scopes: BTreeSet<u64> = self
            .layers
            .iter()
            .filter(|(position, layer)| layer.own && !position.is_local())
            .filter_map(|(_, layer)| A::scope(&layer.mutation))
            .collect();
        let mut due = Vec::new();
        for layer in self.layers.locals() {
            let scope = A::scope(&layer.mutation);
            let waits = scope.is_some_and(|scope| scopes.contains(&scope));
            scopes.extend(scope);
            if !waits && layer.not_before <= self.now {
                due.push(layer.mutation.clone());
            }
        }
        due
    }
}
