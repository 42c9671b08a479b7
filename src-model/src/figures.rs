//! Figures: counts, sums and the like over the documents of a collection, by group.
//!
//! What is asked and what comes back. How it is asked of MongoDB is the host's.

use std::fmt;

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::{Path, Stamp, Value, shape::calendar};

/// At most so many groups come back, whatever is asked for.
pub const FIGURES_MOST_GROUPS: u32 = 1_000;

/// Which figures of which documents, in which groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FiguresQuery {
    /// A MongoDB filter document; an empty one takes all.
    pub filter: Value,
    /// By what the documents are grouped; without it, all of them are one group.
    pub group: Option<Group>,
    /// What is told of each group. The first one orders groups by value.
    pub measures: Vec<Measure>,
    /// At most so many groups; never more than [`FIGURES_MOST_GROUPS`].
    pub limit: u32,
}

/// By what documents are grouped.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// By the values of a field, those with the greatest first measure first. Missing and null are one group, as MongoDB
    /// has it; an array is a value as a whole.
    Value(Path),
    /// By the spans of time that the dates of a field lie in, in UTC; the newest of them, in the order of time. A span is
    /// named by its beginning; what has no date there is in the group of null.
    Date(Path, Span),
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// From midnight.
    Day,
    /// From Monday.
    Week,
    /// From the first.
    Month,
}

/// One figure of each group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Measure {
    /// What is told.
    pub figure: Figure,
    /// Of those documents of the group only that this MongoDB filter takes as well.
    pub filter: Option<Value>,
}

/// What is told of the documents of a group. Paths are dotted fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// How many there are.
    Count,
    /// The sum of the field's numbers, in the type that MongoDB's `$sum` gives it; 0 where there are none.
    Sum(Path),
    /// The average of the field's numbers; null where there are none.
    Average(Path),
    /// The least value of the field, in MongoDB's order; null where there is none.
    Least(Path),
    /// The greatest.
    Greatest(Path),
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// In the order that the query's group says; just one where it has none.
    pub groups: Vec<GroupFigures>,
    /// There are more groups than were asked for.
    pub more: bool,
    /// When the read was sent.
    pub stamp: Stamp,
}

/// What is told of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// Its value, or the beginning of its span of time; null where the documents are not grouped.
    pub of: Value,
    /// One for each measure.
    pub figures: Vec<Value>,
}

impl FiguresQuery {
    /// One measure of all documents, as one group.
    pub fn all(figure: Figure) -> Self {
        let measures = vec![Measure { figure, filter: None }];
        Self { filter: Value::document(&bson::RawDocumentBuf::new()), group: None, measures, limit: 1 }
    }
}

impl Figure {
    /// The field that it reads; `None` where it reads none.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Count => None,
            Self::Sum(path) | Self::Average(path) | Self::Least(path) | Self::Greatest(path) => Some(path),
        }
    }

    /// What it is of no documents at all, as MongoDB has it.
    pub fn of_nothing(&self) -> Value {
        match self {
            Self::Count | Self::Sum(_) => Value::from(0),
            Self::Average(_) | Self::Least(_) | Self::Greatest(_) => Value::from(bson::RawBson::Null),
        }
    }
}

/// `{sum amount by status}`, with `where` before a filter.
impl fmt::Display for FiguresQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measures: Vec<_> = self.measures.iter().map(ToString::to_string).collect();
        write!(f, "{{{}", measures.join(", "))?;
        match &self.group {
            None => {}
            Some(Group::Value(path)) => write!(f, " by {path}")?,
            Some(Group::Date(path, span)) => write!(f, " by {} of {path}", span.name())?,
        }
        if self.filter.get().as_document().is_none_or(|filter| !filter.is_empty()) {
            write!(f, " where {}", self.filter)?;
        }
        f.write_str("}")
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.figure {
            Figure::Count => "count",
            Figure::Sum(_) => "sum",
            Figure::Average(_) => "average",
            Figure::Least(_) => "least",
            Figure::Greatest(_) => "greatest",
        };
        f.write_str(name)?;
        if let Some(path) = self.figure.path() {
            write!(f, " {path}")?;
        }
        match &self.filter {
            Some(filter) => write!(f, " where {filter}"),
            None => Ok(()),
        }
    }
}

impl Span {
    /// The beginning of the span before the one that begins then.
    pub fn before(self, beginning: DateTime) -> DateTime {
        const DAY_MS: i64 = 24 * 3_600 * 1_000;
        let back =
            |days: i64| DateTime::from_millis(beginning.timestamp_millis().saturating_sub(days * DAY_MS));
        match self {
            Self::Day => back(1),
            Self::Week => back(7),
            // Its last day is day 28 to 31 of it, which says how far its first day is.
            Self::Month => back(calendar::day_of_month(back(1))),
        }
    }

    /// As MongoDB and people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_span_has_one_before_it() {
        let date = |text: &str| DateTime::parse_rfc3339_str(format!("{text}T00:00:00Z")).unwrap();
        for (span, beginning, before) in [
            (Span::Day, "2026-03-01", "2026-02-28"),
            (Span::Week, "2026-01-05", "2025-12-29"),
            (Span::Month, "2026-03-01", "2026-02-01"),
            (Span::Month, "2024-03-01", "2024-02-01"),
            (Span::Month, "2026-01-01", "2025-12-01"),
            (Span::Month, "1970-01-01", "1969-12-01"),
        ] {
            assert_eq!(span.before(date(beginning)), date(before), "{span:?} before {beginning}");
        }
    }
}
