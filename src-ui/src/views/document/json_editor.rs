//! A document as Extended JSON, to be read and changed as a whole.
//!
//! It follows the document until somebody types; from then on it stays over what it showed then, and saving changes just the
//! fields that differ from that.

use std::rc::Rc;

use lockstep_model::{Action, Change, DocumentId, Edit, shape::Shape};
use lockstep_query::EntityView;
use lockstep_sync::{Lockstep, window::expectation};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::{edit::whole, hooks::Mutations, parts::capitalised};

#[derive(Properties, PartialEq)]
pub struct JsonEditorProps {
    pub id: DocumentId,
    pub view: EntityView<Lockstep>,
    pub shape: Rc<Shape>,
    /// Nothing can be written.
    pub read_only: bool,
}

/// What was typed, over what was shown when that began.
struct Typed {
    text: String,
    over: EntityView<Lockstep>,
}

/// A document as text.
#[component]
pub fn JsonEditor(props: &JsonEditorProps) -> Html {
    let node = use_node_ref();
    let typed = use_mut_ref(|| None::<Typed>);
    let is_changed = use_state_eq(|| false);
    let error = use_state_eq(|| None::<String>);
    let document = props.view.doc.clone().or_else(|| props.view.base.clone());
    let shown = document.as_ref().and_then(|document| whole::text_of(document));

    use_effect_with((shown.clone(), *is_changed), {
        let node = node.clone();
        move |(shown, is_changed)| {
            let area = node.cast::<HtmlTextAreaElement>().filter(|_| !is_changed);
            if let (Some(area), Some(shown)) = (area, shown) {
                area.set_value(shown);
            }
        }
    });

    let revert = {
        let (typed, is_changed, error) = (typed.clone(), is_changed.setter(), error.setter());
        Callback::from(move |()| {
            typed.take();
            error.set(None);
            is_changed.set(false);
        })
    };
    let oninput = {
        let (typed, is_changed, error, view) =
            (typed.clone(), is_changed.setter(), error.setter(), props.view.clone());
        move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let mut typed = typed.borrow_mut();
            match &mut *typed {
                Some(typed) => typed.text = text,
                None => *typed = Some(Typed { text, over: view.clone() }),
            }
            error.set(None);
            is_changed.set(true);
        }
    };
    let save = {
        let (id, shape, error, revert) =
            (props.id.clone(), props.shape.clone(), error.setter(), revert.clone());
        Callback::from(move |()| {
            let edit = typed.borrow().as_ref().map(|Typed { text, over }| edit_of(&id, text, over, &shape));
            match edit {
                Some(Err(reason)) => error.set(Some(reason)),
                Some(Ok(edit)) => {
                    Mutations.change_all(edit.into_iter().collect());
                    revert.emit(());
                }
                None => {}
            }
        })
    };
    let onkeydown = {
        let (save, revert) = (save.clone(), revert.clone());
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" if event.ctrl_key() || event.meta_key() => save.emit(()),
                "Escape" => revert.emit(()),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let Some(document) = document.filter(|_| shown.is_some()) else {
        return html! { <p class="zone-empty">{ "This document cannot be written as JSON without changing it." }</p> };
    };
    html! {
        <div class="json-editor">
            <textarea
                ref={node}
                class="editor-json"
                aria-label="The document as Extended JSON"
                aria-invalid={error.is_some().then_some("true")}
                spellcheck="false"
                readonly={props.read_only || props.view.doc.is_none()}
                {oninput}
                {onkeydown}
            />
            if let Some(error) = &*error {
                <p class="filter-reason" role="alert">{ capitalised(error) }</p>
            }
            if !document.omitted().is_empty() {
                <p class="quiet">
                    { "Fields of more than 100 KB are not shown here, and stay as they are." }
                </p>
            }
            if *is_changed {
                <div class="tool-actions">
                    <button class="button button-primary" onclick={save.reform(|_: MouseEvent| ())}>{ "Save" }</button>
                    <button class="button" onclick={revert.reform(|_: MouseEvent| ())}>{ "Revert" }</button>
                    <span class="quiet">{ "Ctrl+Enter saves just the fields that differ." }</span>
                </div>
            }
        </div>
    }
}

/// # Errors
/// Why the text cannot stand there.
fn edit_of(
    id: &DocumentId,
    text: &str,
    over: &EntityView<Lockstep>,
    shape: &Shape,
) -> Result<Option<Edit>, String> {
    let before = over.doc.as_ref().ok_or("this document was deleted meanwhile")?;
    let changes: Vec<_> = whole::changes(text, before, shape)?
        .into_iter()
        .map(|assignment| Change {
            expected: expectation(over, id, &assignment.path),
            path: assignment.path,
            target: assignment.target,
        })
        .collect();
    Ok((!changes.is_empty()).then(|| Edit { document: id.clone(), action: Action::Update(changes) }))
}
