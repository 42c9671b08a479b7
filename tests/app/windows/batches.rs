//! One mutation of very many documents: each of them ends by itself, and what failed is one thing to decide on.

use bson::{Bson, Document, doc};
use lockstep_model::{
    Action, Change, DocumentId, Edit, Expectation, Failure, Mutation, MutationId, Namespace, Path, Value,
    contract::{Acceptance, MutateReply, MutateRequest, decode_reply, encode},
};

use crate::fixture::{App, Server, until};

const COUNT: i32 = 2_000;
/// A colleague changed these meanwhile, and deleted one.
const CHANGED: [i32; 3] = [5, 700, 1_500];
const DELETED: i32 = 1_999;

fn edit(number: i32) -> Edit {
    let document = DocumentId { namespace: Namespace::new("shop", "things"), id: Value::from(number) };
    let expected = Expectation::Value(Some(Value::from(0)));
    let change = Change { path: Path::field("a"), target: Some(Value::from(1)), expected };
    Edit { document, action: Action::Update(vec![change]) }
}

#[tokio::test]
async fn of_two_thousand_documents_all_are_changed_but_those_that_a_colleague_changed() {
    let server = Server::start().await;
    let things = server.client().await.database("shop").collection::<Document>("things");
    things.insert_many((0..COUNT).map(|number| doc! { "_id": number, "a": 0 })).await.unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("things").await;
    things
        .update_many(doc! { "_id": { "$in": CHANGED.to_vec() } }, doc! { "$set": { "a": 99 } })
        .await
        .unwrap();
    things.delete_one(doc! { "_id": DELETED }).await.unwrap();

    let mutation = Mutation::new(MutationId(bson::Uuid::new()), (0..COUNT).map(edit).collect());
    let request = encode(&MutateRequest { mutations: vec![mutation] }).unwrap();
    let reply = main.invoke("mutate", &request).await.expect("a reply");
    let reply: Result<MutateReply, Failure> = decode_reply(&reply);
    assert!(matches!(reply.unwrap().results[..], [Acceptance::Accepted(_)]));
    main.until_status("what failed is one thing to decide on", |status| status.conflicts == "1").await;
    main.until_shown(&Value::from(0), "a", "1", "saved").await;
    let with = async |a: i32| {
        let mut found = things.find(doc! { "a": a }).sort(doc! { "_id": 1 }).await.unwrap();
        let mut numbers = Vec::new();
        while found.advance().await.unwrap() {
            numbers.push(found.deserialize_current().unwrap().get("_id").and_then(Bson::as_i32).unwrap());
        }
        numbers
    };
    assert_eq!(with(99).await, CHANGED);
    assert_eq!(with(1).await.len(), COUNT as usize - CHANGED.len() - 1);

    main.click("1 needs review").await;
    until("all four, with what the colleague made of them", async || {
        let text = main.text().await;
        let told = ["4 documents were not saved", "things · 700: a", "99", "deleted"];
        told.iter().all(|told| text.contains(told)).then_some(())
    })
    .await;
    main.picture("batch-review").await;
    main.click("Use mine (all 4)").await;
    main.until_status("nothing is left", |status| status.conflicts == "0").await;
    main.click("Close").await;
    main.until_idle().await;
    assert!(with(99).await.is_empty());
    assert_eq!(things.count_documents(doc! {}).await.unwrap(), COUNT as u64 - 1);
}
