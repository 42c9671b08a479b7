//! The first rows of a file as they would be written.

use bson::{RawBsonRef, RawDocument};
use lockstep_model::{
    contract::transfer::{PreviewOutcome, PreviewRow},
    shape::{Type, display_text, visible},
};
use yew::prelude::*;

use crate::parts::grouped;

/// So many fields have a column of their own.
const COLUMNS_MOST: usize = 40;

#[derive(Properties, PartialEq)]
pub struct PreviewTableProps {
    pub rows: std::rc::Rc<Vec<PreviewRow>>,
}

/// One line for each row; what is wrong with it stands below it.
#[component]
pub fn PreviewTable(props: &PreviewTableProps) -> Html {
    let documents = props.rows.iter().filter_map(|row| match &row.outcome {
        PreviewOutcome::Document(document, _) => Some(document),
        PreviewOutcome::Refused(_) => None,
    });
    let mut columns = Vec::<String>::new();
    for document in documents {
        leaves(document, "", &mut |path, _| {
            if columns.len() < COLUMNS_MOST && !columns.contains(&path) {
                columns.push(path);
            }
        });
    }
    let width = (columns.len() + 1).to_string();
    let message = |words: String, class: &'static str| {
        html! {
            <tr class={class}><td class="cell-number" /><td colspan={width.clone()}>{ words }</td></tr>
        }
    };
    html! {
        <div class="transfer-table preview">
            <table aria-label="Preview">
                <thead>
                    <tr>
                        <th class="cell-number">{ "Row" }</th>
                        { for columns.iter().map(|path| html! { <th>{ visible(path) }</th> }) }
                    </tr>
                </thead>
                <tbody>
                    { for props.rows.iter().map(|row| match &row.outcome {
                        PreviewOutcome::Refused(reason) => html! {
                            <tr class="refused">
                                <td class="cell-number">{ grouped(row.number) }</td>
                                <td colspan={width.clone()}>{ format!("Refused: {reason}") }</td>
                            </tr>
                        },
                        PreviewOutcome::Document(document, broken) => {
                            let mut cells = vec![html! { <td /> }; columns.len()];
                            leaves(document, "", &mut |path, value| {
                                if let Some(at) = columns.iter().position(|column| *column == path) {
                                    let of = Type::of(value).label();
                                    cells[at] = html! { <td title={of}>{ display_text(value) }</td> };
                                }
                            });
                            html! {
                                <>
                                    <tr>
                                        <td class="cell-number">{ grouped(row.number) }</td>
                                        { for cells }
                                    </tr>
                                    { for broken.iter().map(|broken| {
                                        let path = broken.path.to_string();
                                        message(format!("{path} {}", broken.message), "broken")
                                    }) }
                                </>
                            }
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// Every value that is no document with something in it.
fn leaves(document: &RawDocument, path: &str, each: &mut dyn FnMut(String, RawBsonRef<'_>)) {
    for (name, value) in document.iter().flatten() {
        let path =
            if path.is_empty() { name.as_str().to_owned() } else { format!("{path}.{}", name.as_str()) };
        match value {
            RawBsonRef::Document(inner) if !inner.is_empty() => leaves(inner, &path, each),
            value => each(path, value),
        }
    }
}
