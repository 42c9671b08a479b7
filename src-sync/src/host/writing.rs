//! A mutation's way from the window to the disk: numbered, laid in all windows, and accepted once it is written.
//!
//! Not its way on to the database, which is `sending`, nor how the file follows that, which is `journal`.

use std::collections::BTreeMap;

use lockstep_model::{
    Failure, Mutation, Settlement,
    contract::{Acceptance, DiscardRequest, FeedEntry, MutateReply, PendingLayer},
};

use super::{Call, Effect, Host, RecordId, checking::check};
use crate::{
    hub::Audience,
    outbox::{Arrival, Consequences, Discarded, Kept, Undiscardable, Update},
};

/// Mutations that are being written to disk, and who waits for that.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// What one call brought is written in one piece.
    under_way: BTreeMap<RecordId, Vec<u64>>,
    /// Calls of `mutate` that are not replied to yet.
    calls: BTreeMap<Call, Vec<Option<Acceptance>>>,
    /// Mutations that are being written, each with the places in the calls that wait for it.
    waiting: BTreeMap<u64, Vec<(Call, usize)>>,
    /// Mutations that are being discarded.
    discards: BTreeMap<RecordId, (Call, u64)>,
    /// Those that are to be discarded as soon as they are written.
    to_discard: BTreeMap<u64, Vec<(Call, DiscardRequest)>>,
}

impl Host {
    pub(super) fn mutate(&mut self, call: Call, mutations: Vec<Mutation>) {
        let (mut results, mut updates, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for (place, mutation) in mutations.into_iter().enumerate() {
            let checked = check(&mutation, &self.shapes).and_then(|()| self.connection.allows(&mutation));
            let arrival = checked.map(|()| self.outbox.arrive(mutation.clone()));
            results.push(match arrival {
                Err(failure) => Some(Acceptance::Refused(failure)),
                Ok(Arrival::Accepted(number)) => Some(Acceptance::Accepted(number)),
                Ok(Arrival::Again(number)) => {
                    self.arrivals.waiting.entry(number).or_default().push((call, place));
                    None
                }
                Ok(Arrival::New { number, mutation: kept, supersedes }) => {
                    self.publish_layer(number, mutation);
                    updates.push(Update::New(number, kept));
                    updates.extend(supersedes.map(Update::Gone));
                    new.push(number);
                    self.arrivals.waiting.insert(number, vec![(call, place)]);
                    None
                }
            });
        }
        self.arrivals.calls.insert(call, results);
        if !new.is_empty() {
            let id = self.record(updates);
            self.arrivals.under_way.insert(id, new);
        }
        self.reply_if_complete(call);
    }

    pub(super) fn discard(&mut self, call: Call, request: DiscardRequest) {
        let failure = match self.outbox.give_up(request.mutation, request.only_unsent) {
            Ok(number) => {
                let record = self.record(vec![Update::Gone(number)]);
                self.arrivals.discards.insert(record, (call, number));
                return;
            }
            Err(Undiscardable::NotYet(number)) => {
                self.arrivals.to_discard.entry(number).or_default().push((call, request));
                return;
            }
            Err(Undiscardable::Gone) => {
                Failure::NotFound { message: "this edit has ended, or was discarded already".into() }
            }
            Err(Undiscardable::UnderWay) => {
                Failure::invalid("this edit is on its way at this moment: its answer comes first")
            }
        };
        self.effects.push(Effect::Discarded(call, Err(failure)));
    }

    /// Has something written to disk.
    pub(super) fn record(&mut self, updates: Vec<Update>) -> RecordId {
        self.records += 1;
        let id = RecordId(self.records);
        self.effects.push(Effect::Record(id, updates));
        id
    }

    pub(super) fn recorded(&mut self, id: RecordId, result: Result<(), Failure>) {
        if let Some(numbers) = self.arrivals.under_way.remove(&id) {
            numbers.into_iter().for_each(|number| self.accepted(number, &result));
        } else if let Some((call, number)) = self.arrivals.discards.remove(&id) {
            match result {
                Ok(()) => self.discarded(number),
                Err(_) => self.not_discarded(number),
            }
            self.effects.push(Effect::Discarded(call, result));
        } else {
            self.journalled(id, result.is_ok());
        }
    }

    fn discarded(&mut self, number: u64) {
        let attempts = &mut self.attempts;
        let ended = |mutation: &Mutation| {
            let (outcomes, documents) = attempts.give_up(number, mutation);
            Settlement::of(mutation, outcomes, documents)
        };
        match self.outbox.discard(number, ended) {
            None => return,
            Some(Discarded::Failed(id)) => self.hub.publish(Audience::All, &FeedEntry::ReviewClosed(id)),
            Some(Discarded::Waiting(settlement, consequences)) => {
                // A part of it may be done: nobody else tells of that any more.
                self.cache_documents(&settlement.documents);
                if !settlement.documents.is_empty() {
                    self.hub.publish(Audience::All, &FeedEntry::Documents(settlement.documents));
                }
                self.hub.publish(Audience::All, &FeedEntry::Withdrawn(settlement.mutation));
                self.follow_up(consequences);
                self.work = true;
            }
        }
        self.journal.extend([Update::Gone(number)]);
    }

    /// The disk has refused to forget it, and may have forgotten it all the same.
    fn not_discarded(&mut self, number: u64) {
        let Some((mutation, failure)) = self.outbox.keep(number) else { return };
        let kept = failure.map_or_else(|| self.attempts.kept(number), Kept::Review);
        self.journal.extend([Update::Rewritten(number, mutation), Update::State(number, kept)]);
        self.work = true;
    }

    /// The disk has taken a mutation, and it goes on its way; or it has not, and its layer goes.
    fn accepted(&mut self, number: u64, result: &Result<(), Failure>) {
        let acceptance = match result {
            Ok(()) => {
                let accepted = self.outbox.accept(number);
                if let Some((place, superseded)) = accepted.superseded {
                    self.journal.extend([Update::Gone(place)]);
                    self.hub.publish(Audience::All, &FeedEntry::Withdrawn(superseded));
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
                    // A disk that reports an error may have written it all the same.
                    self.journal.extend([Update::Gone(number)]);
                    self.work = true;
                }
                Acceptance::Refused(failure.clone())
            }
        };
        for (call, place) in self.arrivals.waiting.remove(&number).unwrap_or_default() {
            if let Some(results) = self.arrivals.calls.get_mut(&call) {
                results[place] = Some(acceptance.clone());
            }
            self.reply_if_complete(call);
        }
        for (call, request) in self.arrivals.to_discard.remove(&number).unwrap_or_default() {
            self.discard(call, request);
        }
    }

    fn reply_if_complete(&mut self, call: Call) {
        let complete = |results: &Vec<Option<Acceptance>>| results.iter().all(Option::is_some);
        if self.arrivals.calls.get(&call).is_some_and(complete) {
            let results = self.arrivals.calls.remove(&call).into_iter().flatten().flatten().collect();
            self.effects.push(Effect::Mutated(call, MutateReply { results }));
        }
    }

    /// The layer goes to all windows, to the one that made it as well: it may have been reloaded meanwhile.
    fn publish_layer(&mut self, number: u64, mutation: Mutation) {
        let layer = PendingLayer { mutation, number, delivery: self.outbox.delivery() };
        self.hub.publish(Audience::All, &FeedEntry::Layer(layer));
    }

    /// What a mutation's end means for those that were made on top of it: told to the windows and to the disk.
    pub(super) fn follow_up(&mut self, Consequences { rewritten, failed }: Consequences) {
        self.journal
            .extend(rewritten.into_iter().map(|(number, mutation)| Update::Rewritten(number, mutation)));
        for (number, failed) in failed {
            let failure = failed.failure();
            self.journal.extend(failure.map(|failure| Update::State(number, Kept::Review(failure))));
            self.attempts.forget(number);
            self.hub.publish(Audience::All, &FeedEntry::Settled(failed));
        }
    }
}
