//! The decisions of Lockstep, pure: what its windows and its host do with what happens, without a clock, without I/O.
//!
//! | module | idea |
//! | --- | --- |
//! | [`lockstep`] | Lockstep as an application of the query store: the one `impl App` |
//! | [`window`] | the contract's messages as the store's inputs |
//! | [`host`] | the host as a state machine: what happened goes in, what is to be done comes out |
//! | [`hub`] | in the host: who watches what, and the feed to each window |
//! | [`outbox`] | in the host: which accepted mutation goes out when, over which expectation |
//! | [`transfer`] | import and export: a row of a file as a document, and where an import stands |
//! | [`mod@write`] | one edit as a MongoDB command that overwrites nobody unseen |

pub mod host;
pub mod hub;
pub mod lockstep;
pub mod outbox;
pub mod transfer;
pub mod window;
pub mod write;

pub use host::Host;
pub use lockstep::{Lockstep, Plain};
