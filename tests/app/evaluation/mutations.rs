//! Mutations at random that the database can make: over what is there, into what is missing, under odd names.

use bson::{RawBson, RawBsonRef, RawDocumentBuf};
use lockstep_model::{Action, Change, Document, Expectation, Path, Revision, Step, Value, mutation::Seen};

use super::random::{self, Random};

/// Numbers are among them, and names that a dotted path cannot express.
const NAMES: [&str; 10] = ["a", "b", "c", "d", "0", "9", "10", "x.y", "$d", ""];

/// What may happen to a document, or to a missing one.
pub fn action(random: &mut Random, id: i32, before: Option<&Document>) -> Action {
    match before {
        None => Action::Insert(document(random, id)),
        Some(before) if random.once_in(12) => {
            Action::Delete { seen: Seen::Revision(Revision::of(before.raw())) }
        }
        Some(before) => Action::Update(changes(random, before)),
    }
}

fn document(random: &mut Random, id: i32) -> RawDocumentBuf {
    loop {
        let document = random::document(random, id);
        if !has_undefined(RawBsonRef::Document(&document)) {
            return document;
        }
    }
}

fn changes(random: &mut Random, before: &Document) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for _ in 0..1 + random.below(4) {
        let path = path(random, before);
        if changes.iter().any(|other| other.path.overlaps(&path)) {
            continue;
        }
        let target = (!random.once_in(4)).then(|| Value::from(value(random)));
        let expected = Expectation::Value(path.guarded().and_then(|path| before.value(&path)));
        changes.push(Change { path, target, expected });
    }
    changes
}

/// A path to something that is there, or that can be made.
fn path(random: &mut Random, before: &Document) -> Path {
    let mut path = Path::field(random.one_of(&NAMES));
    while random.below(5) < 3 && path.steps().len() < 5 {
        let step = match before.get(&path) {
            None | Some(RawBsonRef::Document(_)) => Step::Field(random.one_of(&NAMES).into()),
            Some(RawBsonRef::Array(_)) => Step::Index(random.below(4) as u32),
            Some(_) => break,
        };
        path = path.then(step);
    }
    path
}

/// The embedded server does not update a document that holds undefined.
fn value(random: &mut Random) -> RawBson {
    loop {
        let value = random::value(random, 2);
        if !has_undefined(value.as_raw_bson_ref()) {
            return value;
        }
    }
}

fn has_undefined(value: RawBsonRef<'_>) -> bool {
    match value {
        RawBsonRef::Document(fields) => fields.iter().flatten().any(|(_, value)| has_undefined(value)),
        RawBsonRef::Array(items) => items.into_iter().flatten().any(has_undefined),
        value => value == RawBsonRef::Undefined,
    }
}
