//! The dashboards in the sidebar, under a heading of their own.

use std::sync::Arc;

use lockstep_model::{
    WorkspaceChange,
    contract::View,
    workspace::{Dashboard, DashboardId},
};
use yew::prelude::*;

use crate::{
    hooks::{change_workspace_then, new_name, use_of_workspace},
    navigation,
    parts::{Icon, toast},
};

#[derive(Properties, PartialEq)]
pub struct DashboardsProps {
    /// Which one the window shows.
    pub current: Option<DashboardId>,
}

/// All dashboards of the connection, and the way to a new one.
#[component]
pub fn Dashboards(props: &DashboardsProps) -> Html {
    let names = use_of_workspace(|workspace| {
        let dashboards = workspace.dashboards.iter();
        dashboards.map(|dashboard| (dashboard.id.clone(), dashboard.name.clone())).collect::<Vec<_>>()
    });
    let names = names.unwrap_or_default();
    let onclick = {
        let name = free_name(&names);
        move |_: MouseEvent| make(&name)
    };
    html! {
        <section class="database" aria-label="Dashboards">
            <h2>
                { Icon::Dashboard }
                <span class="sidebar-name">{ "Dashboards" }</span>
                <button class="icon-button" aria-label="New dashboard" title="New dashboard" {onclick}>{ Icon::Plus }</button>
            </h2>
            <ul>
                { for names.into_iter().map(|(id, name)| entry(id, name, props.current.as_ref())) }
            </ul>
        </section>
    }
}

fn entry(id: DashboardId, name: Arc<str>, current: Option<&DashboardId>) -> Html {
    let is_current = current == Some(&id);
    let view = View::Dashboard { id: id.clone(), name: name.clone() };
    let onclick = move |event: MouseEvent| navigation::go_by(&event, view.clone());
    html! {
        <li key={id.0.to_string()}>
            <button class="sidebar-item" aria-current={is_current.then_some("page")} {onclick}>
                { Icon::Dashboard }
                <span class="sidebar-name">{ &*name }</span>
            </button>
        </li>
    }
}

fn free_name(names: &[(DashboardId, Arc<str>)]) -> String {
    let all = (1_u32..).map(|number| match number {
        1 => "Dashboard".to_owned(),
        number => format!("Dashboard {number}"),
    });
    let mut free = all.filter(|name| names.iter().all(|(_, known)| **known != **name));
    free.next().expect("there are fewer than four billion dashboards")
}

/// Makes an empty one, and shows it.
fn make(name: &str) {
    let dashboard = Dashboard::new(DashboardId(new_name()), name);
    let view = View::Dashboard { id: dashboard.id.clone(), name: dashboard.name.clone() };
    change_workspace_then(WorkspaceChange::SaveDashboard { dashboard, place: None }, |made| match made {
        Ok(()) => navigation::go(view),
        Err(failure) => toast::show(&format!("No dashboard was made: {failure}")),
    });
}
