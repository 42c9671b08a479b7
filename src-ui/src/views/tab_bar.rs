//! The tabs of a window, by name (WAI-ARIA "tabs": arrows move, Delete closes).
//!
//! A tab is dragged along the bar to another place, and off the bar into a window of its own.

use lockstep_model::contract::{Tab, Tabs, View};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};
use yew::prelude::*;

use crate::{
    browser, navigation,
    parts::{Icon, Menu, MenuItem},
};

/// So far, in px, a tab is pulled off the bar before it becomes a window.
const PULLED_OFF: i32 = 48;

#[derive(Properties, PartialEq)]
pub struct TabBarProps {
    pub tabs: Tabs,
}

/// The bar. A window without a sidebar shows one only for several tabs.
#[component]
pub fn TabBar(props: &TabBarProps) -> Html {
    let menu = use_state(|| None::<(u32, Element)>);
    let dragged = use_mut_ref(|| None::<u32>);
    let (tabs, active) = (&props.tabs, props.tabs.active().id);

    let onkeydown = {
        let tabs = tabs.clone();
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowLeft" => navigation::change_tabs(|tabs| tabs.step(-1)),
                "ArrowRight" => navigation::change_tabs(|tabs| tabs.step(1)),
                "Delete" => navigation::close_tab(tabs.active().id),
                _ => return,
            }
            event.prevent_default();
        }
    };
    // The focus goes along with the tab that it was on.
    let bar = use_node_ref();
    use_effect_with(active, {
        let bar = bar.clone();
        move |_| {
            let Some(bar) = bar.cast::<Element>() else { return };
            let holds_focus = bar.query_selector("[role=tab]:focus").is_ok_and(|found| found.is_some());
            let selected = bar.query_selector("[aria-selected=true]").ok().flatten();
            if let Some(selected) = selected.and_then(|selected| selected.dyn_into::<HtmlElement>().ok()) {
                selected.scroll_into_view_with_bool(false);
                if holds_focus {
                    let _ = selected.focus();
                }
            }
        }
    });
    let each = |tab: &Tab| {
        let id = tab.id;
        let is_active = id == active;
        let name = tab.view.name();
        let close = move |event: MouseEvent| {
            event.stop_propagation();
            navigation::close_tab(id);
        };
        let onauxclick = move |event: MouseEvent| {
            if event.button() == 1 {
                event.prevent_default();
                navigation::close_tab(id);
            }
        };
        let oncontextmenu = {
            let menu = menu.setter();
            move |event: MouseEvent| {
                event.prevent_default();
                menu.set(browser::closest(&event, ".tab").map(|tab| (id, tab)));
            }
        };
        let onpointerdown = {
            let dragged = dragged.clone();
            move |event: PointerEvent| {
                if event.button() == 0 {
                    if let Some(tab) = browser::closest(&event, "[role=tab]") {
                        let _ = tab.set_pointer_capture(event.pointer_id());
                    }
                    dragged.replace(Some(id));
                    navigation::change_tabs(|tabs| tabs.activate(id));
                }
            }
        };
        html! {
            <div key={id} class={classes!("tab", is_active.then_some("tab-active"))} data-tab={id.to_string()}>
                <button
                    role="tab"
                    class="tab-name"
                    aria-selected={is_active.to_string()}
                    tabindex={if is_active { "0" } else { "-1" }}
                    title={name.clone()}
                    onclick={move |_: MouseEvent| navigation::change_tabs(|tabs| tabs.activate(id))}
                    {onauxclick}
                    {oncontextmenu}
                    {onpointerdown}
                >
                    { icon(&tab.view) }
                    <span>{ name.clone() }</span>
                </button>
                <button class="icon-button tab-close" tabindex="-1" aria-hidden="true" title="Close (Ctrl+W)" onclick={close}>
                    { Icon::Close }
                </button>
            </div>
        }
    };
    let onpointermove = {
        let (dragged, tabs) = (dragged.clone(), tabs.clone());
        move |event: PointerEvent| {
            let Some(id) = *dragged.borrow() else { return };
            if let Some(to) =
                place_under(&event).filter(|to| tabs.iter().nth(*to).is_some_and(|tab| tab.id != id))
            {
                navigation::change_tabs(|tabs| tabs.move_to(id, to));
            }
        }
    };
    let onpointerup = {
        let (dragged, bar) = (dragged.clone(), bar.clone());
        move |event: PointerEvent| {
            let Some(id) = dragged.take() else { return };
            let Some(bar) = bar.cast::<Element>() else { return };
            let edge = bar.get_bounding_client_rect().bottom() as i32;
            if event.client_y() - edge > PULLED_OFF || event.client_y() < -PULLED_OFF {
                navigation::move_to_window(id);
            }
        }
    };
    let onpointercancel = {
        let dragged = dragged.clone();
        move |_: PointerEvent| _ = dragged.take()
    };
    let new = |_: MouseEvent| navigation::open_tab(View::Home);
    let close_menu = {
        let menu = menu.setter();
        Callback::from(move |()| menu.set(None))
    };
    html! {
        <div class="tab-bar">
            <div
                ref={bar}
                class="window-tabs"
                role="tablist"
                aria-label="Tabs"
                {onkeydown}
                {onpointermove}
                {onpointerup}
                {onpointercancel}
            >
                { for tabs.iter().map(each) }
            </div>
            <button class="icon-button" aria-label="New tab" title="New tab (Ctrl+T)" onclick={new}>{ Icon::Plus }</button>
            if let Some((id, anchor)) = (*menu).clone() {
                <Menu {anchor} label="Tab" items={items(id, tabs, &close_menu)} on_close={close_menu} />
            }
        </div>
    }
}

fn items(id: u32, tabs: &Tabs, on_close: &Callback<()>) -> Vec<MenuItem> {
    let item = |label: &'static str, action: Box<dyn Fn()>| {
        let on_close = on_close.clone();
        let action = Callback::from(move |()| {
            on_close.emit(());
            action();
        });
        MenuItem { label: label.into(), destructive: false, action }
    };
    let mut items = vec![
        item("Move to its own window", Box::new(move || navigation::move_to_window(id))),
        item("Close", Box::new(move || navigation::close_tab(id))),
    ];
    if tabs.count() > 1 {
        let others: Vec<_> = tabs.iter().map(|tab| tab.id).filter(|other| *other != id).collect();
        let close_others = move || {
            navigation::change_tabs(|tabs| others.iter().for_each(|other| tabs.close(*other)));
        };
        items.push(item("Close the others", Box::new(close_others)));
    }
    items
}

/// Which tab, from 0, lies under the pointer.
fn place_under(event: &PointerEvent) -> Option<usize> {
    let tabs = browser::closest(event, ".window-tabs")?.children();
    (0..tabs.length()).find_map(|at| {
        let rect = tabs.item(at)?.get_bounding_client_rect();
        let x = f64::from(event.client_x());
        // Only its middle, so that two of unlike width do not change places for ever.
        let margin = rect.width() / 4.0;
        (rect.left() + margin..rect.right() - margin).contains(&x).then_some(at as usize)
    })
}

/// What stands for a view beside its name.
pub fn icon(view: &View) -> Icon {
    match view {
        View::Home => Icon::Database,
        View::Table { .. } | View::Schema { .. } => Icon::Table,
        View::Board { .. } => Icon::Board,
        View::Document { .. } => Icon::Document,
        View::Dashboard { .. } => Icon::Dashboard,
    }
}
