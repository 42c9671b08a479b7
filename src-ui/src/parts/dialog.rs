//! A dialog over the window: the platform's own, which keeps the focus inside and closes by Esc.

use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::Toasts;

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Its title, which is its accessible name too.
    pub title: AttrValue,
    /// It is to be closed.
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

/// Opens when it is mounted, and is closed by not drawing it any more.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // Fails only where it is open already.
                let _ = dialog.show_modal();
            }
            // What had the focus before gets it back, as it does not where an open dialog is just taken away.
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        }
    });
    let oncancel = props.on_close.reform(|event: Event| event.prevent_default());
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())} aria-label={&props.title} {oncancel}>
            <h2>{ &props.title }</h2>
            { props.children.clone() }
            <Toasts />
        </dialog>
    }
}

#[derive(Properties, PartialEq)]
pub struct ConfirmProps {
    /// The question, short.
    pub title: AttrValue,
    /// What will happen.
    pub message: AttrValue,
    /// The word on the button that does it.
    pub action: AttrValue,
    /// The collection's name, where it has to be typed before, so that nobody does it by habit.
    #[prop_or_default]
    pub word: Option<AttrValue>,
    /// It cannot be done now.
    #[prop_or_default]
    pub disabled: bool,
    /// More that is said of it.
    #[prop_or_default]
    pub children: Html,
    /// Yes.
    pub on_confirm: Callback<()>,
    /// No.
    pub on_close: Callback<()>,
}

/// Asks before something is taken away.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let typed = use_state(String::new);
    let oninput = {
        let typed = typed.setter();
        move |event: InputEvent| typed.set(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let disabled = props.disabled || props.word.as_ref().is_some_and(|word| **word != **typed);
    html! {
        <Dialog title={&props.title} on_close={&props.on_close} class="confirm">
            <p>{ &props.message }</p>
            { props.children.clone() }
            if let Some(word) = &props.word {
                <label class="confirm-word">
                    <span>{ "Type " }<strong>{ word }</strong>{ ", the collection’s name, to go on" }</span>
                    <input type="text" autocomplete="off" spellcheck="false" {oninput} />
                </label>
            }
            <div class="dialog-actions">
                <button class="button" onclick={props.on_close.reform(|_| ())}>{ "Cancel" }</button>
                <button class="button button-destructive" {disabled} onclick={props.on_confirm.reform(|_| ())}>
                    { &props.action }
                </button>
            </div>
        </Dialog>
    }
}
