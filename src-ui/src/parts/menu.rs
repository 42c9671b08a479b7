//! A menu of actions on one thing (WAI-ARIA "menu": arrows move, Enter acts, Esc closes).

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::Popover;

/// One action.
#[derive(Clone, PartialEq)]
pub struct MenuItem {
    /// What it does.
    pub label: AttrValue,
    /// Whether it takes something away.
    pub destructive: bool,
    /// Does it, and closes the menu.
    pub action: Callback<()>,
}

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// What it belongs to.
    pub anchor: Element,
    /// Its accessible name.
    pub label: AttrValue,
    /// The actions.
    pub items: Vec<MenuItem>,
    /// It was closed without an action.
    pub on_close: Callback<()>,
}

/// Opens when it is mounted.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let items = props.items.iter().map(|item| {
        let onclick = item.action.reform(|_: MouseEvent| ());
        html! {
            <button class={classes!("menu-item", item.destructive.then_some("destructive"))} role="menuitem" {onclick}>
                { &item.label }
            </button>
        }
    });
    html! {
        <Popover anchor={props.anchor.clone()} label={&props.label} role="menu" class="menu" on_close={&props.on_close}>
            <div class="menu-items" onkeydown={move_focus}>{ for items }</div>
        </Popover>
    }
}

fn move_focus(event: KeyboardEvent) {
    let Some(item) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let next = match event.key().as_str() {
        "ArrowDown" => item.next_element_sibling(),
        "ArrowUp" => item.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}
