//! How large everything is: the person's choice, the same in all windows.
//!
//! The web view does it, by the host; the choice is kept in the browser, as that of the theme is.

use std::cell::Cell;

use lockstep_model::contract::{ZOOM_LEAST, ZOOM_MOST, ZoomRequest, command};
use wasm_bindgen_futures::spawn_local;

use crate::{browser, host, parts::toast, signal::Signal};

const STORED_AS: &str = "zoom";
/// As large as it is made.
pub const ACTUAL: u16 = 100;
/// In percent.
const STEPS: [u16; 13] = [ZOOM_LEAST, 67, 75, 80, 90, ACTUAL, 110, 125, 150, 175, 200, 250, ZOOM_MOST];

thread_local! {
    static ZOOM: Signal<u16> = Signal::default();
    /// The host is being asked for it.
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

/// How large everything is in the window, in percent; 0 until that is known.
pub fn zoom() -> Signal<u16> {
    ZOOM.with(Signal::clone)
}

/// One step larger, or smaller.
pub fn step(larger: bool) {
    let now = zoom().get();
    let next = match larger {
        true => STEPS.into_iter().find(|step| *step > now),
        false => STEPS.into_iter().rev().find(|step| *step < now),
    };
    if let Some(next) = next {
        choose(next);
    }
}

/// As large as it is made.
pub fn reset() {
    choose(ACTUAL);
}

/// In all windows and at the next start.
fn choose(percent: u16) {
    browser::keep(STORED_AS, &percent.to_string());
    show(percent);
}

/// Shows everything as large as was chosen, and follows the choice of other windows.
pub fn start() {
    ZOOM.with(|zoom| zoom.set(ACTUAL));
    show(stored());
    browser::listen_always(browser::window(), "storage", || show(stored()));
}

fn stored() -> u16 {
    let percent = browser::kept(STORED_AS).and_then(|percent| percent.parse().ok());
    percent.filter(|percent| STEPS.contains(percent)).unwrap_or(ACTUAL)
}

fn show(percent: u16) {
    if zoom().get() == percent {
        return;
    }
    ZOOM.with(|zoom| zoom.set(percent));
    if !ASKING.replace(true) {
        spawn_local(ask());
    }
}

/// One after the other, until the window is as large as was chosen last.
async fn ask() {
    let mut asked = None;
    while asked != Some(zoom().get()) {
        let percent = zoom().get();
        asked = Some(percent);
        if let Err(failure) = host::call::<command::SetZoom>(&ZoomRequest { percent }).await {
            toast::show(&format!("Not shown at {percent} %: {failure}"));
        }
    }
    ASKING.set(false);
}
