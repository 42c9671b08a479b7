//! What the host sends to MongoDB to change a document only if it still is what the editor saw.
//!
//! Pure: it makes the command's parts and judges what came back; the host sends them. The rules are those of "Writing" in
//! ARCHITECTURE.md: equality in a MongoDB filter is not identity, so an expectation is an `$expr`.
//!
//! | module | idea |
//! | --- | --- |
//! | `expectation` | a value, or its absence, as a condition of the filter |
//! | `assignment` | changes as `$set` and `$unset`, or as a pipeline where names are odd |
//! | `outcome` | why a write matched nothing: applied already, or a conflict |
//! | [`event`] | whether what a change stream tells is the edit's own |
//! | [`trial`] | what all of this relies on, tried on the server at hand |
//! | [`rejection`] | a refusal by the server as messages at the fields |

mod assignment;
pub mod event;
mod expectation;
mod outcome;
pub mod rejection;
pub mod trial;

use bson::{RawDocument, RawDocumentBuf, rawdoc};
use lockstep_model::{DocumentId, Path, Value};

pub use assignment::UpdateForm;
pub use outcome::{already_applied, conflicting_paths, is_inserted};

/// One change of an edit, its expectation resolved to what the database should hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// What is changed.
    pub path: Path,
    /// What it becomes; `None` removes it.
    pub target: Option<Value>,
    /// What is at [`Path::guarded`] now; `None` is: it is missing.
    pub expected: Option<Value>,
}

/// The parts of a `findAndModify` that updates one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// Matches the document while it is as expected.
    pub filter: RawDocumentBuf,
    /// Makes the changes.
    pub update: UpdateForm,
}

/// The update of a document, provided that all that is changed is as expected.
pub fn update(document: &DocumentId, changes: &[Resolved]) -> Update {
    let conditions = expectation::conditions(changes);
    Update { filter: filter(document, conditions), update: assignment::form(changes) }
}

/// The filter that matches the document while it is exactly `seen`: for a delete.
pub fn delete_filter(document: &DocumentId, seen: &RawDocument) -> RawDocumentBuf {
    filter(document, expectation::is_whole(seen))
}

/// The `$expr` stands inside an `$and`: at the top, the embedded server does not use the index of `_id` beside it, and
/// reads the whole collection.
fn filter(document: &DocumentId, conditions: bson::RawArrayBuf) -> RawDocumentBuf {
    let as_expected = rawdoc! { "$expr": { "$and": conditions } };
    rawdoc! { "_id": { "$eq": document.id.get() }, "$and": [as_expected] }
}
