//! Toasts: what went wrong where no cell on the screen could say so. They stay until they are closed.

use yew::prelude::*;

use super::{Icon, reviews_panel};
use crate::signal::{Signal, use_signal};

/// More than these would cover the view; the oldest goes.
const MOST: usize = 4;

#[derive(Clone, PartialEq)]
struct Toast {
    number: u64,
    message: AttrValue,
    review: bool,
}

thread_local! {
    static TOASTS: Signal<Vec<Toast>> = Signal::default();
}

/// Shows a message.
pub fn show(message: &str) {
    push(message, false);
}

/// Shows a message about a failed mutation, with a way to it.
pub fn show_review(message: &str) {
    push(message, true);
}

fn push(message: &str, review: bool) {
    TOASTS.with(|toasts| {
        toasts.change(|toasts| {
            let number = toasts.last().map_or(0, |toast| toast.number + 1);
            toasts.push(Toast { number, message: message.to_owned().into(), review });
            if toasts.len() > MOST {
                toasts.remove(0);
            }
        });
    });
}

fn close(number: u64) {
    TOASTS.with(|toasts| toasts.change(|toasts| toasts.retain(|toast| toast.number != number)));
}

/// All toasts of the window.
#[component]
pub fn Toasts() -> Html {
    let toasts = use_signal(TOASTS.with(Signal::clone));
    let each = toasts.into_iter().map(|Toast { number, message, review }| {
        let review_now = move |_: MouseEvent| {
            close(number);
            reviews_panel::show_reviews();
        };
        html! {
            <div key={number} class="toast" role="alert">
                <span class="toast-message">{ message }</span>
                if review {
                    <button class="button button-small" onclick={review_now}>{ "Review" }</button>
                }
                <button class="icon-button" aria-label="Close" onclick={move |_| close(number)}>{ Icon::Close }</button>
            </div>
        }
    });
    html! { <div class="toasts">{ for each }</div> }
}
