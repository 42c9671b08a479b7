//! A failed mutation, said where it was made: the reason, and what can be done about it.

use lockstep_model::{DocumentId, Failure, Path, shape::display_text};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use yew::prelude::*;

use super::{Icon, Popover, Review, capitalised, of_all};
use crate::{
    browser::{self, Listening},
    hooks::use_mutation,
    sync_state::{Failed, SyncState, failure_at, target},
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

/// Below a cell or a field. It lies over its neighbours, so it folds as soon as the person turns to something else,
/// and unfolds at the cell.
#[component]
pub fn FailureCallout(props: &FailureCalloutProps) -> Html {
    let mutations = use_mutation();
    let node = use_node_ref();
    let folded = use_folded(node.clone()).then_some("callout-folded");
    let reviewed_at = use_state(|| None::<Element>);
    let (mutation, failure) = &props.failed;
    let failure = failure_at(mutation, failure, &props.id);

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
            <div ref={node} class={classes!("callout", "callout-conflict", folded)} role="alert">
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
    html! {
        <div ref={node} class={classes!("callout", "callout-failed", folded)} role="alert">
            <span class="callout-reason">{ Icon::Warning }{ reason(failure, &props.path) }</span>
            if let Some(mine) = mine {
                <span class="callout-mine">{ "Not saved: " }<b>{ mine }</b></span>
            }
            <span class="callout-actions">
                <button class="button button-small" onclick={mutations.on_retry(&props.failed)}>{ of_all("Retry", mutation) }</button>
                <button class="button button-small" onclick={mutations.on_discard(&props.failed)}>{ of_all("Discard", mutation) }</button>
            </span>
        </div>
    }
}

/// Whether the person has done something elsewhere since the callout came.
#[hook]
fn use_folded(node: NodeRef) -> bool {
    let folded = use_state(|| false);
    use_effect_with((), {
        let folded = folded.clone();
        move |()| {
            let document = browser::document().into();
            let listening = Listening::new(document, "pointerdown", move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                let cell = node.cast::<Element>().and_then(|callout| callout.parent_element());
                if !cell.is_some_and(|cell| cell.contains(target.as_ref())) {
                    folded.set(true);
                }
            });
            move || drop(listening)
        }
    });
    *folded
}

/// What the database says of just this field, or of the whole document.
fn reason(failure: &Failure, path: &Path) -> String {
    let of_field = match failure {
        Failure::Rejected { fields, .. } => fields.iter().find(|field| field.path.overlaps(path)),
        _ => None,
    };
    capitalised(&of_field.map_or_else(|| failure.to_string(), |field| field.message.clone()))
}
