//! Parts of keys, ready to use as [`App::Segment`](crate::App::Segment): as JSON has them, and dates.
//!
//! Compared by structure: 1 is not `"1"`, a date is not its text, null is not missing. The order is that of a tree's
//! children and has no meaning.

use std::{collections::BTreeMap, rc::Rc};

/// One part of a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Nothing, said explicitly.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, by its bits: one that is whole is told from [`Part::Int`].
    Float(u64),
    /// Text.
    Text(Rc<str>),
    /// A time, in milliseconds since 1970.
    Date(i64),
    /// Parts in order.
    List(Rc<[Part]>),
    /// Named parts. As a filter's last word it is partial: it stands for every object that has at least these.
    Object(Rc<BTreeMap<Rc<str>, Part>>),
}

impl Part {
    /// Named parts; the order in which they are named is no difference.
    pub fn object<'a>(parts: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(Rc::new(parts.into_iter().map(|(name, part)| (name.into(), part)).collect()))
    }

    /// Parts in order.
    pub fn list(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::List(parts.into_iter().collect())
    }

    /// For [`App::is_partial`](crate::App::is_partial): an object, at any depth.
    pub fn is_partial(&self) -> bool {
        match self {
            Self::Object(_) => true,
            Self::List(parts) => parts.iter().any(Self::is_partial),
            _ => false,
        }
    }

    /// For [`App::covers`](crate::App::covers): TanStack's `partialMatchKey`. Every named part has to be there, and
    /// may itself be partial; a list is a prefix.
    pub fn covers(&self, whole: &Self) -> bool {
        match (self, whole) {
            (Self::Object(partial), Self::Object(whole)) => {
                partial.iter().all(|(name, part)| whole.get(name).is_some_and(|whole| part.covers(whole)))
            }
            (Self::List(partial), Self::List(whole)) => {
                partial.len() <= whole.len() && partial.iter().zip(&**whole).all(|(a, b)| a.covers(b))
            }
            _ => self == whole,
        }
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Part {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Part {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<f64> for Part {
    fn from(number: f64) -> Self {
        Self::Float(number.to_bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_by_structure() {
        let day = 86_400_000;
        let parts = [
            Part::Null,
            1.into(),
            1.0.into(),
            "1".into(),
            Part::Date(day),
            "1970-01-02".into(),
            day.into(),
            false.into(),
            Part::object([]),
            Part::object([("a", Part::Null)]),
            Part::list([]),
        ];
        for (at, part) in parts.iter().enumerate() {
            let equal: Vec<_> = (0..parts.len()).filter(|other| parts[*other] == *part).collect();
            assert_eq!(equal, [at]);
        }
        let (a, b) = (("a", Part::from(1)), ("b", Part::from(2)));
        assert_eq!(Part::object([a.clone(), b.clone()]), Part::object([b, a]));
    }

    #[test]
    fn an_object_covers_those_that_have_at_least_its_parts() {
        let open = || ("status", Part::from("open"));
        let page = |number: i64| ("page", Part::from(number));
        let owner = |parts: &[(&'static str, Part)]| ("owner", Part::object(parts.iter().cloned()));
        let (id, team) = (("id", Part::from(7)), ("team", Part::from("a")));
        for (partial, whole, covers) in [
            (Part::object([]), Part::object([open()]), true),
            (Part::object([open()]), Part::object([open(), page(1)]), true),
            (Part::object([open(), page(1)]), Part::object([open()]), false),
            (Part::object([page(1)]), Part::object([page(2)]), false),
            (Part::object([("page", Part::Null)]), Part::object([]), false),
            (
                Part::object([owner(std::slice::from_ref(&id))]),
                Part::object([owner(&[id.clone(), team.clone()])]),
                true,
            ),
            (Part::list([1.into()]), Part::list([1.into(), 2.into()]), true),
            (Part::list([1.into(), 2.into()]), Part::list([1.into()]), false),
            (1.into(), 1.into(), true),
            (1.into(), "1".into(), false),
        ] {
            assert_eq!(partial.covers(&whole), covers, "{partial:?} covers {whole:?}");
        }
    }
}
