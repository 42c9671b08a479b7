//! Something that opens beside what it belongs to, and closes by Esc or a click elsewhere.
//!
//! The platform's own `popover` does the layering, the closing and the return of the focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::style;
use crate::browser;

/// Between the popover and what it belongs to, and between it and the window's edge, in px.
const GAP: f64 = 4.0;

#[derive(Properties, PartialEq)]
pub struct PopoverProps {
    /// What it belongs to.
    pub anchor: Element,
    /// Its accessible name.
    pub label: AttrValue,
    /// Its role.
    #[prop_or(AttrValue::Static("dialog"))]
    pub role: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// It was closed, in whichever way.
    pub on_close: Callback<()>,
    pub children: Html,
}

/// Opens when it is mounted.
#[component]
pub fn Popover(props: &PopoverProps) -> Html {
    let node = use_node_ref();
    let place = use_state(|| (0.0, 0.0));

    use_effect_with((), {
        let (node, place, anchor) = (node.clone(), place.clone(), props.anchor.clone());
        move |()| {
            // A menu comes when the button is pressed, and would go when it is released: that happens outside of it.
            browser::when_released(move || {
                let Some(element) = node.cast::<HtmlElement>() else { return };
                // Fails only where it is not in the document, and then there is nobody to see it.
                let _ = element.show_popover();
                place.set(beside(&anchor, &element));
                let first = element.query_selector("button, input, select, textarea").ok().flatten();
                if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                    let _ = first.focus();
                }
            });
        }
    });

    let ontoggle = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        move |_: Event| {
            if node.cast::<Element>().is_some_and(|element| !element.matches(":popover-open").unwrap_or(true))
            {
                on_close.emit(());
            }
        }
    };
    let (left, top) = *place;
    html! {
        <div
            ref={node}
            popover="auto"
            class={classes!("popover", props.class.clone())}
            role={&props.role}
            aria-label={&props.label}
            ~style={style(&format!("left: {left}px; top: {top}px"))}
            {ontoggle}
        >
            { props.children.clone() }
        </div>
    }
}

/// Below the anchor, or above it where there is no room; inside of the window in any case.
fn beside(anchor: &Element, popover: &Element) -> (f64, f64) {
    let (anchor, size) = (anchor.get_bounding_client_rect(), popover.get_bounding_client_rect());
    let root = browser::document().document_element();
    let (width, height) =
        root.map_or((0.0, 0.0), |root| (root.client_width().into(), root.client_height().into()));
    let below = anchor.bottom() + GAP;
    let top = if below + size.height() > height { anchor.top() - GAP - size.height() } else { below };
    let left = anchor.left().min(width - size.width() - GAP);
    (left.max(GAP), top.max(GAP))
}
