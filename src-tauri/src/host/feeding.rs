//! What a window is told: all at once when it attaches, and piece by piece from then on.

use std::time::Duration;

use lockstep_model::{
    Failure, Key, MutationId, Namespace,
    contract::{Answer, Boot, Missed, PendingLayer, Review, Since, SyncStatus, Watching},
};

use super::Host;
use crate::outbox::Update;
use lockstep_model::contract::FeedEntry;
use lockstep_sync::hub::Audience;

/// Between two batches to the same window: about half a frame, so that at most one event comes per frame.
const BREATH: Duration = Duration::from_millis(8);

/// The reply to `attach`, but for the view.
pub struct Attachment {
    /// Which run of the host.
    pub boot: Boot,
    /// The feed's number that all of this is at.
    pub seq: u64,
    /// All mutations that are not settled.
    pub pending: Vec<PendingLayer>,
    /// All failed ones that nobody decided on.
    pub reviews: Vec<Review>,
    /// The greatest number given to a mutation.
    pub numbered: u64,
    /// What was read ahead.
    pub first: Vec<(Key, Answer)>,
    /// How host and database stand to each other.
    pub status: SyncStatus,
}

impl Host {
    /// A window begins, or begins again. `keys` are those that it will ask for first.
    pub fn attach(&self, label: &str, keys: &[Key]) -> Attachment {
        let mut state = self.state();
        let first = keys.iter().filter_map(|key| Some((key.clone(), state.ahead.get(key)?.clone())));
        let first = first.collect();
        Attachment {
            boot: state.hub.boot(),
            seq: state.hub.attach(label),
            pending: state.outbox.pending().collect(),
            reviews: state.outbox.reviews().collect(),
            numbered: state.outbox.numbered(),
            first,
            status: state.status(),
        }
    }

    /// A window has gone.
    pub fn detach(&self, label: &str) {
        self.state().hub.close(label);
    }

    /// A window watches other keys than before.
    pub fn watch(&self, label: &str, watching: Watching) {
        let databases: Vec<Namespace> = watching.added.iter().filter_map(Key::namespace).cloned().collect();
        self.state().hub.watch(label, watching);
        for namespace in databases {
            self.follow(&namespace.database);
        }
    }

    /// What a window has missed.
    pub fn feed_since(&self, label: &str, since: Since) -> Missed {
        self.state().hub.since(label, since.boot, since.seq)
    }

    /// A window has applied its feed up to there.
    pub fn acknowledge(&self, label: &str, since: Since) {
        self.state().hub.acknowledge(label, since.boot, since.seq);
    }

    /// How host and database stand to each other.
    pub fn status(&self) -> SyncStatus {
        self.state().status()
    }

    /// The app gained or lost the focus.
    pub fn focus(&self, focused: bool) {
        self.state().hub.publish(Audience::All, &FeedEntry::Focus(focused));
    }

    /// Ends the review of a failed mutation.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where it is not in review, [`Failure::Internal`] where the disk refuses.
    pub async fn discard(&self, id: MutationId) -> Result<(), Failure> {
        let missing = || Failure::NotFound { message: "this failed edit was decided on already".into() };
        let number = {
            let state = self.state();
            let review = state.outbox.reviews().find(|review| review.mutation.id == id);
            review.ok_or_else(missing)?.number
        };
        self.0.outbox.record(vec![Update::Gone(number)]).await?;
        let mut state = self.state();
        if state.outbox.discard(id).is_some() {
            state.hub.publish(Audience::All, &FeedEntry::ReviewClosed(id));
        }
        Ok(())
    }

    /// Sends what was published, at most once in [`BREATH`], for as long as the host lives.
    pub(super) async fn feed_windows(self) {
        loop {
            self.0.doorbell.notified().await;
            // Taken under the lock without [`Host::state`]: letting that go would ring the bell again.
            let batches = match self.0.state.lock() {
                Ok(mut state) => state.hub.drain(),
                Err(poisoned) => poisoned.into_inner().hub.drain(),
            };
            if batches.is_empty() {
                continue;
            }
            for (label, batch) in batches {
                (self.0.deliver)(&label, batch);
            }
            tokio::time::sleep(BREATH).await;
        }
    }
}
