//! The store's behaviour, as sentences. One file for each theme; `tasks` is the application that is stored, `window`
//! drives a store as a window does.

mod collection;
mod data;
mod entities_and_lists;
mod error_boundaries;
mod feed;
mod fetching;
mod filters;
mod history;
mod inspecting;
mod layers;
mod notification;
mod observer;
mod paging;
mod saving;
mod settlement;
pub(crate) mod simulation;
mod staleness;
mod stamps;
mod tanstack_faults;
mod tasks;
mod triggers;
mod window;

use std::{rc::Rc, time::Duration};

use crate::{
    Answer, Attached, Batch, Counts, Data, Effect, End, Entry, ErrorBoundary, Fetch, FetchStatus, Input,
    MutationStatus, Network, ObserverId, Options, PendingLayer, Refetch, Review, Settlement, Snapshot,
    StaleTime, Status, Store, Ticket, Trigger,
};

use tasks::{Change, Failure, Filter, Key, Mutation, Page, Segment, Task, Tasks, edit, insert, task};
use window::{Row, Window, changed, cut, document, gone, layer, list, page, settled};

const ALL: Key = Key::List(Filter::All);
const OPEN: Key = Key::List(Filter::Open);
const SEARCH: Key = Key::List(Filter::Search);
const PAGED: Key = Key::List(Filter::Paged);
const COUNT: Key = Key::Count;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
