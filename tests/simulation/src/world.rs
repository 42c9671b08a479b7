//! The world: machines over one database, time, and everything that is under way, which arrives late, twice, in another
//! order, or not at all.
//!
//! Not what a message does when it arrives: that is in `arriving`.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use lockstep_model::{
    ClusterTime, Document, DocumentId, Edit, Failure, Mutation, MutationId, Stamp,
    contract::{Boot, FeedBatch},
};
use lockstep_query::{Effect as StoreEffect, Fetch, Input as StoreInput};
use lockstep_sync::{
    Lockstep,
    host::{Effect, Found, Input, Moment, Probe, Read, ReadId, WriteOutcome},
    outbox::Update,
};

use crate::{
    database::{Database, stamp, time},
    machine::{Asked, Gathering, Machine, Place, Reading, Run},
    random::Random,
    window::{OFFERS, Window},
};

pub const MACHINES: usize = 2;
pub const WINDOWS: usize = 2;

/// How long messages may take.
const IPC_MOST: Duration = Duration::from_millis(20);
const NETWORK_MOST: Duration = Duration::from_millis(400);
const DISK_MOST: Duration = Duration::from_millis(30);
/// How long after it was given up a write may arrive.
pub const LATE_MOST: Duration = Duration::from_secs(2);
/// Between two batches to the windows.
const BREATH: Duration = Duration::from_millis(8);

/// What may go wrong, beside other people's edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// Messages between windows and host are lost or come twice.
    pub messages: bool,
    /// The network to the database goes, and loses answers.
    pub network: bool,
    /// The disk refuses.
    pub disk: bool,
    /// Hosts are killed, and windows loaded again.
    pub crashes: bool,
    /// The database forgets its history.
    pub history: bool,
}

impl Faults {
    /// Everything.
    pub const ALL: Self = Self { messages: true, network: true, disk: true, crashes: true, history: true };
}

/// What a window asks its host.
#[derive(Clone, Debug)]
pub enum Ask {
    Attach(u32),
    Fetch(Vec<Fetch<Lockstep>>),
    Submit(Vec<Mutation>),
    Watch(lockstep_model::contract::Watching),
    Since(Boot, u64),
    Acknowledge(Boot, u64),
    Discard(MutationId),
}

/// An edit on its way to the database.
#[derive(Clone, Debug)]
pub struct Sent {
    pub run: Run,
    pub number: u64,
    pub mutation: MutationId,
    pub place: usize,
    pub edit: Edit,
    pub tries: u32,
}

/// Something that arrives.
#[derive(Clone, Debug)]
pub enum Event {
    /// At a host.
    Asked(Place, Ask),
    Written(Sent, WriteOutcome),
    Probed(Sent, Result<Probe, Failure>),
    /// With the database's time when it was read.
    Found(Run, ReadId, Result<Found, Failure>, u64),
    Recorded(Run),
    Streamed(Run, usize),
    Noticed(Run),
    Drain(Run),
    Start(usize),
    /// At the database.
    Read(Run, ReadId, Read, u64),
    Write(Sent),
    Late(Sent),
    Look(Sent, u64),
    Probe(Sent, ClusterTime, u64),
    /// At a window.
    Told(Place, Box<StoreInput<Lockstep>>),
    Fed(Run, usize, Box<FeedBatch>),
}

/// Why a run has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// An accepted edit is neither in the database nor in review, or is there twice.
    Lost,
    /// An edit that failed, or was never accepted, shows all the same; or a layer went without its end.
    Ghost,
    /// A window shows something else than the database has, or an older result replaced a newer one.
    Diverged,
    /// Two equal requests went out where one would have done.
    Doubled,
}

pub struct World {
    pub random: Random,
    pub faults: Faults,
    pub now: Duration,
    pub database: Database,
    pub machines: Vec<Machine>,
    events: BTreeMap<(Duration, u64), Event>,
    made_events: u64,
    pub pages: u64,
    boots: i64,
    pub mutations: BTreeMap<MutationId, Made>,
    /// Which mutation has which number on which machine.
    numbers: BTreeMap<(usize, u64), MutationId>,
    /// Those that reached their host.
    pub arrived: BTreeSet<MutationId>,
    pub made: u128,
    /// Edits that arrived at the database after they had been given up.
    pub late: BTreeSet<(MutationId, usize)>,
    /// The versions that each document had, in their order, each with when it was made.
    pub versions: BTreeMap<DocumentId, Vec<(Stamp, Document)>>,
    versioned: usize,
    pub broken: Option<(Broken, String)>,
    trace: VecDeque<String>,
    traced: usize,
}

/// A mutation, and what became of it as far as anybody was told.
#[derive(Default)]
pub struct Made {
    pub mutation: Option<Mutation>,
    /// A window was told that it is on disk.
    pub accepted: bool,
    /// A window was told that it is not.
    pub refused: bool,
    /// A person gave it up.
    pub given_up: bool,
    /// That was before it had ended: it may have been sent by then.
    pub withdrawn: bool,
    /// Edits that the database has, as its host was told.
    pub committed: BTreeSet<usize>,
}

impl World {
    /// `traced`: so many of the last events are remembered as text.
    pub fn new(seed: u64, faults: Faults, traced: usize) -> Self {
        let mut world = Self {
            random: Random::new(seed),
            faults,
            now: Duration::from_secs(1),
            database: Database::with(OFFERS - 2),
            machines: (0..MACHINES).map(|_| Machine::new()).collect(),
            events: BTreeMap::new(),
            made_events: 0,
            pages: 0,
            boots: 0,
            mutations: BTreeMap::new(),
            numbers: BTreeMap::new(),
            arrived: BTreeSet::new(),
            made: 0,
            late: BTreeSet::new(),
            versions: BTreeMap::new(),
            versioned: 0,
            broken: None,
            trace: VecDeque::new(),
            traced,
        };
        world.changed();
        (0..MACHINES).for_each(|machine| world.start(machine));
        world
    }

    pub fn trace(&self) -> impl Iterator<Item = &str> {
        self.trace.iter().map(String::as_str)
    }

    pub fn note(&mut self, text: impl FnOnce() -> String) {
        if self.traced > 0 {
            if self.trace.len() == self.traced {
                self.trace.pop_front();
            }
            let text = text();
            self.trace.push_back(format!("{:>9.3} {text}", self.now.as_secs_f64()));
        }
    }

    pub fn fail(&mut self, broken: Broken, why: impl FnOnce() -> String) {
        if self.broken.is_none() {
            let why = why();
            self.note(|| format!("BROKEN {broken:?}: {why}"));
            self.broken = Some((broken, why));
        }
    }

    pub fn after(&mut self, wait: Duration, event: Event) {
        self.made_events += 1;
        self.events.insert((self.now + wait, self.made_events), event);
    }

    pub fn by_ipc(&mut self, event: Event) {
        let wait = self.random.wait(IPC_MOST);
        self.after(wait, event);
    }

    pub fn by_network(&mut self, event: Event) {
        let wait = self.random.wait(NETWORK_MOST);
        self.after(wait, event);
    }

    /// Everything that is due by then happens, in its order.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while self.broken.is_none() && self.step(until) {}
        self.now = until;
    }

    fn step(&mut self, until: Duration) -> bool {
        let event = self.events.first_key_value().map(|((at, _), _)| *at);
        let wake = self.next_wake();
        match (event, wake) {
            (Some(at), wake) if at <= until && wake.is_none_or(|(wake, _)| at <= wake) => {
                self.now = self.now.max(at);
                if let Some((_, event)) = self.events.pop_first() {
                    self.arrive(event);
                }
                true
            }
            (_, Some((at, who))) if at <= until => {
                self.now = self.now.max(at);
                match who {
                    (machine, None) => {
                        self.machines[machine].wake_at = None;
                        self.host(machine, Input::Wake);
                    }
                    (machine, Some(window)) => {
                        self.machines[machine].windows[window].wake_at = None;
                        self.window(machine, window, StoreInput::Wake);
                    }
                }
                true
            }
            _ => false,
        }
    }

    fn next_wake(&self) -> Option<(Duration, (usize, Option<usize>))> {
        let machines = self.machines.iter().enumerate().filter(|(_, machine)| machine.up);
        let wakes = machines.flat_map(|(at, machine)| {
            let windows = machine.windows.iter().enumerate();
            let windows = windows.filter_map(move |(window, page)| Some((page.wake_at?, (at, Some(window)))));
            machine.wake_at.map(|wake| (wake, (at, None))).into_iter().chain(windows)
        });
        wakes.min()
    }

    /// A machine's process starts, and opens its windows.
    pub fn start(&mut self, machine: usize) {
        self.boots += 1;
        self.machines[machine].start(Boot(self.boots));
        let run = self.run_of(machine);
        self.note(|| format!("machine {machine}: starts as run {}", run.run));
        for _ in 0..WINDOWS {
            self.pages += 1;
            self.machines[machine].windows.push(Window::load(self.pages, 1));
        }
        self.host(machine, Input::Connected(true));
        self.by_network(Event::Noticed(run));
        (0..WINDOWS).for_each(|window| self.open(machine, window));
    }

    /// A page begins.
    pub fn open(&mut self, machine: usize, window: usize) {
        let place = self.place(machine, window);
        let page = self.machines[machine].windows[window].page;
        self.by_ipc(Event::Asked(place, Ask::Attach(page)));
        for input in Window::mounts(&mut self.random) {
            self.window(machine, window, input);
        }
    }

    pub fn run_of(&self, machine: usize) -> Run {
        Run { machine, run: self.machines[machine].run }
    }

    pub fn place(&self, machine: usize, window: usize) -> Place {
        let loaded = self.machines[machine].windows[window].loaded;
        Place { run: self.run_of(machine), window, loaded }
    }

    pub fn runs(&self, run: Run) -> bool {
        let machine = &self.machines[run.machine];
        machine.up && machine.run == run.run
    }

    pub fn is_open(&self, place: Place) -> bool {
        self.runs(place.run) && self.machines[place.run.machine].windows[place.window].loaded == place.loaded
    }

    /// Something happens to a host.
    pub fn host(&mut self, at: usize, input: Input) {
        if matches!(
            input,
            Input::Changed(..)
                | Input::Lost(_)
                | Input::Written(..)
                | Input::Probed(..)
                | Input::Connected(_)
                | Input::Invalidate(_)
                | Input::Wake
        ) {
            self.machines[at].learned += 1;
        }
        let machine = &mut self.machines[at];
        let moment = Moment { at: self.now, seen: time(machine.seen) };
        for effect in machine.host.take(moment, input) {
            self.carry_out(at, effect);
        }
    }

    fn carry_out(&mut self, at: usize, effect: Effect) {
        let run = self.run_of(at);
        match effect {
            Effect::Read(id, read) => {
                let machine = &mut self.machines[at];
                let learned = machine.learned;
                let doubled =
                    machine.reading.values().any(|other| other.read == read && other.learned == learned);
                machine.reading.insert(id, Reading { read: read.clone(), learned });
                let seen = machine.seen;
                self.note(|| format!("machine {at}: reads {id:?} {} @{seen}", crate::text::read(&read)));
                if doubled {
                    self.fail(Broken::Doubled, || format!("machine {at} reads {read:?} twice"));
                }
                self.by_network(Event::Read(run, id, read, seen));
            }
            Effect::Answer(calls, found) => {
                for call in calls {
                    let Some(asked) = self.machines[at].calls.remove(&call) else { continue };
                    self.answer(asked, &found);
                }
            }
            Effect::Record(id, updates) => {
                self.note(|| format!("machine {at}: records {}", crate::text::updates(&updates)));
                for update in &updates {
                    if let Update::New(number, mutation) = update {
                        self.numbers.insert((at, *number), mutation.id);
                        self.arrived.insert(mutation.id);
                    }
                }
                self.machines[at].disk.record(id, updates);
                let wait = self.random.wait(DISK_MOST);
                self.after(wait, Event::Recorded(run));
            }
            Effect::Mutated(call, reply) => {
                if let Some(Asked::Submit(place, ids)) = self.machines[at].calls.remove(&call) {
                    self.submitted(place, ids, reply);
                }
            }
            Effect::Discarded(call, _) => drop(self.machines[at].calls.remove(&call)),
            Effect::Write(number, edits) => {
                self.machines[at].writing.insert(number, Gathering::of(&edits));
                self.each(run, number, edits, |_, sent| Event::Write(sent));
            }
            Effect::Probe(number, since, edits) => {
                let seen = self.machines[at].seen;
                self.machines[at].probing.insert(number, Gathering::of(&edits));
                self.each(run, number, edits, |_, sent| Event::Probe(sent, since, seen));
            }
            Effect::Follow(_) => {
                let seen = self.machines[at].seen;
                let first = self.database.log.partition_point(|logged| logged.stamp <= seen);
                self.machines[at].streamed = Some(first);
                self.stream(at);
            }
            // Its windows begin with nothing.
            Effect::Cache(_) => {}
            Effect::Count(_) => unreachable!("no window of the simulation asks for collections"),
            Effect::Ring => {
                if !std::mem::replace(&mut self.machines[at].rung, true) {
                    self.after(BREATH, Event::Drain(run));
                }
            }
            Effect::Wake(wake) => self.machines[at].wake_at = Some(wake),
        }
    }

    fn each(
        &mut self,
        run: Run,
        number: u64,
        edits: Vec<(usize, Edit)>,
        event: impl Fn(&Self, Sent) -> Event,
    ) {
        let Some(mutation) = self.numbers.get(&(run.machine, number)).copied() else { return };
        for (place, edit) in edits {
            let event = event(self, Sent { run, number, mutation, place, edit, tries: 0 });
            self.by_network(event);
        }
    }

    /// Something happens to a window.
    pub fn window(&mut self, machine: usize, window: usize, input: StoreInput<Lockstep>) {
        let page = &mut self.machines[machine].windows[window];
        let effects = page.take(self.now, input);
        self.look_at(machine, window);
        let place = self.place(machine, window);
        for effect in effects {
            self.carry_out_of_window(place, effect);
        }
    }

    fn carry_out_of_window(&mut self, place: Place, effect: StoreEffect<Lockstep>) {
        let ask = match effect {
            StoreEffect::Fetch(fetches) => Ask::Fetch(fetches),
            StoreEffect::Submit(mutations) => {
                Ask::Submit(mutations.iter().map(|mutation| (**mutation).clone()).collect())
            }
            StoreEffect::Watch { added, removed } => {
                let page = self.machines[place.run.machine].windows[place.window].page;
                Ask::Watch(lockstep_model::contract::Watching { page, added, removed })
            }
            StoreEffect::Attach => Ask::Attach(self.machines[place.run.machine].windows[place.window].page),
            StoreEffect::FeedSince(boot, seq) => Ask::Since(boot, seq),
            StoreEffect::Acknowledge(boot, seq) => Ask::Acknowledge(boot, seq),
            StoreEffect::RequestFlush => {
                return self.after(Duration::ZERO, Event::Told(place, Box::new(StoreInput::Flush)));
            }
            StoreEffect::RequestFrame => {
                let frame = Duration::from_millis(16);
                return self.after(frame, Event::Told(place, Box::new(StoreInput::Frame)));
            }
            StoreEffect::Wake(at) => {
                self.machines[place.run.machine].windows[place.window].wake_at = Some(at);
                return;
            }
            StoreEffect::Notify(_)
            | StoreEffect::Cancel(_)
            | StoreEffect::Joined { .. }
            | StoreEffect::Ended { .. } => return,
        };
        let twice = matches!(ask, Ask::Submit(_)) && self.faults.messages && self.random.percent(5);
        if twice {
            self.by_ipc(Event::Asked(place, ask.clone()));
        }
        self.by_ipc(Event::Asked(place, ask));
    }

    /// The change stream goes on: what has been logged and not told arrives, in its order.
    pub fn stream(&mut self, at: usize) {
        let run = self.run_of(at);
        let machine = &self.machines[at];
        if !machine.up || !machine.linked {
            return;
        }
        let Some(from) = machine.streamed else { return };
        for place in from..self.database.log.len() {
            let wait = self.random.wait(NETWORK_MOST);
            let arrives = self.machines[at].stream_at.max(self.now + wait);
            self.machines[at].stream_at = arrives;
            self.after(arrives - self.now, Event::Streamed(run, place));
        }
        self.machines[at].streamed = Some(self.database.log.len());
    }

    /// The database has changed, or may have.
    pub fn changed(&mut self) {
        for logged in &self.database.log[self.versioned..] {
            if let Some(document) = &logged.after {
                self.versions
                    .entry(logged.id.clone())
                    .or_default()
                    .push((stamp(logged.stamp), document.clone()));
            }
        }
        self.versioned = self.database.log.len();
        (0..MACHINES).for_each(|machine| self.stream(machine));
    }
}
