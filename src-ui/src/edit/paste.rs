//! What pasted texts make of a document, or why they cannot stand there. This is answered before anything is sent.

use bson::RawBsonRef;
use lockstep_model::{
    Action, Change, DocumentId, Edit, Path, Step, Value,
    shape::{Shape, edit_text},
};
use lockstep_query::EntityView;
use lockstep_sync::{Lockstep, window::expectation};

use super::target;

const GONE: &str = "the document is not there any more";
const PART_BY_PART: &str = "it is edited part by part, in the document's own view";

/// Which field cannot have what it was to have, by its place, and why.
pub type Refused = (usize, String);

/// The text of a cell, as it is copied: where the value can be typed, pasting it gives the very same value.
pub fn copied(value: Option<&Value>) -> String {
    value.map_or_else(String::new, |value| edit_text(value.get()).unwrap_or_else(|| value.to_string()))
}

/// The edit that gives the fields of a document these texts; `None` where they have them.
///
/// # Errors
/// The first field that cannot have its text.
pub fn edit_of_texts<'a>(
    id: &DocumentId,
    view: &EntityView<Lockstep>,
    shape: &Shape,
    cells: impl Iterator<Item = (&'a Path, &'a str)>,
) -> Result<Option<Edit>, Refused> {
    edit_of(id, view, cells, |path, text, current| {
        let known = current.map(Value::from_ref);
        if copied(known.as_ref()) == text {
            return Ok(known);
        }
        if matches!(current, Some(RawBsonRef::Document(_) | RawBsonRef::Array(_))) {
            return Err(PART_BY_PART.into());
        }
        target(text, shape, path, current)
    })
}

/// The edit that gives the fields of a document these values; `None` where they have them.
///
/// # Errors
/// The first field that cannot have its value.
pub fn edit_of_values<'a>(
    id: &DocumentId,
    view: &EntityView<Lockstep>,
    shape: &Shape,
    cells: impl Iterator<Item = (&'a Path, Option<Value>)>,
) -> Result<Option<Edit>, Refused> {
    edit_of(id, view, cells, |path, value, _| {
        shape.check(path, value.as_ref().map(Value::get))?;
        Ok(value)
    })
}

fn edit_of<'a, T>(
    id: &DocumentId,
    view: &EntityView<Lockstep>,
    cells: impl Iterator<Item = (&'a Path, T)>,
    target: impl Fn(&Path, T, Option<RawBsonRef<'_>>) -> Result<Option<Value>, String>,
) -> Result<Option<Edit>, Refused> {
    let document = view.doc.as_ref().ok_or_else(|| (0, GONE.to_owned()))?;
    let mut changes = Vec::new();
    for (place, (path, cell)) in cells.enumerate() {
        if document.omitted().iter().any(|omitted| *path.head() == Step::Field(omitted.field.clone())) {
            return Err((place, PART_BY_PART.into()));
        }
        let current = document.get(path);
        let target = target(path, cell, current).map_err(|reason| (place, reason))?;
        if target == current.map(Value::from_ref) {
            continue;
        }
        if *path == Path::field("_id") {
            return Err((place, "the _id of a document never changes".into()));
        }
        changes.push(Change { path: path.clone(), target, expected: expectation(view, id, path) });
    }
    let is_change = !changes.is_empty();
    Ok(is_change.then(|| Edit { document: id.clone(), action: Action::Update(changes) }))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use bson::rawdoc;
    use lockstep_model::{Document, Expectation, Namespace};

    use super::*;

    /// What each field becomes.
    type Targets = Vec<(String, Option<Value>)>;

    fn texts(cells: &[(&str, &str)]) -> Result<Option<Targets>, Refused> {
        let id = DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(1) };
        let content =
            rawdoc! { "_id": 1, "n": 5_i64, "t": "a", "yes": true, "list": [1], "none": bson::RawBson::Null };
        let document = Rc::new(Document::whole(&content));
        let view = EntityView {
            base: Some(document.clone()),
            doc: Some(document),
            pending: Vec::new(),
            failed: Vec::new(),
        };
        let paths: Vec<_> = cells.iter().map(|(name, _)| Path::field(name)).collect();
        let cells = paths.iter().zip(cells.iter().map(|(_, text)| *text));
        let edit = edit_of_texts(&id, &view, &Shape::default(), cells)?;
        Ok(edit.map(|edit| {
            let Action::Update(changes) = edit.action else { panic!("it is an update") };
            let change = |change: Change| {
                assert!(matches!(change.expected, Expectation::Value(_)));
                (change.path.to_string(), change.target)
            };
            changes.into_iter().map(change).collect()
        }))
    }

    #[test]
    fn texts_keep_the_types_and_what_is_the_same_is_no_change() {
        let same = [
            ("_id", "1"),
            ("n", "5"),
            ("t", "a"),
            ("yes", "true"),
            ("list", "[{\"$numberInt\":\"1\"}]"),
            ("none", "null"),
            ("missing", ""),
        ];
        assert_eq!(texts(&same), Ok(None));
        let changed = texts(&[("n", "6"), ("t", "a"), ("yes", "false")]).unwrap().unwrap();
        assert_eq!(
            changed,
            [("n".into(), Some(Value::from(6_i64))), ("yes".into(), Some(Value::from(false)))]
        );
    }

    #[test]
    fn what_cannot_stand_there_is_told_by_its_place() {
        for (cells, place) in
            [(&[("t", "b"), ("_id", "2")][..], 1), (&[("n", "many")], 0), (&[("list", "1")], 0)]
        {
            assert_eq!(texts(cells).unwrap_err().0, place, "{cells:?}");
        }
    }
}
