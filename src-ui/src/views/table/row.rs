//! One row: it observes its own document, so an edit draws this row and no other.

use std::{
    ops::{Range, RangeInclusive},
    rc::Rc,
};

use lockstep_model::{DocumentId, Key};
use lockstep_query::Input;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};
use yew::prelude::*;

use super::{
    cell::{Cell, Editor, cell},
    columns::{Column, Columns, frozen_style, room},
    viewport::ROW_HEIGHT,
};
use crate::{
    edit::Seed,
    hooks::{Fetched, use_document, use_held_while, use_prefetch},
    parts::{Icon, badge, style},
    store,
    sync_state::{SyncState, is_being_deleted},
};

/// What `MouseEvent.buttons` says while only that one is held.
const PRIMARY_BUTTON: u16 = 1;

/// Over so many rows the first one lies; more than a list has.
const TOPMOST: i64 = 1_000_000;

/// Something that a person does in a row.
#[derive(Clone, Debug)]
pub enum RowEvent {
    /// A cell has the focus.
    Focus(usize),
    /// Goes to a cell with the pointer, and may drag on from there.
    Press(usize),
    /// Selects up to a cell.
    Extend(usize),
    /// The pointer comes by with its button held.
    Drag(usize),
    /// Opens the editor of a cell.
    Edit(usize, Seed),
    /// Opens the row's menu beside something.
    Menu(Element),
}

#[derive(Properties, PartialEq)]
pub struct RowProps {
    /// The row's document.
    pub id: DocumentId,
    /// Its number among all rows, from 0.
    pub row: usize,
    /// The line in which it stands, from 0.
    pub line: usize,
    pub columns: Columns,
    /// Those of them that are on the screen, or near.
    pub mounted: Range<usize>,
    /// The cell that the Tab key comes to.
    pub tab_stop: Option<usize>,
    /// Whether that is the cell where the person is.
    pub is_current: bool,
    /// The columns of it that are selected.
    pub selected: Option<RangeInclusive<usize>>,
    /// The open editor, if it is in this row.
    pub editor: Option<Editor>,
    /// What the person did in which row.
    pub on_event: Callback<(DocumentId, usize, RowEvent)>,
}

/// One row.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let document = use_document(props.id.clone());
    let view = document.view.as_ref();
    let state = view.map_or(SyncState::Saved, |view| SyncState::of(view, &props.id));
    let deleting = view.is_some_and(|view| is_being_deleted(view, &props.id));
    use_held_while(deleting, props.id.clone());
    let prefetch = use_prefetch();

    let on = |make: fn(Element) -> Option<RowEvent>| {
        let (on_event, id, row) = (props.on_event.clone(), props.id.clone(), props.row);
        move |target: Option<EventTarget>| {
            if let Some(event) = target.and_then(|target| target.dyn_into().ok()).and_then(make) {
                on_event.emit((id.clone(), row, event));
            }
        }
    };
    let onmousedown = {
        let (on_event, id, row) = (props.on_event.clone(), props.id.clone(), props.row);
        let selected = props.selected.clone();
        move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let Some(column) = target.as_ref().and_then(column_at) else { return };
            if event.button() != 0 {
                // A menu of what is selected leaves it selected.
                if selected.as_ref().is_some_and(|selected| selected.contains(&column)) {
                    event.prevent_default();
                }
                return;
            }
            let act = if event.shift_key() {
                // The focus stays where the selection begins.
                event.prevent_default();
                RowEvent::Extend(column)
            } else {
                RowEvent::Press(column)
            };
            on_event.emit((id.clone(), row, act));
        }
    };
    let onmouseover = {
        let drag = on(|target| column_at(&target).map(RowEvent::Drag));
        move |event: MouseEvent| {
            if event.buttons() == PRIMARY_BUTTON {
                drag(event.target());
            }
        }
    };
    let onfocusin = {
        let focus = on(|target| column_at(&target).map(RowEvent::Focus));
        move |event: FocusEvent| focus(event.target())
    };
    let ondblclick = {
        let edit = on(|target| column_at(&target).map(|column| RowEvent::Edit(column, Seed::Value)));
        move |event: MouseEvent| edit(event.target())
    };
    let oncontextmenu = {
        let menu = on(|target| Some(RowEvent::Menu(target)));
        move |event: MouseEvent| {
            event.prevent_default();
            menu(event.target());
        }
    };
    let open_menu = {
        let menu = on(|target| Some(RowEvent::Menu(target)));
        // The current target is Yew's own root.
        move |event: MouseEvent| menu(event.target().as_ref().and_then(button).map(EventTarget::from))
    };

    // What hangs up from an open editor lies over the lines above.
    let raised = if props.editor.is_some() { format!("; z-index: {}", TOPMOST + 1) } else { String::new() };
    let place = place_of(props.line) + &raised;
    html! {
        <div
            role="row"
            class={classes!("row", deleting.then_some("deleting"), props.is_current.then_some("current"))}
            aria-rowindex={(props.line + 2).to_string()}
            data-id={props.id.id.to_string()}
            data-state={state.name()}
            ~style={style(&place)}
            {onmousedown}
            {onmouseover}
            {onfocusin}
            {ondblclick}
            {oncontextmenu}
            onmouseenter={prefetch.on_intent(Key::Document(props.id.clone()))}
            onmouseleave={prefetch.on_leave()}
        >
            <div role="rowheader" class="cell gutter">
                { gutter(state, props.row) }
                <button class="icon-button row-actions" tabindex="-1" aria-label="Row actions" onclick={open_menu}>
                    { Icon::More }
                </button>
            </div>
            { cells(props, &document) }
        </div>
    }
}

/// Where a line stands. What hangs down from a cell lies over the lines below.
pub fn place_of(line: usize) -> String {
    format!("top: {}px; z-index: {}", line as f64 * ROW_HEIGHT, TOPMOST - line as i64)
}

fn gutter(state: SyncState, row: usize) -> Html {
    match state {
        SyncState::Saved => html! { <span class="row-number">{ row + 1 }</span> },
        state => badge(state),
    }
}

fn cells(props: &RowProps, Fetched { view, error }: &Fetched) -> Html {
    let view = view.as_ref();
    // A document that is being deleted stays on the screen until that is settled.
    let shown = view.and_then(|view| Some((view, view.doc.as_ref().or(view.base.as_ref())?)));
    let tabindex = if props.tab_stop.is_some() { "0" } else { "-1" };
    match (shown, error) {
        (Some((view, document)), _) => drawn(props, |at, column| {
            cell(&Cell {
                id: &props.id,
                view,
                document,
                column,
                at,
                stays_at: props.columns.stays_at(at),
                is_tab_stop: props.tab_stop == Some(at),
                is_current: props.is_current && props.tab_stop == Some(at),
                is_selected: props.selected.as_ref().is_some_and(|selected| selected.contains(&at)),
                editor: props.editor.as_ref().filter(|editor| editor.editing.path == column.path),
            })
        }),
        (None, Some(failure)) => {
            let id = props.id.clone();
            let retry =
                move |_: MouseEvent| store::dispatch(Input::refetch(Key::Document(id.clone()).segments()));
            html! {
                <div role="gridcell" class="cell row-message" {tabindex} aria-colspan={props.columns.len().to_string()}>
                    <span class="cell-text">{ format!("Not read: {failure}") }</span>
                    <button class="button button-small" onclick={retry}>{ "Retry" }</button>
                </div>
            }
        }
        (None, None) if view.is_some() => html! {
            <div role="gridcell" class="cell row-message" {tabindex} aria-colspan={props.columns.len().to_string()}>
                <span class="cell-text">{ "Deleted" }</span>
            </div>
        },
        (None, None) => drawn(props, |at, column| {
            html! {
                <div
                    key={at}
                    role="gridcell"
                    class={classes!("cell", props.columns.stays_at(at).map(|_| "cell-frozen"))}
                    ~style={frozen_style(props.columns.stays_at(at))}
                    data-field={column.name.clone()}
                    data-column={at.to_string()}
                    aria-colindex={(at + 2).to_string()}
                    tabindex={if props.tab_stop == Some(at) { "0" } else { "-1" }}
                    aria-busy="true"
                >
                    <span class="skeleton skeleton-cell" />
                </div>
            }
        }),
    }
}

/// The cells of the columns that are drawn, each in its place.
fn drawn(props: &RowProps, cell: impl Fn(usize, &Column) -> Html) -> Html {
    let drawn = props.columns.drawn(&props.mounted, props.tab_stop);
    drawn
        .flat_map(|(at, left_out, column)| room(left_out, at).into_iter().chain([cell(at, column)]))
        .collect()
}

/// The button in which the element is: its icon is one, too.
fn button(target: &EventTarget) -> Option<Element> {
    target.dyn_ref::<Element>()?.closest("button").ok().flatten()
}

/// The column of the cell in which the element is; none where it is in something that lies over the cell.
pub fn column_at(element: &Element) -> Option<usize> {
    if element.closest(".callout, .editor, .look-up-offer, [popover]").ok().flatten().is_some() {
        return None;
    }
    element.closest("[data-column]").ok().flatten()?.get_attribute("data-column")?.parse().ok()
}

impl PartialEq for Editor {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.editing, &other.editing)
    }
}
