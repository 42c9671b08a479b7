//! An expectation as conditions of an `$expr`: this very value, of this very type, or nothing at all.
//!
//! `{x: v}` would not do: it matches an array that holds `v`, null matches a missing field, 1 equals 1.0, and Decimal128
//! 1.0 equals 1.00. Left open: Int64 against Double of equal value, or Decimal128 of equal value, inside a container.

use bson::{RawArrayBuf, RawBson, RawBsonRef, RawDocument, rawbson, rawdoc};
use lockstep_model::{Path, Step};

use super::Resolved;

const ROOT: &str = "$$ROOT";

/// The conditions that what the changes touch is as expected.
pub(super) fn conditions(changes: &[Resolved]) -> RawArrayBuf {
    let mut all = RawArrayBuf::new();
    let mut stated: Vec<Path> = Vec::new();
    for change in changes {
        let Some(path) = change.path.guarded().filter(|path| !stated.contains(path)) else { continue };
        let names = names(&path);
        match &change.expected {
            Some(value) => {
                for depth in 1..names.len() {
                    all.push(is_object(field(&names[..depth])));
                }
                is_value(field(&names), value.get()).into_iter().for_each(|condition| all.push(condition));
            }
            None => all.push(is_missing(&[], &names)),
        }
        stated.push(path);
    }
    all
}

/// The conditions that the document is exactly this one.
pub(super) fn is_whole(document: &RawDocument) -> RawArrayBuf {
    is_value(ROOT.to_owned().into(), RawBsonRef::Document(document)).into_iter().collect()
}

/// The names of a path of fields.
pub(super) fn names(path: &Path) -> Vec<&str> {
    let mut names = Vec::new();
    for step in path.steps() {
        match step {
            Step::Field(name) => names.push(name.as_ref()),
            Step::Index(_) => break,
        }
    }
    names
}

/// The expression for a field; it takes names as they are, with their dots and dollars.
pub(super) fn field(names: &[&str]) -> RawBson {
    names.iter().fold(
        ROOT.to_owned().into(),
        |input, name| rawbson!({ "$getField": { "field": { "$literal": *name }, "input": input } }),
    )
}

fn is_value(field: RawBson, value: RawBsonRef<'_>) -> Vec<RawBson> {
    let equal = |a: RawBson, b: RawBson| rawbson!({ "$eq": [a, b] });
    let literal = |value: RawBsonRef<'_>| rawbson!({ "$literal": RawBson::from(value) });
    let mut all = vec![
        equal(rawbson!({ "$cmp": [field.clone(), literal(value)] }), 0.into()),
        equal(rawbson!({ "$type": field.clone() }), type_name(value).to_owned().into()),
    ];
    match value {
        RawBsonRef::Decimal128(decimal) => {
            all.push(equal(rawbson!({ "$toString": field }), decimal.to_string().into()));
        }
        RawBsonRef::Double(zero) if zero == 0.0 => {
            let text = if zero.is_sign_negative() { "-0" } else { "0" };
            all.push(equal(rawbson!({ "$toString": field }), text.to_owned().into()));
        }
        RawBsonRef::Document(_) | RawBsonRef::Array(_) => {
            let size = |operand: RawBson| rawbson!({ "$bsonSize": operand });
            let held = rawdoc! { "v": RawBson::from(value) };
            all.push(equal(size(rawbson!({ "v": field })), size(rawbson!({ "$literal": held }))));
        }
        _ => {}
    }
    all
}

fn is_object(field: RawBson) -> RawBson {
    rawbson!({ "$eq": [{ "$type": field }, "object"] })
}

/// That the field of these names, inside the parents, is missing: or one of the parents is.
fn is_missing(parents: &[&str], names: &[&str]) -> RawBson {
    let (name, rest) = names.split_first().expect("a path has at least one step");
    let keys = rawbson!({ "$map": { "input": { "$objectToArray": field(parents) }, "in": "$$this.k" } });
    let missing = rawbson!({ "$not": [{ "$in": [{ "$literal": *name }, keys] }] });
    if rest.is_empty() {
        return missing;
    }
    let parents = [parents, &[*name]].concat();
    let inside = rawbson!({ "$and": [is_object(field(&parents)), is_missing(&parents, rest)] });
    rawbson!({ "$or": [missing, inside] })
}

/// The name that the aggregation operator `$type` gives to the value's type.
fn type_name(value: RawBsonRef<'_>) -> &'static str {
    lockstep_model::shape::Type::of(value).name()
}

#[cfg(test)]
mod tests {
    use bson::RawDocumentBuf;
    use lockstep_model::Value;

    use super::*;

    fn expecting(path: Path, expected: Option<RawBson>) -> RawArrayBuf {
        conditions(&[Resolved { path, target: None, expected: expected.map(Value::from) }])
    }

    fn array(conditions: impl IntoIterator<Item = RawBson>) -> RawArrayBuf {
        conditions.into_iter().collect()
    }

    fn get(name: &str, input: RawBson) -> RawBson {
        rawbson!({ "$getField": { "field": { "$literal": name }, "input": input } })
    }

    #[test]
    fn a_value_is_expected_with_its_type() {
        let field = get("a", rawbson!("$$ROOT"));
        let basis = |value: RawBson, name: &str| {
            vec![
                rawbson!({ "$eq": [{ "$cmp": [field.clone(), { "$literal": value }] }, 0] }),
                rawbson!({ "$eq": [{ "$type": field.clone() }, name] }),
            ]
        };
        let text = |text: &str| rawbson!({ "$eq": [{ "$toString": field.clone() }, text] });
        let size = |value: RawBson| rawbson!({ "$eq": [{ "$bsonSize": { "v": field.clone() } }, { "$bsonSize": { "$literal": { "v": value } } }] });
        let decimal = |text: &str| RawBson::from(text.parse::<bson::Decimal128>().unwrap());
        let table = [
            (rawbson!("$x"), "string", None),
            (rawbson!(0), "int", None),
            (rawbson!(1_i64), "long", None),
            (rawbson!(1.5), "double", None),
            (rawbson!(0.0), "double", Some(text("0"))),
            (rawbson!(-0.0), "double", Some(text("-0"))),
            (rawbson!(null), "null", None),
            (decimal("12.50"), "decimal", Some(text("12.50"))),
            (rawbson!({ "b": 1 }), "object", Some(size(rawbson!({ "b": 1 })))),
            (rawbson!([1]), "array", Some(size(rawbson!([1])))),
        ];
        for (value, name, more) in table {
            let expected = array(basis(value.clone(), name).into_iter().chain(more));
            assert_eq!(expecting(Path::field("a"), Some(value)), expected, "{name}");
        }
    }

    #[test]
    fn parents_are_expected_to_be_documents() {
        let a = get("a.b", rawbson!("$$ROOT"));
        let c = get("c", a.clone());
        let path = Path::field("a.b").then(Step::Field("c".into()));
        let expected = array([
            rawbson!({ "$eq": [{ "$type": a }, "object"] }),
            rawbson!({ "$eq": [{ "$cmp": [c.clone(), { "$literal": true }] }, 0] }),
            rawbson!({ "$eq": [{ "$type": c }, "bool"] }),
        ]);
        assert_eq!(expecting(path, Some(rawbson!(true))), expected);
    }

    #[test]
    fn a_missing_field_is_expected_by_the_names_around_it() {
        let missing = |name: &str, parent: RawBson| {
            let keys = rawbson!({ "$map": { "input": { "$objectToArray": parent }, "in": "$$this.k" } });
            rawbson!({ "$not": [{ "$in": [{ "$literal": name }, keys] }] })
        };
        let root = rawbson!("$$ROOT");
        assert_eq!(expecting(Path::field("$a"), None), array([missing("$a", root.clone())]));
        let a = get("a", root.clone());
        let inside = rawbson!({ "$and": [{ "$eq": [{ "$type": a.clone() }, "object"] }, missing("b", a)] });
        let expected = array([rawbson!({ "$or": [missing("a", root), inside] })]);
        assert_eq!(expecting(Path::dotted("a.b"), None), expected);
    }

    #[test]
    fn under_an_array_the_outermost_array_is_expected_once() {
        let list = Path::field("l");
        let at = |index| Resolved {
            path: list.then(Step::Index(index)).then(Step::Field("q".into())),
            target: None,
            expected: Some(Value::from(rawbson!([1, 2]))),
        };
        assert_eq!(conditions(&[at(0), at(1)]), expecting(list, Some(rawbson!([1, 2]))));
    }

    #[test]
    fn literals_keep_their_bytes() {
        let mut twice = RawDocumentBuf::new();
        twice.append(bson::raw::cstr!("a"), 1);
        twice.append(bson::raw::cstr!("a"), 2_i64);
        let conditions = is_whole(&twice);
        let bytes = twice.as_bytes();
        let found = conditions.as_bytes().windows(bytes.len()).filter(|window| *window == bytes).count();
        assert_eq!(found, 2, "in the comparison and in the size");
    }
}
