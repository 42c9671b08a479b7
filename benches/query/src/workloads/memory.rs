//! W13: how many bytes are live for each query, and for each observer.

use lockstep_query::{Input, part::Part};

use crate::{
    application::Key,
    counting::live_bytes,
    window::{FRESH, Window},
};

const COUNT: u32 = 20_000;

fn filled(word: &Part) -> Window {
    let mut window = Window::new();
    (0..COUNT).for_each(|number| window.set(Key::numbered(word, number), number.into()));
    window.take(Input::Frame);
    window
}

/// Key, value and all that the store keeps of it.
pub fn idle_query() -> f64 {
    let word = Part::from("m");
    let before = live_bytes();
    let _window = filled(&word);
    (live_bytes() - before) as f64 / f64::from(COUNT)
}

/// What the store keeps of an observer. What the caller keeps of it is its own.
pub fn mounted_observer() -> f64 {
    let word = Part::from("m");
    let mut window = filled(&word);
    let before = live_bytes();
    for number in 0..COUNT {
        window.mount_only(Key::numbered(&word, number), FRESH);
    }
    window.take(Input::Flush);
    window.take(Input::Frame);
    (live_bytes() as f64 - before as f64) / f64::from(COUNT)
}
