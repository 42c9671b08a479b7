//! A filter that asks for one value more. Pure.

use bson::{RawArrayBuf, RawBsonRef, RawDocument, RawDocumentBuf, raw::CString, rawdoc};
use lockstep_model::{Path, Step, Value};

/// The filter, for those documents only that have that value there; `None` for a value that a filter would read otherwise, such
/// as a regular expression. What it asked of that field's value before is replaced.
pub fn narrowed(filter: &RawDocument, path: &Path, value: RawBsonRef<'_>) -> Option<RawDocumentBuf> {
    if matches!(
        value,
        RawBsonRef::Document(_)
            | RawBsonRef::Array(_)
            | RawBsonRef::RegularExpression(_)
            | RawBsonRef::Undefined
    ) {
        return None;
    }
    // MongoDB reads a dot or a dollar in a name otherwise.
    let is_plain =
        |step: &Step| !matches!(step, Step::Field(name) if name.contains('.') || name.starts_with('$'));
    if !path.steps().iter().all(is_plain) {
        return None;
    }
    let field = path.to_string();
    let name = CString::try_from(&*field).ok()?;
    let is_value = |name: &str, value: RawBsonRef<'_>| {
        let is_test = matches!(value, RawBsonRef::Document(_) | RawBsonRef::RegularExpression(_));
        name == field && !is_test
    };
    let clauses = clauses(filter)?;
    let mut kept = clauses.into_iter().filter(|(name, asked)| !is_value(name, asked.get())).peekable();
    if kept.peek().is_none() {
        let mut only = RawDocumentBuf::new();
        only.append(&*name, value);
        return Some(only);
    }
    let (mut flat, mut all, mut is_flat) = (RawDocumentBuf::new(), RawArrayBuf::new(), true);
    for (asked, clause) in kept.chain([(field.clone(), Value::from_ref(value))]) {
        let key = CString::try_from(&*asked).ok()?;
        is_flat &= !asked.starts_with('$') && flat.get(&asked).ok()?.is_none();
        if is_flat {
            flat.append(&*key, clause.get());
        }
        let mut one = RawDocumentBuf::new();
        one.append(&*key, clause.get());
        all.push(one);
    }
    Some(if is_flat {
        flat
    } else {
        rawdoc! { "$and": all }
    })
}

/// What all has to be so, each with its field or operator.
fn clauses(filter: &RawDocument) -> Option<Vec<(String, Value)>> {
    let mut clauses = Vec::new();
    for element in filter {
        let (name, asked) = element.ok()?;
        match asked {
            RawBsonRef::Array(all) if name == "$and" => {
                for clause in all {
                    clauses.extend(self::clauses(clause.ok()?.as_document()?)?);
                }
            }
            asked => clauses.push((name.as_str().to_owned(), Value::from_ref(asked))),
        }
    }
    Some(clauses)
}

#[cfg(test)]
mod tests {
    use bson::{RawBson, Regex, raw::cstr, rawbson};

    use super::*;

    #[test]
    fn a_filter_is_narrowed_to_a_value_and_stays_as_plain_as_it_was() {
        let to = |filter: RawDocumentBuf, path: &str, value: RawBson| {
            narrowed(&filter, &Path::dotted(path), value.as_raw_bson_ref())
        };
        let old = || rawdoc! { "n": { "$gt": 1 } };
        for (filter, path, value, expected) in [
            (rawdoc! {}, "at.city", rawbson!("Graz"), rawdoc! { "at.city": "Graz" }),
            (rawdoc! { "a": 1 }, "a", rawbson!(2_i64), rawdoc! { "a": 2_i64 }),
            (rawdoc! { "a": 1, "b": 2 }, "a", rawbson!(null), rawdoc! { "b": 2, "a": RawBson::Null }),
            (old(), "n", rawbson!(5), rawdoc! { "$and": [old(), { "n": 5 }] }),
            (
                rawdoc! { "$and": [old(), { "n": 5 }] },
                "n",
                rawbson!(6),
                rawdoc! { "$and": [old(), { "n": 6 }] },
            ),
            (
                rawdoc! { "$or": [{ "a": 1 }] },
                "b",
                rawbson!(true),
                rawdoc! { "$and": [{ "$or": [{ "a": 1 }] }, { "b": true }] },
            ),
        ] {
            assert_eq!(to(filter.clone(), path, value), Some(expected), "{filter:?}");
        }
        let regex =
            RawBson::RegularExpression(Regex { pattern: cstr!("a").into(), options: cstr!("").into() });
        for value in [rawbson!([1]), rawbson!({ "a": 1 }), regex] {
            assert_eq!(to(rawdoc! {}, "a", value), None);
        }
        assert_eq!(narrowed(&RawDocumentBuf::new(), &Path::field("a.b"), RawBsonRef::Int32(1)), None);
    }
}
