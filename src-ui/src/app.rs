//! The window: sidebar, view, query inspector, status bar, toasts.
//!
//! The main window has the sidebar; the others show one thing, and have the room for it.

use lockstep_model::contract::{Tab, Tabs, View};
use yew::prelude::*;

use crate::{
    actions::use_shortcuts,
    browser, navigation,
    parts::Toasts,
    signal::use_signal,
    store,
    views::{
        ActivityPanel, Board, DashboardView, DocumentView, FirstMinute, Home, InsertForm, Inspector, Palette,
        SaveViewForm, SchemaView, Sidebar, StatusBar, TabBar, Table, Transfers,
    },
};

/// The whole window.
#[component]
pub fn App() -> Html {
    // Drawn again whenever one of these changes; what they come to, `tabs` says.
    use_signal(store::attached_tabs());
    use_signal(navigation::chosen());
    let tabs = navigation::tabs();
    let view = tabs.as_ref().map(|tabs| tabs.active().view.clone());

    use_effect_with(view.clone(), |view| {
        browser::document().set_title(&view.as_ref().unwrap_or(&View::Home).title(None))
    });

    use_shortcuts();

    let is_main = navigation::is_main();
    html! {
        <div class={classes!("window", is_main.then_some("with-sidebar"))}>
            if is_main {
                <Sidebar view={view.clone()} />
            }
            <main>
                if let Some(tabs) = tabs.as_ref().filter(|tabs| is_main || tabs.count() > 1) {
                    <TabBar tabs={tabs.clone()} />
                }
                if let Some(view) = view.filter(|_| is_main) {
                    <FirstMinute {view} />
                }
                { shown(tabs.as_ref().map(Tabs::active)) }
            </main>
            <Inspector />
            <StatusBar />
            <InsertForm />
            <ActivityPanel />
            <SaveViewForm />
            <Palette />
            <Transfers />
            <Toasts />
        </div>
    }
}

fn shown(tab: Option<&Tab>) -> Html {
    // Each tab has its own, also of the same collection.
    let key = |name: String| format!("{} {name}", tab.map_or(0, |tab| tab.id));
    match tab.map(|tab| &tab.view) {
        None => html! {
            <div class="zone-empty" aria-busy="true">
                <span class="spinner" aria-hidden="true" />
                { "Starting" }
            </div>
        },
        Some(View::Home) => html! { <Home /> },
        Some(View::Table { namespace, query, layout, top_row }) => html! {
            <Table
                key={key(namespace.to_string())}
                namespace={namespace.clone()}
                query={query.clone()}
                layout={layout.clone()}
                top_row={*top_row}
            />
        },
        Some(View::Board { namespace, query, layout, scrolled }) => html! {
            <Board
                key={key(namespace.to_string())}
                namespace={namespace.clone()}
                query={query.clone()}
                layout={layout.clone()}
                scrolled={(**scrolled).clone()}
            />
        },
        Some(View::Dashboard { id, .. }) => {
            html! { <DashboardView key={key(id.0.to_string())} id={id.clone()} /> }
        }
        Some(View::Document { id }) => {
            html! { <DocumentView key={key(format!("{id:?}"))} id={id.clone()} /> }
        }
        Some(View::Schema { namespace, sample }) => html! {
            <SchemaView
                key={key(format!("schema of {namespace}"))}
                namespace={namespace.clone()}
                sample={*sample}
            />
        },
    }
}
