//! What can be done in the window, each with its name and its shortcut: the keys run them, the palette shows them.

use std::{fmt, rc::Rc};

use lockstep_model::contract::View;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::{
    browser::{self, Listening},
    hooks::undo,
    navigation, theme,
    views::{
        Many, Tool, inspector, open_export, open_import, open_many, open_palette, open_save_view, open_tool,
        schema, show_activity, show_jobs, switch_view,
    },
    zoom,
};

/// Keys that are pressed together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortcut {
    /// Ctrl, or Command on a Mac.
    pub control: bool,
    pub shift: bool,
    pub alt: bool,
    /// As `KeyboardEvent.key` has it, in lower case.
    pub key: &'static str,
    /// Also while a text is typed or a dialog is open, to which it would otherwise belong.
    pub everywhere: bool,
}

impl Shortcut {
    const fn control(key: &'static str) -> Self {
        Self { control: true, shift: false, alt: false, key, everywhere: false }
    }

    const fn plain(key: &'static str) -> Self {
        Self { control: false, ..Self::control(key) }
    }

    const fn shift(self) -> Self {
        Self { shift: true, ..self }
    }

    const fn alt(self) -> Self {
        Self { alt: true, ..self }
    }

    const fn everywhere(self) -> Self {
        Self { everywhere: true, ..self }
    }

    fn is(self, event: &KeyboardEvent) -> bool {
        self.control == (event.ctrl_key() || event.meta_key())
            && self.shift == event.shift_key()
            && self.alt == event.alt_key()
            && self.key == event.key().to_lowercase()
            && (self.everywhere || !is_elsewhere(event))
    }
}

/// As it is written on keyboards: `Ctrl+Shift+Z`.
impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { control, shift, alt, key, .. } = self;
        let held = [(*control, "Ctrl+"), (*alt, "Alt+"), (*shift, "Shift+")];
        held.iter().filter(|(is_held, _)| *is_held).try_for_each(|(_, name)| f.write_str(name))?;
        let mut letters = key.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).try_for_each(|letter| write!(f, "{letter}"))
    }
}

/// Whether a key belongs to what is typed in, or to a dialog.
fn is_elsewhere(event: &KeyboardEvent) -> bool {
    if browser::document().query_selector("dialog[open]").is_ok_and(|open| open.is_some()) {
        return true;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("input, textarea, select").is_ok_and(|found| found.is_some()))
}

/// Something that can be done now.
#[derive(Clone)]
pub struct Action {
    /// In words that say what it does.
    pub name: &'static str,
    /// The keys that do it; the first is shown.
    pub shortcuts: Vec<Shortcut>,
    /// Does it.
    pub act: Rc<dyn Fn()>,
}

fn action(name: &'static str, shortcuts: &[Shortcut], act: impl Fn() + 'static) -> Action {
    Action { name, shortcuts: shortcuts.to_vec(), act: Rc::new(act) }
}

/// What can be done now, in this window and with what it shows.
pub fn actions() -> Vec<Action> {
    let control = Shortcut::control;
    let mut actions = vec![
        action("Open the command palette", &[control("k").everywhere()], open_palette),
        action("Undo", &[control("z")], || undo(false)),
        action("Redo", &[control("z").shift(), control("y")], || undo(true)),
        action("Show the activity", &[control("o").shift()], show_activity),
        action("Show imports and exports", &[], show_jobs),
        action("Query inspector", &[Shortcut::plain("f9").everywhere()], inspector::toggle),
        action(
            "Zoom in",
            &[control("+").everywhere(), control("+").shift().everywhere(), control("=").everywhere()],
            || zoom::step(true),
        ),
        action("Zoom out", &[control("-").everywhere()], || zoom::step(false)),
        action("Actual size", &[control("0").everywhere()], zoom::reset),
        action("Next theme: light, dark, system", &[], || theme::choose(theme::theme().get().next())),
    ];
    let Some(tabs) = navigation::tabs() else { return actions };
    let (active, view) = (tabs.active().id, tabs.active().view.clone());
    actions.extend([
        action("New tab", &[control("t")], || navigation::open_tab(View::Home)),
        action("Close this tab", &[control("w")], move || navigation::close_tab(active)),
        action("Next tab", &[control("pagedown"), control("tab")], || {
            navigation::change_tabs(|tabs| tabs.step(1));
        }),
        action("Previous tab", &[control("pageup"), control("tab").shift()], || {
            navigation::change_tabs(|tabs| tabs.step(-1));
        }),
        action("Go back", &[Shortcut::plain("arrowleft").alt()], || _ = navigation::back()),
    ]);
    if navigation::is_main() {
        let out = move || navigation::move_to_window(active);
        actions.push(action("Move this tab to its own window", &[control("n").shift()], out));
    } else {
        let back = navigation::move_to_main;
        actions.push(action("Move this to the main window", &[control("n").shift()], back));
    }
    if view != View::Home {
        let (opened, beside) = (view.clone(), view.clone());
        let open = move || navigation::open_window(opened.clone());
        let open_beside = move || navigation::open_beside(beside.clone(), || {});
        actions.push(action("Save this view…", &[control("s")], open_save_view));
        actions.push(action("Open this in a new window, too", &[control("n").alt()], open));
        actions.push(action(
            "Open this in a window beside this one",
            &[control("n").alt().shift()],
            open_beside,
        ));
    }
    if let View::Table { .. } | View::Board { .. } = &view {
        let name = if matches!(view, View::Board { .. }) { "Show as a table" } else { "Show as a board" };
        actions.push(action(name, &[control("b").shift()], switch_view));
    }
    let listed = match &view {
        View::Table { namespace, query, layout, .. } => Some((namespace, layout.listed(query))),
        View::Board { namespace, query, .. } => Some((namespace, query.clone())),
        _ => None,
    };
    if let Some((namespace, query)) = listed {
        let (imported, exported, described) = (namespace.clone(), namespace.clone(), namespace.clone());
        actions.extend([
            action("Import…", &[], move || open_import(imported.clone())),
            action("Export…", &[], move || open_export(exported.clone(), query.clone())),
            action("Schema", &[], move || navigation::go(schema(described.clone()))),
            action("Filter…", &[control("f")], || open_tool(Tool::Filter)),
        ]);
    }
    if let View::Table { .. } = &view {
        actions.extend([
            action("Sort…", &[control("s").shift()], || open_tool(Tool::Sort)),
            action("Change many…", &[control("m").shift()], || open_many(Many::Change)),
            action("Columns…", &[control("l").shift()], || open_tool(Tool::Columns)),
            action("The row's document beside the table", &[control("e")], navigation::toggle_beside),
            action("Group…", &[control("g").shift()], || open_tool(Tool::Group)),
        ]);
    }
    actions
}

/// Runs actions by their shortcuts, for as long as the component is there.
#[hook]
pub fn use_shortcuts() {
    use_effect_with((), |()| {
        let listening = Listening::new(browser::window().into(), "keydown", |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            // A letter alone is never one.
            let is_text = key.key().chars().count() == 1 && !key.ctrl_key() && !key.meta_key();
            if event.default_prevented() || is_text {
                return;
            }
            let mut actions = actions().into_iter();
            let meant = actions.find(|action| action.shortcuts.iter().any(|shortcut| shortcut.is(key)));
            if let Some(action) = meant {
                event.prevent_default();
                (action.act)();
            }
        });
        move || drop(listening)
    });
}
