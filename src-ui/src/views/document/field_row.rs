//! One field of a document: its name, its value, its type, its state, and its editor.

use std::{cell::RefCell, rc::Rc};

use lockstep_model::{DocumentId, Path, Step, contract::View, shape::Type};
use yew::prelude::*;

use crate::{
    edit::Editing,
    hooks::use_document,
    navigation,
    parts::{EditorEvent, FailureCallout, Icon, shortened, style},
    sync_state::{Failed, SyncState},
    views::look_up::ValueEditor,
};

#[derive(Properties)]
pub struct FieldRowProps {
    pub id: DocumentId,
    pub path: Path,
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// As a person reads it.
    pub value: AttrValue,
    /// Its type.
    pub kind: Type,
    pub state: SyncState,
    /// The document to which its id leads, if it leads to one.
    pub leads_to: Option<DocumentId>,
    /// Whether it must be there.
    pub required: bool,
    /// The failed mutations that show here.
    pub failed: Vec<Failed>,
    /// The open editor, if it is here.
    pub editing: Option<Rc<Editing>>,
    /// What is typed in it.
    pub text: Rc<RefCell<String>>,
    /// Opens the editor; none where nothing can be edited.
    pub on_open: Option<Callback<Path>>,
    pub on_event: Callback<EditorEvent>,
}

// The callbacks do the same in every drawing.
impl PartialEq for FieldRowProps {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.path == other.path
            && self.depth == other.depth
            && self.value == other.value
            && self.kind == other.kind
            && self.leads_to == other.leads_to
            && self.state == other.state
            && self.required == other.required
            && self.failed == other.failed
            && self.editing == other.editing
            && self.on_open.is_some() == other.on_open.is_some()
    }
}

/// A longer name is cut, in characters.
const NAME_LONGEST: usize = 40;

#[derive(Properties, PartialEq)]
struct FollowProps {
    /// Where the id leads.
    id: DocumentId,
}

/// What the document is called to which an id leads; opens it.
#[component]
fn Follow(props: &FollowProps) -> Html {
    let leads_to = use_document(props.id.clone()).view.map(|view| view.doc);
    let collection = &props.id.namespace.collection;
    if let Some(None) = leads_to {
        return html! { <span class="quiet">{ format!("No such document in {collection}") }</span> };
    }
    let name = leads_to.flatten().and_then(|document| navigation::naming_text(&document));
    let view = View::Document { id: props.id.clone() };
    let onclick = move |event: MouseEvent| navigation::go_by(&event, view.clone());
    let label = format!("Open in {collection}");
    html! {
        if let Some(name) = name {
            <button class="button button-quiet" aria-label={format!("{name}. {label}")} title={label} {onclick}>
                { Icon::Document }
                <span>{ shortened(&name, NAME_LONGEST) }</span>
            </button>
        } else {
            <button class="icon-button" aria-label={label.clone()} title={label} {onclick}>{ Icon::Document }</button>
        }
    }
}

/// One field of a document.
#[component]
pub fn FieldRow(props: &FieldRowProps) -> Html {
    let name = match props.path.steps().last() {
        Some(Step::Field(name)) => name.to_string(),
        Some(Step::Index(index)) => format!("[{index}]"),
        None => String::new(),
    };
    let composite = matches!(props.kind, Type::Binary);
    let holds_others = matches!(props.kind, Type::Object | Type::Array);
    let open = props.on_open.as_ref().filter(|_| !composite).map(|on_open| {
        let path = props.path.clone();
        on_open.reform(move |_: MouseEvent| path.clone())
    });
    let state = (props.state != SyncState::Saved).then(|| format!("cell-{}", props.state.name()));
    html! {
        <div
            role="listitem"
            class="field-row"
            data-field={props.path.to_string()}
            data-state={props.state.name()}
        >
            <span class="field-name" ~style={style(&format!("padding-left: {}px", props.depth * 16))}>
                { &name }
                if props.required {
                    <span class="field-required" title="Required">{ "*" }</span>
                }
            </span>
            <div class={classes!("field-value", state)}>
                if let Some(editing) = &props.editing {
                    <ValueEditor
                        editing={editing.clone()}
                        label={name}
                        text={props.text.clone()}
                        on_event={&props.on_event}
                    />
                } else if let Some(onclick) = open {
                    <button class={classes!("field-open", holds_others.then_some("quiet"))} aria-label={format!("Edit {name}: {}", props.value)} {onclick}>
                        { &props.value }
                    </button>
                } else {
                    <span class="field-text">{ &props.value }</span>
                }
                if let (Some(id), None) = (&props.leads_to, &props.editing) {
                    <Follow id={id.clone()} />
                }
                { for props.failed.iter().map(|failed| html! {
                    <FailureCallout failed={failed.clone()} id={props.id.clone()} path={props.path.clone()} />
                }) }
            </div>
            <span class="field-type">{ props.kind.label() }</span>
        </div>
    }
}
