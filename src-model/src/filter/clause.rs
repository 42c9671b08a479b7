//! What a filter asks of a document: something of its fields, and `$and`, `$or`, `$nor` of such.

use bson::RawDocument;

use super::{
    condition::Condition,
    reach::reach,
    verdict::{all, any, not},
};

pub(super) enum Clause<'f> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Field {
        /// The parts of the dotted path.
        names: Vec<&'f str>,
        condition: Condition<'f>,
    },
    /// Only the database can tell.
    Unknown,
}

impl Clause<'_> {
    pub(super) fn takes(&self, document: &RawDocument) -> Option<bool> {
        match self {
            Self::All(clauses) => all(clauses.iter().map(|clause| clause.takes(document))),
            Self::Any(clauses) => any(clauses.iter().map(|clause| clause.takes(document))),
            Self::Not(clause) => not(clause.takes(document)),
            Self::Field { names, condition } => condition.met_by(&reach(document, names)?),
            Self::Unknown => None,
        }
    }
}
