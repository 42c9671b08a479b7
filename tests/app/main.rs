//! Whole-app tests, in one binary: the host's parts against the real database server, and real windows.

// Clippy takes only what stands below `#[test]` for a test.
#![allow(clippy::unwrap_used)]

mod architecture;
mod cache;
mod chaos;
mod contract;
mod corpus;
mod embedded;
mod evaluation;
mod figures;
mod fixture;
mod outbox;
mod reaching;
mod reading;
mod sample;
mod starting;
mod windows;
mod writing;
