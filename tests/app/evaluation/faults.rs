//! Where the embedded server answers otherwise than MongoDB does by its manual and sources.
//!
//! What is excused is a difference, and only one that a fault here explains; our answer stays MongoDB's. A fault that
//! the server has mended is deleted here.

use bson::{RawBsonRef, RawDocument, RawDocumentBuf};
use lockstep_model::{Change, Expectation, ListQuery, Path, Value};

/// A fault of the embedded server, secantusd-rs 0.5.3-beta.196.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It matches regular expressions with strings only, and refuses a filter or an expectation with a symbol in it.
    /// Symbols are strings to MongoDB (manual: "Comparison/Sort Order").
    Symbols,
    /// It refuses a filter that compares with a value that has undefined inside. MongoDB refuses undefined itself only
    /// (`ComparisonMatchExpression`).
    UndefinedInside,
    /// Its `$elemMatch` passes over arrays in the array. MongoDB takes those for documents, with positions for names
    /// (`isABSONObj` in `visit(const ElemMatchObjectMatchExpression*)`).
    ArraysAsElements,
    /// It does not know `$and`, `$or` and `$nor` as the first name in an `$elemMatch`. MongoDB does (manual: "$elemMatch
    /// (query)"; `parseElemMatch`).
    LogicOfElements,
    /// A position beyond the end of an array is a missing field to it. To MongoDB it leads to nothing: to no null either
    /// (`BSONElementIterator`).
    PositionsBeyond,
    /// In a sort, it passes over an element that has nothing at a position, or that ends a path two parts early. Such an
    /// element counts as null in MongoDB (`BtreeKeyGenerator`).
    PassedOverInSort,
    /// Inside an array, an empty array and undefined sort with null to it, or, by its position, an empty array among the
    /// arrays. In MongoDB both sort before null (manual: "Comparison/Sort Order", Arrays; `BtreeKeyGenerator`).
    EmptyInArrayInSort,
    /// It refuses to sort by undefined, symbols and code, for which MongoDB has places (manual: "Comparison/Sort
    /// Order").
    RareTypesInSort,
    /// Code with and without scope are one type to it. To MongoDB these are two, and `$lte` and its like compare only
    /// within one (manual: "Comparison/Sort Order").
    TypesOfCode,
    /// It compares binary data by their bytes alone. MongoDB does by length, then by subtype, and then by bytes (manual:
    /// "Comparison/Sort Order", BinData).
    SubtypesOfBinary,
    /// It adds fields that are named like numbers in the order of their text. MongoDB does by size (manual: "Update
    /// Operators", Behavior).
    OrderOfNumbers,
}

const UNSUPPORTED: &str = "the Rust server does not support";

/// The fault that explains why the server finds a document that the filter does not take, or the other way round.
pub fn of_filter(filter: &RawDocument, document: &RawDocument) -> Option<Fault> {
    let is_expression = |_: &str, value: RawBsonRef<'_>| matches!(value, RawBsonRef::RegularExpression(_));
    let has_expression = any(filter, &is_expression) || has_name(filter, "$regex");
    let compares_code =
        any(filter, &is_code) && ["$gt", "$gte", "$lt", "$lte"].iter().any(|name| has_name(filter, name));
    let names_position = |name: &str, _: RawBsonRef<'_>| names_position(name);
    let compares_null = |_: &str, value: RawBsonRef<'_>| value == RawBsonRef::Null;
    let faults = [
        (has_expression && any(document, &is_symbol), Fault::Symbols),
        (has_name(filter, "$elemMatch") && any(document, &has_array), Fault::ArraysAsElements),
        (compares_code && any(document, &is_code), Fault::TypesOfCode),
        (any(filter, &names_position) && any(filter, &compares_null), Fault::PositionsBeyond),
        (any(filter, &is_binary) && any(document, &is_binary), Fault::SubtypesOfBinary),
    ];
    faults.into_iter().find(|(explains, _)| *explains).map(|(_, fault)| fault)
}

/// The fault that explains why the server sorts otherwise.
pub fn of_sort(query: &ListQuery, documents: &[RawDocumentBuf]) -> Option<Fault> {
    let is_empty = |_: &str, value: RawBsonRef<'_>| match value {
        RawBsonRef::Array(items) => items.is_empty(),
        value => value == RawBsonRef::Undefined,
    };
    let has_empty = |name: &str, value: RawBsonRef<'_>| {
        value.as_array().is_some() && !is_empty(name, value) && is_or_has(name, value, &is_empty)
    };
    let one_has =
        |is: &dyn Fn(&str, RawBsonRef<'_>) -> bool| documents.iter().any(|document| any(document, is));
    let is_long = |path: &Path| path.steps().len() > 2 || names_position(&path.to_string());
    let faults = [
        (one_has(&has_empty), Fault::EmptyInArrayInSort),
        (query.sort.iter().any(|(path, _)| is_long(path)), Fault::PassedOverInSort),
        (one_has(&is_code), Fault::TypesOfCode),
        (one_has(&is_binary), Fault::SubtypesOfBinary),
    ];
    faults.into_iter().find(|(explains, _)| *explains).map(|(_, fault)| fault)
}

/// Whether MongoDB would refuse the sort, too: for arrays side by side, or a number that is a position and a name.
pub fn is_refused_by_mongodb(refusal: &str) -> bool {
    ["parallel arrays", "Ambiguous field name"].iter().any(|reason| refusal.contains(reason))
}

/// The fault that explains why the server refuses a sort.
pub fn of_refused_sort(refusal: &str) -> Option<Fault> {
    refusal.contains(UNSUPPORTED).then_some(Fault::RareTypesInSort)
}

/// The fault that explains why the server refuses an update.
pub fn of_refused_update(changes: &[Change], refusal: &str) -> Option<Fault> {
    let is_of_symbol = |value: &Value| is_or_has("", value.get(), &is_symbol);
    let has_symbol = changes.iter().any(|change| {
        let expected = match &change.expected {
            Expectation::Value(value) => value.as_ref(),
            Expectation::After(_) => None,
        };
        [change.target.as_ref(), expected].into_iter().flatten().any(is_of_symbol)
    });
    (has_symbol && refusal.contains(UNSUPPORTED)).then_some(Fault::Symbols)
}

/// The fault that explains why the server has another document after an update.
pub fn of_update(ours: &RawDocument, theirs: &RawDocument) -> Option<Fault> {
    (by_name(ours) == by_name(theirs)).then_some(Fault::OrderOfNumbers)
}

/// The same document with the fields of every document in it by name, if some of them are numbers.
fn by_name(document: &RawDocument) -> RawDocumentBuf {
    let mut fields: Vec<_> = document.iter().flatten().collect();
    if fields.iter().any(|(name, _)| is_number(name.as_str())) {
        fields.sort_by_key(|(name, _)| name.as_str());
    }
    let mut sorted = RawDocumentBuf::new();
    for (name, value) in fields {
        match value {
            RawBsonRef::Document(inner) => sorted.append(name, by_name(inner)),
            value => sorted.append(name, value),
        }
    }
    sorted
}

/// The fault that explains why the server refuses a filter.
pub fn of_refused_filter(filter: &RawDocument, refusal: &str) -> Option<Fault> {
    let is_unknown = |name| refusal.contains(&format!("unknown operator: {name}"));
    if has_name(filter, "$elemMatch") && ["$and", "$or", "$nor"].into_iter().any(is_unknown) {
        return Some(Fault::LogicOfElements);
    }
    let is_undefined = |_: &str, value: RawBsonRef<'_>| value == RawBsonRef::Undefined;
    let faults =
        [(any(filter, &is_symbol), Fault::Symbols), (any(filter, &is_undefined), Fault::UndefinedInside)];
    let is_unsupported = refusal.contains(UNSUPPORTED);
    faults.into_iter().find(|(explains, _)| is_unsupported && *explains).map(|(_, fault)| fault)
}

fn names_position(path: &str) -> bool {
    path.split('.').skip(1).any(is_number)
}

fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_symbol(_: &str, value: RawBsonRef<'_>) -> bool {
    matches!(value, RawBsonRef::Symbol(_))
}

fn is_code(_: &str, value: RawBsonRef<'_>) -> bool {
    matches!(value, RawBsonRef::JavaScriptCode(_) | RawBsonRef::JavaScriptCodeWithScope(_))
}

fn is_binary(_: &str, value: RawBsonRef<'_>) -> bool {
    matches!(value, RawBsonRef::Binary(_))
}

/// Whether it is an array with an array in it.
fn has_array(_: &str, value: RawBsonRef<'_>) -> bool {
    let is_array = |item: RawBsonRef<'_>| item.as_array().is_some();
    value.as_array().is_some_and(|items| items.into_iter().flatten().any(is_array))
}

fn has_name(document: &RawDocument, name: &str) -> bool {
    any(document, &|other, _| other == name)
}

/// Whether one of the values in the document, at any depth, is of that kind.
fn any(document: &RawDocument, is: &dyn Fn(&str, RawBsonRef<'_>) -> bool) -> bool {
    document.iter().flatten().any(|(name, value)| is_or_has(name.as_str(), value, is))
}

fn is_or_has(name: &str, value: RawBsonRef<'_>, is: &dyn Fn(&str, RawBsonRef<'_>) -> bool) -> bool {
    is(name, value)
        || match value {
            RawBsonRef::Document(inner) => any(inner, is),
            RawBsonRef::Array(items) => items.into_iter().flatten().any(|item| is_or_has("", item, is)),
            _ => false,
        }
}
