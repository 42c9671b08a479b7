//! Which number a mutation gets, when it goes out, and over which expectation.
//!
//! Pure: the file on disk and the writes to the database are the host's. What is decided here has to be on disk before
//! it is acted upon; each method says what changed. A mutation's layer needs not wait for the disk: it has its place by
//! its number, and goes again if the disk refuses.
//!
//! *Architecture invariant:* one document's mutations go out in the order of their numbers, and none before the one
//! before it has settled. A mutation in review blocks nobody.

use std::collections::{BTreeMap, HashMap};

use lockstep_model::{
    Action, DocumentId, Edit, Expectation, Failure, Mutation, MutationId, Outcome, Path, Seen, Settlement,
    Value,
    contract::{Delivery, PendingLayer, Review},
    mutation::Snapshot,
};

/// Where a mutation is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It has its number, and is not on disk yet.
    Arrived,
    /// It waits for its turn, or for the server.
    Queued,
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

/// What is to be done with a mutation that a window has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is new: its layer goes out, and it is to be written to disk under this number.
    New(u64),
    /// It came before, and is still being written: whoever sent it again waits as well.
    Again(u64),
    /// It was accepted under this number, whatever became of it since.
    Accepted(u64),
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
    /// The greatest number ever given.
    numbered: u64,
    /// The server does not answer: what is here waits.
    offline: bool,
}

impl Outbox {
    /// What the disk holds, from the run before; `numbered` is the greatest number given by then.
    pub fn restored(numbered: u64, entries: impl IntoIterator<Item = (u64, Mutation, State)>) -> Self {
        let mut outbox = Self { numbered, ..Self::default() };
        for (number, mutation, state) in entries {
            outbox.insert(number, mutation, state);
        }
        outbox
    }

    fn insert(&mut self, number: u64, mutation: Mutation, state: State) {
        self.known.insert(mutation.id, number);
        self.entries.insert(number, Entry { mutation, state });
    }

    /// A window has sent a mutation.
    pub fn arrive(&mut self, mutation: Mutation) -> Arrival {
        if let Some(number) = self.known.get(&mutation.id).copied() {
            let entry = self.entries.get(&number);
            let arrived = entry.is_some_and(|entry| entry.state == State::Arrived);
            return if arrived { Arrival::Again(number) } else { Arrival::Accepted(number) };
        }
        self.numbered += 1;
        self.insert(self.numbered, mutation, State::Arrived);
        Arrival::New(self.numbered)
    }

    /// A mutation is on disk. Returns whether its layer has to go out once more, since the disk had refused it before.
    pub fn accept(&mut self, number: u64, mutation: &Mutation) -> bool {
        let refused = !self.known.contains_key(&mutation.id);
        if refused {
            self.insert(number, mutation.clone(), State::Queued);
        } else if let Some(entry) = self.entries.get_mut(&number)
            && entry.state == State::Arrived
        {
            entry.state = State::Queued;
        }
        refused
    }

    /// The disk has refused a mutation: it was never here. `None` where it is on disk by another call.
    pub fn refuse(&mut self, number: u64, failure: &Failure) -> Option<Consequences> {
        if self.entries.get(&number)?.state != State::Arrived {
            return None;
        }
        let Entry { mutation, .. } = self.entries.remove(&number)?;
        self.known.remove(&mutation.id);
        let failed = Outcome::Failed(failure.clone());
        let mut consequences = Consequences::default();
        for edit in &mutation.edits {
            self.hand_on(&mutation, edit, &failed, &[], &mut consequences);
        }
        Some(consequences)
    }

    /// The greatest number that was given to any mutation.
    pub fn numbered(&self) -> u64 {
        self.numbered
    }

    /// Whether the server answers. Returns the mark of all pending mutations if it changed.
    pub fn set_offline(&mut self, offline: bool) -> Option<Delivery> {
        (std::mem::replace(&mut self.offline, offline) != offline).then(|| self.delivery())
    }

    /// How pending mutations are marked.
    pub fn delivery(&self) -> Delivery {
        if self.offline { Delivery::Queued } else { Delivery::Syncing }
    }

    /// All mutations that are not settled, in order.
    pub fn pending(&self) -> impl Iterator<Item = PendingLayer> {
        let pending = self.entries.iter().filter(|(_, entry)| !matches!(entry.state, State::Review(_)));
        pending.map(|(number, entry)| PendingLayer {
            mutation: entry.mutation.clone(),
            number: *number,
            delivery: self.delivery(),
        })
    }

    /// All failed mutations that nobody decided on, in order.
    pub fn reviews(&self) -> impl Iterator<Item = Review> {
        self.entries.iter().filter_map(|(number, entry)| match &entry.state {
            State::Review(failure) => {
                Some(Review { mutation: entry.mutation.clone(), number: *number, failure: failure.clone() })
            }
            State::Arrived | State::Queued | State::Sending => None,
        })
    }

    /// How many are pending, and how many in review.
    pub fn counts(&self) -> (u32, u32) {
        let reviews = self.entries.values().filter(|entry| matches!(entry.state, State::Review(_))).count();
        let count = |n| u32::try_from(n).unwrap_or(u32::MAX);
        (count(self.entries.len() - reviews), count(reviews))
    }

    /// Mutations whose turn it is; they are being sent from now on.
    pub fn take_ready(&mut self) -> Vec<(u64, Mutation)> {
        let mut busy: Vec<DocumentId> = Vec::new();
        let mut ready = Vec::new();
        for (number, entry) in &mut self.entries {
            if matches!(entry.state, State::Review(_)) {
                continue;
            }
            let free = entry.mutation.touches().all(|id| !busy.contains(id));
            if entry.state == State::Queued && free {
                entry.state = State::Sending;
                ready.push((*number, entry.mutation.clone()));
            }
            busy.extend(entry.mutation.touches().cloned());
        }
        ready
    }

    /// The server could not be reached: the mutation waits again.
    pub fn postpone(&mut self, number: u64) {
        if let Some(entry) = self.entries.get_mut(&number)
            && entry.state == State::Sending
        {
            entry.state = State::Queued;
        }
    }

    /// A mutation has ended. If it failed, it stays for review.
    pub fn settle(&mut self, number: u64, settlement: &Settlement) -> Consequences {
        let Some(entry) = self.entries.remove(&number) else { return Consequences::default() };
        let mutation = entry.mutation.clone();
        if let Some(failure) = settlement.failure() {
            let state = State::Review(failure.clone());
            self.entries.insert(number, Entry { state, ..entry });
        }
        let mut consequences = Consequences::default();
        for (edit, outcome) in mutation.edits.iter().zip(&settlement.outcomes) {
            self.hand_on(&mutation, edit, outcome, &settlement.documents, &mut consequences);
        }
        consequences
    }

    /// Nobody wants a failed mutation any more. Returns its number.
    pub fn discard(&mut self, id: MutationId) -> Option<u64> {
        let number = *self.known.get(&id)?;
        matches!(self.entries.get(&number)?.state, State::Review(_)).then(|| {
            self.entries.remove(&number);
            number
        })
    }

    /// Whoever was to go over what this edit leaves behind learns what that is.
    fn hand_on(
        &mut self,
        mutation: &Mutation,
        edit: &Edit,
        outcome: &Outcome,
        documents: &[Snapshot],
        consequences: &mut Consequences,
    ) {
        for (number, entry) in &mut self.entries {
            if matches!(entry.state, State::Review(_))
                || !follows(&entry.mutation, &edit.document, mutation.id)
            {
                continue;
            }
            if let Outcome::Failed(failure @ Failure::Conflict { .. }) = outcome {
                consequences.failed.push((*number, fail(&entry.mutation, failure)));
                continue;
            }
            let committed = *outcome == Outcome::Committed;
            let left = documents.iter().find(|snapshot| snapshot.id == edit.document);
            for successor in entry.mutation.edits.iter_mut().filter(|other| other.document == edit.document) {
                resolve(successor, mutation.id, edit, committed, left);
            }
            consequences.rewritten.push((*number, entry.mutation.clone()));
        }
        for (number, settlement) in consequences.failed.clone() {
            let further = match self.entries.get(&number) {
                Some(entry) if !matches!(entry.state, State::Review(_)) => self.settle(number, &settlement),
                _ => continue,
            };
            consequences.rewritten.extend(further.rewritten);
            consequences.failed.extend(further.failed);
        }
    }
}

/// Whether a mutation expects what another leaves in a document.
fn follows(mutation: &Mutation, document: &DocumentId, earlier: MutationId) -> bool {
    mutation.edit(document).is_some_and(|edit| match &edit.action {
        Action::Update(changes) => {
            changes.iter().any(|change| change.expected == Expectation::After(earlier))
        }
        Action::Delete { seen } => *seen == Seen::After(earlier),
        Action::Insert(_) => false,
    })
}

fn resolve(successor: &mut Edit, earlier: MutationId, edit: &Edit, committed: bool, left: Option<&Snapshot>) {
    match &mut successor.action {
        Action::Update(changes) => {
            let after = changes.iter_mut().filter(|change| change.expected == Expectation::After(earlier));
            after.for_each(|change| change.expected = expectation_after(edit, &change.path, committed, left));
        }
        Action::Delete { seen } => {
            if let Some(document) = left.and_then(|snapshot| snapshot.document.as_ref()) {
                *seen = Seen::Revision(document.revision());
            }
        }
        Action::Insert(_) => {}
    }
}

/// What a field holds once an edit has ended: its target, or what it went over itself. Under an array the whole array
/// is expected, as the edit left it.
fn expectation_after(edit: &Edit, path: &Path, committed: bool, left: Option<&Snapshot>) -> Expectation {
    let guarded = path.guarded();
    if committed && guarded.as_ref() != Some(path) {
        let document = left.and_then(|snapshot| snapshot.document.as_ref());
        return Expectation::Value(document.and_then(|document| document.value(&guarded?)));
    }
    match &edit.action {
        Action::Update(changes) => match changes.iter().find(|change| change.path == *path) {
            Some(change) if committed => Expectation::Value(change.target.clone()),
            Some(change) => change.expected.clone(),
            None => Expectation::Value(None),
        },
        Action::Insert(document) if committed => Expectation::Value(inserted(document, path)),
        Action::Insert(_) | Action::Delete { .. } => Expectation::Value(None),
    }
}

fn inserted(document: &bson::RawDocument, path: &Path) -> Option<Value> {
    lockstep_model::Document::whole(document).value(path)
}

fn fail(mutation: &Mutation, failure: &Failure) -> Settlement {
    Settlement {
        mutation: mutation.id,
        outcomes: mutation.edits.iter().map(|_| Outcome::Failed(failure.clone())).collect(),
        documents: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
