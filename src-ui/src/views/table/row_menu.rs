//! What can be done with one row.

use std::rc::Rc;

use lockstep_model::{DocumentId, contract::View, shape::Shape};
use web_sys::Element;
use yew::prelude::*;

use crate::{
    hooks::use_mutation,
    navigation,
    parts::{Confirm, Menu, MenuItem},
    store,
    views::{collections::use_of_status, open_insert},
};

#[derive(Properties, PartialEq)]
pub struct RowMenuProps {
    /// The row.
    pub id: DocumentId,
    /// What it opens beside.
    pub anchor: Element,
    pub shape: Rc<Shape>,
    pub read_only: bool,
    /// What else can be done with it, where it stands.
    #[prop_or_default]
    pub more: Vec<MenuItem>,
    /// It was closed, and nothing more is asked.
    pub on_close: Callback<()>,
}

/// The menu of a row, and the question before a deletion.
#[component]
pub fn RowMenu(props: &RowMenuProps) -> Html {
    let mutations = use_mutation();
    let asking = use_state(|| false);
    let production = use_of_status(|status| status.production) == Some(true);
    let id = &props.id;

    if *asking {
        // What did not travel with the document cannot be brought back.
        let is_whole = store::entity(id).doc.is_some_and(|document| document.omitted().is_empty());
        let message = match is_whole {
            true => {
                "It is deleted for everybody who uses this database. Ctrl+Z in this window brings it back."
            }
            false => {
                "It is deleted for everybody who uses this database, and cannot be brought back from here."
            }
        };
        let word = production.then(|| id.namespace.collection.clone());
        let delete = {
            let (id, on_close, word) = (id.clone(), props.on_close.clone(), word.clone());
            move |()| {
                mutations.delete(&id, word.clone());
                on_close.emit(());
            }
        };
        return html! {
            <Confirm
                title={format!("Delete this document of {}?", id.namespace.collection)}
                message={format!("{}. {message}", navigation::document_name(id))}
                action="Delete"
                word={word.map(|word| AttrValue::from(word.to_string()))}
                on_confirm={delete}
                on_close={&props.on_close}
            />
        };
    }

    let view = View::Document { id: id.clone() };
    let item = |label: &'static str, action: Box<dyn Fn()>| {
        let on_close = props.on_close.clone();
        let action = Callback::from(move |()| {
            on_close.emit(());
            action();
        });
        MenuItem { label: label.into(), destructive: false, action }
    };
    let mut items = vec![
        item(
            "Open",
            Box::new({
                let view = view.clone();
                move || navigation::go(view.clone())
            }),
        ),
        item("Open in new window", Box::new(move || navigation::open_window(view.clone()))),
    ];
    items.extend(props.more.iter().cloned());
    if !props.read_only {
        let (id, shape) = (id.clone(), props.shape.clone());
        let duplicate =
            move || open_insert(id.namespace.clone(), shape.clone(), store::entity(&id).doc.as_deref(), None);
        items.push(item("Duplicate…", Box::new(duplicate)));
        // The menu goes, and the question comes.
        let ask = Callback::from(move |()| asking.set(true));
        items.push(MenuItem { label: "Delete…".into(), destructive: true, action: ask });
    }
    html! { <Menu anchor={props.anchor.clone()} label="Row" {items} on_close={&props.on_close} /> }
}
