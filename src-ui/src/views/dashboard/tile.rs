//! One tile: its frame, what can be done with it, and its data, or why there is none. It fails by itself.

use std::{rc::Rc, time::Duration};

use lockstep_model::{
    Failure, Key, WorkspaceChange,
    contract::{Link, View},
    workspace::{DashboardId, Reckoning, Shows, Tile, Width},
};
use lockstep_query::{Data, Options, Placeholder};
use web_sys::Element;
use yew::prelude::*;

use super::{
    documents::DocumentLines,
    moving::{Drag, Side, move_to},
    plot::{Plot, PlotView},
    points::points,
};
use crate::{
    browser,
    hooks::{change_workspace, change_workspace_then, use_figures, use_observer},
    navigation,
    parts::{Icon, Menu, MenuItem, elapsed, toast},
    signal::use_signal,
    store,
    views::{age::Age, collections::use_of_status, zone::Zone},
};

/// Where changes cannot be followed, the host asks again after this long.
const UNFOLLOWED: Duration = Duration::from_secs(5);

#[derive(Properties, PartialEq)]
pub struct TileFrameProps {
    pub dashboard: DashboardId,
    pub tile: Rc<Tile>,
    /// Its place among the tiles.
    pub place: usize,
    /// How many tiles there are.
    pub count: usize,
    /// The person wants to change it.
    pub on_edit: Callback<Rc<Tile>>,
    /// The moves that are under way.
    pub drag: Drag,
}

/// A tile.
#[component]
pub fn TileFrame(props: &TileFrameProps) -> Html {
    let TileFrameProps { dashboard, tile, place, count, on_edit, drag } = props;
    let menu = use_state(|| None::<Element>);
    let pending = use_signal(store::pending()).get(&tile.namespace).copied().unwrap_or_default();

    let on_menu = {
        let menu = menu.setter();
        move |event: MouseEvent| menu.set(browser::closest(&event, "button"))
    };
    let onkeydown = {
        let (dashboard, tile, place, count) = (dashboard.clone(), tile.id.clone(), *place, *count);
        move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" | "ArrowUp" => place.checked_sub(1),
                "ArrowRight" | "ArrowDown" => Some(place + 1).filter(|to| *to < count),
                "Home" => Some(0),
                "End" => count.checked_sub(1),
                _ => return,
            };
            event.prevent_default();
            if let Some(to) = to.filter(|to| *to != place) {
                move_to(&dashboard, &tile, to);
            }
        }
    };
    let classes = classes!(
        "tile",
        format!("tile-{}", tile.width.columns()),
        drag.is_moved.then_some("tile-moved"),
        drag.takes.map(|side| if side == Side::Before { "tile-takes-before" } else { "tile-takes-behind" }),
    );
    html! {
        <article class={classes} role="listitem" aria-label={tile.title.to_string()} data-tile={tile.id.0.to_string()} data-place={place.to_string()}>
            <header class="tile-header">
                <button
                    class="icon-button tile-grip"
                    aria-label={format!("Move {}", tile.title)}
                    title="Drag, or move with the arrow keys"
                    {onkeydown}
                    onpointerdown={&drag.on_down}
                    onpointermove={&drag.on_move}
                    onpointerup={&drag.on_up}
                    onpointercancel={&drag.on_cancel}
                >
                    { Icon::Grip }
                </button>
                <h2 title={tile.namespace.to_string()}>{ &*tile.title }</h2>
                if pending > 0 {
                    <span class="badge badge-queued tile-pending">{ edits_pending(pending) }</span>
                }
                <Freshness interval={tile.interval()} />
                <button class="icon-button" aria-label={format!("{} actions", tile.title)} aria-haspopup="menu" onclick={on_menu}>
                    { Icon::More }
                </button>
            </header>
            <Body key={format!("{:?}", tile.key())} tile={tile.clone()} />
            if let Some(anchor) = (*menu).clone() {
                <Menu
                    {anchor}
                    label={tile.title.to_string()}
                    items={actions(dashboard, tile, *place, *count, on_edit, &menu.setter())}
                    on_close={let menu = menu.setter(); Callback::from(move |()| menu.set(None))}
                />
            }
        </article>
    }
}

fn edits_pending(count: usize) -> String {
    format!("{count} edit{} pending", if count == 1 { "" } else { "s" })
}

fn actions(
    dashboard: &DashboardId,
    tile: &Rc<Tile>,
    place: usize,
    count: usize,
    on_edit: &Callback<Rc<Tile>>,
    menu: &UseStateSetter<Option<Element>>,
) -> Vec<MenuItem> {
    let item = |label: &str, destructive: bool, action: Box<dyn Fn()>| {
        let menu = menu.clone();
        let action = Callback::from(move |()| {
            menu.set(None);
            action();
        });
        MenuItem { label: label.to_owned().into(), destructive, action }
    };
    let shown = tile.clone();
    let show = item("Show the documents", false, Box::new(move || navigation::go(documents(&shown))));
    let edit = item("Edit…", false, {
        let (tile, on_edit) = (tile.clone(), on_edit.clone());
        Box::new(move || on_edit.emit(tile.clone()))
    });
    let mut items = vec![show, edit];
    let resized = |label: &str, width: Width| {
        let (dashboard, resized) = (dashboard.clone(), Tile { width, ..(**tile).clone() });
        item(
            label,
            false,
            Box::new(move || {
                let (dashboard, tile) = (dashboard.clone(), resized.clone());
                change_workspace(WorkspaceChange::SaveTile { dashboard, tile, place: None });
            }),
        )
    };
    let at = Width::ALL.iter().position(|width| *width == tile.width).unwrap_or_default();
    items.extend(Width::ALL.get(at + 1).map(|width| resized("Wider", *width)));
    items.extend(at.checked_sub(1).map(|at| resized("Narrower", Width::ALL[at])));
    let moved = |label: &str, to: usize| {
        let (dashboard, tile) = (dashboard.clone(), tile.id.clone());
        item(label, false, Box::new(move || move_to(&dashboard, &tile, to)))
    };
    items.extend(place.checked_sub(1).map(|to| moved("Move back", to)));
    items.extend(Some(place + 1).filter(|to| *to < count).map(|to| moved("Move on", to)));
    let (dashboard, tile) = (dashboard.clone(), tile.clone());
    items.push(item("Remove", true, Box::new(move || remove(&dashboard, &tile, place))));
    items
}

/// The table of the documents that it is about.
fn documents(tile: &Tile) -> View {
    let namespace = tile.namespace.clone();
    let layout = navigation::table_layout(&namespace);
    View::Table { namespace, query: tile.documents(), layout, top_row: 0 }
}

/// Removes it, with a way back.
fn remove(dashboard: &DashboardId, tile: &Rc<Tile>, place: usize) {
    let (dashboard, tile) = (dashboard.clone(), tile.clone());
    let change = WorkspaceChange::RemoveTile { dashboard: dashboard.clone(), tile: tile.id.clone() };
    change_workspace_then(change, move |removed| match removed {
        Ok(()) => {
            let said = format!("{} was removed.", tile.title);
            let act = Callback::from(move |()| {
                let (dashboard, tile) = (dashboard.clone(), (*tile).clone());
                let place = u32::try_from(place).ok();
                change_workspace(WorkspaceChange::SaveTile { dashboard, tile, place });
            });
            toast::show_with(&said, toast::Action { label: "Undo", act });
        }
        Err(failure) => toast::show(&format!("It was not removed: {failure}")),
    });
}

#[derive(Properties, PartialEq)]
struct FreshnessProps {
    interval: Option<Duration>,
}

/// How the tile hears of changes.
#[component]
fn Freshness(props: &FreshnessProps) -> Html {
    let link = use_of_status(|status| status.link).unwrap_or(Link::Opening);
    let every = |interval: Duration| format!("every {}", elapsed(interval));
    let (name, words) = match (link, props.interval) {
        (Link::Live, None) => ("live", "live".to_owned()),
        (Link::Live, Some(interval)) => ("live", format!("live, and {}", every(interval))),
        (Link::Polling, interval) => {
            ("polling", every(interval.map_or(UNFOLLOWED, |interval| interval.min(UNFOLLOWED))))
        }
        (Link::Opening | Link::Offline, _) => ("offline", "not connected".to_owned()),
    };
    html! { <span class="tile-feed" data-feed={name} role="img" aria-label={words.clone()} title={words}><span class="feed-dot" /></span> }
}

#[derive(Properties, PartialEq)]
struct BodyProps {
    tile: Rc<Tile>,
}

/// What a body shows of its query.
#[derive(Clone, PartialEq)]
struct Shown {
    busy: bool,
    unread_since: Option<Duration>,
    /// Why it is older than it should be.
    failed: Option<Failure>,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    match &props.tile.shows {
        Shows::List { .. } => html! { <ListBody tile={props.tile.clone()} /> },
        _ => html! { <FiguresBody tile={props.tile.clone()} /> },
    }
}

#[component]
fn FiguresBody(props: &BodyProps) -> Html {
    let tile = &props.tile;
    let key = tile.key();
    let query = use_figures(key.clone(), tile.interval());
    let shown = Shown {
        busy: query.is_refetching(),
        unread_since: store::unread_since(query.updated_at),
        failed: query.error.clone(),
    };
    let plain = match query.data {
        Some(Data::Value(plain)) => Some(plain),
        _ => None,
    };
    let drawn = plain.as_deref().and_then(|plain| plain.figures()).map(|figures| {
        let points = points(&tile.shows, figures);
        let plot = |plot, of: String, number: &Reckoning| {
            let (points, percent) = (Rc::new(points.clone()), matches!(number, Reckoning::Rate { .. }));
            match points.is_empty() {
                true => html! { <p class="tile-empty">{ "No documents." }</p> },
                false => html! { <PlotView {plot} title={tile.title.to_string()} {of} {points} {percent} /> },
            }
        };
        let drawn = match &tile.shows {
            Shows::Bars { by, number } => plot(Plot::Bars, by.to_string(), number),
            Shows::Line { at, number, .. } => plot(Plot::Line, at.to_string(), number),
            Shows::Number(_) | Shows::List { .. } => html! {
                { for points.first().map(|point| html! {
                    <p class="tile-number">
                        <output>{ &point.text }</output>
                        if let Some(detail) = &point.detail {
                            <span class="quiet">{ detail }</span>
                        }
                    </p>
                }) }
            },
        };
        html! {
            <>
                { drawn }
                if figures.more && matches!(tile.shows, Shows::Bars { .. }) {
                    <p class="tile-more quiet">{ format!("the first {}", figures.groups.len()) }</p>
                }
            </>
        }
    });
    framed(tile, key, shown, drawn)
}

#[component]
fn ListBody(props: &BodyProps) -> Html {
    let tile = &props.tile;
    let key = tile.key();
    let options = Options { interval: tile.interval(), ..Options::default() };
    let (rows, shown) = use_observer(key.clone(), options, Placeholder::Nothing, |query| {
        let shown = Shown {
            busy: query.is_refetching(),
            unread_since: store::unread_since(query.updated_at),
            failed: query.error.clone(),
        };
        let rows = match query.data {
            Some(Data::List(rows)) => Some(rows),
            _ => None,
        };
        (rows, shown)
    });
    let drawn = rows.map(|rows| match &tile.shows {
        Shows::List { by, fields, .. } => {
            html! { <DocumentLines {rows} by={by.clone()} fields={fields.clone()} /> }
        }
        _ => html! {},
    });
    framed(tile, key, shown, drawn)
}

fn framed(tile: &Tile, query: Key, shown: Shown, drawn: Option<Html>) -> Html {
    let has_data = drawn.is_some();
    html! {
        <div class="tile-body" aria-busy={shown.busy.to_string()}>
            if let Some(failure) = shown.failed.filter(|_| has_data) {
                <p class="tile-failed" role="alert" title={failure.to_string()}>{ "Not refreshed: " }{ failure.to_string() }</p>
            }
            <Age unread_since={shown.unread_since.filter(|_| has_data)} />
            <Zone {query} what={tile.title.to_string()} shown={drawn} skeletons=4 />
        </div>
    }
}
