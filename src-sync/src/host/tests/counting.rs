//! How many documents there are: counted again when some came or went, and not more often than the server bears.

use super::*;

const NOTHING: [Vec<Namespace>; 0] = [];

fn unwatched() -> Namespace {
    Namespace::new("sample", "activities")
}

impl Shell {
    /// Two windows that show a list of collections, one of them a view, which were never counted.
    fn listing() -> Self {
        let mut shell = Self::new();
        for label in [A, B] {
            shell.watch(label, Key::Collections, None);
        }
        shell.list(5);
        shell
    }

    /// Windows ask for the collections, and get them as of that time.
    fn list(&mut self, at: u64) {
        let read_only =
            |namespace: &Namespace| (&*namespace.collection == "late").then(|| "a view".to_owned());
        let of = |namespace: Namespace| Collection {
            read_only: read_only(&namespace),
            namespace,
            count: None,
            validator: None,
        };
        let collections = [unwatched(), Namespace::new("sample", "late"), offers()].map(of).to_vec();
        self.take(Input::Read(Call(at), A.into(), Read::Collections));
        let (id, _) = self.reads().pop().expect("it is read");
        let list = CollectionList { collections, stamp: Stamp::counted(at) };
        self.take(Input::Found(id, Ok(Found::Answer(Answer::Collections(list)))));
    }

    fn came(&mut self, namespace: Namespace, kind: ChangeKind) {
        let id = DocumentId { namespace, id: Value::from(1) };
        self.take(Input::Changed(id, ClusterTime::new(0, 6), kind));
    }

    /// What is to be counted now.
    fn asked_to_count(&mut self) -> Vec<Vec<Namespace>> {
        self.asked(|effect| match effect {
            Effect::Count(namespaces) => Some(namespaces.clone()),
            _ => None,
        })
    }

    fn counted(&mut self, counts: &[(Namespace, u64)]) {
        self.take(Input::Counted(counts.iter().cloned().collect()));
    }

    /// The counts that a window is told, each time, with their time.
    fn told_counts(&mut self, whom: &str) -> Vec<(u64, Vec<Option<u64>>)> {
        let told = self.told().into_iter().filter(|(label, _)| label == whom);
        let counts = told.filter_map(|(_, entry)| match entry {
            FeedEntry::Answer(Key::Collections, Answer::Collections(list)) => {
                Some((list.stamp.count(), list.collections.iter().map(|known| known.count).collect()))
            }
            _ => None,
        });
        counts.collect()
    }
}

#[test]
fn what_is_listed_is_counted_and_every_window_is_told() {
    let mut shell = Shell::listing();
    assert_eq!(shell.asked_to_count(), [[unwatched(), offers()]], "a view is not counted");
    assert_eq!(shell.told_counts(B), [(5, vec![None; 3])], "nobody waits for it");
    shell.counted(&[(offers(), 10)]);
    let counts = [(6, vec![None, None, Some(10)])];
    assert_eq!(shell.told_counts(A), counts);
    assert_eq!(shell.asked_to_count(), NOTHING);
    shell.list(9);
    assert_eq!(shell.told_counts(B), [(9, vec![None, None, Some(10)])], "as of before");
}

#[test]
fn what_comes_or_goes_is_counted_again_and_what_only_changes_is_not() {
    let mut shell = Shell::listing();
    shell.asked_to_count();
    // What came while it was being counted may not be in it.
    shell.came(unwatched(), ChangeKind::Inserted);
    assert_eq!(shell.asked_to_count(), NOTHING);
    shell.counted(&[(unwatched(), 0), (offers(), 10)]);
    shell.wait(seconds(1) / 2);
    assert_eq!(shell.asked_to_count(), NOTHING, "not again within the second");
    shell.wait(seconds(1) / 2);
    assert_eq!(shell.asked_to_count(), [[unwatched()]]);
    shell.told();
    shell.counted(&[(unwatched(), 50)]);
    assert_eq!(shell.told_counts(B), [(7, vec![Some(50), None, Some(10)])]);

    shell.wait(seconds(5));
    shell.came(offers(), ChangeKind::Updated);
    assert_eq!(shell.asked_to_count(), NOTHING);
    shell.came(offers(), ChangeKind::Deleted);
    assert_eq!(shell.asked_to_count(), [[offers()]], "at once");
    shell.counted(&[(offers(), 10)]);
    assert_eq!(shell.told_counts(A), [], "one came meanwhile: it is as before");
}

#[test]
fn a_server_that_counts_slowly_is_asked_more_seldom_and_one_that_does_not_answer_is_not() {
    let mut shell = Shell::listing();
    shell.asked_to_count();
    shell.wait(seconds(2));
    shell.counted(&[(offers(), 10)]);
    shell.came(offers(), ChangeKind::Inserted);
    shell.wait(seconds(17));
    assert_eq!(shell.asked_to_count(), NOTHING);
    shell.wait(seconds(1));
    assert_eq!(shell.asked_to_count(), [[offers()]]);
    shell.take(Input::Reachable(Some("it went".into()), None));
    shell.counted(&[]);
    shell.came(offers(), ChangeKind::Inserted);
    shell.wait(seconds(60));
    assert_eq!(shell.asked_to_count(), NOTHING);
    shell.take(Input::Reachable(None, None));
    assert_eq!(shell.asked_to_count(), [[offers()]]);
}

#[test]
fn own_inserts_are_counted_also_where_changes_cannot_be_followed() {
    let mut shell = Shell::over([], false);
    shell.list(5);
    shell.asked_to_count();
    shell.counted(&[]);
    shell.wait(seconds(1));
    let write = |shell: &mut Shell, byte: u8, action: Option<Action>| {
        let mut mutation = set(byte, 3, 4);
        if let Some(action) = action {
            mutation.edits[0].action = action;
        }
        shell.take(Input::Mutate(Call(u64::from(byte)), vec![mutation]));
        shell.disk_works();
        let number = shell.writes()[0];
        shell.take(Input::Written(number, vec![(0, committed(4, 6))]));
    };
    write(&mut shell, 1, None);
    assert_eq!(shell.asked_to_count(), NOTHING);
    write(&mut shell, 2, Some(Action::Insert(rawdoc! { "_id": 1, "amount": 4 })));
    assert_eq!(shell.asked_to_count(), [[offers()]]);
}
