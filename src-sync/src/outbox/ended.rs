//! What the mutations that ended last left behind.
//!
//! A window may make a mutation on top of one whose end it has not heard of yet: when it arrives here, that is known.

use std::collections::{HashMap, VecDeque};

use lockstep_model::{DocumentId, Edit, Failure, Mutation, MutationId, Outcome, Settlement};

use super::successor::{move_on, predecessors, resolve};

/// So many are remembered: far more than can end while an edit is on its way from a window.
const REMEMBERED: usize = 1_024;

/// How a mutation ended.
#[derive(Debug)]
pub(super) enum End {
    /// The database took or refused it.
    Settled(Mutation, Settlement),
    /// Another one took its place.
    Superseded(MutationId),
}

#[derive(Debug, Default)]
pub(super) struct Ended {
    ends: HashMap<MutationId, End>,
    order: VecDeque<MutationId>,
}

impl Ended {
    pub fn insert(&mut self, id: MutationId, end: End) {
        if self.ends.insert(id, end).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ends.remove(&oldest);
        }
    }

    /// Gives a mutation the expectations that are known by now. Those over a conflict stay as they are.
    pub fn resolve(&self, mutation: &mut Mutation) {
        while self.resolve_once(mutation) {}
    }

    /// Each step goes to an earlier mutation, or to the one that took its place. Returns whether there was one to go.
    fn resolve_once(&self, mutation: &mut Mutation) -> bool {
        let mut resolved = false;
        for place in 0..mutation.edits.len() {
            let document = mutation.edits[place].document.clone();
            for earlier in predecessors(&mutation.edits[place]) {
                match self.ends.get(&earlier) {
                    Some(End::Superseded(by)) => {
                        move_on(&mut mutation.edits[place], earlier, *by);
                        resolved = true;
                    }
                    Some(End::Settled(ended, settlement)) => {
                        let Some((edit, outcome)) = outcome(ended, settlement, &document) else { continue };
                        if !is_conflict(outcome) {
                            resolve(mutation, ended, edit, outcome, &settlement.documents);
                            resolved |= !predecessors(&mutation.edits[place]).contains(&earlier);
                        }
                    }
                    None => {}
                }
            }
        }
        resolved
    }

    /// Why nothing can be made on top of what that mutation did to a document.
    pub fn conflict(&self, document: &DocumentId, id: MutationId) -> Failure {
        let settled = match self.ends.get(&id) {
            Some(End::Settled(ended, settlement)) => outcome(ended, settlement, document),
            Some(End::Superseded(_)) | None => None,
        };
        match settled {
            Some((_, Outcome::Failed(failure))) => failure.clone(),
            _ => {
                let message = "the edit that this one was made on top of is no longer known".into();
                Failure::Rejected { message, fields: Vec::new() }
            }
        }
    }
}

fn outcome<'a>(
    mutation: &'a Mutation,
    settlement: &'a Settlement,
    document: &DocumentId,
) -> Option<(&'a Edit, &'a Outcome)> {
    mutation.edits.iter().zip(&settlement.outcomes).find(|(edit, _)| edit.document == *document)
}

fn is_conflict(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(Failure::Conflict { .. }))
}
