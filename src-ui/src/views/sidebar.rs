//! The sidebar of the main window: the connection, its databases, their collections.

use std::{cell::RefCell, rc::Rc, time::Duration};

use lockstep_model::{
    Key, ListQuery, Namespace,
    contract::{Collection, View},
};
use lockstep_query::{Input, Options};
use yew::prelude::*;

use super::collections::{list, use_collections, use_status};
use crate::{
    browser::Timer,
    navigation,
    parts::{Icon, Notice, grouped},
    signal::use_signal,
    store, theme,
};

/// A pointer that stays this long is likely to click.
const PREFETCH_AFTER: Duration = Duration::from_millis(80);

#[derive(Properties, PartialEq)]
pub struct SidebarProps {
    /// What the window shows.
    pub view: Option<View>,
}

/// The sidebar.
#[component]
pub fn Sidebar(props: &SidebarProps) -> Html {
    let (plain, query) = use_collections();
    let status = use_status();
    let soon = use_mut_ref(|| None::<Timer>);
    let collections = plain.as_deref().and_then(list).map(|list| &list.collections[..]).unwrap_or_default();
    let retry = Callback::from(|()| store::dispatch(Input::refetch(Key::Collections.segments())));
    html! {
        <nav class="sidebar" aria-label="Collections">
            <header class="sidebar-header">
                <span class="brand" aria-hidden="true" />
                <div class="sidebar-title">
                    <strong>{ "Lockstep" }</strong>
                    <span class="sidebar-server">
                        { status.map_or_else(|| "Connecting".into(), |status| status.server) }
                    </span>
                </div>
            </header>
            <div class="sidebar-lists">
                { for databases(collections).map(|(name, collections)| html! {
                    <section key={name.to_string()} class="database">
                        <h2>{ Icon::Database }{ name }</h2>
                        <ul>
                            { for collections.iter().map(|collection| entry(collection, props.view.as_ref(), &soon)) }
                        </ul>
                    </section>
                }) }
                if let (None, Some(failure)) = (&plain, &query.error) {
                    <Notice failure={failure.clone()} what="The list of collections" {retry} />
                } else if plain.is_none() {
                    { for (0..5).map(|_| html! { <div class="skeleton skeleton-line" /> }) }
                } else if collections.is_empty() {
                    <p class="sidebar-empty">{ "This server has no collections yet." }</p>
                }
            </div>
            <ThemeButton />
        </nav>
    }
}

/// Runs of one database each; the list is sorted by name.
fn databases(collections: &[Collection]) -> impl Iterator<Item = (&str, &[Collection])> {
    collections
        .chunk_by(|a, b| a.namespace.database == b.namespace.database)
        .filter_map(|run| Some((&*run.first()?.namespace.database, run)))
}

fn entry(collection: &Collection, view: Option<&View>, soon: &Rc<RefCell<Option<Timer>>>) -> Html {
    let namespace = collection.namespace.clone();
    let current = match view {
        Some(View::Table { namespace: shown, .. }) => *shown == namespace,
        Some(View::Document { id }) => id.namespace == namespace,
        _ => false,
    };
    let onclick = {
        let namespace = namespace.clone();
        move |_: MouseEvent| navigation::go(navigation::table(namespace.clone()))
    };
    let onmouseenter = {
        let soon = soon.clone();
        move |_: MouseEvent| {
            soon.replace(Some(prefetch_later(namespace.clone())));
        }
    };
    let onmouseleave = {
        let soon = soon.clone();
        move |_: MouseEvent| drop(soon.take())
    };
    html! {
        <li key={collection.namespace.to_string()}>
            <button
                class="sidebar-item"
                aria-current={current.then_some("page")}
                title={collection.read_only.clone()}
                {onclick}
                {onmouseenter}
                {onmouseleave}
            >
                { Icon::Table }
                <span class="sidebar-name">{ &*collection.namespace.collection }</span>
                if let Some(count) = collection.count {
                    <span class="sidebar-count">{ grouped(count) }</span>
                }
            </button>
        </li>
    }
}

fn prefetch_later(namespace: Namespace) -> Timer {
    Timer::after(PREFETCH_AFTER, move || {
        store::dispatch(Input::Prefetch(Key::List(namespace, ListQuery::all()), Options::default()));
    })
}

#[component]
fn ThemeButton() -> Html {
    let theme = use_signal(theme::theme());
    html! {
        <button class="sidebar-item theme-button" onclick={move |_| theme::choose(theme.next())}>
            { Icon::Theme }
            <span class="sidebar-name">{ "Theme" }</span>
            <span class="sidebar-count">{ theme.name() }</span>
        </button>
    }
}
