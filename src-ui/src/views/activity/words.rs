//! What a mutation does, in few words.

use lockstep_model::{Action, Mutation, Path, Value, shape::display_text};

use crate::{
    edit::Step,
    navigation,
    parts::{fields, grouped},
};

/// Of one document so many fields are named.
const FIELDS_MOST: usize = 4;

/// What was not done, in one line.
pub fn not_done(mutation: &Mutation) -> String {
    let [edit] = &mutation.edits[..] else {
        return format!("{} documents were not saved", grouped(mutation.edits.len() as u64));
    };
    let document = navigation::document_title(&edit.document);
    match &edit.action {
        Action::Insert(_) => format!("{document} was not inserted"),
        Action::Delete { .. } => format!("{document} was not deleted"),
        Action::Update(changes) => format!("{document}: {} was not saved", fields(changes)),
    }
}

/// What was done: to which document or documents, and what.
pub fn done(step: &Step) -> (String, String) {
    let edits = &step.mutation.edits;
    let [edit] = &edits[..] else {
        let collection = edits.first().map_or("", |edit| &*edit.document.namespace.collection);
        return (
            format!("{} documents of {collection}", grouped(edits.len() as u64)),
            all_changed(&step.mutation),
        );
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
    (navigation::document_name(&edit.document), action)
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
                changes.iter().for_each(|change| push(&mut words, format!("{} changed", change.path)));
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
