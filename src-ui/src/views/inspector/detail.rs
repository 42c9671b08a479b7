//! All that is known of the chosen query, and what can be done to it.

use lockstep_model::Key;
use lockstep_query::{Data, Filter, Input, Inspection, Options, Refetch, StaleTime};
use lockstep_sync::{Lockstep, Plain};
use yew::prelude::*;

use super::{
    events::event_line,
    queries::held,
    state::{age, tags},
};
use crate::{
    parts::{bytes, capitalised, elapsed},
    store,
};

/// So many of the query's last events are shown.
const LAST_EVENTS: usize = 8;

/// The chosen query.
pub fn detail(chosen: Option<&Key>) -> Html {
    let Some(key) = chosen else {
        return html! { <p class="quiet inspector-empty">{ "Choose a query to see what is known of it." }</p> };
    };
    let Some(query) = store::inspect(key) else {
        return html! { <p class="quiet inspector-empty">{ format!("{key} is no longer in the store.") }</p> };
    };
    let events = store::events().into_iter().filter(|event| event.key == *key);
    html! {
        <>
            <h3 class="inspector-chosen">{ key.to_string() }</h3>
            { actions(key) }
            <dl class="inspector-facts">
                <dt>{ "State" }</dt><dd>{ tags(&query) }</dd>
                <dt>{ "Observers" }</dt><dd>{ observers(&query) }</dd>
                <dt>{ "Data" }</dt><dd>{ data(key, &query) }</dd>
                <dt>{ "Layers" }</dt><dd>{ query.layers }</dd>
                <dt>{ "Age" }</dt>
                <dd>{ query.updated_at.map_or_else(|| "never".into(), age) }</dd>
                if let Some(stale_time) = query.stale_time {
                    <dt>{ "Fresh for" }</dt><dd>{ fresh_for(stale_time) }</dd>
                }
                if let Some(failure) = &query.failure {
                    <dt>{ "Failed" }</dt>
                    <dd class="inspector-failure">
                        { format!("{}×: {}", query.failure_count, capitalised(&failure.to_string())) }
                    </dd>
                }
            </dl>
            <h4>{ "Last events" }</h4>
            <ol class="inspector-events">{ for events.take(LAST_EVENTS).map(|event| event_line(&event, false)) }</ol>
        </>
    }
}

fn actions(key: &Key) -> Html {
    let button = |name: &'static str, title: &'static str, input: fn(Filter<Lockstep>) -> Input<Lockstep>| {
        let key = key.clone();
        let onclick = move |_: MouseEvent| store::dispatch(input(Filter::exact(&key)));
        html! { <button class="button button-small" {title} {onclick}>{ name }</button> }
    };
    html! {
        <div class="inspector-actions">
            { button("Refetch", "Fetch it now, fresh or not", Input::Refetch) }
            { button("Invalidate", "Make it stale; it is fetched if anybody observes it", |filter| {
                Input::Invalidate(filter, Refetch::Active)
            }) }
            { button("Reset", "As if nothing had ever been fetched", Input::Reset) }
            { button("Remove", "Forget its data", Input::Remove) }
        </div>
    }
}

fn observers(query: &Inspection<Lockstep>) -> String {
    match (query.observers, query.enabled) {
        (0, _) => "none".into(),
        (all, enabled) if all == enabled => all.to_string(),
        (all, enabled) => format!("{all}, of which {enabled} want data"),
    }
}

/// What it holds, and how much that is.
fn data(key: &Key, query: &Inspection<Lockstep>) -> String {
    match store::view(key, &Options::default()).data {
        Some(Data::Entity(view)) => match &view.doc {
            Some(document) => {
                let raw = document.raw();
                format!("document of {} fields, {}", raw.iter().count(), bytes(raw.as_bytes().len() as u64))
            }
            None => held(query.holds),
        },
        Some(Data::Value(value)) => match &*value {
            Plain::Collections(list) => format!("{} collections", list.collections.len()),
            Plain::Field(field) => {
                let size = field.value.as_ref().map_or(0, |value| value.size_bytes());
                format!("field of {}", bytes(size as u64))
            }
            Plain::Figures(figures) => format!("figures of {} groups", figures.groups.len()),
            Plain::Workspace(workspace) => {
                format!("{} views, {} dashboards", workspace.views.len(), workspace.dashboards.len())
            }
            Plain::Status(_) => "status".into(),
            Plain::Jobs(list) => format!("{} jobs", list.jobs.len()),
            Plain::Schema(schema) => format!("{} fields", schema.fields.len()),
        },
        _ => held(query.holds),
    }
}

fn fresh_for(stale_time: StaleTime) -> String {
    match stale_time {
        StaleTime::After(time) => elapsed(time),
        StaleTime::UntilInvalidated | StaleTime::ByKey => "until it is invalidated".into(),
        StaleTime::Static => "ever".into(),
    }
}
