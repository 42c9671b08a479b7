//! What happened, as short text for a trace.

use lockstep_model::{Action, Edit, Expectation, Mutation, MutationId, Seen, contract::FeedEntry};
use lockstep_sync::{
    host::Read,
    outbox::{Kept, Update},
};

pub fn name(id: MutationId) -> String {
    let bytes = id.0.bytes();
    format!("m{}", u64::from_be_bytes(*bytes.last_chunk().unwrap_or(&[0; 8])))
}

pub fn mutation(mutation: &Mutation) -> String {
    let edits: Vec<_> = mutation.edits.iter().map(edit).collect();
    format!("{} {}", name(mutation.id), edits.join(", "))
}

pub fn edit(edit: &Edit) -> String {
    let what = match &edit.action {
        Action::Insert(document) => format!("insert {document:?}"),
        Action::Delete { seen: Seen::After(earlier) } => format!("delete after {}", name(*earlier)),
        Action::Delete { seen: Seen::Revision(_) } => "delete".into(),
        Action::Update(changes) => {
            let change = |change: &lockstep_model::Change| {
                let over = match &change.expected {
                    Expectation::Value(value) => {
                        value.as_ref().map_or("nothing".into(), |value| format!("{value:?}"))
                    }
                    Expectation::After(earlier) => name(*earlier),
                };
                let target = change.target.as_ref().map_or("nothing".into(), |value| format!("{value:?}"));
                format!("{}={target} over {over}", change.path)
            };
            changes.iter().map(change).collect::<Vec<_>>().join(" ")
        }
    };
    format!("{:?}: {what}", edit.document.id)
}

pub fn updates(updates: &[Update]) -> String {
    let update = |update: &Update| match update {
        Update::New(number, mutation) => format!("{number} new {}", name(mutation.id)),
        Update::State(number, Kept::Queued) => format!("{number} queued"),
        Update::State(number, Kept::Sending { .. }) => format!("{number} sending"),
        Update::State(number, Kept::Review(failure)) => format!("{number} review ({})", failure.code()),
        Update::Rewritten(number, mutation) => format!("{number} as {}", self::mutation(mutation)),
        Update::Gone(number) => format!("{number} gone"),
    };
    updates.iter().map(update).collect::<Vec<_>>().join("; ")
}

pub fn entry(entry: &FeedEntry) -> String {
    match entry {
        FeedEntry::Layer(layer) => format!("layer {} {}", layer.number, name(layer.mutation.id)),
        FeedEntry::Delivery { mutation, delivery } => format!("{} {delivery:?}", name(*mutation)),
        FeedEntry::Refused { mutation, .. } => format!("refused {}", name(*mutation)),
        FeedEntry::Settled(settlement) => {
            let failed = settlement.failure().map_or("committed", |failure| failure.code());
            let documents: Vec<_> = settlement
                .documents
                .iter()
                .map(|snapshot| format!("{:?}@{}", snapshot.id.id, snapshot.stamp.count()))
                .collect();
            format!("settled {} {failed} {}", name(settlement.mutation), documents.join(" "))
        }
        FeedEntry::Withdrawn(mutation) => format!("withdrawn {}", name(*mutation)),
        FeedEntry::ReviewClosed(mutation) => format!("closed {}", name(*mutation)),
        FeedEntry::Documents(documents) => {
            let documents: Vec<_> = documents
                .iter()
                .map(|snapshot| format!("{:?}@{}", snapshot.id.id, snapshot.stamp.count()))
                .collect();
            format!("documents {}", documents.join(" "))
        }
        FeedEntry::Answer(key, _) => format!("answer {}", key_text(key)),
        FeedEntry::Invalidate(prefix) => format!("invalidate {} segments", prefix.len()),
        FeedEntry::Focus(focus) => format!("focus {focus}"),
        FeedEntry::Online(online) => format!("online {online}"),
        FeedEntry::Status(status) => format!("status {:?}", status.link),
    }
}

pub fn key_text(key: &lockstep_model::Key) -> String {
    match key {
        lockstep_model::Key::List(_, query) => format!("list {:?}", query.filter),
        lockstep_model::Key::Document(id) => format!("document {:?}", id.id),
        other => format!("{other:?}"),
    }
}

pub fn read(read: &Read) -> String {
    match read {
        Read::Rows(_, ids) => format!("rows {ids:?}"),
        Read::List(request) => format!("list {:?}", request.query.filter),
        Read::Figures(_, query) => format!("figures {query}"),
        other => format!("{other:?}"),
    }
}
