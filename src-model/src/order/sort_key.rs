//! Where a document stands in a sorted list.
//!
//! A field that holds an array sorts by its least element ascending and its greatest descending, a missing field as
//! null, an empty array before null; fields inside the same array are taken from the same element. The server's
//! sources do the same (`SortKeyGenerator`), but refuse two different arrays in one sort, which are put in order here.

use std::{cmp::Ordering, fmt, sync::Arc};

use bson::{RawArray, RawBsonRef, RawDocument, raw::CStr, raw::cstr};

use super::compare;
use crate::{ListQuery, Step, Value, key::Direction, value::with_room};

const ASCENDING: &CStr = cstr!("");
const DESCENDING: &CStr = cstr!("-");

/// A document's place in the order of one [`ListQuery`]; the order itself is `Ord`. Cheap to clone.
///
/// Only keys of the same query compare in a way that means anything.
#[derive(Clone)]
pub struct SortKey(
    // A document of the sort fields' values and the `_id`, each named by its direction.
    Arc<[u8]>,
);

/// The place of a document: of the whole one, or of a projection that has at least the sort's fields.
pub fn sort_key(query: &ListQuery, id: &Value, document: &RawDocument) -> SortKey {
    if query.sort.is_empty() {
        // It would be just the same bytes.
        return SortKey(id.holder().clone());
    }
    let mut key = with_room();
    for (path, direction) in &query.sort {
        let End::Value(value) = walk(document, path.steps()) else {
            return through_arrays(query, id, document);
        };
        key.append(name_of(*direction), value);
    }
    key.append(ASCENDING, id.get());
    SortKey(key.into_bytes().into())
}

/// The same where an array is on the way: it takes longer, and few sorts need it.
fn through_arrays(query: &ListQuery, id: &Value, document: &RawDocument) -> SortKey {
    let parts: Vec<Part<'_>> = query
        .sort
        .iter()
        .map(|(path, direction)| Part { rest: path.steps(), direction: *direction })
        .collect();
    let mut key = with_room();
    for (part, value) in parts.iter().zip(first_in_order(document, &parts)) {
        key.append(name_of(part.direction), value);
    }
    key.append(ASCENDING, id.get());
    SortKey(key.into_bytes().into())
}

fn name_of(direction: Direction) -> &'static CStr {
    match direction {
        Direction::Ascending => ASCENDING,
        Direction::Descending => DESCENDING,
    }
}

/// One field of a sort, and the steps to it that are still to go.
#[derive(Clone, Copy)]
struct Part<'a> {
    rest: &'a [Step],
    direction: Direction,
}

impl Part<'_> {
    fn compare(self, a: RawBsonRef<'_>, b: RawBsonRef<'_>) -> Ordering {
        directed(self.direction == Direction::Ascending, compare(a, b))
    }
}

/// Where a walk down a path ends.
enum End<'a, 's> {
    Value(RawBsonRef<'a>),
    /// An array, and the steps that go on inside its elements.
    Array(&'a RawArray, &'s [Step]),
}

/// The values to sort by, one for each part: of all that the arrays on the way offer, those that come first.
fn first_in_order<'a>(document: &'a RawDocument, parts: &[Part<'_>]) -> Vec<RawBsonRef<'a>> {
    let ends: Vec<_> = parts.iter().map(|part| walk(document, part.rest)).collect();
    let mut values: Vec<_> = ends
        .iter()
        .map(|end| match end {
            End::Value(value) => Some(*value),
            End::Array(..) => None,
        })
        .collect();
    while let Some(array) = ends.iter().zip(&values).find_map(|(end, value)| match end {
        End::Array(array, _) if value.is_none() => Some(*array),
        _ => None,
    }) {
        let (places, inside): (Vec<usize>, Vec<Part<'_>>) = ends
            .iter()
            .zip(parts)
            .enumerate()
            .filter_map(|(place, (end, part))| match end {
                // The same array, by its place in memory: an equal one elsewhere is another.
                End::Array(other, rest) if std::ptr::eq(*other, array) => {
                    Some((place, Part { rest, direction: part.direction }))
                }
                _ => None,
            })
            .unzip();
        for (place, value) in places.into_iter().zip(first_of_array(array, &inside)) {
            values[place] = Some(value);
        }
    }
    values.into_iter().map(|value| value.unwrap_or(RawBsonRef::Null)).collect()
}

fn first_of_array<'a>(array: &'a RawArray, parts: &[Part<'_>]) -> Vec<RawBsonRef<'a>> {
    array
        .into_iter()
        .flatten()
        .map(|element| of_element(element, parts))
        .min_by(|a, b| {
            first_difference(parts.iter().zip(a.iter().zip(b)).map(|(part, (a, b))| part.compare(*a, *b)))
        })
        .unwrap_or_else(|| {
            let of_nothing = |part: &Part<'_>| match part.rest {
                [] => RawBsonRef::Undefined,
                _ => RawBsonRef::Null,
            };
            parts.iter().map(of_nothing).collect()
        })
}

fn of_element<'a>(element: RawBsonRef<'a>, parts: &[Part<'_>]) -> Vec<RawBsonRef<'a>> {
    let inside: Vec<Part<'_>> = parts.iter().filter(|part| !part.rest.is_empty()).copied().collect();
    let mut values = match element {
        RawBsonRef::Document(document) if !inside.is_empty() => first_in_order(document, &inside),
        _ => Vec::new(),
    }
    .into_iter();
    let of_part = |part: &Part<'_>| match part.rest {
        [] => element,
        _ => values.next().unwrap_or(RawBsonRef::Null),
    };
    parts.iter().map(of_part).collect()
}

fn walk<'a, 's>(document: &'a RawDocument, steps: &'s [Step]) -> End<'a, 's> {
    let mut value = RawBsonRef::Document(document);
    let mut rest = steps;
    let mut is_picked = false;
    loop {
        let was_picked = std::mem::take(&mut is_picked);
        value = match (value, rest) {
            (RawBsonRef::Array(array), [step, ..]) => {
                match position(step).and_then(|at| array.get(at).ok()?) {
                    Some(element) => {
                        is_picked = true;
                        element
                    }
                    None => return End::Array(array, rest),
                }
            }
            // An array inside an array that is named by its position sorts as it is, and not by its elements.
            (RawBsonRef::Array(array), []) if was_picked && !array.is_empty() => return End::Value(value),
            (RawBsonRef::Array(array), []) => return End::Array(array, rest),
            (value, []) => return End::Value(value),
            (RawBsonRef::Document(document), [Step::Field(name), ..]) => field(document, name),
            (RawBsonRef::Document(document), [Step::Index(index), ..]) => field(document, &index.to_string()),
            _ => return End::Value(RawBsonRef::Null),
        };
        rest = &rest[1..];
    }
}

fn field<'a>(document: &'a RawDocument, name: &str) -> RawBsonRef<'a> {
    document.get(name).ok().flatten().unwrap_or(RawBsonRef::Null)
}

/// In a sort, a name of digits also picks the element of an array, if there is one.
fn position(step: &Step) -> Option<usize> {
    match step {
        Step::Index(index) => usize::try_from(*index).ok(),
        // "00" names no element.
        Step::Field(name) => name.parse().ok().filter(|at: &usize| at.to_string() == **name),
    }
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn directed(ascending: bool, order: Ordering) -> Ordering {
    if ascending { order } else { order.reverse() }
}

impl SortKey {
    /// The value that is sorted by first; null where the field is missing, the `_id` where nothing else is sorted by.
    pub fn first(&self) -> RawBsonRef<'_> {
        self.document().iter().flatten().next().map_or(RawBsonRef::Null, |(_, value)| value)
    }

    fn document(&self) -> &RawDocument {
        RawDocument::from_bytes(&*self.0).expect("a SortKey is only made from a document")
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.document().iter().flatten().zip(other.document().iter().flatten());
        first_difference(pairs.map(|((name, a), (_, b))| directed(name == ASCENDING, compare(a, b))))
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        // Most are compared with themselves, read once more.
        self.0 == other.0 || self.cmp(other).is_eq()
    }
}

impl Eq for SortKey {}

impl fmt::Debug for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.document().iter().flatten().map(|(_, value)| Value::from_ref(value));
        f.debug_list().entries(values).finish()
    }
}

#[cfg(test)]
mod tests {
    use bson::{Document, RawDocumentBuf, doc};

    use super::*;
    use crate::Path;

    const ID: &str = "_id";

    /// Sorts documents by e.g. `"a, -b.c"` and returns their `_id`s.
    fn sorted(sort: &str, documents: &[Document]) -> Vec<i32> {
        let sort =
            sort.split(", ").filter(|part| !part.is_empty()).map(|part| match part.strip_prefix('-') {
                Some(path) => (Path::dotted(path), Direction::Descending),
                None => (Path::dotted(part), Direction::Ascending),
            });
        let query = ListQuery { sort: sort.collect(), ..ListQuery::all() };
        let mut keyed: Vec<_> = documents
            .iter()
            .map(|document| {
                let raw = RawDocumentBuf::try_from(document).unwrap();
                let id = raw.get_i32(ID).unwrap();
                let key = sort_key(&query, &Value::from(id), &raw);
                let projected: RawDocumentBuf = raw
                    .iter()
                    .flatten()
                    .filter(|(name, _)| {
                        query.sort.iter().any(|(path, _)| *path.head() == Step::Field(name.as_str().into()))
                    })
                    .collect();
                assert_eq!(sort_key(&query, &Value::from(id), &projected), key, "of a projection");
                (key, id)
            })
            .collect();
        keyed.sort();
        keyed.into_iter().map(|(_, id)| id).collect()
    }

    #[test]
    fn documents_stand_as_the_server_sorts_them() {
        let scalars = [
            doc! { ID: 1, "a": 5 },
            doc! { ID: 2, "a": "x" },
            doc! { ID: 3 },
            doc! { ID: 4, "a": null },
            doc! { ID: 5, "a": [] },
            doc! { ID: 6, "a": 4.5 },
            doc! { ID: 7, "a": [1, "z"] },
            doc! { ID: 8, "a": { "b": 1 } },
        ];
        let nested = [
            doc! { ID: 1, "a": { "b": 3 } },
            doc! { ID: 2, "a": [{ "b": 5 }, { "b": 1 }] },
            doc! { ID: 3, "a": [{ "b": 2 }, 7] },
            doc! { ID: 4, "a": 9 },
            doc! { ID: 5, "a": { "b": [] } },
            doc! { ID: 6, "a": [] },
            doc! { ID: 7, "a": [[{ "b": 0 }]] },
        ];
        let paired = [
            doc! { ID: 1, "a": [{ "b": 1, "c": 9 }, { "b": 2, "c": 0 }] },
            doc! { ID: 2, "a": [{ "b": 1, "c": 5 }] },
        ];
        let parallel = [doc! { ID: 1, "a": [3, 1], "b": [9, 2] }, doc! { ID: 2, "a": [1], "b": [1] }];
        let indexed = [doc! { ID: 1, "a": [9, 1] }, doc! { ID: 2, "a": { "0": 7 } }];
        let picked = [
            doc! { ID: 1, "a": [[4, 1]] },
            doc! { ID: 2, "a": [[2, 9]] },
            doc! { ID: 3, "a": [[]] },
            doc! { ID: 4, "a": [3] },
            doc! { ID: 5, "a": [{ "b": [7, 0] }] },
        ];
        let table: &[(&str, &[Document], &[i32])] = &[
            ("", &scalars, &[1, 2, 3, 4, 5, 6, 7, 8]),
            ("a", &scalars, &[5, 3, 4, 7, 6, 1, 2, 8]),
            ("-a", &scalars, &[8, 7, 2, 1, 6, 3, 4, 5]),
            ("-_id", &paired, &[2, 1]),
            ("a.b", &nested, &[5, 3, 4, 6, 7, 2, 1]),
            ("-a.b", &nested, &[2, 1, 3, 4, 6, 7, 5]),
            ("a.b, a.c", &paired, &[2, 1]),
            ("a.b, -a.c", &paired, &[1, 2]),
            ("a, b", &parallel, &[2, 1]),
            ("-a, b", &parallel, &[1, 2]),
            ("a.0", &indexed, &[2, 1]),
            ("a.00", &indexed, &[1, 2]),
            ("a.0", &picked, &[3, 4, 5, 2, 1]),
            ("a.0.b", &picked, &[1, 2, 3, 4, 5]),
            ("-a.0.1", &picked, &[2, 1, 3, 4, 5]),
            ("a, a.b", &nested, &[6, 3, 4, 2, 1, 5, 7]),
        ];
        for (sort, documents, expected) in table {
            assert_eq!(sorted(sort, documents), *expected, "by {sort:?}");
        }
    }

    #[test]
    fn ids_of_any_type_break_ties() {
        let query = ListQuery::all();
        let key = |id: Value| sort_key(&query, &id, &RawDocumentBuf::new());
        assert!(key(Value::from(2_i64)) < key(Value::from(2.5)));
        assert!(key(Value::from(2.5)) < key(Value::from("1".to_owned())));
    }
}
