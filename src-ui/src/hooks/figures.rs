//! `use_figures`: counts, sums and the like of a collection, as the database has them.

use std::time::Duration;

use lockstep_model::Key;
use lockstep_query::{Options, QueryView, StaleTime};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::use_query;

/// The figures of a key. They follow what changes; at an interval they are read again as well.
///
/// They are read again only while somebody shows them, so whoever comes reads them.
#[hook]
pub fn use_figures(key: Key, interval: Option<Duration>) -> QueryView<Lockstep> {
    let stale_time = StaleTime::After(Duration::ZERO);
    use_query(key, Options { stale_time, interval, ..Options::default() })
}
