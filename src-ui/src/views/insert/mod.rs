//! A new document: a form made from the collection's shape, judged field by field before anything is sent.

mod blank;

use std::rc::Rc;

use lockstep_model::{
    Document, DocumentId, MutationId, Namespace, Value,
    shape::{Shape, Type},
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::{
    hooks::use_mutation,
    parts::{Dialog, capitalised},
    signal::{Signal, use_signal},
};
use blank::Field;

pub use blank::Blank;

#[derive(Clone, PartialEq)]
struct Request {
    /// Each opening is a form of its own.
    number: u64,
    namespace: Namespace,
    blank: Rc<Blank>,
    replaces: Option<MutationId>,
}

thread_local! {
    static REQUEST: Signal<Option<Request>> = Signal::default();
}

/// Opens the form; `like` is a document whose values it begins with, `replaces` a failed insert that the new one takes
/// the place of.
pub fn open_insert(
    namespace: Namespace,
    shape: Rc<Shape>,
    like: Option<&Document>,
    replaces: Option<MutationId>,
) {
    let blank = Rc::new(Blank::new(shape, like));
    REQUEST.with(|request| {
        let number = request.get().map_or(0, |request| request.number + 1);
        request.set(Some(Request { number, namespace, blank, replaces }));
    });
}

/// Draws the form when it is open.
#[component]
pub fn InsertForm() -> Html {
    match use_signal(REQUEST.with(Signal::clone)) {
        Some(request) => html! { <OpenForm key={request.number} request={request.clone()} /> },
        None => html! {},
    }
}

fn close() {
    REQUEST.with(|request| request.set(None));
}

#[derive(Properties, PartialEq)]
struct OpenFormProps {
    request: Request,
}

#[component]
fn OpenForm(props: &OpenFormProps) -> Html {
    let mutations = use_mutation();
    let Request { namespace, blank, replaces, .. } = &props.request;
    let replaces = *replaces;
    let texts = use_mut_ref(|| blank.fields.iter().map(|field| field.text.clone()).collect::<Vec<_>>());
    // Beside the drawing, as the texts are: keys come faster than drawings.
    let errors = use_mut_ref(|| vec![None::<String>; blank.fields.len()]);
    let error = use_state(|| None::<String>);
    let update = use_force_update();

    let onsubmit = {
        let (namespace, blank, texts, errors, error) =
            (namespace.clone(), blank.clone(), texts.clone(), errors.clone(), error.clone());
        let update = update.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            match blank.fill(&texts.borrow()) {
                Ok(document) => {
                    if let Ok(Some(id)) = document.get("_id") {
                        let id = DocumentId { namespace: namespace.clone(), id: Value::from_ref(id) };
                        mutations.insert(&id, document);
                        if let Some(failed) = replaces {
                            mutations.discard(failed);
                        }
                    }
                    close();
                }
                Err(refused) => {
                    errors.replace(refused.fields);
                    error.set(refused.whole);
                    update.force_update();
                }
            }
        }
    };
    let fields = blank.fields.iter().enumerate().map(|(at, field)| {
        let on_text = {
            let (texts, errors, update) = (texts.clone(), errors.clone(), update.clone());
            Callback::from(move |text: String| {
                texts.borrow_mut()[at] = text;
                // It is being put right.
                if errors.borrow_mut()[at].take().is_some() {
                    update.force_update();
                }
            })
        };
        html! {
            <FormField
                key={at}
                {at}
                field={field.clone()}
                text={texts.borrow()[at].clone()}
                error={errors.borrow()[at].clone()}
                {on_text}
            />
        }
    });
    html! {
        <Dialog title={format!("New in {}", namespace.collection)} on_close={|()| close()} class="insert">
            <form {onsubmit} novalidate=true>
                <div class="form-fields">{ for fields }</div>
                if let Some(error) = (*error).clone() {
                    <p class="form-error" role="alert">{ error }</p>
                }
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={|_| close()}>{ "Cancel" }</button>
                    <button type="submit" class="button button-primary">{ "Insert" }</button>
                </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties)]
struct FormFieldProps {
    at: usize,
    field: Field,
    text: String,
    error: Option<String>,
    on_text: Callback<String>,
}

// The callback does the same in every drawing.
impl PartialEq for FormFieldProps {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
            && self.field == other.field
            && self.text == other.text
            && self.error == other.error
    }
}

#[component]
fn FormField(props: &FormFieldProps) -> Html {
    let FormFieldProps { at, field, text, error, on_text } = props;
    let (id, error_id) = (format!("insert-{at}"), format!("insert-{at}-error"));
    let invalid = error.is_some().then_some("true");
    let described = error.is_some().then(|| error_id.clone());
    let label = field.path.to_string();
    let choices = match &field.choices {
        Some(choices) => Some(choices.clone()),
        None if field.kind == Some(Type::Bool) => Some(vec!["false".into(), "true".into()]),
        None => None,
    };
    let input = match choices {
        Some(choices) => {
            let onchange = on_text.reform(|event: Event| {
                event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default()
            });
            html! {
                <select id={id.clone()} {onchange} aria-invalid={invalid} aria-describedby={described}>
                    if !field.required {
                        <option value="" selected={text.is_empty()} />
                    }
                    { for choices.iter().map(|choice| html! {
                        <option value={choice.clone()} selected={choice == text}>{ choice }</option>
                    }) }
                </select>
            }
        }
        None => {
            let oninput = on_text.reform(|event: InputEvent| {
                let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                input.map(|input| input.value()).unwrap_or_default()
            });
            html! {
                <input
                    id={id.clone()}
                    type="text"
                    autocomplete="off"
                    value={text.clone()}
                    placeholder={field.kind.map(Type::label)}
                    aria-required={field.required.then_some("true")}
                    aria-invalid={invalid}
                    aria-describedby={described}
                    {oninput}
                />
            }
        }
    };
    html! {
        <div class="form-field">
            <label for={id}>
                { label }
                if field.required {
                    <span class="field-required" aria-hidden="true">{ "*" }</span>
                }
            </label>
            <div>
                { input }
                if let Some(error) = error {
                    <p id={error_id} class="editor-error" role="alert">{ capitalised(error) }</p>
                }
                if let Some(description) = &field.description {
                    <p class="quiet form-hint">{ description }</p>
                }
            </div>
        </div>
    }
}
