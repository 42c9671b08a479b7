//! Above the board: what it shows, and what can be done with all of it.

use std::rc::Rc;

use lockstep_model::{ListQuery, contract::View};
use lockstep_query::Options;
use web_sys::Element;
use yew::prelude::*;

use super::{BoardProps, layout_form::LayoutForm, plan::Planned};
use crate::{
    hooks::use_queries,
    navigation,
    parts::{Icon, Popover},
    signal::use_signal,
    store,
    views::{
        age::Age, in_new_window::InNewWindow, open_insert, table::Tools, transfer::MoreMenu,
        view_switch::ViewSwitch,
    },
};

/// The columns read their lists themselves.
const LOOKING_ON: Options = Options { enabled: false, ..Options::DEFAULT };

#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    pub board: BoardProps,
    /// The board as it is drawn; `None` until it can be.
    pub planned: Option<Rc<Planned>>,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// Whether the person is choosing another layout.
    pub on_choosing: Callback<bool>,
}

/// The toolbar of a board.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let BoardProps { namespace, query, .. } = &props.board;
    let opened_at = use_state(|| None::<Element>);
    let layout = props.planned.as_ref().map_or(&props.board.layout, |planned| &planned.layout).clone();

    let pending = use_signal(store::pending());
    let sums = props.planned.as_ref().is_some_and(|planned| planned.sum.is_some());
    // As old as the oldest of what is shown.
    let lists =
        props.planned.as_ref().map(|planned| planned.layout.lists(namespace, query)).unwrap_or_default();
    let lists = use_queries(lists, LOOKING_ON);
    let unread_since = lists.iter().filter_map(|list| store::unread_since(list.updated_at)).min();

    let open = {
        let (opened_at, on_choosing) = (opened_at.clone(), props.on_choosing.clone());
        move |event: MouseEvent| {
            let button = event.target_dyn_into::<Element>().and_then(|icon| icon.closest("button").ok()?);
            opened_at.set(button);
            on_choosing.emit(true);
        }
    };
    let close = {
        let (opened_at, on_choosing) = (opened_at.clone(), props.on_choosing.clone());
        Callback::from(move |()| {
            opened_at.set(None);
            on_choosing.emit(false);
        })
    };
    // A board that is drawn as it was kept knows no fields yet.
    let shape = props.planned.as_ref().map(|planned| planned.shape.clone());
    let shape = shape.filter(|shape| !shape.fields.is_empty());
    let view = View::Board {
        namespace: namespace.clone(),
        query: query.clone(),
        layout: layout.clone(),
        scrolled: Box::default(),
    };
    let new = props.planned.as_ref().filter(|_| props.read_only.is_none()).map(|planned| {
        let (namespace, shape) = (namespace.clone(), planned.shape.clone());
        move |_: MouseEvent| open_insert(namespace.clone(), shape.clone(), None, None)
    });
    html! {
        <header class="toolbar">
            <h1>{ &*namespace.collection }</h1>
            <ViewSwitch is_board=true />
            if let Some(planned) = &props.planned {
                <button class="button" aria-haspopup="dialog" aria-expanded={opened_at.is_some().to_string()} onclick={open}>
                    { Icon::Layout }{ "Layout" }
                </button>
                <span class="quiet board-by">{ "by " }<b>{ planned.by.to_string() }</b></span>
                if let Some(anchor) = (*opened_at).clone() {
                    <Popover {anchor} label="Layout" class="board-layout" on_close={close}>
                        <LayoutForm board={props.board.clone()} planned={planned.clone()} />
                    </Popover>
                }
            }
            if shape.is_none() && !query.takes_all() {
                <span class="chip" title={query.filter.to_string()}>
                    { Icon::Filter }{ "Filtered" }
                    <button class="icon-button" aria-label="Remove the filter" onclick={|_| take_all()}>{ Icon::Close }</button>
                </span>
            }
            <Tools query={query.clone()} {shape} />
            if let (Some(edits), true) = (pending.get(namespace), sums) {
                <span class="badge" title="The sums are the database's, which has them not yet">
                    { if *edits == 1 { "1 edit pending".into() } else { format!("{edits} edits pending") } }
                </span>
            }
            <Age {unread_since} />
            <span class="toolbar-space" />
            if let Some(reason) = &props.read_only {
                <span class="chip" title={reason.clone()}>{ "Read only" }</span>
            }
            <InNewWindow {view} />
            <MoreMenu
                namespace={namespace.clone()}
                query={query.clone()}
                is_read_only={props.read_only.is_some()}
            />
            if let Some(new) = new {
                <button class="button button-primary" onclick={new}>{ Icon::Plus }{ "New" }</button>
            }
        </header>
    }
}

fn take_all() {
    navigation::change_query(|query| query.filter = ListQuery::all().filter);
}
