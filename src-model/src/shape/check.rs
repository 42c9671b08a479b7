//! Does a document, or one value, fit the shape; the messages are shown at the field.

use bson::{RawBsonRef, RawDocument};

use super::{Field, Rule, Shape, Type};
use crate::{Path, Step, failure::FieldFailure};

/// Why a field may not be missing.
pub const REQUIRED: &str = "is required";
/// Why a field may not be there.
pub const NOT_ALLOWED: &str = "is not one of the fields of this collection";

impl Shape {
    /// All that does not fit, field by field; empty where the document fits.
    pub fn validate(&self, document: &RawDocument) -> Vec<FieldFailure> {
        let mut failures = Vec::new();
        self.collect(None, document, &mut failures);
        failures
    }

    /// Whether a value would fit at a path; `None` is: the field goes.
    ///
    /// # Errors
    /// Why it does not fit, in words for the person who typed it.
    pub fn check(&self, path: &Path, value: Option<RawBsonRef<'_>>) -> Result<(), String> {
        let mut failures = Vec::new();
        match (self.at(path), value) {
            (Some(field), None) if field.required => return Err(REQUIRED.into()),
            (Some(field), Some(value)) => field.collect(path, value, &mut failures),
            (None, Some(_)) if self.forbids(path) => return Err(NOT_ALLOWED.into()),
            _ => {}
        }
        match failures.into_iter().next() {
            None => Ok(()),
            Some(failure) if failure.path == *path => Err(failure.message),
            Some(failure) => Err(format!("{} {}", failure.path, failure.message)),
        }
    }

    /// Whether an unknown field may not be there.
    fn forbids(&self, path: &Path) -> bool {
        match path.steps() {
            [Step::Field(_)] => self.closed,
            [parents @ .., Step::Field(_)] => Path::try_from(parents.to_vec())
                .ok()
                .and_then(|parent| self.at(&parent)?.inner.as_ref())
                .is_some_and(|shape| shape.closed),
            _ => false,
        }
    }

    fn collect(&self, at: Option<&Path>, document: &RawDocument, failures: &mut Vec<FieldFailure>) {
        let below = |name: &str| match at {
            Some(path) => path.then(Step::Field(name.into())),
            None => Path::field(name),
        };
        for field in &self.fields {
            match document.get(&field.name).ok().flatten() {
                Some(value) => field.collect(&below(&field.name), value, failures),
                None if field.required => {
                    failures.push(FieldFailure { path: below(&field.name), message: REQUIRED.into() });
                }
                None => {}
            }
        }
        if self.closed {
            let names = document.iter_elements().flatten().map(|element| element.key().as_str());
            let unknown = names.filter(|name| self.field(name).is_none());
            failures
                .extend(unknown.map(|name| FieldFailure { path: below(name), message: NOT_ALLOWED.into() }));
        }
    }
}

impl Field {
    fn collect(&self, path: &Path, value: RawBsonRef<'_>, failures: &mut Vec<FieldFailure>) {
        for rule in self.rules.iter().filter(|rule| !rule.holds(value)) {
            let message = match rule {
                Rule::Types(_) => format!("{rule}, not {}", Type::of(value).label()),
                _ => rule.to_string(),
            };
            failures.push(FieldFailure { path: path.clone(), message });
        }
        match value {
            RawBsonRef::Document(document) => {
                if let Some(shape) = &self.inner {
                    shape.collect(Some(path), document, failures);
                }
            }
            RawBsonRef::Array(array) => {
                for (index, item) in (0..).zip(array.into_iter().flatten()) {
                    if let Some(items) = &self.items {
                        items.collect(&path.then(Step::Index(index)), item, failures);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawBson, RawDocumentBuf, rawbson, rawdoc};

    use super::*;

    fn shape() -> Shape {
        let line =
            rawdoc! { "bsonType": "object", "required": ["q"], "properties": { "q": { "bsonType": "int" } } };
        let schema = rawdoc! {
            "required": ["name", "lines"],
            "additionalProperties": false,
            "properties": {
                "name": { "bsonType": "string", "minLength": 1, "maxLength": 4 },
                "amount": { "bsonType": ["decimal", "int"], "minimum": 0, "maximum": 10, "exclusiveMaximum": true },
                "status": { "enum": ["draft", "sent"] },
                "lines": { "bsonType": "array", "maxItems": 2, "uniqueItems": true, "items": line },
                "code": { "pattern": "^[A-Z]+$" },
                "other code": { "pattern": "^(?=A)" },
                "sub": { "properties": { "x": {} }, "additionalProperties": false },
            }
        };
        Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap()
    }

    fn path(text: &str) -> Path {
        let step = |part: &str| part.parse().map_or_else(|_| Step::Field(part.into()), Step::Index);
        Path::try_from(text.split('.').map(step).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn one_value_is_judged_at_its_field() {
        let decimal = |text: &str| RawBson::from(text.parse::<bson::Decimal128>().unwrap());
        let line = |q: i32| rawbson!({ "q": q });
        let table: Vec<(&str, Option<RawBson>, Result<(), &str>)> = vec![
            ("name", Some(rawbson!("Anna")), Ok(())),
            ("name", Some(rawbson!("ÄÖÜé")), Ok(())),
            ("name", Some(rawbson!("Berta")), Err("must have at most 4 characters")),
            ("name", Some(rawbson!("")), Err("must not be empty")),
            ("name", Some(rawbson!(5)), Err("must be of type text, not Int32")),
            ("name", None, Err("is required")),
            ("amount", Some(decimal("0.00")), Ok(())),
            ("amount", Some(decimal("-0.01")), Err("must be at least 0")),
            ("amount", Some(rawbson!(10)), Err("must be less than 10")),
            ("amount", Some(rawbson!("1")), Err("must be of type Decimal128 or Int32, not text")),
            ("amount", None, Ok(())),
            ("status", Some(rawbson!("sent")), Ok(())),
            ("status", Some(rawbson!("lost")), Err("must be one of draft, sent")),
            ("code", Some(rawbson!("AB")), Ok(())),
            ("code", Some(rawbson!("AB1")), Err("must match the pattern ^[A-Z]+$")),
            ("code", Some(rawbson!(1)), Ok(())),
            ("other code", Some(rawbson!("only the database reads it")), Ok(())),
            ("other", Some(rawbson!(1)), Err("is not one of the fields of this collection")),
            ("other", None, Ok(())),
            ("sub.y", Some(rawbson!(1)), Err("is not one of the fields of this collection")),
            ("sub.x", Some(rawbson!(1)), Ok(())),
            ("lines.0.q", Some(rawbson!(1.5)), Err("must be of type Int32, not Double")),
            ("lines.0.q", None, Err("is required")),
            ("lines.0.new", Some(rawbson!(1)), Ok(())),
            ("lines", Some(rawbson!([line(1), line(2)])), Ok(())),
            ("lines", Some(rawbson!([line(1), line(1)])), Err("must not hold the same item twice")),
            ("lines", Some(rawbson!([line(1), line(2), line(3)])), Err("must have at most 2 items")),
            ("lines", Some(rawbson!([line(1), {}])), Err("lines.1.q is required")),
        ];
        for (at, value, expected) in table {
            let found = shape().check(&path(at), value.as_ref().map(RawBson::as_raw_bson_ref));
            assert_eq!(found.as_ref().map_err(String::as_str).copied(), expected, "{at} = {value:?}");
        }
    }

    #[test]
    fn a_document_is_judged_field_by_field() {
        let failures = |document: RawDocumentBuf| -> Vec<String> {
            let failures = shape().validate(&document).into_iter();
            failures.map(|failure| format!("{} {}", failure.path, failure.message)).collect()
        };
        assert_eq!(failures(rawdoc! { "name": "x", "lines": [] }), Vec::<String>::new());
        let document =
            rawdoc! { "name": "x", "amount": -1, "lines": [{ "q": 1_i64 }], "odd": null, "sub": { "y": 1 } };
        let expected = [
            "amount must be at least 0",
            "lines.0.q must be of type Int32, not Int64",
            "sub.y is not one of the fields of this collection",
            "odd is not one of the fields of this collection",
        ];
        assert_eq!(failures(document), expected);
        assert_eq!(failures(rawdoc! { "name": "x" }), ["lines is required"]);
    }
}
