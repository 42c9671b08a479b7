//! Toasts: what went wrong where no cell on the screen could say so. They stay until they are closed.

use yew::prelude::*;

use super::Icon;
use crate::signal::{Signal, use_signal};

/// More than these would cover the view; the oldest goes.
const MOST: usize = 4;

#[derive(Clone, PartialEq)]
struct Toast {
    number: u64,
    message: AttrValue,
    action: Option<Action>,
}

/// What can be done about it.
#[derive(Clone, PartialEq)]
pub struct Action {
    /// The word on its button.
    pub label: &'static str,
    /// Does it.
    pub act: Callback<()>,
}

thread_local! {
    static TOASTS: Signal<Vec<Toast>> = Signal::default();
}

/// Shows a message.
pub fn show(message: &str) {
    push(message, None);
}

/// Shows a message, with a way to do something about it.
pub fn show_with(message: &str, action: Action) {
    push(message, Some(action));
}

fn push(message: &str, action: Option<Action>) {
    TOASTS.with(|toasts| {
        toasts.change(|toasts| {
            let number = toasts.last().map_or(0, |toast| toast.number + 1);
            toasts.push(Toast { number, message: message.to_owned().into(), action });
            if toasts.len() > MOST {
                toasts.remove(0);
            }
        });
    });
}

fn close(number: u64) {
    TOASTS.with(|toasts| toasts.change(|toasts| toasts.retain(|toast| toast.number != number)));
}

/// All toasts of the window. Beside an open dialog nothing can be clicked, so that each dialog has them too.
#[component]
pub fn Toasts() -> Html {
    let toasts = use_signal(TOASTS.with(Signal::clone));
    let each = toasts.into_iter().map(|Toast { number, message, action }| {
        let action = action.map(|Action { label, act }| {
            let onclick = move |_: MouseEvent| {
                close(number);
                act.emit(());
            };
            html! { <button class="button button-small" {onclick}>{ label }</button> }
        });
        html! {
            <div key={number} class="toast" role="alert">
                <span class="toast-message">{ message }</span>
                { for action }
                <button class="icon-button" aria-label="Close" onclick={move |_| close(number)}>{ Icon::Close }</button>
            </div>
        }
    });
    html! { <div class="toasts">{ for each }</div> }
}
