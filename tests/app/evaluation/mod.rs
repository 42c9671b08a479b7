//! What a window works out by itself against what the server says: filters, sorts and mutations at random, the same for
//! the same seed.
//!
//! `LOCKSTEP_EVALUATION_PAIRS` is how many pairs of a document and a filter or a sort are compared, and ten times the
//! number of mutations.
//!
//! | module | idea |
//! | --- | --- |
//! | `random` | values and documents |
//! | `filters` | filters of all operators that are evaluated, and a few that are refused |
//! | `mutations` | changes that the database can make |
//! | `faults` | where the embedded server is not as MongoDB is |
//! | `tally` | what came of a comparison |

mod faults;
mod filters;
mod mutations;
pub mod random;
mod tally;

use std::{collections::HashSet, env};

use bson::RawDocumentBuf;
use lockstep_host::database::Database;
use lockstep_model::{
    Action, Document, DocumentId, Edit, Failure, ListQuery, Mutation, MutationId, Namespace, Path, Value,
    contract::{ListPage, ListRequest},
    filter,
    inverse::inverse,
    key::Direction,
    order::sort_key,
    reduce::reduce,
};
use lockstep_sync::host::WriteOutcome;
use mongodb::{Client, Collection};
use random::Random;
use tally::Tally;

use crate::fixture::Server;

const PAIRS: usize = 5_000;
/// A mutation is written to the disk, and takes so many times as long as a pair.
const PAIRS_PER_MUTATION: usize = 10;
/// How many documents a filter is tried on.
const FILTERED: i32 = 50;
/// How many filters are tried on the same documents.
const FILTERS: usize = 50;
/// How many documents are sorted: so few that the server, which refuses a sort for one of them, mostly takes it.
const SORTED: i32 = 6;
/// How many sorts are tried on the same documents.
const SORTS: usize = 20;
/// How many mutations the same document goes through.
const MUTATIONS: usize = 12;

fn pairs() -> usize {
    env::var("LOCKSTEP_EVALUATION_PAIRS").map_or(PAIRS, |pairs| pairs.parse().expect("a number"))
}

/// A server with one collection, and the host's connection to it.
struct Bench {
    _server: Server,
    client: Client,
    database: Database,
}

impl Bench {
    async fn open() -> Self {
        let server = Server::start().await;
        let client = server.client().await;
        let database = Database::open(&server.address()).await.expect("it opens");
        Self { _server: server, client, database }
    }

    fn namespace() -> Namespace {
        Namespace::new("evaluation", "documents")
    }

    async fn fill(&self, documents: &[RawDocumentBuf]) {
        let collection: Collection<RawDocumentBuf> =
            self.client.database("evaluation").collection("documents");
        collection.drop().await.expect("it is dropped");
        collection.insert_many(documents).await.expect("they are inserted");
    }

    /// What the server finds, in its order, or why it does not.
    async fn list(&self, query: &ListQuery) -> Result<ListPage, String> {
        let (namespace, query) = (Self::namespace(), query.clone());
        match self.database.list(&ListRequest { namespace, query, skip: 0, first: 0, most: None }).await {
            Ok(page) => Ok(page),
            Err(Failure::Unreachable { message }) => panic!("{message}"),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    /// Makes a mutation of one document there and here; what the server has then.
    async fn commit(
        &self,
        mutation: &Mutation,
        before: Option<&Document>,
        tally: &mut Tally,
    ) -> Option<Document> {
        let edit = &mutation.edits[0];
        let ours = reduce(&edit.document, before, mutation);
        let outcome = self.database.commit(edit).await;
        tally.pairs += 1;
        let WriteOutcome::Committed { after: snapshot, .. } = outcome else {
            let refusal = format!("{outcome:?}");
            let fault = match &edit.action {
                Action::Update(changes) => faults::of_refused_update(changes, &refusal),
                _ => None,
            };
            tally.differ(fault, || format!("{edit:?} on {before:?}: {refusal}"));
            return before.cloned();
        };
        let theirs = snapshot.document;
        let (ours, found) = (ours.map(content), theirs.clone().map(content));
        if ours != found {
            let fault = ours.as_ref().zip(found.as_ref()).and_then(|(a, b)| faults::of_update(a, b));
            tally.differ(fault, || format!("ours {ours:?}, theirs {found:?}: {edit:?} on {before:?}"));
        }
        theirs
    }
}

fn content(document: Document) -> RawDocumentBuf {
    document.raw().to_owned()
}

fn id(document: &bson::RawDocument) -> Value {
    Value::from_ref(document.get("_id").expect("BSON").expect("an _id"))
}

#[tokio::test]
async fn a_filter_takes_what_the_server_finds() {
    let bench = Bench::open().await;
    let mut tally = Tally::default();
    for seed in 0.. {
        if tally.pairs >= pairs() {
            break;
        }
        let mut random = Random::new(seed);
        let documents: Vec<_> = (0..FILTERED).map(|id| random::document(&mut random, id)).collect();
        bench.fill(&documents).await;
        for _ in 0..FILTERS {
            let filter = filters::filter(&mut random, &documents);
            let query = ListQuery { filter: Value::document(&filter), ..ListQuery::all() };
            let ours = documents.iter().map(|document| filter::matches(&filter, document));
            let found: HashSet<Value> = match bench.list(&query).await {
                Ok(page) => page.items.iter().map(id).collect(),
                Err(refusal) => {
                    tally.refused += 1;
                    if ours.into_iter().any(|taken| taken.is_some()) {
                        let fault = faults::of_refused_filter(&filter, &refusal);
                        tally.differ(fault, || format!("{} is refused: {refusal}", query.filter));
                    }
                    continue;
                }
            };
            for (document, ours) in documents.iter().zip(ours) {
                tally.pairs += 1;
                let theirs = found.contains(&id(document));
                match ours {
                    None => tally.undecided += 1,
                    Some(ours) if ours == theirs => {}
                    Some(ours) => tally.differ(faults::of_filter(&filter, document), || {
                        format!("ours {ours}: {} on {}", query.filter, Value::document(document))
                    }),
                }
            }
        }
    }
    tally.report("filters");
}

#[tokio::test]
async fn a_sort_is_in_the_order_of_the_server() {
    let bench = Bench::open().await;
    let mut tally = Tally::default();
    for seed in 0.. {
        if tally.pairs >= pairs() {
            break;
        }
        let mut random = Random::new(seed);
        let documents: Vec<_> = (0..SORTED).map(|id| random::document(&mut random, id)).collect();
        bench.fill(&documents).await;
        for _ in 0..SORTS {
            let sort = (0..1 + random.below(8) / 5).map(|_| {
                let direction = random.one_of(&[Direction::Ascending, Direction::Descending]);
                (Path::dotted(&random::path(&mut random)), direction)
            });
            let query = ListQuery { sort: sort.collect(), ..ListQuery::all() };
            let page = match bench.list(&query).await {
                Ok(page) => page,
                Err(refusal) => {
                    tally.refused += 1;
                    if !faults::is_refused_by_mongodb(&refusal) {
                        let fault = faults::of_refused_sort(&refusal);
                        tally.differ(fault, || format!("{:?} is refused: {refusal}", query.sort));
                    }
                    continue;
                }
            };
            tally.pairs += documents.len();
            let key = |document: &bson::RawDocument| sort_key(&query, &id(document), document);
            let mut ours: Vec<_> = documents.iter().collect();
            ours.sort_by_key(|document| key(document));
            let theirs: Vec<Value> = page.items.iter().map(id).collect();
            let ours: Vec<Value> = ours.into_iter().map(|document| id(document)).collect();
            if ours != theirs {
                let shown: Vec<_> = documents.iter().map(|document| Value::document(document)).collect();
                tally.differ(faults::of_sort(&query, &documents), || {
                    format!("ours {ours:?}, theirs {theirs:?}, by {:?}: {shown:?}", query.sort)
                });
            }
            // The rows that the host brings hold enough to be placed by, but for the items that a projection loses.
            for item in page.items.iter() {
                let whole = documents.iter().find(|document| id(document) == id(item)).expect("one of them");
                if key(item) != key(whole) && !random::has_mixed_array(whole) {
                    let row = Value::document(item);
                    tally.differ(None, || format!("{row} is not placed as {whole:?} by {:?}", query.sort));
                }
            }
        }
    }
    tally.report("sorts");
}

#[tokio::test]
async fn a_mutation_and_its_inverse_leave_what_the_server_has() {
    let bench = Bench::open().await;
    let mut tally = Tally::default();
    for seed in 0.. {
        if tally.pairs >= pairs() / PAIRS_PER_MUTATION {
            break;
        }
        let mut random = Random::new(seed);
        let id = i32::try_from(seed).expect("a few documents");
        let document = DocumentId { namespace: Bench::namespace(), id: Value::from(id) };
        let mut before: Option<Document> = None;
        for _ in 0..MUTATIONS {
            let name =
                |random: &mut Random| MutationId(bson::Uuid::from_bytes([random.below(256) as u8; 16]));
            let action = mutations::action(&mut random, id, before.as_ref());
            let edits = vec![Edit { document: document.clone(), action }];
            let mutation = Mutation::new(name(&mut random), edits);
            let after = bench.commit(&mutation, before.as_ref(), &mut tally).await;
            let undo = inverse(&mutation, name(&mut random), |_| before.as_ref());
            // It expects what the mutation leaves here: a fault of the server's would be met twice.
            let is_as_here =
                reduce(&document, before.as_ref(), &mutation).map(content) == after.clone().map(content);
            before = match undo.filter(|_| is_as_here && random.once_in(2)) {
                Some(undo) => bench.commit(&undo, after.as_ref(), &mut tally).await,
                None => after,
            };
        }
    }
    tally.report("mutations");
}
