//! `use_thrown`: a query's error, given to the nearest error boundary.

use lockstep_model::{Failure, Key};
use lockstep_query::{ErrorBoundary, Options, QueryView};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::use_selected;
use crate::parts::Boundary;

/// It only looks on: who shows the data asks for it.
const LOOKING_ON: Options =
    Options { enabled: false, error_boundary: ErrorBoundary::WithoutData, ..Options::DEFAULT };

fn thrown(query: QueryView<Lockstep>) -> Option<Failure> {
    query.error.filter(|_| query.is_for_boundary)
}

/// Shows the error of that key's query in the place of the zone that the component is in.
#[hook]
pub fn use_thrown(key: Key) {
    let boundary = use_context::<Boundary>();
    let failure = use_selected(key.clone(), LOOKING_ON, thrown);
    use_effect_with((key, failure), move |(key, failure)| {
        if let (Some(boundary), Some(failure)) = (boundary, failure) {
            boundary.report(failure.clone(), key.clone());
        }
    });
}
