//! A whole document as text, and what another text changes of it: the fields that differ and no others, so that what somebody
//! else does to the rest meanwhile stays. Pure.

use bson::{RawBsonRef, RawDocument};
use lockstep_model::{Document, Path, Step, Value, json, shape::Shape};

use super::Assignment;

/// The document as text, without the fields that did not travel; `None` where that cannot be said exactly.
pub fn text_of(document: &Document) -> Option<String> {
    json::write_exact(&Value::document(document.raw()))
}

/// What a text changes of the document that it was made of.
///
/// # Errors
/// Why the text cannot stand there.
pub fn changes(text: &str, before: &Document, shape: &Shape) -> Result<Vec<Assignment>, String> {
    let after = json::read(text)?;
    let RawBsonRef::Document(after) = after.get() else {
        return Err("a document begins with { and ends with }".into());
    };
    if after.get("_id").ok().flatten() != before.raw().get("_id").ok().flatten() {
        return Err("the _id of a document never changes".into());
    }
    let mut found = Vec::new();
    differences(None, before.raw(), after, &mut found);
    let is_left_out = |path: &Path| {
        before.omitted().iter().any(|omitted| Step::Field(omitted.field.clone()) == *path.head())
    };
    if let Some(Assignment { path, .. }) = found.iter().find(|assignment| is_left_out(&assignment.path)) {
        return Err(format!("{path} is too large to be shown, and cannot be changed here"));
    }
    for Assignment { path, target } in &found {
        shape.check(path, target.as_ref().map(Value::get)).map_err(|reason| format!("{path} {reason}"))?;
    }
    Ok(found)
}

/// Goes into documents that are there on both sides; an array is one value.
fn differences(at: Option<&Path>, before: &RawDocument, after: &RawDocument, found: &mut Vec<Assignment>) {
    let path_of = |name: &str| match at {
        None => Path::field(name),
        Some(path) => path.then(Step::Field(name.into())),
    };
    for (name, old) in before.iter().flatten() {
        let path = path_of(name.as_str());
        match (old, after.get(name.as_str()).ok().flatten()) {
            (RawBsonRef::Document(old), Some(RawBsonRef::Document(new))) => {
                differences(Some(&path), old, new, found);
            }
            (old, Some(new)) if old == new => {}
            (_, new) => found.push(Assignment { path, target: new.map(Value::from_ref) }),
        }
    }
    for (name, new) in after.iter().flatten() {
        if before.get(name.as_str()).ok().flatten().is_none() {
            found.push(Assignment { path: path_of(name.as_str()), target: Some(Value::from_ref(new)) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::rawdoc;

    #[test]
    fn only_what_differs_is_changed() {
        let before =
            Document::whole(&rawdoc! { "_id": 1, "a": { "b": 1_i64, "c": "x" }, "d": [1, 2], "e": 5.0 });
        let shape = Shape::of_validator(
            &rawdoc! { "$jsonSchema": { "properties": { "e": { "bsonType": "double" } } } },
        );
        let shape = shape.unwrap();
        let text = text_of(&before).unwrap();
        assert_eq!(changes(&text, &before, &shape), Ok(vec![]));
        let text = r#"{ "f": null, "d": [1], "_id": 1, "a": { "c": "y", "b": { "$numberLong": "1" } } }"#;
        let changed: Vec<_> = changes(text, &before, &shape)
            .unwrap()
            .into_iter()
            .map(|Assignment { path, target }| (path.to_string(), target.map(|target| target.to_string())))
            .collect();
        let expected = [
            ("a.c", Some("\"y\"")),
            ("d", Some(r#"[{"$numberInt":"1"}]"#)),
            ("e", None),
            ("f", Some("null")),
        ];
        assert_eq!(changed, expected.map(|(path, target)| (path.to_owned(), target.map(str::to_owned))));
        for (text, reason) in [
            ("[]", "a document begins"),
            ("{_id: 2}", "never changes"),
            ("{_id: 1, e: 'x'}", "e must be of type Double"),
            ("{_id: 1", "missing at the end"),
        ] {
            let said = changes(text, &before, &shape).unwrap_err();
            assert!(said.contains(reason), "{text}: {said}");
        }
    }
}
