//! The sort: fields, the most significant first.

use lockstep_model::{ListQuery, Path, key::Direction};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::super::columns::Columns;
use crate::{edit::conditions::field_names, navigation, parts::Icon};

type Sort = Vec<(Path, Direction)>;

#[derive(Properties, PartialEq)]
pub struct SortToolProps {
    pub query: ListQuery,
    pub columns: Columns,
}

/// The sort.
#[component]
pub fn SortTool(props: &SortToolProps) -> Html {
    let sort = &props.query.sort;
    let names = field_names(props.columns.described());
    let change =
        |change: Box<dyn Fn(&mut Sort)>| move || navigation::change_table(|query, _| change(&mut query.sort));
    let rows = sort.iter().enumerate().map(|(at, (path, direction))| {
        let on_field = {
            let names = names.clone();
            move |event: Event| {
                if let Some(name) = chosen(&event).and_then(|place| names.get(place).cloned()) {
                    navigation::change_table(|query, _| query.sort[at].0 = Path::dotted(&name));
                }
            }
        };
        let turn = change(Box::new(move |sort| {
            sort[at].1 = match sort[at].1 {
                Direction::Ascending => Direction::Descending,
                Direction::Descending => Direction::Ascending,
            };
        }));
        let up = change(Box::new(move |sort| sort.swap(at, at - 1)));
        let remove = change(Box::new(move |sort| _ = sort.remove(at)));
        let name = path.to_string();
        let is_known = names.contains(&name);
        let ascending = *direction == Direction::Ascending;
        html! {
            <div key={at} class="sort-row" role="group" aria-label={format!("Sort by {name}")}>
                <span class="quiet">{ if at == 0 { "By" } else { "then by" } }</span>
                <select aria-label="Field" onchange={on_field}>
                    { for names.iter().map(|other| html! { <option selected={*other == name}>{ other }</option> }) }
                    if !is_known {
                        <option selected=true>{ &name }</option>
                    }
                </select>
                <select aria-label="Direction" onchange={move |_: Event| turn()}>
                    <option selected={ascending}>{ "ascending" }</option>
                    <option selected={!ascending}>{ "descending" }</option>
                </select>
                if at == 0 {
                    <span />
                } else {
                    <button class="icon-button" aria-label="Before the one above" onclick={move |_: MouseEvent| up()}>
                        { Icon::Up }
                    </button>
                }
                <button class="icon-button" aria-label="Remove" onclick={move |_: MouseEvent| remove()}>{ Icon::Close }</button>
            </div>
        }
    });
    // A path that is named twice sorts once.
    let free = names.iter().find(|name| sort.iter().all(|(path, _)| path.to_string() != **name)).cloned();
    let add = free.map(|name| {
        move |_: MouseEvent| {
            navigation::change_table(|query, _| query.sort.push((Path::dotted(&name), Direction::Ascending)));
        }
    });
    let clear = change(Box::new(Vec::clear));
    html! {
        <div class="sort-tool">
            if sort.is_empty() {
                <p class="quiet">{ "By _id. A click on a column's name sorts by it; with Shift behind the others." }</p>
            }
            { for rows }
            <div class="tool-actions">
                if let Some(add) = add {
                    <button class="button" onclick={add}>{ Icon::Plus }{ "Add a field" }</button>
                }
                if !sort.is_empty() {
                    <button class="button button-quiet" onclick={move |_: MouseEvent| clear()}>{ "Remove all" }</button>
                }
            </div>
        </div>
    }
}

fn chosen(event: &Event) -> Option<usize> {
    let select = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    usize::try_from(select.selected_index()).ok()
}
