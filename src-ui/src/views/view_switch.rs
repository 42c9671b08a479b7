//! Between the table and the board of a collection: the same documents in the same order.

use std::{cell::RefCell, collections::HashMap};

use lockstep_model::{
    Namespace,
    contract::{BoardLayout, TableLayout, View},
};
use yew::prelude::*;

use crate::{navigation, parts::Icon};

/// How a collection was laid out in this window, when it was left for its other view.
#[derive(Debug, Default)]
struct Layouts {
    /// `None` is as the last table of the collection was laid out.
    table: Option<TableLayout>,
    board: BoardLayout,
}

thread_local! {
    static LAYOUTS: RefCell<HashMap<Namespace, Layouts>> = RefCell::default();
}

#[derive(Properties, PartialEq)]
pub struct ViewSwitchProps {
    /// The board is what is shown, and else the table.
    pub is_board: bool,
}

/// The switch, for a toolbar.
#[component]
pub fn ViewSwitch(props: &ViewSwitchProps) -> Html {
    let is_board = props.is_board;
    let to = |board: bool| {
        move |_: MouseEvent| {
            if board != is_board {
                switch_view();
            }
        }
    };
    html! {
        <div class="view-switch view-switch-icons" role="group" aria-label="View">
            <button aria-pressed={(!is_board).to_string()} title="Table" onclick={to(false)}>{ Icon::Table }{ "Table" }</button>
            <button aria-pressed={is_board.to_string()} title="Board" onclick={to(true)}>{ Icon::Board }{ "Board" }</button>
        </div>
    }
}

/// Shows the table on the screen as a board, or the board as a table, each as it was laid out last.
pub fn switch_view() {
    let Some(view) = navigation::tabs().map(|tabs| tabs.active().view.clone()) else { return };
    let Some(namespace) = view.namespace().cloned() else { return };
    let other = LAYOUTS.with_borrow_mut(|layouts| {
        let layouts = layouts.entry(namespace.clone()).or_default();
        match view {
            View::Table { query, layout, .. } => {
                layouts.table = Some(layout);
                let (layout, scrolled) = (layouts.board.clone(), Box::default());
                Some(View::Board { namespace, query, layout, scrolled })
            }
            View::Board { query, layout, .. } => {
                layouts.board = layout;
                let layout = layouts.table.clone().unwrap_or_else(|| navigation::table_layout(&namespace));
                Some(View::Table { namespace, query, layout, top_row: 0 })
            }
            _ => None,
        }
    });
    other.into_iter().for_each(navigation::go);
}
