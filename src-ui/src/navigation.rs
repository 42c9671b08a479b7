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

/// Shows another view in this window.
pub fn go(view: View) {
    remember(view.clone());
    shown().set(Some(view));
}

/// Tells the host what the window shows, without showing anything else: how far it is scrolled.
pub fn remember(view: View) {
    let timer = Timer::after(REMEMBER_AFTER, move || {
        spawn_local(async move {
            if let Err(failure) = host::call::<command::RememberView>(&view).await {
                browser::warn(&format!("remember_view: {failure}"));
            }
        });
    });
    REMEMBERED_SOON.replace(Some(timer));
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
