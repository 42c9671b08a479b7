//! The contract's messages as the store's inputs: the same content in the store's words.

use std::{rc::Rc, time::Duration};

use lockstep_model::{
    DocumentId, Edit, Failure, Key, Mutation, MutationId, Namespace, Path, Segment, Stamp, Value,
    contract::{self, Delivery, FeedBatch, FeedEntry, Link, ListPage},
    mutation,
    order::sort_key,
};
use lockstep_query::{
    Answer, Attached, Batch, EntityView, Entry, PendingLayer, Review, Saved, SavedData, SavedPage,
    Settlement, Snapshot,
};

use crate::{Lockstep, Plain};

/// A document as the host sent it.
pub fn snapshot(snapshot: mutation::Snapshot) -> Snapshot<Lockstep> {
    Snapshot { id: snapshot.id, doc: snapshot.document.map(Rc::new), stamp: snapshot.stamp }
}

/// The answer to a fetch of that key.
pub fn answer(key: &Key, answer: contract::Answer) -> Answer<Lockstep> {
    match answer {
        contract::Answer::Collections(list) => {
            Answer::Value { stamp: list.stamp, value: Rc::new(Plain::Collections(list)) }
        }
        contract::Answer::Figures(figures) => {
            Answer::Value { stamp: figures.stamp, value: Rc::new(Plain::Figures(figures)) }
        }
        contract::Answer::Field(field) => {
            Answer::Value { stamp: field.stamp, value: Rc::new(Plain::Field(field)) }
        }
        contract::Answer::Status(status) => self::status(status),
        // Of these two always the newest that came, as of the status.
        contract::Answer::Workspace(workspace) => {
            Answer::Value { value: Rc::new(Plain::Workspace(workspace)), stamp: Stamp::ZERO }
        }
        contract::Answer::Jobs(jobs) => {
            Answer::Value { value: Rc::new(Plain::Jobs(jobs)), stamp: Stamp::ZERO }
        }
        contract::Answer::Schema(schema) => {
            Answer::Value { stamp: schema.stamp, value: Rc::new(Plain::Schema(schema)) }
        }
        contract::Answer::Document(document) => Answer::Entity(snapshot(document)),
        contract::Answer::List(page) => list(key, page),
    }
}

/// What the status bar shows: always the newest that came.
pub fn status(status: contract::SyncStatus) -> Answer<Lockstep> {
    Answer::Value { value: Rc::new(Plain::Status(status)), stamp: Stamp::ZERO }
}

fn list(key: &Key, page: ListPage) -> Answer<Lockstep> {
    let rows = match key {
        Key::List(namespace, query) | Key::First(namespace, query, _) => page
            .items
            .iter()
            .filter_map(|item| {
                let id = Value::from_ref(item.get("_id").ok()??);
                Some((sort_key(query, &id, item), DocumentId { namespace: namespace.clone(), id }))
            })
            .collect(),
        _ => Vec::new(),
    };
    let docs = page.first.into_iter().map(snapshot).collect();
    // A list is always read from its beginning.
    Answer::List { rows, docs, previous: None, next: page.next, stamp: page.stamp }
}

/// The reply of `attach`, but for the view.
pub fn attached(reply: contract::Attached) -> Attached<Lockstep> {
    let mut first: Vec<_> = reply
        .first
        .into_iter()
        .map(|(key, found)| {
            let answer = answer(&key, found);
            (key, answer)
        })
        .collect();
    let online = is_online(reply.status.link);
    first.push((Key::Status, status(reply.status)));
    Attached {
        boot: reply.boot,
        seq: reply.seq,
        pending: reply.pending.into_iter().map(pending).collect(),
        reviews: reply
            .reviews
            .into_iter()
            .map(|review| Review { mutation: Rc::new(review.mutation), failure: review.failure })
            .collect(),
        numbered: reply.numbered,
        first,
        online,
    }
}

/// What the disk has kept, as the store takes it; `now` is the store's time.
pub fn cached(cached: Vec<contract::CachedAnswer>, now: Duration) -> Vec<Saved<Lockstep>> {
    let saved = cached.into_iter().flat_map(|contract::CachedAnswer { key, answer, age }| {
        let entity = |Snapshot { id, doc, .. }: Snapshot<Lockstep>| SavedData::Entity(id, doc);
        let data = match self::answer(&key, answer) {
            Answer::Entity(snapshot) => vec![entity(snapshot)],
            Answer::Value { value, .. } => vec![SavedData::Value(key, value)],
            Answer::List { rows, docs, previous, next, .. } => {
                let page = SavedPage { page: None, rows, previous, next };
                docs.into_iter().map(entity).chain([SavedData::List(key, vec![page])]).collect()
            }
        };
        data.into_iter().map(move |data| Saved { data, updated_at: now.saturating_sub(age) })
    });
    saved.collect()
}

/// A part of the feed.
pub fn batch(batch: FeedBatch) -> Batch<Lockstep> {
    Batch {
        boot: batch.boot,
        from: batch.from,
        to: batch.to,
        entries: batch.entries.map(|entries| entries.into_iter().map(entry).collect()),
    }
}

fn entry(entry: FeedEntry) -> Entry<Lockstep> {
    match entry {
        FeedEntry::Layer(layer) => Entry::Layer(pending(layer)),
        FeedEntry::Delivery { mutation, delivery } => {
            Entry::Paused { mutation, paused: delivery == Delivery::Queued }
        }
        FeedEntry::Refused { mutation, failure } => Entry::Refused { mutation, failure },
        FeedEntry::Settled(settlement) => Entry::Settled(Settlement {
            failure: settlement.failure(),
            failed: settlement.failed.map(Rc::new),
            mutation: settlement.mutation,
            docs: settlement.documents.into_iter().map(snapshot).collect(),
        }),
        FeedEntry::Withdrawn(mutation) => Entry::Withdrawn(mutation),
        FeedEntry::ReviewClosed(mutation) => Entry::ReviewClosed(mutation),
        FeedEntry::Documents(documents) => Entry::Changed(documents.into_iter().map(snapshot).collect()),
        FeedEntry::Answer(key, found) => {
            let answer = answer(&key, found);
            Entry::Answer(key, answer)
        }
        FeedEntry::Invalidate(prefix) => Entry::Invalidate(prefix),
        FeedEntry::Focus(focus) => Entry::Focus(focus),
        FeedEntry::Online(online) => Entry::Online(online),
        FeedEntry::Status(status) => Entry::Answer(Key::Status, self::status(status)),
    }
}

fn pending(layer: contract::PendingLayer) -> PendingLayer<Lockstep> {
    PendingLayer {
        mutation: Rc::new(layer.mutation),
        number: layer.number,
        paused: layer.delivery == Delivery::Queued,
    }
}

/// Whether fetches have a chance.
pub fn is_online(link: Link) -> bool {
    matches!(link, Link::Live | Link::Polling)
}

/// What an editor that opens on a field now has to expect there: the pending value that it shows, or the database's.
pub fn expectation(view: &EntityView<Lockstep>, id: &DocumentId, path: &Path) -> mutation::Expectation {
    let last = view.pending.iter().rev().find(|(mutation, _)| {
        mutation.edit(id).is_some_and(|edit| match &edit.action {
            mutation::Action::Update(changes) => changes.iter().any(|change| change.path.overlaps(path)),
            mutation::Action::Insert(_) | mutation::Action::Delete { .. } => true,
        })
    });
    match last {
        Some((mutation, _)) => mutation::Expectation::After(mutation.id),
        // under an array, what is expected is the array as a whole
        None => {
            mutation::Expectation::Value(view.base.as_ref().and_then(|base| base.value(&path.guarded()?)))
        }
    }
}

/// What a person who deletes a document now has seen of it.
pub fn seen(view: &EntityView<Lockstep>) -> Option<mutation::Seen> {
    match view.pending.last() {
        Some((mutation, _)) => Some(mutation::Seen::After(mutation.id)),
        None => view.base.as_ref().map(|base| mutation::Seen::Revision(base.revision())),
    }
}

/// A failed mutation as a new one, for a person who has seen why it failed and wants it all the same ("Retry", "Use
/// mine"): over the values that the conflict showed, so that a still newer one is a conflict again. Submit it, then
/// end the review with `discard`. Documents that are gone are left out; `None` where there is nothing else to write over.
pub fn again(failed: &Mutation, failure: &Failure, id: MutationId) -> Option<Mutation> {
    let edits = failed.edits.iter().enumerate();
    let edits: Vec<_> = edits.filter_map(|(at, edit)| edit_again(edit, failure.of(at))).collect();
    (!edits.is_empty()).then(|| Mutation { id, edits, ..failed.clone() })
}

fn edit_again(edit: &Edit, failure: &Failure) -> Option<Edit> {
    let mut edit = edit.clone();
    let Failure::Conflict { current, .. } = failure else { return Some(edit) };
    let current = current.as_ref()?;
    match &mut edit.action {
        mutation::Action::Update(changes) => changes.iter_mut().for_each(|change| {
            change.expected =
                mutation::Expectation::Value(change.path.guarded().and_then(|path| current.value(&path)));
        }),
        mutation::Action::Delete { seen } => *seen = mutation::Seen::Revision(current.revision()),
        mutation::Action::Insert(_) => {}
    }
    Some(edit)
}

/// The prefix of everything of a collection.
pub fn collection_prefix(namespace: &Namespace) -> Vec<Segment> {
    vec![Segment::Collection(namespace.clone())]
}
