//! What is asked of one value.

use std::cmp::Ordering;

use bson::{RawBsonRef, raw::RawRegexRef};

use super::{
    clause::Clause,
    condition::Condition,
    reach::as_document,
    verdict::{all, any},
};
use crate::{order, pattern::Pattern, shape::Type};

pub(super) enum Predicate<'f> {
    Equal(RawBsonRef<'f>),
    /// `$gt` and its like.
    Ordered(RawBsonRef<'f>, fn(Ordering) -> bool),
    /// `$in`.
    AnyOf(Vec<Self>),
    Exists,
    Typed(Vec<Type>),
    Text(Expression<'f>),
    /// An array of that many items.
    Sized(usize),
    /// An array with an item that meets the condition.
    Item(Box<Condition<'f>>),
    /// An array with a document that the clause takes.
    Document(Box<Clause<'f>>),
}

/// A regular expression, as it is written in the filter.
pub(super) struct Expression<'f> {
    source: &'f str,
    options: &'f str,
    pattern: Pattern,
}

impl<'f> Expression<'f> {
    pub(super) fn new(source: &'f str, options: &'f str) -> Self {
        Self { source, options, pattern: Pattern::new(source, options) }
    }

    pub(super) fn of(regex: RawRegexRef<'f>) -> Self {
        Self::new(regex.pattern.as_str(), regex.options.as_str())
    }
}

impl Predicate<'_> {
    /// Whether the items of an array are asked, too, and not only the array itself.
    pub(super) fn is_about_items(&self) -> bool {
        !matches!(self, Self::Sized(_) | Self::Item(_) | Self::Document(_))
    }

    /// Whether it holds for a value; `None` for a missing one.
    pub(super) fn holds(&self, value: Option<RawBsonRef<'_>>) -> Option<bool> {
        match self {
            Self::Equal(to) => equal(value, *to),
            Self::Ordered(to, test) => ordered(value, *to, *test),
            Self::AnyOf(predicates) => any(predicates.iter().map(|one| one.holds(value))),
            Self::Exists => Some(value.is_some()),
            Self::Typed(types) => Some(value.is_some_and(|value| types.contains(&Type::of(value)))),
            Self::Text(expression) => expression.fits(value),
            Self::Sized(size) => Some(items(value).is_some_and(|items| items.into_iter().count() == *size)),
            Self::Item(condition) => {
                any(items(value).into_iter().flatten().map(|item| condition.met_by_item(item.ok()?)))
            }
            Self::Document(clause) => {
                any(items(value).into_iter().flatten().map(|item| match item.ok()? {
                    RawBsonRef::Document(document) => clause.takes(document),
                    RawBsonRef::Array(items) => clause.takes(as_document(items)?),
                    _ => Some(false),
                }))
            }
        }
    }
}

fn items(value: Option<RawBsonRef<'_>>) -> Option<&bson::RawArray> {
    value.and_then(RawBsonRef::as_array)
}

/// A missing field is equal to null. Undefined was, before MongoDB 8.0.
/// <https://www.mongodb.com/docs/manual/release-notes/8.0-compatibility/>
fn equal(value: Option<RawBsonRef<'_>>, to: RawBsonRef<'_>) -> Option<bool> {
    match value {
        None => Some(to == RawBsonRef::Null),
        Some(RawBsonRef::Undefined) if to == RawBsonRef::Null => None,
        Some(value) => Some(order::compare(value, to).is_eq()),
    }
}

/// Compares within one type only, but for MinKey and MaxKey, which are below and above all others. NaN is neither below
/// nor above anything.
fn ordered(value: Option<RawBsonRef<'_>>, to: RawBsonRef<'_>, test: fn(Ordering) -> bool) -> Option<bool> {
    let Some(value) = value else {
        return Some(match to {
            RawBsonRef::Null => test(Ordering::Equal),
            to => beyond(to).is_some_and(test),
        });
    };
    if value == RawBsonRef::Undefined && to == RawBsonRef::Null {
        // The same question of the server's version.
        return if test(Ordering::Equal) { None } else { Some(false) };
    }
    Some(match order::same_bracket(value, to) {
        false => beyond(to).is_some_and(test),
        true if order::is_nan(value) || order::is_nan(to) => {
            order::is_nan(value) && order::is_nan(to) && test(Ordering::Equal)
        }
        true => test(order::compare(value, to)),
    })
}

/// How values of all other types stand to this one, if they are ordered at all.
fn beyond(to: RawBsonRef<'_>) -> Option<Ordering> {
    match to {
        RawBsonRef::MinKey => Some(Ordering::Greater),
        RawBsonRef::MaxKey => Some(Ordering::Less),
        _ => None,
    }
}

impl Expression<'_> {
    /// Whether a text matches it, or a value is this very expression.
    fn fits(&self, value: Option<RawBsonRef<'_>>) -> Option<bool> {
        match value {
            Some(RawBsonRef::String(text) | RawBsonRef::Symbol(text)) => self.pattern.matches(text),
            Some(RawBsonRef::RegularExpression(regex)) => all([
                Some(regex.pattern.as_str() == self.source),
                Some(regex.options.as_str() == self.options),
            ]
            .into_iter()),
            _ => Some(false),
        }
    }
}
