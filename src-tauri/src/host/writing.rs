//! A mutation's way: from the window to the disk, to the database, and its settlement to all windows.

use std::time::Duration;

use lockstep_model::{
    Failure, Mutation, Outcome, Settlement,
    contract::{Acceptance, FeedEntry, MutateReply, MutateRequest, PendingLayer},
};
use lockstep_sync::{
    hub::Audience,
    outbox::{Arrival, Consequences},
};

use super::{Host, checking::check, state::State};
use crate::{
    database::{Database, WriteOutcome},
    outbox::{State as Stored, Update},
};

/// The first wait before a mutation is sent again though the server seems to answer; it doubles.
const AGAIN_FIRST: Duration = Duration::from_millis(200);
const AGAIN_MOST: Duration = Duration::from_secs(10);

/// What became of a mutation that a window has sent, up to the disk; an error is: it was never taken.
type Arrived = Result<(Arrival, Mutation), Failure>;

impl Host {
    /// Accepts mutations: they are on disk when this returns. A repeated one is accepted once.
    pub async fn mutate(&self, request: MutateRequest) -> MutateReply {
        let (arrivals, written) = self.receive(request.mutations);
        let written = written.await;
        let results = arrivals.iter().map(|arrival| match (arrival, &written) {
            (Err(failure), _) => Acceptance::Refused(failure.clone()),
            (Ok((Arrival::Accepted(number), _)), _) => Acceptance::Accepted(*number),
            (Ok((Arrival::New(number) | Arrival::Again(number), _)), Ok(())) => Acceptance::Accepted(*number),
            (Ok(_), Err(failure)) => Acceptance::Refused(failure.clone()),
        });
        let results = results.collect();
        self.written(arrivals, written).await;
        MutateReply { results }
    }

    /// Numbers mutations, lays them in all windows at once, and begins to write them to disk.
    fn receive(
        &self,
        mutations: Vec<Mutation>,
    ) -> (Vec<Arrived>, impl Future<Output = Result<(), Failure>> + use<>) {
        let mut state = self.state();
        let (mut arrivals, mut updates) = (Vec::new(), Vec::new());
        for mutation in mutations {
            let arrival = check(&mutation, &state.shapes).map(|()| state.outbox.arrive(mutation.clone()));
            match arrival {
                Ok(Arrival::New(number)) => {
                    state.publish_layer(number, mutation.clone());
                    updates.push(Update::New(number, mutation.clone()));
                }
                Ok(Arrival::Again(number)) => updates.push(Update::New(number, mutation.clone())),
                Ok(Arrival::Accepted(_)) | Err(_) => {}
            }
            arrivals.push(arrival.map(|arrival| (arrival, mutation)));
        }
        // Still under the lock: so the file has them in the order of their numbers.
        let written = (!updates.is_empty()).then(|| self.0.outbox.record(updates));
        let written = async {
            match written {
                Some(written) => written.await,
                None => Ok(()),
            }
        };
        (arrivals, written)
    }

    /// The disk has taken mutations, and they go on their way; or it has not, and their layers go.
    async fn written(&self, arrivals: Vec<Arrived>, written: Result<(), Failure>) {
        let mut updates = Vec::new();
        {
            let mut state = self.state();
            for (arrival, mutation) in arrivals.into_iter().flatten() {
                let (Arrival::New(number) | Arrival::Again(number)) = arrival else { continue };
                match &written {
                    Ok(()) if state.outbox.accept(number, &mutation) => state.publish_layer(number, mutation),
                    Ok(()) => {}
                    Err(failure) => {
                        let Some(consequences) = state.outbox.refuse(number, failure) else { continue };
                        let (mutation, failure) = (mutation.id, failure.clone());
                        state.hub.publish(Audience::All, &FeedEntry::Refused { mutation, failure });
                        updates.extend(state.follow_up(consequences));
                    }
                }
            }
        }
        if !updates.is_empty()
            && let Err(failure) = self.0.outbox.record(updates).await
        {
            log::error!("{failure}");
        }
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
            updates.extend(state.follow_up(consequences));
        }
        if let Err(failure) = self.0.outbox.record(updates).await {
            // The file still has the mutation as being sent: at the next start its target is found in place.
            log::error!("{failure}");
        }
        self.0.changes.notify_one();
        self.0.work.notify_one();
    }
}

impl State {
    /// The layer goes to all windows, to the one that made it as well: it may have been reloaded meanwhile.
    fn publish_layer(&mut self, number: u64, mutation: Mutation) {
        let layer = PendingLayer { mutation, number, delivery: self.outbox.delivery() };
        self.hub.publish(Audience::All, &FeedEntry::Layer(layer));
    }

    /// Tells the windows what a mutation's end means for those that were made on top of it; returns what the disk has
    /// to know of it.
    fn follow_up(&mut self, consequences: Consequences) -> Vec<Update> {
        let Consequences { rewritten, failed } = consequences;
        let mut updates = Vec::new();
        for (number, failed) in failed {
            let failure = failed.failure().cloned();
            updates.extend(failure.map(|failure| Update::State(number, Stored::Review(failure))));
            self.hub.publish(Audience::All, &FeedEntry::Settled(failed));
        }
        updates.extend(rewritten.into_iter().map(|(number, mutation)| Update::Rewritten(number, mutation)));
        updates
    }
}
