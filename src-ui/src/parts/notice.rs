//! A zone that has no data to show: it says why and what to do, and leaves the rest of the window alone.

use lockstep_model::Failure;
use yew::prelude::*;

use super::{PasswordForm, capitalised};

#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    /// Why there is no data.
    pub failure: Failure,
    /// What was to be shown, as in "The list of offers".
    pub what: AttrValue,
    /// Asks once more; without it, Lockstep does so by itself.
    #[prop_or_default]
    pub retry: Option<Callback<()>>,
}

/// A failure in the place of data.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let waiting = matches!(props.failure, Failure::Unreachable { .. });
    let title = match &props.failure {
        Failure::Unreachable { .. } => "Waiting for the server".to_owned(),
        Failure::Unauthorised { .. } if props.retry.is_none() => "The server wants a login".to_owned(),
        _ => format!("{} could not be read", props.what),
    };
    let next = match &props.retry {
        Some(retry) => {
            let onclick = retry.reform(|_: MouseEvent| ());
            html! { <button class="button" {onclick}>{ "Try again" }</button> }
        }
        None if waiting => {
            html! { <p>{ "Lockstep goes on trying by itself. Another connection opens from the menu at the top left." }</p> }
        }
        None if matches!(props.failure, Failure::Unauthorised { .. }) => html! { <PasswordForm /> },
        None => html! { <p>{ "Another connection opens from the menu at the top left." }</p> },
    };
    html! {
        <section class={classes!("notice", waiting.then_some("notice-waiting"))} role="alert">
            <h2>{ title }</h2>
            <p>{ capitalised(&props.failure.to_string()) }</p>
            { next }
        </section>
    }
}
