//! How old something is that came from the disk, for as long as nobody has read it since.

use std::time::Duration;

use yew::prelude::*;

use crate::{
    browser::Timer,
    parts::{date_and_time, elapsed},
    store,
};

/// How often the words are made anew.
const REDRAW: Duration = Duration::from_secs(20);

#[derive(Properties, PartialEq)]
pub struct AgeProps {
    /// From when it is, as [`store::unread_since`] says; nothing is shown without it.
    pub unread_since: Option<Duration>,
}

/// The age of what is shown, while it is not what the database has said to this window.
#[component]
pub fn Age(props: &AgeProps) -> Html {
    let update = use_force_update();
    let shows = props.unread_since.is_some();
    // Each drawing sets the alarm for the next, while there is anything to draw.
    use_effect(move || {
        let timer = shows.then(|| Timer::after(REDRAW, move || update.force_update()));
        move || drop(timer)
    });
    let Some(at) = props.unread_since else { return html! {} };
    let read_at = date_and_time(i64::try_from(at.as_millis()).unwrap_or(i64::MAX));
    html! {
        <span
            class="chip chip-age"
            role="status"
            title={format!("Read on {read_at}; since then the database has not answered this window.")}
        >
            { format!("As of {} ago", elapsed(store::since(at))) }
        </span>
    }
}
