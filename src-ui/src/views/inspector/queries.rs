//! The queries of the store, one a line: those whose keys hold the text that the person filters by.

use lockstep_model::Key;
use lockstep_query::{Holds, Inspection};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::state::{age, status, tags};
use crate::{parts::grouped, store};

/// More lines than these nobody reads: a table that was scrolled through has a query for each row.
const SHOWN_MOST: usize = 150;

/// The table of queries. Documents come last, since there are the most of them.
pub fn queries(keys: &[Key], filter: &str, chosen: Option<&Key>, on_choose: &Callback<Key>) -> Html {
    let (documents, others): (Vec<_>, Vec<_>) = keys.iter().partition(|key| matches!(key, Key::Document(_)));
    let filter = filter.trim().to_lowercase();
    let holds = |key: &&Key| filter.is_empty() || key.to_string().to_lowercase().contains(&filter);
    let mut found = others.into_iter().chain(documents).filter(holds);
    let shown = found.by_ref().take(SHOWN_MOST);
    let lines: Vec<_> = shown
        .filter_map(|key| Some(line(key, &store::inspect(key)?, chosen == Some(key), on_choose)))
        .collect();
    let left_out = found.count();
    if lines.is_empty() {
        let why = if keys.is_empty() { "The store holds no queries." } else { "No key holds this text." };
        return html! { <div class="inspector-queries"><p class="quiet inspector-empty">{ why }</p></div> };
    }
    html! {
        <div class="inspector-queries">
            <table aria-label="Queries">
                <thead>
                    <tr>
                        <th scope="col">{ "Key" }</th>
                        <th scope="col">{ "State" }</th>
                        <th scope="col" class="number">{ "Observers" }</th>
                        <th scope="col" class="number">{ "Layers" }</th>
                        <th scope="col">{ "Data" }</th>
                        <th scope="col" class="number">{ "Age" }</th>
                    </tr>
                </thead>
                <tbody>{ for lines }</tbody>
            </table>
            if left_out > 0 {
                <p class="quiet inspector-empty">{ format!("{} more: filter by a part of the key.", grouped(left_out as u64)) }</p>
            }
        </div>
    }
}

fn line(key: &Key, query: &Inspection<Lockstep>, is_chosen: bool, on_choose: &Callback<Key>) -> Html {
    let onclick = {
        let key = key.clone();
        on_choose.reform(move |_: MouseEvent| key.clone())
    };
    let text = AttrValue::from(key.to_string());
    html! {
        <tr
            key={text.to_string()}
            class={classes!(is_chosen.then_some("chosen"), (query.observers == 0).then_some("unobserved"))}
            data-key={&text}
            data-status={status(query.status).0}
            data-observers={query.observers.to_string()}
            {onclick}
        >
            <td class="inspector-key"><button aria-pressed={is_chosen.to_string()} title={&text}>{ &text }</button></td>
            <td>{ tags(query) }</td>
            <td class="number">{ query.observers }</td>
            <td class="number">{ (query.layers > 0).then_some(query.layers) }</td>
            <td>{ held(query.holds) }</td>
            <td class="number">{ query.updated_at.map(age) }</td>
        </tr>
    }
}

/// What a query holds, in words.
pub fn held(holds: Holds) -> String {
    match holds {
        Holds::Nothing => "none".into(),
        Holds::Entity => "document".into(),
        Holds::Absent => "no such document".into(),
        Holds::List(1) => "list of 1".into(),
        Holds::List(count) => format!("list of {}", grouped(count as u64)),
        Holds::Value => "value".into(),
    }
}
