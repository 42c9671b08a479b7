//! What a typed text means for a field, or why it cannot stand there. This is answered before anything is sent.

use bson::RawBsonRef;
use lockstep_model::{
    Document, Path, Value, json,
    shape::{Field, Shape, Type, parse_text},
};

use super::{Assignment, Editing, Form, assign};

/// What committing the editor with that text changes in the document; `None` is: nothing.
///
/// # Errors
/// The reason, for people, why the field cannot have that text.
pub fn assignment(
    editing: &Editing,
    text: &str,
    shape: &Shape,
    document: &Document,
) -> Result<Option<Assignment>, String> {
    if editing.is_unchanged(text) {
        return Ok(None);
    }
    let target = match editing.form {
        Form::Json => composite(text, shape, &editing.path)?,
        _ => target(text, shape, &editing.path, document.get(&editing.path))?,
    };
    Ok(Some(assign(document, &editing.path, target)))
}

/// The value that the text stands for, `None` for no value at all. `current` is the field's value until now.
///
/// # Errors
/// The reason, for people, why the field cannot have it.
pub fn target(
    text: &str,
    shape: &Shape,
    path: &Path,
    current: Option<RawBsonRef<'_>>,
) -> Result<Option<Value>, String> {
    let field = shape.at(path);
    let target = if text.is_empty() && !takes_empty_text(field, current) {
        None
    } else {
        Some(parse_text(text, field, current)?)
    };
    shape.check(path, target.as_ref().map(Value::get))?;
    Ok(target)
}

fn composite(text: &str, shape: &Shape, path: &Path) -> Result<Option<Value>, String> {
    let target = if text.trim().is_empty() { None } else { Some(json::read(text)?) };
    shape.check(path, target.as_ref().map(Value::get))?;
    Ok(target)
}

fn takes_empty_text(field: Option<&Field>, current: Option<RawBsonRef<'_>>) -> bool {
    match field.filter(|field| !field.types().is_empty()) {
        Some(field) => field.types().contains(&Type::String) && field.options().is_none(),
        None => matches!(current, None | Some(RawBsonRef::String(_))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::rawdoc;

    #[test]
    fn a_text_is_judged_before_it_is_sent() {
        let schema = rawdoc! {
            "required": ["title", "status"],
            "properties": {
                "title": { "bsonType": "string" },
                "count": { "bsonType": "int", "minimum": 0 },
                "status": { "bsonType": "string", "enum": ["draft", "sent"] },
            }
        };
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap();
        for (field, text, expected) in [
            ("title", "", Ok(Some(Value::from(String::new())))),
            ("count", "7", Ok(Some(Value::from(7)))),
            ("count", "", Ok(None)),
            ("count", "-1", Err(())),
            ("count", "many", Err(())),
            ("status", "sent", Ok(Some(Value::from("sent".to_owned())))),
            ("status", "lost", Err(())),
            ("status", "", Err(())),
        ] {
            let found = target(text, &shape, &Path::field(field), None);
            assert_eq!(found.map_err(drop), expected, "{field} = {text:?}");
        }
    }
}
