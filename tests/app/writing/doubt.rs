//! Writes without an answer, and the question what became of them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use lockstep_host::address::Address;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;

/// A way to a server on which answers to writes get lost, for as long as it is told so.
struct LossyWay {
    address: Address,
    loses: Arc<AtomicBool>,
}

impl LossyWay {
    async fn to(server: &Server) -> Self {
        let uri = server.uri();
        let host =
            uri.split(['@', '/']).find(|part| part.starts_with("127.0.0.1:")).expect("a host").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let here = listener.local_addr().expect("an address").to_string();
        let address = Address::parse(&uri.replace(&host, &here)).expect("an address");
        let loses = Arc::new(AtomicBool::new(false));
        let losing = loses.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&host).await.expect("the server listens");
                tokio::spawn(carry(near, far, losing.clone()));
            }
        });
        Self { address, loses }
    }
}

/// Carries bytes both ways until one side ends, or until the answer to a write is to be lost.
async fn carry(mut near: TcpStream, mut far: TcpStream, loses: Arc<AtomicBool>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    let mut writes = false;
    loop {
        let carried = tokio::select! {
            read = near.read(&mut asked) => match read {
                Ok(length @ 1..) => {
                    let bytes = &asked[..length];
                    writes = bytes.windows(13).any(|name| name == b"findAndModify");
                    far.write_all(bytes).await
                }
                _ => return,
            },
            read = far.read(&mut answered) => match read {
                Ok(1..) if writes && loses.load(Ordering::SeqCst) => return,
                Ok(length @ 1..) => near.write_all(&answered[..length]).await,
                _ => return,
            },
        };
        if carried.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn without_a_server_an_edit_waits_and_goes_through_later() {
    let mut shop = Shop::open().await;
    shop.insert(&rawdoc! { "_id": 1, "f": 1 }).await;
    shop.server.kill().await;
    let edit = set("f", 1, 2);
    // The first error after the end may still be that of a connection that broke while it was written to.
    until("the edit is known not to have been sent", || async {
        matches!(shop.commit(1, edit.clone()).await, WriteOutcome::Unreachable(_)).then_some(())
    })
    .await;
    shop.server.restart().await;
    let after = until("the edit goes through", || async {
        match shop.commit(1, edit.clone()).await {
            WriteOutcome::Committed { after: snapshot, .. } => snapshot.document,
            WriteOutcome::Unreachable(_) | WriteOutcome::Unknown(_) => None,
            other => panic!("{other:?}"),
        }
    })
    .await;
    assert_eq!(after.raw(), &*rawdoc! { "_id": 1, "f": 2 });
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_told_apart_and_is_not_applied_twice() {
    let shop = Shop::open().await;
    shop.insert(&rawdoc! { "_id": 1, "f": 1 }).await;
    let way = LossyWay::to(&shop.server).await;
    let far = Database::open(&way.address).await.expect("it opens");
    let edit = Edit { document: thing(1), action: set("f", 1, 2) };
    way.loses.store(true, Ordering::SeqCst);
    let since = far.seen();
    let outcome = far.commit(&edit).await;
    let WriteOutcome::Unknown(failure) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure:?}");
    assert_eq!(shop.get(1).await, Some(rawdoc! { "_id": 1, "f": 2 }), "it had arrived");
    way.loses.store(false, Ordering::SeqCst);
    let probe = until("the way is free again", || async { far.probe_outcome(&edit, since).await.ok() }).await;
    assert!(matches!(probe, Probe::Applied(_)), "{probe:?}");
    committed(far.commit(&edit).await);
}

#[tokio::test]
async fn without_a_change_stream_a_probe_tells_what_the_document_shows() {
    let shop = Shop::over(Server::standalone().await).await;
    let update = set("f", 1, 2);
    let insert = Action::Insert(rawdoc! { "_id": 1, "f": 1 });
    let remove = delete(&rawdoc! { "_id": 1, "f": 2 });
    let probe = async |action: &Action| shop.probe(1, action, ClusterTime::ZERO).await;
    assert_eq!(probe(&insert).await, Probe::NotApplied);
    assert!(matches!(probe(&update).await, Probe::CannotTell(_)), "it may have been deleted since");
    committed(shop.commit(1, insert.clone()).await);
    assert!(matches!(probe(&insert).await, Probe::Applied(_)));
    assert_eq!(probe(&update).await, Probe::NotApplied);
    assert!(matches!(probe(&remove).await, Probe::CannotTell(_)));
    committed(shop.commit(1, update.clone()).await);
    assert!(matches!(probe(&update).await, Probe::Applied(_)));
    assert_eq!(probe(&remove).await, Probe::NotApplied);
    shop.things().update_one(doc! { "_id": 1 }, doc! { "$set": { "f": 3 } }).await.expect("it is updated");
    let Probe::CannotTell(snapshot) = probe(&update).await else { panic!("it is neither") };
    assert_eq!(snapshot.document, shop.get(1).await.as_deref().map(Document::whole));
}

/// What a colleague does between an edit and the question what became of it.
#[derive(Clone, Copy, Debug)]
enum Colleague {
    Nothing,
    SetsBack,
    SetsOther,
    Deletes,
    Inserts,
}

impl Colleague {
    async fn acts(self, shop: &Shop) {
        let things = shop.things();
        let set = async |f: i32| {
            things.update_one(doc! { "_id": 1 }, doc! { "$set": { "f": f } }).await.expect("it is updated");
        };
        match self {
            Self::Nothing => {}
            Self::SetsBack => set(1).await,
            Self::SetsOther => set(7).await,
            Self::Deletes => {
                things.delete_one(doc! { "_id": 1 }).await.expect("it is deleted");
            }
            Self::Inserts => shop.insert(&rawdoc! { "_id": 1, "f": 1, "g": [1] }).await,
        }
    }
}

#[tokio::test]
async fn a_probe_tells_by_the_change_stream_what_a_colleague_has_hidden() {
    use Colleague::*;

    let shop = Shop::open().await;
    let before = rawdoc! { "_id": 1, "f": 1, "g": [1] };
    let insert = Action::Insert(before.clone());
    let update = Action::Update(vec![
        change(Path::field("f"), Some(rawbson!(1)), Some(rawbson!(2))),
        change(Path::field("g"), Some(rawbson!([1])), Some(rawbson!([1, { "h": 2 }]))),
    ]);
    let remove = delete(&before);
    let table = [
        (&update, true, Nothing, true),
        (&update, true, SetsBack, true),
        (&update, true, SetsOther, true),
        (&update, true, Deletes, true),
        (&update, false, Nothing, false),
        (&update, false, SetsBack, false),
        (&update, false, SetsOther, false),
        (&insert, true, SetsOther, true),
        (&insert, true, Deletes, true),
        (&insert, false, Nothing, false),
        (&remove, true, Nothing, true),
        (&remove, true, Inserts, true),
        (&remove, false, SetsOther, false),
    ];
    for (action, applied, colleague, expected) in table {
        shop.things().delete_many(doc! {}).await.expect("they are deleted");
        if !matches!(action, Action::Insert(_)) {
            shop.insert(&before).await;
        }
        let other = Database::open(&shop.server.address()).await.expect("it opens");
        // What it sees now is after all that was done so far.
        let _ = other.document(&thing(1)).await.expect("it is read");
        let since = other.seen();
        if applied {
            committed(shop.commit(1, action.clone()).await);
        }
        colleague.acts(&shop).await;
        let edit = Edit { document: thing(1), action: action.clone() };
        let probe = other.probe_outcome(&edit, since).await.expect("it is read");
        let context = format!("{action:?}, applied: {applied}, then the colleague {colleague:?}: {probe:?}");
        match probe {
            Probe::Applied(snapshot) => {
                assert!(expected, "{context}");
                assert_eq!(snapshot.document, shop.get(1).await.as_deref().map(Document::whole), "{context}");
            }
            Probe::NotApplied => assert!(!expected, "{context}"),
            Probe::CannotTell(_) => panic!("{context}"),
        }
    }
}
