//! A database's changes, as the host's inputs.

use lockstep_sync::host::Input;

use super::{Host, lock};
use crate::database::{Change, ChangeItem, Database};

impl Host {
    /// Follows the changes of a database, in the place of whoever did before.
    pub(super) fn follow(&self, name: String) {
        let Some(database) = self.database() else { return };
        let follower = tokio::spawn(self.clone().follow_changes(database, name.clone()));
        if let Some(before) = lock(&self.0.followers).insert(name, follower) {
            before.abort();
        }
    }

    /// Another database takes the place of the one that is followed.
    pub(super) fn follow_none(&self) {
        for (_, follower) in lock(&self.0.followers).drain() {
            follower.abort();
        }
    }

    async fn follow_changes(self, database: Database, name: String) {
        let mut changes = database.watch(&name);
        while let Some(item) = changes.next().await {
            match item {
                ChangeItem::Live => {}
                ChangeItem::Change(Change { id, time, kind }) => self.take(Input::Changed(id, time, kind)),
                ChangeItem::Lost { namespace } => self.take(Input::Lost(namespace)),
                ChangeItem::Down(failure) => log::warn!("change stream of {name}: {failure}"),
                ChangeItem::Unsupported(failure) => {
                    log::info!("no change stream of {name}, polling instead: {failure}");
                    self.take(Input::Unfollowed(name.clone()));
                }
            }
        }
    }
}
