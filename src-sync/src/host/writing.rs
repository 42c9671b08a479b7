//! A mutation's way from the window to the disk: numbered, laid in all windows, and accepted once it is written.
//!
//! Not its way on to the database: that is `sending`.

use std::collections::BTreeMap;

use lockstep_model::{
    Failure, Mutation, MutationId,
    contract::{Acceptance, FeedEntry, MutateReply, PendingLayer},
};

use super::{Call, Effect, Host, RecordId, checking::check};
use crate::{
    hub::Audience,
    outbox::{Arrival, Consequences, Kept, Update},
};

/// What is being written to disk, and who waits for that.
#[derive(Debug, Default)]
pub(super) struct Records {
    made: u64,
    under_way: BTreeMap<RecordId, Purpose>,
    /// Calls of `mutate` that are not replied to yet.
    calls: BTreeMap<Call, Vec<Option<Acceptance>>>,
    /// Mutations that are being written, each with the places in the calls that wait for it.
    waiting: BTreeMap<u64, Vec<(Call, usize)>>,
}

#[derive(Debug)]
enum Purpose {
    /// These mutations are accepted then.
    Accept(Vec<u64>),
    /// These may be sent then.
    Send(Vec<u64>),
    /// This failed mutation is forgotten then.
    Discard(Call, MutationId),
    /// The file is up to date then; nobody waits for it.
    Note,
}

impl Host {
    pub(super) fn mutate(&mut self, call: Call, mutations: Vec<Mutation>) {
        let (mut results, mut updates, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for (place, mutation) in mutations.into_iter().enumerate() {
            let arrival = check(&mutation, &self.shapes).map(|()| self.outbox.arrive(mutation.clone()));
            results.push(match arrival {
                Err(failure) => Some(Acceptance::Refused(failure)),
                Ok(Arrival::Accepted(number)) => Some(Acceptance::Accepted(number)),
                Ok(Arrival::Again(number)) => {
                    self.records.waiting.entry(number).or_default().push((call, place));
                    None
                }
                Ok(Arrival::New { number, mutation: kept, supersedes }) => {
                    self.publish_layer(number, mutation);
                    updates.push(Update::New(number, kept));
                    updates.extend(supersedes.map(Update::Gone));
                    new.push(number);
                    self.records.waiting.insert(number, vec![(call, place)]);
                    None
                }
            });
        }
        self.records.calls.insert(call, results);
        if !new.is_empty() {
            self.record(updates, Purpose::Accept(new));
        }
        self.reply_if_complete(call);
    }

    pub(super) fn discard(&mut self, call: Call, id: MutationId) {
        let review = self.outbox.reviews().find(|review| review.mutation.id == id);
        match review {
            Some(review) => self.record(vec![Update::Gone(review.number)], Purpose::Discard(call, id)),
            None => {
                let message = "this failed edit was decided on already".into();
                self.effects.push(Effect::Discarded(call, Err(Failure::NotFound { message })));
            }
        }
    }

    pub(super) fn record_sending(&mut self, updates: Vec<Update>, numbers: Vec<u64>) {
        self.record(updates, Purpose::Send(numbers));
    }

    /// Brings the file up to date.
    pub(super) fn note(&mut self, updates: Vec<Update>) {
        if !updates.is_empty() {
            self.record(updates, Purpose::Note);
        }
    }

    fn record(&mut self, updates: Vec<Update>, purpose: Purpose) {
        self.records.made += 1;
        let id = RecordId(self.records.made);
        self.records.under_way.insert(id, purpose);
        self.effects.push(Effect::Record(id, updates));
    }

    pub(super) fn recorded(&mut self, id: RecordId, result: Result<(), Failure>) {
        match self.records.under_way.remove(&id) {
            Some(Purpose::Accept(numbers)) => {
                numbers.into_iter().for_each(|number| self.accepted(number, &result));
            }
            Some(Purpose::Send(numbers)) => {
                numbers.into_iter().for_each(|number| self.may_send(number, result.is_ok()));
            }
            Some(Purpose::Discard(call, mutation)) => {
                if result.is_ok() && self.outbox.discard(mutation).is_some() {
                    self.hub.publish(Audience::All, &FeedEntry::ReviewClosed(mutation));
                }
                self.effects.push(Effect::Discarded(call, result));
            }
            // Where it failed, the file still has the mutation as being sent: at the next start the database is asked.
            Some(Purpose::Note) | None => {}
        }
    }

    /// The disk has taken a mutation, and it goes on its way; or it has not, and its layer goes.
    fn accepted(&mut self, number: u64, result: &Result<(), Failure>) {
        let acceptance = match result {
            Ok(()) => {
                let accepted = self.outbox.accept(number);
                if let Some((_, superseded)) = accepted.superseded {
                    self.hub.publish(Audience::All, &FeedEntry::Superseded(superseded));
                }
                self.follow_up(accepted.consequences);
                self.work = true;
                Acceptance::Accepted(number)
            }
            Err(failure) => {
                if let Some((mutation, consequences)) = self.outbox.refuse(number, failure) {
                    let failure = failure.clone();
                    self.hub.publish(Audience::All, &FeedEntry::Refused { mutation, failure });
                    self.follow_up(consequences);
                    self.work = true;
                }
                Acceptance::Refused(failure.clone())
            }
        };
        for (call, place) in self.records.waiting.remove(&number).unwrap_or_default() {
            if let Some(results) = self.records.calls.get_mut(&call) {
                results[place] = Some(acceptance.clone());
            }
            self.reply_if_complete(call);
        }
    }

    fn reply_if_complete(&mut self, call: Call) {
        let complete = |results: &Vec<Option<Acceptance>>| results.iter().all(Option::is_some);
        if self.records.calls.get(&call).is_some_and(complete) {
            let results = self.records.calls.remove(&call).into_iter().flatten().flatten().collect();
            self.effects.push(Effect::Mutated(call, MutateReply { results }));
        }
    }

    /// The layer goes to all windows, to the one that made it as well: it may have been reloaded meanwhile.
    fn publish_layer(&mut self, number: u64, mutation: Mutation) {
        let layer = PendingLayer { mutation, number, delivery: self.outbox.delivery() };
        self.hub.publish(Audience::All, &FeedEntry::Layer(layer));
    }

    /// What a mutation's end means for those that were made on top of it: told to the windows and to the disk.
    pub(super) fn follow_up(&mut self, consequences: Consequences) {
        let updates = self.tell_consequences(consequences);
        self.note(updates);
    }

    /// Tells the windows; returns what the disk has to know.
    pub(super) fn tell_consequences(
        &mut self,
        Consequences { rewritten, failed }: Consequences,
    ) -> Vec<Update> {
        let mut updates = Vec::new();
        for (number, failed) in failed {
            let failure = failed.failure().cloned();
            updates.extend(failure.map(|failure| Update::State(number, Kept::Review(failure))));
            self.attempts.forget(number);
            self.hub.publish(Audience::All, &FeedEntry::Settled(failed));
        }
        updates.extend(rewritten.into_iter().map(|(number, mutation)| Update::Rewritten(number, mutation)));
        updates
    }
}
