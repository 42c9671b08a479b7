//! The value of a condition: a text, one of a few words, or several of them.

use lockstep_model::shape::{Field, Type, display_text};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::edit::conditions::{Condition, Test};

#[derive(Properties, PartialEq)]
pub struct FilterValueProps {
    pub condition: Condition,
    /// What the shape says of the field.
    pub field: Option<Field>,
    pub invalid: bool,
    /// The text is another one.
    pub on_change: Callback<String>,
}

/// The value of a condition.
#[component]
pub fn FilterValue(props: &FilterValueProps) -> Html {
    let FilterValueProps { condition, field, invalid, on_change } = props;
    let options = words(field.as_ref());
    let node = use_node_ref();
    // What is typed is the person's: it is set once, and whenever another field is asked.
    use_effect_with((condition.field.clone(), condition.test), {
        let (node, text) = (node.clone(), condition.text.clone());
        move |_| {
            let input = node.get().and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input.filter(|input| input.value() != text) {
                input.set_value(&text);
            }
        }
    });
    match (&options[..], condition.test) {
        (options, Test::AnyOf) if !options.is_empty() => {
            let chosen = condition.values();
            let each = options.iter().map(|option| {
                let checked = chosen.contains(option);
                let onchange = {
                    let (option, chosen, on_change) = (option.clone(), chosen.clone(), on_change.clone());
                    let options = options.to_vec();
                    move |_: Event| {
                        let is_chosen = |other: &&String| chosen.contains(other) != (**other == option);
                        let values: Vec<_> = options.iter().filter(is_chosen).cloned().collect();
                        on_change.emit(Condition::text_of(&values));
                    }
                };
                html! { <label class="filter-option"><input type="checkbox" {checked} {onchange} />{ option }</label> }
            });
            html! { <div class="filter-options" role="group" aria-label="Values">{ for each }</div> }
        }
        ([], _) | (_, Test::Contains | Test::Lacks | Test::Begins | Test::Ends) => {
            let oninput = {
                let on_change = on_change.clone();
                move |event: InputEvent| {
                    on_change.emit(event.target_unchecked_into::<HtmlInputElement>().value())
                }
            };
            html! {
                <input
                    ref={node}
                    type="text"
                    aria-label="Value"
                    aria-invalid={invalid.then_some("true")}
                    placeholder={hint(field.as_ref(), condition.test)}
                    autocomplete="off"
                    spellcheck="false"
                    {oninput}
                />
            }
        }
        (options, _) => {
            let onchange = {
                let on_change = on_change.clone();
                move |event: Event| on_change.emit(event.target_unchecked_into::<HtmlSelectElement>().value())
            };
            html! {
                <select aria-label="Value" {onchange}>
                    if !options.contains(&condition.text) {
                        <option value="" selected=true>{ "Choose…" }</option>
                    }
                    { for options.iter().map(|option| html! {
                        <option value={option.clone()} selected={*option == condition.text}>{ option }</option>
                    }) }
                </select>
            }
        }
    }
}

/// The few words that the field can have; none where it can have others.
fn words(field: Option<&Field>) -> Vec<String> {
    let Some(field) = field else { return Vec::new() };
    let field = field.items.as_deref().unwrap_or(field);
    match (field.options(), field.types()) {
        (Some(options), _) => options.iter().map(|option| display_text(option.get())).collect(),
        (None, [Type::Bool]) => ["true", "false"].map(Into::into).into(),
        _ => Vec::new(),
    }
}

fn hint(field: Option<&Field>, test: Test) -> &'static str {
    let types = field.map(Field::types).unwrap_or_default();
    match (test, types) {
        (Test::AnyOf, _) => "one, another",
        (_, [Type::Date, ..]) => "2026-03-01",
        _ => "Value",
    }
}
