//! The filter: conditions in a form, or MongoDB's own filter as text.
//!
//! What is complete is applied a moment after it was typed; what cannot be is said where it stands, and asks nothing.

use std::{rc::Rc, time::Duration};

use lockstep_model::{ListQuery, Value, json, shape::Shape};
use wasm_bindgen::JsCast;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::filter_value::FilterValue;
use crate::{
    browser::Timer,
    edit::conditions::{Condition, Conditions, Test, field_at, field_names},
    navigation,
    parts::{Icon, capitalised},
};

/// A filter is applied when nothing was typed for this long.
const APPLY_AFTER: Duration = Duration::from_millis(300);

#[derive(Properties, PartialEq)]
pub struct FilterToolProps {
    pub query: ListQuery,
    /// What the documents look like.
    pub shape: Rc<Shape>,
    /// A field to begin with a condition on.
    pub asked: Option<String>,
}

/// What is being written.
#[derive(Clone, Debug, PartialEq)]
enum Draft {
    Form(Conditions),
    Text(String),
}

/// How many conditions a filter has; `None` where it is no form's.
pub(super) fn count(query: &ListQuery, shape: &Shape) -> Option<usize> {
    let filter = query.filter.get().as_document()?;
    Conditions::of(filter, shape).map(|conditions| conditions.count())
}

/// The filter.
#[component]
pub fn FilterTool(props: &FilterToolProps) -> Html {
    let shape = props.shape.clone();
    let draft = use_state(|| begin(props, &shape));
    let changed = use_mut_ref(|| false);
    let latest = use_mut_ref(|| None::<Draft>);
    latest.replace(Some((*draft).clone()));
    let error = use_state(|| None::<String>);

    // A form applies by itself, a moment after the last change, or when it is closed before.
    use_effect_with((*draft).clone(), {
        let (changed, shape) = (changed.clone(), shape.clone());
        move |draft| {
            let timer = changed.borrow().then(|| {
                let (draft, changed) = (draft.clone(), changed.clone());
                Timer::after(APPLY_AFTER, move || {
                    changed.replace(false);
                    apply_form(&draft, &shape);
                })
            });
            move || drop(timer)
        }
    });
    use_effect_with((), {
        let (changed, latest, shape) = (changed.clone(), latest.clone(), shape.clone());
        move |()| {
            move || {
                if let Some(draft) = latest.borrow().as_ref().filter(|_| changed.replace(false)) {
                    apply_form(draft, &shape);
                }
            }
        }
    });

    let set = {
        let (draft, changed, error) = (draft.setter(), changed.clone(), error.setter());
        Callback::from(move |next: Draft| {
            changed.replace(matches!(next, Draft::Form(_)));
            error.set(None);
            draft.set(next);
        })
    };
    match &*draft {
        Draft::Form(conditions) => form(conditions, &shape, &set),
        Draft::Text(text) => {
            let apply = {
                let (text, error) = (text.clone(), error.setter());
                Callback::from(move |()| error.set(apply_text(&text).err()))
            };
            html! { <TextFilter text={text.clone()} shape={shape.clone()} error={(*error).clone()} {set} {apply} /> }
        }
    }
}

fn begin(props: &FilterToolProps, shape: &Rc<Shape>) -> Draft {
    let filter = props.query.filter.get().as_document();
    let conditions = filter.and_then(|filter| Conditions::of(filter, shape));
    let Some(mut conditions) = conditions else {
        return Draft::Text(json::write_pretty(&props.query.filter));
    };
    match &props.asked {
        Some(field) => conditions.each.push(Condition::new(field, shape)),
        None if conditions.each.is_empty() => {
            let first =
                field_names(shape).into_iter().find(|name| name != "_id").unwrap_or_else(|| "_id".into());
            conditions.each.push(Condition::new(&first, shape));
        }
        None => {}
    }
    Draft::Form(conditions)
}

fn apply_form(draft: &Draft, shape: &Shape) {
    if let Draft::Form(conditions) = draft
        && let Ok(filter) = conditions.filter(shape)
    {
        apply(Value::document(&filter));
    }
}

/// # Errors
/// Why the text is no filter.
fn apply_text(text: &str) -> Result<(), String> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    let filter = json::read(text)?;
    if filter.get().as_document().is_none() {
        return Err("a filter is a document, as in {status: \"won\"}".into());
    }
    apply(filter);
    Ok(())
}

fn apply(filter: Value) {
    navigation::change_query(|query| query.filter = filter);
}

fn form(conditions: &Conditions, shape: &Rc<Shape>, set: &Callback<Draft>) -> Html {
    let change = |change: Box<dyn Fn(&mut Conditions)>| {
        let (conditions, set) = (conditions.clone(), set.clone());
        move || {
            let mut conditions = conditions.clone();
            change(&mut conditions);
            set.emit(Draft::Form(conditions));
        }
    };
    let refused = conditions.filter(shape).err();
    let names = field_names(shape);
    let rows = conditions.each.iter().enumerate().map(|(at, condition)| {
        let on_change = {
            let (conditions, set) = (conditions.clone(), set.clone());
            Callback::from(move |condition| {
                let mut conditions = conditions.clone();
                conditions.each[at] = condition;
                set.emit(Draft::Form(conditions));
            })
        };
        let remove = change(Box::new(move |conditions| _ = conditions.each.remove(at)));
        let reason =
            refused.as_ref().filter(|(refused, _)| *refused == at).map(|(_, reason)| capitalised(reason));
        html! {
            <ConditionRow
                key={at}
                condition={condition.clone()}
                shape={shape.clone()}
                names={names.clone()}
                reason={reason}
                {on_change}
                on_remove={Callback::from(move |()| remove())}
            />
        }
    });
    let any = conditions.any;
    let toggle_any = change(Box::new(|conditions| conditions.any = !conditions.any));
    let add = {
        let (field, shape) = (names.first().cloned().unwrap_or_default(), shape.clone());
        change(Box::new(move |conditions| {
            let last = conditions.each.last().map_or(field.clone(), |last| last.field.clone());
            conditions.each.push(Condition::new(&last, &shape));
        }))
    };
    let clear = change(Box::new(|conditions| conditions.each.clear()));
    let as_text = {
        let (filter, set) = (conditions.filter(shape).unwrap_or_default(), set.clone());
        move |_: MouseEvent| set.emit(Draft::Text(json::write_pretty(&Value::document(&filter))))
    };
    html! {
        <div class="filter">
            if conditions.each.len() > 1 {
                <label class="filter-match">
                    { "Documents for which" }
                    <select onchange={move |_: Event| toggle_any()}>
                        <option selected={!any}>{ "all" }</option>
                        <option selected={any}>{ "one or more" }</option>
                    </select>
                    { "of these are so:" }
                </label>
            }
            if conditions.each.is_empty() {
                <p class="quiet">{ "All documents are shown." }</p>
            }
            <div class="filter-rows">{ for rows }</div>
            <div class="tool-actions">
                <button class="button" onclick={move |_: MouseEvent| add()}>{ Icon::Plus }{ "Add a condition" }</button>
                if !conditions.each.is_empty() {
                    <button class="button button-quiet" onclick={move |_: MouseEvent| clear()}>{ "Remove all" }</button>
                }
                <span class="toolbar-space" />
                <button class="button button-quiet" onclick={as_text}>{ "As MongoDB filter" }</button>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ConditionRowProps {
    condition: Condition,
    shape: Rc<Shape>,
    names: Vec<String>,
    /// Why it cannot be, if so.
    reason: Option<String>,
    on_change: Callback<Condition>,
    on_remove: Callback<()>,
}

#[component]
fn ConditionRow(props: &ConditionRowProps) -> Html {
    let ConditionRowProps { condition, shape, names, reason, on_change, on_remove } = props;
    let field = field_at(shape, &condition.field);
    let tests = Test::of(field);
    let on_field = {
        let (condition, shape, names, on_change) =
            (condition.clone(), shape.clone(), names.clone(), on_change.clone());
        move |event: Event| {
            let Some(name) = chosen(&event).and_then(|at| names.get(at)) else { return };
            let mut next = Condition { field: name.clone(), ..condition.clone() };
            // What was typed stays where the new field can be asked the same.
            let field = field_at(&shape, name);
            if !Test::of(field).contains(&next.test) || field.is_some_and(|field| field.options().is_some()) {
                next = Condition::new(name, &shape);
            }
            on_change.emit(next);
        }
    };
    let on_test = {
        let (condition, on_change) = (condition.clone(), on_change.clone());
        move |event: Event| {
            if let Some(test) = chosen(&event).and_then(|at| tests.get(at)) {
                on_change.emit(Condition { test: *test, ..condition.clone() });
            }
        }
    };
    let on_text = {
        let (condition, on_change) = (condition.clone(), on_change.clone());
        Callback::from(move |text| on_change.emit(Condition { text, ..condition.clone() }))
    };
    let is_known = names.contains(&condition.field);
    html! {
        <div class="filter-row" role="group" aria-label={format!("Condition on {}", condition.field)}>
            <select aria-label="Field" onchange={on_field}>
                { for names.iter().map(|name| html! {
                    <option selected={*name == condition.field}>{ name }</option>
                }) }
                if !is_known {
                    <option selected=true>{ &condition.field }</option>
                }
            </select>
            <select aria-label="Test" onchange={on_test}>
                { for tests.iter().map(|test| html! {
                    <option selected={*test == condition.test}>{ test.words(field) }</option>
                }) }
            </select>
            if condition.test.takes_text() {
                <FilterValue condition={condition.clone()} field={field.cloned()} invalid={reason.is_some()} on_change={on_text} />
            } else {
                <span />
            }
            <button class="icon-button" aria-label="Remove this condition" onclick={on_remove.reform(|_: MouseEvent| ())}>
                { Icon::Close }
            </button>
            if let Some(reason) = reason {
                <p class="filter-reason" role="alert">{ reason }</p>
            }
        </div>
    }
}

/// Which option of a list was chosen, from 0.
fn chosen(event: &Event) -> Option<usize> {
    let select = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    usize::try_from(select.selected_index()).ok()
}

#[derive(Properties, PartialEq)]
struct TextFilterProps {
    text: String,
    shape: Rc<Shape>,
    /// Why the text was not applied.
    error: Option<String>,
    set: Callback<Draft>,
    apply: Callback<()>,
}

#[component]
fn TextFilter(props: &TextFilterProps) -> Html {
    let TextFilterProps { text, shape, error, set, apply } = props;
    let node = use_node_ref();
    use_effect_with((), {
        let (node, text) = (node.clone(), text.clone());
        move |()| {
            if let Some(area) = node.cast::<HtmlTextAreaElement>() {
                area.set_value(&text);
                let _ = area.focus();
            }
        }
    });
    let oninput = {
        let set = set.clone();
        move |event: InputEvent| {
            set.emit(Draft::Text(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
        }
    };
    let onkeydown = {
        let apply = apply.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                apply.emit(());
            }
        }
    };
    let filter = json::read(if text.trim().is_empty() { "{}" } else { text }).ok();
    let conditions = filter.as_ref().and_then(|filter| Conditions::of(filter.get().as_document()?, shape));
    let as_form =
        conditions.map(|conditions| set.reform(move |_: MouseEvent| Draft::Form(conditions.clone())));
    html! {
        <div class="filter">
            <textarea
                ref={node}
                class="filter-text"
                rows="8"
                aria-label="MongoDB filter"
                aria-invalid={error.is_some().then_some("true")}
                spellcheck="false"
                {oninput}
                {onkeydown}
            />
            if let Some(error) = error {
                <p class="filter-reason" role="alert">{ capitalised(error) }</p>
            }
            <div class="tool-actions">
                <button class="button button-primary" onclick={apply.reform(|_: MouseEvent| ())}>{ "Apply" }</button>
                <span class="quiet">{ "Ctrl+Enter" }</span>
                <span class="toolbar-space" />
                if let Some(as_form) = as_form {
                    <button class="button button-quiet" onclick={as_form}>{ "As conditions" }</button>
                } else {
                    <span class="quiet">{ "This filter can only be edited as text." }</span>
                }
            </div>
        </div>
    }
}
