//! A refusal by the server, as messages at the fields, in words for the person who wrote them.
//!
//! Validators (code 121) explain themselves in `errInfo`, in the form of the manual's "View Validation Errors"; unique
//! indexes (code 11000) by `keyPattern` and `keyValue`, or in the message alone. Whatever is not understood is still a
//! rejection, with the server's own message.

use bson::{RawArray, RawBsonRef, RawDocument};
use lockstep_model::{
    Failure, Path, Step,
    failure::FieldFailure,
    shape::{NOT_ALLOWED, REQUIRED, Rule, display_text, visible},
};

/// The server's code where the validator refuses a document.
pub const VALIDATION: i32 = 121;
/// The server's code where a unique index has the value already.
pub const DUPLICATE_KEY: i32 = 11_000;

/// A write error of the server. `details` is its `errInfo`, or the whole reply that it stands in.
pub fn rejected(code: i32, message: &str, details: Option<&RawDocument>) -> Failure {
    let mut fields = Vec::new();
    let summary = match code {
        VALIDATION => {
            if let Some(info) = details.map(|details| within(details, "errInfo")) {
                read(within(info, "details"), None, &mut fields);
            }
            "The rules of the collection refuse it"
        }
        DUPLICATE_KEY => {
            fields = taken(&duplicate(message, details));
            "Another document has the same value in a unique index"
        }
        _ => "",
    };
    match fields.is_empty() {
        true => {
            // "Plan executor error during findAndModify :: caused by :: …"
            let cause = message.rsplit(" :: caused by :: ").next().unwrap_or(message);
            Failure::Rejected { message: visible(cause), fields }
        }
        false => Failure::Rejected { message: summary.into(), fields },
    }
}

/// Whether an insert failed because a document with its `_id` is there: it was sent before, and has been applied.
pub fn is_duplicate_id(code: i32, message: &str, details: Option<&RawDocument>) -> bool {
    code == DUPLICATE_KEY && matches!(&duplicate(message, details)[..], [(name, _)] if name == "_id")
}

/// The embedded document of that name, else the document itself.
fn within<'a>(document: &'a RawDocument, name: &str) -> &'a RawDocument {
    document.get_document(name).unwrap_or(document)
}

/// The names and values that are in an index already.
fn duplicate(message: &str, details: Option<&RawDocument>) -> Vec<(String, Option<String>)> {
    let reply = details.map(|details| within(details, "errInfo"));
    let of = |name| {
        details
            .and_then(|details| details.get_document(name).ok())
            .or_else(|| reply.and_then(|reply| reply.get_document(name).ok()))
    };
    match of("keyPattern") {
        Some(pattern) => pattern
            .iter_elements()
            .flatten()
            .map(|element| {
                let name = element.key().as_str();
                let value = of("keyValue").and_then(|values| values.get(name).ok()?).map(display_text);
                (name.to_owned(), value)
            })
            .collect(),
        None => message.split_once("dup key: {").map(|(_, keys)| named_values(keys)).unwrap_or_default(),
    }
}

/// Reads `a: 1, b: "x" }`, as the server's messages have it.
fn named_values(text: &str) -> Vec<(String, Option<String>)> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '{' | '[' | '(' if !quoted => depth += 1,
            '}' if !quoted && depth == 0 => break,
            '}' | ']' | ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        parts.last_mut().expect("there is always one part").push(c);
    }
    let pair = |part: String| {
        let (name, value) = part.split_once(':')?;
        let value = value.trim();
        let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        Some((name.trim().to_owned(), Some(visible(bare))))
    };
    parts.into_iter().filter_map(pair).collect()
}

fn taken(keys: &[(String, Option<String>)]) -> Vec<FieldFailure> {
    let message = |value: &Option<String>| match (keys, value) {
        ([_], Some(value)) => format!("is taken: another document has {value}"),
        ([_], None) => "is taken by another document".into(),
        _ => {
            let names: Vec<_> = keys.iter().map(|(name, _)| name.as_str()).collect();
            format!("is taken: another document has the same {}", names.join(" and "))
        }
    };
    keys.iter()
        .map(|(name, value)| FieldFailure { path: Path::dotted(name), message: message(value) })
        .collect()
}

/// Reads one node of the validator's explanation, for the field or document `at`.
fn read(node: &RawDocument, at: Option<&Path>, fields: &mut Vec<FieldFailure>) {
    let below = |name: &str| match at {
        Some(path) => path.then(Step::Field(name.into())),
        None => Path::field(name),
    };
    let all = |name: &str, each: &mut dyn FnMut(&RawDocument)| {
        documents(node.get_array(name).ok()).for_each(each);
    };
    let names =
        |name: &str| node.get_array(name).into_iter().flatten().flatten().filter_map(RawBsonRef::as_str);
    let specified = node.get_document("specifiedAs").ok();
    match node.get_str("operatorName").unwrap_or_default() {
        "properties" => all("propertiesNotSatisfied", &mut |property| {
            let path = below(property.get_str("propertyName").unwrap_or_default());
            documents(property.get_array("details").ok()).for_each(|node| read(node, Some(&path), fields));
        }),
        "items" => {
            let index = node.get_i32("itemIndex").ok().and_then(|index| u32::try_from(index).ok());
            let item =
                at.map(|path| index.map_or_else(|| path.clone(), |index| path.then(Step::Index(index))));
            all("details", &mut |node| read(node, item.as_ref(), fields));
        }
        "required" => fields.extend(
            names("missingProperties")
                .map(|name| FieldFailure { path: below(name), message: REQUIRED.into() }),
        ),
        "additionalProperties" => fields.extend(
            names("additionalProperties")
                .map(|name| FieldFailure { path: below(name), message: NOT_ALLOWED.into() }),
        ),
        "$expr" => {
            if let Some(expression) = specified.and_then(|specified| specified.get("$expr").ok()?) {
                read_expression(expression, fields);
            }
        }
        // `$gte` and its like, on a field of the document
        operator if operator.starts_with('$') && specified.is_some() => {
            for (name, condition) in specified.into_iter().flatten().flatten() {
                let operand = condition.as_document().and_then(|condition| condition.get(operator).ok()?);
                let message = match (comparison(operator), operand) {
                    (Some((words, _)), Some(operand)) => format!("{words} {}", display_text(operand)),
                    _ => "breaks a rule of the collection".into(),
                };
                fields.push(FieldFailure { path: Path::dotted(name.as_str()), message });
            }
        }
        _ => {
            let rules = specified.map(Rule::of_schema).unwrap_or_default();
            fields.extend(at.into_iter().flat_map(|path| {
                rules.iter().map(|rule| FieldFailure { path: path.clone(), message: rule.to_string() })
            }));
            for name in ["schemaRulesNotSatisfied", "clausesNotSatisfied", "schemasNotSatisfied", "details"] {
                all(name, &mut |node| read(node, at, fields));
            }
            if let Ok(inner) = node.get_document("details") {
                read(inner, at, fields);
            }
        }
    }
}

fn documents(array: Option<&RawArray>) -> impl Iterator<Item = &RawDocument> {
    array.into_iter().flatten().flatten().filter_map(RawBsonRef::as_document)
}

/// `{$lte: ["$discount", "$amount"]}` is told at both fields, from the side of each.
fn read_expression(expression: RawBsonRef<'_>, fields: &mut Vec<FieldFailure>) {
    let compared = expression.as_document().and_then(|document| {
        let (operator, sides) = document.iter().next()?.ok()?;
        let (words, turned) = comparison(operator.as_str())?;
        let mut sides = sides.as_array()?.into_iter().flatten();
        Some((words, turned, sides.next()?, sides.next()?))
    });
    let shown = |side| field_name(side).map_or_else(|| display_text(side), str::to_owned);
    let mut tell = |name: &str, message: String| {
        let path = Path::dotted(name);
        if fields.iter().all(|told| told.path != path) {
            fields.push(FieldFailure { path, message });
        }
    };
    match compared {
        Some((words, turned, left, right)) if field_name(left).or(field_name(right)).is_some() => {
            for (side, words, other) in [(left, words, right), (right, turned, left)] {
                if let Some(name) = field_name(side) {
                    tell(name, format!("{words} {}", shown(other)));
                }
            }
        }
        _ => mentioned(expression, &mut |name| {
            tell(name, "breaks a rule of the collection that it takes part in".into())
        }),
    }
}

/// What a comparison asks of its left side, and of its right side.
fn comparison(operator: &str) -> Option<(&'static str, &'static str)> {
    Some(match operator {
        "$lte" => ("must be at most", "must be at least"),
        "$lt" => ("must be less than", "must be more than"),
        "$gte" => ("must be at least", "must be at most"),
        "$gt" => ("must be more than", "must be less than"),
        "$eq" => ("must be equal to", "must be equal to"),
        "$ne" => ("must not be", "must not be"),
        _ => return None,
    })
}

/// The field in `"$name"`; a variable, `"$$NOW"`, is none.
fn field_name(expression: RawBsonRef<'_>) -> Option<&str> {
    expression.as_str()?.strip_prefix('$').filter(|name| !name.is_empty() && !name.starts_with('$'))
}

fn mentioned(expression: RawBsonRef<'_>, tell: &mut impl FnMut(&str)) {
    match expression {
        RawBsonRef::Document(document) => {
            document.iter().flatten().for_each(|(_, value)| mentioned(value, tell));
        }
        RawBsonRef::Array(items) => items.into_iter().flatten().for_each(|item| mentioned(item, tell)),
        value => {
            if let Some(name) = field_name(value) {
                tell(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, rawdoc};

    use super::*;

    fn told(failure: &Failure) -> Vec<String> {
        let Failure::Rejected { fields, .. } = failure else { panic!("{failure:?}") };
        fields.iter().map(|field| format!("{}: {}", field.path, field.message)).collect()
    }

    /// As mongod 8 explains itself.
    fn schema_details() -> RawDocumentBuf {
        let amount = rawdoc! {
            "operatorName": "minimum", "specifiedAs": { "minimum": 0 }, "reason": "comparison failed", "consideredValue": -1
        };
        let title = rawdoc! {
            "operatorName": "bsonType", "specifiedAs": { "bsonType": "string" }, "reason": "type did not match",
            "consideredValue": 1, "consideredType": "int"
        };
        let quantity = rawdoc! { "operatorName": "required", "specifiedAs": { "required": ["quantity"] }, "missingProperties": ["quantity"] };
        let lines = rawdoc! {
            "operatorName": "items", "reason": "At least one item did not match the sub-schema", "itemIndex": 2,
            "details": [quantity]
        };
        let properties = rawdoc! { "operatorName": "properties", "propertiesNotSatisfied": [
            { "propertyName": "amount", "details": [amount] },
            { "propertyName": "title", "description": "What", "details": [title] },
            { "propertyName": "lines", "details": [lines] },
        ] };
        rawdoc! { "operatorName": "$jsonSchema", "schemaRulesNotSatisfied": [
            properties,
            { "operatorName": "required", "specifiedAs": { "required": ["owner"] }, "missingProperties": ["owner"] },
            { "operatorName": "additionalProperties", "specifiedAs": { "additionalProperties": false }, "additionalProperties": ["odd"] },
        ] }
    }

    #[test]
    fn a_schema_s_refusal_is_told_at_the_fields() {
        let expected = [
            "amount: must be at least 0",
            "title: must be of type text",
            "lines.2.quantity: is required",
            "owner: is required",
            "odd: is not one of the fields of this collection",
        ];
        let plain = rawdoc! { "failingDocumentId": 1, "details": schema_details() };
        let clauses = rawdoc! { "operatorName": "$and", "clausesNotSatisfied": [{ "index": 0, "details": schema_details() }] };
        let clauses = rawdoc! { "failingDocumentId": 1, "details": clauses };
        let reply = rawdoc! { "ok": 0, "code": 121, "errInfo": plain.clone() };
        for details in [plain, clauses, reply] {
            let failure = rejected(VALIDATION, "Document failed validation", Some(&details));
            assert_eq!(told(&failure), expected);
        }
    }

    #[test]
    fn a_rule_between_fields_is_told_at_each_of_them() {
        let refused = |node: RawDocumentBuf| {
            let clauses =
                rawdoc! { "operatorName": "$and", "clausesNotSatisfied": [{ "index": 2, "details": node }] };
            told(&rejected(VALIDATION, "Document failed validation", Some(&rawdoc! { "details": clauses })))
        };
        let expression = |expression: RawDocumentBuf| {
            refused(
                rawdoc! { "operatorName": "$expr", "specifiedAs": { "$expr": expression }, "expressionResult": false },
            )
        };
        assert_eq!(
            expression(rawdoc! { "$lte": ["$discount", "$amount"] }),
            ["discount: must be at most amount", "amount: must be at least discount"]
        );
        assert_eq!(
            expression(rawdoc! { "$gt": ["$valid_until", "$$NOW"] }),
            ["valid_until: must be more than $$NOW"]
        );
        assert_eq!(expression(rawdoc! { "$lt": [10, "$n.m"] }), ["n.m: must be more than 10"]);
        assert_eq!(
            expression(rawdoc! { "$lt": [{ "$add": ["$a", "$b", "$a"] }, 5] }),
            [
                "a: breaks a rule of the collection that it takes part in",
                "b: breaks a rule of the collection that it takes part in"
            ]
        );
        let query = rawdoc! { "operatorName": "$gte", "specifiedAs": { "amount": { "$gte": 0 } }, "reason": "comparison failed" };
        assert_eq!(refused(query), ["amount: must be at least 0"]);
        let query = rawdoc! { "operatorName": "$mod", "specifiedAs": { "amount": { "$mod": [2, 0] } } };
        assert_eq!(refused(query), ["amount: breaks a rule of the collection"]);
    }

    #[test]
    fn a_taken_value_is_told_by_the_reply_or_by_the_message() {
        let message = "E11000 duplicate key error collection: d.offers index: number_1 dup key: { number: \"OF-{1}, \\\"x\\\"\" }";
        let reply = rawdoc! { "keyPattern": { "number": 1 }, "keyValue": { "number": "OF-1" } };
        let pair = rawdoc! { "keyPattern": { "a": 1, "b.c": -1 }, "keyValue": { "a": 1, "b": 2 } };
        let table: [(&str, Option<&RawDocument>, &[&str]); 6] = [
            ("E11000", Some(&reply), &["number: is taken: another document has OF-1"]),
            (message, None, &["number: is taken: another document has OF-{1}, \\\"x\\\""]),
            (message, Some(&reply), &["number: is taken: another document has OF-1"]),
            (
                "E11000",
                Some(&pair),
                &[
                    "a: is taken: another document has the same a and b.c",
                    "b.c: is taken: another document has the same a and b.c",
                ],
            ),
            (
                "… dup key: { a: ObjectId('64'), b: { c: 1, d: 2 } }",
                None,
                &[
                    "a: is taken: another document has the same a and b",
                    "b: is taken: another document has the same a and b",
                ],
            ),
            ("E11000 without more", None, &[]),
        ];
        for (message, details, expected) in table {
            assert_eq!(told(&rejected(DUPLICATE_KEY, message, details)), expected, "{message}");
        }
        assert!(!is_duplicate_id(DUPLICATE_KEY, message, None));
        assert!(is_duplicate_id(DUPLICATE_KEY, "… dup key: { _id: ObjectId('64') }", None));
        assert!(is_duplicate_id(DUPLICATE_KEY, "", Some(&rawdoc! { "keyPattern": { "_id": 1 } })));
        assert!(!is_duplicate_id(DUPLICATE_KEY, "", Some(&rawdoc! { "keyPattern": { "_id": 1, "a": 1 } })));
        assert!(!is_duplicate_id(VALIDATION, "… dup key: { _id: 1 }", None));
    }

    #[test]
    fn what_is_not_understood_keeps_the_server_s_message() {
        let odd = [
            rawdoc! {},
            rawdoc! { "details": 5 },
            rawdoc! { "details": { "operatorName": "$jsonSchema", "schemaRulesNotSatisfied": 1 } },
            rawdoc! { "details": { "operatorName": "$expr" } },
            rawdoc! { "errInfo": { "details": { "operatorName": "properties", "propertiesNotSatisfied": [1, {}] } } },
        ];
        for details in &odd {
            let failure = rejected(VALIDATION, "Document failed\nvalidation", Some(details));
            let expected =
                Failure::Rejected { message: "Document failed↵validation".into(), fields: vec![] };
            assert_eq!(failure, expected, "{details:?}");
        }
        let message = "Plan executor error during update :: caused by :: immutable field '_id'";
        let failure = rejected(66, message, None);
        assert_eq!(failure, Failure::Rejected { message: "immutable field '_id'".into(), fields: vec![] });
    }
}
