//! Hierarchical query keys: what a window can ask for.
//!
//! ```text
//! []                                    everything
//! ["collections"]                       the list of collections
//! ["status"]                            how host and database stand to each other
//! ["workspace"]                         what a person keeps on this machine
//! ["jobs"]                              imports and exports
//! ["sample.offers"]                     everything of a collection
//! ["sample.offers", "list", {…}]        ids in order, by filter and sort
//! ["sample.offers", "list", {…}, n]     the first n of those
//! ["sample.offers", "figures", {…}]     counts and sums by group
//! ["sample.offers", "document", id]     one document
//! ["sample.offers", "field", id, name]  one large field of it
//! ["schema", "sample.offers", n]        what a sample of n documents is, and what the validator says: not below the
//!                                       collection, since a change of it is no reason to sample again
//! ```

use std::{fmt, sync::Arc};

use bson::RawBsonRef;
use serde::{Deserialize, Serialize};

use crate::{DocumentId, FiguresQuery, Namespace, Path, Value};

/// Ascending or descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// Which documents of a collection, and in which order. Ties are broken by `_id`, ascending.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListQuery {
    /// A MongoDB filter document; an empty one takes all.
    pub filter: Value,
    /// Sort fields, the most significant first. Paths are dotted fields, as MongoDB sorts.
    pub sort: Vec<(Path, Direction)>,
}

impl ListQuery {
    /// All documents, by `_id`.
    pub fn all() -> Self {
        Self { filter: Value::document(&bson::RawDocumentBuf::new()), sort: Vec::new() }
    }

    /// Whether the filter leaves nothing out.
    pub fn takes_all(&self) -> bool {
        self.filter.get().as_document().is_some_and(bson::RawDocument::is_empty)
    }
}

/// The name of one query. The order is that of a map and has no meaning.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// The collections of the connection, with their shapes and estimated counts.
    Collections,
    /// How host and database stand to each other; fed, never fetched.
    Status,
    /// What a person keeps of the connection on this machine; fed, never fetched from the database.
    Workspace,
    /// All imports and exports; fed, never fetched.
    Jobs,
    /// Ids in order.
    List(Namespace, ListQuery),
    /// The first so many of a list, and no more.
    First(Namespace, ListQuery, u32),
    /// Counts, sums and the like, by group.
    Figures(Namespace, FiguresQuery),
    /// One document, without its large fields.
    Document(DocumentId),
    /// One top-level field of a document, however large.
    Field(DocumentId, Arc<str>),
    /// What the documents of a sample of this size are, and what the validator says of them.
    Schema(Namespace, u32),
}

/// One part of a key. Its order is that of a trie's children and has no meaning.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// A fixed word.
    Word(Arc<str>),
    /// A collection.
    Collection(Namespace),
    /// Filter and sort.
    Query(ListQuery),
    /// Which figures, by what.
    Figures(FiguresQuery),
    /// An `_id`, or any other value.
    Value(Value),
}

impl Segment {
    fn word(word: &str) -> Self {
        Self::Word(word.into())
    }

    /// Under which, after its name, everything of a collection stands that is made of its documents as they are.
    pub fn of_documents() -> [Self; 3] {
        ["list", "document", "field"].map(Self::word)
    }
}

impl Key {
    /// The collection that the query reads, if it reads just one.
    pub fn namespace(&self) -> Option<&Namespace> {
        match self {
            Self::Collections | Self::Status | Self::Workspace | Self::Jobs => None,
            Self::List(namespace, _)
            | Self::First(namespace, ..)
            | Self::Figures(namespace, _)
            | Self::Schema(namespace, _) => Some(namespace),
            Self::Document(id) | Self::Field(id, _) => Some(&id.namespace),
        }
    }

    /// The key as its parts, the most general first.
    pub fn segments(&self) -> Vec<Segment> {
        match self {
            Self::Collections => vec![Segment::word("collections")],
            Self::Status => vec![Segment::word("status")],
            Self::Workspace => vec![Segment::word("workspace")],
            Self::Jobs => vec![Segment::word("jobs")],
            Self::List(namespace, query) => vec![
                Segment::Collection(namespace.clone()),
                Segment::word("list"),
                Segment::Query(query.clone()),
            ],
            Self::First(namespace, query, most) => vec![
                Segment::Collection(namespace.clone()),
                Segment::word("list"),
                Segment::Query(query.clone()),
                Segment::Word(most.to_string().into()),
            ],
            Self::Figures(namespace, query) => vec![
                Segment::Collection(namespace.clone()),
                Segment::word("figures"),
                Segment::Figures(query.clone()),
            ],
            Self::Document(id) => vec![
                Segment::Collection(id.namespace.clone()),
                Segment::word("document"),
                Segment::Value(id.id.clone()),
            ],
            Self::Field(id, field) => vec![
                Segment::Collection(id.namespace.clone()),
                Segment::word("field"),
                Segment::Value(id.id.clone()),
                Segment::Word(field.clone()),
            ],
            Self::Schema(namespace, sample) => vec![
                Segment::word("schema"),
                Segment::Collection(namespace.clone()),
                Segment::Value(Value::from(i64::from(*sample))),
            ],
        }
    }
}

/// As in the table above, with values and filters in canonical Extended JSON, but for an ObjectId: just its digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.segments().iter().enumerate() {
            write!(f, "{}{segment}", if at == 0 { "[" } else { ", " })?;
        }
        f.write_str("]")
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "{word:?}"),
            Self::Collection(namespace) => write!(f, "\"{namespace}\""),
            Self::Query(query) => query.fmt(f),
            Self::Figures(query) => query.fmt(f),
            Self::Value(value) => match value.get() {
                RawBsonRef::ObjectId(id) => id.fmt(f),
                _ => value.fmt(f),
            },
        }
    }
}

/// `{}` for all documents by `_id`; `-` before a path is: descending.
impl fmt::Display for ListQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.takes_all() {
            parts.push(format!("filter: {}", self.filter));
        }
        let sort = self.sort.iter().map(|(path, direction)| match direction {
            Direction::Ascending => path.to_string(),
            Direction::Descending => format!("-{path}"),
        });
        let sort = sort.collect::<Vec<_>>().join(", ");
        if !sort.is_empty() {
            parts.push(format!("sort: {sort}"));
        }
        write!(f, "{{{}}}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use bson::rawdoc;

    use super::*;
    use crate::{Figure, Group, Measure, Span};

    #[test]
    fn a_key_is_written_as_its_parts() {
        let offers = Namespace::new("sample", "offers");
        let id = DocumentId { namespace: offers.clone(), id: Value::from("a\"b") };
        let digits = bson::oid::ObjectId::from_bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        let object = DocumentId { namespace: offers.clone(), id: Value::from(digits) };
        let sorted = ListQuery {
            filter: Value::document(&rawdoc! { "status": "won" }),
            sort: vec![
                (Path::dotted("owner"), Direction::Ascending),
                (Path::dotted("amount"), Direction::Descending),
            ],
        };
        let won = Value::document(&rawdoc! { "status": "won" });
        let won_by_week = FiguresQuery {
            filter: Value::document(&rawdoc! { "owner": "Anna" }),
            group: Some(Group::Date(Path::field("created_at"), Span::Week)),
            measures: vec![
                Measure { figure: Figure::Sum(Path::field("amount")), filter: None },
                Measure { figure: Figure::Count, filter: Some(won) },
            ],
            limit: 12,
        };
        for (key, text) in [
            (Key::Collections, r#"["collections"]"#),
            (Key::List(offers.clone(), ListQuery::all()), r#"["sample.offers", "list", {}]"#),
            (
                Key::List(offers.clone(), sorted),
                r#"["sample.offers", "list", {filter: {"status":"won"}, sort: owner, -amount}]"#,
            ),
            (
                Key::Figures(offers.clone(), FiguresQuery::all(Figure::Count)),
                r#"["sample.offers", "figures", {count}]"#,
            ),
            (
                Key::Figures(offers, won_by_week),
                r#"["sample.offers", "figures", {sum amount, count where {"status":"won"} by week of created_at where {"owner":"Anna"}}]"#,
            ),
            (Key::Document(id.clone()), r#"["sample.offers", "document", "a\"b"]"#),
            (Key::Document(object), r#"["sample.offers", "document", 0102030405060708090a0b0c]"#),
            (
                Key::Schema(Namespace::new("sample", "offers"), 100),
                r#"["schema", "sample.offers", {"$numberLong":"100"}]"#,
            ),
            (Key::Field(id, "notes".into()), r#"["sample.offers", "field", "a\"b", "notes"]"#),
        ] {
            assert_eq!(key.to_string(), text);
        }
    }
}
