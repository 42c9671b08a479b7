//! What a change stream tells of a document, held against an edit whose answer got lost.
//!
//! An event names nobody. One that did just what the edit was to do is taken for the edit's own: whoever it was, what a
//! person wanted has happened once.

use bson::RawBsonRef;
use lockstep_model::{Action, Change, Edit, Expectation, Step, Value};
use serde::Deserialize;

use super::is_inserted;

/// An event of a change stream, as far as it tells what happened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// MongoDB's word.
    pub operation_type: String,
    /// How an update changed the document.
    pub update_description: Option<UpdateDescription>,
    /// The whole document, of an insert.
    pub full_document: Option<bson::RawDocumentBuf>,
}

/// MongoDB's account of an update (<https://www.mongodb.com/docs/manual/reference/change-events/update/>). Names are
/// paths with dots.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateDescription {
    updated_fields: bson::RawDocumentBuf,
    removed_fields: Vec<String>,
    #[serde(default)]
    truncated_arrays: Vec<TruncatedArray>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TruncatedArray {
    field: String,
    new_size: i64,
}

/// Whether an event is the edit's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It did what the edit was to do.
    Own,
    /// It did something else.
    Other,
    /// Its paths can be read in two ways.
    CannotTell,
}

/// Compares one event of the edit's document with the edit, whose expectations are values.
pub fn origin(edit: &Edit, event: &Event) -> Origin {
    let is_own = match (&edit.action, &*event.operation_type) {
        (Action::Insert(document), "insert") => {
            let inserted = event.full_document.as_deref();
            is_inserted(&edit.document, document, inserted)
        }
        (Action::Delete { .. }, "delete") => true,
        (Action::Update(changes), "update") => match &event.update_description {
            Some(_) if changes.iter().any(has_ambiguous_names) => return Origin::CannotTell,
            Some(description) => is_made_by(changes, description),
            None => return Origin::CannotTell,
        },
        _ => false,
    };
    if is_own { Origin::Own } else { Origin::Other }
}

/// Whether a name on the path or inside the target has a dot, or could be an index.
fn has_ambiguous_names(change: &Change) -> bool {
    let odd =
        |name: &str| name.contains('.') || name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit());
    let path = change.path.steps().iter().any(|step| matches!(step, Step::Field(name) if odd(name)));
    path || change.target.as_ref().is_some_and(|target| has_odd_names(target.get(), odd))
}

fn has_odd_names(value: RawBsonRef<'_>, odd: fn(&str) -> bool) -> bool {
    match value {
        RawBsonRef::Document(document) => {
            document.iter().flatten().any(|(name, value)| odd(name.as_str()) || has_odd_names(value, odd))
        }
        RawBsonRef::Array(items) => items.into_iter().flatten().any(|value| has_odd_names(value, odd)),
        _ => false,
    }
}

/// Whether an update did nothing but these changes, and each of those that had anything to do.
fn is_made_by(changes: &[Change], description: &UpdateDescription) -> bool {
    let UpdateDescription { updated_fields, removed_fields, truncated_arrays } = description;
    let mut touched = vec![false; changes.len()];
    // Where the change has to have left something, or nothing, at the event's path.
    let mut left = |path: &str, is_so: &dyn Fn(Option<RawBsonRef<'_>>) -> bool| {
        let found = changes.iter().enumerate().find_map(|(at, change)| {
            let rest = path.strip_prefix(&change.path.to_string())?;
            (rest.is_empty() || rest.starts_with('.')).then_some((at, change, rest))
        });
        found.is_some_and(|(at, change, rest)| {
            touched[at] = true;
            is_so(inside(change.target.as_ref().map(Value::get), rest))
        })
    };
    let updated = updated_fields
        .iter()
        .all(|field| field.is_ok_and(|(path, value)| left(path.as_str(), &|target| target == Some(value))));
    let removed = removed_fields.iter().all(|path| left(path, &|target| target.is_none()));
    let truncated = truncated_arrays.iter().all(|TruncatedArray { field, new_size }| {
        let has_size = |target: Option<RawBsonRef<'_>>| match target {
            Some(RawBsonRef::Array(items)) => {
                i64::try_from(items.into_iter().count()).ok() == Some(*new_size)
            }
            _ => false,
        };
        left(field, &has_size)
    });
    let has_nothing_to_do = |change: &Change| change.expected == Expectation::Value(change.target.clone());
    let all = changes.iter().zip(&touched).all(|(change, touched)| *touched || has_nothing_to_do(change));
    updated && removed && truncated && all && touched.contains(&true)
}

/// What is at `.a.1` inside a value.
fn inside<'a>(value: Option<RawBsonRef<'a>>, path: &str) -> Option<RawBsonRef<'a>> {
    path.split('.').skip(1).try_fold(value?, |value, name| match value {
        RawBsonRef::Document(document) => document.get(name).ok().flatten(),
        RawBsonRef::Array(items) => items.get(name.parse().ok()?).ok().flatten(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, rawbson, rawdoc};
    use lockstep_model::{DocumentId, Namespace, Path, Revision, mutation::Seen};

    use super::*;

    fn edit(action: Action) -> Edit {
        Edit { document: DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(1) }, action }
    }

    /// Sets each path from 0 to that value, or removes it.
    fn update(changes: &[(Path, Option<bson::RawBson>)]) -> Edit {
        let change = |(path, target): &(Path, Option<bson::RawBson>)| Change {
            path: path.clone(),
            target: target.clone().map(Value::from),
            expected: Expectation::Value(Some(Value::from(0))),
        };
        edit(Action::Update(changes.iter().map(change).collect()))
    }

    fn event(operation: &str, with: impl FnOnce(&mut Event)) -> Event {
        let mut event =
            Event { operation_type: operation.into(), update_description: None, full_document: None };
        with(&mut event);
        event
    }

    fn updated(fields: RawDocumentBuf, removed: &[&str], truncated: &[(&str, i64)]) -> Event {
        let truncated = truncated
            .iter()
            .map(|(field, new_size)| TruncatedArray { field: (*field).to_owned(), new_size: *new_size });
        event("update", |event| {
            event.update_description = Some(UpdateDescription {
                updated_fields: fields,
                removed_fields: removed.iter().map(|path| (*path).to_owned()).collect(),
                truncated_arrays: truncated.collect(),
            });
        })
    }

    #[test]
    fn an_update_is_the_edit_s_own_where_it_did_just_that() {
        let path = Path::dotted;
        let two = || update(&[(path("a"), Some(rawbson!(1))), (path("b.c"), None)]);
        let nested = || update(&[(path("o"), Some(rawbson!({ "x": [1, 2], "y": 3 })))]);
        let item = || update(&[(Path::field("l").then(Step::Index(1)), Some(rawbson!("new")))]);
        let table = [
            (two(), updated(rawdoc! { "a": 1 }, &["b.c"], &[]), Origin::Own),
            (two(), updated(rawdoc! { "a": 1 }, &[], &[]), Origin::Other),
            (two(), updated(rawdoc! { "a": 1_i64 }, &["b.c"], &[]), Origin::Other),
            (two(), updated(rawdoc! { "a": 1, "z": 1 }, &["b.c"], &[]), Origin::Other),
            (two(), updated(rawdoc! { "a": 1, "b.c": 2 }, &[], &[]), Origin::Other),
            (two(), updated(rawdoc! { "a": 1 }, &["b"], &[]), Origin::Other),
            (two(), updated(rawdoc! {}, &[], &[]), Origin::Other),
            (nested(), updated(rawdoc! { "o": { "x": [1, 2], "y": 3 } }, &[], &[]), Origin::Own),
            (nested(), updated(rawdoc! { "o.x.1": 2 }, &["o.z"], &[]), Origin::Own),
            (nested(), updated(rawdoc! { "o.x.1": 3 }, &[], &[]), Origin::Other),
            (nested(), updated(rawdoc! { "o.y": 3 }, &[], &[("o.x", 2)]), Origin::Own),
            (nested(), updated(rawdoc! { "o.y": 3 }, &[], &[("o.x", 1)]), Origin::Other),
            (nested(), updated(rawdoc! { "oo": 3 }, &[], &[]), Origin::Other),
            (item(), updated(rawdoc! { "l.1": "new" }, &[], &[]), Origin::Own),
            (item(), updated(rawdoc! { "l.2": "new" }, &[], &[]), Origin::Other),
            (two(), event("update", |_| {}), Origin::CannotTell),
            (two(), event("replace", |_| {}), Origin::Other),
            (two(), event("delete", |_| {}), Origin::Other),
        ];
        for (edit, event, expected) in table {
            assert_eq!(origin(&edit, &event), expected, "{edit:?} and {event:?}");
        }
    }

    #[test]
    fn a_change_that_had_nothing_to_do_is_in_no_event() {
        let edit = update(&[(Path::field("a"), Some(rawbson!(1))), (Path::field("b"), Some(rawbson!(0)))]);
        assert_eq!(origin(&edit, &updated(rawdoc! { "a": 1 }, &[], &[])), Origin::Own);
    }

    #[test]
    fn names_that_can_be_read_in_two_ways_are_not_guessed_at() {
        let target = || Some(rawbson!(1));
        for path in [Path::field("a.b"), Path::field("7"), Path::dotted("a.0.b")] {
            let edit = update(&[(path, target())]);
            assert_eq!(origin(&edit, &updated(rawdoc! { "a.b": 1 }, &[], &[])), Origin::CannotTell);
        }
        let inside = update(&[(Path::field("a"), Some(rawbson!({ "x.y": 1 })))]);
        assert_eq!(origin(&inside, &updated(rawdoc! { "a.x.y": 1 }, &[], &[])), Origin::CannotTell);
    }

    #[test]
    fn an_insert_is_known_by_its_random_id_or_by_its_content_and_a_delete_by_itself() {
        let document = rawdoc! { "_id": 1, "a": 1 };
        let inserted =
            |document: RawDocumentBuf| event("insert", |event| event.full_document = Some(document));
        let insert = edit(Action::Insert(document.clone()));
        assert_eq!(origin(&insert, &inserted(document.clone())), Origin::Own);
        assert_eq!(origin(&insert, &inserted(rawdoc! { "_id": 1, "a": 2 })), Origin::Other);
        assert_eq!(origin(&insert, &event("update", |_| {})), Origin::Other);
        let id = bson::oid::ObjectId::new();
        let mut random = edit(Action::Insert(rawdoc! { "_id": id }));
        random.document.id = Value::from(rawbson!(id));
        assert_eq!(origin(&random, &event("insert", |_| {})), Origin::Own);
        let delete = edit(Action::Delete { seen: Seen::Revision(Revision::of(&document)) });
        assert_eq!(origin(&delete, &event("delete", |_| {})), Origin::Own);
        assert_eq!(origin(&delete, &inserted(document)), Origin::Other);
    }
}
