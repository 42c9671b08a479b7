//! A mutation's way: from the window to the disk, to the database, and its settlement to all windows.

use std::time::Duration;

use lockstep_model::{
    Failure, Mutation, Outcome, Settlement,
    contract::{Acceptance, Delivery, FeedEntry, MutateReply, MutateRequest, PendingLayer},
};
use lockstep_sync::{hub::Audience, outbox as order};

use super::{Host, checking::check};
use crate::{
    database::{Database, WriteOutcome},
    outbox::{State as Stored, Update},
};

/// The first wait before a mutation is sent again though the server seems to answer; it doubles.
const AGAIN_FIRST: Duration = Duration::from_millis(200);
const AGAIN_MOST: Duration = Duration::from_secs(10);

impl Host {
    /// Accepts mutations: they are on disk when this returns. A repeated one is accepted once.
    pub async fn mutate(&self, request: MutateRequest) -> MutateReply {
        let checks: Vec<_> = {
            let state = self.state();
            request.mutations.iter().map(|mutation| check(mutation, &state.shapes)).collect()
        };
        let fit = request.mutations.iter().zip(&checks).filter(|(_, check)| check.is_ok());
        let fit: Vec<Mutation> = fit.map(|(mutation, _)| mutation.clone()).collect();
        let numbers = match fit.is_empty() {
            true => Ok(Vec::new()),
            false => self.0.outbox.append(fit.clone()).await,
        };
        if let Ok(numbers) = &numbers {
            self.lay(numbers, fit);
        }
        let mut numbers = numbers.map(Vec::into_iter);
        let results = checks.into_iter().map(|check| match (check, &mut numbers) {
            (Err(failure), _) => Acceptance::Refused(failure),
            (Ok(()), Err(failure)) => Acceptance::Refused(failure.clone()),
            (Ok(()), Ok(numbers)) => match numbers.next() {
                Some(number) => Acceptance::Accepted(number),
                None => Acceptance::Refused(Failure::internal("the outbox gave no number")),
            },
        });
        MutateReply { results: results.collect() }
    }

    /// The layers of what was accepted go to all windows, and the mutations on their way.
    fn lay(&self, numbers: &[u64], mutations: Vec<Mutation>) {
        let mut state = self.state();
        let delivery = if state.is_reachable() { Delivery::Syncing } else { Delivery::Queued };
        for (number, mutation) in numbers.iter().copied().zip(mutations) {
            if !state.accepted.insert(mutation.id) {
                continue;
            }
            let layer = PendingLayer { mutation: mutation.clone(), number, delivery };
            // To the window that made it as well: it may have been reloaded meanwhile.
            state.hub.publish(Audience::All, &FeedEntry::Layer(layer));
            state.outbox.accept(number, mutation, order::State::Queued);
        }
        drop(state);
        self.0.work.notify_one();
    }

    /// Sends whatever may be sent, for as long as the host lives.
    pub(super) async fn send_mutations(self) {
        loop {
            self.0.work.notified().await;
            let Ok(database) = self.database() else { continue };
            let ready = {
                let mut state = self.state();
                if !state.is_reachable() {
                    continue;
                }
                let ready = state.outbox.take_ready();
                for (_, mutation) in &ready {
                    state.in_flight.extend(mutation.touches().cloned());
                }
                ready
            };
            for (number, mutation) in ready {
                tokio::spawn(self.clone().send(database.clone(), number, mutation));
            }
        }
    }

    async fn send(self, database: Database, number: u64, mutation: Mutation) {
        let sending = Stored::Sending { since: database.now() };
        if let Err(failure) = self.0.outbox.record(vec![Update::State(number, sending)]).await {
            // not a byte has left: it is as if its turn had not come yet
            log::error!("{failure}");
            return self.postpone(number, &mutation);
        }
        let mut writes = tokio::task::JoinSet::new();
        for (index, edit) in mutation.edits.iter().cloned().enumerate() {
            let database = database.clone();
            writes.spawn(async move { (index, database.commit(&edit).await) });
        }
        let mut written: Vec<(usize, WriteOutcome)> = writes.join_all().await;
        written.sort_by_key(|(index, _)| *index);
        let mut settlement =
            Settlement { mutation: mutation.id, outcomes: Vec::new(), documents: Vec::new() };
        for (_, outcome) in written {
            match outcome {
                WriteOutcome::Committed(snapshot) => {
                    settlement.outcomes.push(Outcome::Committed);
                    settlement.documents.push(snapshot);
                }
                WriteOutcome::Failed { failure, current } => {
                    settlement.outcomes.push(Outcome::Failed(failure));
                    settlement.documents.extend(current);
                }
                // Sent again as a whole: an edit that has arrived finds its target there.
                WriteOutcome::Unreachable(failure) | WriteOutcome::Unknown { failure, .. } => {
                    log::warn!("edit {number} waits: {failure}");
                    return self.postpone(number, &mutation);
                }
            }
        }
        self.settle(number, &mutation, settlement).await;
    }

    fn postpone(&self, number: u64, mutation: &Mutation) {
        let mut state = self.state();
        state.outbox.postpone(number);
        for id in mutation.touches() {
            state.in_flight.remove(id);
        }
        let attempts = state.attempts.entry(number).or_default();
        *attempts += 1;
        let wait = AGAIN_FIRST.saturating_mul(1 << (*attempts - 1).min(8)).min(AGAIN_MOST);
        drop(state);
        self.0.changes.notify_one();
        let host = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            host.0.work.notify_one();
        });
    }

    async fn settle(&self, number: u64, mutation: &Mutation, settlement: Settlement) {
        let mut updates = match settlement.failure() {
            None => vec![Update::Gone(number)],
            Some(failure) => vec![Update::State(number, Stored::Review(failure.clone()))],
        };
        {
            let mut state = self.state();
            state.attempts.remove(&number);
            for snapshot in &settlement.documents {
                state.wrote(snapshot.id.clone(), snapshot.stamp);
            }
            for id in mutation.touches() {
                state.in_flight.remove(id);
                state.forget_ahead(Some(&id.namespace));
            }
            let consequences = state.outbox.settle(number, &settlement);
            state.hub.publish(Audience::All, &FeedEntry::Settled(settlement));
            for (number, failed) in consequences.failed {
                let failure = failed.failure().cloned();
                let review = failure.map(|failure| Update::State(number, Stored::Review(failure)));
                updates.extend(review);
                state.hub.publish(Audience::All, &FeedEntry::Settled(failed));
            }
            let rewritten = consequences.rewritten.into_iter();
            updates.extend(rewritten.map(|(number, mutation)| Update::Rewritten(number, mutation)));
        }
        if let Err(failure) = self.0.outbox.record(updates).await {
            // The file still has the mutation as being sent: at the next start its target is found in place.
            log::error!("{failure}");
        }
        self.0.changes.notify_one();
        self.0.work.notify_one();
    }
}
