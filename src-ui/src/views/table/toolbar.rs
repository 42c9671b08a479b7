//! Above the grid: what it shows, and what can be done with all of it.

use std::{rc::Rc, time::Duration};

use lockstep_model::{
    Failure, ListQuery, Namespace,
    contract::{TableLayout, View},
    shape::Shape,
};
use yew::prelude::*;

use super::{
    columns::Columns,
    tools::{Laid, Tools},
};
use crate::{
    parts::{Icon, counted},
    views::{age::Age, in_new_window::InNewWindow, open_insert, transfer::MoreMenu, view_switch::ViewSwitch},
};

#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    pub namespace: Namespace,
    pub query: ListQuery,
    pub layout: TableLayout,
    /// The columns; `None` until they are known.
    pub columns: Option<Columns>,
    /// How many documents; `None` until that is known.
    pub count: Option<usize>,
    /// There are more than those.
    pub has_more: bool,
    /// From when they are, where nobody has read them since.
    pub unread_since: Option<Duration>,
    /// Why those could not be read, and how to try again.
    pub more_failed: Option<(Failure, Callback<()>)>,
    /// What the documents look like; `None` until that is known.
    pub shape: Option<Rc<Shape>>,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
}

/// The toolbar of a table.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let new = props.shape.clone().map(|shape| {
        let namespace = props.namespace.clone();
        move |_: MouseEvent| open_insert(namespace.clone(), shape.clone(), None, None)
    });
    let described = props.columns.as_ref().map(|columns| columns.described().clone());
    let laid = props.columns.clone().map(|columns| Laid { layout: props.layout.clone(), columns });
    let view = View::Table {
        namespace: props.namespace.clone(),
        query: props.query.clone(),
        layout: props.layout.clone(),
        top_row: 0,
    };
    html! {
        <header class="toolbar">
            <h1>{ &*props.namespace.collection }</h1>
            <ViewSwitch is_board=false />
            <span class="toolbar-count" aria-live="off">
                { props.count.map(|count| listed(count, props.has_more)) }
            </span>
            <Age unread_since={props.unread_since} />
            { for props.more_failed.as_ref().map(|(failure, retry)| more_failed(failure, retry)) }
            <Tools query={props.query.clone()} shape={described} table={laid} />
            <span class="toolbar-space" />
            if let Some(reason) = &props.read_only {
                <span class="chip" title={reason.clone()}>{ "Read only" }</span>
            }
            <InNewWindow {view} />
            <MoreMenu
                namespace={props.namespace.clone()}
                query={props.layout.listed(&props.query)}
                is_read_only={props.read_only.is_some()}
                is_table=true
            />
            if let (Some(new), None) = (new, &props.read_only) {
                <button class="button button-primary" onclick={new}>{ Icon::Plus }{ "New" }</button>
            }
        </header>
    }
}

fn listed(count: usize, has_more: bool) -> String {
    let first = if has_more { "the first " } else { "" };
    format!("{first}{}", counted(count as u64, "document"))
}

fn more_failed(failure: &Failure, retry: &Callback<()>) -> Html {
    html! {
        <span class="chip" role="alert" title={failure.to_string()}>
            { "More rows could not be read" }
            <button class="button" onclick={retry.reform(|_: MouseEvent| ())}>{ "Try again" }</button>
        </span>
    }
}
