//! The host's decisions one by one. Together, and under faults, they are in the simulation.

use bson::rawdoc;
use lockstep_model::{
    Action, Change, Document, Edit, Expectation, ListQuery, MutationId, Path, Revision, Stamp, Value,
    contract::{
        Acceptance, Collection, CollectionList, DiscardRequest, ListItems, ListPage, ListRequest, Watching,
    },
    mutation::{Seen, Snapshot},
};

use super::*;
use crate::outbox::Update;

mod counting;
mod freshening;
mod keeping;
mod sending;

const A: &str = "a";
const B: &str = "b";

/// A host with a clock that stands still until it is told to move.
struct Shell {
    host: Host,
    now: Duration,
    /// What was asked for, and not carried out.
    effects: Vec<Effect>,
}

fn offers() -> Namespace {
    Namespace::new("sample", "offers")
}

fn offer(number: i32) -> DocumentId {
    DocumentId { namespace: offers(), id: Value::from(number) }
}

fn list() -> Key {
    Key::List(offers(), ListQuery::all())
}

fn read_list() -> Read {
    reading::of_key(list()).expect("a list is read")
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Mutation `byte` sets the amount of offer 1 from `before` to `after`.
fn set(byte: u8, before: i32, after: i32) -> Mutation {
    let expected = Expectation::Value(Some(Value::from(before)));
    let change = Change { path: Path::field("amount"), target: Some(Value::from(after)), expected };
    let edit = Edit { document: offer(1), action: Action::Update(vec![change]) };
    Mutation::new(MutationId(bson::Uuid::from_bytes([byte; 16])), vec![edit])
}

/// Mutation `byte` sets it over an earlier one.
fn set_over(byte: u8, earlier: u8, after: i32) -> Mutation {
    let mut mutation = set(byte, 3, after);
    let Action::Update(changes) = &mut mutation.edits[0].action else { panic!("it is an update") };
    changes[0].expected = Expectation::After(MutationId(bson::Uuid::from_bytes([earlier; 16])));
    mutation
}

fn full() -> Result<(), Failure> {
    Err(Failure::internal("the disk is full"))
}

fn snapshot(amount: i32, stamp: u64) -> Snapshot {
    let document = Document::whole(&rawdoc! { "_id": 1, "amount": amount });
    Snapshot { id: offer(1), document: Some(document), stamp: Stamp::counted(stamp) }
}

/// As the reply tells it at that time.
fn committed(amount: i32, at: u32) -> WriteOutcome {
    WriteOutcome::Committed { after: snapshot(amount, at.into()), at: ClusterTime::new(0, at) }
}

fn gone(message: &str) -> Failure {
    Failure::Unreachable { message: message.into() }
}

impl Shell {
    /// Two windows, over a database that answers.
    fn new() -> Self {
        Self::over([], true)
    }

    fn over(entries: impl IntoIterator<Item = (u64, Mutation, Kept)>, followable: bool) -> Self {
        let host = Host::restored(Boot(7), 9, entries, None);
        let mut shell = Self { host, now: seconds(100), effects: Vec::new() };
        for label in [A, B] {
            assert!(shell.host.attach(label, 1, &[]).is_ok());
        }
        shell.take(Input::Connected(followable));
        shell.take(Input::Reachable(None, None));
        shell
    }

    fn take(&mut self, input: Input) {
        let moment = Moment { at: self.now, seen: ClusterTime::new(0, 5) };
        self.effects.extend(self.host.take(moment, input));
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.take(Input::Wake);
    }

    fn watch(&mut self, label: &str, key: Key, interval: Option<Duration>) {
        let watching = Watching { page: 1, added: vec![(key, interval)], removed: Vec::new() };
        self.take(Input::Watch(label.into(), watching));
    }

    /// What is asked for now of one kind.
    fn asked<T>(&mut self, kind: impl Fn(&Effect) -> Option<T>) -> Vec<T> {
        let found = self.effects.iter().filter_map(&kind).collect();
        self.effects.retain(|effect| kind(effect).is_none());
        found
    }

    fn reads(&mut self) -> Vec<(ReadId, Read)> {
        self.asked(|effect| match effect {
            Effect::Read(id, read) => Some((*id, read.clone())),
            _ => None,
        })
    }

    fn records(&mut self) -> Vec<(RecordId, Vec<Update>)> {
        self.asked(|effect| match effect {
            Effect::Record(id, updates) => Some((*id, updates.clone())),
            _ => None,
        })
    }

    fn writes(&mut self) -> Vec<u64> {
        self.asked(|effect| match effect {
            Effect::Write(number, _) => Some(*number),
            _ => None,
        })
    }

    fn probes(&mut self) -> Vec<(u64, ClusterTime)> {
        self.asked(|effect| match effect {
            Effect::Probe(number, since, _) => Some((*number, *since)),
            _ => None,
        })
    }

    /// What is to be kept for the next start, in words.
    fn cached(&mut self) -> Vec<String> {
        let answers = self.asked(|effect| match effect {
            Effect::Cache(answers) => Some(answers.clone()),
            _ => None,
        });
        let word = |(key, answer)| match (key, answer) {
            (Key::Document(id), Answer::Document(document)) if document.id == id => {
                lockstep_model::shape::display_text(id.id.get())
            }
            (Key::List(..), Answer::List(page)) => format!("list and {} documents", page.first.len()),
            (key, answer) => format!("{key:?}: {answer:?}"),
        };
        answers.into_iter().flatten().map(word).collect()
    }

    /// The disk takes all that it was asked for, and whatever follows from that.
    fn disk_works(&mut self) -> Vec<Update> {
        let mut updates = Vec::new();
        loop {
            let records = self.records();
            if records.is_empty() {
                return updates;
            }
            for (id, recorded) in records {
                updates.extend(recorded);
                self.take(Input::Recorded(id, Ok(())));
            }
        }
    }

    /// What each window is told now, but for the status.
    fn told(&mut self) -> Vec<(String, FeedEntry)> {
        let batches = self.host.drain().into_iter();
        let entries = batches.flat_map(|(label, batch)| {
            batch.entries.into_iter().flatten().map(move |entry| (label.clone(), entry))
        });
        entries.filter(|(_, entry)| !matches!(entry, FeedEntry::Status(_))).collect()
    }
}

#[test]
fn equal_reads_are_one_until_something_becomes_known_that_it_may_not_see() {
    let mut shell = Shell::new();
    shell.watch(A, list(), None);
    for (call, label) in [(1, A), (2, B)] {
        shell.take(Input::Read(Call(call), label.into(), read_list()));
    }
    assert_eq!(shell.reads().len(), 1);
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 6), ChangeKind::Updated));
    shell.reads();
    shell.take(Input::Read(Call(3), A.into(), read_list()));
    assert_eq!(shell.reads().len(), 1, "the first may have been read before the change");
}

#[test]
fn whoever_joined_a_read_is_answered_and_others_that_watch_are_told() {
    let mut shell = Shell::new();
    shell.watch(A, Key::Document(offer(1)), None);
    shell.watch(B, Key::Document(offer(1)), None);
    shell.take(Input::Read(Call(1), A.into(), Read::Document(offer(1))));
    let (id, _) = shell.reads().remove(0);
    shell.told();
    let found = Answer::Document(snapshot(3, 5));
    shell.take(Input::Found(id, Ok(Found::Answer(found.clone()))));
    let answered = shell.asked(|effect| match effect {
        Effect::Answer(calls, _) => Some(calls.clone()),
        _ => None,
    });
    assert_eq!(answered, [vec![Call(1)]]);
    assert_eq!(shell.told(), [(B.into(), FeedEntry::Answer(Key::Document(offer(1)), found))]);
}

#[test]
fn what_several_windows_want_at_an_interval_is_asked_for_once_at_the_shortest() {
    let mut shell = Shell::new();
    shell.watch(A, list(), Some(seconds(20)));
    shell.watch(B, list(), Some(seconds(5)));
    shell.reads();
    let mut times = Vec::new();
    for second in 1..=20 {
        shell.wait(seconds(1));
        for (id, read) in shell.reads() {
            assert_eq!(read, read_list());
            times.push(second);
            shell.take(Input::Found(id, Err(gone("it is slow"))));
        }
    }
    assert_eq!(times, [5, 10, 15, 20]);
    shell.take(Input::Close(B.into()));
    shell.take(Input::Reachable(Some("it went".into()), None));
    shell.wait(seconds(60));
    assert_eq!(shell.reads(), [], "a server that does not answer is not asked");
}

#[test]
fn where_changes_cannot_be_followed_everything_watched_is_asked_for_documents_together() {
    let mut shell = Shell::over([], false);
    shell.watch(A, list(), None);
    shell.watch(A, Key::Document(offer(1)), None);
    shell.watch(B, Key::Document(offer(2)), None);
    shell.wait(seconds(5));
    let reads: Vec<_> = shell.reads().into_iter().map(|(_, read)| read).collect();
    assert_eq!(reads, [read_list(), Read::Rows(offers(), vec![Value::from(1), Value::from(2)])]);
}

#[test]
fn changed_documents_are_read_together_while_a_read_of_changes_is_under_way() {
    let mut shell = Shell::new();
    shell.watch(A, list(), None);
    for number in 1..=3 {
        shell.take(Input::Changed(offer(number), ClusterTime::new(0, 10), ChangeKind::Updated));
    }
    let first = shell.reads();
    assert_eq!(first.len(), 1);
    shell.take(Input::Found(first[0].0, Ok(Found::Rows(vec![snapshot(1, 10)]))));
    let second: Vec<_> = shell.reads().into_iter().map(|(_, read)| read).collect();
    assert_eq!(second, [Read::Rows(offers(), vec![Value::from(2), Value::from(3)])]);
}

#[test]
fn a_flood_of_changes_makes_a_collection_stale_once_a_second() {
    let mut shell = Shell::new();
    shell.watch(A, list(), None);
    shell.take(Input::Changed(offer(0), ClusterTime::new(0, 6), ChangeKind::Updated));
    let read = shell.reads();
    let is_list = |entry: &FeedEntry| match entry {
        FeedEntry::Invalidate(prefix) => list().segments().starts_with(prefix),
        _ => false,
    };
    let stale = |shell: &mut Shell| {
        let told = shell.told().into_iter();
        told.filter(|(label, entry)| label == A && is_list(entry)).count()
    };
    for number in 1..=600 {
        shell.take(Input::Changed(offer(number), ClusterTime::new(0, 7), ChangeKind::Updated));
    }
    assert_eq!((stale(&mut shell), shell.reads().len()), (1, 0), "at once, also while others are read");
    shell.take(Input::Found(read[0].0, Ok(Found::Rows(Vec::new()))));
    shell.wait(seconds(1) / 2);
    assert_eq!((stale(&mut shell), shell.reads().len()), (0, 0));
    shell.wait(seconds(1) / 2);
    assert_eq!((stale(&mut shell), shell.reads().len()), (1, 0), "what came meanwhile is not left out");
    shell.wait(seconds(1));
    assert_eq!(stale(&mut shell), 0, "nothing has come since");
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 8), ChangeKind::Updated));
    assert_eq!((stale(&mut shell), shell.reads().len()), (0, 1), "and the next one is read by itself");
}

#[test]
fn the_first_document_of_a_collection_that_nobody_knows_makes_the_collections_stale_once() {
    let mut shell = Shell::new();
    shell.take(Input::Read(Call(1), A.into(), Read::Collections));
    let collections = vec![Collection { namespace: offers(), count: None, validator: None, read_only: None }];
    let list = CollectionList { collections, stamp: Stamp::counted(5) };
    let reads = shell.reads();
    shell.take(Input::Found(reads[0].0, Ok(Found::Answer(Answer::Collections(list)))));
    shell.told();

    let invalidated = |shell: &mut Shell| {
        let entries = shell.told();
        let stale = FeedEntry::Invalidate(Key::Collections.segments());
        entries.into_iter().filter(|(_, entry)| *entry == stale).map(|(label, _)| label).collect::<Vec<_>>()
    };
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 6), ChangeKind::Updated));
    assert_eq!(invalidated(&mut shell), [""; 0]);
    let new = DocumentId { namespace: Namespace::new("sample", "new"), id: Value::from(1) };
    shell.take(Input::Changed(new.clone(), ClusterTime::new(0, 7), ChangeKind::Updated));
    assert_eq!(invalidated(&mut shell), [A, B]);
    shell.take(Input::Changed(new, ClusterTime::new(0, 8), ChangeKind::Updated));
    assert_eq!(invalidated(&mut shell), [""; 0]);
    shell.take(Input::Lost(Some(offers())));
    assert_eq!(invalidated(&mut shell), [A, B], "it may have been dropped");
}
