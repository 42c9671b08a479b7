//! The command palette: every action, every collection and every saved view by name.
//!
//! Enter does it, or shows it in this tab; with Ctrl in a new tab, with Shift in a new window.

use std::rc::Rc;

use lockstep_model::{Workspace, contract::View};
use web_sys::{Element, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::{collections::use_collections, tab_bar::icon};
use crate::{
    actions::actions,
    browser,
    hooks::use_of_workspace,
    navigation,
    parts::{Dialog, Icon},
    signal::{Signal, use_signal},
};

/// So many entries are shown; whoever wants another one types on.
const SHOWN_MOST: usize = 40;

thread_local! {
    static OPEN: Signal<bool> = Signal::default();
}

/// Opens the palette.
pub fn open_palette() {
    OPEN.with(|open| open.set(true));
}

/// Draws the palette when it is open.
#[component]
pub fn Palette() -> Html {
    match use_signal(OPEN.with(Signal::clone)) {
        true => html! { <OpenPalette /> },
        false => html! {},
    }
}

/// What an entry does.
#[derive(Clone)]
enum Does {
    Act(Rc<dyn Fn()>),
    Shows(View),
}

#[derive(Clone)]
struct Entry {
    name: String,
    /// Of what kind it is, or where it lies.
    detail: String,
    shortcut: Option<String>,
    does: Does,
}

#[component]
fn OpenPalette() -> Html {
    let typed = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let plain = use_collections();
    // What was done before is done where the focus was.
    let workspace = use_of_workspace(Workspace::clone);
    let entries = use_memo((plain.clone(), workspace), |(plain, workspace)| {
        let actions =
            actions().into_iter().filter(|action| action.name != "Open the command palette").map(|action| {
                Entry {
                    name: action.name.into(),
                    detail: String::new(),
                    shortcut: action.shortcuts.first().map(ToString::to_string),
                    does: Does::Act(action.act),
                }
            });
        let collections = plain
            .as_deref()
            .and_then(|plain| plain.collections())
            .map(|list| &list.collections[..])
            .unwrap_or_default();
        let collections = collections.iter().map(|collection| Entry {
            name: collection.namespace.collection.to_string(),
            detail: collection.namespace.database.to_string(),
            shortcut: None,
            does: Does::Shows(navigation::table(collection.namespace.clone())),
        });
        let kept = |name: &str, detail: &str, view: View| Entry {
            name: name.to_owned(),
            detail: detail.to_owned(),
            shortcut: None,
            does: Does::Shows(view),
        };
        let workspace = workspace.clone().unwrap_or_default();
        let views = workspace.views.iter().map(|saved| kept(&saved.name, "view", saved.view.clone()));
        let dashboards = workspace.dashboards.iter().map(|dashboard| {
            let (id, name) = (dashboard.id.clone(), dashboard.name.clone());
            kept(&dashboard.name, "dashboard", View::Dashboard { id, name })
        });
        views.chain(dashboards).chain(collections).chain(actions).collect::<Vec<_>>()
    });
    let mut found: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            Some((
                score(&typed, &entry.name)
                    .or_else(|| score(&typed, &entry.detail).map(|score| score + 100))?,
                entry,
            ))
        })
        .collect();
    found.sort_by_key(|(score, _)| *score);
    let found: Vec<Entry> = found.into_iter().take(SHOWN_MOST).map(|(_, entry)| entry.clone()).collect();
    let at = (*chosen).min(found.len().saturating_sub(1));

    let list_ref = use_node_ref();
    use_effect_with((at, (*typed).clone()), {
        let list_ref = list_ref.clone();
        move |_| {
            let chosen = list_ref
                .cast::<Element>()
                .and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(chosen) = chosen {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                chosen.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
    });
    let oninput = {
        let (typed, chosen) = (typed.setter(), chosen.setter());
        move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        }
    };
    let onkeydown = {
        let (chosen, found) = (chosen.setter(), found.clone());
        move |event: KeyboardEvent| {
            let count = found.len();
            match event.key().as_str() {
                "ArrowDown" if count > 0 => chosen.set((at + 1) % count),
                "ArrowUp" if count > 0 => chosen.set((at + count - 1) % count),
                "Enter" if !event.is_composing() => {
                    if let Some(entry) = found.get(at) {
                        run(entry, Where::of(event.ctrl_key() || event.meta_key(), event.shift_key()));
                    }
                }
                _ => return,
            }
            event.prevent_default();
        }
    };
    let current = (!found.is_empty()).then(|| format!("palette-{at}"));
    html! {
        <Dialog title="Command palette" on_close={|()| close()} class="palette">
            <input
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant={current}
                aria-label="Search actions and collections"
                placeholder="Search actions and collections"
                autocomplete="off"
                spellcheck="false"
                autofocus=true
                {oninput}
                {onkeydown}
            />
            <div ref={list_ref} id="palette-list" class="palette-list" role="listbox" aria-label="Found">
                { for found.iter().enumerate().map(|(place, entry)| option(place, entry, place == at)) }
                if found.is_empty() {
                    <p class="quiet">{ "Nothing has that name." }</p>
                }
            </div>
            <p class="palette-hint quiet">{ "Enter opens here · Ctrl+Enter in a new tab · Shift+Enter in a new window" }</p>
        </Dialog>
    }
}

fn option(place: usize, entry: &Entry, is_chosen: bool) -> Html {
    let onclick = {
        let entry = entry.clone();
        move |event: MouseEvent| {
            run(&entry, Where::of(event.ctrl_key() || event.meta_key(), event.shift_key()))
        }
    };
    let icon = match &entry.does {
        Does::Act(_) => Icon::Action,
        Does::Shows(view) => icon(view),
    };
    html! {
        <div
            key={place}
            id={format!("palette-{place}")}
            role="option"
            class="palette-option"
            aria-selected={is_chosen.to_string()}
            {onclick}
        >
            { icon }
            <span class="palette-name">{ &entry.name }</span>
            <span class="quiet">{ &entry.detail }</span>
            if let Some(shortcut) = &entry.shortcut {
                <kbd>{ shortcut }</kbd>
            }
        </div>
    }
}

/// Where a view is to be shown.
enum Where {
    Here,
    InTab,
    InWindow,
}

impl Where {
    fn of(control: bool, shift: bool) -> Self {
        match (control, shift) {
            (_, true) => Self::InWindow,
            (true, false) => Self::InTab,
            (false, false) => Self::Here,
        }
    }
}

fn run(entry: &Entry, place: Where) {
    close();
    match (&entry.does, place) {
        // Once the dialog is gone, and the focus back where it was.
        (Does::Act(act), _) => {
            let act = act.clone();
            browser::before_next_frame(move || act());
        }
        (Does::Shows(view), Where::Here) => navigation::go(view.clone()),
        (Does::Shows(view), Where::InTab) => navigation::open_tab(view.clone()),
        (Does::Shows(view), Where::InWindow) => navigation::open_window(view.clone()),
    }
}

fn close() {
    OPEN.with(|open| open.set(false));
}

/// How well a name fits what was typed, the less the better; `None` where a letter is missing. Letters may be left out; those
/// at the beginnings of words, and those that follow each other, cost nothing.
fn score(typed: &str, name: &str) -> Option<usize> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let (mut at, mut score) = (0, 0);
    for letter in typed.to_lowercase().chars().filter(|letter| !letter.is_whitespace()) {
        let is_beginning = |place: usize| place == 0 || !name[place - 1].is_alphanumeric();
        let next = (at..name.len()).find(|place| name[*place] == letter)?;
        // A later word that begins with it is meant rather than a letter within this one.
        let begins = (at..name.len()).find(|place| name[*place] == letter && is_beginning(*place));
        let place = if next == at { next } else { begins.unwrap_or(next) };
        score += usize::from(place != at) * if is_beginning(place) { 1 } else { 10 };
        at = place + 1;
    }
    Some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_come_first() {
        let names =
            ["Show the activity", "offers", "Open this in a new window, too", "of_things", "customers"];
        for (typed, expected) in [
            ("off", vec!["offers"]),
            ("nw", vec!["Open this in a new window, too"]),
            ("ofth", vec!["of_things"]),
            ("zzz", vec![]),
        ] {
            let mut found: Vec<_> =
                names.iter().filter_map(|name| Some((score(typed, name)?, *name))).collect();
            found.sort_by_key(|(score, _)| *score);
            let found: Vec<_> = found.into_iter().map(|(_, name)| name).collect();
            assert_eq!(found, expected, "{typed}");
        }
        assert!(score("of", "offers") < score("of", "proof"));
    }
}
