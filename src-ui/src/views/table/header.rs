//! The row of column names; a click on one sorts: ascending, descending, as before.

use std::ops::Range;

use lockstep_model::{ListQuery, Path, key::Direction};
use yew::prelude::*;

use super::columns::{Columns, Look, room};
use crate::parts::Icon;

#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    pub columns: Columns,
    /// Those of them that are on the screen, or near.
    pub mounted: Range<usize>,
    pub query: ListQuery,
    /// The list is wanted in another order.
    pub on_sort: Callback<ListQuery>,
}

/// The header of a grid.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let cells = props.columns.drawn(&props.mounted, None).flat_map(|(at, left_out, column)| {
        let direction = direction(&props.query, &column.path);
        let (sort, icon) = match direction {
            None => ("none", None),
            Some(Direction::Ascending) => ("ascending", Some(Icon::Up)),
            Some(Direction::Descending) => ("descending", Some(Icon::Down)),
        };
        let onclick = {
            let query = ListQuery { sort: next(&column.path, direction), ..props.query.clone() };
            props.on_sort.reform(move |_: MouseEvent| query.clone())
        };
        let number = (column.look == Look::Number).then_some("cell-number");
        let cell = html! {
            <div
                key={at}
                role="columnheader"
                class={classes!("cell", "column-header", number)}
                aria-colindex={(at + 2).to_string()}
                aria-sort={sort}
            >
                <button class="sort" tabindex="-1" title={column.field.description.clone()} {onclick}>
                    <span class="cell-text">{ &*column.name }</span>
                    { for icon }
                </button>
            </div>
        };
        room(left_out, at).into_iter().chain([cell])
    });
    html! {
        <div role="row" class="row row-header" aria-rowindex="1">
            <div role="columnheader" class="cell gutter"><span class="visually-hidden">{ "Row" }</span></div>
            { cells.collect::<Html>() }
        </div>
    }
}

fn direction(query: &ListQuery, path: &Path) -> Option<Direction> {
    query.sort.iter().find(|(sorted, _)| sorted == path).map(|(_, direction)| *direction)
}

fn next(path: &Path, now: Option<Direction>) -> Vec<(Path, Direction)> {
    match now {
        None => vec![(path.clone(), Direction::Ascending)],
        Some(Direction::Ascending) => vec![(path.clone(), Direction::Descending)],
        Some(Direction::Descending) => Vec::new(),
    }
}
