//! What is special, one click each: shown on the sample workspace until both were tried, or it is sent away.

use lockstep_model::contract::{Colleague, View};
use yew::prelude::*;

use super::collections::use_of_status;
use crate::{
    browser,
    hooks::{COLLEAGUE_PER_SECOND, use_colleague},
    navigation,
    parts::Icon,
};

/// Kept in the browser's own storage, as the theme is.
const STORED_AS: &str = "first-minute";
const OVER: &str = "over";

#[derive(Properties, PartialEq)]
pub struct FirstMinuteProps {
    /// What the window shows.
    pub view: View,
}

/// The strip, or nothing.
#[component]
pub fn FirstMinute(props: &FirstMinuteProps) -> Html {
    let over = use_state_eq(is_over);
    let opened = use_state_eq(|| false);
    let call = use_colleague();
    let colleague = use_of_status(|status| status.colleague);
    let works = matches!(colleague, Some(Colleague::Working { .. }));
    let end = {
        let over = over.setter();
        move || {
            keep_over();
            over.set(true);
        }
    };
    use_effect_with((*opened, works), {
        let end = end.clone();
        move |tried| {
            if *tried == (true, true) {
                end();
            }
        }
    });
    if *over || matches!(colleague, None | Some(Colleague::Absent)) {
        return html! {};
    }
    let open = {
        let (opened, view) = (opened.setter(), props.view.clone());
        move |_: MouseEvent| {
            let opened = opened.clone();
            navigation::open_beside(view.clone(), move || opened.set(true));
        }
    };
    let done =
        |is_done: bool| is_done.then(|| html! { <span class="first-done" aria-label="Done">{ "✓" }</span> });
    html! {
        <aside class="first-minute" aria-label="To try first">
            <p>{ "Every window stays in step. See it:" }</p>
            <button class="button" onclick={open} disabled={*opened}>
                { Icon::Window }{ "Open a second window beside this one" }{ done(*opened) }
            </button>
            <button class="button" onclick={move |_: MouseEvent| call.emit(COLLEAGUE_PER_SECOND)} disabled={works}>
                { Icon::Person }{ "Let a simulated colleague edit" }{ done(works) }
            </button>
            <button class="icon-button" aria-label="Close" title="Close" onclick={move |_: MouseEvent| end()}>{ Icon::Close }</button>
        </aside>
    }
}

fn is_over() -> bool {
    browser::kept(STORED_AS).as_deref() == Some(OVER)
}

fn keep_over() {
    browser::keep(STORED_AS, OVER);
}
