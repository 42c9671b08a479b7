//! Why a write matched nothing: what it was to do is there already, or somebody else was first.
//!
//! It judges the document that was read afterwards, whole, by exact bytes; it cannot tell who changed it.

use bson::{RawDocument, spec::ElementType};
use lockstep_model::{Action, Document, DocumentId, Edit, Path};

use super::Resolved;

/// Whether the document is as the edit was to make it, so that there is nothing left to do.
pub fn already_applied(edit: &Edit, current: Option<&Document>) -> bool {
    match (&edit.action, current) {
        (Action::Insert(_), None) => false,
        (Action::Insert(document), Some(current)) => {
            is_inserted(&edit.document, document, Some(current.raw()))
        }
        (Action::Delete { .. }, current) => current.is_none(),
        (Action::Update(_), None) => false,
        (Action::Update(changes), Some(current)) => {
            changes.iter().all(|change| current.value(&change.path) == change.target)
        }
    }
}

/// Whether the document that has the `_id` of an insert is the one that was inserted. A random `_id` names this very
/// insert; one that a person chose may be somebody else's, so the content has to be the same.
pub fn is_inserted(id: &DocumentId, document: &RawDocument, current: Option<&RawDocument>) -> bool {
    let random = matches!(id.id.get().element_type(), ElementType::ObjectId | ElementType::Binary);
    random || current == Some(document)
}

/// The changed paths that are not as expected: all of them, where the document is gone.
///
/// None at all means that it has become as expected again since the write, which can be tried once more.
pub fn conflicting_paths(changes: &[Resolved], current: Option<&Document>) -> Vec<Path> {
    let as_expected = |change: &&Resolved| {
        current
            .zip(change.path.guarded())
            .is_some_and(|(current, guarded)| current.value(&guarded) == change.expected)
    };
    changes.iter().filter(|change| !as_expected(change)).map(|change| change.path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use bson::{RawBson, rawbson, rawdoc};
    use lockstep_model::{Change, DocumentId, Expectation, Namespace, Revision, Step, Value, mutation::Seen};

    use super::*;

    fn value(value: RawBson) -> Option<Value> {
        Some(Value::from(value))
    }

    #[test]
    fn an_edit_is_applied_where_all_its_targets_are_there() {
        let update = |changes: &[(&str, Option<Value>)]| {
            let change = |(path, target): &(&str, Option<Value>)| Change {
                path: Path::dotted(path),
                target: target.clone(),
                expected: Expectation::Value(None),
            };
            Action::Update(changes.iter().map(change).collect())
        };
        let raw = rawdoc! { "_id": 1, "a": 1.0, "b": { "c": null } };
        let insert = || Action::Insert(raw.clone());
        let delete = || Action::Delete { seen: Seen::Revision(Revision::of(&raw)) };
        let here = Document::whole(&raw);
        let table = [
            (update(&[("a", value(rawbson!(1.0)))]), Some(&here), true),
            (update(&[("a", value(rawbson!(1)))]), Some(&here), false),
            (update(&[("b.c", value(rawbson!(null)))]), Some(&here), true),
            (update(&[("b.c", None)]), Some(&here), false),
            (update(&[("b.d", None), ("x.y", None)]), Some(&here), true),
            (update(&[("a", value(rawbson!(1.0))), ("b", None)]), Some(&here), false),
            (update(&[("b.d", None)]), None, false),
            (insert(), Some(&here), true),
            (insert(), None, false),
            (delete(), Some(&here), false),
            (delete(), None, true),
        ];
        let document = DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(1) };
        for (action, current, expected) in table {
            let edit = Edit { document: document.clone(), action };
            assert_eq!(already_applied(&edit, current), expected, "{edit:?} over {current:?}");
        }
    }

    #[test]
    fn paths_conflict_where_the_expectation_fails_to_the_byte() {
        let decimal = |text: &str| RawBson::from(text.parse::<bson::Decimal128>().unwrap());
        let item = Path::field("l").then(Step::Index(1));
        let resolved = |path: Path, expected| Resolved { path, target: None, expected };
        let changes = [
            resolved(Path::field("d"), value(decimal("1.00"))),
            resolved(Path::field("gone"), None),
            resolved(item.clone(), value(rawbson!([1, 2]))),
        ];
        let table = [
            (Some(rawdoc! { "d": decimal("1.00"), "l": [1, 2] }), vec![]),
            (Some(rawdoc! { "d": decimal("1.0"), "l": [1, 2] }), vec![Path::field("d")]),
            (Some(rawdoc! { "d": decimal("1.00"), "l": [1, 2], "gone": null }), vec![Path::field("gone")]),
            (Some(rawdoc! { "d": decimal("1.00"), "l": [0, 1, 2] }), vec![item.clone()]),
            (None, vec![Path::field("d"), Path::field("gone"), item]),
        ];
        for (current, expected) in table {
            let current = current.map(|raw| Document::whole(&raw));
            assert_eq!(conflicting_paths(&changes, current.as_ref()), expected, "{current:?}");
        }
    }
}
