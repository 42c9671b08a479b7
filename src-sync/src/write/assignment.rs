//! Changes as an update: the classic `$set` and `$unset`, and a pipeline only where a name has dots or leading dollars.
//!
//! A pipeline's own `$set` would not do there: `{$set: {"a.1.b": v}}` in a pipeline writes a field "1" into every element
//! of an array. So it is made of `$setField`, and arrays are assigned whole: their expectation covers them whole, too.

use bson::{RawBson, RawDocumentBuf, raw::CString, rawbson, rawdoc};
use lockstep_model::{Change, Document, Path, Step, Value, mutation::Expectation, reduce};

use super::{
    Resolved,
    expectation::{field, names},
};

/// An update in one of MongoDB's two forms.
#[derive(Clone, Debug, PartialEq)]
pub enum UpdateForm {
    /// `{$set: …, $unset: …}`
    Operators(RawDocumentBuf),
    /// `[{$replaceWith: …}, …]`
    Pipeline(Vec<RawDocumentBuf>),
}

pub(super) fn form(changes: &[Resolved]) -> UpdateForm {
    if changes.iter().all(|change| change.path.steps().iter().all(is_plain)) {
        return UpdateForm::Operators(operators(changes));
    }
    // A stage adds its field after those of the stages before it: in the order in which `$set` would.
    let mut changes = changes.to_vec();
    changes.sort_by(|a, b| reduce::order_of_changes(&a.path, &b.path));
    let stages = pipeline(&changes);
    // The driver refuses an empty pipeline.
    if stages.is_empty() { UpdateForm::Operators(operators(&[])) } else { UpdateForm::Pipeline(stages) }
}

/// Whether dotted notation can name the step.
fn is_plain(step: &Step) -> bool {
    match step {
        Step::Index(_) => true,
        Step::Field(name) => !name.is_empty() && !name.starts_with('$') && !name.contains(['.', '\0']),
    }
}

fn operators(changes: &[Resolved]) -> RawDocumentBuf {
    let (mut set, mut unset) = (RawDocumentBuf::new(), RawDocumentBuf::new());
    for change in changes {
        let name = CString::try_from(change.path.to_string()).expect("a plain name has no NUL");
        match &change.target {
            Some(target) => set.append(name, target.get()),
            None => unset.append(name, ""),
        }
    }
    // An empty operator is allowed (since MongoDB 5.0) and changes nothing; an empty update would empty the document.
    if unset.is_empty() {
        rawdoc! { "$set": set }
    } else {
        rawdoc! { "$set": set, "$unset": unset }
    }
}

fn pipeline(changes: &[Resolved]) -> Vec<RawDocumentBuf> {
    let mut assigned: Vec<Path> = Vec::new();
    let mut stages = Vec::new();
    for change in changes {
        // What is removed and was missing stays missing; `$setField` would make its parents.
        let idle = change.target.is_none() && change.expected.is_none();
        let Some(path) = change.path.guarded().filter(|path| !idle && !assigned.contains(path)) else {
            continue;
        };
        let target = match path == change.path {
            true => change.target.clone(),
            false => array_after(&path, change.expected.as_ref(), changes),
        };
        stages.push(rawdoc! { "$replaceWith": with_field(&[], &names(&path), target.as_ref()) });
        assigned.push(path);
    }
    stages
}

/// The array at a path, with all changes inside it made.
fn array_after(array: &Path, before: Option<&Value>, changes: &[Resolved]) -> Option<Value> {
    let at = Path::field("v");
    let moved = |path: &Path| {
        path.steps()[array.steps().len()..].iter().fold(at.clone(), |path, step| path.then(step.clone()))
    };
    let inside: Vec<Change> = changes
        .iter()
        .filter(|change| change.path.guarded().as_ref() == Some(array))
        .map(|change| Change {
            path: moved(&change.path),
            target: change.target.clone(),
            expected: Expectation::Value(None),
        })
        .collect();
    let holder = rawdoc! { "v": RawBson::from(before?.get()) };
    Document::whole(&reduce::apply(&holder, &inside)).value(&at)
}

/// The expression for what is at `parents`, with the field of these names inside it assigned to.
fn with_field(parents: &[&str], names: &[&str], target: Option<&Value>) -> RawBson {
    let (name, rest) = names.split_first().expect("a path has at least one step");
    let value = match (rest, target) {
        ([], Some(target)) => rawbson!({ "$literal": RawBson::from(target.get()) }),
        ([], None) => "$$REMOVE".to_owned().into(),
        _ => with_field(&[parents, &[*name]].concat(), rest, target),
    };
    // A missing parent is made, as `$set` makes it.
    let input = rawbson!({ "$ifNull": [field(parents), { "$literal": {} }] });
    rawbson!({ "$setField": { "field": { "$literal": *name }, "input": input, "value": value } })
}

#[cfg(test)]
mod tests {
    use bson::RawBsonRef;

    use super::*;

    fn change(path: Path, expected: Option<RawBson>, target: Option<RawBson>) -> Resolved {
        Resolved { path, target: target.map(Value::from), expected: expected.map(Value::from) }
    }

    fn index(path: &Path, index: u32) -> Path {
        path.then(Step::Index(index))
    }

    #[test]
    fn plain_names_make_operators() {
        let lines = Path::field("lines");
        let changes = [
            change(Path::dotted("a.b"), None, Some(rawbson!(1_i64))),
            change(Path::field("c"), Some(rawbson!(1)), None),
            change(
                index(&lines, 2).then(Step::Field("q".into())),
                Some(rawbson!([])),
                Some(rawbson!({ "$x": 1 })),
            ),
        ];
        let expected = rawdoc! { "$set": { "a.b": 1_i64, "lines.2.q": { "$x": 1 } }, "$unset": { "c": "" } };
        assert_eq!(form(&changes), UpdateForm::Operators(expected));
        assert_eq!(
            form(&changes[..1]),
            UpdateForm::Operators(rawdoc! { "$set": { "a.b": 1_i64 } }),
            "without an empty $unset"
        );
    }

    #[test]
    fn odd_names_make_a_pipeline() {
        for name in ["a.b", "$price", "", "."] {
            let set = change(Path::field(name), None, Some(rawbson!("$x")));
            let root = rawbson!({ "$ifNull": ["$$ROOT", { "$literal": {} }] });
            let stage = |value: RawBson| {
                let field = rawdoc! { "field": { "$literal": name }, "input": root.clone(), "value": value };
                UpdateForm::Pipeline(vec![rawdoc! { "$replaceWith": { "$setField": field } }])
            };
            assert_eq!(form(&[set]), stage(rawbson!({ "$literal": "$x" })), "{name:?}");
            let unset = change(Path::field(name), Some(rawbson!(1)), None);
            assert_eq!(form(&[unset]), stage(rawbson!("$$REMOVE")), "{name:?}");
            let idle = change(Path::field(name), None, None);
            assert_eq!(form(&[idle]), UpdateForm::Operators(rawdoc! { "$set": {} }), "{name:?}");
        }
    }

    #[test]
    fn a_pipeline_adds_fields_in_the_order_of_set() {
        let changes = ["z", "a.b", "a"].map(|name| change(Path::field(name), None, Some(rawbson!(1))));
        let UpdateForm::Pipeline(stages) = form(&changes) else { panic!("a name has a dot") };
        let names: Vec<_> = stages
            .iter()
            .map(|stage| {
                let field = stage.get_document("$replaceWith").unwrap().get_document("$setField").unwrap();
                field.get_document("field").unwrap().get_str("$literal").unwrap()
            })
            .collect();
        assert_eq!(names, ["a", "a.b", "z"]);
    }

    #[test]
    fn a_pipeline_assigns_arrays_whole() {
        let lines = Path::field("l.x");
        let before = || Some(rawbson!([1, { "q": 2 }]));
        let changes = [
            change(index(&lines, 0), before(), Some(rawbson!(9))),
            change(index(&lines, 1).then(Step::Field("q".into())), before(), None),
            change(Path::field("plain"), None, Some(rawbson!(3))),
        ];
        let UpdateForm::Pipeline(stages) = form(&changes) else { panic!("a name has a dot") };
        let values: Vec<_> = stages
            .iter()
            .map(|stage| {
                let field = stage.get_document("$replaceWith").unwrap().get_document("$setField").unwrap();
                field.get_document("value").unwrap().get("$literal").unwrap().unwrap()
            })
            .collect();
        let array = rawbson!([9, {}]);
        assert_eq!(values, [array.as_raw_bson_ref(), RawBsonRef::Int32(3)]);
    }
}
