//! A keyed query store as a pure state machine.
//!
//! The words are TanStack Query's (query key, stale time, invalidate, observer); the store adds what optimistic
//! multi-window work needs: entities held once, layers of pending mutations over them, stamps, and a numbered feed
//! from whoever owns the server state.
//!
//! Nothing here reads a clock, draws a random number, spawns or does I/O: [`Input`]s go in through [`Store::take`],
//! [`Effect`]s come out, and the caller carries them out. So the same code runs in a window, in a native test and in a
//! simulation of ten windows. It is generic over an [`App`]: its keys, documents and mutations.
//!
//! | module | idea |
//! | --- | --- |
//! | [`app`] | what an application tells the store about itself |
//! | [`input`] | what can happen to a store |
//! | [`effect`] | what a store asks for |
//! | [`part`] | segments of keys, ready to use |
//! | [`store`] | the state machine |
//! | [`view`] | what can be read from it |
//!
//! *Architecture invariant:* this crate depends on no other.

pub mod app;
pub mod effect;
mod entity;
mod feed;
mod filter;
mod hashing;
pub mod input;
mod layers;
mod list;
mod news;
mod observer;
mod page;
pub mod part;
mod query;
mod rows;
mod stamps;
pub mod store;
mod trie;
pub mod view;
mod watching;

pub use app::{App, Kind, Place};
pub use effect::{Effect, End, Fetch};
pub use filter::Filter;
pub use input::{
    Acceptance, Answer, Attached, Batch, Entry, ErrorBoundary, Input, Network, ObserverId, Options,
    PendingLayer, Refetch, Review, Saved, SavedData, SavedPage, Settlement, Snapshot, StaleTime, Ticket,
    Trigger,
};
pub use observer::{Observer, Placeholder};
pub use rows::Rows;
pub use store::{Counts, Event, Happening, Holds, Inspection, Store};
pub use view::{Data, Direction, EntityView, FetchStatus, MutationState, MutationStatus, QueryView, Status};

/// The example there is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
