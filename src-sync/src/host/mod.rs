//! The host as a pure state machine: what it does with what windows, disk, database and clock bring.
//!
//! [`Host::take`] takes an [`Input`] and returns the [`Effect`]s that the shell carries out. No clock, no disk and no database
//! is in here, so the same code runs in the app and in the simulation.
//!
//! | module | idea |
//! | --- | --- |
//! | `message` | what happens to a host, and what it asks for |
//! | `reading` | a window's read, joined with equal ones and told to others |
//! | `writing` | a mutation from the window to the disk |
//! | `journal` | how the outbox's file follows what becomes of mutations |
//! | `sending` | and from the outbox to the database, until its end is known |
//! | `following` | what others have changed |
//! | `counting` | how many documents each collection has |
//! | `freshening` | figures of what has changed, at most once a second |
//! | `polling` | what is asked for again and again, once for all windows |
//! | `checking` | what is refused before it is accepted |
//! | `caching` | what is worth keeping on disk |
//! | `connection` | how host and database stand to each other |
//!
//! *Architecture invariant:* what a window is told by `attach` and what its feed goes on with come from one state, so
//! nothing is told twice or left out.

mod caching;
mod checking;
mod connection;
mod counting;
mod following;
mod freshening;
mod journal;
mod message;
mod polling;
mod reading;
mod sending;
#[cfg(test)]
mod tests;
mod writing;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use lockstep_model::{
    ClusterTime, DocumentId, Failure, Key, Mutation, Namespace, Segment, Workspace,
    contract::{
        Answer, Boot, FeedBatch, FeedEntry, JobList, Missed, PendingLayer, Review, Since, SyncStatus,
    },
};

use crate::{
    hub::{Audience, Hub, Label},
    outbox::{Kept, Outbox},
};

use checking::Shapes;
use connection::Connection;
use counting::Counting;
use following::Following;
use freshening::Freshening;
use journal::Journal;
use polling::Polls;
use reading::Reads;
use sending::Attempts;
use writing::Arrivals;

pub use message::{
    Call, ChangeKind, Effect, Found, Input, Moment, Probe, Read, ReadId, RecordId, WriteOutcome,
};

/// How long windows have to acknowledge what they were told.
const REMIND: Duration = Duration::from_secs(2);

/// What is due by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// A mutation may be sent again.
    Send,
    /// The disk is asked again.
    Journal,
    /// Windows that have acknowledged nothing for a while are told once more.
    Remind,
    /// A key is asked for again.
    Poll,
    /// What was changed in a collection could not be read.
    Invalidate(Namespace),
    /// Very much has changed in a collection, and may go on to.
    Flood(Namespace),
    /// The figures of a collection may be stale again.
    Figures(Namespace),
    /// Documents may be counted again.
    Count,
}

/// The host. See the [module's documentation](self).
#[derive(Debug)]
pub struct Host {
    now: Duration,
    seen: ClusterTime,
    hub: Hub,
    outbox: Outbox,
    connection: Connection,
    reads: Reads,
    /// Answers read ahead for windows that are about to open, as long as nothing changed.
    ahead: HashMap<Key, Answer>,
    arrivals: Arrivals,
    journal: Journal,
    /// What a person keeps.
    workspace: Workspace,
    /// How often something was written to disk.
    records: u64,
    attempts: Attempts,
    following: Following,
    freshening: Freshening,
    polls: Polls,
    /// The collections as they were read last; `None` until then.
    known: Option<BTreeSet<Namespace>>,
    /// By the collections' validators, as they were read last.
    shapes: Shapes,
    counting: Counting,
    jobs: JobList,
    /// A mutation may be ready to be sent.
    work: bool,
    /// It will be looked whether windows acknowledge.
    reminding: bool,
    timers: BTreeSet<(Duration, Due)>,
    wake_at: Option<Duration>,
    effects: Vec<Effect>,
}

/// What a window is told when it attaches.
#[derive(Clone, Debug)]
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
    /// What was read ahead, and what a person keeps.
    pub first: Vec<(Key, Answer)>,
    /// How host and database stand to each other.
    pub status: SyncStatus,
}

impl Host {
    /// A host without windows and without a database. The outbox is as the disk has it from the run before; `numbered` is the
    /// greatest number that was given by then.
    pub fn restored(
        boot: Boot,
        numbered: u64,
        entries: impl IntoIterator<Item = (u64, Mutation, Kept)>,
        trouble: Option<Failure>,
    ) -> Self {
        let mut attempts = Attempts::default();
        let entries = entries.into_iter().inspect(|(number, mutation, kept)| {
            if let Kept::Sending { since } = kept {
                attempts.may_have_been_sent(*number, mutation, *since);
            }
        });
        let mut outbox = Outbox::restored(numbered, entries);
        outbox.set_waits(true);
        let orphans = outbox.fail_orphans();
        let mut host = Self {
            now: Duration::ZERO,
            seen: ClusterTime::ZERO,
            hub: Hub::new(boot),
            outbox,
            connection: Connection::new(trouble),
            reads: Reads::default(),
            ahead: HashMap::new(),
            arrivals: Arrivals::default(),
            journal: Journal::default(),
            workspace: Workspace::default(),
            records: 0,
            attempts,
            following: Following::default(),
            freshening: Freshening::default(),
            polls: Polls::default(),
            known: None,
            shapes: Shapes::new(),
            counting: Counting::default(),
            jobs: JobList::default(),
            work: true,
            reminding: false,
            timers: BTreeSet::new(),
            wake_at: None,
            effects: Vec::new(),
        };
        host.follow_up(orphans);
        host
    }

    /// Takes what happened, and returns what is to be done about it.
    #[must_use = "a host does nothing itself: its effects are to be carried out"]
    pub fn take(&mut self, moment: Moment, input: Input) -> Vec<Effect> {
        self.now = self.now.max(moment.at);
        self.seen = moment.seen;
        match input {
            Input::Read(call, label, read) => self.read(call, label, read),
            Input::Found(id, found) => self.found(id, found),
            Input::Ahead(keys) => self.read_ahead(keys),
            Input::Counted(counts) => self.counted(counts),
            Input::Mutate(call, mutations) => self.mutate(call, mutations),
            Input::Discard(call, request) => self.discard(call, request),
            Input::Recorded(id, result) => self.recorded(id, result),
            Input::Written(number, outcomes) => self.written(number, outcomes),
            Input::Probed(number, outcomes) => self.probed(number, outcomes),
            Input::Watch(label, watching) => self.watch(&label, watching),
            Input::Close(label) => self.close(&label),
            Input::Changed(id, time, kind) => self.changed(id, time, kind),
            Input::Lost(namespace) => self.lost(namespace.as_ref()),
            Input::Invalidate(key) => self.invalidate_key(&key),
            Input::Unfollowed(database) => self.unfollowed(database),
            Input::Connected(followable) => self.connected(followable),
            Input::Reachable(trouble, contact_ms) => self.reachable(trouble, contact_ms),
            Input::Server(name, production) => self.connection.set_server(name, production),
            Input::Trouble(failure) => self.connection.set_trouble(failure),
            Input::Disturbed(disturbance) => self.connection.set_disturbance(disturbance),
            Input::ReadOnly(reason) => {
                self.connection.set_read_only(reason);
                self.send_or_wait();
            }
            Input::Colleague(colleague) => self.connection.set_colleague(colleague),
            Input::Jobs(jobs) => self.set_jobs(jobs),
            Input::Preparing(message) => self.connection.set_preparing(message),
            Input::Focus(focused) => self.hub.publish(Audience::All, &FeedEntry::Focus(focused)),
            Input::Workspace(workspace) => self.keep_workspace(workspace),
            Input::Wake => self.wake(),
        }
        self.send_ready();
        self.write_journal();
        self.read_changes();
        self.freshen_figures();
        self.count();
        self.tell_status();
        if self.hub.has_news() {
            self.effects.push(Effect::Ring);
            self.remind_later();
        }
        let next = self.timers.first().map(|(at, _)| *at);
        if let Some(at) = next.filter(|at| self.wake_at.is_none_or(|wake_at| *at < wake_at)) {
            self.wake_at = Some(at);
            self.effects.push(Effect::Wake(at));
        }
        std::mem::take(&mut self.effects)
    }

    /// A page of a window begins, or begins again. `keys` are those that it will ask for first.
    ///
    /// # Errors
    /// The number of the page that has begun, if that is a later one.
    pub fn attach(&mut self, label: &str, page: u32, keys: &[Key]) -> Result<Attachment, u32> {
        let ahead = keys.iter().filter_map(|key| Some((key.clone(), self.ahead.get(key)?.clone())));
        let workspace = (Key::Workspace, Answer::Workspace(self.workspace.clone()));
        let first = ahead.chain([workspace, self.told_jobs()]).collect();
        let seq = self.hub.attach(label, page)?;
        self.polls.forget_unwatched(&self.hub);
        Ok(Attachment {
            boot: self.hub.boot(),
            seq,
            pending: self.pending().collect(),
            reviews: self.outbox.reviews().collect(),
            numbered: self.outbox.numbered(),
            first,
            status: self.status(),
        })
    }

    /// All mutations that are not settled, in order.
    pub fn pending(&self) -> impl Iterator<Item = PendingLayer> {
        self.outbox.pending()
    }

    /// All failed mutations that nobody decided on.
    pub fn reviews(&self) -> impl Iterator<Item = Review> {
        self.outbox.reviews()
    }

    /// What a window has missed.
    pub fn feed_since(&mut self, label: &str, since: Since) -> Missed {
        self.hub.since(label, since.boot, since.seq)
    }

    /// A window has applied its feed up to there.
    pub fn acknowledge(&mut self, label: &str, since: Since) {
        self.hub.acknowledge(label, since.boot, since.seq);
    }

    /// What goes to each window now: all that was published since the last call.
    pub fn drain(&mut self) -> Vec<(Label, FeedBatch)> {
        self.hub.drain()
    }

    /// How host and database stand to each other.
    pub fn status(&self) -> SyncStatus {
        self.connection.status(self.following.is_partial(), self.outbox.counts())
    }

    /// Why there is no database to read, as far as that is known.
    pub fn trouble(&self) -> Option<&Failure> {
        self.connection.trouble()
    }

    fn keep_workspace(&mut self, workspace: Workspace) {
        self.workspace = workspace.clone();
        let entry = FeedEntry::Answer(Key::Workspace, Answer::Workspace(workspace));
        self.hub.publish(Audience::All, &entry);
    }

    fn set_jobs(&mut self, jobs: JobList) {
        self.jobs = jobs;
        let (key, answer) = self.told_jobs();
        self.hub.publish(Audience::All, &FeedEntry::Answer(key, answer));
    }

    fn told_jobs(&self) -> (Key, Answer) {
        (Key::Jobs, Answer::Jobs(self.jobs.clone()))
    }

    fn tell_status(&mut self) {
        let status = self.status();
        if self.connection.is_news(&status) {
            self.hub.publish(Audience::All, &FeedEntry::Status(status));
        }
    }

    fn reachable(&mut self, trouble: Option<String>, contact_ms: Option<i64>) {
        if self.connection.set_reachable(trouble, contact_ms) {
            self.hub.publish(Audience::All, &FeedEntry::Online(self.connection.is_reachable()));
            self.send_or_wait();
        }
    }

    /// What is pending goes out, or waits until it can.
    fn send_or_wait(&mut self) {
        let writable = self.connection.is_writable();
        if writable {
            self.attempts.hurry();
            self.work = true;
        }
        let Some(delivery) = self.outbox.set_waits(!writable) else { return };
        for mutation in self.outbox.pending_ids().collect::<Vec<_>>() {
            self.hub.publish(Audience::All, &FeedEntry::Delivery { mutation, delivery });
        }
    }

    fn remind(&mut self) {
        self.reminding = false;
        if !self.hub.is_acknowledged() {
            self.hub.remind();
            self.remind_later();
        }
    }

    fn remind_later(&mut self) {
        if !std::mem::replace(&mut self.reminding, true) {
            self.at(self.now + REMIND, Due::Remind);
        }
    }

    fn at(&mut self, at: Duration, due: Due) {
        self.timers.insert((at, due));
    }

    fn wake(&mut self) {
        self.wake_at = None;
        let later = self.timers.split_off(&(self.now + Duration::from_nanos(1), Due::Send));
        let due: BTreeSet<_> =
            std::mem::replace(&mut self.timers, later).into_iter().map(|(_, due)| due).collect();
        for due in due {
            match due {
                Due::Send => self.work = true,
                Due::Journal => self.journal_again(),
                Due::Remind => self.remind(),
                Due::Poll => self.poll(),
                Due::Invalidate(namespace) => self.invalidate(Some(&namespace)),
                Due::Flood(namespace) => self.look_at_flood(namespace),
                Due::Figures(namespace) => self.freshen_again(namespace),
                // Whatever happens, it is looked whether any are to be.
                Due::Count => {}
            }
        }
    }

    /// Everything of a collection, or of all, may have changed.
    fn invalidate(&mut self, namespace: Option<&Namespace>) {
        self.outdate(namespace);
        match namespace {
            // Figures are read again by themselves.
            Some(namespace) => {
                self.counting.changed(namespace);
                for part in Segment::of_documents() {
                    let prefix = vec![Segment::Collection(namespace.clone()), part];
                    self.hub.publish(Audience::All, &FeedEntry::Invalidate(prefix));
                }
            }
            None => {
                self.reads.join_no_figures(None);
                self.hub.publish(Audience::All, &FeedEntry::Invalidate(Vec::new()));
            }
        }
    }

    fn invalidate_key(&mut self, key: &Key) {
        self.ahead.remove(key);
        self.reads.join_none();
        self.hub.publish(Audience::All, &FeedEntry::Invalidate(key.segments()));
    }

    /// What was read of a collection is no longer the newest, nor may be what is being read.
    fn outdate(&mut self, namespace: Option<&Namespace>) {
        let concerns = |key: &Key| namespace.is_none() || key.namespace() == namespace;
        self.ahead.retain(|key, _| !concerns(key));
        self.reads.not_ahead(concerns);
        self.reads.join_none();
        self.freshening.changed(namespace);
    }

    fn close(&mut self, label: &str) {
        self.hub.close(label);
        self.polls.forget_unwatched(&self.hub);
    }

    /// Whether a write to this document is under way, whose reply will tell more.
    fn is_in_flight(&self, id: &DocumentId) -> bool {
        self.attempts.is_in_flight(id)
    }
}
