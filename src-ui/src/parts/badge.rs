//! What a row or a card says of its state, where that is not saved.

use yew::prelude::*;

use crate::sync_state::SyncState;

/// The badge of a state; nothing where all is saved.
pub fn badge(state: SyncState) -> Html {
    let word = match state {
        SyncState::Saved => return html! {},
        SyncState::Conflict => "review",
        other => other.name(),
    };
    html! { <span class={classes!("badge", format!("badge-{}", state.name()))}>{ word }</span> }
}
