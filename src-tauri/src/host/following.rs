//! Changes by others: from the change stream, or from asking again and again, to the windows that watch.

use std::{collections::HashMap, time::Duration};

use lockstep_model::{DocumentId, Namespace, Value, contract::FeedEntry};
use lockstep_sync::hub::Audience;

use super::Host;
use crate::database::{Change, ChangeItem, Database};

/// More changed documents of a collection than this are not read one by one: everything of it is invalidated.
const READ_MOST: usize = 500;

/// Where there are no change streams, what is watched is asked for again after this long.
const POLL: Duration = Duration::from_secs(5);

/// After a read of changed documents failed.
const TRY_AGAIN: Duration = Duration::from_secs(1);

impl Host {
    /// Follows the changes of a database, if nobody does yet.
    pub(super) fn follow(&self, name: &str) {
        let Ok(database) = self.database() else { return };
        let mut state = self.state();
        if !state.followers.contains_key(name) {
            let follower = tokio::spawn(self.clone().follow_changes(database, name.to_owned()));
            state.followers.insert(name.to_owned(), follower);
        }
    }

    async fn follow_changes(self, database: Database, name: String) {
        if !self.state().polling {
            let mut changes = database.watch(&name);
            while let Some(item) = changes.next().await {
                match item {
                    ChangeItem::Live => {}
                    ChangeItem::Change(change) => self.note(change),
                    ChangeItem::Lost { namespace } => self.state().invalidate(namespace.as_ref()),
                    ChangeItem::Down(failure) => log::warn!("change stream of {name}: {failure}"),
                    ChangeItem::Unsupported(failure) => {
                        log::info!("no change stream of {name}, polling instead: {failure}");
                        self.state().polling = true;
                    }
                }
            }
        }
        self.poll(&name).await;
    }

    async fn poll(&self, name: &str) {
        let mut tick = tokio::time::interval(POLL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let mut state = self.state();
            let mut watched: Vec<Namespace> =
                state.hub.watched().filter_map(|key| key.namespace().cloned()).collect();
            watched.sort();
            watched.dedup();
            for namespace in watched.iter().filter(|namespace| *namespace.database == *name) {
                state.invalidate(Some(namespace));
            }
        }
    }

    fn note(&self, change: Change) {
        let mut state = self.state();
        let own = state.written.get(&change.id).is_some_and(|written| change.stamp <= *written);
        if own {
            return;
        }
        state.forget_ahead(Some(&change.id.namespace));
        if state.hub.watches(&change.id.namespace) {
            state.changed.insert(change.id, change.stamp);
            self.0.changes.notify_one();
        }
    }

    /// Reads the documents that others changed, all of a moment together, for as long as the host lives. One whose own
    /// write is in flight waits for its reply.
    pub(super) async fn read_changed_documents(self) {
        loop {
            self.0.changes.notified().await;
            let Ok(database) = self.database() else { continue };
            let mut by_collection: HashMap<Namespace, Vec<Value>> = HashMap::new();
            {
                let mut state = self.state();
                let (waiting, free) = std::mem::take(&mut state.changed)
                    .into_iter()
                    .partition(|(id, _)| state.in_flight.contains(id));
                state.changed = waiting;
                let free: HashMap<DocumentId, _> = free;
                for (id, stamp) in free {
                    if state.written.get(&id).is_none_or(|written| stamp > *written) {
                        by_collection.entry(id.namespace).or_default().push(id.id);
                    }
                }
            }
            for (namespace, ids) in by_collection {
                self.read_changed(&database, &namespace, &ids).await;
            }
        }
    }

    async fn read_changed(&self, database: &Database, namespace: &Namespace, ids: &[Value]) {
        if ids.len() > READ_MOST {
            self.state().invalidate(Some(namespace));
            return;
        }
        match database.rows(namespace, ids).await {
            Ok(documents) => {
                let entry = FeedEntry::Documents(documents);
                self.state().hub.publish(Audience::Collection(namespace), &entry);
            }
            Err(failure) => {
                log::warn!("changed documents of {namespace} could not be read: {failure}");
                tokio::time::sleep(TRY_AGAIN).await;
                self.state().invalidate(Some(namespace));
            }
        }
    }
}
