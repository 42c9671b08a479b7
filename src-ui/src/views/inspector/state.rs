//! In which state a query is, in the words of its status: each with a colour, and none with a colour alone.

use std::time::Duration;

use lockstep_query::{FetchStatus, Inspection, Status};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use crate::{parts::elapsed, store};

/// A word in its colour.
pub fn tag(word: &'static str, colour: &'static str) -> Html {
    html! { <span class={classes!("tag", colour)}>{ word }</span> }
}

/// Whether there is data, whether it is fresh, and whether newer is on its way.
pub fn tags(query: &Inspection<Lockstep>) -> Html {
    let (word, colour) = status(query.status);
    let freshness = match (query.status, query.invalidated, query.is_stale) {
        (Status::Success, true, _) => tag("invalidated", "tag-warning"),
        (Status::Success, false, true) => tag("stale", "tag-warning"),
        _ => html! {},
    };
    html! { <>{ tag(word, colour) }{ freshness }{ fetching(query) }</> }
}

/// The word for whether there is data, and its colour.
pub fn status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Pending => ("pending", "tag-quiet"),
        Status::Error => ("error", "tag-failed"),
        Status::Success => ("success", "tag-good"),
    }
}

fn fetching(query: &Inspection<Lockstep>) -> Html {
    match (query.fetch_status, query.failure_count) {
        (FetchStatus::Fetching, 0) => tag("fetching", "tag-busy"),
        (FetchStatus::Fetching, _) => tag("retrying", "tag-failed"),
        (FetchStatus::Paused, _) => tag("paused", "tag-waiting"),
        (FetchStatus::Idle, _) => html! {},
    }
}

/// How long ago that was.
pub fn age(at: Duration) -> String {
    let age = store::since(at);
    if age < Duration::from_secs(1) { "now".into() } else { elapsed(age) }
}
