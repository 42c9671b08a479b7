//! The editor of one field, in place: a line, several lines, or one of a few words.
//!
//! The text is the person's alone: nothing that comes from elsewhere changes it while the editor is open.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::capitalised;
use crate::{
    browser,
    edit::{Draft, Editing, Form},
};

/// What a person does in an editor, apart from typing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EditorEvent {
    /// Is done, by Enter or by a choice: on to the row below.
    Down,
    /// Is done, by Tab: on to the next field, or the one before.
    Aside {
        /// The one before.
        back: bool,
    },
    /// Is done, by going elsewhere.
    Left,
    /// Gives it up.
    Cancel,
}

/// Values that are offered to be taken in the place of what is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The id of the element that has them.
    pub list: AttrValue,
    /// The id of that which Enter takes, if any.
    pub marked: Option<AttrValue>,
    /// Gets each key before the editor does; returns whether that was all.
    pub on_key: Callback<KeyboardEvent, bool>,
}

#[derive(Clone, Properties)]
pub struct FieldEditorProps {
    /// What is edited.
    pub editing: Rc<Editing>,
    /// The field's name.
    pub label: AttrValue,
    /// What is typed.
    pub text: Rc<RefCell<String>>,
    pub on_event: Callback<EditorEvent>,
    #[prop_or_default]
    pub offer: Option<Offer>,
}

impl PartialEq for FieldEditorProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.editing, &other.editing)
            && self.on_event == other.on_event
            && self.offer == other.offer
    }
}

/// An open editor. It takes the focus.
#[component]
pub fn FieldEditor(props: &FieldEditorProps) -> Html {
    let node = use_node_ref();
    let editing = props.editing.clone();
    let error = editing.error.clone();

    // Once, and again whenever the text was refused.
    use_effect_with(error.clone(), {
        let (node, text) = (node.clone(), props.text.borrow().clone());
        let untouched = editing.opened_with.as_ref() == Some(&text) || editing.replaces.is_some();
        move |error| {
            let begin = error.is_none().then_some(Begin { text: &text, select: untouched });
            take_focus(&node, begin);
        }
    });

    let oninput = {
        let (text, editing) = (props.text.clone(), editing.clone());
        move |event: InputEvent| {
            if let Some(typed) = event.target().and_then(|target| value(&target)) {
                Draft::keep(&editing, &typed);
                text.replace(typed);
            }
        }
    };
    let onchange = {
        let (text, on_event) = (props.text.clone(), props.on_event.clone());
        move |event: Event| {
            if let Some(chosen) = event.target().and_then(|target| value(&target)) {
                text.replace(chosen);
                on_event.emit(EditorEvent::Down);
            }
        }
    };
    let onkeydown = {
        let (on_event, offer) = (props.on_event.clone(), props.offer.clone());
        move |event: KeyboardEvent| {
            // Keys in an editor are not keys in the grid.
            event.stop_propagation();
            if event.is_composing() {
                return;
            }
            if offer.as_ref().is_some_and(|offer| offer.on_key.emit(event.clone())) {
                return event.prevent_default();
            }
            let done = match event.key().as_str() {
                "Enter" if !event.shift_key() => EditorEvent::Down,
                "Tab" => EditorEvent::Aside { back: event.shift_key() },
                "Escape" => EditorEvent::Cancel,
                _ => return,
            };
            event.prevent_default();
            on_event.emit(done);
        }
    };
    let onblur = {
        let (on_event, node) = (props.on_event.clone(), node.clone());
        move |_: FocusEvent| {
            // A window that loses the focus keeps its active element: then nobody has left the field.
            let active = browser::document().active_element();
            if active.is_none() || active != node.cast::<web_sys::Element>() {
                on_event.emit(EditorEvent::Left);
            }
        }
    };

    let invalid = error.is_some().then_some("true");
    let described = error.is_some().then_some("editor-error");
    let initial = editing.text.clone();
    let field = match &editing.form {
        Form::Choice(options) => html! {
            <select
                ref={node}
                aria-label={&props.label}
                aria-invalid={invalid}
                aria-describedby={described}
                {onchange}
                {onkeydown}
                {onblur}
            >
                if !options.contains(&initial) {
                    <option value={initial.clone()} selected=true>{ initial.clone() }</option>
                }
                { for options.iter().map(|option| html! {
                    <option value={option.clone()} selected={*option == initial}>{ option }</option>
                }) }
            </select>
        },
        Form::Line | Form::Id | Form::Lines | Form::Json => {
            let lines = !matches!(editing.form, Form::Line | Form::Id);
            let offer = props.offer.as_ref();
            let is_json = editing.form == Form::Json;
            html! {
                <@{if lines { "textarea" } else { "input" }}
                    ref={node}
                    type={(!lines).then_some("text")}
                    rows={lines.then_some(if is_json { "10" } else { "5" })}
                    class={is_json.then_some("editor-json")}
                    autocomplete="off"
                    spellcheck="false"
                    aria-label={&props.label}
                    aria-invalid={invalid}
                    aria-describedby={described}
                    role={offer.map(|_| "combobox")}
                    aria-expanded={offer.map(|_| "true")}
                    aria-autocomplete={offer.map(|_| "list")}
                    aria-controls={offer.map(|offer| offer.list.clone())}
                    aria-activedescendant={offer.and_then(|offer| offer.marked.clone())}
                    {oninput}
                    {onkeydown}
                    {onblur}
                />
            }
        }
    };
    html! {
        <div class="editor">
            { field }
            if let Some(error) = error {
                <div id="editor-error" class="editor-error" role="alert">{ capitalised(&error) }</div>
            }
        </div>
    }
}

/// What a field begins with.
struct Begin<'a> {
    text: &'a str,
    /// All of it, so that typing replaces it.
    select: bool,
}

/// Puts the cursor into the field, which keeps its text where it has begun before.
fn take_focus(node: &NodeRef, begin: Option<Begin<'_>>) {
    // `NodeRef::cast` believes what it is told; which element it is has to be asked.
    let Some(node) = node.get() else { return };
    if let Some(element) = node.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
    let Some(Begin { text, select }) = begin else { return };
    if let Some(input) = node.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
        if select {
            input.select();
        }
    } else if let Some(area) = node.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
        if select {
            area.select();
        }
    }
}

fn value(target: &web_sys::EventTarget) -> Option<String> {
    target
        .dyn_ref::<HtmlInputElement>()
        .map(HtmlInputElement::value)
        .or_else(|| target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
        .or_else(|| target.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value))
}
