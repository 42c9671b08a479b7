//! One machine: a host, its disk, its windows, and its way to the database.

use std::{collections::BTreeMap, time::Duration};

use lockstep_model::{DocumentId, Edit, Key, MutationId, contract::Boot};
use lockstep_query::Ticket;
use lockstep_sync::host::{Call, Host, Probe, Read, ReadId, WriteOutcome};

use crate::{disk::Disk, window::Window};

/// Which run of which machine's host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub machine: usize,
    pub run: u64,
}

/// A page in a window of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub run: Run,
    pub window: usize,
    pub loaded: u64,
}

/// Who waits for the reply to a call.
pub enum Asked {
    Key(Place, Ticket, Key),
    Rows(Place, Vec<(Ticket, DocumentId)>),
    Submit(Place, Vec<MutationId>),
    Discard,
}

/// A read under way, with what the host had learned by when it was sent.
pub struct Reading {
    pub read: Read,
    pub learned: u64,
}

/// Edits of one mutation under way to the database.
pub struct Gathering<T> {
    pub open: usize,
    pub ended: Vec<(usize, T)>,
}

impl<T> Gathering<T> {
    pub fn of(edits: &[(usize, Edit)]) -> Self {
        Self { open: edits.len(), ended: Vec::new() }
    }

    /// One more has ended; returns all once there are all.
    pub fn add(&mut self, place: usize, outcome: T) -> Option<Vec<(usize, T)>> {
        self.ended.push((place, outcome));
        (self.ended.len() == self.open).then(|| std::mem::take(&mut self.ended))
    }
}

pub struct Machine {
    pub host: Host,
    pub run: u64,
    /// The host's process runs.
    pub up: bool,
    pub disk: Disk,
    pub windows: Vec<Window>,
    /// The way to the database is open.
    pub linked: bool,
    /// The greatest stamp that this host has seen.
    pub seen: u64,
    pub wake_at: Option<Duration>,
    /// The windows' batches go out soon.
    pub rung: bool,
    pub calls: BTreeMap<Call, Asked>,
    pub calls_made: u64,
    pub reading: BTreeMap<ReadId, Reading>,
    /// How often the host learned something that a read under way may not have seen.
    pub learned: u64,
    pub writing: BTreeMap<u64, Gathering<WriteOutcome>>,
    pub probing: BTreeMap<u64, Gathering<Result<Probe, lockstep_model::Failure>>>,
    /// How far the change stream was delivered: a place in the database's log. `None`: nobody follows.
    pub streamed: Option<usize>,
    /// When the last event of the stream arrives: they come in order.
    pub stream_at: Duration,
}

impl Machine {
    pub fn new() -> Self {
        Self {
            host: Host::restored(Boot(0), 0, [], None),
            run: 0,
            up: false,
            disk: Disk::default(),
            windows: Vec::new(),
            linked: true,
            seen: 0,
            wake_at: None,
            rung: false,
            calls: BTreeMap::new(),
            calls_made: 0,
            reading: BTreeMap::new(),
            learned: 0,
            writing: BTreeMap::new(),
            probing: BTreeMap::new(),
            streamed: None,
            stream_at: Duration::ZERO,
        }
    }

    /// The process starts, over what the disk holds.
    pub fn start(&mut self, boot: Boot) {
        let (numbered, entries) = self.disk.contents();
        let disk = std::mem::take(&mut self.disk);
        let (run, linked) = (self.run + 1, self.linked);
        *self = Self { run, linked, disk, up: true, ..Self::new() };
        self.host = Host::restored(boot, numbered, entries, None);
    }

    pub fn call(&mut self, asked: Asked) -> Call {
        self.calls_made += 1;
        let call = Call(self.calls_made);
        self.calls.insert(call, asked);
        call
    }
}

pub fn label(window: usize) -> String {
    format!("window-{window}")
}
