//! A mutation's way from the outbox to the database, tried until its end is known.
//!
//! An edit whose answer got lost is never sent again blindly: first the database is asked what became of it. So what was
//! applied and then changed back by somebody is not applied a second time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lockstep_model::{
    Action, ClusterTime, DocumentId, Edit, Failure, Mutation, Outcome, Settlement, contract::FeedEntry,
    mutation::Snapshot,
};

use super::{Due, Effect, Host, Probe, WriteOutcome};
use crate::{
    hub::Audience,
    outbox::{Kept, Update},
};

/// The first wait before a mutation is sent again though the server seems to answer; it doubles.
const AGAIN_FIRST: Duration = Duration::from_millis(200);
const AGAIN_MOST: Duration = Duration::from_secs(10);

/// So many edits of a mutation are asked about, or written, at once. Each of them ends by itself.
const CHUNK: usize = 500;

/// How far each mutation of the outbox has come that was ever sent.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    by_number: BTreeMap<u64, Attempt>,
    /// Documents that are being written: what the change stream says of them waits for the reply.
    in_flight: BTreeSet<DocumentId>,
}

#[derive(Debug)]
struct Attempt {
    /// The database time before anything of it was sent.
    since: ClusterTime,
    /// The disk knows that it may have been sent.
    recorded: bool,
    edits: Vec<Progress>,
    failures: u32,
    not_before: Duration,
}

/// How far one edit has come.
#[derive(Clone, Debug)]
enum Progress {
    /// Nothing of it is in the database.
    Unsent,
    /// It may be.
    Unknown,
    /// What it went over is no longer there, or what it was to insert is there already. That may be its own doing: a try that was
    /// given up may have arrived late.
    InTheWay(Failure, Option<Snapshot>),
    /// It has ended so; with the document as it then was, where that is known.
    Ended(Outcome, Option<Snapshot>),
}

impl Attempts {
    /// From the run before.
    pub fn may_have_been_sent(&mut self, number: u64, mutation: &Mutation, since: ClusterTime) {
        let edits = mutation.edits.iter().map(|_| Progress::Unknown).collect();
        let attempt = Attempt { since, recorded: true, edits, failures: 0, not_before: Duration::ZERO };
        self.by_number.insert(number, attempt);
    }

    pub fn is_in_flight(&self, id: &DocumentId) -> bool {
        self.in_flight.contains(id)
    }

    /// The server answers again: nothing waits any longer.
    pub fn hurry(&mut self) {
        self.by_number.values_mut().for_each(|attempt| attempt.not_before = Duration::ZERO);
    }

    pub fn forget(&mut self, number: u64) {
        self.by_number.remove(&number);
    }

    /// A mutation is given up: how each of its edits has ended by now, and what documents are known by that.
    pub fn give_up(&mut self, number: u64, mutation: &Mutation) -> (Vec<Outcome>, Vec<Snapshot>) {
        let mut edits =
            self.by_number.remove(&number).map_or_else(Vec::new, |attempt| attempt.edits).into_iter();
        let mut documents = Vec::new();
        let outcomes = mutation.edits.iter().map(|_| match edits.next() {
            Some(Progress::Ended(outcome, document)) => {
                documents.extend(document);
                outcome
            }
            _ => Outcome::Failed(Failure::invalid("it was discarded")),
        });
        (outcomes.collect(), documents)
    }

    /// How the disk is to have a mutation that waits.
    pub fn kept(&self, number: u64) -> Kept {
        let recorded = self.by_number.get(&number).filter(|attempt| attempt.recorded);
        recorded.map_or(Kept::Queued, |attempt| Kept::Sending { since: attempt.since })
    }

    /// The first edits of that progress, each with its place.
    fn chunk(&self, number: u64, mutation: &Mutation, takes: fn(&Progress) -> bool) -> Vec<(usize, Edit)> {
        let Some(attempt) = self.by_number.get(&number) else { return Vec::new() };
        let edits = mutation.edits.iter().enumerate().zip(&attempt.edits);
        edits
            .filter(|(_, progress)| takes(progress))
            .map(|((place, edit), _)| (place, edit.clone()))
            .take(CHUNK)
            .collect()
    }
}

impl Host {
    /// Sends the mutations whose turn it is, if there may be any.
    pub(super) fn send_ready(&mut self) {
        if !self.work || !self.connection.is_writable() {
            return;
        }
        self.work = false;
        let (attempts, now, seen) = (&mut self.attempts, self.now, self.seen);
        let may =
            |number: u64| attempts.by_number.get(&number).is_none_or(|attempt| attempt.not_before <= now);
        let ready = self.outbox.take_ready(may);
        for (number, mutation) in ready {
            attempts.in_flight.extend(mutation.touches().cloned());
            let attempt = attempts.by_number.entry(number).or_insert_with(|| Attempt {
                since: seen,
                recorded: false,
                edits: mutation.edits.iter().map(|_| Progress::Unsent).collect(),
                failures: 0,
                not_before: Duration::ZERO,
            });
            let sending = || Update::State(number, Kept::Sending { since: attempt.since });
            self.journal.send(number, (!attempt.recorded).then(sending));
        }
    }

    /// The disk knows that these edits may be sent; or it does not, and it is as if their turn had not come yet.
    pub(super) fn may_send(&mut self, number: u64, recorded: bool) {
        let Some(mutation) = self.outbox.sending(number).cloned() else { return };
        let Some(attempt) = self.attempts.by_number.get_mut(&number) else { return };
        if !recorded {
            return self.postpone(number, &mutation);
        }
        attempt.recorded = true;
        self.ask_or_write(number, &mutation);
    }

    /// Asks what became of edits that may have arrived, those that something was in the way of too. Where there are none, it
    /// sends those that have not; where there are none of those, the mutation has ended.
    fn ask_or_write(&mut self, number: u64, mutation: &Mutation) {
        let may_be_there =
            |progress: &Progress| matches!(progress, Progress::Unknown | Progress::InTheWay(..));
        let unknown = self.attempts.chunk(number, mutation, may_be_there);
        if !unknown.is_empty() {
            let since =
                self.attempts.by_number.get(&number).map_or(ClusterTime::ZERO, |attempt| attempt.since);
            return self.effects.push(Effect::Probe(number, since, unknown));
        }
        let unsent = self.attempts.chunk(number, mutation, |progress| matches!(progress, Progress::Unsent));
        if unsent.is_empty() {
            return self.settle(number, mutation);
        }
        if !self.connection.is_writable() {
            return self.postpone(number, mutation);
        }
        self.effects.push(Effect::Write(number, unsent));
    }

    pub(super) fn written(&mut self, number: u64, outcomes: Vec<(usize, WriteOutcome)>) {
        let since = self.attempts.by_number.get(&number).map_or(ClusterTime::ZERO, |attempt| attempt.since);
        let mutation = self.outbox.sending(number).cloned();
        let is_insert = |place: usize| {
            let edit = mutation.as_ref().and_then(|mutation| mutation.edits.get(place));
            edit.is_some_and(|edit| matches!(edit.action, Action::Insert(_)))
        };
        let outcomes = outcomes.into_iter().map(|(place, outcome)| {
            let progress = match outcome {
                WriteOutcome::Committed { after, at } => {
                    self.following.wrote(after.id.clone(), since, at);
                    Progress::Ended(Outcome::Committed, Some(after))
                }
                WriteOutcome::Failed { failure, current }
                    if matches!(failure, Failure::Conflict { .. }) || is_insert(place) =>
                {
                    Progress::InTheWay(failure, current)
                }
                WriteOutcome::Failed { failure, current } => {
                    Progress::Ended(Outcome::Failed(failure), current)
                }
                WriteOutcome::Unreachable(_) => Progress::Unsent,
                WriteOutcome::Unknown(_) => Progress::Unknown,
            };
            (place, progress)
        });
        let outcomes: Vec<_> = outcomes.collect();
        if outcomes.iter().any(|(_, progress)| matches!(progress, Progress::Ended(Outcome::Committed, _))) {
            // Also where the rest of it is given up before it has ended.
            self.outdate_touched(mutation.iter());
        }
        let answered = |progress: &Progress| matches!(progress, Progress::Ended(..) | Progress::InTheWay(..));
        let all_answered = outcomes.iter().all(|(_, progress)| answered(progress));
        if let Some(mutation) = self.progressed(number, outcomes) {
            match all_answered {
                true => self.ask_or_write(number, &mutation),
                false => self.postpone(number, &mutation),
            }
        }
    }

    pub(super) fn probed(&mut self, number: u64, outcomes: Vec<(usize, Result<Probe, Failure>)>) {
        let mutation = self.outbox.sending(number).cloned();
        let outcomes = outcomes.into_iter().map(|(place, outcome)| {
            let edit = mutation.as_ref().and_then(|mutation| mutation.edits.get(place));
            let before = self.attempts.by_number.get(&number).and_then(|attempt| attempt.edits.get(place));
            let progress = match (outcome, before) {
                (Ok(Probe::Applied(document)), _) => Progress::Ended(Outcome::Committed, Some(document)),
                // What a refused insert was to add may have been there before, by somebody else's hand.
                (
                    Ok(Probe::CannotTell(_)),
                    Some(Progress::InTheWay(rejected @ Failure::Rejected { .. }, current)),
                ) => Progress::Ended(Outcome::Failed(rejected.clone()), current.clone()),
                (Ok(Probe::CannotTell(document)), _) => {
                    let failure = may_have_been_saved(edit, &document);
                    Progress::Ended(Outcome::Failed(failure), Some(document))
                }
                (Ok(Probe::NotApplied), Some(Progress::InTheWay(conflict, current))) => {
                    Progress::Ended(Outcome::Failed(conflict.clone()), current.clone())
                }
                // A server that cannot be asked for more has at least said what was in the way.
                (Err(failure), Some(Progress::InTheWay(conflict, current)))
                    if !matches!(failure, Failure::Unreachable { .. }) =>
                {
                    Progress::Ended(Outcome::Failed(conflict.clone()), current.clone())
                }
                (Ok(Probe::NotApplied), _) => Progress::Unsent,
                (Err(_), Some(before)) => before.clone(),
                (Err(_), None) => Progress::Unknown,
            };
            (place, progress)
        });
        let outcomes: Vec<_> = outcomes.collect();
        let open = |progress: &Progress| matches!(progress, Progress::Unknown | Progress::InTheWay(..));
        let asked_in_vain = outcomes.iter().any(|(_, progress)| open(progress));
        if let Some(mutation) = self.progressed(number, outcomes) {
            match asked_in_vain {
                true => self.postpone(number, &mutation),
                false => self.ask_or_write(number, &mutation),
            }
        }
    }

    /// Takes note of what became of edits of a mutation that is being sent.
    fn progressed(&mut self, number: u64, outcomes: Vec<(usize, Progress)>) -> Option<Mutation> {
        let mutation = self.outbox.sending(number)?.clone();
        let attempt = self.attempts.by_number.get_mut(&number)?;
        for (place, progress) in outcomes {
            if let Some(edit) = attempt.edits.get_mut(place) {
                *edit = progress;
            }
        }
        Some(mutation)
    }

    /// It is tried again after a while.
    fn postpone(&mut self, number: u64, mutation: &Mutation) {
        self.outbox.postpone(number);
        self.landed(mutation);
        let Some(attempt) = self.attempts.by_number.get_mut(&number) else { return };
        attempt.failures += 1;
        let doubled = AGAIN_FIRST.saturating_mul(1 << (attempt.failures - 1).min(8)).min(AGAIN_MOST);
        // Hosts that lost the same server do not all come back at the same moment.
        let spread = number.wrapping_mul(0x9E37_79B9).wrapping_add(self.hub.boot().0.cast_unsigned()) % 512;
        attempt.not_before = self.now + doubled + doubled * u32::try_from(spread).unwrap_or(0) / 2_048;
        let at = attempt.not_before;
        self.at(at, Due::Send);
    }

    fn outdate_touched<'a>(&mut self, mutations: impl IntoIterator<Item = &'a Mutation>) {
        let touched: BTreeSet<_> =
            mutations.into_iter().flat_map(Mutation::touches).map(|id| &id.namespace).collect();
        touched.into_iter().for_each(|namespace| self.outdate(Some(namespace)));
    }

    fn landed(&mut self, mutation: &Mutation) {
        for id in mutation.touches() {
            self.attempts.in_flight.remove(id);
            self.no_longer_in_flight(id);
        }
        self.work = true;
    }

    /// All of its edits have ended.
    fn settle(&mut self, number: u64, mutation: &Mutation) {
        let Some(attempt) = self.attempts.by_number.remove(&number) else { return };
        let (mut outcomes, mut documents) = (Vec::new(), Vec::new());
        for progress in attempt.edits {
            if let Progress::Ended(outcome, document) = progress {
                outcomes.push(outcome);
                documents.extend(document);
            }
        }
        let settlement = Settlement::of(mutation, outcomes, documents);
        self.landed(mutation);
        self.outdate_touched([mutation]);
        self.counting.wrote(mutation);
        let failed = settlement.failed.clone().map(|failed| Update::Rewritten(number, failed));
        self.journal.extend(failed);
        self.journal.extend([match settlement.failure() {
            None => Update::Gone(number),
            Some(failure) => Update::State(number, Kept::Review(failure)),
        }]);
        self.cache_documents(&settlement.documents);
        let consequences = self.outbox.settle(number, &settlement);
        self.hub.publish(Audience::All, &FeedEntry::Settled(settlement));
        self.follow_up(consequences);
    }
}

/// Nobody knows any more what became of an edit: a person compares what it was to do with what is there.
fn may_have_been_saved(edit: Option<&Edit>, document: &Snapshot) -> Failure {
    let fields = match edit.map(|edit| &edit.action) {
        Some(Action::Update(changes)) => changes.iter().map(|change| change.path.clone()).collect(),
        _ => Vec::new(),
    };
    Failure::Conflict { fields, current: document.document.clone() }
}
