//! Does a document match a MongoDB filter: yes, no, or it cannot be told here.
//!
//! It knows the operators that filters of tables are made of, with the server's rules for arrays, missing fields and
//! types, under the simple collation. It never guesses: a list whose filter it cannot judge asks the database again.
//!
//! | module | idea |
//! | --- | --- |
//! | `read` | a filter as clauses, or `None` where the server would refuse it |
//! | `clause` | what is asked of a document |
//! | `reach` | which values a path leads to |
//! | `condition` | what is asked of those values together |
//! | `predicate` | what is asked of one value |
//! | `verdict` | yes, no, or cannot tell, of several |
//!
//! The rules are those of the manual's "Query and Projection Operators", "Query for Null or Missing Fields" and
//! "Comparison/Sort Order", and, where those are silent, of `MatchExpressionParser`, `BSONElementIterator` and
//! `MatchesSingleElementEvaluator` in the server's sources. Proved against a real server in `tests/app/evaluation`.

mod clause;
mod condition;
mod predicate;
mod reach;
mod read;
#[cfg(test)]
mod tests;
mod verdict;

use bson::RawDocument;

/// Whether the filter takes the document; `None` where that cannot be told without the database: an operator that is not
/// evaluated here, an answer that depends on the server's version, or a filter that the server refuses.
pub fn matches(filter: &RawDocument, document: &RawDocument) -> Option<bool> {
    read::filter(filter)?.takes(document)
}
