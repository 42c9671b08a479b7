//! What became of this window's mutations, the newest first, and how long each took.

use lockstep_model::{Action, Mutation};
use lockstep_query::{MutationState, MutationStatus};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::state::tag;
use crate::{
    navigation,
    parts::{capitalised, elapsed, fields},
    store,
};

/// So many are shown.
const SHOWN_MOST: usize = 100;

/// The history of mutations.
pub fn mutations() -> Html {
    let history = store::history();
    if history.is_empty() {
        let nothing = "This window has changed nothing in the last five minutes.";
        return html! { <p class="quiet inspector-empty">{ nothing }</p> };
    }
    let lines = history.iter().take(SHOWN_MOST).map(line);
    html! { <ol class="inspector-events" aria-label="Mutations">{ for lines }</ol> }
}

fn line(state: &MutationState<Lockstep>) -> Html {
    let (word, colour) = match state.status {
        MutationStatus::Pending => ("pending", "tag-busy"),
        MutationStatus::Success => ("success", "tag-good"),
        MutationStatus::Error => ("error", "tag-failed"),
    };
    let took = match state.settled_at {
        Some(at) => at.saturating_sub(state.submitted_at),
        None => store::since(state.submitted_at),
    };
    html! {
        <li data-status={word}>
            <span class="inspector-when" title="How long it took, or takes so far">{ elapsed(took) }</span>
            { tag(word, colour) }
            <span class="inspector-of">{ intent(&state.mutation) }</span>
            { for state.failure.as_ref().map(|failure| html! {
                <span class="inspector-failure">{ capitalised(&failure.to_string()) }</span>
            }) }
        </li>
    }
}

/// What it is to do, in one line.
fn intent(mutation: &Mutation) -> String {
    let each = mutation.edits.iter().map(|edit| {
        let document = navigation::document_title(&edit.document);
        match &edit.action {
            Action::Insert(_) => format!("insert {document}"),
            Action::Delete { .. } => format!("delete {document}"),
            Action::Update(changes) => format!("update {} of {document}", fields(changes)),
        }
    });
    each.collect::<Vec<_>>().join("; ")
}
