//! What can be done with one card: all that can be done with a row, and moving it to another column.

use std::rc::Rc;

use lockstep_model::{DocumentId, shape::Shape};
use web_sys::Element;
use yew::prelude::*;

use crate::{
    parts::{Menu, MenuItem},
    views::table::RowMenu,
};

#[derive(Properties, PartialEq)]
pub struct CardMenuProps {
    /// The card.
    pub id: DocumentId,
    /// What it opens beside.
    pub anchor: Element,
    /// The columns that it can be moved to, by their place and name.
    pub columns: Vec<(usize, AttrValue)>,
    pub shape: Rc<Shape>,
    pub read_only: bool,
    /// It is to be moved to that column.
    pub on_move: Callback<usize>,
    /// It was closed, and nothing more is asked.
    pub on_close: Callback<()>,
}

/// The menu of a card.
#[component]
pub fn CardMenu(props: &CardMenuProps) -> Html {
    let moving = use_state(|| false);
    if *moving {
        let items = props.columns.iter().map(|(at, name)| {
            let (at, on_move) = (*at, props.on_move.clone());
            let action = Callback::from(move |()| on_move.emit(at));
            MenuItem { label: format!("Move to {name}").into(), destructive: false, action }
        });
        let items: Vec<_> = items.collect();
        return html! {
            <Menu key="columns" anchor={props.anchor.clone()} label="Move to" {items} on_close={&props.on_close} />
        };
    }
    let mut more = Vec::new();
    if !props.read_only && !props.columns.is_empty() {
        // The menu goes, and that of the columns comes.
        let action = Callback::from(move |()| moving.set(true));
        more.push(MenuItem { label: "Move to…".into(), destructive: false, action });
    }
    html! {
        <RowMenu
            id={props.id.clone()}
            anchor={props.anchor.clone()}
            shape={props.shape.clone()}
            read_only={props.read_only}
            {more}
            on_close={&props.on_close}
        />
    }
}
