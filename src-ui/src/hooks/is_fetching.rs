//! `use_is_fetching`: how many queries have data on its way.

use lockstep_query::{Filter, Input};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::news::use_count;
use crate::store;

/// How many of the queries that a filter means have data on its way; the component is drawn again only when that number
/// changes.
#[hook]
pub fn use_is_fetching(filter: Filter<Lockstep>) -> usize {
    use_count(Input::ObserveFetching, move || store::fetching(&filter))
}
