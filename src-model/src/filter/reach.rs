//! Which values a dotted path leads to in a document.
//!
//! An array on the way offers what its documents have, and a part of digits is the name of a field in those, and at the
//! same time the position of an item. Follows `BSONElementIterator` of the server's sources.

use bson::{RawArray, RawBsonRef, RawDocument};

/// A value that a path leads to.
#[derive(Clone, Copy)]
pub(super) enum Reached<'a> {
    /// A value; of an array its items, too.
    Value(RawBsonRef<'a>),
    /// A value that the path names by its position in an array, or an item by itself: of an array not the items.
    Item(RawBsonRef<'a>),
    /// The field is missing.
    Missing,
    /// The path goes on inside an item that is no document, or inside an array without items. That counts as missing
    /// since MongoDB 9.0, and leads to nothing before.
    /// <https://www.mongodb.com/docs/manual/release-notes/9.0-compatibility/>
    PerhapsMissing,
}

/// All of them. `None` where the bytes are not BSON.
pub(super) fn reach<'a>(document: &'a RawDocument, names: &[&str]) -> Option<Vec<Reached<'a>>> {
    let mut found = Vec::new();
    in_document(document, names, &mut found)?;
    Some(found)
}

/// An array's items, each with its position for a name, as the server stores them.
pub(super) fn as_document(items: &RawArray) -> Option<&RawDocument> {
    RawDocument::from_bytes(items.as_bytes()).ok()
}

fn in_document<'a>(document: &'a RawDocument, names: &[&str], found: &mut Vec<Reached<'a>>) -> Option<()> {
    let (name, rest) = names.split_first()?;
    match document.get(name).ok()? {
        value if rest.is_empty() => found.push(value.map_or(Reached::Missing, Reached::Value)),
        Some(RawBsonRef::Document(inner)) => in_document(inner, rest, found)?,
        Some(RawBsonRef::Array(items)) => in_items(items, rest, found)?,
        _ => found.push(Reached::Missing),
    }
    Some(())
}

fn in_items<'a>(items: &'a RawArray, names: &[&str], found: &mut Vec<Reached<'a>>) -> Option<()> {
    let (name, rest) = names.split_first()?;
    let is_position = name.bytes().all(|byte| byte.is_ascii_digit());
    if items.is_empty() {
        found.push(Reached::PerhapsMissing);
    }
    for item in as_document(items)?.iter() {
        let (position, item) = item.ok()?;
        let is_named = is_position && position.as_str() == *name;
        match item {
            RawBsonRef::Document(inner) => {
                in_document(inner, names, found)?;
                if is_named && !rest.is_empty() {
                    in_document(inner, rest, found)?;
                }
            }
            RawBsonRef::Array(inner) if is_named && !rest.is_empty() => in_items(inner, rest, found)?,
            _ => found.push(Reached::PerhapsMissing),
        }
        if is_named && rest.is_empty() {
            found.push(Reached::Item(item));
        }
    }
    Some(())
}
