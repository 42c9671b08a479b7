//! One document: all its fields, down to the last, each with its type, edited where it stands.
//!
//! It stays on the screen when the document is deleted elsewhere, and says so.

mod field_row;
mod json_editor;
mod lines;
mod omitted;

use std::{cell::RefCell, rc::Rc, time::Duration};

use lockstep_model::{Document, DocumentId, Key, ListQuery, Path, contract::View, shape::Type};
use lockstep_query::{Data, EntityView, Options};
use lockstep_sync::{Lockstep, Plain};
use web_sys::HtmlDetailsElement;
use yew::prelude::*;

use super::{
    activity::Done,
    age::Age,
    collections::{Known, use_collection, use_collections},
    in_new_window::InNewWindow,
    zone::Zone,
};
use crate::{
    edit::{self, Draft, Editing, NotEditable, Seed, reference},
    hooks::{Mutations, Prefetch, use_mutation, use_prefetch, use_query},
    navigation,
    parts::{EditorEvent, Icon, toast},
    store,
    sync_state::SyncState,
};
use field_row::FieldRow;
use json_editor::JsonEditor;
use lines::{Line, lines, missing};
use omitted::OmittedField;

#[derive(Properties, PartialEq)]
pub struct DocumentViewProps {
    /// Which document.
    pub id: DocumentId,
    /// It stands beside its table.
    #[prop_or_default]
    pub is_beside: bool,
}

/// One document.
#[component]
pub fn DocumentView(props: &DocumentViewProps) -> Html {
    let id = props.id.clone();
    let key = Key::Document(id.clone());
    let query = use_query(key.clone(), Options::default());
    let known = use_collection(id.namespace.clone());
    let collections = use_collections();
    let prefetch = use_prefetch();
    let unread_since = store::unread_since(query.updated_at);
    let view = match query.data {
        Some(Data::Entity(view)) => Some(view),
        _ => None,
    };

    // What was seen last stays when the document goes.
    let last = use_mut_ref(|| None::<Rc<Document>>);
    let present = view.as_ref().and_then(|view| view.doc.clone());
    if present.is_some() {
        last.replace(present.clone());
    }
    let shown = last.borrow().clone();
    let editor = use_editor(id.clone(), known.clone());
    let as_json = use_state_eq(|| false);

    let state = view.as_ref().map_or(SyncState::Saved, |view| SyncState::of(view, &id));
    let drawn = view.map(|view| {
        html! {
            <>
                if present.is_none() {
                    <p class="banner" role="alert">
                        { Icon::Warning }
                        { if shown.is_some() {
                            "This document was deleted. What you see is what it was."
                        } else {
                            "There is no such document."
                        } }
                    </p>
                }
                if let Some(document) = shown {
                    if *as_json {
                        <JsonEditor
                            id={id.clone()}
                            view={view.clone()}
                            shape={known.as_ref().and_then(|known| known.shape.clone()).unwrap_or_default()}
                            read_only={known.as_ref().is_some_and(|known| known.collection.read_only.is_some())}
                        />
                    } else {
                        { fields(&id, &view, &document, known.as_deref(), collections.as_deref(), &editor, present.is_none()) }
                    }
                }
            </>
        }
    });
    html! {
        <section class="document" aria-label={navigation::document_title(&id)} data-id={id.id.to_string()} data-state={state.name()}>
            { toolbar(props, state, unread_since, &prefetch, &as_json) }
            <Zone query={key} what="The document" shown={drawn} skeletons=12 />
            <History id={id.clone()} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct HistoryProps {
    id: DocumentId,
}

/// What was done to the document: looked up only while somebody reads it.
#[component]
fn History(props: &HistoryProps) -> Html {
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.setter();
        move |event: Event| {
            open.set(event.target_dyn_into::<HtmlDetailsElement>().is_some_and(|it| it.open()))
        }
    };
    html! {
        <details class="history" {ontoggle}>
            <summary>{ "What was done to it on this machine" }</summary>
            if *open {
                <Done of={props.id.clone()} none="Nothing, since this window was opened." />
            }
        </details>
    }
}

fn toolbar(
    DocumentViewProps { id, is_beside }: &DocumentViewProps,
    state: SyncState,
    unread_since: Option<Duration>,
    prefetch: &Prefetch,
    as_json: &UseStateHandle<bool>,
) -> Html {
    let form = |name: &'static str, is_json: bool| {
        let set = as_json.setter();
        html! {
            <button aria-pressed={(**as_json == is_json).to_string()} onclick={move |_: MouseEvent| set.set(is_json)}>{ name }</button>
        }
    };
    let list = Key::List(id.namespace.clone(), ListQuery::all());
    let back = {
        let namespace = id.namespace.clone();
        move |_: MouseEvent| navigation::up_to(&namespace)
    };
    let open = {
        let id = id.clone();
        move |event: MouseEvent| navigation::go_by(&event, View::Document { id: id.clone() })
    };
    html! {
        <header class="toolbar">
            if !is_beside {
                <button
                    class="button"
                    onclick={back}
                    onmouseenter={prefetch.on_intent(list)}
                    onmouseleave={prefetch.on_leave()}
                >
                    { Icon::Back }{ &*id.namespace.collection }
                </button>
            }
            <h1 class="document-id">{ lockstep_model::shape::display_text(id.id.get()) }</h1>
            if state != SyncState::Saved {
                <span class={classes!("badge", format!("badge-{}", state.name()))}>{ state.name() }</span>
            }
            <Age {unread_since} />
            <span class="toolbar-space" />
            <div class="view-switch" role="group" aria-label="Form">{ form("Fields", false) }{ form("JSON", true) }</div>
            if *is_beside {
                <button class="icon-button" aria-label="Open the document" title="Open" onclick={open}>{ Icon::Document }</button>
                <button class="icon-button" aria-label="Close" title="Close (Ctrl+E)" onclick={|_: MouseEvent| navigation::toggle_beside()}>
                    { Icon::Close }
                </button>
            } else {
                <InNewWindow view={View::Document { id: id.clone() }} />
            }
        </header>
    }
}

fn fields(
    id: &DocumentId,
    view: &EntityView<Lockstep>,
    document: &Document,
    known: Option<&Known>,
    collections: Option<&Plain>,
    editor: &Editor,
    deleted: bool,
) -> Html {
    let (mut lines, left_out) = lines(document.raw());
    if let Some(shape) = known.and_then(|known| known.shape.as_ref()).filter(|_| !deleted) {
        lines.extend(missing(document, shape));
    }
    let rows = lines.into_iter().map(|line| {
        let Line { path, depth, value, kind } = line;
        let leads_to = (kind == Type::ObjectId)
            .then(|| {
                let namespace = reference::leads_to(&path, &id.namespace, collections)?;
                Some(DocumentId { namespace, id: document.value(&path)? })
            })
            .flatten();
        let state = SyncState::of_field(view, id, &path);
        html! {
            <FieldRow
                key={format!("{path:?}")}
                id={id.clone()}
                failed={crate::sync_state::failed_at(view, id, &path, path == Path::field("_id"))}
                editing={editor.editing.clone().filter(|editing| editing.path == path)}
                text={editor.text.clone()}
                {depth}
                {value}
                {kind}
                {leads_to}
                {state}
                required={known.and_then(|known| known.shape.as_ref()?.at(&path)).is_some_and(|field| field.required)}
                on_open={(!deleted).then(|| editor.open.clone())}
                on_event={editor.on_event.clone()}
                path={path.clone()}
            />
        }
    });
    html! {
        <div class="fields" role="list">
            { for rows }
            { for document.omitted().iter().map(|omitted| html! {
                <OmittedField key={omitted.field.to_string()} id={id.clone()} omitted={omitted.clone()} />
            }) }
            if left_out > 0 {
                <p class="quiet fields-more">{ format!("{left_out} more fields are not shown.") }</p>
            }
        </div>
    }
}

/// The one open editor of the view.
#[derive(Clone)]
struct Editor {
    editing: Option<Rc<Editing>>,
    text: Rc<RefCell<String>>,
    open: Callback<Path>,
    on_event: Callback<EditorEvent>,
}

#[hook]
fn use_editor(id: DocumentId, known: Option<Rc<Known>>) -> Editor {
    let mutations = use_mutation();
    let update = use_force_update();
    // Not a state: an event has to find what the one before it has left, not what was drawn last.
    let editing = use_mut_ref(|| None::<Rc<Editing>>);
    let text = use_mut_ref(String::new);
    let shape = known.as_ref().and_then(|known| known.shape.clone()).unwrap_or_default();
    let read_only = known.as_ref().and_then(|known| known.collection.read_only.clone());

    use_effect_with(id.clone(), {
        let (editing, text, update) = (editing.clone(), text.clone(), update.clone());
        let shape = shape.clone();
        move |id| {
            if let Some(draft) = Draft::kept().filter(|draft| draft.id == *id) {
                let field = shape.at(&draft.path).cloned().unwrap_or_default();
                let resumed = draft.resume(&field);
                text.replace(resumed.text.clone());
                editing.replace(Some(Rc::new(resumed)));
                update.force_update();
            }
        }
    });

    let commit = {
        let (editing, text, shape) = (editing.clone(), text.clone(), shape.clone());
        move || {
            let Some(open) = editing.borrow().clone() else { return };
            let typed = text.borrow().clone();
            let assignment = match &store::entity(&open.id).doc {
                Some(document) => edit::assignment(&open, &typed, &shape, document),
                None => Err("This document was deleted meanwhile".into()),
            };
            editing.replace(match assignment {
                Ok(assignment) => {
                    if let Some(assignment) = assignment {
                        mutations.commit(&open, assignment);
                    }
                    Draft::forget();
                    None
                }
                Err(reason) => Some(Rc::new(Editing { error: Some(reason.into()), ..(*open).clone() })),
            });
        }
    };
    let on_event = {
        let (editing, update, commit) = (editing.clone(), update.clone(), commit.clone());
        move |event| {
            if event == EditorEvent::Cancel {
                Draft::forget();
                editing.replace(None);
            } else {
                commit();
            }
            update.force_update();
        }
    };
    let open = {
        let (editing, text) = (editing.clone(), text.clone());
        move |path: Path| {
            if let Some(reason) = &read_only {
                return toast::show(&format!("This collection cannot be edited: {reason}"));
            }
            commit();
            if editing.borrow().is_some() {
                return update.force_update();
            }
            match Editing::open(&store::entity(&id), &id, &path, shape.at(&path), Seed::Value) {
                Ok(opened) => {
                    text.replace(opened.text.clone());
                    editing.replace(Some(Rc::new(opened)));
                    update.force_update();
                }
                Err(NotEditable::Toggle(value)) => Mutations.toggle(&id, &path, value),
                Err(NotEditable::Identity) => toast::show("The _id of a document never changes."),
                Err(NotEditable::Composite | NotEditable::Gone) => {}
            }
        }
    };
    let editing = editing.borrow().clone();
    Editor { editing, text, open: open.into(), on_event: on_event.into() }
}
