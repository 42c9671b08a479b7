//! lockstep-query's side of `cargo xtask bench query`: the workloads of `query-core.mjs`, on the store.
//!
//! `run.mjs` calls them as WebAssembly, by turns with TanStack's; `main.rs` natively. Nothing but numbers crosses: a
//! workload is made ready by one call and runs many rounds within another, so what JavaScript pays for a call is not
//! measured, on either side.
//!
//! | module | idea |
//! | --- | --- |
//! | `application` | what the store is told of keys and rows |
//! | `row` | the documents, and their bytes |
//! | `window` | carries out what the store asks for |
//! | `workloads` | W1 to W13 |
//! | `exports` | what JavaScript calls |
//! | `counting` | the bytes that are live |
#![allow(missing_docs, reason = "a program of several files, not a library")]

mod application;
mod counting;
pub mod exports;
mod row;
mod window;
pub mod workloads;
