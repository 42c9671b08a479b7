//! The reducer that windows and host share: what a document becomes under a mutation.
//!
//! It works on the bytes: what is not assigned to is copied as it is, so that every type, odd name and order survives.
//! It does not judge whether the database will agree; where `$set` would be refused, the document stays as it was.

use std::cmp::Ordering;

use bson::{RawBson, RawBsonRef, RawDocument, RawDocumentBuf, raw::CStr};

use crate::{Action, Change, Document, DocumentId, Mutation, Path, Step, Value};

/// `$set` fills an array with nulls up to the index that it sets, but never with more than this
/// (`Too many elements` in the server's `kMaxBackfill`).
const MOST_NULLS: usize = 1_500_000;

/// What the document becomes; `None` is: there is no such document.
///
/// An insert over a document that is there changes nothing, as an insert that is sent twice.
pub fn reduce(id: &DocumentId, document: Option<&Document>, mutation: &Mutation) -> Option<Document> {
    match (mutation.edit(id).map(|edit| &edit.action), document) {
        (Some(Action::Delete { .. }), _) => None,
        (Some(Action::Insert(inserted)), None) => Some(Document::whole(&with_id_first(inserted))),
        (Some(Action::Update(changes)), Some(document)) => {
            // Nothing can be set inside a field that did not travel.
            let is_omitted = |path: &Path| {
                path.steps().len() > 1
                    && document.omitted().iter().any(|left| *path.head() == Step::Field(left.field.clone()))
            };
            let changes = changes.iter().filter(|change| !is_omitted(&change.path));
            Some(document.with_content(&assign_all(document.raw(), changes)))
        }
        (_, document) => document.cloned(),
    }
}

/// The document with all changes made, as the server's `$set` and `$unset` make them: an assigned field keeps its
/// place, new ones go last, in [`order_of_changes`], and missing parents are made as documents.
pub fn apply(document: &RawDocument, changes: &[Change]) -> RawDocumentBuf {
    assign_all(document, changes.iter())
}

/// The order in which the server makes the changes of one update, and so the order of the fields that they add.
///
/// By name, numbers by their size (manual: "Update Operators", since MongoDB 5.0). As in the server's sources
/// (`cmpPathsAndArrayIndexes`), any two names that begin with a digit count as numbers: the shorter comes first.
pub fn order_of_changes(a: &Path, b: &Path) -> Ordering {
    let mut of_steps = a.steps().iter().zip(b.steps()).map(|steps| match steps {
        (Step::Field(a), Step::Field(b)) if is_like_number(a) && is_like_number(b) => {
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        (a, b) => a.cmp(b),
    });
    of_steps.find(|order| order.is_ne()).unwrap_or_else(|| a.steps().len().cmp(&b.steps().len()))
}

fn is_like_number(name: &str) -> bool {
    name == "0" || name.starts_with(|first: char| matches!(first, '1'..='9'))
}

/// The server moves `_id` to the front (manual: "Documents", The _id Field).
fn with_id_first(document: &RawDocument) -> RawDocumentBuf {
    let mut from = 4;
    for element in document.iter_elements().flatten() {
        let to = from + 1 + element.key().len() + 1 + element.size();
        if element.key() == "_id" {
            let old = document.as_bytes();
            let bytes = splice(document, 4, to, &[&old[from..to], &old[4..from]].concat());
            return RawDocumentBuf::from_bytes(bytes).expect("a document in another order is one");
        }
        from = to;
    }
    document.to_owned()
}

fn assign_all<'a>(document: &RawDocument, changes: impl Iterator<Item = &'a Change>) -> RawDocumentBuf {
    let mut changes: Vec<_> = changes.collect();
    changes.sort_by(|a, b| order_of_changes(&a.path, &b.path));
    changes.into_iter().fold(document.to_owned(), |document, change| {
        match assign(&document, Kind::Document, change.path.steps(), change.target.as_ref()) {
            Some(bytes) => {
                RawDocumentBuf::from_bytes(bytes).expect("a document with an element replaced is one")
            }
            None => document,
        }
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Document,
    Array,
}

/// The container's bytes after one assignment; `None` where it changes nothing or cannot be made.
fn assign(container: &RawDocument, kind: Kind, steps: &[Step], target: Option<&Value>) -> Option<Vec<u8>> {
    let (step, rest) = steps.split_first()?;
    let mut from = 4;
    let mut count = 0;
    for element in container.iter_elements() {
        let element = element.ok()?;
        let value = from + 1 + element.key().len() + 1;
        let to = value + element.size();
        let found = match step {
            Step::Field(name) => kind == Kind::Document && element.key() == name.as_ref(),
            Step::Index(index) => kind == Kind::Array && count == *index as usize,
        };
        if !found {
            (from, count) = (to, count + 1);
            continue;
        }
        let replacement = match (rest, target) {
            ([], Some(target)) => element_of(element.key(), target.get()),
            // `$unset` leaves a hole in an array, so that the other elements keep their index.
            ([], None) if kind == Kind::Array => element_of(element.key(), RawBsonRef::Null),
            ([], None) => Vec::new(),
            _ => {
                let (inner, kind) = match element.value().ok()? {
                    RawBsonRef::Document(inner) => (inner, Kind::Document),
                    RawBsonRef::Array(inner) => {
                        (RawDocument::from_bytes(inner.as_bytes()).ok()?, Kind::Array)
                    }
                    _ => return None,
                };
                let type_and_name = &container.as_bytes()[from..value];
                [type_and_name, &assign(inner, kind, rest, target)?].concat()
            }
        };
        return Some(splice(container, from, to, &replacement));
    }
    let added = new_element(kind, step, count, made(rest, target?)?)?;
    Some(splice(container, from, from, &added))
}

/// What a missing field becomes: the target, inside the documents that the steps name.
fn made(steps: &[Step], target: &Value) -> Option<RawBson> {
    match steps.split_first() {
        None => Some(target.get().into()),
        Some((step @ Step::Field(_), rest)) => {
            let element = new_element(Kind::Document, step, 0, made(rest, target)?)?;
            let bytes = splice(&RawDocumentBuf::new(), 4, 4, &element);
            RawDocumentBuf::from_bytes(bytes).ok().map(RawBson::Document)
        }
        Some((Step::Index(_), _)) => None,
    }
}

/// The elements to add at the end of a container of `count` elements.
fn new_element(kind: Kind, step: &Step, count: usize, value: RawBson) -> Option<Vec<u8>> {
    let named = |name: &str, value| Some(element_of(name.try_into().ok()?, value));
    match (step, kind) {
        (Step::Field(name), Kind::Document) => named(name, value.as_raw_bson_ref()),
        (Step::Index(index), Kind::Array) => {
            let index = *index as usize;
            let nulls = (index - count <= MOST_NULLS).then_some(count..index)?;
            let mut added = Vec::new();
            for null in nulls {
                added.extend(named(&null.to_string(), RawBsonRef::Null)?);
            }
            added.extend(named(&index.to_string(), value.as_raw_bson_ref())?);
            Some(added)
        }
        _ => None,
    }
}

/// Type, name and value, as they stand in a document.
fn element_of(name: &CStr, value: RawBsonRef<'_>) -> Vec<u8> {
    let mut holder = RawDocumentBuf::new();
    holder.append(name, value);
    let bytes = holder.as_bytes();
    bytes[4..bytes.len() - 1].to_vec()
}

/// A container's bytes with those between the offsets replaced.
fn splice(container: &RawDocument, from: usize, to: usize, replacement: &[u8]) -> Vec<u8> {
    let old = container.as_bytes();
    let mut bytes = [&old[..from], replacement, &old[to..]].concat();
    let length = i32::try_from(bytes.len()).expect("a document is far below 2 GB");
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use bson::{Binary, Uuid, bson, raw::cstr, rawbson, rawdoc, spec::BinarySubtype};

    use super::*;
    use crate::{Edit, Expectation, MutationId, Namespace, Revision, mutation::Seen};

    fn change(path: Path, target: Option<Value>) -> Change {
        Change { path, target, expected: Expectation::Value(None) }
    }

    /// `a.1.b`, a number being an index where `[ ]` are around it.
    fn path(text: &str) -> Path {
        let step = |part: &str| match part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
            Some(index) => Step::Index(index.parse().unwrap()),
            None => Step::Field(part.into()),
        };
        let mut parts = text.split('.');
        let head = Path::field(parts.next().unwrap());
        parts.fold(head, |path, part| path.then(step(part)))
    }

    fn applied(document: &RawDocument, changes: &[(&str, Option<RawBson>)]) -> RawDocumentBuf {
        let changes: Vec<_> =
            changes.iter().map(|(at, target)| change(path(at), target.clone().map(Value::from))).collect();
        let once = apply(document, &changes);
        assert_eq!(apply(&once, &changes), once, "twice is once: {changes:?}");
        once
    }

    #[test]
    fn assignments_are_made_as_the_server_makes_them() {
        let one = || Some(rawbson!(1));
        let before = rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [10, { "q": 2 }], "s": "text" };
        let table = [
            ("s", one(), rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [10, { "q": 2 }], "s": 1 }),
            ("a", None, rawdoc! { "_id": 7, "l": [10, { "q": 2 }], "s": "text" }),
            (
                "a.b",
                one(),
                rawdoc! { "_id": 7, "a": { "b": 1, "c": "x" }, "l": [10, { "q": 2 }], "s": "text" },
            ),
            ("a.b", None, rawdoc! { "_id": 7, "a": { "c": "x" }, "l": [10, { "q": 2 }], "s": "text" }),
            (
                "a.n.m",
                one(),
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x", "n": { "m": 1 } }, "l": [10, { "q": 2 }], "s": "text" },
            ),
            (
                "l.[0]",
                one(),
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [1, { "q": 2 }], "s": "text" },
            ),
            (
                "l.[0]",
                None,
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [null, { "q": 2 }], "s": "text" },
            ),
            (
                "l.[1].q",
                one(),
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [10, { "q": 1 }], "s": "text" },
            ),
            (
                "l.[3]",
                one(),
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [10, { "q": 2 }, null, 1], "s": "text" },
            ),
            (
                "l",
                Some(rawbson!([])),
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [], "s": "text" },
            ),
            // dots and dollars in a typed name are part of it
            (
                "$n",
                one(),
                rawdoc! { "_id": 7, "a": { "b": 5_i64, "c": "x" }, "l": [10, { "q": 2 }], "s": "text", "$n": 1 },
            ),
        ];
        for (at, target, after) in table {
            assert_eq!(applied(&before, &[(at, target.clone())]), after, "{at} = {target:?}");
        }
    }

    #[test]
    fn what_the_server_would_refuse_changes_nothing() {
        let before = rawdoc! { "a": { "b": 1 }, "l": [1], "s": "text" };
        let refused = ["s.x", "l.x", "a.[0]", "new.[0]", "a.\0", "l.[4294967295]", "l.[0].x"];
        for at in refused {
            assert_eq!(applied(&before, &[(at, Some(rawbson!(2)))]), before, "{at}");
        }
        for at in ["x", "a.x", "x.y", "l.[5]", "s.x"] {
            assert_eq!(applied(&before, &[(at, None)]), before, "{at} removed");
        }
    }

    #[test]
    fn new_fields_that_are_named_like_numbers_go_by_their_size() {
        let names = ["b", "10", "9", "2nd", "007", "B", "0", "100th"];
        let changes: Vec<_> = names.map(|name| (name, Some(rawbson!(1)))).into();
        let after = applied(&rawdoc! { "a": 1 }, &changes);
        let order: Vec<_> = after.iter().map(|field| field.unwrap().0.as_str().to_owned()).collect();
        assert_eq!(order, ["a", "0", "007", "9", "10", "2nd", "100th", "B", "b"]);
    }

    #[test]
    fn an_inserted_document_begins_with_its_id() {
        for (inserted, after) in [
            (rawdoc! { "a": 1, "_id": 1, "b": 2 }, rawdoc! { "_id": 1, "a": 1, "b": 2 }),
            (rawdoc! { "_id": 1, "a": 1 }, rawdoc! { "_id": 1, "a": 1 }),
            (rawdoc! { "a": 1 }, rawdoc! { "a": 1 }),
        ] {
            assert_eq!(with_id_first(&inserted), after);
        }
    }

    #[test]
    fn new_fields_go_last_by_name_and_arrays_by_index() {
        let before = rawdoc! { "m": 1, "l": [] };
        let changes = [("z", Some(rawbson!(1))), ("l.[10]", Some(rawbson!(1))), ("b", Some(rawbson!(2)))];
        let mut array = bson::RawArrayBuf::new();
        (0..10).for_each(|_| array.push(RawBsonRef::Null));
        array.push(1);
        assert_eq!(applied(&before, &changes), rawdoc! { "m": 1, "l": array, "b": 2, "z": 1 });
    }

    /// A document with one element of each type, duplicate and empty names, and a string that is not UTF-8.
    fn ugly() -> RawDocumentBuf {
        let mut document = RawDocumentBuf::new();
        let values = [
            bson!(1.0),
            bson!(-0.0),
            bson!(f64::from_bits(0x7FF8_0000_0000_0001)),
            bson!("x"),
            bson!({ "b": 1, "a": [1, [2], {}] }),
            bson!([]),
            Binary { subtype: BinarySubtype::BinaryOld, bytes: vec![1, 2] }.into(),
            Binary { subtype: BinarySubtype::UserDefined(0x99), bytes: vec![] }.into(),
            bson::Bson::Undefined,
            bson::oid::ObjectId::from_bytes([7; 12]).into(),
            true.into(),
            bson::DateTime::from_millis(i64::MIN).into(),
            bson::Bson::Null,
            bson::Regex { pattern: cstr!("a.b").into(), options: cstr!("i").into() }.into(),
            bson::Bson::JavaScriptCode("f()".into()),
            bson::Bson::Symbol("s".into()),
            bson::JavaScriptCodeWithScope { code: "f".into(), scope: bson::doc! { "x": 1 } }.into(),
            5_i32.into(),
            bson::Timestamp { time: 1, increment: 2 }.into(),
            5_i64.into(),
            "1.00".parse::<bson::Decimal128>().unwrap().into(),
            bson::Bson::MinKey,
            bson::Bson::MaxKey,
        ];
        for (i, value) in values.into_iter().enumerate() {
            let name = ["", "dup", "a.b", "$d", "ü"][i % 5];
            document.append(<&CStr>::try_from(name).unwrap(), RawBson::try_from(value).unwrap());
        }
        document.append(cstr!("invalid"), "?");
        let mut bytes = document.into_bytes();
        let at = bytes.len() - 3;
        bytes[at] = 0xFF;
        RawDocumentBuf::from_bytes(bytes).unwrap()
    }

    #[test]
    fn untouched_bytes_stay() {
        let ugly = ugly();
        let set = applied(&ugly, &[("new", Some(rawbson!("v")))]);
        let body = &ugly.as_bytes()[4..ugly.as_bytes().len() - 1];
        assert_eq!(&set.as_bytes()[4..4 + body.len()], body, "a new field only adds");
        assert_eq!(applied(&set, &[("new", None)]), ugly, "and its removal only takes away");

        let inside = rawdoc! { "l": [0, ugly.clone()], "o": { "u": ugly.clone() } };
        let changes =
            [("l.[0]", Some(rawbson!(9_i64))), ("o.v", Some(rawbson!(1))), ("l.[1].zz", Some(rawbson!(2)))];
        let after = applied(&inside, &changes);
        assert_eq!(after.get_document("o").unwrap().get_document("u").unwrap(), &*ugly);
        let undone = applied(&after, &[("l.[0]", Some(rawbson!(0))), ("o.v", None), ("l.[1].zz", None)]);
        assert_eq!(undone, inside);
    }

    #[test]
    fn every_element_can_be_replaced_and_put_back() {
        let before = rawdoc! { "a": 1_i64, "b": { "c": [1.5, "x", { "d": null }] }, "e": true };
        for at in ["a", "b", "b.c", "b.c.[0]", "b.c.[1]", "b.c.[2]", "b.c.[2].d", "e"] {
            let old = Document::whole(&before).value(&path(at)).unwrap();
            let replaced = applied(&before, &[(at, Some(rawbson!("a longer string")))]);
            assert_ne!(replaced, before);
            assert_eq!(applied(&replaced, &[(at, Some(old.get().into()))]), before, "{at}");
        }
    }

    #[test]
    fn a_mutation_touches_its_own_documents_only() {
        let id = |id: i32| DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(id) };
        let mutation = |action| {
            Mutation::new(MutationId(Uuid::from_bytes([0; 16])), vec![Edit { document: id(1), action }])
        };
        let old = Document::whole(&rawdoc! { "_id": 1, "a": 1 });
        let fresh = rawdoc! { "_id": 1, "a": 2 };
        let set = || Action::Update(vec![change(path("a"), Some(Value::from(2)))]);
        let delete = || Action::Delete { seen: Seen::Revision(Revision::of(&fresh)) };
        let raw = |document: Option<Document>| document.map(|document| document.raw().to_owned());
        let table = [
            (Some(&old), set(), Some(fresh.clone())),
            (None, set(), None),
            (None, Action::Insert(fresh.clone()), Some(fresh.clone())),
            (Some(&old), Action::Insert(fresh.clone()), Some(old.raw().to_owned())),
            (Some(&old), delete(), None),
            (None, delete(), None),
        ];
        for (before, action, after) in table {
            let mutation = mutation(action);
            assert_eq!(raw(reduce(&id(1), before, &mutation)), after, "{mutation:?}");
            assert_eq!(reduce(&id(2), before, &mutation).as_ref(), before, "another document");
        }
    }

    #[test]
    fn nothing_is_made_inside_a_field_that_did_not_travel() {
        let id = DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(1) };
        let large = "x".repeat(crate::document::OMIT_OVER_BYTES);
        let light = Document::light(&rawdoc! { "_id": 1, "large": { "text": large } });
        let set = |at: &str| {
            Mutation::new(
                MutationId(Uuid::from_bytes([0; 16])),
                vec![Edit {
                    document: id.clone(),
                    action: Action::Update(vec![change(path(at), Some(Value::from(2)))]),
                }],
            )
        };
        assert_eq!(reduce(&id, Some(&light), &set("large.n")), Some(light.clone()));
        let replaced = reduce(&id, Some(&light), &set("large")).unwrap();
        assert_eq!(replaced.value(&path("large")), Some(Value::from(2)));
    }
}
