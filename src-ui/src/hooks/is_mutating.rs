//! `use_is_mutating`: how many edits of this window have not ended.

use lockstep_model::Mutation;
use lockstep_query::Input;
use yew::prelude::*;

use super::news::use_count;
use crate::store;

/// How many of the mutations that were made in this window have not ended, of those that the predicate takes; the
/// component is drawn again only when that number changes.
#[hook]
pub fn use_is_mutating(takes: impl Fn(&Mutation) -> bool + 'static) -> usize {
    use_count(Input::ObserveHistory, move || store::mutating(&takes))
}
