//! The field whose values the rows stand together by.

use lockstep_model::{
    Path,
    contract::{Grouping, TableLayout},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::super::columns::Columns;
use crate::{edit::conditions::single_field_names, navigation};

#[derive(Properties, PartialEq)]
pub struct GroupToolProps {
    pub layout: TableLayout,
    pub columns: Columns,
}

/// The groups.
#[component]
pub fn GroupTool(props: &GroupToolProps) -> Html {
    let names = single_field_names(props.columns.described());
    let grouped = props.layout.group.as_ref().map(|group| group.path.to_string());
    let onchange = {
        let names = names.clone();
        move |event: Event| {
            let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            let Some(at) = select.and_then(|select| usize::try_from(select.selected_index()).ok()) else {
                return;
            };
            let path = at.checked_sub(1).and_then(|at| names.get(at)).map(|name| Path::dotted(name));
            navigation::change_table(|_, layout| {
                layout.group = path.map(|path| Grouping { path, collapsed: Vec::new() });
            });
        }
    };
    let is_grouped = grouped.is_some();
    let open_all = |_: MouseEvent| {
        navigation::change_table(|_, layout| {
            layout.group.iter_mut().for_each(|group| group.collapsed.clear())
        });
    };
    html! {
        <div class="group-tool">
            <label>
                <span class="quiet">{ "Rows stand together by" }</span>
                <select aria-label="Group by" {onchange}>
                    <option selected={!is_grouped}>{ "nothing" }</option>
                    { for names.iter().map(|name| html! {
                        <option selected={grouped.as_ref() == Some(name)}>{ name }</option>
                    }) }
                </select>
            </label>
            if props.layout.group.as_ref().is_some_and(|group| !group.collapsed.is_empty()) {
                <div class="tool-actions">
                    <button class="button" onclick={open_all}>{ "Open all groups" }</button>
                </div>
            }
        </div>
    }
}
