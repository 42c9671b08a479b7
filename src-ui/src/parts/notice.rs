//! A zone that has no data to show: it says why and what to do, and leaves the rest of the window alone.

use lockstep_model::Failure;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    /// Why there is no data.
    pub failure: Failure,
    /// What was to be shown, as in "The list of offers".
    pub what: AttrValue,
    /// Asks once more.
    pub retry: Callback<()>,
}

/// A failure in the place of data.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let waiting = matches!(props.failure, Failure::Unreachable { .. });
    let title = if waiting {
        "Waiting for the server".to_owned()
    } else {
        format!("{} could not be read", props.what)
    };
    let retry = props.retry.reform(|_: MouseEvent| ());
    html! {
        <section class={classes!("notice", waiting.then_some("notice-waiting"))} role="alert">
            <h2>{ title }</h2>
            <p>{ props.failure.to_string() }</p>
            <button class="button" onclick={retry}>{ "Retry" }</button>
        </section>
    }
}
