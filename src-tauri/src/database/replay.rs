//! What became of an edit whose answer got lost: the changes of its document since before it was sent.
//!
//! The document as it is now does not tell an edit that was applied and then changed back by somebody from one that never
//! arrived. The change stream does, as far back as the server keeps it.

use std::time::Duration;

use bson::doc;
use lockstep_model::{Action, ClusterTime, Document, Edit, Failure, mutation::Seen};
use lockstep_sync::{
    host::Probe,
    write::{
        already_applied, conflicting_paths,
        event::{Event, Origin, origin},
    },
};
use mongodb::error::Error;

use super::{
    Database, Topology,
    changes::{LOST, NEVER, code},
    connection::finish,
    read::as_bson,
    write::{resolved, snapshot},
};

/// How long the server waits for further events before it says that there are none.
const AWAIT: Duration = Duration::from_millis(100);
/// `BSONObjectTooLarge`: an event that cannot be told.
const TOO_LARGE: i32 = 10334;

/// What the change stream says.
enum Replayed {
    /// The edit was applied.
    Applied,
    /// It was not.
    NotApplied,
    /// Nothing that helps.
    Silent,
    /// There is none here.
    NoStream,
}

impl Database {
    /// Finds out what became of an edit that may have been sent since that time, and whose answer got lost.
    ///
    /// Where there is no change stream, only the document as it is now is asked: what was applied and then changed back is
    /// taken for not applied. Where the stream no longer reaches back that far, that cannot be told.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn probe_outcome(&self, edit: &Edit, since: ClusterTime) -> Result<Probe, Failure> {
        let (database, edit) = (self.clone(), edit.clone());
        finish(async move {
            // Before the stream, so that the stream's end is after it.
            let (current, stamp) = database.whole(&edit.document).await?;
            let replayed = database.replay(&edit, since).await?;
            let whole = current.as_deref().map(Document::whole);
            let snapshot = snapshot(&edit.document, current.as_deref(), stamp);
            Ok(match replayed {
                Replayed::Applied => Probe::Applied(snapshot),
                Replayed::NotApplied => Probe::NotApplied,
                _ if already_applied(&edit, whole.as_ref()) => Probe::Applied(snapshot),
                Replayed::NoStream if is_as_expected(&edit, whole.as_ref())? => Probe::NotApplied,
                Replayed::NoStream | Replayed::Silent => Probe::CannotTell(snapshot),
            })
        })
        .await
    }

    async fn replay(&self, edit: &Edit, since: ClusterTime) -> Result<Replayed, Failure> {
        if self.topology() == Topology::Standalone {
            return Ok(Replayed::NoStream);
        }
        self.events_since(edit, since).await.or_else(|error| match code(&error) {
            Some(code) if NEVER.contains(&code) => Ok(Replayed::NoStream),
            Some(code) if LOST.contains(&code) || code == TOO_LARGE => Ok(Replayed::Silent),
            _ => Err(self.failure(&format!("looking for an edit of {:?}", edit.document), &error)),
        })
    }

    async fn events_since(&self, edit: &Edit, since: ClusterTime) -> Result<Replayed, Error> {
        let Ok(id) = as_bson(&edit.document.id) else { return Ok(Replayed::Silent) };
        let mut fields = doc! { "operationType": 1, "updateDescription": 1 };
        if matches!(edit.action, Action::Insert(_)) {
            fields.insert("fullDocument", 1);
        }
        let pipeline = [doc! { "$match": { "documentKey._id": { "$eq": id } } }, doc! { "$project": fields }];
        let mut session = self.session().await?;
        let collection = self.collection(&edit.document.namespace);
        let watch = collection.watch().pipeline(pipeline).max_await_time(AWAIT);
        let watch = watch.start_at_operation_time(since.next().into()).session(&mut session);
        let mut stream = watch.await?.with_type::<Event>();
        let mut told = Replayed::NotApplied;
        while let Some(event) = stream.next_if_any(&mut session).await? {
            match origin(edit, &event) {
                Origin::Own => return Ok(Replayed::Applied),
                Origin::CannotTell => told = Replayed::Silent,
                Origin::Other => {}
            }
            if !stream.is_alive() {
                break;
            }
        }
        Ok(told)
    }
}

/// Whether the document is as the edit expects to find it.
fn is_as_expected(edit: &Edit, current: Option<&Document>) -> Result<bool, Failure> {
    Ok(match &edit.action {
        Action::Insert(_) => current.is_none(),
        Action::Update(changes) => conflicting_paths(&resolved(changes)?, current).is_empty(),
        Action::Delete { seen } => current.map(|document| Seen::Revision(document.revision())) == Some(*seen),
    })
}
