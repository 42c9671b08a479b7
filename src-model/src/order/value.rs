//! The comparison of two values of any type: first by the rank of their types, then within the type.
//!
//! Follows the manual's "Comparison/Sort Order" and, where that is silent, `BSONElement::compareElements` of the
//! server's sources: documents field by field (type, then name, then value), binary data by length first.

use std::cmp::Ordering;

use bson::{RawBinaryRef, RawBsonRef, RawDocument, spec::BinarySubtype};

use super::number::Number;
use crate::Value;

/// Compares as MongoDB sorts: all numbers as one type, strings and symbols as another.
///
/// Bytes that are no BSON end the document that they stand in; this never fails.
pub fn compare(a: RawBsonRef<'_>, b: RawBsonRef<'_>) -> Ordering {
    use RawBsonRef as B;
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (B::Document(a), B::Document(b)) => compare_documents(a, b),
        (B::Array(a), B::Array(b)) => by_elements(a.into_iter().flatten(), b.into_iter().flatten(), compare),
        (B::Binary(a), B::Binary(b)) => binary(a).cmp(&binary(b)),
        (B::ObjectId(a), B::ObjectId(b)) => a.bytes().cmp(&b.bytes()),
        (B::Boolean(a), B::Boolean(b)) => a.cmp(&b),
        (B::DateTime(a), B::DateTime(b)) => a.cmp(&b),
        (B::Timestamp(a), B::Timestamp(b)) => (a.time, a.increment).cmp(&(b.time, b.increment)),
        (B::RegularExpression(a), B::RegularExpression(b)) => {
            a.pattern.cmp(b.pattern).then_with(|| a.options.cmp(b.options))
        }
        (B::DbPointer(_), B::DbPointer(_)) => by_length(a).cmp(&by_length(b)),
        (B::JavaScriptCode(a), B::JavaScriptCode(b)) => a.cmp(b),
        (B::JavaScriptCodeWithScope(a), B::JavaScriptCodeWithScope(b)) => {
            a.code.cmp(b.code).then_with(|| compare_documents(a.scope, b.scope))
        }
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => a.compare(b),
            _ => text(a).cmp(&text(b)),
        },
    })
}

/// Compares two documents field by field; one that is the beginning of the other is the smaller.
pub fn compare_documents(a: &RawDocument, b: &RawDocument) -> Ordering {
    by_elements(a.iter().flatten(), b.iter().flatten(), |(p, a), (q, b)| {
        rank(a).cmp(&rank(b)).then_with(|| p.cmp(q)).then_with(|| compare(a, b))
    })
}

/// Whether a filter's `$lt` and its like compare the two at all: only within one type ("type bracketing").
pub(crate) fn same_bracket(a: RawBsonRef<'_>, b: RawBsonRef<'_>) -> bool {
    rank(a) == rank(b)
}

/// Whether a value is a number that is none.
pub(crate) fn is_nan(value: RawBsonRef<'_>) -> bool {
    Number::of(value).is_some_and(Number::is_nan)
}

/// The place of a value's type in the order; types that compare with one another share one.
fn rank(value: RawBsonRef<'_>) -> u8 {
    use RawBsonRef as B;
    match value {
        B::MinKey => 0,
        B::Undefined => 1,
        B::Null => 2,
        B::Int32(_) | B::Int64(_) | B::Double(_) | B::Decimal128(_) => 3,
        B::String(_) | B::Symbol(_) => 4,
        B::Document(_) => 5,
        B::Array(_) => 6,
        B::Binary(_) => 7,
        B::ObjectId(_) => 8,
        B::Boolean(_) => 9,
        B::DateTime(_) => 10,
        B::Timestamp(_) => 11,
        B::RegularExpression(_) => 12,
        B::DbPointer(_) => 13,
        B::JavaScriptCode(_) => 14,
        B::JavaScriptCodeWithScope(_) => 15,
        B::MaxKey => 16,
    }
}

/// Of a string or a symbol; for the types of one value only, `None` on both sides.
fn text(value: RawBsonRef<'_>) -> Option<&str> {
    match value {
        RawBsonRef::String(text) | RawBsonRef::Symbol(text) => Some(text),
        _ => None,
    }
}

fn binary(value: RawBinaryRef<'_>) -> (usize, u8, &[u8]) {
    // The old subtype repeats its length inside, and the server counts that.
    let inner = if value.subtype == BinarySubtype::BinaryOld { 4 } else { 0 };
    (value.bytes.len() + inner, value.subtype.into(), value.bytes)
}

fn by_length(value: RawBsonRef<'_>) -> (usize, Value) {
    let value = Value::from_ref(value);
    (value.size_bytes(), value)
}

fn by_elements<T>(
    mut a: impl Iterator<Item = T>,
    mut b: impl Iterator<Item = T>,
    compare: impl Fn(T, T) -> Ordering,
) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => match compare(a, b) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use bson::{
        Binary, Bson, DateTime, JavaScriptCodeWithScope, RawBson, Regex, Timestamp, bson, doc, oid::ObjectId,
        raw::cstr,
    };

    use super::*;

    fn raw(value: impl Into<Bson>) -> RawBson {
        value.into().try_into().unwrap()
    }

    fn bytes(subtype: BinarySubtype, bytes: &[u8]) -> RawBson {
        raw(Binary { subtype, bytes: bytes.into() })
    }

    fn pointer(namespace: &str, id: u8) -> RawBson {
        let mut document = vec![0, 0, 0, 0, 0x0C, 0];
        document.extend((namespace.len() as u32 + 1).to_le_bytes());
        document.extend(namespace.as_bytes());
        document.extend([0, id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let length = (document.len() as u32).to_le_bytes();
        document[..4].copy_from_slice(&length);
        RawDocument::from_bytes(&document).unwrap().iter().next().unwrap().unwrap().1.into()
    }

    #[test]
    fn values_of_all_types_ascend_in_the_order_of_the_manual() {
        use BinarySubtype::{BinaryOld, Generic, Uuid};
        let scope = |x: i32| JavaScriptCodeWithScope { code: "f".into(), scope: doc! { "x": x } };
        let regex = |pattern: &str, options: &str| Regex {
            pattern: pattern.try_into().unwrap(),
            options: options.try_into().unwrap(),
        };
        let ascending: Vec<RawBson> = vec![
            raw(Bson::MinKey),
            raw(Bson::Undefined),
            raw(Bson::Null),
            raw(f64::NAN),
            raw(-1),
            raw(2_i64),
            raw(2.5),
            raw("3".parse::<bson::Decimal128>().unwrap()),
            raw(""),
            raw("A"),
            raw("a"),
            raw(Bson::Symbol("aa".into())),
            raw("aa\0"),
            raw("ab"),
            raw("é"),
            raw(doc! {}),
            raw(doc! { "b": 1 }),
            raw(doc! { "b": 1, "a": 1 }),
            raw(doc! { "b": 2 }),
            // the type of a field counts before its name
            raw(doc! { "a": "x" }),
            raw(doc! { "b": "x" }),
            raw(bson!([])),
            raw(bson!([1])),
            raw(bson!([1, 2])),
            raw(bson!([2])),
            raw(bson!(["a"])),
            bytes(Generic, b""),
            bytes(Generic, b"zz"),
            bytes(Generic, b"aaa"),
            bytes(Uuid, b"aaa"),
            bytes(Generic, b"aaaaa"),
            bytes(BinaryOld, b"z"),
            raw(ObjectId::from_bytes([1; 12])),
            raw(ObjectId::from_bytes([2; 12])),
            raw(false),
            raw(true),
            raw(DateTime::from_millis(-1)),
            raw(DateTime::from_millis(0)),
            raw(Timestamp { time: 1, increment: 9 }),
            raw(Timestamp { time: u32::MAX, increment: 0 }),
            raw(regex("a", "")),
            raw(regex("a", "i")),
            raw(regex("b", "")),
            pointer("z", 1),
            pointer("aa", 1),
            pointer("aa", 2),
            raw(Bson::JavaScriptCode("f".into())),
            raw(scope(1)),
            raw(scope(2)),
            raw(Bson::MaxKey),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                let order = compare(a.as_raw_bson_ref(), b.as_raw_bson_ref());
                assert_eq!(order, i.cmp(&j), "{a:?} against {b:?}");
            }
        }
    }

    #[test]
    fn numbers_inside_documents_are_equal_across_types() {
        let (a, b) = (raw(doc! { "a": [1, 2.0] }), raw(doc! { "a": [1_i64, 2] }));
        assert_eq!(compare(a.as_raw_bson_ref(), b.as_raw_bson_ref()), Ordering::Equal);
    }

    #[test]
    fn names_of_array_elements_do_not_count() {
        let mut odd = bson::RawDocumentBuf::new();
        odd.append(cstr!("7"), 1);
        let mut bytes = bson::rawdoc! { "a": odd }.into_bytes();
        bytes[4] = 0x04;
        let odd = RawDocument::from_bytes(&bytes).unwrap();
        assert_eq!(compare_documents(odd, &bson::rawdoc! { "a": [1] }), Ordering::Equal);
    }
}
