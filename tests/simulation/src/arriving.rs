//! What a message does where it arrives, and what may go wrong on its way there and back.

use std::time::Duration;

use lockstep_model::{
    Action, DocumentId, Failure, Key, MutationId, Value,
    contract::{
        self, Acceptance, DiscardRequest, FeedBatch, ListRequest, Missed, MutateReply, Since, Tabs, View,
    },
};
use lockstep_query::{Answer, Fetch, Input as StoreInput, Ticket};
use lockstep_sync::{
    Lockstep,
    host::{ChangeKind, Found, Input, Read, WriteOutcome},
    window as translate,
};

use crate::{
    database::{Tried, lists},
    machine::{Asked, Place, label},
    text,
    world::{Ask, Event, LATE_MOST, Sent, World},
};

/// So often the host's shell asks why a write matched nothing, and tries again.
const TRIES: u32 = 4;

impl World {
    pub fn arrive(&mut self, event: Event) {
        match event {
            Event::Asked(place, ask) if self.runs(place.run) => self.asked(place, ask),
            Event::Told(place, input) if self.is_open(place) => {
                self.window(place.run.machine, place.window, *input);
            }
            Event::Fed(run, window, batch) if self.runs(run) => {
                self.window(run.machine, window, StoreInput::Feed(translate::batch(*batch)));
            }
            Event::Drain(run) if self.runs(run) => {
                self.machines[run.machine].rung = false;
                for (label, batch) in self.machines[run.machine].host.drain() {
                    self.feed(run.machine, &label, batch);
                }
            }
            Event::Recorded(run) if self.runs(run) => {
                let faulty = self.faults.disk;
                let answer = self.machines[run.machine].disk.answer(&mut self.random, faulty);
                if let Some((id, result)) = answer {
                    self.note(|| format!("machine {}: disk says {:?}", run.machine, result.is_ok()));
                    self.host(run.machine, Input::Recorded(id, result));
                }
            }
            Event::Streamed(run, place) if self.runs(run) => self.streamed(run.machine, place),
            Event::Noticed(run) if self.runs(run) => {
                let trouble = (!self.machines[run.machine].linked).then(|| "no server answers".to_owned());
                self.host(run.machine, Input::Reachable(trouble, None));
            }
            Event::Start(machine) if !self.machines[machine].up => self.start(machine),
            Event::Read(run, id, read, seen) if self.runs(run) => {
                let arrives = self.machines[run.machine].linked && !self.loses();
                let found = if arrives { Ok(self.database.read(&read, seen)) } else { Err(unreachable()) };
                self.by_network(Event::Found(run, id, found, self.database.clock));
            }
            Event::Found(run, id, found, clock) if self.runs(run) => {
                if found.is_ok() {
                    self.saw(run.machine, clock);
                }
                let answered = found.is_ok();
                self.note(|| format!("machine {}: read {id:?} {answered}", run.machine));
                self.machines[run.machine].reading.remove(&id);
                self.host(run.machine, Input::Found(id, found));
            }
            Event::Write(sent) if self.runs(sent.run) => self.write(sent),
            Event::Look(sent, seen) if self.runs(sent.run) => self.look(sent, seen),
            Event::Probe(sent, since, seen) if self.runs(sent.run) => {
                let linked = self.machines[sent.run.machine].linked;
                let outcome = if !linked || self.loses() {
                    Err(unreachable())
                } else {
                    let history = !self.faults.history || !self.random.percent(10);
                    let author = Some((sent.mutation, sent.place));
                    Ok(self.database.probe(&sent.edit, author, since, seen, history))
                };
                self.note(|| format!("probe of {} #{}: {outcome:?}", text::name(sent.mutation), sent.place));
                self.by_network(Event::Probed(sent, outcome));
            }
            Event::Written(sent, outcome) if self.runs(sent.run) => {
                self.tell(&sent, &outcome);
                let gathering = self.machines[sent.run.machine].writing.get_mut(&sent.number);
                if let Some(outcomes) = gathering.and_then(|gathering| gathering.add(sent.place, outcome)) {
                    self.host(sent.run.machine, Input::Written(sent.number, outcomes));
                }
            }
            Event::Probed(sent, outcome) if self.runs(sent.run) => {
                if let Ok(lockstep_sync::host::Probe::Applied(_)) = &outcome {
                    self.committed(&sent);
                }
                let gathering = self.machines[sent.run.machine].probing.get_mut(&sent.number);
                if let Some(outcomes) = gathering.and_then(|gathering| gathering.add(sent.place, outcome)) {
                    self.host(sent.run.machine, Input::Probed(sent.number, outcomes));
                }
            }
            // Whoever sent it is gone; what is on its way to the database arrives all the same.
            Event::Write(sent) if self.random.percent(50) => self.write_unheard(&sent),
            Event::Late(sent) => self.write_unheard(&sent),
            _ => {}
        }
    }

    /// Whether the network loses this one.
    fn loses(&mut self) -> bool {
        self.faults.network && self.random.percent(4)
    }

    fn saw(&mut self, machine: usize, stamp: u64) {
        let seen = &mut self.machines[machine].seen;
        *seen = stamp.max(*seen);
    }

    fn asked(&mut self, place: Place, ask: Ask) {
        let (machine, window) = (place.run.machine, label(place.window));
        match ask {
            Ask::Attach(page) => {
                if self.faults.messages && self.random.percent(5) {
                    return self.tell_window(place, StoreInput::FeedUnanswered);
                }
                let host = &mut self.machines[machine].host;
                let Ok(attachment) = host.attach(&window, page, &lists()) else { return };
                let reply = contract::Attached {
                    cached: Vec::new(),
                    boot: attachment.boot,
                    seq: attachment.seq,
                    tabs: Tabs::of(View::Home),
                    pending: attachment.pending,
                    numbered: attachment.numbered,
                    reviews: attachment.reviews,
                    first: attachment.first,
                    status: attachment.status,
                };
                self.note(|| format!("window {machine}.{}: attached at {}", place.window, reply.seq));
                self.tell_window(place, StoreInput::Attached(translate::attached(reply)));
            }
            Ask::Fetch(fetches) => self.fetch(place, fetches),
            Ask::Submit(mutations) => {
                let ids = mutations.iter().map(|mutation| mutation.id).collect();
                let call = self.machines[machine].call(Asked::Submit(place, ids));
                self.host(machine, Input::Mutate(call, mutations));
            }
            Ask::Watch(watching) => {
                self.host(machine, Input::Watch(window, watching));
                self.tell_window(place, StoreInput::Watched(true));
            }
            Ask::Since(boot, seq) => {
                let missed = self.machines[machine].host.feed_since(&window, Since { boot, seq });
                let lost = self.faults.messages && self.random.percent(10);
                let input = match missed {
                    _ if lost => StoreInput::FeedUnanswered,
                    Missed::Batch(batch) => StoreInput::Feed(translate::batch(batch)),
                    Missed::Resync => StoreInput::FeedLost,
                };
                self.tell_window(place, input);
            }
            Ask::Acknowledge(boot, seq) => {
                self.machines[machine].host.acknowledge(&window, Since { boot, seq });
            }
            Ask::Discard(id) => {
                let call = self.machines[machine].call(Asked::Discard);
                self.host(machine, Input::Discard(call, DiscardRequest { mutation: id, only_unsent: false }));
            }
        }
    }

    fn tell_window(&mut self, place: Place, input: StoreInput<lockstep_sync::Lockstep>) {
        self.by_ipc(Event::Told(place, Box::new(input)));
    }

    fn fetch(&mut self, place: Place, fetches: Vec<Fetch<Lockstep>>) {
        let machine = place.run.machine;
        let mut rows: Vec<(Ticket, DocumentId)> = Vec::new();
        for Fetch { ticket, key, .. } in fetches {
            match key {
                Key::Document(id) => rows.push((ticket, id)),
                Key::List(ref namespace, ref query) => {
                    let (namespace, query) = (namespace.clone(), query.clone());
                    let first = contract::LIST_FIRST_DOCUMENTS;
                    let read = Read::List(ListRequest { namespace, query, skip: 0, first, most: None });
                    let call = self.machines[machine].call(Asked::Key(place, ticket, key));
                    self.host(machine, Input::Read(call, label(place.window), read));
                }
                other => unreachable!("no window of the simulation watches {other:?}"),
            }
        }
        if let Some((_, first)) = rows.first() {
            let read = Read::Rows(
                first.namespace.clone(),
                rows.iter().map(|(_, id)| id.id.clone()).collect::<Vec<Value>>(),
            );
            let call = self.machines[machine].call(Asked::Rows(place, rows));
            self.host(machine, Input::Read(call, label(place.window), read));
        }
    }

    /// A read that a window asked for has ended.
    pub fn answer(&mut self, asked: Asked, found: &Result<Found, Failure>) {
        match (asked, found) {
            (Asked::Key(place, ticket, key), found) => {
                let answer = found.clone().map(|found| match found {
                    Found::Answer(answer) => translate::answer(&key, answer),
                    Found::Rows(_) => unreachable!("rows are the answer to no key"),
                });
                self.tell_window(place, StoreInput::Fetched(ticket, answer));
            }
            (Asked::Rows(place, asked), Ok(Found::Rows(documents))) => {
                for ((ticket, _), snapshot) in asked.into_iter().zip(documents) {
                    let answer = Answer::Entity(translate::snapshot(snapshot.clone()));
                    self.tell_window(place, StoreInput::Fetched(ticket, Ok(answer)));
                }
            }
            (Asked::Rows(place, asked), Err(failure)) => {
                for (ticket, _) in asked {
                    self.tell_window(place, StoreInput::Fetched(ticket, Err(failure.clone())));
                }
            }
            (Asked::Rows(..), Ok(Found::Answer(_))) => unreachable!("rows were asked for"),
            (Asked::Submit(..) | Asked::Discard, _) => {}
        }
    }

    /// The host has accepted or refused mutations of a window.
    pub fn submitted(&mut self, place: Place, ids: Vec<MutationId>, reply: MutateReply) {
        let results = ids.into_iter().zip(reply.results).map(|(id, acceptance)| match acceptance {
            Acceptance::Accepted(number) => (id, Ok(number)),
            Acceptance::Refused(failure) => (id, Err(failure)),
        });
        let results: Vec<_> = results.collect();
        for (id, result) in &results {
            let made = self.mutations.entry(*id).or_default();
            made.accepted |= result.is_ok();
            made.refused |= result.is_err();
        }
        self.note(|| {
            let results =
                results.iter().map(|(id, result)| format!("{} {}", text::name(*id), result.is_ok()));
            format!(
                "window {}.{}: accepted {}",
                place.run.machine,
                place.window,
                results.collect::<Vec<_>>().join(", ")
            )
        });
        self.tell_window(place, StoreInput::Submitted(results));
    }

    /// A batch goes to whichever page is in the window.
    fn feed(&mut self, machine: usize, to: &str, batch: FeedBatch) {
        let Some(window) = (0..self.machines[machine].windows.len()).find(|window| label(*window) == to)
        else {
            return;
        };
        self.note(|| {
            let entries: Vec<_> = batch.entries.iter().flatten().map(text::entry).collect();
            format!("feed {machine}.{window} {}..{}: {}", batch.from, batch.to, entries.join("; "))
        });
        let run = self.run_of(machine);
        let times = match self.random.below(100) {
            0..=3 if self.faults.messages => 0,
            4..=7 if self.faults.messages => 2,
            _ => 1,
        };
        for _ in 0..times {
            self.by_ipc(Event::Fed(run, window, Box::new(batch.clone())));
        }
    }

    fn streamed(&mut self, machine: usize, place: usize) {
        let logged = self.database.log[place].clone();
        if !self.machines[machine].linked {
            // it is told again, from there on, once the way is open
            let streamed = &mut self.machines[machine].streamed;
            *streamed = streamed.map(|next| next.min(place));
            return;
        }
        self.saw(machine, logged.stamp);
        self.note(|| format!("machine {machine}: {:?} changed @{}", logged.id.id, logged.stamp));
        let kind = match logged.action {
            Action::Insert(_) => ChangeKind::Inserted,
            Action::Update(_) => ChangeKind::Updated,
            Action::Delete { .. } => ChangeKind::Deleted,
        };
        self.host(machine, Input::Changed(logged.id, crate::database::time(logged.stamp), kind));
    }

    /// Nobody waits for the reply any more.
    fn write_unheard(&mut self, sent: &Sent) {
        let author = Some((sent.mutation, sent.place));
        if matches!(self.database.write(&sent.edit, author), Tried::Ended(_)) {
            self.note(|| format!("late write of {} #{}", text::name(sent.mutation), sent.place));
            self.changed();
        }
    }

    fn write(&mut self, sent: Sent) {
        if self.faults.network && self.random.percent(2) {
            // The driver gives it up, and it is on its way all the same: it may arrive after the host has asked about it.
            self.late.insert((sent.mutation, sent.place));
            self.by_network(Event::Written(sent.clone(), WriteOutcome::Unknown(unreachable())));
            let wait = self.random.wait(LATE_MOST);
            return self.after(wait, Event::Late(sent));
        }
        let linked = self.machines[sent.run.machine].linked;
        if !linked || self.loses() {
            return self.by_network(Event::Written(sent, WriteOutcome::Unreachable(unreachable())));
        }
        let author = Some((sent.mutation, sent.place));
        match self.database.write(&sent.edit, author) {
            Tried::Ended(outcome) => {
                self.note(|| {
                    format!("write of {} #{}: {}", text::name(sent.mutation), sent.place, kind(&outcome))
                });
                self.changed();
                self.reply(sent, outcome);
            }
            Tried::NoMatch => {
                let seen = self.machines[sent.run.machine].seen;
                self.by_network(Event::Look(sent, seen));
            }
        }
    }

    fn look(&mut self, sent: Sent, seen: u64) {
        if !self.machines[sent.run.machine].linked || self.loses() {
            // nothing was written, and that is known
            return self.by_network(Event::Written(sent, WriteOutcome::Unreachable(unreachable())));
        }
        let author = Some((sent.mutation, sent.place));
        match self.database.look(&sent.edit, author, seen) {
            Some(outcome) => {
                self.note(|| {
                    format!("look of {} #{}: {}", text::name(sent.mutation), sent.place, kind(&outcome))
                });
                self.reply(sent, outcome);
            }
            None if sent.tries < TRIES => {
                self.by_network(Event::Write(Sent { tries: sent.tries + 1, ..sent }))
            }
            None => self.by_network(Event::Written(sent, WriteOutcome::Unreachable(unreachable()))),
        }
    }

    /// The reply to a write, which may get lost.
    fn reply(&mut self, sent: Sent, outcome: WriteOutcome) {
        let outcome = if self.loses() { WriteOutcome::Unknown(unreachable()) } else { outcome };
        self.by_network(Event::Written(sent, outcome));
    }

    /// What a reply says is known from then on.
    fn tell(&mut self, sent: &Sent, outcome: &WriteOutcome) {
        match outcome {
            WriteOutcome::Committed { after, .. } => {
                self.committed(sent);
                self.saw(sent.run.machine, after.stamp.count());
            }
            WriteOutcome::Failed { .. } | WriteOutcome::Unreachable(_) | WriteOutcome::Unknown(_) => {}
        }
    }

    fn committed(&mut self, sent: &Sent) {
        self.mutations.entry(sent.mutation).or_default().committed.insert(sent.place);
    }

    /// The way to the database opens or closes; a host notices after a while.
    pub fn link(&mut self, machine: usize, open: bool) {
        if self.machines[machine].linked == open {
            return;
        }
        self.note(|| format!("machine {machine}: the network {}", if open { "comes" } else { "goes" }));
        self.machines[machine].linked = open;
        if self.machines[machine].up {
            let run = self.run_of(machine);
            self.after(Duration::from_millis(50), Event::Noticed(run));
            if open && self.faults.history && self.random.percent(10) {
                self.machines[machine].streamed =
                    self.machines[machine].streamed.map(|_| self.database.log.len());
                self.host(machine, Input::Lost(None));
            }
            self.stream(machine);
        }
    }
}

fn unreachable() -> Failure {
    Failure::Unreachable { message: "no server answers".into() }
}

fn kind(outcome: &WriteOutcome) -> String {
    match outcome {
        WriteOutcome::Committed { after, .. } => format!("committed @{}", after.stamp.count()),
        WriteOutcome::Failed { failure, .. } => failure.code().into(),
        WriteOutcome::Unreachable(_) => "unreachable".into(),
        WriteOutcome::Unknown(_) => "unknown".into(),
    }
}
