//! W7 and W8: data is fetched.

use lockstep_query::{Input, Options, StaleTime, Trigger, part::Part};
use std::time::Duration;

use super::Workload;
use crate::{application::Key, window::Window};

pub fn distinct() -> Option<Workload> {
    let (mut window, word) = (Window::new(), Part::from("f"));
    Workload::new(1_000, move |_| {
        for number in 0..1_000 {
            window.take(Input::Prefetch(Key::numbered(&word, number), Options::DEFAULT));
        }
        window.take(Input::Flush);
        window.answer_all(1);
    })
}

pub fn dedupe() -> Option<Workload> {
    let (mut window, word) = (Window::new(), Part::from("d"));
    Workload::new(10_000, move |_| {
        for _ in 0..10_000 {
            window.take(Input::Prefetch(Key::Parts([word.clone()].into()), Options::DEFAULT));
            window.take(Input::Flush);
        }
        assert_eq!(window.flying.len(), 1, "one fetch of a key is in flight");
        window.answer_all(1);
    })
}

/// 9,000 that nobody watches, and 1,000 that are watched and stale.
pub fn focus() -> Option<Workload> {
    let mut window = Window::filled();
    let options = Options {
        stale_time: StaleTime::After(Duration::ZERO),
        on_mount: Trigger::Never,
        ..Options::DEFAULT
    };
    for number in 0..1_000 {
        window.mount(Key::item(number), options, None);
    }
    window.take(Input::Flush);
    window.take(Input::Frame);
    Workload::new(1, move |_| {
        window.take(Input::Focus(true));
        window.take(Input::Flush);
        window.take(Input::Frame);
        assert_eq!(window.flying.len(), 1_000, "what is watched is fetched");
        window.answer_all(1);
        window.take(Input::Frame);
    })
}
