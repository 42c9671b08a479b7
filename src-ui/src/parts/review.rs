//! Mine and theirs side by side, per field, and the decision between them.

use lockstep_model::{Action, Failure, Path, shape::display_text};
use yew::prelude::*;

use super::of_all;
use crate::{hooks::use_mutation, navigation, sync_state::Failed};

/// Of so many documents each is shown.
const SHOWN_MOST: usize = 100;

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
    let several = mutation.edits.len() > 1;
    let fields = mutation.edits.iter().take(SHOWN_MOST).enumerate().flat_map(|(place, edit)| {
        let failure = failure.of(place);
        let of = several.then(|| navigation::document_title(&edit.document));
        let named =
            move |what: String| of.as_ref().map_or_else(|| what.clone(), |of| format!("{of}: {what}"));
        let whole = |mine: &str, what: &str| vec![(named(what.into()), mine.into(), exists(failure))];
        match &edit.action {
            Action::Update(changes) => changes
                .iter()
                .map(|change| {
                    let mine = change.target.as_ref().map(|value| display_text(value.get()));
                    let mine = mine.unwrap_or_else(|| "no value".into());
                    (named(change.path.to_string()), mine, theirs(failure, &change.path))
                })
                .collect::<Vec<_>>(),
            Action::Insert(_) => whole("inserted", "the new document"),
            Action::Delete { .. } => whole("deleted", "the document"),
        }
    });
    let more = mutation.edits.len().saturating_sub(SHOWN_MOST);
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
            if more > 0 {
                <p class="quiet">{ format!("And {more} more documents.") }</p>
            }
            <div class="dialog-actions">
                <button class="button" onclick={mutations.on_discard(&props.failed)}>{ of_all("Keep theirs", mutation) }</button>
                <button class="button button-primary" onclick={mutations.on_retry(&props.failed)}>{ of_all("Use mine", mutation) }</button>
            </div>
        </div>
    }
}

/// What the database has in the place of mine, or why it has not taken that.
fn theirs(failure: &Failure, path: &Path) -> String {
    match failure {
        Failure::Conflict { current: None, .. } => "deleted".into(),
        Failure::Conflict { current: Some(document), .. } => {
            document.get(path).map_or_else(|| "no value".into(), display_text)
        }
        other => other.to_string(),
    }
}

fn exists(failure: &Failure) -> String {
    match failure {
        Failure::Conflict { current: Some(_), .. } => "changed since".into(),
        Failure::Conflict { current: None, .. } => "not there".into(),
        other => other.to_string(),
    }
}
