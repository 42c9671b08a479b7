//! A failed mutation, said where it was made: the reason, and what can be done about it.

use lockstep_model::{DocumentId, Failure, Path, shape::display_text};
use web_sys::Element;
use yew::prelude::*;

use super::{Icon, Popover, Review, capitalised};
use crate::{
    hooks::use_mutation,
    sync_state::{Failed, SyncState, target},
};

#[derive(Properties, PartialEq)]
pub struct FailureCalloutProps {
    /// The failed mutation.
    pub failed: Failed,
    /// The document that it is shown at.
    pub id: DocumentId,
    /// The field that it is shown at.
    pub path: Path,
}

/// Below a cell or a field.
#[component]
pub fn FailureCallout(props: &FailureCalloutProps) -> Html {
    let mutations = use_mutation();
    let reviewed_at = use_state(|| None::<Element>);
    let (mutation, failure) = &props.failed;

    if SyncState::of_failure(failure) == SyncState::Conflict {
        let open = {
            let reviewed_at = reviewed_at.clone();
            move |event: MouseEvent| reviewed_at.set(Some(event.target_unchecked_into()))
        };
        let close = {
            let reviewed_at = reviewed_at.clone();
            Callback::from(move |()| reviewed_at.set(None))
        };
        return html! {
            <div class="callout callout-conflict" role="alert">
                <span class="callout-reason">{ Icon::Warning }{ capitalised(&failure.to_string()) }</span>
                <button class="button button-small" onclick={open}>{ "Review" }</button>
                if let Some(anchor) = (*reviewed_at).clone() {
                    <Popover {anchor} label="Mine and theirs" on_close={close}>
                        <Review failed={props.failed.clone()} />
                    </Popover>
                }
            </div>
        };
    }

    let mine = target(mutation, &props.id, &props.path).map(|value| display_text(value.get()));
    let retry = {
        let (mutation, failure) = (mutation.clone(), failure.clone());
        move |_: MouseEvent| mutations.retry(&mutation, &failure)
    };
    let discard = {
        let id = mutation.id;
        move |_: MouseEvent| mutations.discard(id)
    };
    html! {
        <div class="callout callout-failed" role="alert">
            <span class="callout-reason">{ Icon::Warning }{ reason(failure, &props.path) }</span>
            if let Some(mine) = mine {
                <span class="callout-mine">{ "Not saved: " }<b>{ mine }</b></span>
            }
            <span class="callout-actions">
                <button class="button button-small" onclick={retry}>{ "Retry" }</button>
                <button class="button button-small" onclick={discard}>{ "Discard" }</button>
            </span>
        </div>
    }
}

/// What the database says of just this field, or of the whole document.
fn reason(failure: &Failure, path: &Path) -> String {
    let of_field = match failure {
        Failure::Rejected { fields, .. } => fields.iter().find(|field| field.path.overlaps(path)),
        _ => None,
    };
    capitalised(&of_field.map_or_else(|| failure.to_string(), |field| field.message.clone()))
}
