//! Fantoccini, under a name of our own.
//!
//! As a dev-dependency of the app it would switch on features of crates that the app shares with it (syn,
//! cookie, ...), but only in builds of tests: the whole app would be compiled once for `run` and once more
//! for `test`. A member of the workspace counts in every `--workspace` build.

pub use fantoccini::*;
