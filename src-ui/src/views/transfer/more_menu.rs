//! What can be done with a whole collection and is seldom wanted, behind one button of its table.

use lockstep_model::{ListQuery, Namespace};
use web_sys::Element;
use yew::prelude::*;

use super::{open_export, open_import, schema};
use crate::{
    navigation,
    parts::{Icon, Menu, MenuItem},
    views::{
        open_save_view,
        table::{Many, open_many},
    },
};

#[derive(Properties, PartialEq)]
pub struct MoreMenuProps {
    pub namespace: Namespace,
    pub query: ListQuery,
    /// Nothing can be written to it.
    pub is_read_only: bool,
    /// It is shown as a table.
    #[prop_or_default]
    pub is_table: bool,
}

/// The button, and the menu when it is open.
#[component]
pub fn MoreMenu(props: &MoreMenuProps) -> Html {
    let button = use_node_ref();
    let anchor = use_state(|| None::<Element>);
    let on_close = {
        let anchor = anchor.setter();
        Callback::from(move |()| anchor.set(None))
    };
    let onclick = {
        let (anchor, button) = (anchor.setter(), button.clone());
        move |_: MouseEvent| anchor.set(button.cast::<Element>())
    };
    let item = |label: &'static str, act: Box<dyn Fn()>| {
        let on_close = on_close.clone();
        let action = Callback::from(move |()| {
            on_close.emit(());
            act();
        });
        MenuItem { label: label.into(), destructive: false, action }
    };
    let (namespace, query) = (props.namespace.clone(), props.query.clone());
    let import = (!props.is_read_only).then(|| {
        let namespace = namespace.clone();
        item("Import…", Box::new(move || open_import(namespace.clone())))
    });
    let export = {
        let namespace = namespace.clone();
        item("Export…", Box::new(move || open_export(namespace.clone(), query.clone())))
    };
    let change = (!props.is_read_only && props.is_table)
        .then(|| item("Change many…", Box::new(|| open_many(Many::Change))));
    let schema = item("Schema", Box::new(move || navigation::go(schema(namespace.clone()))));
    let save = item("Save this view…", Box::new(open_save_view));
    let items: Vec<_> = import.into_iter().chain([export]).chain(change).chain([schema, save]).collect();
    html! {
        <>
            <button
                ref={button}
                class="button"
                aria-label="More"
                title="More"
                aria-haspopup="menu"
                {onclick}
            >
                { Icon::More }
            </button>
            if let Some(anchor) = (*anchor).clone() {
                <Menu {anchor} label="More" {items} {on_close} />
            }
        </>
    }
}
