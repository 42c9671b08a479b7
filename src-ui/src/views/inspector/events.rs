//! What happened to the queries since the inspector was opened, the newest first.

use lockstep_query::{Event, Happening};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::state::{age, tag};
use crate::store;

/// So many are shown.
const SHOWN_MOST: usize = 200;

/// The event log.
pub fn events() -> Html {
    let events = store::events();
    if events.is_empty() {
        return html! { <p class="quiet inspector-empty">{ "Nothing has happened since the inspector was opened." }</p> };
    }
    let lines = events.iter().take(SHOWN_MOST).map(|event| event_line(event, true));
    html! { <ol class="inspector-events" aria-label="Events">{ for lines }</ol> }
}

/// One event; without its key where all are of the same.
pub fn event_line(event: &Event<Lockstep>, with_key: bool) -> Html {
    let (word, colour) = match &event.what {
        Happening::Added => ("added", "tag-quiet"),
        Happening::Removed => ("removed", "tag-quiet"),
        Happening::Observed => ("observed", "tag-quiet"),
        Happening::Unobserved => ("left", "tag-quiet"),
        Happening::Fetching => ("fetching", "tag-busy"),
        Happening::Paused => ("paused", "tag-waiting"),
        Happening::Fetched => ("fetched", "tag-good"),
        Happening::Failed(_) => ("failed", "tag-failed"),
        Happening::Given => ("given", "tag-good"),
        Happening::Invalidated => ("invalidated", "tag-warning"),
        Happening::Emptied => ("emptied", "tag-warning"),
    };
    let reason = match &event.what {
        Happening::Failed(failure) => Some(failure.to_string()),
        _ => None,
    };
    html! {
        <li>
            <span class="inspector-when">{ age(event.at) }</span>
            { tag(word, colour) }
            if with_key {
                <span class="inspector-of">{ event.key.to_string() }</span>
            }
            { for reason.map(|reason| html! { <span class="inspector-failure">{ reason }</span> }) }
        </li>
    }
}
