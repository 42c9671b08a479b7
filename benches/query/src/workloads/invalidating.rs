//! W2 and W7c: queries are meant by prefix or key, among 10,000.

use lockstep_query::{Filter, Input, Options, part::Part};

use super::Workload;
use crate::{
    application::{self, Key},
    window::{FRESH, Window},
};

pub fn prefixes() -> Option<Workload> {
    let mut window = Window::filled();
    Workload::new(100, move |_| {
        for number in 0..100 {
            window.invalidate(Filter::under(application::project_prefix(number)));
        }
    })
}

pub fn exact() -> Option<Workload> {
    let mut window = Window::filled();
    Workload::new(1, move |round| window.invalidate(Filter::exact(&Key::item(round % 10_000))))
}

pub fn nothing() -> Option<Workload> {
    let mut window = Window::filled();
    let nope = Part::from("nope");
    Workload::new(1, move |round| {
        window.invalidate(Filter::under(vec![nope.clone(), i64::from(round).into()]));
    })
}

pub fn everything() -> Option<Workload> {
    let mut window = Window::filled();
    for number in 0..1_000 {
        window.mount(Key::item(number), Options { enabled: false, ..FRESH }, None);
    }
    window.take(Input::Flush);
    window.take(Input::Frame);
    let all = application::project_prefix(0).into_iter().take(1).collect::<Vec<_>>();
    Workload::new(1, move |_| {
        window.invalidate(Filter::under(all.clone()));
        window.take(Input::Frame);
    })
}

pub fn cancel() -> Option<Workload> {
    let mut window = Window::filled();
    Workload::new(1, move |_| {
        window.take(Input::Cancel(Filter::under(application::project_prefix(5))));
    })
}
