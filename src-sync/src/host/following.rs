//! What others have changed: read once, and told to the windows that watch.
//!
//! Not the change stream itself, which is the shell's.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lockstep_model::{
    ClusterTime, DocumentId, Key, Namespace, Value,
    contract::{FeedEntry, Watching},
    mutation::Snapshot,
};

use super::{ChangeKind, Due, Effect, Host, Read, reading::Whom};
use crate::hub::{Audience, Label};

/// More changed documents of a collection than this are not read one by one: everything of it is invalidated.
const READ_MOST: usize = 500;

/// At most so often: each time all windows read their lists of it again.
const INVALIDATE_EVERY: Duration = Duration::from_secs(1);

/// After a read of changed documents failed.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// So many own writes are remembered.
const WRITTEN_MOST: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Following {
    /// Nothing of this server can be followed.
    unfollowable: bool,
    /// Databases that are followed, or were tried to be.
    followed: BTreeSet<String>,
    /// Databases of which that failed for good.
    unfollowed: BTreeSet<String>,
    /// This host's own last writes, each with a time before it was sent and one of its reply. One change in between is its
    /// echo in the change stream, and no news; a second one is somebody else's.
    written: BTreeMap<DocumentId, Vec<(ClusterTime, ClusterTime)>>,
    /// Documents that have changed and were not read since.
    changed: BTreeMap<Namespace, BTreeSet<Value>>,
    /// Documents that have changed while an own write to them is in flight, with the times of the changes: its reply tells
    /// which one is its own.
    held: BTreeMap<DocumentId, Vec<ClusterTime>>,
    /// Collections whose changed documents are being read; further ones wait, and are read together.
    reading: BTreeSet<Namespace>,
    /// Collections that were invalidated a moment ago since too much had changed, with whether more has since.
    flooded: BTreeMap<Namespace, bool>,
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

    /// Remembers an own write, which was sent after `since` and made no later than `at`.
    pub fn wrote(&mut self, id: DocumentId, since: ClusterTime, at: ClusterTime) {
        // Without a time, or a stream, there is no echo.
        if since >= at || !self.follows(&id.namespace.database) {
            return;
        }
        // What is forgotten is read once more than it has to be.
        if self.written.len() >= WRITTEN_MOST {
            self.written.clear();
        }
        self.written.entry(id).or_default().push((since, at));
    }

    /// Whether a change is the echo of an own write, of which there is one.
    fn is_echo(&mut self, id: &DocumentId, time: ClusterTime) -> bool {
        let Some(written) = self.written.get_mut(id) else { return false };
        // Changes come in their order: what was written before that has had its echo, or has none.
        written.retain(|(_, at)| *at >= time);
        let own = written.iter().position(|(since, _)| *since < time);
        let is_echo = own.map(|own| written.remove(own)).is_some();
        if written.is_empty() {
            self.written.remove(id);
        }
        is_echo
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
        self.send_or_wait();
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

    pub(super) fn changed(&mut self, id: DocumentId, time: ClusterTime, kind: ChangeKind) {
        // With its first document a collection comes into being.
        if self.known.as_mut().is_some_and(|known| known.insert(id.namespace.clone())) {
            self.invalidate_key(&Key::Collections);
        }
        if kind != ChangeKind::Updated {
            self.counting.changed(&id.namespace);
        }
        let in_flight = self.is_in_flight(&id);
        if !in_flight && self.following.is_echo(&id, time) {
            return;
        }
        self.outdate(Some(&id.namespace));
        if !self.hub.watches(&id.namespace) {
            return;
        }
        match in_flight {
            true => self.following.held.entry(id).or_default().push(time),
            false => self.changed_by_others(id),
        }
    }

    /// No own write to this document is in flight any more.
    pub(super) fn no_longer_in_flight(&mut self, id: &DocumentId) {
        let mut times = self.following.held.remove(id).unwrap_or_default();
        times.retain(|time| !self.following.is_echo(id, *time));
        if !times.is_empty() {
            self.changed_by_others(id.clone());
        }
    }

    fn changed_by_others(&mut self, DocumentId { namespace, id }: DocumentId) {
        match self.following.flooded.get_mut(&namespace) {
            Some(more) => *more = true,
            None => _ = self.following.changed.entry(namespace).or_default().insert(id),
        }
    }

    /// Reads the documents that others changed, all of a collection together.
    pub(super) fn read_changes(&mut self) {
        let Following { changed, reading, .. } = &mut self.following;
        let due = |namespace: &Namespace, ids: &mut BTreeSet<Value>| {
            ids.len() > READ_MOST || !reading.contains(namespace)
        };
        let due: Vec<_> = changed.extract_if(.., |namespace, ids| due(namespace, ids)).collect();
        for (namespace, ids) in due {
            if ids.len() > READ_MOST {
                self.flooded(namespace);
                continue;
            }
            self.following.reading.insert(namespace.clone());
            self.begin_read(Read::Rows(namespace, ids.into_iter().collect()), Whom::Changed);
        }
    }

    fn flooded(&mut self, namespace: Namespace) {
        self.invalidate(Some(&namespace));
        self.at(self.now + INVALIDATE_EVERY, Due::Flood(namespace.clone()));
        self.following.flooded.insert(namespace, false);
    }

    /// Whether the flood has gone on is looked at.
    pub(super) fn look_at_flood(&mut self, namespace: Namespace) {
        if self.following.flooded.remove(&namespace) == Some(true) {
            self.flooded(namespace);
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
