//! A field that is too large to travel with its document: its size, and its value when somebody asks.

use lockstep_model::{
    DocumentId, Key, Omitted,
    shape::{Type, display_text},
};
use lockstep_query::{Data, Options, Trigger};
use lockstep_sync::Plain;
use yew::prelude::*;

use crate::{hooks::use_query, parts::bytes};

#[derive(Clone, Properties, PartialEq)]
pub struct OmittedFieldProps {
    pub id: DocumentId,
    pub omitted: Omitted,
}

/// A large field.
#[component]
pub fn OmittedField(props: &OmittedFieldProps) -> Html {
    let wanted = use_state(|| false);
    let omitted = &props.omitted;
    let load = {
        let wanted = wanted.clone();
        move |_: MouseEvent| wanted.set(true)
    };
    html! {
        <div role="listitem" class="field-row" data-field={omitted.field.to_string()} data-state="saved">
            <span class="field-name">{ &*omitted.field }</span>
            <div class="field-value">
                if *wanted {
                    <Loaded ..props.clone() />
                } else {
                    <span class="quiet">{ format!("Large field, {}", bytes(omitted.bytes.into())) }</span>
                    <button class="button button-small" onclick={load}>{ "Load" }</button>
                }
            </div>
            <span class="field-type" />
        </div>
    }
}

#[component]
fn Loaded(props: &OmittedFieldProps) -> Html {
    let key = Key::Field(props.id.clone(), props.omitted.field.clone());
    let query = use_query(key, Options { on_focus: Trigger::Never, ..Options::default() });
    let value = match &query.data {
        Some(Data::Value(plain)) => match &**plain {
            Plain::Field(field) => Some(field.value.clone()),
            _ => None,
        },
        _ => None,
    };
    match (value, query.error) {
        (Some(Some(value)), _) => html! {
            <div class="field-large">
                <span class="field-type">{ Type::of(value.get()).label() }</span>
                <pre>{ text(&value) }</pre>
            </div>
        },
        (Some(None), _) => html! { <span class="quiet">{ "The field is gone." }</span> },
        (None, Some(failure)) => {
            html! { <span class="field-failure" role="alert">{ failure.to_string() }</span> }
        }
        (None, None) => html! { <span class="skeleton skeleton-cell" aria-busy="true" /> },
    }
}

/// A text as it is, up to what a person reads; of anything else, what stands for it.
fn text(value: &lockstep_model::Value) -> String {
    const MOST_CHARACTERS: usize = 100_000;
    match value.get().as_str() {
        Some(text) => text.chars().take(MOST_CHARACTERS).collect(),
        None => display_text(value.get()),
    }
}
