//! One thing that a schema asks of a value, and the words for it.
//!
//! As in JSON Schema, a rule about lengths or bounds has nothing to say on a value of a type without them.

use std::fmt;

use bson::{RawBsonRef, RawDocument};

use super::{Type, display_text};
use crate::{Value, order::compare, pattern::Pattern};

/// Something that a schema asks of a value. `Display` gives the words: `must be at least 0`.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// It has one of these types (`bsonType`, `type`).
    Types(Vec<Type>),
    /// It is one of these (`enum`).
    Options(Vec<Value>),
    /// A number: not below it (`minimum`, `exclusiveMinimum`).
    Minimum(Bound),
    /// A number: not above it (`maximum`, `exclusiveMaximum`).
    Maximum(Bound),
    /// Text: at least so many characters (`minLength`).
    MinLength(usize),
    /// Text: at most so many characters (`maxLength`).
    MaxLength(usize),
    /// Text: matches a regular expression (`pattern`).
    Pattern(Pattern),
    /// An array: at least so many items (`minItems`).
    MinItems(usize),
    /// An array: at most so many items (`maxItems`).
    MaxItems(usize),
    /// An array: no two items are equal (`uniqueItems`).
    UniqueItems,
}

/// An end of a range of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The number.
    pub number: Value,
    /// Whether the number itself is outside.
    pub exclusive: bool,
}

impl Rule {
    /// The rules among a schema's keywords. What is not understood, or is malformed, is left out.
    pub fn of_schema(schema: &RawDocument) -> Vec<Self> {
        let keyword = |name| schema.get(name).ok().flatten();
        let count = |name| keyword(name).and_then(whole).and_then(|count| usize::try_from(count).ok());
        let bound = |name, exclusive| {
            let number = keyword(name).filter(|number| Type::of(*number).is_number())?;
            let exclusive = keyword(exclusive).and_then(RawBsonRef::as_bool).unwrap_or(false);
            Some(Bound { number: Value::from_ref(number), exclusive })
        };
        let options = || {
            keyword("enum")?.as_array().map(|all| all.into_iter().flatten().map(Value::from_ref).collect())
        };
        let types =
            || keyword("bsonType").or_else(|| keyword("type")).map(types).filter(|types| !types.is_empty());
        [
            types().map(Self::Types),
            options().map(Self::Options),
            bound("minimum", "exclusiveMinimum").map(Self::Minimum),
            bound("maximum", "exclusiveMaximum").map(Self::Maximum),
            count("minLength").map(Self::MinLength),
            count("maxLength").map(Self::MaxLength),
            keyword("pattern")
                .and_then(RawBsonRef::as_str)
                .map(|pattern| Self::Pattern(Pattern::new(pattern, ""))),
            count("minItems").map(Self::MinItems),
            count("maxItems").map(Self::MaxItems),
            keyword("uniqueItems").filter(|on| *on == RawBsonRef::Boolean(true)).map(|_| Self::UniqueItems),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether the value is as the rule asks, as far as that can be told here.
    pub fn holds(&self, value: RawBsonRef<'_>) -> bool {
        let against = |bound: &Bound| {
            Type::of(value).is_number().then(|| compare(value, bound.number.get())).filter(|order| {
                // Equal is within, unless the bound is exclusive.
                bound.exclusive || order.is_ne()
            })
        };
        let characters = || value.as_str().map(|text| text.chars().count());
        let items = || value.as_array().map(|items| items.into_iter().count());
        match self {
            Self::Types(types) => types.contains(&Type::of(value)),
            Self::Options(options) => options.iter().any(|option| compare(value, option.get()).is_eq()),
            Self::Minimum(bound) => against(bound).is_none_or(|order| order.is_gt()),
            Self::Maximum(bound) => against(bound).is_none_or(|order| order.is_lt()),
            Self::MinLength(least) => characters().is_none_or(|count| count >= *least),
            Self::MaxLength(most) => characters().is_none_or(|count| count <= *most),
            Self::Pattern(pattern) => value.as_str().and_then(|text| pattern.matches(text)).unwrap_or(true),
            Self::MinItems(least) => items().is_none_or(|count| count >= *least),
            Self::MaxItems(most) => items().is_none_or(|count| count <= *most),
            Self::UniqueItems => value.as_array().is_none_or(|items| {
                let mut items: Vec<_> = items.into_iter().flatten().collect();
                items.sort_by(|a, b| compare(*a, *b));
                items.windows(2).all(|pair| compare(pair[0], pair[1]).is_ne())
            }),
        }
    }
}

/// `"string"`, `16`, or an array of such.
fn types(value: RawBsonRef<'_>) -> Vec<Type> {
    match value {
        // The one name in which JSON Schema's `type` differs from MongoDB's alias.
        RawBsonRef::String("boolean") => vec![Type::Bool],
        RawBsonRef::String(name) => Type::named(name),
        RawBsonRef::Array(all) => all.into_iter().flatten().flat_map(types).collect(),
        number => whole(number).and_then(Type::numbered).into_iter().collect(),
    }
}

fn whole(value: RawBsonRef<'_>) -> Option<i64> {
    match value {
        RawBsonRef::Int32(number) => Some(number.into()),
        RawBsonRef::Int64(number) => Some(number),
        // Shells write whole numbers as doubles.
        RawBsonRef::Double(number) if number.fract() == 0.0 => Some(number as i64),
        _ => None,
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: &usize, noun| format!("{count} {noun}{}", if *count == 1 { "" } else { "s" });
        match self {
            Self::Types(types) => {
                let labels: Vec<_> = types.iter().map(|of| of.label()).collect();
                write!(f, "must be of type {}", labels.join(" or "))
            }
            Self::Options(options) => {
                let options: Vec<_> = options.iter().map(|option| display_text(option.get())).collect();
                write!(f, "must be one of {}", options.join(", "))
            }
            Self::Minimum(Bound { number, exclusive }) => {
                let word = if *exclusive { "more than" } else { "at least" };
                write!(f, "must be {word} {}", display_text(number.get()))
            }
            Self::Maximum(Bound { number, exclusive }) => {
                let word = if *exclusive { "less than" } else { "at most" };
                write!(f, "must be {word} {}", display_text(number.get()))
            }
            Self::MinLength(1) => f.write_str("must not be empty"),
            Self::MinLength(least) => write!(f, "must have at least {}", plural(least, "character")),
            Self::MaxLength(most) => write!(f, "must have at most {}", plural(most, "character")),
            Self::Pattern(pattern) => write!(f, "must match the pattern {}", pattern.source()),
            Self::MinItems(least) => write!(f, "must have at least {}", plural(least, "item")),
            Self::MaxItems(most) => write!(f, "must have at most {}", plural(most, "item")),
            Self::UniqueItems => f.write_str("must not hold the same item twice"),
        }
    }
}
