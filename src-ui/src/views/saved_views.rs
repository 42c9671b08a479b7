//! Views with a name, in the sidebar under a heading of their own, and the form that saves one.

use lockstep_model::{
    WorkspaceChange,
    contract::{BoardScroll, View},
    workspace::{SavedView, SavedViewId},
};
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::tab_bar::icon;
use crate::{
    hooks::{change_workspace, new_name, use_of_workspace},
    navigation,
    parts::{Dialog, Icon, Menu, MenuItem, toast},
    signal::{Signal, use_signal},
};

thread_local! {
    static SAVING: Signal<Option<SavedView>> = Signal::default();
}

/// Asks for a name under which to save what is shown.
pub fn open_save_view() {
    if let Some(view) = navigation::tabs().map(|tabs| tabs.active().view.clone()) {
        let name = view.name().into();
        SAVING.with(|saving| {
            saving.set(Some(SavedView { id: SavedViewId(new_name()), name, view: beginning(view) }))
        });
    }
}

/// How far a table is scrolled is no part of a view that is saved.
fn beginning(mut view: View) -> View {
    match &mut view {
        View::Table { top_row, .. } => *top_row = 0,
        View::Board { scrolled, .. } => **scrolled = BoardScroll::default(),
        View::Home | View::Dashboard { .. } | View::Document { .. } | View::Schema { .. } => {}
    }
    view
}

#[derive(Properties, PartialEq)]
pub struct SavedViewsProps {
    /// What the window shows.
    pub view: Option<View>,
}

/// Whether that is a saved view, as it was saved.
#[hook]
pub fn use_is_saved(view: Option<View>) -> bool {
    let views = use_of_workspace(|workspace| workspace.views.clone()).unwrap_or_default();
    let shown = view.map(beginning);
    views.iter().any(|saved| shown.as_ref() == Some(&saved.view))
}

/// All saved views of the connection.
#[component]
pub fn SavedViews(props: &SavedViewsProps) -> Html {
    let views = use_of_workspace(|workspace| workspace.views.clone()).unwrap_or_default();
    let menu = use_state(|| None::<(SavedView, Element)>);
    let shown = props.view.clone().map(beginning);
    let each = |saved: &SavedView| {
        let is_current = shown.as_ref() == Some(&saved.view);
        let onclick = {
            let view = saved.view.clone();
            move |event: MouseEvent| navigation::go_by(&event, view.clone())
        };
        let open_menu = {
            let (menu, saved) = (menu.setter(), saved.clone());
            move |event: MouseEvent| {
                event.prevent_default();
                if let Some(anchor) = event.target_dyn_into::<Element>() {
                    menu.set(Some((saved.clone(), anchor)));
                }
            }
        };
        html! {
            <li key={saved.id.0.to_string()} class="sidebar-row">
                <button
                    class="sidebar-item"
                    aria-current={is_current.then_some("page")}
                    {onclick}
                    oncontextmenu={open_menu.clone()}
                >
                    { icon(&saved.view) }
                    <span class="sidebar-name">{ &*saved.name }</span>
                </button>
                <button class="icon-button sidebar-more" aria-label={format!("Actions on {}", saved.name)} onclick={open_menu}>
                    { Icon::More }
                </button>
            </li>
        }
    };
    let on_close = {
        let menu = menu.setter();
        Callback::from(move |()| menu.set(None))
    };
    html! {
        <>
            if !views.is_empty() {
                <section class="database" aria-label="Views">
                    <h2>{ Icon::Star }{ "Views" }</h2>
                    <ul>{ for views.iter().map(each) }</ul>
                </section>
            }
            if let Some((saved, anchor)) = (*menu).clone() {
                <Menu {anchor} label={saved.name.to_string()} items={items(&saved, shown.as_ref(), &on_close)} {on_close} />
            }
        </>
    }
}

fn items(saved: &SavedView, shown: Option<&View>, on_close: &Callback<()>) -> Vec<MenuItem> {
    let item = |label: &'static str, destructive: bool, action: Box<dyn Fn()>| {
        let on_close = on_close.clone();
        let action = Callback::from(move |()| {
            on_close.emit(());
            action();
        });
        MenuItem { label: label.into(), destructive, action }
    };
    let view = saved.view.clone();
    let mut items =
        vec![item("Open in new window", false, Box::new(move || navigation::open_window(view.clone())))];
    if let Some(shown) =
        shown.filter(|shown| **shown != saved.view && shown.namespace() == saved.view.namespace())
    {
        let replaced = SavedView { view: shown.clone(), ..saved.clone() };
        items.push(item("Save what is shown in its place", false, Box::new(move || save(replaced.clone()))));
    }
    let renamed = saved.clone();
    items.push(item(
        "Rename…",
        false,
        Box::new(move || SAVING.with(|saving| saving.set(Some(renamed.clone())))),
    ));
    let removed = saved.clone();
    items.push(item("Remove", true, Box::new(move || remove(&removed))));
    items
}

fn save(view: SavedView) {
    change_workspace(WorkspaceChange::SaveView { view, place: None });
}

fn remove(saved: &SavedView) {
    change_workspace(WorkspaceChange::RemoveView(saved.id.clone()));
    let (message, saved) = (format!("Removed: {}", saved.name), saved.clone());
    let act = Callback::from(move |()| save(saved.clone()));
    toast::show_with(&message, toast::Action { label: "Undo", act });
}

/// Asks for the name of a view, when somebody wants to save or rename one.
#[component]
pub fn SaveViewForm() -> Html {
    let saving = use_signal(SAVING.with(Signal::clone));
    match saving {
        Some(view) => {
            let key = view.id.0.to_string();
            html! { <NameForm {key} {view} /> }
        }
        None => html! {},
    }
}

#[derive(Properties, PartialEq)]
struct NameFormProps {
    view: SavedView,
}

#[component]
fn NameForm(props: &NameFormProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let (node, name) = (node.clone(), props.view.name.clone());
        move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.set_value(&name);
                input.select();
            }
        }
    });
    let close = || SAVING.with(|saving| saving.set(None));
    let name_ref = node.clone();
    let onsubmit = {
        let view = props.view.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = node.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            if !name.trim().is_empty() {
                save(SavedView { name: name.trim().into(), ..view.clone() });
                close();
            }
        }
    };
    let what = match &props.view.view {
        View::Table { .. } => {
            "Filter, sort, groups and columns are kept under this name, for all windows of this connection."
        }
        _ => "It is kept under this name, for all windows of this connection.",
    };
    html! {
        <Dialog title="Save this view" on_close={move |()| close()} class="confirm">
            <form {onsubmit}>
                <p class="quiet">{ what }</p>
                <label class="confirm-word">{ "Name" }<input ref={name_ref} type="text" autocomplete="off" maxlength="80" /></label>
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={move |_: MouseEvent| close()}>{ "Cancel" }</button>
                    <button type="submit" class="button button-primary">{ "Save" }</button>
                </div>
            </form>
        </Dialog>
    }
}
