//! A panic, or an exception that nobody caught: the page is loaded again, and says so. What was accepted is in the host, and
//! what was being typed in the session, so a reload loses nothing. Where a fault comes back at once, the window says what
//! happened and leaves the rest to the person.

use std::{cell::Cell, time::Duration};

use lockstep_model::contract::{FaultyPlace, command};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::ErrorEvent;

use crate::{
    browser::{self, Listening},
    host,
    parts::toast,
    store,
};

/// A fault that comes again within this time may come each time.
const TOO_SOON: Duration = Duration::from_secs(60);

/// After a fault the page begins again within this time.
const BEGINS_AGAIN: Duration = Duration::from_secs(10);

/// Under these names the session keeps when a page of this window stopped, in milliseconds since 1970, by what, and where.
const STOPPED_AT: &str = "stopped-at";
const STOPPED_BY: &str = "stopped-by";
const STOPPED_IN: &str = "stopped-in";

/// What ends a page.
struct Fault {
    /// What happened, which may quote what documents hold.
    words: String,
    /// Where in the code.
    place: String,
}

thread_local! {
    static STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// From now on a panic ends the page, and so does an exception that nobody caught. Says so where that is why it begins.
pub fn watch() {
    let stopped = Listening::new(browser::window().into(), "error", |event| {
        // A ResizeObserver that cannot keep up tells so by an event without an error.
        let Some(event) = event.dyn_ref::<ErrorEvent>() else { return };
        if !event.error().is_null() && !event.error().is_undefined() {
            let place = format!("{}:{}", event.filename(), event.lineno());
            stop(&Fault { words: event.message(), place });
        }
    });
    std::mem::forget(stopped);
    // Yew puts its own in the place of any that is set in another way.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let words = panic.to_string();
        web_sys::console::error_1(&words.as_str().into());
        stop(&Fault { words, place: panic.location().map(ToString::to_string).unwrap_or_default() });
    }));
    if let Some((age, Fault { words, place })) = last_stop()
        && age < BEGINS_AGAIN
    {
        toast::show(&format!(
            "A fault ended this window's page, and it was loaded again. Nothing that was accepted is lost. ({words})"
        ));
        log(place);
    }
}

/// Tells the host, which keeps the log. A page that is about to be loaded again would not get it through.
fn log(place: String) {
    spawn_local(async {
        if let Err(failure) = host::call::<command::LogFault>(&FaultyPlace { place }).await {
            web_sys::console::error_1(&failure.to_string().into());
        }
    });
}

fn stop(fault: &Fault) {
    // An exception follows each panic.
    if STOPPED.replace(true) {
        return;
    }
    let again = last_stop().is_some_and(|(age, _)| age < TOO_SOON);
    if again || remember(fault).is_none() || browser::window().location().reload().is_err() {
        cover(&fault.words);
        log(fault.place.clone());
    }
}

fn remember(fault: &Fault) -> Option<()> {
    let storage = browser::session_storage()?;
    storage.set_item(STOPPED_AT, &store::now().as_millis().to_string()).ok()?;
    storage.set_item(STOPPED_BY, &fault.words).ok()?;
    storage.set_item(STOPPED_IN, &fault.place).ok()
}

/// How long ago a page of this window stopped last, and by what.
fn last_stop() -> Option<(Duration, Fault)> {
    let storage = browser::session_storage()?;
    let kept = |name| storage.get_item(name).ok().flatten();
    let at = Duration::from_millis(kept(STOPPED_AT)?.parse().ok()?);
    let fault = Fault { words: kept(STOPPED_BY)?, place: kept(STOPPED_IN)? };
    Some((store::now().saturating_sub(at), fault))
}

/// Yew's state is not to be trusted any more, so this is plain DOM, with the fault for whoever reports it. Failing here leaves
/// the console's message.
fn cover(fault: &str) -> Option<()> {
    let document = browser::document();
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
