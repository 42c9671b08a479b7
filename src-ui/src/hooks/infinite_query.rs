//! `use_infinite_query`: a list that is read page by page, and how to ask for more of it.

use lockstep_model::Key;
use lockstep_query::{Input, Options, Placeholder, QueryView};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::use_observer;
use crate::store;

/// What was selected of a list, and the way to its other pages.
#[derive(Clone, PartialEq)]
pub struct InfiniteQuery<T> {
    /// Whether and which pages there are is in the query's state that `select` was given.
    pub selected: T,
    /// Asks for the page behind the last one; while that is on its way, and where there is none, for nothing.
    pub fetch_next_page: Callback<()>,
}

/// As [`use_observer`], of a list.
#[hook]
pub fn use_infinite_query<T: Clone + PartialEq + 'static>(
    key: Key,
    options: Options,
    placeholder: Placeholder<Lockstep>,
    select: impl Fn(QueryView<Lockstep>) -> T + 'static,
) -> InfiniteQuery<T> {
    let selected = use_observer(key.clone(), options, placeholder, select);
    let fetch_next_page = use_callback(key, |(), key| store::dispatch(Input::FetchNextPage(key.clone())));
    InfiniteQuery { selected, fetch_next_page }
}
