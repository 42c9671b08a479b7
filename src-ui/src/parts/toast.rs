//! Toasts: what went wrong where no cell on the screen could say so. They stay until they are closed; what says that something is
//! done goes by itself.

use std::{cell::Cell, time::Duration};

use yew::prelude::*;

use super::Icon;
use crate::{
    browser::Timer,
    signal::{Signal, use_signal},
};

/// More than these would cover the view; the oldest goes.
const MOST: usize = 4;
/// What says that something is done is read by then.
const PASSES_AFTER: Duration = Duration::from_secs(10);

#[derive(Clone, PartialEq)]
struct Toast {
    number: u64,
    message: AttrValue,
    action: Option<Action>,
    /// It goes by itself.
    passes: bool,
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
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Shows a message.
pub fn show(message: &str) {
    push(message, None, false);
}

/// Shows for a while that something is done.
pub fn show_done(message: &str) {
    push(message, None, true);
}

/// Shows a message, with a way to do something about it.
pub fn show_with(message: &str, action: Action) {
    push(message, Some(action), false);
}

fn push(message: &str, action: Option<Action>, passes: bool) {
    let number = COUNT.replace(COUNT.get() + 1);
    TOASTS.with(|toasts| {
        toasts.change(|toasts| {
            toasts.push(Toast { number, message: message.to_owned().into(), action, passes });
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
    let each = toasts.into_iter().map(|toast| {
        let number = toast.number;
        html! { <OneToast key={number} {toast} /> }
    });
    html! { <div class="toasts">{ for each }</div> }
}

#[derive(Properties, PartialEq)]
struct OneToastProps {
    toast: Toast,
}

#[component]
fn OneToast(props: &OneToastProps) -> Html {
    let Toast { number, message, action, passes } = props.toast.clone();
    use_effect_with((), move |()| {
        let timer = passes.then(|| Timer::after(PASSES_AFTER, move || close(number)));
        move || drop(timer)
    });
    let action = action.map(|Action { label, act }| {
        let onclick = move |_: MouseEvent| {
            close(number);
            act.emit(());
        };
        html! { <button class="button button-small" {onclick}>{ label }</button> }
    });
    html! {
        <div class="toast" role={if passes { "status" } else { "alert" }}>
            <span class="toast-message">{ message }</span>
            { for action }
            <button class="icon-button" aria-label="Close" onclick={move |_| close(number)}>{ Icon::Close }</button>
        </div>
    }
}
