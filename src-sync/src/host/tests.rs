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
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 6)));
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
        shell.take(Input::Changed(offer(number), ClusterTime::new(0, 10)));
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
    shell.take(Input::Changed(offer(0), ClusterTime::new(0, 6)));
    let read = shell.reads();
    let stale = |shell: &mut Shell| {
        let told = shell.told().into_iter();
        told.filter(|(label, entry)| label == A && matches!(entry, FeedEntry::Invalidate(_))).count()
    };
    for number in 1..=600 {
        shell.take(Input::Changed(offer(number), ClusterTime::new(0, 7)));
    }
    assert_eq!((stale(&mut shell), shell.reads().len()), (1, 0), "at once, also while others are read");
    shell.take(Input::Found(read[0].0, Ok(Found::Rows(Vec::new()))));
    shell.wait(seconds(1) / 2);
    assert_eq!((stale(&mut shell), shell.reads().len()), (0, 0));
    shell.wait(seconds(1) / 2);
    assert_eq!((stale(&mut shell), shell.reads().len()), (1, 0), "what came meanwhile is not left out");
    shell.wait(seconds(1));
    assert_eq!(stale(&mut shell), 0, "nothing has come since");
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 8)));
    assert_eq!((stale(&mut shell), shell.reads().len()), (0, 1), "and the next one is read by itself");
}

#[test]
fn a_mutation_is_laid_at_once_accepted_when_it_is_on_disk_and_sent_when_the_disk_knows_of_that() {
    let mut shell = Shell::new();
    shell.told();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    assert_eq!(shell.told().len(), 2, "in both windows");
    let records = shell.records();
    assert!(matches!(&records[0].1[..], [Update::New(10, _)]), "{records:?}");
    assert_eq!(shell.writes(), [0u64; 0]);
    shell.take(Input::Recorded(records[0].0, Ok(())));
    let replies = shell.asked(|effect| match effect {
        Effect::Mutated(call, reply) => Some((*call, reply.results.clone())),
        _ => None,
    });
    assert_eq!(replies, [(Call(1), vec![Acceptance::Accepted(10)])]);
    assert_eq!(shell.writes(), [0u64; 0]);
    let sending = Update::State(10, Kept::Sending { since: ClusterTime::new(0, 5) });
    assert_eq!(shell.disk_works(), [sending]);
    assert_eq!(shell.writes(), [10]);
    shell.told();
    shell.take(Input::Written(10, vec![(0, committed(4, 6))]));
    assert_eq!(shell.disk_works(), [Update::Gone(10)]);
    assert!(matches!(&shell.told()[0].1, FeedEntry::Settled(settlement) if settlement.committed()));
    shell.watch(A, list(), None);
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 6)));
    assert_eq!(shell.reads(), [], "its own echo is no news");
}

#[test]
fn a_mutation_that_comes_twice_while_it_is_written_is_written_once_and_both_are_answered() {
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.take(Input::Mutate(Call(2), vec![set(1, 3, 4)]));
    let records = shell.records();
    assert_eq!(records.len(), 1);
    shell.take(Input::Recorded(records[0].0, Err(Failure::internal("the disk is full"))));
    let refused = shell.asked(|effect| match effect {
        Effect::Mutated(call, reply) => Some((*call, matches!(reply.results[..], [Acceptance::Refused(_)]))),
        _ => None,
    });
    assert_eq!(refused, [(Call(1), true), (Call(2), true)]);
    assert_eq!(shell.host.pending().count(), 0);
}

#[test]
fn an_edit_whose_answer_got_lost_is_asked_about_before_it_is_sent_again() {
    for (told, writes, settled) in [
        (Probe::Applied(snapshot(4, 8)), 0, true),
        (Probe::NotApplied, 1, false),
        (Probe::CannotTell(snapshot(9, 8)), 0, true),
    ] {
        let mut shell = Shell::new();
        shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
        shell.disk_works();
        assert_eq!(shell.writes(), [10]);
        shell.take(Input::Written(10, vec![(0, WriteOutcome::Unknown(gone("cut off")))]));
        assert_eq!((shell.probes(), shell.writes()), (vec![], vec![]), "not at once");
        shell.wait(seconds(1));
        assert_eq!(shell.probes(), [(10, ClusterTime::new(0, 5))]);
        shell.take(Input::Probed(10, vec![(0, Ok(told.clone()))]));
        shell.disk_works();
        assert_eq!(shell.writes().len(), writes, "{told:?}");
        assert_eq!(shell.host.pending().next().is_none(), settled, "{told:?}");
    }
}

#[test]
fn a_conflict_that_the_edit_has_made_itself_is_none() {
    let conflict = Failure::Conflict { fields: Vec::new(), current: None };
    // Where nobody can tell, the document is at least the newest.
    let newest = Failure::Conflict { fields: vec![Path::field("amount")], current: snapshot(9, 9).document };
    for (probe, failures) in [
        (Ok(Probe::Applied(snapshot(4, 9))), vec![]),
        (Ok(Probe::NotApplied), vec![conflict.clone()]),
        (Ok(Probe::CannotTell(snapshot(9, 9))), vec![newest]),
        (Err(Failure::internal("what is a change stream?")), vec![conflict.clone()]),
    ] {
        let mut shell = Shell::new();
        shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
        shell.disk_works();
        assert_eq!(shell.writes(), [10]);
        let failed = WriteOutcome::Failed { failure: conflict.clone(), current: Some(snapshot(7, 8)) };
        shell.take(Input::Written(10, vec![(0, failed)]));
        assert_eq!(shell.probes().len(), 1);
        assert_eq!(shell.host.reviews().count(), 0, "nobody is told before that is known");
        // It cannot be asked at first.
        shell.take(Input::Probed(10, vec![(0, Err(gone("it went")))]));
        shell.wait(seconds(20));
        shell.disk_works();
        assert_eq!((shell.probes().len(), shell.writes().len()), (1, 0));
        shell.take(Input::Probed(10, vec![(0, probe)]));
        assert_eq!((shell.writes().len(), shell.host.pending().count()), (0, 0));
        let reviews: Vec<_> = shell.host.reviews().map(|review| review.failure).collect();
        assert_eq!(reviews, failures);
    }
}

#[test]
fn what_may_have_been_sent_before_a_crash_is_asked_about_and_the_rest_is_sent() {
    let since = ClusterTime::new(0, 3);
    let other = Mutation { id: MutationId(bson::Uuid::from_bytes([2; 16])), ..set(2, 3, 4) };
    let entries = [(4, set(1, 3, 4), Kept::Sending { since }), (5, other, Kept::Queued)];
    let mut shell = Shell::over(entries, true);
    shell.disk_works();
    assert_eq!((shell.probes(), shell.writes()), (vec![(4, since)], vec![]), "the other waits for its turn");
}

#[test]
fn what_the_disk_refused_is_written_before_anything_newer() {
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();
    assert_eq!(shell.writes(), [10]);
    shell.take(Input::Written(10, vec![(0, committed(4, 6))]));
    let records = shell.records();
    assert_eq!(records[0].1, [Update::Gone(10)]);
    shell.take(Input::Recorded(records[0].0, Err(Failure::internal("the disk is full"))));
    shell.take(Input::Mutate(Call(2), vec![set(2, 4, 5)]));
    let accepted = shell.records();
    assert_eq!(accepted.len(), 1);
    shell.take(Input::Recorded(accepted[0].0, Ok(())));
    assert_eq!((shell.records(), shell.writes()), (vec![], vec![]), "the disk rests");
    shell.wait(seconds(1));
    let sending = Update::State(11, Kept::Sending { since: ClusterTime::new(0, 5) });
    assert_eq!(shell.disk_works(), [Update::Gone(10), sending]);
    assert_eq!(shell.writes(), [11]);
}

#[test]
fn a_mutation_that_cannot_be_sent_waits_and_goes_out_at_once_when_the_server_is_back() {
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();
    for _ in 0..6 {
        assert_eq!(shell.writes(), [10]);
        shell.take(Input::Written(10, vec![(0, WriteOutcome::Unreachable(gone("away")))]));
        shell.wait(Duration::from_millis(100));
        assert_eq!(shell.writes(), [0u64; 0]);
        shell.wait(seconds(15));
    }
    shell.writes();
    shell.take(Input::Written(10, vec![(0, WriteOutcome::Unreachable(gone("away")))]));
    shell.take(Input::Reachable(Some("away".into()), None));
    shell.take(Input::Reachable(None, None));
    assert_eq!(shell.writes(), [10]);
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
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 6)));
    assert_eq!(invalidated(&mut shell), [""; 0]);
    let new = DocumentId { namespace: Namespace::new("sample", "new"), id: Value::from(1) };
    shell.take(Input::Changed(new.clone(), ClusterTime::new(0, 7)));
    assert_eq!(invalidated(&mut shell), [A, B]);
    shell.take(Input::Changed(new, ClusterTime::new(0, 8)));
    assert_eq!(invalidated(&mut shell), [""; 0]);
    shell.take(Input::Lost(Some(offers())));
    assert_eq!(invalidated(&mut shell), [A, B], "it may have been dropped");
}

#[test]
fn what_is_read_and_what_was_written_is_kept_for_the_next_start() {
    let mut shell = Shell::new();
    let page = ListPage {
        items: ListItems::default(),
        first: vec![snapshot(3, 5)],
        next: None,
        stamp: Stamp::counted(5),
    };
    for (read, found, kept) in [
        (read_list(), Found::Answer(Answer::List(page.clone())), &["list and 0 documents", "1"][..]),
        (further_page(), Found::Answer(Answer::List(page)), &["1"]),
        (Read::Rows(offers(), vec![Value::from(1)]), Found::Rows(vec![snapshot(3, 5)]), &["1"]),
        (Read::Document(offer(1)), Found::Answer(Answer::Document(snapshot(3, 5))), &["1"]),
    ] {
        shell.take(Input::Read(Call(1), A.into(), read.clone()));
        let (id, _) = shell.reads().remove(0);
        shell.take(Input::Found(id, Ok(found)));
        assert_eq!(shell.cached(), kept, "{read:?}");
    }

    shell.take(Input::Mutate(Call(2), vec![set(1, 3, 4)]));
    shell.disk_works();
    let number = shell.writes()[0];
    shell.take(Input::Written(number, vec![(0, committed(4, 9))]));
    assert_eq!(shell.cached(), ["1"]);
}

fn further_page() -> Read {
    Read::List(ListRequest { namespace: offers(), query: ListQuery::all(), skip: 9, first: 1 })
}

#[test]
fn what_the_disk_refused_does_not_bring_back_what_gave_up_its_place_meanwhile() {
    let mut shell = Shell::new();
    shell.take(Input::Reachable(Some("it went".into()), None));
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();

    // The second is refused, so the first is to be written once more, and that is refused as well.
    shell.take(Input::Mutate(Call(2), vec![set_over(2, 1, 5)]));
    let records = shell.records();
    assert!(matches!(records[0].1[..], [Update::New(11, _), Update::Gone(10)]), "{records:?}");
    shell.take(Input::Recorded(records[0].0, full()));
    let again = shell.records();
    assert!(matches!(again[0].1[..], [Update::Rewritten(10, _), Update::Gone(11)]), "{again:?}");
    shell.take(Input::Recorded(again[0].0, full()));

    // The third takes the first one's place, before the disk is asked again.
    shell.take(Input::Mutate(Call(3), vec![set_over(3, 1, 6)]));
    let records = shell.records();
    assert!(matches!(records[0].1[..], [Update::New(12, _), Update::Gone(10)]), "{records:?}");
    shell.take(Input::Recorded(records[0].0, Ok(())));
    shell.wait(seconds(1));
    let updates = shell.disk_works();
    let last =
        updates.iter().rev().find(|update| matches!(update, Update::Rewritten(10, _) | Update::Gone(10)));
    assert_eq!(last, Some(&Update::Gone(10)), "{updates:?}");
}

#[test]
fn what_the_disk_refused_and_may_have_written_is_set_right() {
    // A new edit: it is taken out again, after all that was said of it meanwhile.
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();
    shell.take(Input::Mutate(Call(2), vec![set_over(2, 1, 5)]));
    let new = shell.records();
    assert!(matches!(new[0].1[..], [Update::New(11, _)]), "{new:?}");
    shell.take(Input::Written(10, vec![(0, committed(4, 8))]));
    let ended = shell.records();
    assert!(matches!(ended[0].1[..], [Update::Gone(10), Update::Rewritten(11, _)]), "{ended:?}");
    shell.take(Input::Recorded(ended[0].0, full()));
    shell.take(Input::Recorded(new[0].0, full()));
    shell.wait(seconds(1));
    let set_right = shell.records();
    assert!(
        matches!(set_right[0].1[..], [Update::Gone(10), Update::Rewritten(11, _), Update::Gone(11)]),
        "{set_right:?}"
    );

    // A failed edit that was discarded: it is there again.
    let failure = Failure::NotFound { message: "it went".into() };
    let mut shell = Shell::over([(3, set(1, 3, 4), Kept::Review(failure))], true);
    shell.take(Input::Discard(Call(1), DiscardRequest { mutation: set(1, 3, 4).id, only_unsent: false }));
    let gone = shell.records();
    assert_eq!(gone[0].1, [Update::Gone(3)]);
    shell.take(Input::Recorded(gone[0].0, full()));
    let set_right = shell.records();
    assert!(
        matches!(set_right[0].1[..], [Update::Rewritten(3, _), Update::State(3, Kept::Review(_))]),
        "{set_right:?}"
    );
    assert_eq!(shell.host.reviews().count(), 1);
}

#[test]
fn many_edits_go_out_in_chunks_and_what_failed_of_them_is_what_waits_for_a_person() {
    let mut shell = Shell::new();
    let id = MutationId(bson::Uuid::from_bytes([1; 16]));
    let edits: Vec<_> =
        (0..501).map(|number| Edit { document: offer(number), ..set(1, 3, 4).edits.remove(0) }).collect();
    shell.take(Input::Mutate(Call(1), vec![Mutation::new(id, edits)]));
    shell.disk_works();
    let chunks = |shell: &mut Shell| {
        shell.asked(|effect| match effect {
            Effect::Write(number, edits) => {
                Some((*number, edits.iter().map(|(place, _)| *place).collect::<Vec<_>>()))
            }
            _ => None,
        })
    };
    assert_eq!(chunks(&mut shell), [(10, (0..500).collect())]);
    let done = |place: usize| {
        let number = i32::try_from(place).unwrap();
        let document = Some(Document::whole(&rawdoc! { "_id": number, "amount": 4 }));
        let after = Snapshot { id: offer(number), document, stamp: Stamp::counted(8) };
        (place, WriteOutcome::Committed { after, at: ClusterTime::new(0, 8) })
    };
    let conflict = Failure::Conflict { fields: Vec::new(), current: None };
    let mut outcomes: Vec<_> = (0..500).map(done).collect();
    outcomes[7].1 = WriteOutcome::Failed { failure: conflict.clone(), current: None };
    shell.take(Input::Written(10, outcomes));
    assert_eq!((shell.probes().len(), chunks(&mut shell).len()), (1, 0), "the conflict may be its own doing");
    shell.take(Input::Probed(10, vec![(7, Ok(Probe::NotApplied))]));
    assert_eq!(chunks(&mut shell), [(10, vec![500])]);
    let rejected = Failure::Rejected { message: "no".into(), fields: Vec::new() };
    shell.take(Input::Written(
        10,
        vec![(500, WriteOutcome::Failed { failure: rejected.clone(), current: None })],
    ));

    let [review] = &shell.host.reviews().collect::<Vec<_>>()[..] else { panic!("one waits") };
    let waits: Vec<_> = review.mutation.touches().cloned().collect();
    assert_eq!(waits, [offer(7), offer(500)]);
    assert_eq!((review.failure.of(0), review.failure.of(1)), (&conflict, &rejected));
    let updates = shell.disk_works();
    assert!(
        matches!(&updates[..], [Update::Rewritten(10, kept), Update::State(10, Kept::Review(_))] if *kept == review.mutation),
        "{updates:?}"
    );
}

#[test]
fn of_the_changes_beside_an_own_write_one_is_its_echo_and_a_second_is_read() {
    // The reply may name a time that is later than the write's own, and so is a colleague's change in between.
    for (times, reads) in [(&[6][..], 0), (&[6, 7], 1), (&[9], 1), (&[5, 6], 1)] {
        for before_reply in 0..=times.len() {
            let mut shell = Shell::new();
            shell.watch(A, list(), None);
            shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
            shell.disk_works();
            assert_eq!(shell.writes(), [10]);
            let change = |time: &u32| Input::Changed(offer(1), ClusterTime::new(0, *time));
            times[..before_reply].iter().for_each(|time| shell.take(change(time)));
            assert_eq!(shell.reads(), [], "it waits for the reply");
            shell.take(Input::Written(10, vec![(0, committed(4, 8))]));
            times[before_reply..].iter().for_each(|time| shell.take(change(time)));
            assert_eq!(shell.reads().len(), reads, "{times:?}, {before_reply} of them before the reply");
        }
    }
}

#[test]
fn in_production_what_destroys_has_to_be_confirmed_by_the_collections_name() {
    let mut shell = Shell::new();
    let delete = |byte: u8, typed: Option<&str>| {
        let action = Action::Delete { seen: Seen::Revision(Revision::of(&rawdoc! { "_id": 1 })) };
        let id = MutationId(bson::Uuid::from_bytes([byte; 16]));
        let confirmation = typed.map(Into::into);
        Mutation {
            confirmation,
            ..Mutation::new(id, vec![Edit { document: offer(i32::from(byte)), action }])
        }
    };
    let refused = |shell: &mut Shell, mutation: Mutation| {
        shell.take(Input::Mutate(Call(u64::from(mutation.id.0.bytes()[0])), vec![mutation]));
        shell.disk_works();
        let replies = shell.asked(|effect| match effect {
            Effect::Mutated(_, reply) => Some(reply.results.clone()),
            _ => None,
        });
        matches!(replies.concat()[..], [Acceptance::Refused(Failure::Unconfirmed { .. })])
    };
    assert!(!refused(&mut shell, delete(1, None)));
    shell.take(Input::Server("Shop".into(), true));
    assert!(refused(&mut shell, delete(2, None)));
    assert!(refused(&mut shell, delete(3, Some("customers"))));
    assert!(!refused(&mut shell, delete(4, Some(&offers().collection))));
    assert!(!refused(&mut shell, set(5, 1, 2)));
}
