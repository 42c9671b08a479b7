//! Everything that talks to MongoDB: reads, writes and change streams, in the model's types.
//!
//! It knows neither Tauri nor windows, and decides nothing that outlives one call: what goes out when, and who hears of
//! it, is decided in `lockstep_sync`. Every method of [`Database`] runs to its end, even if its caller is gone.
//!
//! | module | idea |
//! | --- | --- |
//! | `connection` | the connection, and what every operation over it has in common |
//! | `trial` | whether the server takes our filters as MongoDB does |
//! | `disturbing` | trouble on purpose, which every call passes |
//! | `clock` | the greatest stamp seen |
//! | `reachability` | whether the server answers, from the driver's own heartbeats |
//! | `failure` | the driver's errors as codes to act on |
//! | `collections` | which collections there are |
//! | `list` | ids in order, and the first documents |
//! | `figures` | counts, sums and the like, by group |
//! | `export` | all documents of a list, one after the other |
//! | `import` | many new documents at once, and what became of each |
//! | `schema` | a sample of documents, the validator and the indexes |
//! | `read` | documents and fields by id |
//! | `write` | one edit, over what the editor saw |
//! | `replay` | what became of an edit whose answer got lost |
//! | `delete` | the deletion of a document that is still the one that was seen |
//! | `changes` | what anybody changes, as it happens |

mod changes;
mod clock;
mod collections;
mod connection;
mod delete;
mod disturbing;
mod export;
mod failure;
mod figures;
mod import;
mod list;
mod reachability;
mod read;
mod replay;
mod schema;
mod trial;
mod write;

pub use changes::{Change, ChangeItem, Changes};
pub use connection::{Database, Topology};
pub use disturbing::{Disturbing, OFFLINE};
pub use import::{Inserted, Refusal};
pub use reachability::Reachability;
