//! A panic: the window says so, and what to do. What was accepted is in the host, so a reload loses nothing.

use wasm_bindgen::JsCast;
use web_sys::ErrorEvent;

use crate::browser::{self, Listening};

/// From now on a panic covers the window with a message, and so does an exception that nobody caught.
pub fn watch() {
    let stopped = Listening::new(browser::window().into(), "error", |event| {
        // A ResizeObserver that cannot keep up tells so by an event without an error.
        let Some(event) = event.dyn_ref::<ErrorEvent>() else { return };
        if !event.error().is_null() && !event.error().is_undefined() {
            cover(&event.message());
        }
    });
    std::mem::forget(stopped);
    // Yew puts its own in the place of any that is set in another way.
    yew::set_custom_panic_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        cover(&panic.to_string());
    }));
}

/// Yew's state is not to be trusted any more, so this is plain DOM, with the fault for whoever reports it. Failing here leaves
/// the console's message.
fn cover(fault: &str) -> Option<()> {
    let document = browser::document();
    if document.query_selector(".stopped").ok()?.is_some() {
        return None;
    }
    let cover = document.create_element("div").ok()?;
    cover.set_class_name("stopped");
    cover.set_attribute("role", "alertdialog").ok()?;
    cover.set_attribute("aria-label", "This window stopped").ok()?;
    for (element, text) in [
        ("h1", "This window stopped"),
        ("p", "A fault in Lockstep ended it. Nothing that was accepted is lost."),
        ("code", fault),
        ("button", "Reload"),
    ] {
        let child = document.create_element(element).ok()?;
        child.set_text_content(Some(text));
        cover.append_child(&child).ok()?;
    }
    let reload = cover.last_element_child()?;
    browser::listen_always(reload, "click", || {
        let _ = browser::window().location().reload();
    });
    document.body()?.append_child(&cover).ok()?;
    Some(())
}
