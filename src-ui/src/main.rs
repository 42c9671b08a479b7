//! The front end of every window of Lockstep: one page, which shows what the host says that the window shows.
//!
//! | module | idea |
//! | --- | --- |
//! | `app` | the window: sidebar, view, status bar |
//! | `navigation` | which views the window shows, in tabs, and how the host learns of it |
//! | `actions` | what can be done in the window, by name and by shortcut |
//! | `views` | home, table, board, document, dashboard |
//! | `parts` | pieces that views are made of: menus, dialogs, toasts, notices |
//! | `edit` | one edit of one field: what the editor showed, text to value, drafts |
//! | `sync_state` | in which state a document or a field is, in the words of the status |
//! | `hooks` | reading and changing shared data |
//! | `store` | the window's query store, with its effects carried out |
//! | `host` | the commands and the feed, as bytes |
//! | `signal`, `browser`, `theme`, `zoom`, `stopped` | values of the window itself; the browser; light and dark; how large; a panic and its end |
//!
//! *Architecture invariant:* views know hooks, and neither `host` nor BSON on the wire; nothing here decides what is
//! true, which the store does.

mod actions;
mod app;
mod browser;
mod edit;
mod hooks;
mod host;
mod navigation;
mod parts;
mod signal;
mod stopped;
mod store;
mod sync_state;
mod theme;
mod views;
mod zoom;

fn main() {
    browser::mark("running");
    stopped::watch();
    browser::watch_buttons();
    theme::start();
    zoom::start();
    hooks::watch_activity();
    store::start();
    navigation::start();
    yew::Renderer::<app::App>::new().render();
}
