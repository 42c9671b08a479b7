//! Which views the window shows, in tabs. The host keeps them, so that the window comes back as it was.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use lockstep_model::{
    Document, DocumentId, ListQuery, Namespace, WorkspaceChange,
    contract::{Command, Nothing, TAB_EVENT, TableLayout, Tabs, View, command, decode},
    shape::{Shape, display_text},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::MouseEvent;

use crate::{
    browser::{self, Timer},
    edit::reference,
    hooks::change_workspace,
    host,
    parts::toast,
    signal::Signal,
    store,
};

/// Scrolling says so many things that only the last of them is worth a call.
const REMEMBER_AFTER: Duration = Duration::from_millis(400);

/// So many views can be gone back to in a tab.
const BACK_MOST: usize = 50;

thread_local! {
    static CHOSEN: Signal<Option<Tabs>> = Signal::default();
    /// What views say of themselves without being drawn anew, by tab: how far they are scrolled.
    static QUIET: RefCell<HashMap<u32, View>> = RefCell::default();
    /// What each tab has shown before, the last at the end.
    static BEFORE: RefCell<HashMap<u32, Vec<View>>> = RefCell::default();
    static REMEMBERED_SOON: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

/// The tabs that a person has chosen in this page; `None` until there are such.
pub fn chosen() -> Signal<Option<Tabs>> {
    CHOSEN.with(Signal::clone)
}

/// All tabs as they are now; `None` until the host or the person has said so.
pub fn tabs() -> Option<Tabs> {
    // What a person chose here holds, also when the window attaches once more.
    let mut tabs = chosen().get().or_else(|| store::attached_tabs().get())?;
    QUIET.with_borrow(|quiet| quiet.iter().for_each(|(id, view)| tabs.set(*id, view.clone())));
    Some(tabs)
}

/// From now on, a tab opens here whenever the host says so.
pub fn start() {
    spawn_local(async {
        let listening = host::listen(TAB_EVENT, |bytes| match bytes.and_then(|bytes| decode(&bytes)) {
            Ok(view) => open_tab(view),
            Err(failure) => browser::warn(&format!("a tab: {failure}")),
        });
        if let Err(failure) = listening.await {
            browser::warn(&failure.to_string());
        }
    });
}

/// Shows another view in this tab.
pub fn go(view: View) {
    change_tabs(|tabs| {
        let tab = tabs.active();
        if tab.view != view {
            leave(tab.id, tab.view.clone());
        }
        tabs.show(view);
    });
}

/// Shows the view otherwise: what that changes is not gone back to.
pub fn change(change: impl FnOnce(&mut View)) {
    change_tabs(|tabs| {
        let mut view = tabs.active().view.clone();
        change(&mut view);
        tabs.show(view);
    });
}

/// Changes how the table is that is on the screen. Another query is shown from its beginning.
pub fn change_table(change_it: impl FnOnce(&mut ListQuery, &mut TableLayout)) {
    change(|view| {
        if let View::Table { namespace, query, layout, top_row } = view {
            let before = layout.clone();
            change_list(query, layout, top_row, change_it);
            // Other tables of the collection begin so from now on.
            if (&layout.columns, layout.frozen, layout.beside)
                != (&before.columns, before.frozen, before.beside)
            {
                let (namespace, layout) = (namespace.clone(), layout.clone());
                change_workspace(WorkspaceChange::LayOut { namespace, layout });
            }
        }
    });
}

/// Changes which documents the table or the board on the screen shows, or in which order.
pub fn change_query(change_it: impl FnOnce(&mut ListQuery)) {
    change(|view| match view {
        View::Table { query, layout, top_row, .. } => {
            change_list(query, layout, top_row, |query, _| change_it(query));
        }
        View::Board { query, .. } => change_it(query),
        _ => {}
    });
}

fn change_list(
    query: &mut ListQuery,
    layout: &mut TableLayout,
    top_row: &mut u32,
    change_it: impl FnOnce(&mut ListQuery, &mut TableLayout),
) {
    let listed = layout.listed(query);
    change_it(query, layout);
    if layout.listed(query) != listed {
        *top_row = 0;
    }
}

/// Shows the document of the row where the person is beside the table, or does not.
pub fn toggle_beside() {
    change_table(|_, layout| layout.beside = !layout.beside);
}

/// Shows what this tab has shown before; `false` where that was nothing.
pub fn back() -> bool {
    let Some(tabs) = tabs() else { return false };
    let before = BEFORE.with_borrow_mut(|before| before.get_mut(&tabs.active().id)?.pop());
    if let Some(view) = before {
        change_tabs(|tabs| tabs.show(view));
        return true;
    }
    false
}

/// Shows the collection's table or board as it was in this tab, or its table from its beginning.
pub fn up_to(namespace: &Namespace) {
    let before =
        tabs().and_then(|tabs| BEFORE.with_borrow(|before| before.get(&tabs.active().id)?.last().cloned()));
    let is_its = matches!(&before, Some(View::Table { namespace: shown, .. } | View::Board { namespace: shown, .. })
        if shown == namespace);
    if !(is_its && back()) {
        go(table(namespace.clone()));
    }
}

/// Shows a view where a click asks for it: in a new tab with Ctrl, in a new window with Shift, else in this tab.
pub fn go_by(event: &MouseEvent, view: View) {
    match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
        (true, _) => open_window(view),
        (false, true) => open_tab(view),
        (false, false) => go(view),
    }
}

fn leave(id: u32, view: View) {
    BEFORE.with_borrow_mut(|before| {
        let before = before.entry(id).or_default();
        before.push(view);
        if before.len() > BACK_MOST {
            before.remove(0);
        }
    });
}

/// Shows a view in a new tab.
pub fn open_tab(view: View) {
    change_tabs(|tabs| tabs.open(view));
}

/// Changes which tabs there are, or which is active, and tells the host of it at once: a window that is closed or reloaded
/// the next moment comes back with them.
pub fn change_tabs(change: impl FnOnce(&mut Tabs)) {
    let Some(mut tabs) = tabs() else { return };
    change(&mut tabs);
    // What was still to be told is of the tabs before.
    REMEMBERED_SOON.replace(None);
    QUIET.with_borrow_mut(HashMap::clear);
    BEFORE.with_borrow_mut(|before| before.retain(|id, _| tabs.iter().any(|tab| tab.id == *id)));
    remember(tabs.clone());
    chosen().set(Some(tabs));
}

/// A dashboard is called otherwise: so are the tabs that show it.
pub fn rename(renamed: &View) {
    let View::Dashboard { id: of, .. } = renamed else { return };
    let is_its = |view: &View| matches!(view, View::Dashboard { id, .. } if id == of);
    let old: Vec<_> = tabs().iter().flat_map(|tabs| tabs.iter().cloned().collect::<Vec<_>>()).collect();
    if old.iter().any(|tab| is_its(&tab.view) && tab.view != *renamed) {
        change_tabs(|tabs| {
            old.iter().filter(|tab| is_its(&tab.view)).for_each(|tab| tabs.set(tab.id, renamed.clone()));
        });
    }
}

/// Tells the host how far the active view is scrolled, which `scroll` says in it; it is not drawn anew for that.
pub fn remember_scrolled(scroll: impl FnOnce(&mut View)) {
    let Some(active) = tabs().map(|tabs| tabs.active().clone()) else { return };
    let mut view = active.view;
    scroll(&mut view);
    QUIET.with_borrow_mut(|quiet| quiet.insert(active.id, view));
    let remember = || tabs().into_iter().for_each(remember);
    REMEMBERED_SOON.replace(Some(Timer::after(REMEMBER_AFTER, remember)));
}

fn remember(tabs: Tabs) {
    spawn_local(async move {
        if let Err(failure) = host::call::<command::RememberTabs>(&tabs).await {
            browser::warn(&format!("remember_tabs: {failure}"));
        }
    });
}

/// Shows a view in a window of its own.
pub fn open_window(view: View) {
    open_by::<command::OpenWindow>(view, || {});
}

/// Shows a view in a window beside this one, and says so once it is open.
pub fn open_beside(view: View, opened: impl FnOnce() + 'static) {
    open_by::<command::OpenBeside>(view, opened);
}

fn open_by<C: Command<Request = View> + 'static>(view: View, opened: impl FnOnce() + 'static) {
    spawn_local(async move {
        match host::call::<C>(&view).await {
            Ok(_) => opened(),
            Err(failure) => toast::show(&format!("No window was opened: {failure}")),
        }
    });
}

/// Closes a tab; and the window, where it was the last one of a window that has no sidebar to go on from.
pub fn close_tab(id: u32) {
    match tabs() {
        Some(tabs) if tabs.count() == 1 && !is_main() => spawn_local(close_window()),
        _ => change_tabs(|tabs| tabs.close(id)),
    }
}

async fn close_window() {
    if let Err(failure) = host::call::<command::CloseWindow>(&Nothing {}).await {
        toast::show(&failure.to_string());
    }
}

/// Whether this is the connection's first window, which has the sidebar.
pub fn is_main() -> bool {
    /// How its label ends.
    const MAIN: &str = ":main";
    thread_local!(static IS_MAIN: bool = host::window_label().ends_with(MAIN));
    IS_MAIN.with(|is_main| *is_main)
}

/// Moves a tab into a window of its own.
pub fn move_to_window(id: u32) {
    spawn_local(async move {
        let view = tabs().and_then(|tabs| Some(tabs.iter().find(|tab| tab.id == id)?.view.clone()));
        let Some(view) = view else { return };
        match host::call::<command::OpenWindow>(&view).await {
            Ok(_) => change_tabs(|tabs| tabs.close(id)),
            Err(failure) => toast::show(&format!("No window was opened: {failure}")),
        }
    });
}

/// Moves what this window shows into a tab of the main window, and closes it where nothing else is left.
pub fn move_to_main() {
    spawn_local(async move {
        let Some(tabs) = tabs() else { return };
        let tab = tabs.active();
        match host::call::<command::OpenInMain>(&tab.view).await {
            Ok(_) if tabs.count() == 1 => close_window().await,
            Ok(_) => change_tabs(|tabs| tabs.close(tabs.active().id)),
            Err(failure) => toast::show(&format!("Not moved: {failure}")),
        }
    });
}

/// The table of a collection, from its beginning, laid out as the last one was.
pub fn table(namespace: Namespace) -> View {
    let layout = table_layout(&namespace);
    View::Table { namespace, query: ListQuery::all(), layout, top_row: 0 }
}

/// How the last table of the collection was laid out.
pub fn table_layout(namespace: &Namespace) -> TableLayout {
    store::workspace().map(|workspace| workspace.layout(namespace)).unwrap_or_default()
}

/// The document as a person knows it, where this window has it; else by its `_id`.
pub fn document_name(id: &DocumentId) -> String {
    let text = store::entity(id).doc.and_then(|document| naming_text(&document));
    text.map_or_else(|| document_title(id), |text| format!("{} · {text}", id.namespace.collection))
}

/// The text by which a person knows the document among those of its collection, if it has one.
pub fn naming_text(document: &Document) -> Option<String> {
    let texts = reference::texts(&Shape::sampled([document.raw()]));
    let text = display_text(document.get(texts.first()?)?);
    (!text.trim().is_empty()).then_some(text)
}

/// A document's name for people, by its `_id`.
pub fn document_title(id: &DocumentId) -> String {
    View::Document { id: id.clone() }.name()
}
