//! Which view the window shows. The host keeps it, so that the window comes back as it was.

use std::{cell::RefCell, time::Duration};

use lockstep_model::{
    DocumentId, ListQuery, Namespace,
    contract::{View, command},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    browser::{self, Timer},
    host,
    parts::toast,
    signal::Signal,
};

/// Scrolling says so many things that only the last of them is worth a call.
const REMEMBER_AFTER: Duration = Duration::from_millis(400);

thread_local! {
    static SHOWN: Signal<Option<View>> = Signal::default();
    static REMEMBERED_SOON: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

/// What the window shows; `None` until the host or the person has said so.
pub fn shown() -> Signal<Option<View>> {
    SHOWN.with(Signal::clone)
}

/// Shows another view in this window, and tells the host of it at once: a window that is closed or reloaded the next
/// moment comes back with it.
pub fn go(view: View) {
    // What was still to be told is of the view before.
    REMEMBERED_SOON.replace(None);
    remember(view.clone());
    shown().set(Some(view));
}

/// Tells the host how far the view is scrolled.
pub fn remember_soon(view: View) {
    REMEMBERED_SOON.replace(Some(Timer::after(REMEMBER_AFTER, || remember(view))));
}

fn remember(view: View) {
    spawn_local(async move {
        if let Err(failure) = host::call::<command::RememberView>(&view).await {
            browser::warn(&format!("remember_view: {failure}"));
        }
    });
}

/// Shows a view in a window of its own.
pub fn open_window(view: View) {
    spawn_local(async move {
        if let Err(failure) = host::call::<command::OpenWindow>(&view).await {
            toast::show(&format!("No window was opened: {failure}"));
        }
    });
}

/// The table of a collection, from its beginning.
pub fn table(namespace: Namespace) -> View {
    View::Table { namespace, query: ListQuery::all(), top_row: 0 }
}

/// A document's name for people.
pub fn document_title(id: &DocumentId) -> String {
    format!("{} · {}", id.namespace.collection, lockstep_model::shape::display_text(id.id.get()))
}
