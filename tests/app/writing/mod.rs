//! Writes of the host against the real server: an edit goes over what the editor saw, and over nothing else.

mod doubt;

use bson::{Bson, RawBson, RawDocumentBuf, doc, oid::ObjectId, raw::cstr, rawbson, rawdoc};
use lockstep_host::database::Database;
use lockstep_model::{
    Action, Change, ClusterTime, Document, DocumentId, Edit, Expectation, Failure, Namespace, Path, Revision,
    Step, Value, mutation::Seen,
};
use lockstep_sync::host::{Probe, WriteOutcome};
use mongodb::{Client, Collection};

use super::reading::every_type;
use crate::fixture::{Server, until};

fn things() -> Namespace {
    Namespace::new("shop", "things")
}

fn thing(id: impl Into<Value>) -> DocumentId {
    DocumentId { namespace: things(), id: id.into() }
}

/// A server with one collection, another program's handle to it, and the host's connection.
struct Shop {
    server: Server,
    client: Client,
    database: Database,
}

impl Shop {
    async fn open() -> Self {
        Self::over(Server::start().await).await
    }

    async fn over(server: Server) -> Self {
        let client = server.client().await;
        let database = Database::open(&server.address()).await.expect("it opens");
        Self { server, client, database }
    }

    fn things(&self) -> Collection<RawDocumentBuf> {
        self.client.database("shop").collection("things")
    }

    async fn run(&self, command: bson::Document) {
        self.client.database("shop").run_command(command).await.expect("the command succeeds");
    }

    async fn insert(&self, document: &RawDocumentBuf) {
        self.things().insert_one(document).await.expect("it is inserted");
    }

    async fn get(&self, id: impl Into<Bson>) -> Option<RawDocumentBuf> {
        self.things().find_one(doc! { "_id": id.into() }).await.expect("it is read")
    }

    async fn commit(&self, id: impl Into<Value>, action: Action) -> WriteOutcome {
        self.database.commit(&Edit { document: thing(id), action }).await
    }

    async fn probe(&self, id: impl Into<Value>, action: &Action, since: ClusterTime) -> Probe {
        let edit = Edit { document: thing(id), action: action.clone() };
        self.database.probe_outcome(&edit, since).await.expect("it is read")
    }
}

fn change(path: Path, expected: Option<RawBson>, target: Option<RawBson>) -> Change {
    Change { path, target: target.map(Value::from), expected: Expectation::Value(expected.map(Value::from)) }
}

fn set(path: &str, expected: impl Into<RawBson>, target: impl Into<RawBson>) -> Action {
    Action::Update(vec![change(Path::field(path), Some(expected.into()), Some(target.into()))])
}

fn delete(seen: &RawDocumentBuf) -> Action {
    Action::Delete { seen: Seen::Revision(Revision::of(seen)) }
}

/// The document that a commit left.
fn committed(outcome: WriteOutcome) -> Option<Document> {
    match outcome {
        WriteOutcome::Committed { after: snapshot, .. } => snapshot.document,
        other => panic!("{other:?}"),
    }
}

/// The fields and the document of a conflict.
fn conflict(outcome: WriteOutcome) -> (Vec<String>, Option<Document>) {
    match outcome {
        WriteOutcome::Failed { failure: Failure::Conflict { fields, current }, current: Some(snapshot) } => {
            assert_eq!(snapshot.document, current);
            (fields.iter().map(ToString::to_string).collect(), current)
        }
        other => panic!("{other:?}"),
    }
}

/// The message of a rejection, and its fields.
fn rejection(outcome: WriteOutcome) -> (String, Vec<String>) {
    match outcome {
        WriteOutcome::Failed { failure: Failure::Rejected { message, fields }, .. } => {
            (message, fields.iter().map(|field| field.path.to_string()).collect())
        }
        other => panic!("{other:?}"),
    }
}

fn decimal(text: &str) -> RawBson {
    text.parse::<bson::Decimal128>().expect("a decimal").into()
}

/// What a filter would call equal and what is the same are two things: the cases of "Writing" in ARCHITECTURE.md.
#[tokio::test]
async fn an_expectation_holds_for_the_very_value_only() {
    let binary = |subtype| RawBson::from(bson::Binary { subtype, bytes: vec![1] });
    let (generic, user) = (bson::spec::BinarySubtype::Generic, bson::spec::BinarySubtype::UserDefined(0x80));
    let date = || RawBson::from(bson::DateTime::from_millis(1_000));
    let timestamp = RawBson::from(bson::Timestamp { time: 1, increment: 0 });
    // What is stored, what is expected, and whether the edit goes through. `None` is a missing field.
    let table: Vec<(Option<RawBson>, Option<RawBson>, bool)> = vec![
        (Some(rawbson!("a")), Some(rawbson!("a")), true),
        (Some(rawbson!("a")), Some(rawbson!("A")), false),
        (Some(rawbson!(["a"])), Some(rawbson!("a")), false),
        (Some(rawbson!("a")), Some(rawbson!(["a"])), false),
        (Some(rawbson!([["a"]])), Some(rawbson!(["a"])), false),
        (Some(rawbson!(null)), Some(rawbson!(null)), true),
        (None, Some(rawbson!(null)), false),
        (Some(rawbson!(null)), None, false),
        (None, None, true),
        (Some(rawbson!("")), None, false),
        (Some(rawbson!({})), None, false),
        (Some(rawbson!(1)), Some(rawbson!(1)), true),
        (Some(rawbson!(1)), Some(rawbson!(1_i64)), false),
        (Some(rawbson!(1)), Some(rawbson!(1.0)), false),
        (Some(rawbson!(1_i64)), Some(decimal("1")), false),
        (Some(rawbson!(true)), Some(rawbson!(1)), false),
        (Some(decimal("1.00")), Some(decimal("1.00")), true),
        (Some(decimal("1.0")), Some(decimal("1.00")), false),
        (Some(rawbson!(-0.0)), Some(rawbson!(-0.0)), true),
        (Some(rawbson!(0.0)), Some(rawbson!(-0.0)), false),
        (Some(rawbson!(f64::NAN)), Some(rawbson!(f64::NAN)), true),
        (Some(rawbson!({ "a": 1, "b": 2 })), Some(rawbson!({ "a": 1, "b": 2 })), true),
        (Some(rawbson!({ "a": 1, "b": 2 })), Some(rawbson!({ "b": 2, "a": 1 })), false),
        (Some(rawbson!({ "a": 1 })), Some(rawbson!({ "a": 1.0 })), false),
        (Some(rawbson!({ "a": 1, "b": 2 })), Some(rawbson!({ "a": 1 })), false),
        (Some(rawbson!([1, 2])), Some(rawbson!([1, 2])), true),
        (Some(rawbson!([1, 2])), Some(rawbson!([2, 1])), false),
        (Some(rawbson!("$other")), Some(rawbson!("$other")), true),
        (Some(rawbson!({ "$gt": 1 })), Some(rawbson!({ "$gt": 1 })), true),
        (Some(binary(generic)), Some(binary(generic)), true),
        (Some(date()), Some(date()), true),
        (Some(date()), Some(timestamp), false),
        // What is left: inside a container, Int64 and Double of equal value and size count as the same,
        (Some(rawbson!({ "a": 1_i64 })), Some(rawbson!({ "a": 1.0 })), true),
        // and to the embedded server binaries of any subtype do; MongoDB tells those apart.
        (Some(binary(generic)), Some(binary(user)), true),
    ];
    let shop = Shop::open().await;
    for (number, (stored, expected, goes_through)) in (0_i32..).zip(table) {
        let mut document = rawdoc! { "_id": number, "other": 7 };
        if let Some(stored) = &stored {
            document.append(cstr!("f"), stored.clone());
        }
        shop.insert(&document).await;
        let edit = change(Path::field("f"), expected.clone(), Some(rawbson!("edited")));
        let outcome = shop.commit(number, Action::Update(vec![edit])).await;
        let case = format!("{stored:?} over {expected:?}");
        match goes_through {
            true => assert!(matches!(outcome, WriteOutcome::Committed { .. }), "{case}: {outcome:?}"),
            false => {
                let current = Some(Document::whole(&document));
                assert_eq!(conflict(outcome), (vec!["f".to_owned()], current), "{case}");
                assert_eq!(shop.get(number).await, Some(document), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn an_expectation_inside_a_document_holds_for_that_place_only() {
    let inner = Path::dotted("p.f");
    let table = [
        (rawbson!({ "f": 1 }), Some(rawbson!(1)), true),
        (rawbson!([{ "f": 1 }]), Some(rawbson!(1)), false),
        (rawbson!({ "g": 1 }), None, true),
        (rawbson!(5), None, false),
        (rawbson!([]), None, false),
        (rawbson!(null), None, false),
    ];
    let shop = Shop::open().await;
    for (number, (parent, expected, goes_through)) in (0_i32..).zip(table) {
        let document = rawdoc! { "_id": number, "p": parent };
        shop.insert(&document).await;
        let edit = change(inner.clone(), expected, Some(rawbson!("edited")));
        let outcome = shop.commit(number, Action::Update(vec![edit])).await;
        let committed = matches!(outcome, WriteOutcome::Committed { .. });
        assert_eq!(committed, goes_through, "{document:?}: {outcome:?}");
        let kept = shop.get(number).await == Some(document);
        assert_eq!(kept, !goes_through, "what does not go through changes nothing");
    }
}

#[tokio::test]
async fn an_edit_leaves_every_other_byte_as_it_was() {
    let shop = Shop::open().await;
    let document = every_type();
    shop.insert(&document).await;
    let after = committed(shop.commit(1, set("empty", "", "no longer")).await).expect("the document");
    let bytes = |raw: &bson::RawDocument, name: &str| {
        Value::from_ref(raw.get(name).expect("BSON").expect("the field is there"))
    };
    let names = |raw: &bson::RawDocument| -> Vec<String> {
        raw.iter().map(|field| field.expect("BSON").0.as_str().to_owned()).collect()
    };
    assert_eq!(names(after.raw()), names(&document), "in their order");
    for name in names(&document).iter().filter(|name| *name != "empty") {
        assert_eq!(bytes(after.raw(), name), bytes(&document, name), "{name}");
    }
    assert_eq!(bytes(after.raw(), "empty"), Value::from("no longer"));
    assert_eq!(shop.get(1).await.as_deref(), Some(after.raw()), "it is what the database has");
}

#[tokio::test]
async fn names_with_dots_and_dollars_are_written_as_they_are() {
    let shop = Shop::open().await;
    shop.insert(&every_type()).await;
    let edit = |name, was: &str| change(Path::field(name), Some(rawbson!(was)), Some(rawbson!("$new.er")));
    let changes = vec![edit("a.b", "dots"), edit("$price", "dollars"), edit("empty", "")];
    let after = committed(shop.commit(1, Action::Update(changes)).await).expect("the document");
    for name in ["a.b", "$price", "empty"] {
        assert_eq!(after.value(&Path::field(name)), Some(Value::from("$new.er")), "{name}");
    }
    let gone = Action::Update(vec![change(Path::field("a.b"), Some(rawbson!("$new.er")), None)]);
    let after = committed(shop.commit(1, gone).await).expect("the document");
    assert_eq!(after.value(&Path::field("a.b")), None);
}

#[tokio::test]
async fn an_element_is_written_only_into_the_array_that_was_seen() {
    let shop = Shop::open().await;
    let seen = rawbson!([{ "q": 1 }, { "q": 2 }]);
    shop.insert(&rawdoc! { "_id": 1, "lines": seen.clone() }).await;
    let second = Path::field("lines").then(Step::Index(1)).then(Step::Field("q".into()));
    let edit = Action::Update(vec![change(second, Some(seen), Some(rawbson!(9_i64)))]);
    let after = committed(shop.commit(1, edit.clone()).await).expect("the document");
    assert_eq!(after.raw(), &*rawdoc! { "_id": 1, "lines": [{ "q": 1 }, { "q": 9_i64 }] });
    let push = doc! { "$push": { "lines": { "$each": [{ "q": 0 }], "$position": 0 } } };
    shop.things().update_one(doc! { "_id": 1 }, push).await.expect("a colleague inserts one before it");
    let (fields, _current) = conflict(shop.commit(1, edit).await);
    assert_eq!(fields, ["lines.1.q"]);
}

#[tokio::test]
async fn a_conflict_names_the_fields_and_brings_the_document() {
    let shop = Shop::open().await;
    let theirs = rawdoc! { "_id": 1, "a": "theirs", "b": "seen" };
    shop.insert(&theirs).await;
    let both = Action::Update(vec![
        change(Path::field("a"), Some(rawbson!("seen")), Some(rawbson!("mine"))),
        change(Path::field("b"), Some(rawbson!("seen")), Some(rawbson!("mine"))),
    ]);
    let current = Some(Document::whole(&theirs));
    assert_eq!(conflict(shop.commit(1, both.clone()).await), (vec!["a".to_owned()], current));
    assert_eq!(shop.get(1).await, Some(theirs), "neither field is written");
    shop.things().delete_one(doc! { "_id": 1 }).await.expect("a colleague deletes it");
    let (_fields, current) = conflict(shop.commit(1, both).await);
    assert_eq!(current, None);
}

#[tokio::test]
async fn an_edit_sent_twice_is_applied_once() {
    let shop = Shop::open().await;
    shop.insert(&rawdoc! { "_id": 1, "a": "seen" }).await;
    let edit = set("a", "seen", "mine");
    let first = committed(shop.commit(1, edit.clone()).await);
    assert_eq!(committed(shop.commit(1, edit).await), first);
    let id = ObjectId::new();
    let document = rawdoc! { "_id": id, "a": "new" };
    let insert = Action::Insert(document.clone());
    assert_eq!(committed(shop.commit(id, insert.clone()).await), Some(Document::whole(&document)));
    shop.things()
        .update_one(doc! { "_id": id }, doc! { "$set": { "a": "theirs" } })
        .await
        .expect("it is updated");
    let after = committed(shop.commit(id, insert).await).expect("the document");
    assert_eq!(after.value(&Path::field("a")), Some(Value::from("theirs")), "the colleague's change stays");
    let seen = shop.get(1).await.expect("it is there");
    assert_eq!(committed(shop.commit(1, delete(&seen)).await), None);
    assert_eq!(committed(shop.commit(1, delete(&seen)).await), None);
}

#[tokio::test]
async fn each_write_is_stamped_later_than_the_one_before() {
    for server in [Server::start().await, Server::standalone().await] {
        let shop = Shop::over(server).await;
        let mut last = shop.database.now();
        let mut title = 0;
        shop.insert(&rawdoc! { "_id": 1, "n": title }).await;
        for _ in 0..3 {
            let WriteOutcome::Committed { after: snapshot, .. } =
                shop.commit(1, set("n", title, title + 1)).await
            else {
                panic!("it is committed")
            };
            title += 1;
            assert!(snapshot.stamp > last);
            last = snapshot.stamp;
            let read = shop.database.document(&thing(1)).await.expect("it is read");
            assert!(read.stamp >= last && read.document == snapshot.document);
        }
    }
}

#[tokio::test]
async fn an_insert_over_somebody_elses_id_or_number_is_rejected_at_its_field() {
    let shop = Shop::open().await;
    let unique = doc! { "key": { "number": 1 }, "name": "number_1", "unique": true };
    shop.run(doc! { "createIndexes": "things", "indexes": [unique] }).await;
    let theirs = rawdoc! { "_id": "OF-1", "number": 1 };
    shop.insert(&theirs).await;
    let insert = |document: RawDocumentBuf| Action::Insert(document);
    let same_id = shop.commit("OF-1", insert(rawdoc! { "_id": "OF-1", "number": 2 })).await;
    assert_eq!(rejection(same_id).1, ["_id"]);
    let again = shop.commit("OF-1", insert(theirs.clone())).await;
    assert_eq!(committed(again), Some(Document::whole(&theirs)), "the very same is no clash");
    let same_number = shop.commit("OF-2", insert(rawdoc! { "_id": "OF-2", "number": 1 })).await;
    assert_eq!(rejection(same_number).1, ["number"]);
    shop.insert(&rawdoc! { "_id": "OF-3", "number": 3 }).await;
    let taken = shop.commit("OF-3", set("number", 3, 1)).await;
    assert_eq!(rejection(taken).1, ["number"]);
    assert_eq!(shop.get("OF-3").await, Some(rawdoc! { "_id": "OF-3", "number": 3 }));
}

#[tokio::test]
async fn what_the_validator_refuses_is_rejected_with_a_message_at_the_field() {
    let shop = Shop::open().await;
    let schema = doc! { "$jsonSchema": { "required": ["title"], "properties": { "title": { "bsonType": "string" } } } };
    shop.run(doc! { "create": "things", "validator": schema }).await;
    let sound = rawdoc! { "_id": 1, "title": "sound" };
    shop.insert(&sound).await;
    let wrong = shop.commit(1, set("title", "sound", 5)).await;
    assert_eq!(rejection(wrong).1, ["title"]);
    let removed = Action::Update(vec![change(Path::field("title"), Some(rawbson!("sound")), None)]);
    assert_eq!(rejection(shop.commit(1, removed).await).1, ["title"]);
    let inserted = shop.commit(2, Action::Insert(rawdoc! { "_id": 2, "title": 5 })).await;
    assert_eq!(rejection(inserted).1, ["title"]);
    assert_eq!((shop.get(1).await, shop.get(2).await), (Some(sound), None));
}

#[tokio::test]
async fn a_document_that_changed_is_not_deleted() {
    let shop = Shop::open().await;
    let seen = rawdoc! { "_id": 1, "amount": decimal("1.0") };
    shop.insert(&rawdoc! { "_id": 1, "amount": decimal("1.00") }).await;
    let (fields, current) = conflict(shop.commit(1, delete(&seen)).await);
    assert_eq!(fields, Vec::<String>::new(), "the whole document is meant");
    assert_eq!(current, shop.get(1).await.as_deref().map(Document::whole));
    let seen = shop.get(1).await.expect("it is there");
    assert_eq!(committed(shop.commit(1, delete(&seen)).await), None);
    assert_eq!(shop.get(1).await, None);
}

#[tokio::test]
async fn a_document_of_any_size_and_content_can_be_deleted() {
    let shop = Shop::open().await;
    let large = rawdoc! { "_id": 2, "text": "x".repeat(12_000_000) };
    for (id, document) in [(1, every_type()), (2, large)] {
        shop.insert(&document).await;
        assert_eq!(committed(shop.commit(id, delete(&document)).await), None);
        assert_eq!(shop.get(id).await, None);
    }
}

#[tokio::test]
async fn another_documents_id_is_not_taken_for_this_one() {
    let shop = Shop::open().await;
    shop.run(doc! { "create": "things", "collation": { "locale": "en", "strength": 2 } }).await;
    let other = rawdoc! { "_id": "abc", "f": 1 };
    shop.insert(&other).await;
    let (_fields, current) = conflict(shop.commit("ABC", set("f", 1, 2)).await);
    assert_eq!(current, None, "there is no document ABC");
    committed(shop.commit("ABC", delete(&other)).await);
    assert_eq!(shop.get("abc").await, Some(other));
}

#[tokio::test]
async fn a_view_is_read_only() {
    let shop = Shop::open().await;
    shop.insert(&rawdoc! { "_id": 1, "f": 1 }).await;
    shop.run(doc! { "create": "seen", "viewOn": "things", "pipeline": [] }).await;
    let id = DocumentId { namespace: Namespace::new("shop", "seen"), id: Value::from(1) };
    let outcome = shop.database.commit(&Edit { document: id, action: set("f", 1, 2) }).await;
    let read_only = matches!(outcome, WriteOutcome::Failed { failure: Failure::ReadOnly { .. }, .. });
    assert!(read_only, "{outcome:?}");
}

#[tokio::test]
async fn what_the_driver_cannot_send_as_it_is_is_refused() {
    let shop = Shop::open().await;
    shop.insert(&rawdoc! { "_id": 1, "f": 1 }).await;
    let mut twice = rawdoc! { "a": 1 };
    twice.append(cstr!("a"), 2);
    let outcome = shop.commit(1, set("f", 1, twice)).await;
    let refused = matches!(outcome, WriteOutcome::Failed { failure: Failure::InvalidInput { .. }, .. });
    assert!(refused, "{outcome:?}");
    assert_eq!(shop.get(1).await, Some(rawdoc! { "_id": 1, "f": 1 }));
}
