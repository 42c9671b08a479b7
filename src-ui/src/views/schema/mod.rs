//! What the documents of a collection are, beside what its validator says: field by field, with what disagrees marked.
//!
//! | module | idea |
//! | --- | --- |
//! | `fields` | one line for each field |
//! | `words` | types, shares and disagreements as a person reads them |
//! | `indexes` | the collection's indexes |
//! | `json` | all of it as JSON, to be copied |

mod fields;
mod indexes;
mod json;
mod words;

use lockstep_model::{
    Key, Namespace, Value,
    contract::{CollectionSchema, View, schema::SAMPLE_USUAL},
};
use lockstep_query::{Data, Filter, Input, Options, StaleTime, Trigger};
use lockstep_sync::Plain;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{in_new_window::InNewWindow, zone::Zone};
use crate::{
    browser,
    hooks::use_selected,
    navigation,
    parts::{Icon, grouped, toast},
    store,
};
use fields::fields;
use indexes::indexes;

/// The sizes to choose from.
const SAMPLES: [u32; 4] = [100, SAMPLE_USUAL, 5_000, 10_000];

/// A sample is as good as another: nothing but a person asks for a new one.
const OPTIONS: Options = Options {
    stale_time: StaleTime::UntilInvalidated,
    on_focus: Trigger::Never,
    on_reconnect: Trigger::Never,
    ..Options::DEFAULT
};

#[derive(Properties, PartialEq)]
pub struct SchemaViewProps {
    /// Of which collection.
    pub namespace: Namespace,
    /// How many documents are looked at.
    pub sample: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Tab {
    Fields,
    Validator,
    Indexes,
}

/// The schema of a collection.
#[component]
pub fn SchemaView(props: &SchemaViewProps) -> Html {
    let key = Key::Schema(props.namespace.clone(), props.sample);
    let (plain, is_fetching) = use_selected(key.clone(), OPTIONS, |query| {
        let is_fetching = query.is_fetching();
        match query.data {
            Some(Data::Value(plain)) => (Some(plain), is_fetching),
            _ => (None, is_fetching),
        }
    });
    let tab = use_state(|| Tab::Fields);
    let only_disagreeing = use_state(|| false);
    let schema = plain.as_deref().and_then(|plain| match plain {
        Plain::Schema(schema) => Some(&**schema),
        _ => None,
    });
    let shown = schema.map(|schema| {
        let disagreeing = schema.fields.iter().filter(|field| !field.disagreements.is_empty()).count();
        let tabs = [
            (Tab::Fields, format!("Fields {}", grouped(schema.fields.len() as u64))),
            (Tab::Validator, "Validator".to_owned()),
            (Tab::Indexes, format!("Indexes {}", schema.indexes.len())),
        ];
        let filter = {
            let only = only_disagreeing.clone();
            move |_: Event| only.set(!*only)
        };
        html! {
            <>
                <div class="schema-tabs">
                    <div role="tablist" class="tabs" aria-label="What to show">
                        { for tabs.into_iter().map(|(of, name)| {
                            let set = tab.setter();
                            html! {
                                <button role="tab" aria-selected={(*tab == of).to_string()} onclick={move |_| set.set(of)}>
                                    { name }
                                </button>
                            }
                        }) }
                    </div>
                    if *tab == Tab::Fields && disagreeing > 0 {
                        <label class="check">
                            <input type="checkbox" checked={*only_disagreeing} onchange={filter} />
                            <span>{ format!("Only what disagrees ({disagreeing})") }</span>
                        </label>
                    }
                </div>
                <div role="tabpanel" tabindex="0" class="schema-panel" aria-busy={is_fetching.to_string()}>
                    { match *tab {
                        Tab::Fields => fields(schema, *only_disagreeing && disagreeing > 0),
                        Tab::Validator => validator(schema),
                        Tab::Indexes => indexes(&schema.indexes),
                    } }
                </div>
            </>
        }
    });
    html! {
        <section class="schema" aria-label={format!("Schema of {}", props.namespace)}>
            { toolbar(props, schema, &key, is_fetching) }
            <Zone query={key} what={format!("The schema of {}", props.namespace)} {shown} skeletons=16 />
        </section>
    }
}

fn toolbar(props: &SchemaViewProps, schema: Option<&CollectionSchema>, key: &Key, is_fetching: bool) -> Html {
    let SchemaViewProps { namespace, sample } = props;
    let back = {
        let namespace = namespace.clone();
        move |_: MouseEvent| navigation::up_to(&namespace)
    };
    let again = {
        let key = key.clone();
        move |_: MouseEvent| store::dispatch(Input::Refetch(Filter::exact(&key)))
    };
    let onsample = {
        let namespace = namespace.clone();
        move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value().parse();
            let sample = chosen.unwrap_or(SAMPLE_USUAL);
            navigation::change(|view| *view = View::Schema { namespace: namespace.clone(), sample });
        }
    };
    let copy = schema.map(|schema| {
        let text = json::all(namespace, schema);
        move |_: MouseEvent| copy(text.clone())
    });
    let view = View::Schema { namespace: namespace.clone(), sample: *sample };
    html! {
        <header class="toolbar">
            <button class="button" onclick={back}>{ Icon::Back }{ &*namespace.collection }</button>
            <h1>{ "Schema" }</h1>
            <span class="toolbar-count" aria-live="polite">{ schema.map(words::sampled) }</span>
            <span class="toolbar-space" />
            <select class="schema-sample" aria-label="Sample size" onchange={onsample}>
                { for SAMPLES.map(|size| html! {
                    <option value={size.to_string()} selected={size == *sample}>
                        { format!("{} documents", grouped(size.into())) }
                    </option>
                }) }
            </select>
            <button class="button" title="Sample again" onclick={again} disabled={is_fetching}>
                { Icon::Again }
                <span class="tool-name">{ if is_fetching { "Sampling" } else { "Sample again" } }</span>
            </button>
            if let Some(copy) = copy {
                <button class="button" title="Copy as JSON" onclick={copy}>
                    { Icon::Copy }
                    <span class="tool-name">{ "Copy as JSON" }</span>
                </button>
            }
            <InNewWindow {view} />
        </header>
    }
}

fn copy(text: String) {
    browser::copy_text(text, |copied| match copied {
        true => toast::show_done("The schema is in the clipboard"),
        false => toast::show("The system lets nothing be copied"),
    });
}

fn validator(schema: &CollectionSchema) -> Html {
    match &schema.validator {
        None => {
            html! { <p class="quiet schema-none">{ "This collection has no validator: it takes every document." }</p> }
        }
        Some(validator) => html! {
            <>
                if schema.action.as_deref() == Some("warn") {
                    <p class="transfer-note">{ "The database only writes a warning to its log where a document does not fit." }</p>
                }
                <pre class="schema-json">{ format!("{:#}", Value::document(validator).relaxed()) }</pre>
            </>
        },
    }
}
