//! A host's disk: what was recorded is there after a crash, in the order in which it was asked for.

use std::collections::{BTreeMap, VecDeque};

use lockstep_model::{Failure, Mutation, MutationId};
use lockstep_sync::{
    host::RecordId,
    outbox::{Kept, Update},
};

use crate::random::Random;

#[derive(Default)]
pub struct Disk {
    entries: BTreeMap<u64, (Mutation, Kept)>,
    numbered: u64,
    /// Asked for, and not answered yet.
    queue: VecDeque<(RecordId, Vec<Update>)>,
    /// Every mutation that was ever there, each with the one that took its place, if one did.
    accepted: BTreeMap<MutationId, Option<MutationId>>,
}

impl Disk {
    pub fn record(&mut self, id: RecordId, updates: Vec<Update>) {
        self.queue.push_back((id, updates));
    }

    /// The oldest request is answered.
    pub fn answer(&mut self, random: &mut Random, faulty: bool) -> Option<(RecordId, Result<(), Failure>)> {
        let (id, updates) = self.queue.pop_front()?;
        let refuses = faulty && random.percent(3);
        if refuses {
            let written_all_the_same = random.percent(30);
            if written_all_the_same {
                let accepted = self.accepted.clone();
                self.write(updates);
                self.accepted = accepted;
            }
            return Some((id, Err(Failure::internal("the disk is full"))));
        }
        self.write(updates);
        Some((id, Ok(())))
    }

    /// The power goes: some of what was asked for is there, from the oldest on.
    pub fn crash(&mut self, random: &mut Random) {
        let made = random.below(self.queue.len() + 1);
        for (_, updates) in std::mem::take(&mut self.queue).into_iter().take(made) {
            self.write(updates);
        }
        // What was refused and written all the same is there, and goes on its way.
        self.accepted.extend(self.entries.values().map(|(mutation, _)| (mutation.id, None)));
    }

    fn write(&mut self, updates: Vec<Update>) {
        let mut new = None;
        for update in updates {
            match update {
                Update::New(number, mutation) => {
                    new = Some(mutation.id);
                    self.accepted.insert(mutation.id, None);
                    self.numbered = self.numbered.max(number);
                    self.entries.insert(number, (mutation, Kept::Queued));
                }
                Update::Rewritten(number, mutation) => {
                    let kept = self.entries.remove(&number).map_or(Kept::Queued, |(_, kept)| kept);
                    self.entries.insert(number, (mutation, kept));
                }
                Update::State(number, kept) => {
                    if let Some(entry) = self.entries.get_mut(&number) {
                        entry.1 = kept;
                    }
                }
                // right after a new one: that takes its place
                Update::Gone(number) => {
                    if let Some((mutation, _)) = self.entries.remove(&number)
                        && new.is_some()
                    {
                        self.accepted.insert(mutation.id, new);
                    }
                }
            }
        }
    }

    /// The greatest number, and all that there is.
    pub fn contents(&self) -> (u64, Vec<(u64, Mutation, Kept)>) {
        let entry =
            |(number, (mutation, kept)): (&u64, &(Mutation, Kept))| (*number, mutation.clone(), kept.clone());
        (self.numbered, self.entries.iter().map(entry).collect())
    }

    /// Every mutation that was ever there, each with the one that took its place, if one did.
    pub fn accepted(&self) -> &BTreeMap<MutationId, Option<MutationId>> {
        &self.accepted
    }
}
