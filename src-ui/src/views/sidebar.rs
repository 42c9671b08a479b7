//! The sidebar of the main window: the connection, its databases, their collections.

use lockstep_model::{
    Key, ListQuery, Namespace, Segment,
    contract::{Colleague, Collection, View},
    workspace::DashboardId,
};
use lockstep_query::Filter;
use yew::prelude::*;

use super::{
    collections::{use_collections, use_of_status, use_trouble},
    connections::ConnectionButton,
    dashboards::Dashboards,
    saved_views::{SavedViews, use_is_saved},
};
use crate::{
    hooks::{
        COLLEAGUE_PER_SECOND, Prefetch, use_colleague, use_is_fetching, use_is_mutating, use_prefetch,
        use_thrown,
    },
    navigation,
    parts::{ErrorBoundary, Icon, grouped},
    signal::use_signal,
    theme,
};

#[derive(Properties, PartialEq)]
pub struct SidebarProps {
    /// What the window shows.
    pub view: Option<View>,
}

/// The sidebar.
#[component]
pub fn Sidebar(props: &SidebarProps) -> Html {
    html! {
        <nav class="sidebar" aria-label="Collections">
            <ConnectionButton />
            <div class="sidebar-lists">
                <SavedViews view={props.view.clone()} />
                <Dashboards current={shown_dashboard(props.view.as_ref())} />
                <ErrorBoundary what="The list of collections">
                    <Databases view={props.view.clone()} />
                </ErrorBoundary>
            </div>
            <ColleagueButton />
            <ThemeButton />
        </nav>
    }
}

fn shown_dashboard(view: Option<&View>) -> Option<DashboardId> {
    match view {
        Some(View::Dashboard { id, .. }) => Some(id.clone()),
        _ => None,
    }
}

#[component]
fn Databases(props: &SidebarProps) -> Html {
    // Before the window knows what it shows, it could not show anything else.
    let plain = use_collections().filter(|_| props.view.is_some());
    let prefetch = use_prefetch();
    let trouble = use_trouble();
    // A saved view is what the window shows, and not its collection.
    let is_saved = use_is_saved(props.view.clone());
    use_thrown(Key::Collections);
    let collections = plain
        .as_deref()
        .and_then(|plain| plain.collections())
        .map(|list| &list.collections[..])
        .unwrap_or_default();
    let entry_of = |collection: &Collection| {
        let namespace = &collection.namespace;
        let current = !is_saved && props.view.as_ref().and_then(View::namespace) == Some(namespace);
        entry(collection, current, &prefetch)
    };
    html! {
        <>
            { for databases(collections).map(|(name, collections)| html! {
                <section key={name.to_string()} class="database">
                    <h2>{ Icon::Database }{ name }</h2>
                    <ul>{ for collections.iter().map(entry_of) }</ul>
                </section>
            }) }
            if plain.is_none() && trouble.is_some() {
                <p class="sidebar-empty">{ "Not connected" }</p>
            } else if plain.is_none() {
                { for (0..5).map(|_| html! { <div class="skeleton skeleton-line" /> }) }
            } else if collections.is_empty() {
                <p class="sidebar-empty">{ "This server has no collections yet." }</p>
            }
        </>
    }
}

/// Runs of one database each; the list is sorted by name.
fn databases(collections: &[Collection]) -> impl Iterator<Item = (&str, &[Collection])> {
    collections
        .chunk_by(|a, b| a.namespace.database == b.namespace.database)
        .filter_map(|run| Some((&*run.first()?.namespace.database, run)))
}

fn entry(collection: &Collection, current: bool, prefetch: &Prefetch) -> Html {
    let namespace = collection.namespace.clone();
    let list = Key::List(namespace.clone(), ListQuery::all());
    let onclick = move |event: MouseEvent| navigation::go_by(&event, navigation::table(namespace.clone()));
    html! {
        <li key={collection.namespace.to_string()}>
            <button
                class="sidebar-item"
                aria-current={current.then_some("page")}
                title={collection.read_only.clone()}
                {onclick}
                onmouseenter={prefetch.on_intent(list.clone())}
                onmouseleave={prefetch.on_leave()}
                onfocus={prefetch.on_intent(list)}
                onblur={prefetch.on_leave()}
            >
                { Icon::Table }
                <span class="sidebar-name">{ &*collection.namespace.collection }</span>
                <UnderWay namespace={collection.namespace.clone()} />
                if let Some(count) = collection.count {
                    <span class="sidebar-count">{ grouped(count) }</span>
                }
            </button>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct UnderWayProps {
    namespace: Namespace,
}

/// Whether anything of a collection is on its way, quietly: a dot, which what takes a moment only does not show.
#[component]
fn UnderWay(props: &UnderWayProps) -> Html {
    let namespace = props.namespace.clone();
    let fetching = use_is_fetching(Filter::under(vec![Segment::Collection(namespace.clone())]));
    let saving = use_is_mutating(move |mutation| mutation.touches().any(|id| id.namespace == namespace));
    let (class, name) = match (saving, fetching) {
        (0, 0) => return html! {},
        (0, _) => ("activity", "Fetching"),
        _ => ("activity activity-saving", "Edits of this window are not saved yet"),
    };
    html! { <span {class} role="img" aria-label={name} title={name} /> }
}

/// Calls the simulated colleague, where there is a sample workspace, or sends it away.
#[component]
fn ColleagueButton() -> Html {
    let call = use_colleague();
    let (working, says) = match use_of_status(|status| status.colleague) {
        None | Some(Colleague::Absent) => return html! {},
        Some(Colleague::Idle) => (false, "off".to_owned()),
        Some(Colleague::Working { per_second }) => (true, format!("{per_second} edits/s")),
    };
    let onclick = move |_: MouseEvent| call.emit(if working { 0 } else { COLLEAGUE_PER_SECOND });
    html! {
        <button
            class="sidebar-item sidebar-tool"
            aria-pressed={working.to_string()}
            title="Simulated: another connection that edits the offers, to see how changes by others arrive"
            {onclick}
        >
            { Icon::Person }
            <span class="sidebar-name">{ "Colleague" }</span>
            <span class="sidebar-count">{ says }</span>
        </button>
    }
}

#[component]
fn ThemeButton() -> Html {
    let theme = use_signal(theme::theme());
    html! {
        <button class="sidebar-item sidebar-tool" onclick={move |_| theme::choose(theme.next())}>
            { Icon::Theme }
            <span class="sidebar-name">{ "Theme" }</span>
            <span class="sidebar-count">{ theme.name() }</span>
        </button>
    }
}
