//! What a mutation does, in few words.

use lockstep_model::{
    Action, DocumentId, Mutation, Path, Value,
    shape::{Shape, display_text},
};

use crate::{
    edit::{Step, reference},
    navigation, store,
};

/// Of one document so many fields are named.
const FIELDS_MOST: usize = 4;

/// What was not done, in one line.
pub fn not_done(mutation: &Mutation) -> String {
    let [edit] = &mutation.edits[..] else {
        return format!("{} documents were not saved", mutation.edits.len());
    };
    let document = navigation::document_title(&edit.document);
    match &edit.action {
        Action::Insert(_) => format!("{document} was not inserted"),
        Action::Delete { .. } => format!("{document} was not deleted"),
        Action::Update(changes) => {
            let paths: Vec<_> = changes.iter().map(|change| change.path.to_string()).collect();
            format!("{document}: {} was not saved", paths.join(", "))
        }
    }
}

/// What was done: to which document or documents, and what.
pub fn done(step: &Step) -> (String, String) {
    let edits = &step.mutation.edits;
    let [edit] = &edits[..] else {
        let collection = edits.first().map_or("", |edit| &*edit.document.namespace.collection);
        return (format!("{} documents of {collection}", edits.len()), all_changed(&step.mutation));
    };
    let action = match &edit.action {
        Action::Insert(_) => "inserted".into(),
        Action::Delete { .. } => "deleted".into(),
        Action::Update(changes) => {
            let mut words: Vec<_> = changes
                .iter()
                .take(FIELDS_MOST)
                .map(|change| {
                    changed(&change.path, step.was(&edit.document, &change.path), change.target.as_ref())
                })
                .collect();
            if changes.len() > FIELDS_MOST {
                words.push(format!("and {} more fields", changes.len() - FIELDS_MOST));
            }
            words.join(", ")
        }
    };
    (name(&edit.document), action)
}

/// The document as a person knows it, where this window has it; else by its `_id`.
fn name(id: &DocumentId) -> String {
    let document = store::entity(id).doc;
    let text = document.and_then(|document| {
        let texts = reference::texts(&Shape::sampled([document.raw()]));
        let text = display_text(document.get(texts.first()?)?);
        (!text.trim().is_empty()).then_some(text)
    });
    text.map_or_else(
        || navigation::document_title(id),
        |text| format!("{} · {text}", id.namespace.collection),
    )
}

fn changed(path: &Path, was: Option<Option<&Value>>, is: Option<&Value>) -> String {
    let text = |value: Option<&Value>| value.map_or("nothing".into(), |value| display_text(value.get()));
    match was {
        Some(was) => format!("{path}: {} → {}", text(was), text(is)),
        None => format!("{path}: {}", text(is)),
    }
}

/// Of a batch, what is done to all: the fields, each once.
fn all_changed(mutation: &Mutation) -> String {
    let mut words = Vec::new();
    for edit in &mutation.edits {
        match &edit.action {
            Action::Insert(_) => push(&mut words, "inserted".into()),
            Action::Delete { .. } => push(&mut words, "deleted".into()),
            Action::Update(changes) => {
                changes.iter().for_each(|change| push(&mut words, change.path.to_string()));
            }
        }
    }
    words.join(", ")
}

fn push(words: &mut Vec<String>, word: String) {
    if words.len() < FIELDS_MOST && !words.contains(&word) {
        words.push(word);
    }
}
