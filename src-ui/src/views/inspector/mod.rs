//! The query inspector: what the window's query store holds and does, and trouble on purpose.
//!
//! For whoever wants to know why something shows as it does. Closed, it costs nothing: nothing of it observes anything.

mod detail;
mod events;
mod mutations;
mod queries;
mod redraw;
mod state;
mod switches;

use lockstep_model::Key;
use lockstep_query::Filter;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    hooks::use_disturb,
    parts::Icon,
    signal::{Signal, use_signal},
    store,
    views::collections::use_status,
};
use redraw::use_redraw;

thread_local! {
    static OPEN: Signal<bool> = Signal::default();
}

/// Whether it is open in this window.
pub fn is_open() -> Signal<bool> {
    OPEN.with(Signal::clone)
}

/// Opens or closes it.
pub fn toggle() {
    is_open().change(|open| *open = !*open);
}

/// Draws the inspector when it is open.
#[component]
pub fn Inspector() -> Html {
    match use_signal(is_open()) {
        true => html! { <Panel /> },
        false => html! {},
    }
}

/// What is shown beside the queries.
#[derive(Clone, Copy, PartialEq)]
enum Tab {
    Query,
    Events,
    Mutations,
}

const TABS: [(Tab, &str); 3] =
    [(Tab::Query, "Query"), (Tab::Events, "Events"), (Tab::Mutations, "Mutations")];

#[component]
fn Panel() -> Html {
    use_redraw();
    let disturb = use_disturb();
    let disturbance = use_status().map(|status| status.disturbance).unwrap_or_default();
    let filter = use_state(AttrValue::default);
    let chosen = use_state(|| None::<Key>);
    let tab = use_state_eq(|| Tab::Query);
    let box_ref = use_node_ref();
    use_effect_with(box_ref.clone(), |box_ref| {
        if let Some(input) = box_ref.cast::<HtmlInputElement>() {
            let _ = input.focus();
        }
    });

    let keys = store::keys();
    let oninput = {
        let filter = filter.clone();
        move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            filter.set(input.value().into());
        }
    };
    let on_choose = {
        let (chosen, tab) = (chosen.setter(), tab.setter());
        Callback::from(move |key| {
            chosen.set(Some(key));
            tab.set(Tab::Query);
        })
    };
    html! {
        <section class="inspector" aria-label="Query inspector">
            <header class="inspector-header">
                <h2>{ "Query inspector" }</h2>
                <input
                    ref={box_ref}
                    type="text"
                    class="inspector-filter"
                    placeholder="Filter by key"
                    aria-label="Filter queries by key"
                    value={(*filter).clone()}
                    {oninput}
                />
                <span class="quiet inspector-count">{ counted(keys.len()) }</span>
                <span class="toolbar-space" />
                { switches::switches(disturbance, &disturb) }
                <button class="icon-button" aria-label="Close the query inspector" onclick={|_| toggle()}>{ Icon::Close }</button>
            </header>
            { queries::queries(&keys, &filter, chosen.as_ref(), &on_choose) }
            <div class="inspector-side">
                <div role="tablist" class="tabs" aria-label="What to show">
                    { for TABS.iter().map(|(of, name)| {
                        let (set, of) = (tab.setter(), *of);
                        html! {
                            <button role="tab" aria-selected={(*tab == of).to_string()} onclick={move |_| set.set(of)}>
                                { *name }
                            </button>
                        }
                    }) }
                </div>
                <div role="tabpanel" class="inspector-tab">
                    { match *tab {
                        Tab::Query => detail::detail(chosen.as_ref()),
                        Tab::Events => events::events(),
                        Tab::Mutations => mutations::mutations(),
                    } }
                </div>
            </div>
        </section>
    }
}

fn counted(queries: usize) -> String {
    match store::fetching(&Filter::all()) {
        0 => format!("{queries} queries"),
        fetching => format!("{queries} queries, {fetching} fetching"),
    }
}
