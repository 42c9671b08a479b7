//! Reads a collection's shape from its validator: a `$jsonSchema`, also among the clauses of an `$and`.
//!
//! Of JSON Schema draft 4 it takes what a form or a cell can use, see [`Rule`]; every other keyword is left to the
//! database, and nothing malformed is an error here.

use bson::{RawBsonRef, RawDocument};

use super::{Field, Rule, Shape};

impl Shape {
    /// The shape that a validator asks for; `None` where it has no `$jsonSchema`.
    pub fn of_validator(validator: &RawDocument) -> Option<Self> {
        let mut root = Field::default();
        let found = read_validator(validator, &mut root);
        found.then(|| root.inner.unwrap_or_default())
    }
}

fn read_validator(validator: &RawDocument, root: &mut Field) -> bool {
    let mut found = false;
    for (operator, value) in validator.iter().flatten() {
        match (operator.as_str(), value) {
            ("$jsonSchema", RawBsonRef::Document(schema)) => {
                read(schema, root);
                found = true;
            }
            ("$and", RawBsonRef::Array(clauses)) => {
                for clause in clauses.into_iter().flatten().filter_map(RawBsonRef::as_document) {
                    found |= read_validator(clause, root);
                }
            }
            _ => {}
        }
    }
    found
}

/// Adds what a schema asks to what is asked already: several schemas hold together.
fn read(schema: &RawDocument, field: &mut Field) {
    field.rules.extend(Rule::of_schema(schema));
    for (keyword, value) in schema.iter().flatten() {
        match (keyword.as_str(), value) {
            ("description", RawBsonRef::String(text)) => field.description = Some(text.into()),
            ("properties", RawBsonRef::Document(properties)) => {
                let shape = field.inner.get_or_insert_default();
                for (name, schema) in properties.iter().flatten() {
                    let field = shape.field_mut(name.as_str());
                    if let Some(schema) = schema.as_document() {
                        read(schema, field);
                    }
                }
            }
            ("additionalProperties", RawBsonRef::Boolean(false)) => {
                field.inner.get_or_insert_default().closed = true;
            }
            ("items", RawBsonRef::Document(schema)) => read(schema, field.items.get_or_insert_default()),
            ("allOf", RawBsonRef::Array(schemas)) => {
                schemas
                    .into_iter()
                    .flatten()
                    .filter_map(RawBsonRef::as_document)
                    .for_each(|schema| read(schema, field));
            }
            _ => {}
        }
    }
    // Last, so that the fields stand in the order of `properties`.
    if let Ok(names) = schema.get_array("required") {
        let shape = field.inner.get_or_insert_default();
        for name in names.into_iter().flatten().filter_map(RawBsonRef::as_str) {
            shape.field_mut(name).required = true;
        }
    }
    // `patternProperties` allow names that are not known here.
    if schema.get_document("patternProperties").is_ok()
        && let Some(shape) = &mut field.inner
    {
        shape.closed = false;
    }
}

impl Shape {
    fn field_mut(&mut self, name: &str) -> &mut Field {
        let at = self.fields.iter().position(|field| *field.name == *name).unwrap_or_else(|| {
            self.fields.push(Field { name: name.into(), ..Field::default() });
            self.fields.len() - 1
        });
        &mut self.fields[at]
    }
}

#[cfg(test)]
mod tests {
    use bson::{rawbson, rawdoc};

    use super::*;
    use crate::{
        Path, Value,
        pattern::Pattern,
        shape::{Bound, Type},
    };

    #[test]
    fn a_schema_becomes_fields_in_its_order() {
        let schema = rawdoc! {
            "bsonType": "object",
            "title": "ignored",
            "required": ["name", "extra"],
            "additionalProperties": false,
            "properties": {
                "_id": {},
                "name": { "bsonType": "string", "minLength": 1, "maxLength": 5.0, "pattern": "^a", "description": "Who" },
                "amount": { "bsonType": ["decimal", "null"], "minimum": 0, "exclusiveMinimum": true, "maximum": 9_i64 },
                "status": { "enum": ["draft", "sent", null] },
                "lines": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 3,
                    "uniqueItems": true,
                    "items": { "type": "object", "properties": { "quantity": { "bsonType": "number" } }, "required": ["quantity"] }
                },
            }
        };
        let validator = rawdoc! { "$and": [{ "amount": { "$gte": 0 } }, { "$jsonSchema": schema }] };
        let shape = Shape::of_validator(&validator).unwrap();
        let names: Vec<_> = shape.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(names, ["_id", "name", "amount", "status", "lines", "extra"]);
        assert!(shape.closed);
        let required: Vec<_> =
            shape.fields.iter().filter(|field| field.required).map(|field| &*field.name).collect();
        assert_eq!(required, ["name", "extra"]);

        let name = shape.field("name").unwrap();
        assert_eq!(name.description.as_deref(), Some("Who"));
        let rules = [
            Rule::Types(vec![Type::String]),
            Rule::MinLength(1),
            Rule::MaxLength(5),
            Rule::Pattern(Pattern::new("^a", "")),
        ];
        assert_eq!(name.rules, rules);
        let bound = |number, exclusive| Bound { number, exclusive };
        let rules = [
            Rule::Types(vec![Type::Decimal, Type::Null]),
            Rule::Minimum(bound(Value::from(0), true)),
            Rule::Maximum(bound(Value::from(9_i64), false)),
        ];
        assert_eq!(shape.field("amount").unwrap().rules, rules);
        let options =
            [Value::from("draft".to_owned()), Value::from("sent".to_owned()), Value::from(rawbson!(null))];
        assert_eq!(shape.field("status").unwrap().options(), Some(&options[..]));
        let lines = shape.field("lines").unwrap();
        let rules = [Rule::Types(vec![Type::Array]), Rule::MinItems(1), Rule::MaxItems(3), Rule::UniqueItems];
        assert_eq!(lines.rules, rules);
        let quantity =
            Path::field("lines").then(crate::Step::Index(7)).then(crate::Step::Field("quantity".into()));
        let quantity = shape.at(&quantity).unwrap();
        assert!(quantity.required);
        assert_eq!(quantity.types(), [Type::Int, Type::Long, Type::Double, Type::Decimal]);
    }

    #[test]
    fn several_schemas_hold_together() {
        let one = rawdoc! { "properties": { "a": { "bsonType": "string" }, "b": {} } };
        let two = rawdoc! { "allOf": [{ "properties": { "a": { "maxLength": 3 } } }, { "required": ["b"] }] };
        let shape =
            Shape::of_validator(&rawdoc! { "$and": [{ "$jsonSchema": one }, { "$jsonSchema": two }] })
                .unwrap();
        assert_eq!(shape.fields[0].rules, [Rule::Types(vec![Type::String]), Rule::MaxLength(3)]);
        assert!(shape.fields[1].required);
    }

    #[test]
    fn what_is_not_understood_is_left_to_the_database() {
        let odd = [
            rawdoc! { "properties": 1, "required": "a", "items": [{}], "allOf": [1] },
            rawdoc! { "bsonType": "no such type", "minimum": "1", "minLength": -1, "enum": 5, "maxItems": 1.5 },
            rawdoc! { "not": {}, "anyOf": [{}], "dependencies": {}, "multipleOf": 2, "bsonType": [9999, "?"] },
        ];
        for schema in odd {
            let shape =
                Shape::of_validator(&rawdoc! { "$jsonSchema": { "properties": { "f": schema.clone() } } })
                    .unwrap();
            assert_eq!(shape.fields[0].rules, [], "{schema:?}");
        }
        assert_eq!(Shape::of_validator(&rawdoc! { "a": { "$gt": 1 } }), None);
        assert_eq!(Shape::of_validator(&rawdoc! { "$jsonSchema": 1, "$and": 2 }), None);
    }
}
