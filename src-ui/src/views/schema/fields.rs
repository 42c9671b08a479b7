//! One line for each field: what it is to be, and what it is.

use lockstep_model::{
    contract::{
        CollectionSchema,
        schema::{Declared, Disagreement, SCHEMA_FIELDS_MOST, SchemaField},
    },
    shape::{display_text, visible},
};
use yew::prelude::*;

use super::words;
use crate::parts::{grouped, style};

/// So many values of an enum are shown.
const OPTIONS_MOST: usize = 8;

/// All fields, or only those that disagree.
pub fn fields(schema: &CollectionSchema, only_disagreeing: bool) -> Html {
    let has_validator = schema.validator.is_some();
    let shown = schema.fields.iter().filter(|field| !only_disagreeing || !field.disagreements.is_empty());
    html! {
        <>
            if schema.fields.is_empty() {
                <p class="quiet schema-none">{ "There are no documents, and no validator, to tell fields from." }</p>
            } else {
                <table class="schema-fields" aria-label="Fields">
                    <thead>
                        <tr>
                            <th>{ "Field" }</th>
                            if has_validator {
                                <th>{ "Validator" }</th>
                            }
                            <th>{ "Types found" }</th>
                            <th class="cell-number">{ "Present" }</th>
                            <th>{ "Range and length" }</th>
                            <th class="schema-examples">{ "Examples" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for shown.enumerate().map(|(at, field)| line(at, field, has_validator, only_disagreeing)) }</tbody>
                </table>
            }
            if schema.has_more {
                <p class="quiet schema-none">
                    { format!("There are more fields: {SCHEMA_FIELDS_MOST} are shown, to a depth of 20.") }
                </p>
            }
        </>
    }
}

/// Among others its name stands below what it is inside of; `alone` it has its whole path. Its key is its place: two fields
/// may have one path, since a name may hold dots.
fn line(at: usize, field: &SchemaField, has_validator: bool, alone: bool) -> Html {
    let wrong = field.disagreements.iter().any(|one| !is_harmless(one));
    let (name, depth) = match field.path.rfind('.') {
        Some(dot) if !alone => (&field.path[dot + 1..], field.depth),
        _ => (&*field.path, if alone { 0 } else { field.depth }),
    };
    let indent = style(&format!("padding-left: {}px", 12 + 14 * depth));
    html! {
        <tr
            key={at}
            data-path={field.path.clone()}
            class={classes!(wrong.then_some("disagrees"), (field.present == 0).then_some("absent"))}
        >
            <th scope="row" title={visible(&field.path)} ~style={indent}>{ visible(name) }</th>
            if has_validator {
                <td>{ field.declared.as_ref().map_or_else(|| html! { <span class="quiet">{ "–" }</span> }, declared) }</td>
            }
            <td>
                { types(field) }
                { for field.disagreements.iter().map(|one| {
                    let class = if is_harmless(one) { "mark quiet-mark" } else { "mark" };
                    html! { <span {class}>{ words::disagreement(one) }</span> }
                }) }
            </td>
            <td class="cell-number" title={format!("{} of {}", grouped(field.present), grouped(field.holders))}>
                { words::presence(field) }
            </td>
            <td>{ for words::extent(field).into_iter().map(|text| html! { <div>{ text }</div> }) }</td>
            <td class="schema-examples">
                { for field.examples.iter().map(|value| html! { <><code>{ display_text(value.get()) }</code>{ " " }</> }) }
            </td>
        </tr>
    }
}

/// The database takes it all the same.
fn is_harmless(disagreement: &Disagreement) -> bool {
    matches!(disagreement, Disagreement::Unknown { forbidden: false })
}

fn declared(declared: &Declared) -> Html {
    let options = declared.options.as_deref().unwrap_or_default();
    html! {
        <>
            <div>
                { match declared.types.is_empty() {
                    true => "any type".into(),
                    false => words::types(&declared.types),
                } }
                if declared.required {
                    <span class="schema-required">{ "required" }</span>
                }
            </div>
            if !options.is_empty() {
                <div class="schema-options">
                    { for options.iter().take(OPTIONS_MOST).map(|option| html! { <code>{ display_text(option.get()) }</code> }) }
                    if options.len() > OPTIONS_MOST {
                        <span class="quiet">{ format!("and {} more", options.len() - OPTIONS_MOST) }</span>
                    }
                </div>
            }
            { for declared.rules.iter().map(|rule| html! { <div class="quiet">{ rule }</div> }) }
            if let Some(description) = &declared.description {
                <div class="quiet">{ visible(description) }</div>
            }
        </>
    }
}

fn types(field: &SchemaField) -> Html {
    if field.present == 0 {
        return html! { <span class="quiet">{ "never present" }</span> };
    }
    html! {
        <div class="schema-types">
            { for field.types.iter().map(|(of, count)| {
                let share = words::percent(*count, field.present);
                html! {
                    <span class="schema-type" title={format!("{} of {}", grouped(*count), grouped(field.present))}>
                        { of.label() }
                        if field.types.len() > 1 {
                            <b>{ share }</b>
                        }
                    </span>
                }
            }) }
        </div>
    }
}
