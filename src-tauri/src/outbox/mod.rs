//! The outbox: accepted mutations on disk, until the database has settled them.
//!
//! What it promises: what [`Outbox::record`] returned for is there after any crash. What it is not: an order
//! of sending, or a decision about anything; those are in `lockstep_sync`.

mod entry;
mod file;
mod writer;

pub use entry::Entry;
pub use file::OutboxError;
pub use writer::{Opened, Outbox};
