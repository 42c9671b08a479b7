//! Everything of the host that changes, behind one lock: so what a window is told at attach and what the feed goes on
//! with belong together.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use lockstep_model::{
    DocumentId, Failure, Key, Namespace, Segment, Stamp,
    contract::{Answer, Boot, Delivery, Disturbance, FeedEntry, Link, SyncStatus},
};
use lockstep_sync::{
    hub::{Audience, Hub},
    outbox::{self, Outbox},
};
use tokio::task::JoinHandle;

use super::checking::Shapes;
use crate::outbox as disk;

pub(super) struct State {
    pub hub: Hub,
    pub outbox: Outbox,
    /// Documents that are being written: what the change stream says of them waits for the reply.
    pub in_flight: HashSet<DocumentId>,
    /// Stamps of this host's own last writes: their echo in the change stream is no news.
    pub written: HashMap<DocumentId, Stamp>,
    /// How often each mutation could not be sent.
    pub attempts: HashMap<u64, u32>,
    /// Documents that others have changed and that were not read since, with the last change's stamp.
    pub changed: HashMap<DocumentId, Stamp>,
    /// Answers read ahead for windows that are about to open, as long as nothing changed.
    pub ahead: HashMap<Key, Answer>,
    /// By the collections' validators, as they were read last.
    pub shapes: Shapes,
    /// How many documents each collection had when they were counted last.
    pub counts: HashMap<Namespace, u64>,
    /// They are being counted.
    pub counting: bool,
    /// Change streams by database.
    pub followers: HashMap<String, JoinHandle<()>>,
    /// There are no change streams here.
    pub polling: bool,
    disturbance: Disturbance,
    reachable: bool,
    /// The server is being opened for the first time, and nothing stands in the way so far.
    opening: bool,
    server: String,
    trouble: Option<Failure>,
    contact: Option<SystemTime>,
    /// What the windows were told last.
    told: Option<SyncStatus>,
}

/// So many stamps of own writes are kept.
const WRITTEN_MOST: usize = 4_096;

impl State {
    pub fn restored(boot: Boot, entries: Vec<disk::Entry>, next_number: u64, damaged: Option<&Path>) -> Self {
        let entries = entries.into_iter().map(|disk::Entry { number, mutation, state }| {
            let state = match state {
                // An edit that may have arrived is sent once more: where it did, its target is there already.
                disk::State::Queued | disk::State::Sending { .. } => outbox::State::Queued,
                disk::State::Review(failure) => outbox::State::Review(failure),
            };
            (number, mutation, state)
        });
        let mut outbox = Outbox::restored(next_number.saturating_sub(1), entries);
        outbox.set_offline(true);
        let trouble = damaged.map(|path| {
            Failure::internal(format!(
                "the outbox was damaged and is kept at {}; edits that were not saved yet may be in it",
                path.display()
            ))
        });
        Self {
            hub: Hub::new(boot),
            outbox,
            in_flight: HashSet::new(),
            written: HashMap::new(),
            attempts: HashMap::new(),
            changed: HashMap::new(),
            ahead: HashMap::new(),
            shapes: Shapes::new(),
            counts: HashMap::new(),
            counting: false,
            followers: HashMap::new(),
            polling: false,
            disturbance: Disturbance::default(),
            reachable: false,
            opening: true,
            server: String::new(),
            trouble,
            contact: None,
            told: None,
        }
    }

    pub fn is_reachable(&self) -> bool {
        self.reachable
    }

    pub fn trouble(&self) -> Option<&Failure> {
        self.trouble.as_ref()
    }

    pub fn set_server(&mut self, server: String) {
        self.server = server;
    }

    pub fn set_disturbance(&mut self, disturbance: Disturbance) {
        self.disturbance = disturbance;
    }

    /// Something stands in the way of the connection.
    pub fn set_trouble(&mut self, failure: Failure) {
        self.trouble = Some(failure);
        self.opening = false;
    }

    /// What has to be done before the first connection, and takes a while.
    pub fn set_preparing(&mut self, message: &str) {
        self.trouble = Some(Failure::Unreachable { message: message.into() });
    }

    /// The server answers, or it does not and why.
    pub fn set_reachable(&mut self, trouble: Option<String>, contact: Option<SystemTime>) {
        let reachable = trouble.is_none();
        self.contact = contact.or(self.contact);
        self.trouble = trouble.map(|message| Failure::Unreachable { message });
        self.opening = false;
        if std::mem::replace(&mut self.reachable, reachable) == reachable {
            return;
        }
        self.hub.publish(Audience::All, &FeedEntry::Online(reachable));
        if let Some(delivery) = self.outbox.set_offline(!reachable) {
            self.tell_delivery(delivery);
        }
    }

    fn tell_delivery(&mut self, delivery: Delivery) {
        for layer in self.outbox.pending().collect::<Vec<_>>() {
            let mutation = layer.mutation.id;
            self.hub.publish(Audience::All, &FeedEntry::Delivery { mutation, delivery });
        }
    }

    /// Everything of a collection may have changed.
    pub fn invalidate(&mut self, namespace: Option<&Namespace>) {
        let prefix = namespace.map(|namespace| Segment::Collection(namespace.clone()));
        self.forget_ahead(namespace);
        self.hub.publish(Audience::All, &FeedEntry::Invalidate(prefix.into_iter().collect()));
    }

    /// The answer to one key may have changed.
    pub fn invalidate_key(&mut self, key: &Key) {
        self.ahead.remove(key);
        self.hub.publish(Audience::All, &FeedEntry::Invalidate(key.segments()));
    }

    /// What was read ahead of a collection is no longer the newest.
    pub fn forget_ahead(&mut self, namespace: Option<&Namespace>) {
        match namespace {
            Some(namespace) => self.ahead.retain(|key, _| key.namespace() != Some(namespace)),
            None => self.ahead.clear(),
        }
    }

    /// Remembers the stamp of an own write.
    pub fn wrote(&mut self, id: DocumentId, stamp: Stamp) {
        if self.written.len() >= WRITTEN_MOST {
            self.written.clear();
        }
        self.written.insert(id, stamp);
    }

    pub fn status(&self) -> SyncStatus {
        let (pending, reviews) = self.outbox.counts();
        let (saving, queued) = if self.reachable { (pending, 0) } else { (0, pending) };
        let link = match (self.reachable, self.polling) {
            (false, _) if self.opening => Link::Opening,
            (false, _) => Link::Offline,
            (true, true) => Link::Polling,
            (true, false) => Link::Live,
        };
        let since_1970 = |at: SystemTime| at.duration_since(UNIX_EPOCH).ok();
        SyncStatus {
            server: self.server.clone(),
            link,
            saving,
            queued,
            reviews,
            contact_ms: self
                .contact
                .and_then(since_1970)
                .and_then(|since| i64::try_from(since.as_millis()).ok()),
            trouble: self.trouble.clone(),
            read_only: false,
            disturbance: self.disturbance,
        }
    }

    /// Tells all windows how host and database stand to each other, if that has changed.
    pub fn tell_status(&mut self) {
        let status = self.status();
        let same = |told: &SyncStatus| {
            let contact_ms = told.contact_ms;
            *told == SyncStatus { contact_ms, ..status.clone() }
        };
        if !self.told.as_ref().is_some_and(same) {
            self.hub.publish(Audience::All, &FeedEntry::Status(status.clone()));
            self.told = Some(status);
        }
    }
}
