//! Which columns there are: those of the shape, and fields inside of documents.

use lockstep_model::{
    Path,
    contract::{ColumnLayout, TableLayout},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::columns::Columns;
use crate::{edit::conditions::single_field_names, navigation};

#[derive(Properties, PartialEq)]
pub struct ColumnsToolProps {
    pub layout: TableLayout,
    pub columns: Columns,
}

/// The columns.
#[component]
pub fn ColumnsTool(props: &ColumnsToolProps) -> Html {
    let typed = use_state(String::new);
    let mut all = props.columns.layout();
    // Fields inside of documents have no column until somebody wants one.
    let nested = single_field_names(props.columns.described()).into_iter().map(|name| Path::dotted(&name));
    for path in nested.filter(|path| path.steps().len() > 1) {
        if !all.iter().any(|column| column.path == path) {
            all.push(ColumnLayout { path, width: None, hidden: true });
        }
    }
    let shown = all.iter().filter(|column| !column.hidden).count();
    let oninput = {
        let typed = typed.setter();
        move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value().to_lowercase())
        }
    };
    let found = all.iter().filter(|column| column.path.to_string().to_lowercase().contains(&**typed));
    let each = found.map(|column| {
        let name = column.path.to_string();
        let onchange = {
            let (path, all) = (column.path.clone(), all.clone());
            move |_: Event| {
                let mut columns = all.clone();
                let toggled = columns.iter_mut().find(|column| column.path == path);
                toggled.into_iter().for_each(|column| column.hidden = !column.hidden);
                // What is inside of a document and not shown needs no place.
                columns.retain(|column| !column.hidden || column.path.steps().len() == 1);
                navigation::change_table(|_, layout| layout.columns = columns);
            }
        };
        html! {
            <label key={name.clone()} class="column-choice">
                <input type="checkbox" checked={!column.hidden} disabled={!column.hidden && shown == 1} {onchange} />
                { name }
            </label>
        }
    });
    let is_chosen = !props.layout.columns.is_empty() || props.layout.frozen > 0;
    let reset = |_: MouseEvent| {
        navigation::change_table(|_, layout| {
            layout.columns.clear();
            layout.frozen = 0;
        });
    };
    html! {
        <div class="columns-tool">
            <input type="text" aria-label="Search columns" placeholder="Search columns" autocomplete="off" spellcheck="false" {oninput} />
            <div class="column-choices">{ for each }</div>
            if is_chosen {
                <div class="tool-actions">
                    <button class="button button-quiet" onclick={reset}>{ "Reset columns" }</button>
                </div>
            }
        </div>
    }
}
