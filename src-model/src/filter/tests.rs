use bson::{RawBson, RawDocumentBuf, rawbson, rawdoc};

use super::*;

/// Checks each filter by itself and inside a `$nor`, which must answer the opposite.
fn check(document: &RawDocumentBuf, table: Vec<(RawDocumentBuf, Option<bool>)>) {
    for (filter, expected) in table {
        let shown = |raw: &RawDocumentBuf| bson::Document::try_from(raw).unwrap().to_string();
        assert_eq!(matches(&filter, document), expected, "{} on {}", shown(&filter), shown(document));
        let nor = expected.map(|yes| !yes);
        assert_eq!(matches(&rawdoc! { "$nor": [filter.clone()] }, document), nor, "$nor {}", shown(&filter));
    }
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

fn decimal(text: &str) -> RawBson {
    text.parse::<bson::Decimal128>().unwrap().into()
}

fn regex(pattern: &str, options: &str) -> RawBson {
    bson::Regex { pattern: pattern.try_into().unwrap(), options: options.try_into().unwrap() }.into()
}

#[test]
fn fields_are_compared_as_the_server_compares_them() {
    let document = rawdoc! {
        "n": 5, "d": decimal("5.00"), "s": "mid", "z": null, "o": { "a": 1, "b": "x" }, "nan": f64::NAN, "e": [],
    };
    check(
        &document,
        vec![
            (rawdoc! {}, YES),
            (rawdoc! { "n": 5.0 }, YES),
            (rawdoc! { "n": "5" }, NO),
            (rawdoc! { "d": 5, "s": "mid" }, YES),
            (rawdoc! { "d": 5, "s": "other" }, NO),
            (rawdoc! { "n": { "$gt": 4.5, "$lte": 5 } }, YES),
            (rawdoc! { "n": { "$gt": 4, "$lt": 5 } }, NO),
            // only within one type
            (rawdoc! { "s": { "$gt": 1 } }, NO),
            (rawdoc! { "s": { "$lt": 1 } }, NO),
            (rawdoc! { "s": { "$gte": "m" } }, YES),
            (rawdoc! { "n": { "$ne": 5 } }, NO),
            (rawdoc! { "n": { "$ne": "5" } }, YES),
            (rawdoc! { "n": { "$in": [1, 5_i64] } }, YES),
            (rawdoc! { "n": { "$in": [] } }, NO),
            (rawdoc! { "n": { "$nin": [1, "5"] } }, YES),
            // null and missing
            (rawdoc! { "z": null }, YES),
            (rawdoc! { "gone": null }, YES),
            (rawdoc! { "n.deeper": null }, YES),
            (rawdoc! { "gone": { "$ne": null } }, NO),
            (rawdoc! { "gone": { "$in": [null] } }, YES),
            (rawdoc! { "gone": { "$gte": null } }, YES),
            (rawdoc! { "gone": { "$gt": null } }, NO),
            (rawdoc! { "gone": { "$lt": 5 } }, NO),
            (rawdoc! { "gone": { "$ne": 5 } }, YES),
            (rawdoc! { "z": { "$exists": true } }, YES),
            (rawdoc! { "gone": { "$exists": false } }, YES),
            (rawdoc! { "gone": { "$exists": 1 } }, NO),
            // documents
            (rawdoc! { "o.a": 1 }, YES),
            (rawdoc! { "o": { "a": 1, "b": "x" } }, YES),
            (rawdoc! { "o": { "b": "x", "a": 1 } }, NO),
            (rawdoc! { "o": {} }, NO),
            // types
            (rawdoc! { "d": { "$type": "decimal" } }, YES),
            (rawdoc! { "d": { "$type": ["string", 19] } }, YES),
            (rawdoc! { "d": { "$type": "number" } }, YES),
            (rawdoc! { "gone": { "$type": "null" } }, NO),
            (rawdoc! { "e": { "$type": "array" } }, YES),
            // logic
            (rawdoc! { "n": { "$not": { "$gt": 5 } } }, YES),
            (rawdoc! { "gone": { "$not": { "$gt": 5 } } }, YES),
            (rawdoc! { "$or": [{ "n": 1 }, { "s": "mid" }] }, YES),
            (rawdoc! { "$and": [{ "n": 5 }, { "s": "x" }] }, NO),
            (rawdoc! { "$comment": "x", "n": 5 }, YES),
            // not a number
            (rawdoc! { "nan": f64::NAN }, YES),
            (rawdoc! { "nan": { "$lt": 5 } }, NO),
            (rawdoc! { "nan": { "$gte": decimal("NaN") } }, YES),
            (rawdoc! { "nan": { "$gt": f64::NAN } }, NO),
            (rawdoc! { "n": { "$lt": decimal("NaN") } }, NO),
            (rawdoc! { "n": { "$gte": f64::NAN } }, NO),
            // below and above all others, the missing ones too
            (rawdoc! { "n": { "$gt": RawBson::MinKey } }, YES),
            (rawdoc! { "gone": { "$gte": RawBson::MinKey } }, YES),
            (rawdoc! { "nan": { "$lt": RawBson::MaxKey } }, YES),
            (rawdoc! { "n": { "$lt": RawBson::MinKey } }, NO),
            (rawdoc! { "n": { "$gte": RawBson::MaxKey } }, NO),
            (rawdoc! { "n": { "$ne": RawBson::MinKey } }, YES),
            // what counts as true
            (rawdoc! { "z": { "$exists": "" } }, YES),
            (rawdoc! { "z": { "$exists": decimal("0.0") } }, NO),
            (rawdoc! { "z": { "$exists": null } }, NO),
            (rawdoc! { "z": { "$exists": f64::NAN } }, YES),
        ],
    );
}

#[test]
fn numbers_are_compared_by_their_exact_value() {
    let document = rawdoc! { "long": 9_007_199_254_740_993_i64, "tenth": 0.1, "price": decimal("0.1") };
    check(
        &document,
        vec![
            (rawdoc! { "long": 9_007_199_254_740_992.0 }, NO),
            (rawdoc! { "long": { "$gt": 9_007_199_254_740_992.0 } }, YES),
            (rawdoc! { "long": decimal("9007199254740993.0") }, YES),
            (rawdoc! { "price": 0.1 }, NO),
            (rawdoc! { "price": { "$lt": 0.1 } }, YES),
            (rawdoc! { "price": decimal("0.100") }, YES),
            (rawdoc! { "tenth": { "$in": [decimal("0.1")] } }, NO),
        ],
    );
}

#[test]
fn arrays_are_searched_as_the_server_searches_them() {
    let document = rawdoc! {
        "t": ["a", "b", 7],
        "l": [{ "q": 1, "p": 9 }, { "q": 4 }, 5, [{ "q": 8 }]],
        "m": [[1, 2], [3]],
        "e": [],
        "v": [3, 12],
    };
    check(
        &document,
        vec![
            (rawdoc! { "t": "a" }, YES),
            (rawdoc! { "t": "c" }, NO),
            (rawdoc! { "t": { "$ne": "a" } }, NO),
            (rawdoc! { "t": ["a", "b", 7] }, YES),
            (rawdoc! { "t": ["a", "b"] }, NO),
            (rawdoc! { "t": { "$all": ["b", "a"] } }, YES),
            (rawdoc! { "t": { "$all": ["b", "c"] } }, NO),
            (rawdoc! { "t": { "$all": [] } }, NO),
            (rawdoc! { "t": { "$size": 3 } }, YES),
            (rawdoc! { "t": { "$size": 2_i64 } }, NO),
            (rawdoc! { "t": { "$type": "int" } }, YES),
            (rawdoc! { "t": { "$type": "array" } }, YES),
            (rawdoc! { "t": { "$type": "bool" } }, NO),
            (rawdoc! { "m": [3] }, YES),
            (rawdoc! { "m": 3 }, NO),
            (rawdoc! { "e": null }, NO),
            (rawdoc! { "e": [] }, YES),
            (rawdoc! { "e": { "$size": 0 } }, YES),
            // one item below and another above satisfy both
            (rawdoc! { "v": { "$gt": 5, "$lt": 10 } }, YES),
            (rawdoc! { "v": { "$elemMatch": { "$gt": 5, "$lt": 10 } } }, NO),
            (rawdoc! { "v": { "$elemMatch": { "$gt": 5, "$lt": 13 } } }, YES),
            (rawdoc! { "v": { "$not": { "$elemMatch": { "$gt": 13 } } } }, YES),
            (rawdoc! { "l.q": 4 }, YES),
            (rawdoc! { "l.q": 8 }, NO),
            (rawdoc! { "l.p": null }, YES),
            (rawdoc! { "e.q": 5 }, NO),
            (rawdoc! { "e.q": { "$exists": false } }, YES),
            (rawdoc! { "l.q": { "$gt": 3 }, "l.p": 9 }, YES),
            (rawdoc! { "l": { "$elemMatch": { "q": 1, "p": 9 } } }, YES),
            (rawdoc! { "e": { "$elemMatch": { "q": 1 } } }, NO),
            (rawdoc! { "t": { "$all": [{ "$elemMatch": { "$eq": 7 } }] } }, YES),
            (rawdoc! { "v": { "$elemMatch": { "$or": [{ "x": 1 }] } } }, NO),
            // an array within the array is taken for a document
            (rawdoc! { "l": { "$elemMatch": { "q": 4, "p": 9 } } }, NO),
            (rawdoc! { "m": { "$elemMatch": { "0": 1, "1": 2 } } }, YES),
            (rawdoc! { "m": { "$elemMatch": { "$elemMatch": { "$eq": 3 } } } }, YES),
            (rawdoc! { "m": { "$elemMatch": {} } }, YES),
            (rawdoc! { "v": { "$elemMatch": {} } }, NO),
        ],
    );
}

#[test]
fn digits_in_a_path_are_a_position_and_a_name() {
    let document = rawdoc! {
        "l": [{ "0": "named", "q": 1 }, 5, [7, { "q": 8 }]],
        "o": { "0": 3 },
        "m": [[1, 2], [3]],
        "s": [4, 6],
    };
    check(
        &document,
        vec![
            (rawdoc! { "s.0": 4 }, YES),
            (rawdoc! { "s.1": { "$gt": 4 } }, YES),
            (rawdoc! { "s.0": { "$gt": 4 } }, NO),
            (rawdoc! { "s.2": 5 }, NO),
            (rawdoc! { "s.2": { "$exists": false } }, YES),
            (rawdoc! { "s.00": 4 }, NO),
            (rawdoc! { "o.0": 3 }, YES),
            (rawdoc! { "l.0": "named" }, YES),
            (rawdoc! { "l.0": { "$type": "object" } }, YES),
            (rawdoc! { "l.0.q": 1 }, YES),
            // an array's position within its documents is missing there
            (rawdoc! { "l.1": null }, YES),
            (rawdoc! { "l.2.q": 8 }, YES),
            (rawdoc! { "l.2.0": 7 }, YES),
            (rawdoc! { "l.2.1.q": 8 }, YES),
            // an array that is named by its position is itself, and not its items
            (rawdoc! { "m.0": 1 }, NO),
            (rawdoc! { "m.0": [1, 2] }, YES),
            (rawdoc! { "m.0": { "$size": 2 } }, YES),
            (rawdoc! { "m.1.0": 3 }, YES),
            (rawdoc! { "m.0.1": 2 }, YES),
        ],
    );
}

#[test]
fn regular_expressions_match_texts_and_themselves() {
    let document = rawdoc! {
        "s": "Hanna", "t": ["abc", "xyz", 5], "r": regex("^a", "i"), "y": RawBson::Symbol("Hanna".into()), "n": 5,
    };
    check(
        &document,
        vec![
            (rawdoc! { "s": regex("^Han", "") }, YES),
            (rawdoc! { "s": regex("^han", "") }, NO),
            (rawdoc! { "s": regex("^han", "i") }, YES),
            (rawdoc! { "s": { "$regex": "^han" } }, NO),
            (rawdoc! { "s": { "$regex": "^han", "$options": "i" } }, YES),
            (rawdoc! { "s": { "$options": "i", "$regex": "^han" } }, YES),
            (rawdoc! { "s": { "$regex": regex("^han", "i") } }, YES),
            (rawdoc! { "s": { "$regex": regex("^han", ""), "$options": "i" } }, YES),
            (rawdoc! { "y": regex("anna$", "") }, YES),
            (rawdoc! { "t": regex("^x", "") }, YES),
            (rawdoc! { "t": regex("^5", "") }, NO),
            (rawdoc! { "n": regex("5", "") }, NO),
            (rawdoc! { "gone": regex("", "") }, NO),
            (rawdoc! { "r": regex("^a", "i") }, YES),
            (rawdoc! { "r": regex("^a", "") }, NO),
            (rawdoc! { "r": { "$eq": regex("^a", "i") } }, YES),
            // equal to an expression is no text
            (rawdoc! { "s": { "$eq": regex("Hanna", "") } }, NO),
            (rawdoc! { "s": { "$in": ["x", regex("nn", "")] } }, YES),
            (rawdoc! { "s": { "$nin": [regex("nn", "")] } }, NO),
            (rawdoc! { "t": { "$all": [regex("^a", ""), 5] } }, YES),
            (rawdoc! { "t": { "$not": regex("^a", "") } }, NO),
            (rawdoc! { "t": { "$not": { "$regex": "^q" } } }, YES),
            (rawdoc! { "t": { "$elemMatch": { "$regex": "z$", "$gt": "x" } } }, YES),
            // what the engine here does not read
            (rawdoc! { "s": { "$regex": "(a)n+\\1" } }, None),
            (rawdoc! { "n": { "$regex": "(a)n+\\1" } }, NO),
            (rawdoc! { "s": { "$in": ["Hanna", regex("(?=x)", "")] } }, YES),
        ],
    );
}

#[test]
fn what_it_does_not_know_it_leaves_to_the_database_unless_another_clause_decides() {
    let document =
        rawdoc! { "a": 1, "u": RawBson::Undefined, "t": [1, 2], "e": [], "l": [{ "q": 1 }, "text"] };
    let odd = || rawdoc! { "a": { "$mod": [2, 1] } };
    check(
        &document,
        vec![
            (odd(), None),
            (rawdoc! { "$where": "true" }, None),
            (rawdoc! { "$expr": true }, None),
            (rawdoc! { "a": { "$elemMatch": { "$mod": [2, 1] } } }, NO),
            (rawdoc! { "$and": [odd(), { "a": 2 }] }, NO),
            (rawdoc! { "$and": [odd(), { "a": 1 }] }, None),
            (rawdoc! { "$or": [odd(), { "a": 1 }] }, YES),
            (rawdoc! { "$or": [odd(), { "a": 2 }] }, None),
            (rawdoc! { "a": { "$mod": [2, 1], "$gt": 5 } }, NO),
            // undefined was equal to null before MongoDB 8.0
            (rawdoc! { "u": null }, None),
            (rawdoc! { "u": { "$in": [null] } }, None),
            (rawdoc! { "u": { "$lte": null } }, None),
            (rawdoc! { "u": { "$lt": null } }, NO),
            (rawdoc! { "u": { "$in": [5] } }, NO),
            (rawdoc! { "u": { "$type": "undefined" } }, YES),
            (rawdoc! { "u": { "$exists": true } }, YES),
            // since MongoDB 9.0 a path that ends in an array without documents leads to null
            (rawdoc! { "t.x": null }, None),
            (rawdoc! { "e.x": null }, None),
            (rawdoc! { "e.0": { "$lte": null } }, None),
            (rawdoc! { "t.x": { "$in": [5, null] } }, None),
            (rawdoc! { "t.x": 5 }, NO),
            (rawdoc! { "t.x": { "$ne": 5 } }, YES),
            (rawdoc! { "t.x": { "$exists": false } }, YES),
            (rawdoc! { "l.x": null }, YES),
            (rawdoc! { "l.q": null }, None),
            // database references, and parts without a name
            (rawdoc! { "a": { "$ref": "c", "$id": 1 } }, None),
            (rawdoc! { "a.": 1 }, None),
            (rawdoc! { "": 1 }, None),
        ],
    );
    let mut broken = rawdoc! { "a": "x" }.into_bytes();
    let end = broken.len() - 3;
    broken[end] = 0xFF;
    assert_eq!(matches(&rawdoc! { "a": "x" }, RawDocument::from_bytes(&broken).unwrap()), None);
}

#[test]
fn what_the_server_refuses_is_not_judged() {
    let document = rawdoc! { "a": 1 };
    let refused = [
        rawbson!({ "$and": [] }),
        rawbson!({ "$or": 5 }),
        rawbson!({ "$nor": [5] }),
        rawbson!({ "$unknown": 1 }),
        rawbson!({ "a": RawBson::Undefined }),
        rawbson!({ "a": { "$gt": RawBson::Undefined } }),
        rawbson!({ "a": { "$nin": [1, RawBson::Undefined] } }),
        rawbson!({ "a": { "$in": 5 } }),
        rawbson!({ "a": { "$in": [{ "$gt": 1 }] } }),
        rawbson!({ "a": { "$all": [{ "$gt": 1 }] } }),
        rawbson!({ "a": { "$all": [{ "$elemMatch": {} }, 1] } }),
        rawbson!({ "a": { "$all": 1 } }),
        rawbson!({ "a": { "$type": "no type" } }),
        rawbson!({ "a": { "$type": [] } }),
        rawbson!({ "a": { "$type": 0 } }),
        rawbson!({ "a": { "$size": -1 } }),
        rawbson!({ "a": { "$size": 1.5 } }),
        rawbson!({ "a": { "$elemMatch": 1 } }),
        rawbson!({ "a": { "$elemMatch": { "$gt": 1, "b": 2 } } }),
        rawbson!({ "a": { "$not": {} } }),
        rawbson!({ "a": { "$not": { "b": 1 } } }),
        rawbson!({ "a": { "$not": 1 } }),
        rawbson!({ "a": { "$gt": 1, "b": 2 } }),
        rawbson!({ "a": { "$unknown": 1 } }),
        rawbson!({ "a": { "$ne": regex("x", "") } }),
        rawbson!({ "a": { "$gte": regex("x", "") } }),
        rawbson!({ "a": { "$regex": 5 } }),
        rawbson!({ "a": { "$regex": "x", "$options": 5 } }),
        rawbson!({ "a": { "$regex": regex("x", "i"), "$options": "m" } }),
        rawbson!({ "a": { "$options": "i" } }),
    ];
    for filter in refused {
        let filter = filter.as_document().unwrap().to_owned();
        // Even where another clause would decide.
        check(&document, vec![(filter.clone(), None), (rawdoc! { "$or": [{ "a": 1 }, filter] }, None)]);
    }
}
