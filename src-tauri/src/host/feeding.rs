//! The feed out to the windows, and what a window says of it.

use std::time::Duration;

use lockstep_model::{
    Key, Workspace,
    contract::{CachedAnswer, Missed, Since, SyncStatus, View, Watching},
};
use lockstep_sync::host::Input;

use super::{Attachment, Host};

/// Between two batches to the same window: about half a frame, so that at most one event comes per frame.
const BREATH: Duration = Duration::from_millis(8);

impl Host {
    /// A page of a window begins, or begins again. `keys` are those that it will ask for first.
    ///
    /// # Errors
    /// The number of the page that has begun, if that is a later one.
    pub fn attach(&self, label: &str, page: u32, keys: &[Key]) -> Result<Attachment, u32> {
        self.decides().attach(label, page, keys)
    }

    /// What the disk has of these keys, which a window with that view asks for.
    pub async fn cached(&self, view: View, keys: Vec<Key>) -> Vec<CachedAnswer> {
        self.0.cache.find(view, keys).await
    }

    /// The app ends: what may be lost is written as well, if the disk lets it.
    pub fn close(&self) {
        self.0.cache.close();
    }

    /// A window has gone.
    pub fn detach(&self, label: &str) {
        self.take(Input::Close(label.to_owned()));
    }

    /// A window watches other keys than before.
    pub fn watch(&self, label: &str, watching: Watching) {
        self.take(Input::Watch(label.to_owned(), watching));
    }

    /// What a window has missed.
    pub fn feed_since(&self, label: &str, since: Since) -> Missed {
        self.decides().feed_since(label, since)
    }

    /// A window has applied its feed up to there.
    pub fn acknowledge(&self, label: &str, since: Since) {
        self.decides().acknowledge(label, since);
    }

    /// How host and database stand to each other.
    pub fn status(&self) -> SyncStatus {
        self.decides().status()
    }

    /// What a person keeps is this from now on.
    pub fn keep_workspace(&self, workspace: Workspace) {
        self.take(Input::Workspace(workspace));
    }

    /// The app gained or lost the focus.
    pub fn focus(&self, focused: bool) {
        self.take(Input::Focus(focused));
    }

    /// Sends what was published, at most once in [`BREATH`], for as long as the host lives.
    pub(super) async fn feed_windows(self) {
        loop {
            self.0.doorbell.notified().await;
            let batches = self.decides().drain();
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
