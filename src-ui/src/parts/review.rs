//! Mine and theirs side by side, per field, and the decision between them.

use lockstep_model::{Action, Document, Failure, Path, shape::display_text};
use yew::prelude::*;

use crate::{hooks::use_mutation, sync_state::Failed};

#[derive(Properties, PartialEq)]
pub struct ReviewProps {
    /// The failed mutation.
    pub failed: Failed,
}

/// What a failed mutation was to do, beside what the database has.
#[component]
pub fn Review(props: &ReviewProps) -> Html {
    let mutations = use_mutation();
    let (mutation, failure) = &props.failed;
    let current = match failure {
        Failure::Conflict { current, .. } => current.as_ref(),
        _ => None,
    };
    let fields = mutation.edits.iter().flat_map(|edit| match &edit.action {
        Action::Update(changes) => changes
            .iter()
            .map(|change| {
                let mine = change.target.as_ref().map(|value| display_text(value.get()));
                (
                    change.path.to_string(),
                    mine.unwrap_or_else(|| "no value".into()),
                    theirs(current, &change.path),
                )
            })
            .collect::<Vec<_>>(),
        Action::Insert(_) => vec![("The new document".into(), "inserted".into(), exists(current))],
        Action::Delete { .. } => vec![("The document".into(), "deleted".into(), exists(current))],
    });
    html! {
        <div class="review">
            <table>
                <thead>
                    <tr><th scope="col">{ "Field" }</th><th scope="col">{ "Mine" }</th><th scope="col">{ "Theirs" }</th></tr>
                </thead>
                <tbody>
                    { for fields.map(|(field, mine, theirs)| html! {
                        <tr>
                            <th scope="row">{ field }</th>
                            <td class="review-mine">{ mine }</td>
                            <td class="review-theirs">{ theirs }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            <div class="dialog-actions">
                <button class="button" onclick={mutations.on_discard(&props.failed)}>{ "Keep theirs" }</button>
                <button class="button button-primary" onclick={mutations.on_retry(&props.failed)}>{ "Use mine" }</button>
            </div>
        </div>
    }
}

fn theirs(current: Option<&Document>, path: &Path) -> String {
    match current {
        None => "deleted".into(),
        Some(document) => document.get(path).map_or_else(|| "no value".into(), display_text),
    }
}

fn exists(current: Option<&Document>) -> String {
    if current.is_some() { "changed since" } else { "not there" }.into()
}
