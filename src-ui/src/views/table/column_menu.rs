//! What can be done with one column.

use lockstep_model::{
    ListQuery,
    contract::{Grouping, TableLayout},
    key::Direction,
};
use web_sys::Element;
use yew::prelude::*;

use super::{
    columns::Columns,
    header::move_column,
    tools::{Tool, open_filter_of, open_tool},
};
use crate::{
    navigation,
    parts::{Menu, MenuItem},
};

#[derive(Properties, PartialEq)]
pub struct ColumnMenuProps {
    /// Which column.
    pub at: usize,
    /// What it opens beside.
    pub anchor: Element,
    pub columns: Columns,
    pub query: ListQuery,
    /// The rows stand in groups.
    pub is_grouped: bool,
    pub on_close: Callback<()>,
}

/// The menu of a column.
#[component]
pub fn ColumnMenu(props: &ColumnMenuProps) -> Html {
    let ColumnMenuProps { at, columns, .. } = props;
    let at = *at;
    let Some(column) = columns.get(at) else { return html! {} };
    let path = column.path.clone();
    let item = |label: &'static str, act: Box<dyn Fn()>| {
        let on_close = props.on_close.clone();
        let action = Callback::from(move |()| {
            on_close.emit(());
            act();
        });
        MenuItem { label: label.into(), destructive: false, action }
    };
    let sort = |direction: Direction| {
        let path = path.clone();
        Box::new(move || navigation::change_table(|query, _| query.sort = vec![(path.clone(), direction)]))
    };
    let lay_out = |change: Box<dyn Fn(&mut TableLayout)>| {
        Box::new(move || navigation::change_table(|_, layout| change(layout)))
    };
    let mut items = vec![
        item("Sort ascending", sort(Direction::Ascending)),
        item("Sort descending", sort(Direction::Descending)),
        item("Filter by it…", {
            let name = column.name.to_string();
            Box::new(move || open_filter_of(&name))
        }),
        item("Group by it", {
            let path = path.clone();
            lay_out(Box::new(move |layout| {
                layout.group = Some(Grouping { path: path.clone(), collapsed: Vec::new() });
            }))
        }),
    ];
    if props.is_grouped {
        items.push(item("No groups", lay_out(Box::new(|layout| layout.group = None))));
    }
    let frozen = columns.frozen();
    if at + 1 != frozen {
        let to = u8::try_from(at).unwrap_or(u8::MAX);
        items.push(item("Freeze up to here", lay_out(Box::new(move |layout| layout.frozen = to))));
    }
    if at > 0 {
        let columns = columns.clone();
        items.push(item("Move left", Box::new(move || move_column(&columns, at, at - 1))));
    }
    if at + 1 < columns.len() {
        let columns = columns.clone();
        items.push(item("Move right", Box::new(move || move_column(&columns, at, at + 1))));
    }
    if columns.len() > 1 {
        let all = columns.layout();
        items.push(item(
            "Hide",
            lay_out(Box::new(move |layout| {
                layout.columns.clone_from(&all);
                layout
                    .columns
                    .iter_mut()
                    .filter(|column| column.path == path)
                    .for_each(|column| column.hidden = true);
            })),
        ));
    }
    items.push(item("All columns…", Box::new(|| open_tool(Tool::Columns))));
    html! { <Menu anchor={props.anchor.clone()} label={format!("Column {}", column.name)} {items} on_close={&props.on_close} /> }
}
