//! The browser's own objects, and the two timers.
//!
//! Only what several modules share; a component reaches its own elements through its node references.

use std::{cell::Cell, collections::HashSet, rc::Rc, time::Duration};

use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AddEventListenerOptions, Element, Event, EventTarget, PointerEvent};

/// This window.
pub fn window() -> web_sys::Window {
    web_sys::window().expect("the front end runs in a window")
}

/// The window's document.
pub fn document() -> web_sys::Document {
    window().document().expect("a window has a document")
}

/// What this or another window has kept in the browser by that name, this run or an earlier one.
pub fn kept(name: &str) -> Option<String> {
    local_storage()?.get_item(name).ok().flatten()
}

/// Keeps it so. Where the browser has no room for it, it is not there later.
pub fn keep(name: &str, text: &str) {
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(name, text);
    }
}

fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The element with that selector in which an event happened. Its current target is Yew's own root.
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// Runs `action` before the next frame is drawn; never while the window is hidden.
pub fn before_next_frame(action: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(action);
    // Fails only where the argument is no function.
    let _ = window().request_animation_frame(callback.unchecked_ref());
}

/// Something that happens later, unless this is dropped before.
pub struct Timer {
    id: i32,
    // Dropped with the timer, so that what was not called is freed as well.
    _action: Closure<dyn FnMut()>,
}

impl Timer {
    /// Runs `action` after that time.
    pub fn after(delay: Duration, action: impl FnOnce() + 'static) -> Self {
        let action = Closure::once(action);
        // A timer's time is an i32; a longer one would fire at once.
        let milliseconds = i32::try_from(delay.as_millis()).unwrap_or(i32::MAX);
        let id = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                action.as_ref().unchecked_ref(),
                milliseconds,
            )
            .unwrap_or_default();
        Self { id, _action: action }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls a listener on every event of a name, until this is dropped.
pub struct Listening {
    target: EventTarget,
    event: &'static str,
    listener: Closure<dyn Fn(Event)>,
}

impl Listening {
    /// From now on.
    pub fn new(target: EventTarget, event: &'static str, listener: impl Fn(Event) + 'static) -> Self {
        let listener = Closure::<dyn Fn(Event)>::new(listener);
        // Fails only where the argument is no function; so does its counterpart.
        let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        Self { target, event, listener }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, listener);
    }
}

/// Calls `listener` on every event of that name, for as long as the window lives.
pub fn listen_always(target: impl Into<EventTarget>, event: &'static str, listener: impl Fn() + 'static) {
    std::mem::forget(Listening::new(target.into(), event, move |_| listener()));
}

thread_local! {
    static IS_PRESSED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps in mind whether a button of the pointer is pressed, for as long as the window lives.
pub fn watch_buttons() {
    for name in ["pointerdown", "pointerup", "pointercancel", "keydown"] {
        let listener = |event: Event| {
            // Who presses a key has let go of what was let go of outside of the window.
            IS_PRESSED.set(event.dyn_ref::<PointerEvent>().is_some_and(|event| event.buttons() != 0));
        };
        std::mem::forget(Listening::new(window().into(), name, listener));
    }
}

/// Runs `action` now, or once no button of the pointer is pressed any more, and what that does by itself is done.
pub fn when_released(action: impl FnOnce() + 'static) {
    if !IS_PRESSED.get() {
        return action();
    }
    let action = Rc::new(Cell::new(Some(action)));
    for name in ["pointerup", "pointercancel"] {
        let action = action.clone();
        let after = Closure::once_into_js(move || {
            if let Some(action) = action.take() {
                before_next_frame(action);
            }
        });
        let options = AddEventListenerOptions::new();
        options.set_once(true);
        // Fails only where the argument is no function.
        let _ = window().add_event_listener_with_callback_and_add_event_listener_options(
            name,
            after.unchecked_ref(),
            &options,
        );
    }
}

/// What the window keeps over reloads, and only it.
pub fn session_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// How often the window's pages have counted that name, this time included: from 1 on, and over reloads where the web view
/// keeps its session.
pub fn count_up(name: &str) -> u32 {
    let Some(storage) = session_storage() else { return 1 };
    let before = storage.get_item(name).ok().flatten().and_then(|count| count.parse().ok());
    let count = before.map_or(1, |before: u32| before.saturating_add(1));
    // Where it cannot be kept, the next page begins at 1.
    let _ = storage.set_item(name, &count.to_string());
    count
}

/// Writes down in the window's timeline that something is reached: developer tools and benchmarks read it there.
pub fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        // Fails only for the names of the page's own steps.
        let _ = performance.mark(name);
    }
}

/// When the page began, since 1970.
pub fn beginning() -> Duration {
    let milliseconds = window().performance().map_or(0.0, |performance| performance.time_origin());
    Duration::from_secs_f64(milliseconds / 1000.0)
}

/// How long ago the page began, by a clock that never goes back.
pub fn since_beginning() -> Duration {
    let milliseconds = window().performance().map_or(0.0, |performance| performance.now());
    Duration::from_secs_f64(milliseconds / 1000.0)
}

/// Says something on the console of the developer tools.
pub fn warn(message: &str) {
    web_sys::console::warn_1(&message.into());
}

/// Puts a text into the clipboard; the second is told whether the system took it.
pub fn copy_text(text: String, told: impl FnOnce(bool) + 'static) {
    let writing = window().navigator().clipboard().write_text(&text);
    spawn_local(async move { told(JsFuture::from(writing).await.is_ok()) });
}

/// Whether anything on the screen shows a document with one of these `data-id`s.
pub fn shows_any(ids: impl IntoIterator<Item = String>) -> bool {
    let Ok(shown) = document().query_selector_all("[data-id]") else { return false };
    let shown: HashSet<String> = (0..shown.length())
        .filter_map(|at| shown.get(at)?.dyn_into::<Element>().ok())
        .filter_map(|element| element.get_attribute("data-id"))
        .collect();
    ids.into_iter().any(|id| shown.contains(&id))
}
