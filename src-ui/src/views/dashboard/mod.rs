//! A dashboard: tiles in a grid, each with its own query, which fail and refresh by themselves.
//!
//! | module | idea |
//! | --- | --- |
//! | `tile` | one tile: its frame, its menu, its data or why there is none |
//! | `points` | figures as what is drawn: a label and a number each |
//! | `plot` | points as a chart, and as a table for those who do not see it |
//! | `chart_library` | Chart.js, loaded when the first chart is drawn |
//! | `documents` | the first documents of an order |
//! | `form` | a tile is made or changed |
//! | `draft` | what is in the form, as text, and the tile that it means |
//! | `moving` | a tile is moved by the pointer |

mod chart_library;
mod documents;
mod draft;
mod form;
mod moving;
mod plot;
mod points;
mod tile;

use std::rc::Rc;

use lockstep_model::{
    WorkspaceChange,
    contract::View,
    workspace::{Dashboard, DashboardId, Tile},
};
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::in_new_window::InNewWindow;
use crate::{
    browser,
    hooks::{change_workspace, change_workspace_then, use_of_workspace},
    navigation,
    parts::{Dialog, Icon, Menu, MenuItem, counted, toast},
};
use form::TileForm;
use moving::use_moving;
use tile::TileFrame;

#[derive(Properties, PartialEq)]
pub struct DashboardViewProps {
    /// Which dashboard.
    pub id: DashboardId,
}

/// What is open over the dashboard.
#[derive(Clone, PartialEq)]
enum Open {
    Menu(Element),
    Name,
    /// The form of a tile; `None` makes a new one.
    Tile(Option<Rc<Tile>>),
}

/// A dashboard.
#[component]
pub fn DashboardView(props: &DashboardViewProps) -> Html {
    let id = props.id.clone();
    let known = use_of_workspace({
        let id = id.clone();
        move |workspace| {
            let place = workspace.dashboards.iter().position(|dashboard| dashboard.id == id)?;
            Some((place, Rc::new(workspace.dashboards[place].clone())))
        }
    });
    let open = use_state(|| None::<Open>);
    let moving = use_moving(id.clone());

    let name = known.as_ref().and_then(|known| known.as_ref().map(|(_, dashboard)| dashboard.name.clone()));
    // Its window and its tab are called as it is, also when it is renamed elsewhere.
    use_effect_with((id.clone(), name), |(id, name)| {
        if let Some(name) = name {
            navigation::rename(&View::Dashboard { id: id.clone(), name: name.clone() });
        }
    });

    let (place, dashboard) = match known {
        None => return html! { <div class="zone-empty" aria-busy="true">{ "Starting" }</div> },
        Some(None) => return html! { <div class="zone-empty">{ "This dashboard was removed." }</div> },
        Some(Some(known)) => known,
    };
    let show = |what: fn() -> Open| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(Some(what())))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(None))
    };
    let on_edit = {
        let open = open.setter();
        Callback::from(move |tile: Rc<Tile>| open.set(Some(Open::Tile(Some(tile)))))
    };
    let on_more = {
        let open = open.setter();
        move |event: MouseEvent| {
            if let Some(anchor) = browser::closest(&event, "button") {
                open.set(Some(Open::Menu(anchor)));
            }
        }
    };
    let view = View::Dashboard { id: id.clone(), name: dashboard.name.clone() };
    let count = dashboard.tiles.len();
    let tiles = dashboard.tiles.iter().enumerate().map(|(at, tile)| {
        html! {
            <TileFrame
                key={tile.id.0.to_string()}
                dashboard={id.clone()}
                tile={Rc::new(tile.clone())}
                place={at}
                {count}
                on_edit={&on_edit}
                drag={moving.of(&tile.id, at)}
            />
        }
    });
    html! {
        <section class="dashboard" aria-label={dashboard.name.to_string()}>
            <header class="toolbar">
                <h1>{ &*dashboard.name }</h1>
                <span class="toolbar-count">{ counted(count as u64, "tile") }</span>
                <span class="toolbar-space" />
                <InNewWindow {view} />
                <button class="button" aria-label="Dashboard actions" aria-haspopup="menu" onclick={on_more}>{ Icon::More }</button>
                <button class="button button-primary" onclick={show(|| Open::Tile(None))}>{ Icon::Plus }{ "Add tile" }</button>
            </header>
            if count == 0 {
                <div class="zone-empty">{ "No tiles yet. “Add tile” makes the first one." }</div>
            } else {
                <div class="tiles-scroll">
                    <div class="tiles" role="list">{ for tiles }</div>
                </div>
            }
            { match (*open).clone() {
                None => html! {},
                Some(Open::Menu(anchor)) => html! {
                    <Menu {anchor} label="Dashboard" items={actions(place, &dashboard, &open.setter())} on_close={close} />
                },
                Some(Open::Name) => html! { <NameForm dashboard={dashboard.clone()} on_close={close} /> },
                Some(Open::Tile(tile)) => html! { <TileForm dashboard={id} {tile} on_close={close} /> },
            } }
        </section>
    }
}

fn actions(place: usize, dashboard: &Rc<Dashboard>, open: &UseStateSetter<Option<Open>>) -> Vec<MenuItem> {
    let rename = {
        let open = open.clone();
        Callback::from(move |()| open.set(Some(Open::Name)))
    };
    let remove = {
        let (dashboard, open) = (dashboard.clone(), open.clone());
        Callback::from(move |()| {
            open.set(None);
            remove(place, &dashboard);
        })
    };
    vec![
        MenuItem { label: "Rename…".into(), destructive: false, action: rename },
        MenuItem { label: "Remove".into(), destructive: true, action: remove },
    ]
}

/// Removes it, with a way back.
fn remove(place: usize, dashboard: &Rc<Dashboard>) {
    let dashboard = dashboard.clone();
    change_workspace_then(
        WorkspaceChange::RemoveDashboard(dashboard.id.clone()),
        move |removed| match removed {
            Ok(()) => {
                let said = format!("The dashboard {} was removed.", dashboard.name);
                let act = Callback::from(move |()| {
                    let (dashboard, place) = ((*dashboard).clone(), u32::try_from(place).ok());
                    change_workspace(WorkspaceChange::SaveDashboard { dashboard, place });
                });
                toast::show_with(&said, toast::Action { label: "Undo", act });
            }
            Err(failure) => toast::show(&format!("It was not removed: {failure}")),
        },
    );
}

#[derive(Properties, PartialEq)]
struct NameFormProps {
    dashboard: Rc<Dashboard>,
    on_close: Callback<()>,
}

/// Another name for a dashboard.
#[component]
fn NameForm(props: &NameFormProps) -> Html {
    let input = use_node_ref();
    let refused = use_state(|| None::<AttrValue>);
    let onsubmit = {
        let (input, refused) = (input.clone(), refused.setter());
        let (id, on_close) = (props.dashboard.id.clone(), props.on_close.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else { return };
            let change = WorkspaceChange::RenameDashboard { id: id.clone(), name: input.value().into() };
            let (refused, on_close) = (refused.clone(), on_close.clone());
            change_workspace_then(change, move |renamed| match renamed {
                Ok(()) => on_close.emit(()),
                Err(failure) => refused.set(Some(failure.to_string().into())),
            });
        }
    };
    html! {
        <Dialog title="Rename the dashboard" on_close={&props.on_close} class="confirm">
            <form {onsubmit}>
                <label class="stacked">
                    <span>{ "Name" }</span>
                    <input ref={input} type="text" value={props.dashboard.name.to_string()} autocomplete="off" />
                </label>
                if let Some(reason) = &*refused {
                    <p class="form-error" role="alert">{ reason }</p>
                }
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                    <button class="button button-primary">{ "Rename" }</button>
                </div>
            </form>
        </Dialog>
    }
}
