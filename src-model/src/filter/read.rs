//! A filter as clauses, or `None` where the server would refuse it.
//!
//! Follows `MatchExpressionParser` of the server's sources. What is valid and not evaluated here becomes an `Unknown`,
//! so that another clause may still decide.

use std::cmp::Ordering;

use bson::{RawArray, RawBsonRef, RawDocument};

use super::{
    clause::Clause,
    condition::Condition,
    predicate::{Expression, Predicate},
};
use crate::{order, shape::Type};

/// Operators on whole documents that only the database evaluates.
const OF_DOCUMENTS: [&str; 7] =
    ["$expr", "$where", "$text", "$jsonSchema", "$alwaysTrue", "$alwaysFalse", "$sampleRate"];

/// Operators on fields that only the database evaluates.
const OF_FIELDS: [&str; 11] = [
    "$mod",
    "$bitsAllSet",
    "$bitsAllClear",
    "$bitsAnySet",
    "$bitsAnyClear",
    "$geoWithin",
    "$geoIntersects",
    "$near",
    "$nearSphere",
    "$within",
    "$geoNear",
];

/// The fields of a database reference: a document of these is a value, though their names look like operators.
const OF_REFERENCES: [&str; 3] = ["$ref", "$id", "$db"];

pub(super) fn filter(filter: &RawDocument) -> Option<Clause<'_>> {
    let clauses = filter.iter().map(|element| {
        let (name, condition) = element.ok()?;
        match name.as_str() {
            "$and" => Some(Clause::All(filters(condition)?)),
            "$or" => Some(Clause::Any(filters(condition)?)),
            "$nor" => Some(Clause::Not(Box::new(Clause::Any(filters(condition)?)))),
            "$comment" => Some(Clause::All(Vec::new())),
            name if OF_DOCUMENTS.contains(&name) || OF_REFERENCES.contains(&name) => Some(Clause::Unknown),
            name if name.starts_with('$') => None,
            path => field(path, condition),
        }
    });
    clauses.collect::<Option<_>>().map(Clause::All)
}

/// The clauses of `$and` and its like.
fn filters(of: RawBsonRef<'_>) -> Option<Vec<Clause<'_>>> {
    let filters = of.as_array().filter(|filters| !filters.is_empty())?;
    filters.into_iter().map(|one| filter(one.ok()?.as_document()?)).collect()
}

fn field<'f>(path: &'f str, condition: RawBsonRef<'f>) -> Option<Clause<'f>> {
    let names: Vec<&str> = path.split('.').collect();
    let condition = match condition {
        RawBsonRef::Document(operators) if begins_with_operator(operators) => operators_of(operators)?,
        value => literal(value)?,
    };
    // What a part without a name leads to is the server's own.
    match names.contains(&"") {
        true => Some(Clause::Unknown),
        false => Some(Clause::Field { names, condition }),
    }
}

/// A value by itself: to be equal to, or, of a regular expression, to match.
fn literal(value: RawBsonRef<'_>) -> Option<Condition<'_>> {
    match value {
        RawBsonRef::RegularExpression(regex) => Some(Condition::One(Predicate::Text(Expression::of(regex)))),
        value => equal(value),
    }
}

fn equal(value: RawBsonRef<'_>) -> Option<Condition<'_>> {
    match value {
        RawBsonRef::Undefined => None,
        RawBsonRef::Document(reference) if is_reference(reference) => Some(Condition::Unknown),
        value => Some(Condition::One(Predicate::Equal(value))),
    }
}

/// Whether a document is made of operators rather than to be equal to, as far as its first name tells.
fn begins_with_operator(document: &RawDocument) -> bool {
    document.iter_elements().flatten().next().is_some_and(|first| first.key().as_str().starts_with('$'))
        && !is_reference(document)
}

fn is_reference(document: &RawDocument) -> bool {
    document.iter_elements().flatten().any(|element| OF_REFERENCES.contains(&element.key().as_str()))
}

/// `{$gt: 5, $lt: 10}`
fn operators_of(operators: &RawDocument) -> Option<Condition<'_>> {
    let conditions = operators.iter().map(|element| {
        let (operator, operand) = element.ok()?;
        match operator.as_str() {
            "$regex" => expression(operand, operators.get("$options").ok()?),
            // It is read along with the expression.
            "$options" => operators.get("$regex").ok()?.map(|_| Condition::All(Vec::new())),
            operator => condition(operator, operand),
        }
    });
    let conditions: Vec<_> = conditions.collect::<Option<_>>()?;
    let names = || operators.iter_elements().flatten().map(|element| element.key());
    let is_twice = |name: &str| names().filter(|other| *other == name).count() > 1;
    match is_twice("$regex") || is_twice("$options") {
        true => None,
        false => Some(Condition::All(conditions)),
    }
}

fn condition<'f>(operator: &str, operand: RawBsonRef<'f>) -> Option<Condition<'f>> {
    match operator {
        "$eq" => equal(operand),
        // A regular expression is not for `$ne`, nor for `$gt` and its like.
        "$ne" if operand.as_regex().is_none() => equal(operand).map(not),
        "$gt" => ordered(operand, Ordering::is_gt),
        "$gte" => ordered(operand, Ordering::is_ge),
        "$lt" => ordered(operand, Ordering::is_lt),
        "$lte" => ordered(operand, Ordering::is_le),
        "$in" => any_of(operand.as_array()?),
        "$nin" => any_of(operand.as_array()?).map(not),
        "$exists" => {
            let exists = Condition::One(Predicate::Exists);
            Some(if is_true(operand) { exists } else { not(exists) })
        }
        "$type" => types(operand).map(|types| Condition::One(Predicate::Typed(types))),
        "$not" => match operand {
            regex @ RawBsonRef::RegularExpression(_) => literal(regex).map(not),
            operators => {
                let operators = operators.as_document().filter(|operators| !operators.is_empty())?;
                operators_of(operators).map(not)
            }
        },
        "$all" => all_of(operand.as_array()?),
        "$size" => {
            let size = whole(operand).and_then(|size| i32::try_from(size).ok())?;
            usize::try_from(size).ok().map(|size| Condition::One(Predicate::Sized(size)))
        }
        "$elemMatch" => element(operand.as_document()?).map(Condition::One),
        operator => OF_FIELDS.contains(&operator).then_some(Condition::Unknown),
    }
}

fn not(condition: Condition<'_>) -> Condition<'_> {
    Condition::Not(Box::new(condition))
}

fn ordered(to: RawBsonRef<'_>, test: fn(Ordering) -> bool) -> Option<Condition<'_>> {
    match to {
        RawBsonRef::RegularExpression(_) | RawBsonRef::Undefined => None,
        to => Some(Condition::One(Predicate::Ordered(to, test))),
    }
}

fn any_of(values: &RawArray) -> Option<Condition<'_>> {
    let mut predicates = Vec::new();
    for value in values {
        match value.ok()? {
            RawBsonRef::Document(document) if begins_with_operator(document) => return None,
            value => match literal(value)? {
                Condition::One(predicate) => predicates.push(predicate),
                _ => return Some(Condition::Unknown),
            },
        }
    }
    Some(Condition::One(Predicate::AnyOf(predicates)))
}

fn all_of(values: &RawArray) -> Option<Condition<'_>> {
    let is_element = |value: RawBsonRef<'_>| {
        let of = value.as_document().and_then(|document| document.iter_elements().flatten().next());
        of.is_some_and(|first| first.key() == "$elemMatch")
    };
    let mut conditions = Vec::new();
    let mut elements = 0;
    for value in values {
        let value = value.ok()?;
        conditions.push(match value {
            RawBsonRef::Document(document) if is_element(value) => {
                elements += 1;
                // The server reads no further.
                let is_alone = document.iter_elements().nth(1).is_none();
                if is_alone { operators_of(document)? } else { Condition::Unknown }
            }
            RawBsonRef::Document(document) if begins_with_operator(document) => return None,
            value => literal(value)?,
        });
    }
    match conditions.len() {
        // Nothing has all of nothing.
        0 => Some(not(Condition::All(conditions))),
        count if elements == 0 || elements == count => Some(Condition::All(conditions)),
        _ => None,
    }
}

/// The query of an `$elemMatch`: operators on an item itself, or a filter on it.
fn element(query: &RawDocument) -> Option<Predicate<'_>> {
    let first = query.iter_elements().flatten().next();
    let is_of_documents =
        |name: &str| matches!(name, "$and" | "$or" | "$nor" | "$comment") || OF_DOCUMENTS.contains(&name);
    match begins_with_operator(query) && !first.is_some_and(|first| is_of_documents(first.key().as_str())) {
        true => operators_of(query).map(Box::new).map(Predicate::Item),
        false => filter(query).map(Box::new).map(Predicate::Document),
    }
}

/// `$regex`, with its `$options` if there are any.
fn expression<'f>(regex: RawBsonRef<'f>, options: Option<RawBsonRef<'f>>) -> Option<Condition<'f>> {
    let (source, own) = match regex {
        RawBsonRef::String(source) => (source, ""),
        RawBsonRef::RegularExpression(regex) => (regex.pattern.as_str(), regex.options.as_str()),
        _ => return None,
    };
    let options = match options {
        None => own,
        Some(options) if own.is_empty() => options.as_str()?,
        Some(_) => return None,
    };
    let has_nul = source.contains('\0') || options.contains('\0');
    (!has_nul).then(|| Condition::One(Predicate::Text(Expression::new(source, options))))
}

/// The operand of `$type`: a name, a number, or several of these.
fn types(of: RawBsonRef<'_>) -> Option<Vec<Type>> {
    let one = |of: RawBsonRef<'_>| {
        let types = match of {
            RawBsonRef::String(name) => Type::named(name),
            number => vec![Type::numbered(whole(number)?)?],
        };
        Some(types).filter(|types| !types.is_empty())
    };
    match of {
        RawBsonRef::Array(all) if all.is_empty() => None,
        RawBsonRef::Array(all) => {
            Some(all.into_iter().map(|of| one(of.ok()?)).collect::<Option<Vec<_>>>()?.concat())
        }
        of => one(of),
    }
}

fn whole(number: RawBsonRef<'_>) -> Option<i64> {
    match number {
        RawBsonRef::Int32(number) => Some(number.into()),
        RawBsonRef::Int64(number) => Some(number),
        RawBsonRef::Double(number) if number.fract() == 0.0 => Some(number as i64),
        _ => None,
    }
}

/// Whether a value counts as true: all do but null, undefined, `false` and zero.
fn is_true(value: RawBsonRef<'_>) -> bool {
    match value {
        RawBsonRef::Boolean(yes) => yes,
        RawBsonRef::Null | RawBsonRef::Undefined => false,
        value => !Type::of(value).is_number() || order::compare(value, RawBsonRef::Int32(0)).is_ne(),
    }
}
