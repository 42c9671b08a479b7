//! The first documents of an order: a line each, which opens its document, and changes as that does.

use lockstep_model::{DocumentId, Key, Path, contract::View, order::SortKey, shape::display_text};
use lockstep_query::{Data, Options};
use yew::prelude::*;

use crate::{hooks::use_selected, navigation, parts::number, sync_state::SyncState};

/// So many are shown.
const SHOWN: usize = 8;

#[derive(Properties, PartialEq)]
pub struct DocumentLinesProps {
    /// The first of them, and some more.
    pub rows: lockstep_query::Rows<SortKey, DocumentId>,
    /// The field that they are ordered by.
    pub by: Path,
    /// What else is shown of each.
    pub fields: Vec<Path>,
}

/// The lines, as a table.
#[component]
pub fn DocumentLines(props: &DocumentLinesProps) -> Html {
    if props.rows.is_empty() {
        return html! { <p class="tile-empty">{ "No documents." }</p> };
    }
    let mut fields = props.fields.clone();
    if !fields.contains(&props.by) {
        fields.insert(0, props.by.clone());
    }
    html! {
        <div class="tile-lines">
            <table>
                <thead><tr>{ for fields.iter().map(|field| html! { <th scope="col">{ field.to_string() }</th> }) }</tr></thead>
                <tbody>
                    { for props.rows.iter().take(SHOWN).map(|id| html! {
                        <DocumentLine key={format!("{id:?}")} id={id.clone()} fields={fields.clone()} />
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DocumentLineProps {
    id: DocumentId,
    fields: Vec<Path>,
}

#[component]
fn DocumentLine(props: &DocumentLineProps) -> Html {
    let id = props.id.clone();
    let (texts, state) = use_selected(Key::Document(id.clone()), Options::default(), {
        let fields = props.fields.clone();
        move |query| match query.data {
            Some(Data::Entity(view)) => {
                let text =
                    |path: &Path| view.doc.as_ref().and_then(|document| Some(text(document.get(path)?)));
                let texts: Vec<_> = fields.iter().map(|path| text(path).unwrap_or_default()).collect();
                (texts, SyncState::of(&view, &id))
            }
            _ => (vec![String::new(); fields.len()], SyncState::Saved),
        }
    });
    let onclick = {
        let view = View::Document { id: props.id.clone() };
        move |event: MouseEvent| navigation::go_by(&event, view.clone())
    };
    let name = navigation::document_title(&props.id);
    let cells = texts.into_iter().enumerate().map(|(at, text)| match at {
        // One of them is a button, for the keyboard; the pointer finds the whole line.
        0 => html! { <td><button class="tile-link" aria-label={format!("Open {name}: {text}")}>{ text }</button></td> },
        _ => html! { <td title={text.clone()}>{ text }</td> },
    });
    html! {
        <tr data-id={props.id.id.to_string()} data-state={state.name()} {onclick}>{ for cells }</tr>
    }
}

fn text(value: bson::RawBsonRef<'_>) -> String {
    match value {
        bson::RawBsonRef::Decimal128(_) => number(value),
        other => display_text(other),
    }
}
