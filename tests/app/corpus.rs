//! MongoDB's own collection of hard values, through everything that a value passes in Lockstep: read from the server, to a
//! window and back, to the disk and back, beside an edit of another field, and as an edit itself. Each stays the same to the
//! byte.

use std::{env, fs, path::PathBuf};

use bson::{RawDocument, RawDocumentBuf, doc, oid::ObjectId, rawdoc};
use lockstep_host::{database::Database, kept};
use lockstep_model::{
    Action, Change, Document, DocumentId, Edit, Expectation, Mutation, MutationId, Namespace, Path, Value,
    contract::{Answer, MutateRequest, decode, encode},
    mutation::Snapshot,
};
use lockstep_sync::host::WriteOutcome;
use mongodb::{Collection, error::Error};
use serde_json::Value as Json;

use crate::fixture::Server;

/// One value of the corpus: a document in which it stands.
struct Case {
    name: String,
    document: RawDocumentBuf,
}

/// As every driver writes it.
const CANONICAL: &str = "canonical_bson";
/// As no driver would write it, though all can read it. A server writes it anew when it changes the document.
const DEGENERATE: &str = "degenerate_bson";

/// All valid documents of the corpus in these forms.
fn cases(forms: &[&str]) -> Vec<Case> {
    let folder = env::var_os("LOCKSTEP_BSON_CORPUS").map(PathBuf::from);
    let folder = folder.expect("`cargo xtask test` fetches the corpus and says where it is");
    let mut cases = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file: Json = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        for case in file["valid"].as_array().into_iter().flatten() {
            for form in forms {
                let Some(bytes) = case.get(form) else { continue };
                let name = format!("{}, {} ({form})", file["description"], case["description"]);
                let bytes = hex::decode(bytes.as_str().unwrap()).unwrap();
                // What its length does not fit is nothing that a server ever sends.
                let document =
                    RawDocumentBuf::from_bytes(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
                cases.push(Case { name, document });
            }
        }
    }
    cases
}

/// The case in a document with an `_id`, and with a field that will be edited before and after it.
fn around(case: &Case) -> RawDocumentBuf {
    rawdoc! { "_id": ObjectId::new(), "before": 1, "case": case.document.clone(), "after": 1 }
}

fn case_of(document: &RawDocument) -> &[u8] {
    document.get_document("case").expect("the case is in it").as_bytes()
}

struct Shop {
    database: Database,
    things: Collection<RawDocumentBuf>,
    _server: Server,
}

impl Shop {
    async fn open() -> Self {
        let server = Server::start().await;
        let database = Database::open(&server.address()).await.expect("it opens");
        let things = server.client().await.database("shop").collection("things");
        Self { database, things, _server: server }
    }

    async fn find(&self, id: &DocumentId) -> RawDocumentBuf {
        let id = bson::Bson::try_from(id.id.get()).unwrap();
        self.things.find_one(doc! { "_id": { "$eq": id } }).await.unwrap().expect("it is there")
    }

    /// Through everything; `Err` is what the server itself refuses.
    async fn pass(&self, case: &Case) -> Result<(), String> {
        let refused = |error: Error| format!("the server refuses the insert: {error}");
        let whole = around(case);
        let id = DocumentId {
            namespace: Namespace::new("shop", "things"),
            id: Value::from_ref(whole.get("_id").unwrap().unwrap()),
        };
        self.things.insert_one(&whole).await.map_err(refused)?;
        assert_eq!(
            case_of(&self.find(&id).await),
            case.document.as_bytes(),
            "{}: the server has it",
            case.name
        );

        // Read, and to a window.
        let read = self.database.document(&id).await.expect("it is read");
        let Answer::Document(Snapshot { document: Some(document), .. }) = through(&Answer::Document(read))
        else {
            panic!("{}: it is not there", case.name);
        };
        assert_eq!(case_of(document.raw()), case.document.as_bytes(), "{}: read", case.name);

        // An edit of the fields around it.
        let edits = [("before", 1, 2), ("after", 1, 2)].map(|(field, expected, target)| Change {
            path: Path::field(field),
            target: Some(Value::from(target)),
            expected: Expectation::Value(Some(Value::from(expected))),
        });
        self.commit(case, &id, edits.to_vec()).await?;
        assert_eq!(case_of(&self.find(&id).await), case.document.as_bytes(), "{}: beside an edit", case.name);

        // An edit that writes it, over itself and to another field.
        let value = Value::from_ref(document.raw().get("case").unwrap().unwrap());
        let copy = Change {
            path: Path::field("copy"),
            target: Some(value.clone()),
            expected: Expectation::Value(None),
        };
        self.commit(case, &id, vec![copy]).await?;
        let over =
            Change { path: Path::field("copy"), target: None, expected: Expectation::Value(Some(value)) };
        let after = self.find(&id).await;
        let copied = after.get_document("copy").expect("the copy is there").as_bytes();
        assert_eq!(copied, case.document.as_bytes(), "{}: as an edit", case.name);
        self.commit(case, &id, vec![over]).await?;
        assert!(self.find(&id).await.get("copy").unwrap().is_none(), "{}: over its own value", case.name);
        Ok(())
    }

    async fn commit(&self, case: &Case, id: &DocumentId, changes: Vec<Change>) -> Result<(), String> {
        let edit = Edit { document: id.clone(), action: Action::Update(changes) };
        let mutation = Mutation::new(MutationId(bson::Uuid::new()), vec![edit]);
        // From a window, and over the disk.
        let MutateRequest { mutations } = through(&MutateRequest { mutations: vec![mutation.clone()] });
        let kept: Mutation = kept::from_bytes(&kept::to_bytes(&mutations[0]).unwrap()).unwrap();
        assert_eq!(kept, mutation, "{}: on the disk", case.name);
        match self.database.commit(&kept.edits[0]).await {
            WriteOutcome::Committed { .. } => Ok(()),
            other => {
                assert_eq!(case_of(&self.find(id).await), case.document.as_bytes(), "{}: refused", case.name);
                Err(format!("the server refuses the edit: {other:?}"))
            }
        }
    }
}

/// As it arrives at the other side of the contract.
fn through<T: serde::Serialize + serde::de::DeserializeOwned>(message: &T) -> T {
    decode(&encode(message).expect("it is sent")).expect("it arrives")
}

#[tokio::test]
async fn every_value_of_the_corpus_passes_through_everything_and_stays_the_same_to_the_byte() {
    let shop = Shop::open().await;
    let cases = cases(&[CANONICAL]);
    assert!(cases.len() > 700, "{} cases", cases.len());
    let mut refused = Vec::new();
    for case in &cases {
        if let Err(why) = shop.pass(case).await {
            refused.push(format!("{}: {why}", case.name));
        }
    }
    println!("{} of {} pass; refused:\n{}", cases.len() - refused.len(), cases.len(), refused.join("\n"));
    // The embedded database does not update what holds a type that MongoDB has given up.
    let known = |refused: &String| refused.contains("deprecated") || refused.contains("All BSON types");
    assert!(refused.iter().all(known) && refused.len() <= 5, "{refused:#?}");
}

#[test]
fn the_corpus_survives_where_no_server_is_asked() {
    for case in cases(&[CANONICAL, DEGENERATE]) {
        let whole = around(&case);
        let document = Document::whole(&whole);
        let insert = Mutation::new(
            MutationId(bson::Uuid::new()),
            vec![Edit {
                document: DocumentId { namespace: Namespace::new("shop", "things"), id: Value::from(1) },
                action: Action::Insert(whole.clone()),
            }],
        );
        assert_eq!(
            kept::from_bytes::<Mutation>(&kept::to_bytes(&insert).unwrap()).unwrap(),
            insert,
            "{}",
            case.name
        );
        assert_eq!(through(&insert), insert, "{}", case.name);
        assert_eq!(case_of(through(&document).raw()), case.document.as_bytes(), "{}", case.name);
    }
}
