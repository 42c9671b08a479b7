//! The editor of one field, in place: a line, several lines, or one of a few words.
//!
//! The text is the person's alone: nothing that comes from elsewhere changes it while the editor is open.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::capitalised;
use crate::{
    browser,
    edit::{Draft, Editing, Form},
};

/// A grid's head lies over what hangs up to there, in px.
const ROOM_ABOVE: f64 = 32.0;

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
    /// That element's role.
    pub role: &'static str,
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
    let hangs = use_state_eq(Hangs::default);
    // All of the text is selected, and nobody has done anything with it yet.
    let is_selected = use_mut_ref(|| false);

    // Once, and again whenever the text was refused.
    use_effect_with(error.clone(), {
        let (node, text) = (node.clone(), props.text.borrow().clone());
        let untouched = editing.opened_with.as_ref() == Some(&text) || editing.replaces.is_some();
        let (hangs, is_selected) = (hangs.clone(), is_selected.clone());
        move |error| {
            hangs.set(hangs.within_sight(&node));
            let begins = error.is_none();
            take_focus(&node, begins.then_some(&text));
            if begins && untouched {
                select(&node);
                is_selected.replace(true);
            }
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
        let (node, is_selected) = (node.clone(), is_selected.clone());
        move |event: KeyboardEvent| {
            // Keys in an editor are not keys in the grid.
            event.stop_propagation();
            // WebKitGTK now and then puts the cursor to the end, a few milliseconds after the field has got the focus, though no
            // script does; what is typed would come after the text then, and not in the place of it.
            if is_selected.replace(false) {
                select(&node);
            }
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

    let onpointerdown = {
        let is_selected = is_selected.clone();
        move |_: PointerEvent| {
            is_selected.replace(false);
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
        Form::Line | Form::Date | Form::Id | Form::Lines | Form::Json => {
            let lines = !matches!(editing.form, Form::Line | Form::Date | Form::Id);
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
                    aria-haspopup={offer.map(|offer| offer.role)}
                    aria-expanded={offer.map(|_| "true")}
                    aria-autocomplete={offer.map(|_| "list")}
                    aria-controls={offer.map(|offer| offer.list.clone())}
                    aria-activedescendant={offer.and_then(|offer| offer.marked.clone())}
                    {oninput}
                    {onkeydown}
                    {onpointerdown}
                    {onblur}
                />
            }
        }
    };
    html! {
        <div class={classes!(
            "editor",
            hangs.to_the_left.then_some("editor-to-the-left"),
            hangs.upwards.then_some("editor-upwards"),
        )}>
            { field }
            if let Some(error) = error {
                <div id="editor-error" class="editor-error" role="alert">{ capitalised(&error) }</div>
            }
        </div>
    }
}

/// Where an editor hangs that is larger than its cell: to the right and downwards, unless that is out of sight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Hangs {
    to_the_left: bool,
    upwards: bool,
}

impl Hangs {
    /// As before, or otherwise where the editor, or its error, goes beyond the edges of the grid.
    fn within_sight(self, node: &NodeRef) -> Self {
        let editor = node.cast::<Element>().and_then(|node| node.parent_element());
        let closest = |selector| editor.as_ref()?.closest(selector).ok().flatten();
        let (Some(editor), Some(cell), Some(grid)) =
            (&editor, closest("[role=gridcell]"), closest(".grid-scroll"))
        else {
            return self;
        };
        let sides = |element: &Element| {
            let rect = element.get_bounding_client_rect();
            (rect.right(), rect.bottom())
        };
        let (mut right, mut bottom) = sides(editor);
        let left = editor.get_bounding_client_rect().left();
        if let Some(error) = editor.query_selector(".editor-error").ok().flatten() {
            let error = sides(&error);
            (right, bottom) = (right.max(error.0), bottom.max(error.1));
        }
        let seen = grid.get_bounding_client_rect();
        let cell = cell.get_bounding_client_rect();
        // There has to be room on the other side.
        let before = cell.right() - (right - left) > seen.left();
        let above = bottom - cell.top() < cell.bottom() - seen.top() - ROOM_ABOVE;
        Self {
            to_the_left: self.to_the_left || before && right > seen.left() + f64::from(grid.client_width()),
            upwards: self.upwards || above && bottom > seen.top() + f64::from(grid.client_height()),
        }
    }
}

/// Puts the cursor into the field, which begins with that text, or keeps its own where it has begun before.
fn take_focus(node: &NodeRef, begins_with: Option<&String>) {
    // `NodeRef::cast` believes what it is told; which element it is has to be asked.
    let Some(node) = node.get() else { return };
    if let Some(element) = node.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
    let Some(text) = begins_with else { return };
    if let Some(input) = node.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
    } else if let Some(area) = node.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
    }
}

/// Selects all of the field's text, so that typing replaces it.
fn select(node: &NodeRef) {
    let Some(node) = node.get() else { return };
    if let Some(input) = node.dyn_ref::<HtmlInputElement>() {
        input.select();
    } else if let Some(area) = node.dyn_ref::<HtmlTextAreaElement>() {
        area.select();
    }
}

fn value(target: &web_sys::EventTarget) -> Option<String> {
    target
        .dyn_ref::<HtmlInputElement>()
        .map(HtmlInputElement::value)
        .or_else(|| target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
        .or_else(|| target.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value))
}
