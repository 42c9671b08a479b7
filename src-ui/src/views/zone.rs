//! A data-heavy part of a view: its data, or why there is none. It fails by itself.

use lockstep_model::Key;
use yew::prelude::*;

use super::collections::use_trouble;
use crate::{
    hooks::use_thrown,
    parts::{ErrorBoundary, Notice},
};

#[derive(Clone, Properties, PartialEq)]
pub struct ZoneProps {
    /// The query whose data it shows.
    pub query: Key,
    /// What that is, as in "The list of offers".
    pub what: AttrValue,
    /// The data as it is drawn; `None` while there is none.
    pub shown: Option<Html>,
    /// So many grey lines stand for data that is yet to come.
    pub skeletons: usize,
}

/// The zone of one query.
#[component]
pub fn Zone(props: &ZoneProps) -> Html {
    html! {
        <ErrorBoundary what={&props.what} of={props.query.clone()}>
            <Content ..props.clone() />
        </ErrorBoundary>
    }
}

#[component]
fn Content(props: &ZoneProps) -> Html {
    use_thrown(props.query.clone());
    let trouble = use_trouble();
    match (&props.shown, trouble) {
        (Some(shown), _) => shown.clone(),
        (None, Some(failure)) => html! { <Notice {failure} what={&props.what} /> },
        (None, None) => html! {
            <div class="skeleton-grid" aria-busy="true" aria-label="Loading">
                { for (0..props.skeletons).map(|_| html! { <div class="skeleton skeleton-row" /> }) }
            </div>
        },
    }
}
