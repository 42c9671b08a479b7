//! The window: sidebar, view, query inspector, status bar, toasts.
//!
//! The main window has the sidebar; the others show one thing, and have the room for it.

use lockstep_model::contract::View;
use yew::prelude::*;

use crate::{
    browser,
    hooks::use_undo_keys,
    host, navigation,
    parts::Toasts,
    signal::use_signal,
    store,
    views::{DocumentView, Home, InsertForm, Inspector, OutboxPanel, Sidebar, StatusBar, Table},
};

/// How the label of a connection's first window ends.
const MAIN: &str = ":main";

/// The whole window.
#[component]
pub fn App() -> Html {
    let attached = use_signal(store::attached_view());
    let chosen = use_signal(navigation::shown());
    // What a person chose here holds, also when the window attaches once more.
    let view = chosen.or(attached);

    use_effect_with(view.clone(), |view| {
        browser::document().set_title(&view.as_ref().unwrap_or(&View::Home).title(None))
    });

    use_undo_keys();

    let is_main = *use_memo((), |()| host::window_label().ends_with(MAIN));
    html! {
        <div class={classes!("window", is_main.then_some("with-sidebar"))}>
            if is_main {
                <Sidebar view={view.clone()} />
            }
            <main>
                { shown(view.as_ref()) }
            </main>
            <Inspector />
            <StatusBar />
            <InsertForm />
            <OutboxPanel />
            <Toasts />
        </div>
    }
}

fn shown(view: Option<&View>) -> Html {
    match view {
        None => html! {
            <div class="zone-empty" aria-busy="true">
                <span class="spinner" aria-hidden="true" />
                { "Starting" }
            </div>
        },
        Some(View::Home) => html! { <Home /> },
        Some(View::Table { namespace, query, top_row }) => html! {
            <Table
                key={namespace.to_string()}
                namespace={namespace.clone()}
                query={query.clone()}
                top_row={*top_row}
            />
        },
        Some(View::Document { id }) => html! { <DocumentView key={format!("{id:?}")} id={id.clone()} /> },
    }
}
