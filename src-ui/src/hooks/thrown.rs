//! `use_thrown`: a query's error, given to the nearest error boundary.

use lockstep_model::{Failure, Key};
use lockstep_query::{Options, QueryView, Status};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use crate::{parts::Boundary, store};

/// The error that is for the boundary: there is no data to show in its place, and no further try to come.
pub fn thrown(query: &QueryView<Lockstep>) -> Option<Failure> {
    query.error.clone().filter(|_| query.status == Status::Error)
}

/// What was [`thrown`] by the query of that key is shown in the place of the zone that the component is in.
#[hook]
pub fn use_thrown(key: Key, failure: Option<Failure>) {
    let boundary = use_context::<Boundary>();
    use_effect_with((key, failure), move |(key, failure)| {
        let (Some(boundary), Some(failure)) = (boundary, failure) else { return };
        // An error of before, over which a new fetch has begun, is none.
        if thrown(&store::view(key, &Options::default())).is_some() {
            boundary.report(failure.clone(), Some(key.clone()));
        }
    });
}
