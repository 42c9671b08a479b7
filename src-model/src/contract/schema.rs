//! A collection's schema: what its validator says, beside what a sample of its documents is.

use bson::RawDocumentBuf;
use serde::{Deserialize, Serialize};

use crate::{Namespace, Stamp, Value, shape::Type, wire};

/// A sample has at most so many documents.
pub const SAMPLE_MOST: u32 = 10_000;
/// A sample has so many, until a person says otherwise.
pub const SAMPLE_USUAL: u32 = 1_000;
/// So many fields are told of one collection: a document may have a million keys.
pub const SCHEMA_FIELDS_MOST: usize = 500;

/// Asks for a collection's schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SchemaRequest {
    /// Of which collection.
    pub namespace: Namespace,
    /// How many documents are looked at, at most [`SAMPLE_MOST`].
    pub sample: u32,
}

/// What the validator says, what the documents are, and the indexes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionSchema {
    /// So many documents were looked at.
    pub sampled: u64,
    /// Of so many, estimated; `None` where nobody knows, as for a view.
    pub count: Option<u64>,
    /// The validator as the database keeps it.
    #[serde(with = "wire::optional")]
    pub validator: Option<RawDocumentBuf>,
    /// What the database does with a document that does not fit: `error`, `warn`, or nothing said.
    pub action: Option<String>,
    /// Every field, the validator's first, each directly before those inside of it.
    pub fields: Vec<SchemaField>,
    /// There are more fields than are told.
    pub has_more: bool,
    /// The indexes.
    pub indexes: Vec<Index>,
    /// When the read was sent.
    pub stamp: Stamp,
}

/// A field by its path: what it is to be, and what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemaField {
    /// As in `lines[].quantity`; a name's own dots and brackets are not told apart, it is for people.
    pub path: String,
    /// How many fields it is inside of.
    pub depth: u32,
    /// What the validator says; `None` where it does not know the field.
    pub declared: Option<Declared>,
    /// The types of its values, the most frequent first, with how many have each.
    pub types: Vec<(Type, u64)>,
    /// In so many of the documents that could have it…
    pub present: u64,
    /// …of so many: all that were sampled, or the documents that it is inside of. Of the items of an array: the items, of
    /// the arrays.
    pub holders: u64,
    /// Some of its values.
    pub examples: Vec<Value>,
    /// The smallest and the greatest of its numbers or dates.
    pub range: Option<(Value, Value)>,
    /// The least and the most characters of its texts, or items of its arrays.
    pub length: Option<(u64, u64)>,
    /// Where data and validator disagree.
    pub disagreements: Vec<Disagreement>,
}

/// What a validator says of a field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Declared {
    /// It may have these types; any where there is none.
    pub types: Vec<Type>,
    /// It may have these values only.
    pub options: Option<Vec<Value>>,
    /// It has to be there.
    pub required: bool,
    /// In words.
    pub description: Option<String>,
    /// The other rules, in words.
    pub rules: Vec<String>,
}

/// Where data and validator disagree, and in how many values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disagreement {
    /// The type is not one of those that are allowed.
    Type(Type, u64),
    /// It is required, and missing.
    Missing(u64),
    /// The value is none of those that are allowed; with one of them.
    Option(Value, u64),
    /// Another rule is broken: which, in words.
    Rule(String, u64),
    /// The validator does not know the field; whether it forbids such ones.
    Unknown {
        /// It does.
        forbidden: bool,
    },
}

/// An index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// The fields in order, each with its direction or kind.
    #[serde(with = "wire")]
    pub keys: RawDocumentBuf,
    /// No two documents have the same.
    pub unique: bool,
    /// It leaves out documents without the field.
    pub sparse: bool,
    /// Nobody plans with it.
    pub hidden: bool,
    /// Documents go so many seconds after the time in the field.
    pub expire_after_seconds: Option<i64>,
    /// It holds only documents that match.
    #[serde(with = "wire::optional")]
    pub partial: Option<RawDocumentBuf>,
}
