//! Which number a mutation gets, when it goes out, and over which expectation.
//!
//! Pure: the file on disk and the writes to the database are the shell's. What is decided here has to be on disk before
//! it is acted upon; each method says what changed. A mutation's layer needs not wait for the disk: it has its place by
//! its number, and goes again if the disk refuses.
//!
//! | module | idea |
//! | --- | --- |
//! | `kept` | what of it is on disk |
//! | `ended` | what the mutations that have ended left behind, for those that were made on top of them |
//! | `successor` | a mutation's expectation, once what it was made on top of has ended |
//!
//! *Architecture invariant:* one document's mutations go out in the order of their numbers, and none before the one
//! before it has settled. A mutation in review blocks nobody.

mod ended;
mod kept;
mod successor;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lockstep_model::{
    DocumentId, Failure, Mutation, MutationId, Outcome, Settlement,
    contract::{Delivery, PendingLayer, Review},
};

use ended::{End, Ended};
use successor::{follows, predecessors, replaces, resolve};

pub use kept::{Kept, Update};

/// Where a mutation is.
#[derive(Clone, Debug, PartialEq)]
enum State {
    /// It has its number, and is not on disk yet.
    Arrived {
        /// A mutation whose place it takes once it is on disk.
        supersedes: Option<u64>,
    },
    /// It waits for its turn, or for the server. It may have been sent before.
    Queued {
        /// Nothing of it can be in the database.
        unsent: bool,
    },
    /// It gives up its place to another one that is not on disk yet.
    Yielding,
    /// A person has discarded it, which is not on disk yet.
    Leaving {
        /// As when it was queued.
        unsent: bool,
    },
    /// It is being written.
    Sending,
    /// It failed, and a person has to decide.
    Review(Failure),
}

#[derive(Clone, Debug)]
struct Entry {
    mutation: Mutation,
    state: State,
}

impl Entry {
    fn is_pending(&self) -> bool {
        !matches!(self.state, State::Review(_))
    }
}

/// What is to be done with a mutation that a window has sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrival {
    /// It is new: its layer goes out, and it is to be written to disk.
    New {
        /// Under this number.
        number: u64,
        /// In this form: what is known of its expectations by now is in it.
        mutation: Mutation,
        /// In the place of this one, which was never sent and changes nothing else: both in one step.
        supersedes: Option<u64>,
    },
    /// It came before, and is still being written: whoever sent it again waits as well.
    Again(u64),
    /// It was accepted under this number, whatever became of it since.
    Accepted(u64),
}

/// Why a mutation cannot be discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undiscardable {
    /// It has ended, or was never here.
    Gone,
    /// It is on its way to the disk under this number.
    NotYet(u64),
    /// It is on its way to the database, or may have been.
    UnderWay,
}

/// A mutation that was discarded.
#[derive(Clone, Debug, PartialEq)]
pub enum Discarded {
    /// It had failed.
    Failed(MutationId),
    /// It waited to be sent, and had ended so far.
    Waiting(Settlement, Consequences),
}

/// What follows from a mutation's being on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    /// This one gave up its place, and is gone: its number, and which it was.
    pub superseded: Option<(u64, MutationId)>,
    /// It may have been made on top of one that is in conflict by now.
    pub consequences: Consequences,
}

/// What a mutation's end changed beside the mutation itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consequences {
    /// Mutations whose expectations are now known: to be kept on disk in this form.
    pub rewritten: Vec<(u64, Mutation)>,
    /// Mutations that were made on top of one in conflict: they wait in review with it.
    pub failed: Vec<(u64, Settlement)>,
}

/// All mutations that are not settled, and the failed ones that nobody decided on.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: BTreeMap<u64, Entry>,
    /// Every mutation that was here in this run, settled ones too: Tauri may repeat a call whose answer got lost, and
    /// what has been applied must not be accepted again.
    known: HashMap<MutationId, u64>,
    ended: Ended,
    /// The greatest number ever given.
    numbered: u64,
    /// Nothing can be sent: what is here waits.
    waits: bool,
}

impl Outbox {
    /// What the disk holds, from the run before; `numbered` is the greatest number given by then.
    pub fn restored(numbered: u64, entries: impl IntoIterator<Item = (u64, Mutation, Kept)>) -> Self {
        let mut outbox = Self { numbered, ..Self::default() };
        for (number, mutation, kept) in entries {
            let state = match kept {
                Kept::Queued => State::Queued { unsent: true },
                Kept::Sending { .. } => State::Queued { unsent: false },
                Kept::Review(failure) => State::Review(failure),
            };
            outbox.insert(number, mutation, state);
        }
        outbox
    }

    /// Of those that the disk held, some were made on top of one that it holds no more: it was discarded, and the disk was not
    /// told in time what that means for them. They wait for a person.
    pub fn fail_orphans(&mut self) -> Consequences {
        let mut consequences = Consequences::default();
        for number in self.entries.keys().copied().collect::<Vec<_>>() {
            if self.entries.get(&number).is_some_and(Entry::is_pending) {
                consequences.add(self.fail_if_orphaned(number));
            }
        }
        consequences
    }

    fn insert(&mut self, number: u64, mutation: Mutation, state: State) {
        self.known.insert(mutation.id, number);
        self.entries.insert(number, Entry { mutation, state });
    }

    /// A window has sent a mutation.
    pub fn arrive(&mut self, mut mutation: Mutation) -> Arrival {
        if let Some(number) = self.known.get(&mutation.id).copied() {
            let arrived = |entry: &Entry| matches!(entry.state, State::Arrived { .. });
            let being_written = self.entries.get(&number).is_some_and(arrived);
            return if being_written { Arrival::Again(number) } else { Arrival::Accepted(number) };
        }
        self.ended.resolve(&mut mutation);
        let supersedes = self.take_place(&mut mutation);
        self.numbered += 1;
        let number = self.numbered;
        self.insert(number, mutation.clone(), State::Arrived { supersedes });
        Arrival::New { number, mutation, supersedes }
    }

    /// Whether the mutation takes the place of an unsent one of identical paths, whose expectations it then has.
    fn take_place(&mut self, mutation: &mut Mutation) -> Option<u64> {
        let [edit] = &mut mutation.edits[..] else { return None };
        let touching = |entry: &Entry| entry.mutation.edit(&edit.document).is_some();
        let (number, last) =
            self.entries.iter_mut().rev().find(|(_, entry)| entry.is_pending() && touching(entry))?;
        if last.state != (State::Queued { unsent: true }) || !replaces(edit, &last.mutation) {
            return None;
        }
        last.state = State::Yielding;
        Some(*number)
    }

    /// A mutation is on disk.
    pub fn accept(&mut self, number: u64) -> Accepted {
        let mut accepted = Accepted::default();
        let Some(entry) = self.entries.get_mut(&number) else { return accepted };
        let State::Arrived { supersedes } = entry.state else { return accepted };
        entry.state = State::Queued { unsent: true };
        let mutation = entry.mutation.clone();
        if let Some((place, old)) = supersedes.and_then(|old| self.entries.remove_entry(&old)) {
            self.ended.insert(old.mutation.id, End::Superseded(mutation.id));
            accepted.superseded = Some((place, old.mutation.id));
        }
        accepted.consequences = self.fail_if_orphaned(number);
        accepted
    }

    /// A mutation can never go out where what it was made on top of is in conflict: it waits in review as well.
    fn fail_if_orphaned(&mut self, number: u64) -> Consequences {
        let Some(mutation) = self.entries.get(&number).map(|entry| &entry.mutation) else {
            return Consequences::default();
        };
        let is_pending = |id: &MutationId| {
            let entry = self.known.get(id).and_then(|number| self.entries.get(number));
            entry.is_some_and(Entry::is_pending)
        };
        let gone = mutation.edits.iter().find_map(|edit| {
            let earlier = predecessors(edit).into_iter().find(|id| !is_pending(id))?;
            Some((earlier, self.ended.conflict(&edit.document, earlier)))
        });
        let Some((earlier, failure)) = gone else { return Consequences::default() };
        let settlement = fail(mutation, earlier, &failure);
        let mut consequences = self.settle(number, &settlement);
        consequences.failed.insert(0, (number, settlement));
        consequences
    }

    /// The disk has refused a mutation: it was never here. `None` where it was not being written.
    pub fn refuse(&mut self, number: u64, failure: &Failure) -> Option<(MutationId, Consequences)> {
        let State::Arrived { supersedes } = self.entries.get(&number)?.state else { return None };
        let Entry { mutation, .. } = self.entries.remove(&number)?;
        self.known.remove(&mutation.id);
        let mut consequences = Consequences::default();
        if let Some((old, entry)) = supersedes.and_then(|old| Some((old, self.entries.get_mut(&old)?))) {
            entry.state = State::Queued { unsent: true };
            // A disk that reports an error may have taken it away all the same.
            consequences.rewritten.push((old, entry.mutation.clone()));
            consequences.add(self.fail_if_orphaned(old));
        }
        let outcomes = mutation.edits.iter().map(|_| Outcome::Failed(failure.clone())).collect();
        let id = mutation.id;
        consequences.add(self.hand_on(mutation.clone(), Settlement::of(&mutation, outcomes, Vec::new())));
        Some((id, consequences))
    }

    /// A person discards a mutation: a failed one, or one that waits, which is not sent from now on; with `only_unsent` not one
    /// that may have been sent before. Returns its number.
    ///
    /// # Errors
    /// As [`Undiscardable`] says.
    pub fn give_up(&mut self, id: MutationId, only_unsent: bool) -> Result<u64, Undiscardable> {
        let number = *self.known.get(&id).ok_or(Undiscardable::Gone)?;
        let entry = self.entries.get_mut(&number).ok_or(Undiscardable::Gone)?;
        match entry.state {
            State::Review(_) => {}
            State::Queued { unsent } if unsent || !only_unsent => entry.state = State::Leaving { unsent },
            State::Arrived { .. } => return Err(Undiscardable::NotYet(number)),
            State::Queued { .. } | State::Yielding | State::Leaving { .. } | State::Sending => {
                return Err(Undiscardable::UnderWay);
            }
        }
        Ok(number)
    }

    /// The disk knows that a mutation was discarded: it is gone, with this for those that were made on top of it. `ended` says
    /// of one that waited how its edits have ended by now.
    pub fn discard(&mut self, number: u64, ended: impl FnOnce(&Mutation) -> Settlement) -> Option<Discarded> {
        let Entry { mutation, state } = self.entries.remove(&number)?;
        if matches!(state, State::Review(_)) {
            return Some(Discarded::Failed(mutation.id));
        }
        let settlement = ended(&mutation);
        let consequences = self.hand_on(mutation, settlement.clone());
        Some(Discarded::Waiting(settlement, consequences))
    }

    /// The disk has not taken it: the mutation that was to be discarded stays. Returns it, with its failure if it has one.
    pub fn keep(&mut self, number: u64) -> Option<(Mutation, Option<Failure>)> {
        let entry = self.entries.get_mut(&number)?;
        let failure = match &entry.state {
            State::Review(failure) => Some(failure.clone()),
            _ => None,
        };
        if let State::Leaving { unsent } = entry.state {
            entry.state = State::Queued { unsent };
        }
        Some((entry.mutation.clone(), failure))
    }

    /// The greatest number that was given to any mutation.
    pub fn numbered(&self) -> u64 {
        self.numbered
    }

    /// Whether nothing can be sent. Returns the mark of all pending mutations if that is otherwise than before.
    pub fn set_waits(&mut self, waits: bool) -> Option<Delivery> {
        (std::mem::replace(&mut self.waits, waits) != waits).then(|| self.delivery())
    }

    /// How pending mutations are marked.
    pub fn delivery(&self) -> Delivery {
        if self.waits { Delivery::Queued } else { Delivery::Syncing }
    }

    /// All mutations that are not settled, in order.
    pub fn pending(&self) -> impl Iterator<Item = PendingLayer> {
        let pending = self.entries.iter().filter(|(_, entry)| entry.is_pending());
        pending.map(|(number, entry)| PendingLayer {
            mutation: entry.mutation.clone(),
            number: *number,
            delivery: self.delivery(),
        })
    }

    /// Their ids.
    pub fn pending_ids(&self) -> impl Iterator<Item = MutationId> {
        self.entries.values().filter(|entry| entry.is_pending()).map(|entry| entry.mutation.id)
    }

    /// All failed mutations that nobody decided on, in order.
    pub fn reviews(&self) -> impl Iterator<Item = Review> {
        self.entries.iter().filter_map(|(number, entry)| match &entry.state {
            State::Review(failure) => {
                Some(Review { mutation: entry.mutation.clone(), number: *number, failure: failure.clone() })
            }
            _ => None,
        })
    }

    /// How many are pending, and how many in review.
    pub fn counts(&self) -> (u32, u32) {
        let pending = self.entries.values().filter(|entry| entry.is_pending()).count();
        let count = |n| u32::try_from(n).unwrap_or(u32::MAX);
        (count(pending), count(self.entries.len() - pending))
    }

    /// The mutations whose turn it is, of those that `may` go out; they are being sent from now on. One that may not holds up
    /// those behind it.
    pub fn take_ready(&mut self, may: impl Fn(u64) -> bool) -> Vec<(u64, Mutation)> {
        let mut busy: BTreeSet<DocumentId> = BTreeSet::new();
        let mut ready = Vec::new();
        for (number, entry) in self.entries.iter_mut().filter(|(_, entry)| entry.is_pending()) {
            let free = entry.mutation.touches().all(|id| !busy.contains(id));
            if free && matches!(entry.state, State::Queued { .. }) && may(*number) {
                entry.state = State::Sending;
                ready.push((*number, entry.mutation.clone()));
            }
            busy.extend(entry.mutation.touches().cloned());
        }
        ready
    }

    /// A mutation that is being sent.
    pub fn sending(&self, number: u64) -> Option<&Mutation> {
        self.entries.get(&number).filter(|entry| entry.state == State::Sending).map(|entry| &entry.mutation)
    }

    /// The server could not be reached: the mutation waits again.
    pub fn postpone(&mut self, number: u64) {
        if let Some(entry) = self.entries.get_mut(&number)
            && entry.state == State::Sending
        {
            entry.state = State::Queued { unsent: false };
        }
    }

    /// A mutation has ended. If it failed, it stays for review.
    pub fn settle(&mut self, number: u64, settlement: &Settlement) -> Consequences {
        let Some(entry) = self.entries.remove(&number) else { return Consequences::default() };
        let mutation = entry.mutation.clone();
        if let Some(failure) = settlement.failure() {
            let failed = settlement.failed.clone().unwrap_or(entry.mutation);
            self.entries.insert(number, Entry { mutation: failed, state: State::Review(failure) });
        }
        self.hand_on(mutation, settlement.clone())
    }

    /// Whoever was made on top of a mutation that has ended learns what that left behind.
    fn hand_on(&mut self, mutation: Mutation, settlement: Settlement) -> Consequences {
        let mut consequences = Consequences::default();
        for (edit, outcome) in mutation.edits.iter().zip(&settlement.outcomes) {
            for (number, entry) in self.entries.iter_mut().filter(|(_, entry)| entry.is_pending()) {
                if !follows(&entry.mutation, &edit.document, mutation.id) {
                    continue;
                }
                if let Outcome::Failed(failure @ Failure::Conflict { .. }) = outcome {
                    let known = consequences.failed.iter().any(|(other, _)| other == number);
                    // one that yields is about to go, and if it does not, it is looked at then; and so is one that is not on
                    // disk yet, once it is: until then another may yield to it
                    let settled_later = matches!(entry.state, State::Yielding | State::Arrived { .. });
                    if !known && !settled_later {
                        consequences.failed.push((*number, fail(&entry.mutation, mutation.id, failure)));
                    }
                    continue;
                }
                resolve(&mut entry.mutation, &mutation, edit, outcome, &settlement.documents);
                consequences.rewritten.push((*number, entry.mutation.clone()));
            }
        }
        self.ended.insert(mutation.id, End::Settled(mutation, settlement));
        for (number, settlement) in consequences.failed.clone() {
            if self.entries.get(&number).is_some_and(Entry::is_pending) {
                consequences.add(self.settle(number, &settlement));
            }
        }
        consequences
    }
}

impl Consequences {
    fn add(&mut self, further: Self) {
        self.rewritten.extend(further.rewritten);
        self.failed.extend(further.failed);
    }
}

/// A mutation can never go out since `earlier`, which it was made on top of, ended so: whatever else it was to do waits with it.
fn fail(mutation: &Mutation, earlier: MutationId, failure: &Failure) -> Settlement {
    let beside = || Failure::Rejected {
        message: "what was changed together with it is in conflict".into(),
        fields: Vec::new(),
    };
    let outcomes = mutation.edits.iter().map(|edit| {
        let follows = predecessors(edit).contains(&earlier);
        Outcome::Failed(if follows { failure.clone() } else { beside() })
    });
    Settlement::of(mutation, outcomes.collect(), Vec::new())
}
