//! What waits for the server, and can still be given up.

use lockstep_model::{Action, Change, Mutation, shape::display_text};
use yew::prelude::*;

use crate::{hooks::use_mutation, navigation, sync_state::SyncState};

/// Of each mutation so many documents are shown.
const EDITS_SHOWN_MOST: usize = 5;

#[derive(Properties, PartialEq)]
pub struct WaitingProps {
    pub mutation: Mutation,
}

/// An edit that waits for the server: what it will do, and the way to give it up.
#[component]
pub fn Waiting(props: &WaitingProps) -> Html {
    let mutations = use_mutation();
    let id = props.mutation.id;
    let all = &props.mutation.edits;
    let edits = all.iter().take(EDITS_SHOWN_MOST).map(|edit| {
        let document = navigation::document_name(&edit.document);
        let plan = match &edit.action {
            Action::Insert(_) => "is to be inserted".to_owned(),
            Action::Delete { .. } => "is to be deleted".to_owned(),
            Action::Update(changes) => changes.iter().map(planned).collect::<Vec<_>>().join(", "),
        };
        html! { <p class="waiting-edit"><b>{ document }</b>{ plan }</p> }
    });
    html! {
        <section class="review-entry waiting-entry" data-state={SyncState::Queued.name()}>
            <div>
                { for edits }
                if all.len() > EDITS_SHOWN_MOST {
                    <p class="quiet">{ format!("And {} more documents.", all.len() - EDITS_SHOWN_MOST) }</p>
                }
            </div>
            <button class="button" onclick={move |_| mutations.discard(id)}>{ "Discard" }</button>
        </section>
    }
}

fn planned(change: &Change) -> String {
    match &change.target {
        Some(target) => format!("{} becomes {}", change.path, display_text(target.get())),
        None => format!("{} is to be removed", change.path),
    }
}
