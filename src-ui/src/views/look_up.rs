//! The editor of a value. An id that leads to another collection is typed as it is, or found by what its document is called;
//! where the field's name leads nowhere, it is a line of text like any other.

use std::time::Duration;

use lockstep_model::{
    DocumentId, Key, Namespace, Path,
    shape::{display_text, edit_text},
};
use lockstep_query::{Data, Options, Placeholder};
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::{
    collections::{use_collections, use_described},
    date_editor::DateEditor,
    table::Rows,
};
use crate::{
    browser::{self, Timer},
    edit::{Form, reference},
    hooks::use_observer,
    parts::{EditorEvent, FieldEditor, FieldEditorProps, Offer},
    store,
};

/// So many documents are offered.
const OFFERED: u32 = 8;
/// Typing is over when nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(120);
/// An offer has at most this size, in px; `styles/controls.css` says the same.
const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 270.0;
/// The id of the offer's element: one editor is open at a time.
const OFFER: &str = "look-up";

/// The open editor of a value of any kind.
#[component]
pub fn ValueEditor(props: &FieldEditorProps) -> Html {
    let editing = &props.editing;
    let collections = use_collections();
    let leads_to = (editing.form == Form::Id)
        .then(|| reference::leads_to(&editing.path, &editing.id.namespace, collections.as_deref()))
        .flatten();
    html! {
        if editing.form == Form::Date {
            <DateEditor ..props.clone() />
        } else if let Some(namespace) = leads_to {
            <Offering {namespace} editor={props.clone()} />
        } else {
            <FieldEditor ..props.clone() />
        }
    }
}

/// On which sides of its editor an offer stands: where there is room for it.
#[hook]
pub fn use_offer_place(node: &NodeRef) -> Classes {
    let place = use_state_eq(Classes::new);
    use_effect_with((), {
        let (node, place) = (node.clone(), place.setter());
        move |()| {
            let Some(element) = node.cast::<web_sys::Element>() else { return };
            let rect = element.get_bounding_client_rect();
            let window = browser::window();
            let size =
                |side: Result<JsValue, JsValue>| side.ok().and_then(|side| side.as_f64()).unwrap_or(f64::MAX);
            let (below, after) =
                (size(window.inner_height()) - rect.bottom(), size(window.inner_width()) - rect.left());
            let is_low = below < HEIGHT && rect.top() > below;
            let is_far = after < WIDTH && rect.right() > after;
            place.set(classes!(is_low.then_some("look-up-above"), is_far.then_some("look-up-to-the-left")));
        }
    });
    (*place).clone()
}

#[derive(Properties, PartialEq)]
struct OfferingProps {
    /// Where the id leads.
    namespace: Namespace,
    editor: FieldEditorProps,
}

#[component]
fn Offering(props: &OfferingProps) -> Html {
    let OfferingProps { namespace, editor } = props;
    let first = editor.text.borrow().clone();
    let untouched = editor.editing.opened_with.clone().unwrap_or_default();
    let typed = use_state_eq(|| if first == untouched { String::new() } else { first });
    let chosen = use_state_eq(|| None::<DocumentId>);
    let typing = use_mut_ref(|| None::<Timer>);
    let node = use_node_ref();
    let place = use_offer_place(&node);
    let Offered { texts, rows, is_answer } = use_offer(namespace, &typed);

    let ids: Vec<_> = rows.iter().flat_map(|rows| rows.iter().cloned()).collect();
    let chosen_at = chosen.as_ref().and_then(|id| ids.iter().position(|other| other == id));
    // What is typed and is no id itself means the first that has it.
    let means_first = is_answer && !typed.is_empty() && !is_id(&typed) && !ids.is_empty();
    let marked = chosen_at.or_else(|| means_first.then_some(0));
    let take = {
        let (text, on_event) = (editor.text.clone(), editor.on_event.clone());
        move |id: &DocumentId| {
            if let Some(written) = edit_text(id.id.get()) {
                text.replace(written);
                on_event.emit(EditorEvent::Down);
            }
        }
    };
    let oninput = {
        let (text, typed, chosen) = (editor.text.clone(), typed.setter(), chosen.setter());
        move |_: InputEvent| {
            chosen.set(None);
            // It bubbles: the editor has taken the text before.
            let (text, typed) = (text.clone(), typed.clone());
            typing.replace(Some(Timer::after(PAUSE, move || typed.set(text.borrow().clone()))));
        }
    };
    let on_key = {
        let (chosen, ids, take) = (chosen.setter(), ids.clone(), take.clone());
        let (text, asked) = (editor.text.clone(), (*typed).clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match (event.key().as_str(), marked) {
                ("ArrowDown", marked) => Some(marked.map_or(0, |at| at + 1).min(ids.len().saturating_sub(1))),
                ("ArrowUp", Some(at)) => at.checked_sub(1),
                ("Enter", _) => {
                    let text = text.borrow().clone();
                    let means_one = text != untouched && !text.is_empty() && !is_id(&text);
                    return match marked {
                        Some(at) if chosen_at.is_some() || text == asked => {
                            take(&ids[at]);
                            true
                        }
                        // What has it is not known yet: nothing else is taken for it.
                        _ => means_one && !(is_answer && text == asked),
                    };
                }
                _ => return false,
            };
            chosen.set(to.and_then(|at| ids.get(at).cloned()));
            true
        })
    };
    let offer =
        Offer { list: OFFER.into(), role: "listbox", marked: marked.map(|at| option_id(at).into()), on_key };
    let options = ids.iter().enumerate().map(|(at, id)| {
        let (names, id_text) = (names(id, &texts), display_text(id.id.get()));
        let onclick = {
            let (take, id) = (take.clone(), id.clone());
            move |_: MouseEvent| take(&id)
        };
        html! {
            <div
                key={id_text.clone()}
                id={option_id(at)}
                role="option"
                aria-selected={(marked == Some(at)).to_string()}
                {onclick}
            >
                <span>{ names }</span><span class="quiet">{ id_text }</span>
            </div>
        }
    });
    let (options, found) = (options.collect::<Html>(), rows.is_some());
    // A press on the offer leaves the focus where it is.
    let onmousedown = |event: MouseEvent| event.prevent_default();
    html! {
        <div ref={node} class={classes!("look-up", place)} {oninput}>
            <FieldEditor {offer} ..editor.clone() />
            <div id={OFFER} class="look-up-offer" role="listbox" aria-label={format!("Documents of {}", namespace.collection)} {onmousedown}>
                { options }
                if found && ids.is_empty() {
                    <p class="quiet">{ format!("Nothing in {} is called so.", namespace.collection) }</p>
                }
            </div>
        </div>
    }
}

fn option_id(at: usize) -> String {
    format!("{OFFER}-{at}")
}

fn is_id(text: &str) -> bool {
    bson::oid::ObjectId::parse_str(text.trim()).is_ok()
}

/// The texts by which a person knows the document.
fn names(id: &DocumentId, texts: &[Path]) -> String {
    let document = store::entity(id).doc;
    let text = |path: &Path| document.as_ref().and_then(|document| Some(display_text(document.get(path)?)));
    texts.iter().filter_map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What is offered.
struct Offered {
    /// The fields by which a document of that collection is found.
    texts: Vec<Path>,
    /// The first that have what was typed; `None` before any are there.
    rows: Option<Rows>,
    /// They are of what is typed now, and not of what was typed before.
    is_answer: bool,
}

#[hook]
fn use_offer(namespace: &Namespace, typed: &str) -> Offered {
    let described = use_described(namespace);
    let texts = described.as_deref().map(reference::texts).unwrap_or_default();
    let typed = if is_id(typed) { "" } else { typed };
    let key = Key::First(namespace.clone(), reference::query(typed, &texts), OFFERED);
    let options = Options { enabled: !texts.is_empty(), ..Options::DEFAULT };
    let (rows, is_answer) = use_observer(key, options, Placeholder::Previous, |list| match list.data {
        Some(Data::List(rows)) => (Some(rows), !list.is_placeholder),
        _ => (None, false),
    });
    // Where nothing is called anything, there is nothing to wait for.
    let is_answer = is_answer || texts.is_empty();
    Offered { texts, rows, is_answer }
}
