//! One cell: the value as text, its state, the reason of a failure, and the open editor.

use std::{cell::RefCell, rc::Rc};

use bson::RawBsonRef;
use lockstep_model::{Document, DocumentId, shape::display_text};
use lockstep_query::EntityView;
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::columns::{Column, Look, cell_text, frozen_style, tone};
use crate::{
    edit::Editing,
    parts::{EditorEvent, FailureCallout},
    sync_state::{SyncState, failed_at},
    views::look_up::ValueEditor,
};

/// The open editor of a cell.
#[derive(Clone)]
pub struct Editor {
    /// What is edited.
    pub editing: Rc<Editing>,
    /// What is typed; the grid reads it when it commits.
    pub text: Rc<RefCell<String>>,
    /// What the person does in it.
    pub on_event: Callback<EditorEvent>,
}

/// What is drawn of a cell.
pub struct Cell<'a> {
    pub id: &'a DocumentId,
    pub view: &'a EntityView<Lockstep>,
    pub document: &'a Document,
    pub column: &'a Column,
    /// Which column.
    pub at: usize,
    /// Where it stays when the rest is scrolled, if it does, in px.
    pub stays_at: Option<f64>,
    pub is_tab_stop: bool,
    pub is_current: bool,
    pub is_selected: bool,
    pub editor: Option<&'a Editor>,
}

/// One cell.
pub fn cell(cell: &Cell<'_>) -> Html {
    let Cell { id, view, column, editor, .. } = cell;
    let state = SyncState::of_field(view, id, &column.path);
    let failed = failed_at(view, id, &column.path, cell.at == 0);
    let value = cell.document.get(&column.path);
    let class = classes!(
        "cell",
        (column.look == Look::Number).then_some("cell-number"),
        (state != SyncState::Saved).then(|| format!("cell-{}", state.name())),
        cell.stays_at.map(|_| "cell-frozen"),
        cell.is_current.then_some("cell-current"),
        cell.is_selected.then_some("cell-selected"),
        (!failed.is_empty()).then_some("cell-raised"),
        editor.is_some().then_some("cell-edited cell-raised"),
    );
    html! {
        <div
            key={cell.at}
            role="gridcell"
            {class}
            ~style={frozen_style(cell.stays_at)}
            data-field={column.name.clone()}
            data-column={cell.at.to_string()}
            aria-colindex={(cell.at + 2).to_string()}
            tabindex={if cell.is_tab_stop { "0" } else { "-1" }}
            aria-selected={cell.is_selected.then_some("true")}
            aria-invalid={(!failed.is_empty()).then_some("true")}
        >
            if let Some(editor) = editor {
                <ValueEditor
                    editing={editor.editing.clone()}
                    label={column.name.to_string()}
                    text={editor.text.clone()}
                    on_event={editor.on_event.clone()}
                />
            } else {
                { content(cell, value) }
                { for failed.iter().map(|failed| html! {
                    <FailureCallout
                        key={format!("{:?}", failed.0.id)}
                        failed={failed.clone()}
                        id={(*id).clone()}
                        path={column.path.clone()}
                    />
                }) }
            }
        </div>
    }
}

fn content(cell: &Cell<'_>, value: Option<RawBsonRef<'_>>) -> Html {
    let Some(value) = value else {
        let omitted = cell.document.omitted().iter().find(|omitted| *omitted.field == *cell.column.name);
        return match omitted {
            Some(omitted) => html! {
                <span class="cell-text quiet">{ crate::parts::bytes(omitted.bytes.into()) }</span>
            },
            None => html! { <span class="cell-text" /> },
        };
    };
    let text = display_text(value);
    match (cell.column.look, value) {
        (_, RawBsonRef::Null) => html! { <span class="cell-text quiet">{ "null" }</span> },
        (Look::Choice, _) => {
            let tone = format!("pill-{}", tone(&cell.column.field, value));
            html! { <span class={classes!("cell-text", "pill", tone)}>{ text }</span> }
        }
        (_, RawBsonRef::Document(_) | RawBsonRef::Array(_)) => {
            html! { <span class="cell-text" title={text}>{ cell_text(value) }</span> }
        }
        _ => html! { <span class="cell-text" title={text.clone()}>{ text }</span> },
    }
}
