//! What others have changed: read once, and told to the windows that watch.
//!
//! Not the change stream itself, which is the shell's.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lockstep_model::{
    DocumentId, Key, Namespace, Stamp, Value,
    contract::{FeedEntry, Watching},
    mutation::Snapshot,
};

use super::{Due, Effect, Host, Read, reading::Whom};
use crate::hub::{Audience, Label};

/// More changed documents of a collection than this are not read one by one: everything of it is invalidated.
const READ_MOST: usize = 500;

/// After a read of changed documents failed.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// So many stamps of own writes are kept.
const WRITTEN_MOST: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Following {
    /// Nothing of this server can be followed.
    unfollowable: bool,
    /// Databases that are followed, or were tried to be.
    followed: BTreeSet<String>,
    /// Databases of which that failed for good.
    unfollowed: BTreeSet<String>,
    /// Stamps of this host's own last writes: their echo in the change stream is no news.
    written: BTreeMap<DocumentId, Stamp>,
    /// Documents that others have changed and that were not read since, with the last change's stamp.
    changed: BTreeMap<DocumentId, Stamp>,
    /// Collections whose changed documents are being read; further ones wait, and are read together.
    reading: BTreeSet<Namespace>,
}

impl Following {
    /// Whether any watched database has to be polled.
    pub fn is_partial(&self) -> bool {
        self.unfollowable || !self.unfollowed.is_empty()
    }

    /// Whether the changes of this database come by themselves.
    pub fn follows(&self, database: &str) -> bool {
        !self.unfollowable && !self.unfollowed.contains(database)
    }

    /// Remembers the stamp of an own write.
    pub fn wrote(&mut self, id: DocumentId, stamp: Stamp) {
        if self.written.len() >= WRITTEN_MOST {
            self.written.clear();
        }
        let written = self.written.entry(id).or_default();
        *written = stamp.max(*written);
    }

    fn is_own(&self, id: &DocumentId, stamp: Stamp) -> bool {
        self.written.get(id).is_some_and(|written| stamp <= *written)
    }
}

impl Host {
    pub(super) fn connected(&mut self, followable: bool) {
        let again = std::mem::replace(&mut self.connection.is_open, true);
        self.following = Following { unfollowable: !followable, ..Following::default() };
        if again {
            self.invalidate(None);
        }
        let watched: Vec<_> = self.hub.watched().filter_map(|key| key.namespace().cloned()).collect();
        watched.iter().for_each(|namespace| self.follow(namespace));
        self.rearm_polls();
        self.work = true;
    }

    pub(super) fn unfollowed(&mut self, database: String) {
        self.following.unfollowed.insert(database);
        self.rearm_polls();
    }

    pub(super) fn watch(&mut self, label: &Label, watching: Watching) {
        let keys: Vec<_> =
            watching.added.iter().map(|(key, _)| key).chain(&watching.removed).cloned().collect();
        self.hub.watch(label, watching);
        for key in keys {
            if let Some(namespace) = key.namespace()
                && self.connection.is_open
            {
                self.follow(namespace);
            }
            self.arm_poll(&key);
        }
    }

    fn follow(&mut self, namespace: &Namespace) {
        if !self.following.unfollowable && self.following.followed.insert(namespace.database.to_string()) {
            self.effects.push(Effect::Follow(namespace.database.to_string()));
        }
    }

    /// Changes of a collection may have been missed, or it came or went.
    pub(super) fn lost(&mut self, namespace: Option<&Namespace>) {
        self.invalidate(namespace);
        self.invalidate_key(&Key::Collections);
    }

    pub(super) fn changed(&mut self, id: DocumentId, stamp: Stamp) {
        // With its first document a collection comes into being.
        if self.known.as_mut().is_some_and(|known| known.insert(id.namespace.clone())) {
            self.invalidate_key(&Key::Collections);
        }
        if self.following.is_own(&id, stamp) {
            return;
        }
        self.outdate(Some(&id.namespace));
        if self.hub.watches(&id.namespace) {
            self.following.changed.insert(id, stamp);
        }
    }

    /// Reads the documents that others changed, all of a collection together. One whose own write is in flight waits for its
    /// reply.
    pub(super) fn read_changes(&mut self) {
        if self.following.changed.is_empty() {
            return;
        }
        let mut free: BTreeMap<Namespace, Vec<Value>> = BTreeMap::new();
        for (id, stamp) in std::mem::take(&mut self.following.changed) {
            if self.following.is_own(&id, stamp) {
                continue;
            }
            if self.is_in_flight(&id) || self.following.reading.contains(&id.namespace) {
                self.following.changed.insert(id, stamp);
            } else {
                free.entry(id.namespace).or_default().push(id.id);
            }
        }
        for (namespace, ids) in free {
            if ids.len() > READ_MOST {
                self.invalidate(Some(&namespace));
                continue;
            }
            self.following.reading.insert(namespace.clone());
            self.begin_read(Read::Rows(namespace, ids), Whom::Changed);
        }
    }

    pub(super) fn publish_documents(&mut self, read: &Read, documents: &[Snapshot]) {
        if let Read::Rows(namespace, _) = read {
            let audience = Audience::Collection(namespace);
            self.hub.publish_with(audience, || FeedEntry::Documents(documents.to_vec()));
        }
    }

    /// Changed documents were read, or could not be.
    pub(super) fn changes_read(&mut self, read: &Read, succeeded: bool) {
        let Read::Rows(namespace, _) = read else { return };
        self.following.reading.remove(namespace);
        if !succeeded {
            self.at(self.now + TRY_AGAIN, Due::Invalidate(namespace.clone()));
        }
    }
}
