//! The cache's file: what was kept is there after a restart, it stays small, and nothing about it is ever an error.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use bson::{RawDocumentBuf, rawdoc};
use lockstep_host::cache::Cache;
use lockstep_model::{
    Document, DocumentId, Key, ListQuery, Namespace, Stamp, Value,
    contract::{Answer, CachedAnswer, CollectionList, ListItems, ListPage, TableLayout, View},
    mutation::Snapshot,
};

fn namespace() -> Namespace {
    Namespace::new("sample", "offers")
}

fn id(number: i32) -> DocumentId {
    DocumentId { namespace: namespace(), id: Value::from(number) }
}

fn offer(number: i32, fields: RawDocumentBuf) -> (Key, Answer) {
    let document = Some(Document::whole(&fields));
    (
        Key::Document(id(number)),
        Answer::Document(Snapshot { id: id(number), document, stamp: Stamp::counted(7) }),
    )
}

fn list(ids: impl Iterator<Item = i32>) -> (Key, Answer) {
    let mut items = ListItems::default();
    ids.for_each(|number| items.push(&rawdoc! { "_id": number }));
    let page = ListPage { items, first: Vec::new(), next: None, stamp: Stamp::counted(7) };
    (Key::List(namespace(), ListQuery::all()), Answer::List(page))
}

fn table(top_row: u32) -> View {
    View::Table { namespace: namespace(), query: ListQuery::all(), layout: TableLayout::default(), top_row }
}

fn open(path: &Path) -> Cache {
    Cache::open(path.to_owned())
}

/// Keeps them, and closes the file.
fn keep(path: &Path, answers: Vec<(Key, Answer)>) {
    let cache = open(path);
    cache.keep(answers);
    cache.close();
}

async fn found(path: &Path, key: Key) -> Option<Answer> {
    let cache = open(path);
    let found = cache.find(View::Home, vec![key]).await;
    cache.close();
    found.into_iter().next().map(|cached| cached.answer)
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("cache.redb");
    (folder, path)
}

#[tokio::test]
async fn a_screen_comes_back_with_its_rows_and_its_age() {
    let (_folder, path) = folder();
    let offers = (0..1_000).map(|number| offer(number, rawdoc! { "_id": number, "title": "kept" }));
    let (key, answer) = list(0..1_000);
    keep(&path, offers.chain([(key.clone(), answer)]).collect());
    tokio::time::sleep(Duration::from_millis(30)).await;

    let cached = open(&path).find(table(500), vec![Key::Collections, key.clone()]).await;
    let [CachedAnswer { key: found, answer: Answer::List(page), age }] = &cached[..] else {
        panic!("{cached:?}")
    };
    assert_eq!((found, page.items.iter().count()), (&key, 1_000));
    assert!(*age >= Duration::from_millis(30) && *age < Duration::from_secs(60), "{age:?}");
    let shown: Vec<_> = page.first.iter().map(|document| document.id.clone()).collect();
    assert_eq!(shown, (480..600).map(id).collect::<Vec<_>>());
    assert!(page.first.iter().all(|document| document.document.is_some()));
}

#[tokio::test]
async fn the_last_answer_of_a_key_is_kept_and_is_found_before_it_is_written() {
    let (_folder, path) = folder();
    let cache = open(&path);
    let (key, _) = offer(1, rawdoc! {});
    for title in ["one", "two"] {
        let kept = offer(1, rawdoc! { "_id": 1, "title": title });
        cache.keep(vec![kept.clone()]);
        let found = cache.find(View::Document { id: id(1) }, vec![key.clone()]).await;
        assert_eq!(found.into_iter().map(|cached| cached.answer).collect::<Vec<_>>(), [kept.1]);
    }
}

#[tokio::test]
async fn what_another_version_wrote_is_not_read() {
    let (_folder, path) = folder();
    let (key, answer) = offer(1, rawdoc! { "_id": 1 });
    keep(&path, vec![(key.clone(), answer.clone())]);
    {
        let database = redb::Database::open(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction
            .open_table(redb::TableDefinition::<&str, &str>::new("facts"))
            .unwrap()
            .insert("version", "0.0.0")
            .unwrap();
        transaction.commit().unwrap();
    }
    assert_eq!(found(&path, key.clone()).await, None);
    keep(&path, vec![(key.clone(), answer.clone())]);
    assert_eq!(found(&path, key).await, Some(answer));
}

#[tokio::test]
async fn a_damaged_file_begins_anew() {
    let (key, answer) = offer(1, rawdoc! { "_id": 1 });
    let many: Vec<_> =
        (0..500).map(|number| offer(number, rawdoc! { "_id": number, "x": "y".repeat(200) })).collect();
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 5] = [
        ("emptied", Vec::clear),
        ("cut in half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("something else", |bytes| *bytes = b"no database at all".repeat(1_000)),
        ("its beginning overwritten", |bytes| bytes[..64].fill(0xff)),
        ("noise all over it", |bytes| bytes.iter_mut().step_by(97).for_each(|byte| *byte ^= 0x5a)),
    ];
    for (what, damage) in damages {
        let (_folder, path) = folder();
        keep(&path, many.clone());
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let cache = open(&path);
        // Found or not: what matters is that it is answered, and that the cache works.
        cache.find(View::Home, vec![key.clone()]).await;
        cache.keep(vec![(key.clone(), answer.clone())]);
        cache.close();
        assert_eq!(found(&path, key.clone()).await, Some(answer.clone()), "{what}");
    }
}

#[tokio::test]
async fn where_there_can_be_no_file_there_is_no_cache_and_no_trouble() {
    let (_folder, path) = folder();
    fs::create_dir(&path).unwrap();
    let (key, answer) = offer(1, rawdoc! { "_id": 1 });
    keep(&path, vec![(key.clone(), answer)]);
    assert_eq!(found(&path, key).await, None);
}

#[tokio::test]
async fn it_takes_no_more_than_64_mb_and_the_oldest_go_first() {
    let (_folder, path) = folder();
    let text = "x".repeat(64 * 1024);
    let mut largest = 0;
    for batch in 0..12 {
        let cache = open(&path);
        let offers = (batch * 100..(batch + 1) * 100)
            .map(|number| offer(number, rawdoc! { "_id": number, "x": &*text }));
        cache.keep(offers.collect());
        cache.close();
        largest = largest.max(fs::metadata(&path).unwrap().len());
    }
    assert!(largest <= 64 * 1024 * 1024, "{largest} bytes");
    let key = |number| Key::Document(id(number));
    let found = open(&path).find(View::Home, vec![key(0), key(500), key(1_150), key(1_199)]).await;
    assert_eq!(found.into_iter().map(|cached| cached.key).collect::<Vec<_>>(), [key(1_150), key(1_199)]);
}

#[tokio::test]
async fn what_would_take_the_place_of_all_the_rest_is_not_kept() {
    let (_folder, path) = folder();
    let large = offer(1, rawdoc! { "_id": 1, "x": "x".repeat(9 * 1024 * 1024) });
    let collections = CollectionList { collections: Vec::new(), stamp: Stamp::counted(7) };
    let small = (Key::Collections, Answer::Collections(collections));
    keep(&path, vec![large.clone(), small.clone()]);
    assert_eq!((found(&path, large.0).await, found(&path, small.0).await), (None, Some(small.1)));
}
