//! What is asked of the values that a path leads to, all together: that one of them meets a predicate, and not, and.
//!
//! `{a: {$gt: 5, $lt: 10}}` is met by `[1, 20]`: one item meets the one, another the other (manual: "Query an Array
//! with Compound Filter Conditions on the Array Elements").

use bson::RawBsonRef;

use super::{
    predicate::Predicate,
    reach::Reached,
    verdict::{all, any, not},
};

pub(super) enum Condition<'f> {
    All(Vec<Self>),
    Not(Box<Self>),
    /// At least one of the values meets it.
    One(Predicate<'f>),
    /// Only the database can tell.
    Unknown,
}

impl Condition<'_> {
    pub(super) fn met_by(&self, found: &[Reached<'_>]) -> Option<bool> {
        match self {
            Self::All(conditions) => all(conditions.iter().map(|condition| condition.met_by(found))),
            Self::Not(condition) => not(condition.met_by(found)),
            Self::One(predicate) => any(found.iter().map(|reached| one(predicate, *reached))),
            Self::Unknown => None,
        }
    }

    /// Whether an item of an array meets it, by itself: what is asked by `$elemMatch`.
    pub(super) fn met_by_item(&self, item: RawBsonRef<'_>) -> Option<bool> {
        self.met_by(&[Reached::Item(item)])
    }
}

fn one(predicate: &Predicate<'_>, reached: Reached<'_>) -> Option<bool> {
    match reached {
        Reached::Value(array @ RawBsonRef::Array(items)) if predicate.is_about_items() => {
            let of_items = any(items.into_iter().map(|item| predicate.holds(Some(item.ok()?))));
            any([of_items, predicate.holds(Some(array))].into_iter())
        }
        Reached::Value(value) | Reached::Item(value) => predicate.holds(Some(value)),
        Reached::Missing => predicate.holds(None),
        Reached::PerhapsMissing => match predicate.holds(None) {
            Some(false) => Some(false),
            _ => None,
        },
    }
}
