//! The outbox's file: what was accepted is there after any end of the process, and bad files are met with a message.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use lockstep_host::outbox::{Entry, Opened, Outbox, OutboxError};
use lockstep_model::{
    Action, Change, ClusterTime, DocumentId, Edit, Expectation, Failure, Mutation, MutationId, Namespace,
    Value,
};
use lockstep_sync::outbox::{Kept, Update};

/// A mutation that sets `title` of offer `number`.
fn edit(number: i32, title: &str) -> Mutation {
    Mutation::new(
        MutationId(bson::Uuid::new()),
        vec![Edit {
            document: DocumentId { namespace: Namespace::new("sample", "offers"), id: Value::from(number) },
            action: Action::Update(vec![Change {
                path: lockstep_model::Path::field("title"),
                target: Some(Value::from(title)),
                expected: Expectation::Value(None),
            }]),
        }],
    )
}

fn open(path: &Path) -> Opened {
    Outbox::open(path).expect("the outbox opens")
}

/// Accepts mutations under numbers from that one on.
async fn accept(
    outbox: &Outbox,
    first: u64,
    mutations: impl IntoIterator<Item = Mutation>,
) -> Result<(), Failure> {
    outbox
        .record((first..).zip(mutations).map(|(number, mutation)| Update::New(number, mutation)).collect())
        .await
}

fn numbers(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.number).collect()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("outbox.redb");
    (folder, path)
}

#[tokio::test]
async fn what_was_accepted_comes_back_in_order_with_its_state() {
    let (_folder, path) = folder();
    let Opened { outbox, entries, next_number, damaged } = open(&path);
    assert_eq!((entries, next_number, damaged), (vec![], 1, None));
    let [first, second, third] = [edit(1, "one"), edit(2, "two"), edit(3, "three")];
    assert_eq!(accept(&outbox, 1, [first.clone(), second.clone()]).await, Ok(()));
    assert_eq!(accept(&outbox, 3, [third.clone()]).await, Ok(()));
    let sending = Kept::Sending { since: ClusterTime::new(7, 9) };
    let review = Kept::Review(Failure::Rejected { message: "taken".into(), fields: vec![] });
    let states = vec![Update::State(2, sending.clone()), Update::State(3, review.clone())];
    outbox.record(states).await.expect("the states are written");
    outbox.close().await;
    let entry = |number, mutation, state| Entry { number, mutation, state };
    let expected = vec![entry(1, first, Kept::Queued), entry(2, second, sending), entry(3, third, review)];
    assert_eq!(open(&path).entries, expected);
}

#[tokio::test]
async fn a_settlement_and_what_follows_from_it_are_one() {
    let (_folder, path) = folder();
    let outbox = open(&path).outbox;
    let (first, mut second) = (edit(1, "one"), edit(1, "two"));
    assert_eq!(accept(&outbox, 1, [first, second.clone()]).await, Ok(()));
    second.edits[0].document.id = Value::from(7);
    let updates = vec![Update::Gone(1), Update::Rewritten(2, second.clone())];
    outbox.record(updates).await.expect("they are written");
    outbox.close().await;
    assert_eq!(open(&path).entries, [Entry { number: 2, mutation: second, state: Kept::Queued }]);
}

#[tokio::test]
async fn a_number_is_never_given_twice() {
    let (_folder, path) = folder();
    let outbox = open(&path).outbox;
    assert_eq!(accept(&outbox, 1, [edit(1, "a"), edit(2, "b")]).await, Ok(()));
    outbox.record(vec![Update::Gone(1), Update::Gone(2)]).await.expect("they are removed");
    outbox.close().await;
    let Opened { entries, next_number, .. } = open(&path);
    assert_eq!((entries, next_number), (vec![], 3));
}

#[tokio::test]
async fn updates_are_written_in_the_order_of_the_calls_whoever_waits_first() {
    let (_folder, path) = folder();
    let outbox = open(&path).outbox;
    let new = outbox.record(vec![Update::New(1, edit(1, "a"))]);
    let gone = outbox.record(vec![Update::Gone(1)]);
    assert_eq!((gone.await, new.await), (Ok(()), Ok(())));
    outbox.close().await;
    assert_eq!(open(&path).entries, []);
}

#[tokio::test]
async fn many_callers_at_once_share_the_file() {
    let (_folder, path) = folder();
    let outbox = open(&path).outbox;
    let callers: Vec<_> = (1..=500)
        .map(|number| {
            let outbox = outbox.clone();
            tokio::spawn(async move { accept(&outbox, number, [edit(1, "x")]).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("the caller ends"), Ok(()));
    }
    outbox.close().await;
    assert_eq!(numbers(&open(&path).entries), (1..=500).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_second_process_is_refused_with_a_message() {
    let (_folder, path) = folder();
    let _first = open(&path);
    let error = Outbox::open(&path).err().expect("it is in use");
    assert!(matches!(error, OutboxError::InUse(_)), "{error}");
    assert!(error.to_string().contains("another Lockstep"), "{error}");
}

#[tokio::test]
async fn a_file_from_a_newer_version_is_refused_and_keeps_its_entries() {
    let (_folder, path) = folder();
    let outbox = open(&path).outbox;
    accept(&outbox, 1, [edit(1, "kept")]).await.expect("it is accepted");
    outbox.close().await;
    let set_format = |format: u64| {
        let database = redb::Database::open(&path).expect("a redb file");
        let transaction = database.begin_write().expect("a transaction");
        let facts = redb::TableDefinition::<&str, u64>::new("facts");
        transaction.open_table(facts).expect("the table").insert("format", format).expect("it is set");
        transaction.commit().expect("it is written");
    };
    set_format(2);
    let error = Outbox::open(&path).err().expect("it is newer");
    assert!(matches!(error, OutboxError::Newer(_)), "{error}");
    set_format(1);
    assert_eq!(numbers(&open(&path).entries), [1]);
}

#[tokio::test]
async fn a_damaged_file_is_kept_aside_and_the_outbox_works() {
    let (folder, path) = folder();
    for (attempt, garbage) in [b"this is no database".repeat(1_000), vec![0; 50_000]].iter().enumerate() {
        std::fs::write(&path, garbage).expect("the file is written");
        let Opened { outbox, entries, damaged, .. } = open(&path);
        let aside = folder.path().join(format!("outbox.redb.damaged-{}", attempt + 1));
        assert_eq!((entries, damaged.as_ref()), (vec![], Some(&aside)));
        assert_eq!(&std::fs::read(&aside).expect("it is kept"), garbage);
        assert_eq!(accept(&outbox, 1, [edit(1, "goes on")]).await, Ok(()));
        outbox.close().await;
    }
}

/// Each of many damages is either harmless, or the file is put aside; never a panic, never a wrong entry.
#[tokio::test]
async fn a_flipped_byte_never_yields_a_wrong_entry() {
    let (_folder, path) = folder();
    let outbox = open(&path).outbox;
    let mutations: Vec<_> = (0..20).map(|i| edit(i, &"title ".repeat(20))).collect();
    accept(&outbox, 1, mutations.clone()).await.expect("they are accepted");
    outbox.close().await;
    let sound = std::fs::read(&path).expect("the file");
    let written: Vec<usize> = (0..sound.len()).filter(|&at| sound[at] != 0).collect();
    let mut put_aside = 0;
    for at in written.iter().step_by(written.len() / 60) {
        let mut bytes = sound.clone();
        bytes[*at] ^= 0x55;
        std::fs::write(&path, &bytes).expect("the file is written");
        let Opened { outbox, entries, damaged, .. } = open(&path);
        match damaged {
            Some(_) => put_aside += 1,
            None => assert!(entries.iter().map(|entry| &entry.mutation).eq(&mutations), "byte {at}"),
        }
        outbox.close().await;
    }
    assert!(put_aside > 0, "some of the damages hit what matters");
}

/// Names the file to a child process of the two tests below.
const CHILD: &str = "LOCKSTEP_TEST_OUTBOX";

/// This test binary again, running only [`child_that_appends_until_it_ends`].
fn child(program: &str, arguments: &[&str], path: &Path) -> Child {
    let (_crate, module) = module_path!().split_once("::").expect("a module of the test binary");
    Command::new(program)
        .args(arguments)
        .args([&format!("{module}::child_that_appends_until_it_ends"), "--exact", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts")
}

/// What the child reported: `word number`, one a line.
fn reports(child: &mut Child) -> impl Iterator<Item = (String, u64)> + use<> {
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    lines.map_while(Result::ok).filter_map(|line| {
        let (word, number) = line.rsplit_once(' ')?;
        let word = ["accepted", "refused"].into_iter().find(|known| word.ends_with(known))?;
        Some((word.to_owned(), number.parse().ok()?))
    })
}

fn this_binary() -> String {
    std::env::current_exe().expect("this binary").to_string_lossy().into_owned()
}

#[tokio::test]
async fn child_that_appends_until_it_ends() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let Opened { outbox, next_number, .. } = open(Path::new(&path));
    let title = "x".repeat(100_000);
    for number in next_number.. {
        match accept(&outbox, number, [edit(1, &title)]).await {
            Ok(()) => println!("accepted {number}"),
            Err(failure) => {
                assert!(failure.to_string().contains("disk is full"), "{failure}");
                println!("refused {number}");
                return;
            }
        }
    }
}

#[test]
fn nothing_accepted_is_lost_when_the_process_is_killed() {
    let (_folder, path) = folder();
    for round in 1..=5 {
        let mut child = child(&this_binary(), &[], &path);
        let accepted: Vec<u64> = reports(&mut child).take(round * 4).map(|(_, number)| number).collect();
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
        let Opened { outbox, entries, damaged, .. } = open(&path);
        assert_eq!(damaged, None);
        assert!(accepted.iter().all(|number| numbers(&entries).contains(number)), "round {round}");
        assert!(entries.windows(2).all(|pair| pair[0].number < pair[1].number));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(outbox.close());
    }
}

/// A limit on the size of files stands for the full disk: both fail a write in its middle.
#[cfg(unix)]
#[test]
fn a_full_disk_refuses_the_edit_and_keeps_the_earlier_ones() {
    let (_folder, path) = folder();
    let limited = "trap '' XFSZ; ulimit -f 16384; exec \"$0\" \"$@\"";
    let mut child = child("sh", &["-c", limited, &this_binary()], &path);
    let mut reports: Vec<_> = reports(&mut child).collect();
    assert!(child.wait().expect("it has ended").success());
    let (last, _) = reports.pop().expect("the child reports");
    assert_eq!(last, "refused");
    let accepted: Vec<u64> = reports.into_iter().map(|(_, number)| number).collect();
    assert!(!accepted.is_empty());
    let Opened { entries, damaged, .. } = open(&path);
    assert_eq!((numbers(&entries), damaged), (accepted, None));
}
