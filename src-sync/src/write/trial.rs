//! What every filter of this module relies on, tried before anything is written: a server that answers otherwise would
//! overwrite what nobody saw, or refuse what is right.

use bson::{Decimal128, RawArrayBuf, RawBson, RawDocumentBuf, rawbson, rawdoc};
use lockstep_model::{Path, Step, Value};

use super::{Resolved, expectation::conditions};

/// The field that says whether a document is as expected.
pub const ANSWER: &str = "answer";

struct Case {
    /// What the document has beside its `_id`.
    held: RawDocumentBuf,
    path: Path,
    /// `None` is: it is missing.
    expected: Option<RawBson>,
    /// What the server has to say.
    answer: bool,
}

fn cases() -> Vec<Case> {
    let case = |held, names: &[&str], expected, answer| {
        let (first, inner) = names.split_first().expect("a case names a field");
        let path = inner.iter().fold(Path::field(first), |path, name| path.then(Step::Field((*name).into())));
        Case { held, path, expected, answer }
    };
    let decimal = |text: &str| -> RawBson {
        RawBson::Decimal128(text.parse::<Decimal128>().expect("the cases are written right"))
    };
    let is = |value: RawBson| Some(value);
    vec![
        case(rawdoc! { "a": 5 }, &["a"], is(5.into()), true),
        case(rawdoc! { "a": 5.0 }, &["a"], is(5.into()), false),
        case(rawdoc! { "a": 5_i64 }, &["a"], is(5.into()), false),
        case(rawdoc! { "a": ["x"] }, &["a"], is("x".into()), false),
        case(rawdoc! { "a": "A" }, &["a"], is("a".into()), false),
        case(rawdoc! { "a": RawBson::Null }, &["a"], is(RawBson::Null), true),
        case(rawdoc! { "a": RawBson::Null }, &["a"], None, false),
        case(rawdoc! {}, &["a"], None, true),
        case(rawdoc! {}, &["a"], is(RawBson::Null), false),
        case(rawdoc! { "a": decimal("1.0") }, &["a"], is(decimal("1.0")), true),
        case(rawdoc! { "a": decimal("1.00") }, &["a"], is(decimal("1.0")), false),
        case(rawdoc! { "a": -0.0 }, &["a"], is(0.0.into()), false),
        case(rawdoc! { "a": { "x": 1, "y": 2 } }, &["a"], is(rawbson!({ "x": 1, "y": 2 })), true),
        case(rawdoc! { "a": { "x": 1, "y": 2 } }, &["a"], is(rawbson!({ "y": 2, "x": 1 })), false),
        case(rawdoc! { "a": [1, 2] }, &["a"], is(rawbson!([1, 2])), true),
        case(rawdoc! { "a": [1, 2] }, &["a"], is(rawbson!([1])), false),
        case(rawdoc! { "a.b": 1 }, &["a.b"], is(1.into()), true),
        case(rawdoc! { "$a": 1 }, &["$a"], is(1.into()), true),
        case(rawdoc! { "a": { "b": 1 } }, &["a", "b"], is(1.into()), true),
        case(rawdoc! { "a": [{ "b": 1 }] }, &["a", "b"], is(1.into()), false),
        case(rawdoc! { "a": {} }, &["a", "b"], None, true),
        case(rawdoc! { "a": { "b": 1 } }, &["a", "b"], None, false),
    ]
}

/// The pipeline that asks for all of them at once, over documents of its own. Each of its results has an `_id`, the number
/// of a case, and the [`ANSWER`].
pub fn pipeline() -> Vec<RawDocumentBuf> {
    let (mut documents, mut branches) = (RawArrayBuf::new(), RawArrayBuf::new());
    for (number, Case { held, path, expected, .. }) in (0_i32..).zip(cases()) {
        let mut document = rawdoc! { "_id": number };
        for (name, value) in held.iter().flatten() {
            document.append(name, value);
        }
        // As it is, and not as an expression.
        documents.push(rawdoc! { "$literal": document });
        let resolved = Resolved { path, target: None, expected: expected.map(Value::from) };
        let of_it = rawbson!({ "$eq": ["$_id", number] });
        branches.push(rawdoc! { "case": of_it, "then": { "$and": conditions(&[resolved]) } });
    }
    let answer = rawdoc! { "$switch": { "branches": branches, "default": RawBson::Null } };
    vec![rawdoc! { "$documents": documents }, rawdoc! { "$project": { "answer": answer } }]
}

/// Whether the server's answers are right; else what was wrong with the first that is not.
///
/// # Errors
/// The first wrong answer, in words.
pub fn judge(answers: &[(i32, bool)]) -> Result<(), String> {
    for (number, Case { held, path, expected, answer }) in (0..).zip(cases()) {
        let told = answers.iter().find(|(of, _)| *of == number).map(|(_, told)| *told);
        if told != Some(answer) {
            let expected = expected.map_or("missing".to_owned(), |value| format!("{:?}", Value::from(value)));
            return Err(format!("of {held:?} it says {told:?} where {path} has to be {expected}"));
        }
    }
    Ok(())
}
