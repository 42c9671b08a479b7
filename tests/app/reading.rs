//! Reads of the host against the real server: what comes back is what the database has, to the byte.

use bson::{
    Bson, RawDocumentBuf, doc,
    raw::{CString, cstr},
    rawdoc,
};
use lockstep_host::{
    address::Address,
    database::{ChangeItem, Changes, Database, Reachability, Topology},
};
use lockstep_model::{
    Document, DocumentId, Failure, ListQuery, Namespace, Path, Stamp, Value,
    contract::{ListPage, ListRequest},
    key::Direction,
};
use lockstep_sync::host::ChangeKind;
use mongodb::{Client, Collection};

use crate::fixture::{Server, until};

fn things() -> Namespace {
    Namespace::new("shop", "things")
}

fn thing(id: impl Into<Value>) -> DocumentId {
    DocumentId { namespace: things(), id: id.into() }
}

fn collection(client: &Client) -> Collection<RawDocumentBuf> {
    client.database("shop").collection("things")
}

async fn open(server: &Server) -> Database {
    Database::open(&server.address()).await.expect("it opens")
}

/// A server with these documents in `shop.things`, as another program wrote them.
async fn holding(documents: &[RawDocumentBuf]) -> (Server, Client, Database) {
    let server = Server::start().await;
    let client = server.client().await;
    if !documents.is_empty() {
        collection(&client).insert_many(documents).await.expect("they are inserted");
    }
    let database = open(&server).await;
    (server, client, database)
}

fn ids(page: &ListPage) -> Vec<Value> {
    page.items.iter().map(|item| Value::from_ref(item.get("_id").expect("BSON").expect("an _id"))).collect()
}

/// Of a list from its beginning, with so many documents.
fn begin(query: ListQuery, first: u32) -> ListRequest {
    ListRequest { namespace: things(), query, skip: 0, first, most: None }
}

fn by(path: &str, direction: Direction) -> ListQuery {
    ListQuery { sort: vec![(Path::dotted(path), direction)], ..ListQuery::all() }
}

fn matching(filter: RawDocumentBuf) -> ListQuery {
    ListQuery { filter: Value::document(&filter), ..ListQuery::all() }
}

#[tokio::test]
async fn collections_come_with_validators_and_counts_and_without_the_servers_own() {
    let (_server, client, database) = holding(&[rawdoc! { "_id": 1 }, rawdoc! { "_id": 2 }]).await;
    let validator = doc! { "$jsonSchema": { "required": ["title"] } };
    let checked = doc! { "create": "checked", "validator": &validator };
    let view = doc! { "create": "seen", "viewOn": "things", "pipeline": [] };
    for create in [checked, view] {
        client.database("shop").run_command(create).await.expect("it is created");
    }
    let list = database.collections().await.expect("they are listed");
    assert!(list.collections.iter().all(|one| one.count.is_none()), "nobody waits for them to be counted");
    let ours: Vec<_> = list.collections.iter().filter(|one| &*one.namespace.database == "shop").collect();
    let names: Vec<_> = ours.iter().map(|one| one.namespace.to_string()).collect();
    assert_eq!(names, ["shop.checked", "shop.seen", "shop.things"]);
    let [checked, gone] = ["checked", "gone"].map(|name| Namespace::new("shop", name));
    let counts = database.count(vec![checked.clone(), things(), gone.clone()]).await;
    assert_eq!(counts, [(checked, 0), (things(), 2), (gone, 0)].into());
    let found = ours[0].validator.as_ref().map(|raw| bson::Document::try_from(raw).expect("BSON"));
    assert_eq!(found, Some(validator));
    let read_only: Vec<_> = ours.iter().map(|one| one.read_only.is_some()).collect();
    assert_eq!(read_only, [false, true, false]);
    let system = list.collections.iter().any(|one| {
        one.namespace.collection.starts_with("system.")
            || ["admin", "config", "local"].contains(&&*one.namespace.database)
    });
    assert!(!system, "{:?}", list.collections);
}

#[tokio::test]
async fn a_list_is_in_mongodbs_order_whatever_the_types() {
    let documents = [
        rawdoc! { "_id": 1, "x": 5_i64, "y": "not for a list" },
        rawdoc! { "_id": 2, "x": "text" },
        rawdoc! { "_id": 3 },
        rawdoc! { "_id": 4, "x": 1.5 },
        rawdoc! { "_id": 5, "x": true },
        rawdoc! { "_id": 6, "x": bson::RawBson::Null },
        rawdoc! { "_id": 7, "x": { "a": 1 } },
        rawdoc! { "_id": 8, "x": [3, 9] },
    ];
    let (_server, _client, database) = holding(&documents).await;
    let page = database.list(&begin(by("x", Direction::Ascending), 3)).await.expect("it is listed");
    let order: Vec<Value> = [3, 6, 4, 8, 1, 2, 7, 5].map(Value::from).into();
    assert_eq!(ids(&page), order);
    let first: Vec<_> = page.first.iter().map(|snapshot| snapshot.id.id.clone()).collect();
    assert_eq!(first, order[..3]);
    assert_eq!(page.first[2].document.as_ref(), Some(&Document::whole(&documents[3])));
    let items: Vec<_> = page.items.iter().map(ToOwned::to_owned).collect();
    assert_eq!(items[4], rawdoc! { "_id": 1, "x": 5_i64 }, "only what is needed to place a row");
    assert_eq!(page.next, None);
    let page = database.list(&begin(by("x", Direction::Descending), 0)).await.expect("it is listed");
    assert_eq!(ids(&page), [5, 7, 2, 8, 1, 4, 3, 6].map(Value::from), "ties go by _id, upwards");
    assert_eq!(page.first, []);
}

#[tokio::test]
async fn a_list_of_more_than_a_hundred_thousand_ids_comes_in_pages_that_overlap() {
    const COUNT: i32 = 100_002;
    let documents: Vec<_> = (0..COUNT).map(|i| rawdoc! { "_id": i }).collect();
    let (_server, _client, database) = holding(&documents).await;
    let first = begin(ListQuery::all(), 1);
    let page = database.list(&first).await.expect("it is listed");
    assert_eq!(ids(&page), (0..100_000).map(Value::from).collect::<Vec<_>>());
    let skip = page.next.expect("there is more");
    let page = database.list(&ListRequest { skip, ..first }).await.expect("it is listed");
    assert_eq!(ids(&page), (99_000..COUNT).map(Value::from).collect::<Vec<_>>());
    assert_eq!((page.first[0].id.id.clone(), page.next), (Value::from(99_000), None));
    let short = matching(rawdoc! { "_id": { "$lt": 100_000 } });
    let page = database.list(&begin(short, 1)).await.expect("it is listed");
    assert_eq!((page.items.iter().count(), page.next), (100_000, None));
}

#[tokio::test]
async fn a_filter_that_runs_code_or_makes_no_sense_is_refused_with_a_reason() {
    let (_server, _client, database) = holding(&[rawdoc! { "_id": 1 }]).await;
    for (filter, reason) in [
        (rawdoc! { "$where": "true" }, "$where"),
        (rawdoc! { "$or": [{ "a": 1 }, { "$expr": { "$function": { "body": "x" } } }] }, "$function"),
        (rawdoc! { "a": { "$nonsense": 1 } }, "$nonsense"),
        (rawdoc! { "$and": 5 }, "$and"),
    ] {
        match database.list(&begin(matching(filter.clone()), 10)).await {
            Err(Failure::InvalidInput { message }) => assert!(message.contains(reason), "{message}"),
            other => panic!("{filter:?} gives {other:?}"),
        }
    }
    let no_document = ListQuery { filter: Value::from(5), ..ListQuery::all() };
    let refused = database.list(&begin(no_document, 10)).await;
    assert!(matches!(refused, Err(Failure::InvalidInput { .. })), "{refused:?}");
}

#[tokio::test]
async fn rows_come_in_the_order_asked_for_and_missing_ones_too() {
    let documents =
        [rawdoc! { "_id": 1.0, "t": "a" }, rawdoc! { "_id": "two" }, rawdoc! { "_id": { "k": 3 } }];
    let (_server, _client, database) = holding(&documents).await;
    let asked = [
        Value::from(rawdoc! { "k": 3 }),
        Value::from("gone"),
        Value::from(1),
        Value::from("two"),
        Value::from(1.0),
    ];
    let rows = database.rows(&things(), &asked).await.expect("they are read");
    let ids: Vec<_> = rows.iter().map(|row| row.id.id.clone()).collect();
    assert_eq!(ids, asked);
    let documents: Vec<_> =
        [2, 9, 9, 1, 0].map(|at| documents.get(at).map(|raw| Document::whole(raw))).into();
    let found: Vec<_> = rows.into_iter().map(|row| row.document).collect();
    assert_eq!(found, documents, "1 is not the document 1.0");
}

#[tokio::test]
async fn an_id_is_itself_even_where_the_collection_ignores_case() {
    let server = Server::start().await;
    let client = server.client().await;
    let collation = doc! { "locale": "en", "strength": 2 };
    let create = doc! { "create": "things", "collation": collation };
    client.database("shop").run_command(create).await.expect("it is created");
    collection(&client).insert_one(rawdoc! { "_id": "abc" }).await.expect("it is inserted");
    let database = open(&server).await;
    let rows =
        database.rows(&things(), &[Value::from("ABC"), Value::from("abc")]).await.expect("they are read");
    let there: Vec<_> = rows.iter().map(|row| row.document.is_some()).collect();
    assert_eq!(there, [false, true]);
}

/// A document with every BSON type and with names that MongoDB's notation cannot express. Only `undefined` is not in it:
/// the embedded server cannot update a document that holds one.
pub fn every_type() -> RawDocumentBuf {
    let decimal = |text: &str| text.parse::<bson::Decimal128>().expect("a decimal");
    let document = doc! {
        "_id": 1, "int": 1, "long": 1_i64, "double": 1.0, "minus zero": -0.0, "nan": f64::NAN,
        "decimal": decimal("1.00"), "decimal too": decimal("1.0"), "big": decimal("1E+6000"),
        "null": Bson::Null, "true": true, "text": "a\u{202e}b <script>", "empty": "",
        "date": bson::DateTime::from_millis(-1), "timestamp": bson::Timestamp { time: 1, increment: 2 },
        "binary": bson::Binary { subtype: bson::spec::BinarySubtype::UserDefined(0x81), bytes: vec![0, 255] },
        "regex": bson::Regex { pattern: cstr!("a.c").into(), options: cstr!("i").into() },
        "code": bson::JavaScriptCodeWithScope { code: "f()".into(), scope: doc! { "x": 1 } },
        "symbol": Bson::Symbol("s".into()), "min": Bson::MinKey, "max": Bson::MaxKey,
        "object id": bson::oid::ObjectId::new(), "uuid": bson::Uuid::new(),
        "nested": { "z": 1, "a": { "m": [1, 1_i64, 1.0, { "b": 2, "a": 1 }] } },
        "a.b": "dots", "$price": "dollars", "": "no name",
    };
    RawDocumentBuf::try_from(&document).expect("BSON")
}

#[tokio::test]
async fn every_type_comes_back_to_the_byte() {
    let mut document = every_type();
    document.append(cstr!("undefined"), bson::RawBson::Undefined);
    let (_server, _client, database) = holding(std::slice::from_ref(&document)).await;
    let read = database.document(&thing(1)).await.expect("it is read").document.expect("it is there");
    assert_eq!(read.raw().as_bytes(), document.as_bytes());
}

#[tokio::test]
async fn large_fields_stay_behind_until_they_are_asked_for() {
    let large = "x".repeat(10_000_000);
    let mut document = rawdoc! { "_id": 1, "small": 1, "null": bson::RawBson::Null };
    let names = ["large", "a.b", "$price"];
    for name in names {
        document.append(CString::try_from(name).expect("no NUL"), large[..1_000_000].to_owned());
    }
    document.append(cstr!("largest"), large.as_str());
    let (_server, _client, database) = holding(std::slice::from_ref(&document)).await;
    let read = database.document(&thing(1)).await.expect("it is read").document.expect("it is there");
    assert_eq!(read.raw(), &*rawdoc! { "_id": 1, "small": 1, "null": bson::RawBson::Null });
    let omitted: Vec<_> = read.omitted().iter().map(|omitted| &*omitted.field).collect();
    assert_eq!(omitted, ["large", "a.b", "$price", "largest"]);
    for (name, value) in [
        ("largest", Some(Value::from(large.as_str()))),
        ("a.b", Some(Value::from(&large[..1_000_000]))),
        ("$price", Some(Value::from(&large[..1_000_000]))),
        ("null", Some(Value::from(bson::RawBson::Null))),
        ("missing", None),
    ] {
        let field = database.field(&thing(1), name).await.expect("it is read");
        assert_eq!(field.value.is_some(), value.is_some(), "{name}");
        assert!(field.value == value, "{name}");
    }
    let gone = database.field(&thing(2), "small").await;
    assert!(matches!(gone, Err(Failure::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn what_is_read_or_written_later_has_a_greater_stamp() {
    for server in [Server::start().await, Server::standalone().await] {
        let mut last = Stamp::ZERO;
        for _ in 0..2 {
            // Another connection of the same host, as after its server came back elsewhere.
            let database = open(&server).await;
            for _ in 0..2 {
                let read = database.document(&thing(1)).await.expect("it is read").stamp;
                assert!(read > last, "{read:?} {last:?}");
                last = read;
            }
        }
    }
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_says_why_and_keeps_the_password() {
    let server = Server::start().await;
    let right = server.uri();
    let (scheme, rest) = right.split_once("://").expect("an address");
    let (_account, host) = rest.split_once('@').expect("an address with a password");
    let wrong = Address::parse(&format!("{scheme}://lockstep:hunter2@{host}")).expect("an address");
    match Database::open(&wrong).await {
        Err(Failure::Unauthorised { message }) => assert!(!message.contains("hunter2"), "{message}"),
        other => panic!("{other:?}"),
    }
    let nobody = Address::parse("mongodb://u:hunter2@127.0.0.1:1").expect("an address");
    match Database::open(&nobody).await {
        Err(Failure::Unreachable { message }) => {
            assert!(message.contains("127.0.0.1:1") && message.contains("refused"), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_goes_and_comes_back_is_noticed_without_a_request() {
    let mut server = Server::start().await;
    let database = open(&server).await;
    assert_eq!(database.topology(), Topology::Cluster);
    let mut reachable = database.reachable();
    let is_reachable = |state: &Reachability| matches!(state, Reachability::Reachable { .. });
    reachable.wait_for(is_reachable).await.expect("the connection stands");
    server.kill().await;
    let gone = reachable.wait_for(|state| !is_reachable(state)).await.expect("the connection stands").clone();
    assert!(gone.contact().is_some() && gone.trouble().is_some(), "{gone:?}");
    let read = database.document(&thing(1)).await;
    assert!(matches!(read, Err(Failure::Unreachable { .. })), "{read:?}");
    server.restart().await;
    reachable.wait_for(is_reachable).await.expect("the connection stands");
    database.document(&thing(1)).await.expect("it is read over the same connection");
}

/// The next change, passing over the news of the stream itself.
async fn change(changes: &mut Changes) -> (DocumentId, ChangeKind) {
    loop {
        match changes.next().await.expect("the stream goes on") {
            ChangeItem::Change(change) => return (change.id, change.kind),
            ChangeItem::Live | ChangeItem::Down(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_others_change_is_told_as_it_happens() {
    let (_server, client, database) = holding(&[]).await;
    let mut changes = database.watch("shop");
    assert_eq!(changes.next().await, Some(ChangeItem::Live));
    let things = collection(&client);
    things.insert_one(rawdoc! { "_id": 1, "x": "y".repeat(1_000) }).await.expect("it is inserted");
    assert_eq!(change(&mut changes).await, (thing(1), ChangeKind::Inserted));
    things.update_one(doc! { "_id": 1 }, doc! { "$set": { "x": 2 } }).await.expect("it is updated");
    assert_eq!(change(&mut changes).await, (thing(1), ChangeKind::Updated));
    let seen = database.seen();
    things.replace_one(doc! { "_id": 1 }, rawdoc! { "y": 2 }).await.expect("it is replaced");
    let Some(ChangeItem::Change(replaced)) = changes.next().await else { panic!("a change") };
    assert_eq!((replaced.id, replaced.kind), (thing(1), ChangeKind::Updated));
    assert!(replaced.time > seen && database.seen() >= replaced.time);
    things.delete_one(doc! { "_id": 1 }).await.expect("it is deleted");
    assert_eq!(change(&mut changes).await, (thing(1), ChangeKind::Deleted));
    things.drop().await.expect("it is dropped");
    let lost = changes.next().await;
    assert_eq!(lost, Some(ChangeItem::Lost { namespace: Some(self::things()) }));
}

#[tokio::test]
async fn no_change_is_missed_between_a_read_and_the_stream() {
    let (_server, client, database) = holding(&[rawdoc! { "_id": 1 }]).await;
    database.document(&thing(1)).await.expect("it is read");
    collection(&client).insert_one(rawdoc! { "_id": 2 }).await.expect("it is inserted");
    database.document(&thing(2)).await.expect("it is read");
    let mut changes = database.watch("shop");
    // What was there a moment before may be told once more.
    while change(&mut changes).await != (thing(2), ChangeKind::Inserted) {}
}

#[tokio::test]
async fn no_change_is_missed_while_the_server_is_away() {
    let (mut server, client, database) = holding(&[rawdoc! { "_id": 1 }]).await;
    let mut changes = database.watch("shop");
    collection(&client).insert_one(rawdoc! { "_id": 2 }).await.expect("it is inserted");
    while change(&mut changes).await != (thing(2), ChangeKind::Inserted) {}
    server.restart().await;
    // As another program, before this host is back.
    until("the other program writes", || async {
        collection(&client).insert_one(rawdoc! { "_id": 3 }).await.ok()
    })
    .await;
    assert_eq!(change(&mut changes).await, (thing(3), ChangeKind::Inserted));
}

#[tokio::test]
async fn a_standalone_server_has_no_stream_and_says_so() {
    let server = Server::standalone().await;
    let database = open(&server).await;
    assert_eq!(database.topology(), Topology::Standalone);
    let mut changes = database.watch("shop");
    assert!(matches!(changes.next().await, Some(ChangeItem::Unsupported(_))));
    assert_eq!(changes.next().await, None);
}

#[tokio::test]
async fn the_embedded_database_compares_values_as_safe_writes_need_it() {
    for server in [Server::start().await, Server::standalone().await] {
        assert_eq!(open(&server).await.read_only(), None);
    }
}
