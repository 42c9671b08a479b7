//! Does a document match a MongoDB filter: yes, no, or it cannot be told here.
//!
//! It knows the operators that filters of tables are made of, with the server's rules for arrays, missing fields and
//! types (manual: "Query on Embedded Documents", "Query for Null or Missing Fields", "Comparison/Sort Order"), under the
//! simple collation. It never guesses: a list whose filter it cannot judge asks the database again.

use std::cmp::Ordering;

use bson::{RawBsonRef, RawDocument};

use crate::{order, shape::Type};

/// Whether the filter takes the document; `None` where that cannot be told without the database.
pub fn matches(filter: &RawDocument, document: &RawDocument) -> Option<bool> {
    all(filter.iter().map(|element| {
        let (name, condition) = element.ok()?;
        match name.as_str() {
            "$and" => all(clauses(condition)?.map(|clause| matches(clause?, document))),
            "$or" => any(clauses(condition)?.map(|clause| matches(clause?, document))),
            "$nor" => any(clauses(condition)?.map(|clause| matches(clause?, document))).map(|found| !found),
            "$comment" => Some(true),
            operator if operator.starts_with('$') => None,
            path => {
                let mut found = Vec::new();
                let names: Vec<&str> = path.split('.').collect();
                collect(document, &names, &mut found)?;
                Found { values: &found, spread: true }.meet(condition)
            }
        }
    }))
}

/// True if all are; one that is false decides, one that cannot be told does not.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any(answers.map(|answer| answer.map(|yes| !yes))).map(|found| !found)
}

/// True if one is.
fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return answer,
            Some(false) => {}
            None => outcome = None,
        }
    }
    outcome
}

/// The clauses of `$and` and its like; the server refuses an empty list.
fn clauses<'a>(condition: RawBsonRef<'a>) -> Option<impl Iterator<Item = Option<&'a RawDocument>>> {
    let clauses = condition.as_array().filter(|clauses| !clauses.is_empty())?;
    Some(clauses.into_iter().map(|clause| clause.ok()?.as_document()))
}

/// What a path leads to: `None` stands for a missing field, and an array on the way offers what its documents have.
fn collect<'a>(
    document: &'a RawDocument,
    names: &[&str],
    found: &mut Vec<Option<RawBsonRef<'a>>>,
) -> Option<()> {
    let (name, rest) = names.split_first()?;
    match document.get(name).ok()? {
        value if rest.is_empty() => found.push(value),
        Some(RawBsonRef::Document(inner)) => collect(inner, rest, found)?,
        // A number may be an index or a name here, and the rules for both at once are the server's own.
        Some(RawBsonRef::Array(_)) if rest[0].parse::<u32>().is_ok() => return None,
        Some(RawBsonRef::Array(items)) => {
            for item in items {
                if let RawBsonRef::Document(inner) = item.ok()? {
                    collect(inner, rest, found)?;
                }
            }
        }
        _ => found.push(None),
    }
    Some(())
}

/// The values that a condition is about.
#[derive(Clone, Copy)]
struct Found<'v, 'a> {
    values: &'v [Option<RawBsonRef<'a>>],
    /// Whether a condition on an array may also be met by one of its items.
    spread: bool,
}

impl<'a> Found<'_, 'a> {
    fn meet(self, condition: RawBsonRef<'_>) -> Option<bool> {
        match condition {
            RawBsonRef::Document(operators) if is_operators(operators) => self.meet_all(operators),
            value => self.equal(value),
        }
    }

    fn meet_all(self, operators: &RawDocument) -> Option<bool> {
        all(operators.iter().map(|element| {
            let (operator, operand) = element.ok()?;
            self.operator(operator.as_str(), operand)
        }))
    }

    fn operator(self, operator: &str, operand: RawBsonRef<'_>) -> Option<bool> {
        let items = || operand.as_array().map(|items| items.into_iter());
        match operator {
            "$eq" => self.equal(operand),
            "$ne" => self.equal(operand).map(|found| !found),
            "$gt" => self.ordered(operand, Ordering::is_gt),
            "$gte" => self.ordered(operand, Ordering::is_ge),
            "$lt" => self.ordered(operand, Ordering::is_lt),
            "$lte" => self.ordered(operand, Ordering::is_le),
            "$in" => any(items()?.map(|item| self.equal(item.ok()?))),
            "$nin" => any(items()?.map(|item| self.equal(item.ok()?))).map(|found| !found),
            "$exists" => Some(self.values.iter().any(Option::is_some) == truth(operand)?),
            "$type" => self.typed(operand),
            "$not" => match operand {
                RawBsonRef::Document(operators) if is_operators(operators) => {
                    self.meet_all(operators).map(|met| !met)
                }
                _ => None,
            },
            "$all" if operand.as_array()?.is_empty() => Some(false),
            "$all" => all(items()?.map(|item| self.meet(item.ok()?))),
            "$size" => {
                let size = whole(operand)?;
                Some(self.arrays().any(|items| items.into_iter().count() as i64 == size))
            }
            "$elemMatch" => {
                let query = operand.as_document()?;
                any(self.arrays().map(|items| any(items.into_iter().map(|item| element(query, item.ok()?)))))
            }
            _ => None,
        }
    }

    fn any(self, test: impl Fn(Option<RawBsonRef<'a>>) -> Option<bool>) -> Option<bool> {
        any(self.values.iter().map(|value| match value {
            Some(RawBsonRef::Array(items)) if self.spread => {
                let of_items = any(items.into_iter().map(|item| test(Some(item.ok()?))));
                any([of_items, test(*value)].into_iter())
            }
            value => test(*value),
        }))
    }

    fn arrays(self) -> impl Iterator<Item = &'a bson::RawArray> {
        self.values.iter().filter_map(|value| value.and_then(RawBsonRef::as_array))
    }

    /// A missing field is equal to null. Whether undefined is depends on the server's version.
    fn equal(self, to: RawBsonRef<'_>) -> Option<bool> {
        if matches!(to, RawBsonRef::RegularExpression(_) | RawBsonRef::Undefined) {
            return None;
        }
        self.any(|value| match value {
            None => Some(to == RawBsonRef::Null),
            Some(RawBsonRef::Undefined) if to == RawBsonRef::Null => None,
            Some(value) => Some(order::compare(value, to).is_eq()),
        })
    }

    /// `$gt` and its like compare within one type only.
    fn ordered(self, to: RawBsonRef<'_>, test: fn(Ordering) -> bool) -> Option<bool> {
        use RawBsonRef as B;
        if matches!(to, B::RegularExpression(_) | B::Undefined | B::MinKey | B::MaxKey) || is_nan(to) {
            return None;
        }
        self.any(|value| match value.unwrap_or(RawBsonRef::Null) {
            value if is_nan(value) || value == RawBsonRef::Undefined => None,
            value => Some(order::same_bracket(value, to) && test(order::compare(value, to))),
        })
    }

    fn typed(self, operand: RawBsonRef<'_>) -> Option<bool> {
        let types = match operand {
            RawBsonRef::Array(all) => {
                all.into_iter().map(|of| types(of.ok()?)).collect::<Option<Vec<_>>>()?.concat()
            }
            one => types(one)?,
        };
        self.any(|value| Some(value.is_some_and(|value| types.contains(&Type::of(value)))))
    }
}

/// Whether an item of an array meets the query of an `$elemMatch`: operators on the item itself, or a filter on it.
fn element(query: &RawDocument, item: RawBsonRef<'_>) -> Option<bool> {
    let is_logical = |name: &str| matches!(name, "$and" | "$or" | "$nor");
    let by_operators = query
        .iter()
        .flatten()
        .next()
        .is_some_and(|(name, _)| name.as_str().starts_with('$') && !is_logical(name.as_str()));
    match item {
        _ if by_operators => Found { values: &[Some(item)], spread: false }.meet_all(query),
        RawBsonRef::Document(item) => matches(query, item),
        // The server takes an array in an array for a document, with its indexes for names.
        RawBsonRef::Array(_) => None,
        _ => Some(false),
    }
}

/// Whether a condition is made of operators, and is not a document to be equal to.
fn is_operators(condition: &RawDocument) -> bool {
    condition.iter_elements().flatten().next().is_some_and(|first| first.key().as_str().starts_with('$'))
}

fn types(of: RawBsonRef<'_>) -> Option<Vec<Type>> {
    let types = match of {
        RawBsonRef::String(name) => Type::named(name),
        number => vec![Type::numbered(whole(number)?)?],
    };
    (!types.is_empty()).then_some(types)
}

fn whole(number: RawBsonRef<'_>) -> Option<i64> {
    match number {
        RawBsonRef::Int32(number) => Some(number.into()),
        RawBsonRef::Int64(number) => Some(number),
        RawBsonRef::Double(number) if number.fract() == 0.0 => Some(number as i64),
        _ => None,
    }
}

fn truth(operand: RawBsonRef<'_>) -> Option<bool> {
    match operand {
        RawBsonRef::Boolean(yes) => Some(yes),
        number => whole(number).map(|number| number != 0),
    }
}

fn is_nan(value: RawBsonRef<'_>) -> bool {
    match value {
        RawBsonRef::Double(number) => number.is_nan(),
        RawBsonRef::Decimal128(number) => number.to_string() == "NaN",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawBson, RawDocumentBuf, rawdoc};

    use super::*;

    fn check(document: &RawDocumentBuf, table: Vec<(RawDocumentBuf, Option<bool>)>) {
        for (filter, expected) in table {
            let shown = |raw: &RawDocumentBuf| bson::Document::try_from(raw).unwrap().to_string();
            assert_eq!(matches(&filter, document), expected, "{} on {}", shown(&filter), shown(document));
            let nor = expected.map(|yes| !yes);
            assert_eq!(
                matches(&rawdoc! { "$nor": [filter.clone()] }, document),
                nor,
                "$nor {}",
                shown(&filter)
            );
        }
    }

    const YES: Option<bool> = Some(true);
    const NO: Option<bool> = Some(false);

    #[test]
    fn fields_are_compared_as_the_server_compares_them() {
        let decimal = |text: &str| RawBson::from(text.parse::<bson::Decimal128>().unwrap());
        let document = rawdoc! {
            "n": 5, "d": decimal("5.00"), "s": "mid", "z": null, "o": { "a": 1, "b": "x" }, "nan": f64::NAN, "e": [],
        };
        check(
            &document,
            vec![
                (rawdoc! {}, YES),
                (rawdoc! { "n": 5.0 }, YES),
                (rawdoc! { "n": "5" }, NO),
                (rawdoc! { "d": 5, "s": "mid" }, YES),
                (rawdoc! { "d": 5, "s": "other" }, NO),
                (rawdoc! { "n": { "$gt": 4.5, "$lte": 5 } }, YES),
                (rawdoc! { "n": { "$gt": 4, "$lt": 5 } }, NO),
                // only within one type
                (rawdoc! { "s": { "$gt": 1 } }, NO),
                (rawdoc! { "s": { "$lt": 1 } }, NO),
                (rawdoc! { "s": { "$gte": "m" } }, YES),
                (rawdoc! { "n": { "$ne": 5 } }, NO),
                (rawdoc! { "n": { "$ne": "5" } }, YES),
                (rawdoc! { "n": { "$in": [1, 5_i64] } }, YES),
                (rawdoc! { "n": { "$in": [] } }, NO),
                (rawdoc! { "n": { "$nin": [1, "5"] } }, YES),
                // null and missing
                (rawdoc! { "z": null }, YES),
                (rawdoc! { "gone": null }, YES),
                (rawdoc! { "n.deeper": null }, YES),
                (rawdoc! { "gone": { "$ne": null } }, NO),
                (rawdoc! { "gone": { "$in": [null] } }, YES),
                (rawdoc! { "gone": { "$gte": null } }, YES),
                (rawdoc! { "gone": { "$gt": null } }, NO),
                (rawdoc! { "gone": { "$lt": 5 } }, NO),
                (rawdoc! { "gone": { "$ne": 5 } }, YES),
                (rawdoc! { "z": { "$exists": true } }, YES),
                (rawdoc! { "gone": { "$exists": false } }, YES),
                (rawdoc! { "gone": { "$exists": 1 } }, NO),
                // documents
                (rawdoc! { "o.a": 1 }, YES),
                (rawdoc! { "o": { "a": 1, "b": "x" } }, YES),
                (rawdoc! { "o": { "b": "x", "a": 1 } }, NO),
                (rawdoc! { "o": {} }, NO),
                // types
                (rawdoc! { "d": { "$type": "decimal" } }, YES),
                (rawdoc! { "d": { "$type": ["string", 19] } }, YES),
                (rawdoc! { "d": { "$type": "number" } }, YES),
                (rawdoc! { "gone": { "$type": "null" } }, NO),
                (rawdoc! { "e": { "$type": "array" } }, YES),
                // logic
                (rawdoc! { "n": { "$not": { "$gt": 5 } } }, YES),
                (rawdoc! { "gone": { "$not": { "$gt": 5 } } }, YES),
                (rawdoc! { "$or": [{ "n": 1 }, { "s": "mid" }] }, YES),
                (rawdoc! { "$and": [{ "n": 5 }, { "s": "x" }] }, NO),
                (rawdoc! { "$comment": "x", "n": 5 }, YES),
                // not a number
                (rawdoc! { "nan": f64::NAN }, YES),
                (rawdoc! { "nan": { "$lt": 5 } }, None),
                (rawdoc! { "n": { "$lt": decimal("NaN") } }, None),
            ],
        );
    }

    #[test]
    fn arrays_are_searched_as_the_server_searches_them() {
        let document = rawdoc! {
            "t": ["a", "b", 7],
            "l": [{ "q": 1, "p": 9 }, { "q": 4 }, 5, [{ "q": 8 }]],
            "m": [[1, 2], [3]],
            "e": [],
            "v": [3, 12],
        };
        check(
            &document,
            vec![
                (rawdoc! { "t": "a" }, YES),
                (rawdoc! { "t": "c" }, NO),
                (rawdoc! { "t": { "$ne": "a" } }, NO),
                (rawdoc! { "t": ["a", "b", 7] }, YES),
                (rawdoc! { "t": ["a", "b"] }, NO),
                (rawdoc! { "t": { "$all": ["b", "a"] } }, YES),
                (rawdoc! { "t": { "$all": ["b", "c"] } }, NO),
                (rawdoc! { "t": { "$all": [] } }, NO),
                (rawdoc! { "t": { "$size": 3 } }, YES),
                (rawdoc! { "t": { "$size": 2_i64 } }, NO),
                (rawdoc! { "t": { "$type": "int" } }, YES),
                (rawdoc! { "t": { "$type": "array" } }, YES),
                (rawdoc! { "t": { "$type": "bool" } }, NO),
                (rawdoc! { "m": [3] }, YES),
                (rawdoc! { "m": 3 }, NO),
                (rawdoc! { "e": null }, NO),
                (rawdoc! { "e": [] }, YES),
                (rawdoc! { "e": { "$size": 0 } }, YES),
                // one item below and another above satisfy both
                (rawdoc! { "v": { "$gt": 5, "$lt": 10 } }, YES),
                (rawdoc! { "v": { "$elemMatch": { "$gt": 5, "$lt": 10 } } }, NO),
                (rawdoc! { "v": { "$elemMatch": { "$gt": 5, "$lt": 13 } } }, YES),
                (rawdoc! { "v": { "$not": { "$elemMatch": { "$gt": 13 } } } }, YES),
                (rawdoc! { "l.q": 4 }, YES),
                (rawdoc! { "l.q": 8 }, NO),
                (rawdoc! { "l.p": null }, YES),
                (rawdoc! { "l.q": null }, NO),
                (rawdoc! { "e.q": null }, NO),
                (rawdoc! { "e.q": { "$exists": false } }, YES),
                (rawdoc! { "l.q": { "$gt": 3 }, "l.p": 9 }, YES),
                (rawdoc! { "l": { "$elemMatch": { "q": 1, "p": 9 } } }, YES),
                (rawdoc! { "e": { "$elemMatch": { "q": 1 } } }, NO),
                (rawdoc! { "t": { "$all": [{ "$elemMatch": { "$eq": 7 } }] } }, YES),
                (rawdoc! { "v": { "$elemMatch": { "$or": [{ "x": 1 }] } } }, NO),
                // the array within the array may be taken for a document
                (rawdoc! { "l": { "$elemMatch": { "q": 4, "p": 9 } } }, None),
                (rawdoc! { "l.0": 1 }, None),
            ],
        );
    }

    #[test]
    fn what_it_does_not_know_it_leaves_to_the_database_unless_another_branch_decides() {
        let document = rawdoc! { "a": 1, "u": RawBson::Undefined };
        let regex = || rawdoc! { "a": bson::Regex { pattern: bson::raw::cstr!("x").into(), options: bson::raw::cstr!("").into() } };
        check(
            &document,
            vec![
                (regex(), None),
                (rawdoc! { "a": { "$regex": "x" } }, None),
                (rawdoc! { "a": { "$not": regex() } }, None),
                (rawdoc! { "a": { "$mod": [2, 1] } }, None),
                (rawdoc! { "$where": "true" }, None),
                (rawdoc! { "$expr": true }, None),
                (rawdoc! { "$and": [] }, None),
                (rawdoc! { "$or": 5 }, None),
                (rawdoc! { "$or": [5] }, None),
                (rawdoc! { "a": { "$in": 5 } }, None),
                (rawdoc! { "a": { "$type": "no type" } }, None),
                (rawdoc! { "a": { "$gt": RawBson::MinKey } }, None),
                (rawdoc! { "u": null }, None),
                (rawdoc! { "$and": [regex(), { "a": 2 }] }, NO),
                (rawdoc! { "$and": [regex(), { "a": 1 }] }, None),
                (rawdoc! { "$or": [regex(), { "a": 1 }] }, YES),
                (rawdoc! { "$or": [regex(), { "a": 2 }] }, None),
                (rawdoc! { "a": { "$regex": "x", "$gt": 5 } }, NO),
                (rawdoc! { "a": { "$in": [1, regex().get("a").unwrap().unwrap()] } }, YES),
            ],
        );
        let mut broken = rawdoc! { "a": "x" }.into_bytes();
        let end = broken.len() - 3;
        broken[end] = 0xFF;
        assert_eq!(matches(&rawdoc! { "a": "x" }, RawDocument::from_bytes(&broken).unwrap()), None);
    }
}
