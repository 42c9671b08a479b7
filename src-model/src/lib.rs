//! What every side of Lockstep agrees on: windows, host, tests and database.
//!
//! Pure: no clock, no I/O, no randomness. It knows BSON, but neither a MongoDB driver, nor Tauri, nor Yew.
//!
//! | module | idea |
//! | --- | --- |
//! | [`value`] | one BSON value, compared by its exact bytes |
//! | [`path`] | where in a document a value stands |
//! | [`document`] | a document as the database sent it, and its `_id` |
//! | [`namespace`] | database and collection |
//! | [`key`] | hierarchical query keys |
//! | [`figures`] | counts, sums and the like, by group |
//! | [`stamp`] | older and newer |
//! | [`mutation`] | intents to change documents, and how they end |
//! | [`reduce`] | `(id, document, mutation) -> document` |
//! | [`inverse`] | undo: the mutation that takes a mutation back |
//! | [`order`] | MongoDB's comparison order, and the sort of a list |
//! | [`pattern`] | a regular expression, as far as it can be judged here |
//! | [`filter`] | does a document match a filter: yes, no, or cannot tell |
//! | [`json`] | Extended JSON that a person types, and back |
//! | [`shape`] | the `$jsonSchema` of a collection: columns and validation |
//! | [`failure`] | why something did not work, as codes to act on |
//! | [`contract`] | the commands and the feed between windows and host |
//! | [`workspace`] | what a person keeps on this machine: saved views, dashboards |
//! | [`offers`] | the sample workspace's types, and the schema made from them |

pub mod contract;
pub mod document;
pub mod failure;
pub mod figures;
pub mod filter;
pub mod inverse;
pub mod json;
pub mod key;
pub mod mutation;
pub mod namespace;
pub mod offers;
pub mod order;
pub mod path;
pub mod pattern;
#[cfg(test)]
mod random;
pub mod reduce;
pub mod shape;
pub mod stamp;
pub mod value;
mod wire;
pub mod workspace;

pub use document::{Document, DocumentId, Omitted, Revision};
pub use failure::Failure;
pub use figures::{Figure, Figures, FiguresQuery, Group, GroupFigures, Measure, Span};
pub use key::{Key, ListQuery, Segment};
pub use mutation::{
    Action, Change, Edit, Expectation, Mutation, MutationId, Outcome, Seen, Settlement, Snapshot,
};
pub use namespace::Namespace;
pub use path::{Path, Step};
pub use stamp::{ClusterTime, Stamp};
pub use value::Value;
pub use workspace::{Workspace, WorkspaceChange};
