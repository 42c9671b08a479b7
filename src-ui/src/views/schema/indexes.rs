//! The collection's indexes.

use lockstep_model::{Value, contract::schema::Index, shape::display_text};
use yew::prelude::*;

use crate::parts::grouped;

/// One line for each.
pub fn indexes(indexes: &[Index]) -> Html {
    if indexes.is_empty() {
        return html! { <p class="quiet schema-none">{ "There are no indexes." }</p> };
    }
    html! {
        <table class="schema-fields" aria-label="Indexes">
            <thead><tr><th>{ "Name" }</th><th>{ "Keys" }</th><th>{ "Properties" }</th></tr></thead>
            <tbody>
                { for indexes.iter().map(|index| html! {
                    <tr key={index.name.clone()}>
                        <th scope="row">{ &index.name }</th>
                        <td class="schema-keys">
                            { for index.keys.iter().flatten().map(|(name, direction)| {
                                let direction = match display_text(direction) {
                                    text if matches!(&*text, "1" | "1.0") => "ascending".into(),
                                    text if matches!(&*text, "-1" | "-1.0") => "descending".into(),
                                    text => text,
                                };
                                html! { <><code>{ format!("{} {direction}", name.as_str()) }</code>{ " " }</> }
                            }) }
                        </td>
                        <td>{ for properties(index).into_iter().map(|text| html! { <div>{ text }</div> }) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn properties(index: &Index) -> Vec<String> {
    let is = |yes: bool, words: &str| yes.then(|| words.to_owned());
    let expires = index.expire_after_seconds.and_then(|seconds| u64::try_from(seconds).ok());
    let words = [
        is(index.unique, "unique"),
        is(index.sparse, "sparse"),
        is(index.hidden, "hidden"),
        expires.map(|seconds| format!("documents go after {} s", grouped(seconds))),
        index.partial.as_ref().map(|filter| format!("only where {}", Value::document(filter).relaxed())),
    ];
    words.into_iter().flatten().collect()
}
