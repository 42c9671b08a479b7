//! W3 and W9: observers come, go, and see what changes.

use std::rc::Rc;

use lockstep_query::{Input, part::Part};

use super::Workload;
use crate::{
    application::{Key, Value},
    row::{Row, rows},
    window::{FRESH, Select, Window},
};

/// The title of the fourth row.
pub fn third_title(value: &Value) -> Option<&str> {
    match value {
        Value::Record(_, rows) => rows.get(3).map(|row| row.title.as_str()),
        _ => None,
    }
}

fn key() -> Key {
    Key::Parts([Part::from("k")].into())
}

fn thousand_observers(select: Option<Select>) -> (Window, Rc<Vec<Row>>) {
    let mut window = Window::new();
    let rows = Rc::new(rows(20));
    window.set_value(key(), Value::Record(-1, rows.clone()));
    for _ in 0..1_000 {
        window.mount(key(), FRESH, select);
    }
    window.take(Input::Flush);
    window.take(Input::Frame);
    (window, rows)
}

pub fn one_key(select: Option<Select>) -> Option<Workload> {
    let ((mut window, rows), key) = (thousand_observers(select), key());
    Workload::new(1, move |round| {
        window.set_value(key.clone(), Value::Record(round.into(), rows.clone()));
        window.take(Input::Frame);
    })
}

pub fn unchanged() -> Option<Workload> {
    let ((mut window, rows), key) = (thousand_observers(None), key());
    Workload::new(1, move |_| {
        window.set_value(key.clone(), Value::Record(-1, rows.clone()));
        window.take(Input::Frame);
    })
}

pub fn come_and_go() -> Option<Workload> {
    let mut window = Window::new();
    let word = Part::from("k");
    (0..1_000).for_each(|number| window.set(Key::numbered(&word, number), number.into()));
    Workload::new(1_000, move |_| {
        let observers: Vec<_> =
            (0..1_000).map(|number| window.mount(Key::numbered(&word, number), FRESH, None)).collect();
        observers.into_iter().for_each(|observer| window.unmount(observer));
    })
}

pub fn many_keys() -> Option<Workload> {
    let mut window = Window::new();
    let word = Part::from("k");
    for number in 0..1_000 {
        window.set(Key::numbered(&word, number), number.into());
        window.mount(Key::numbered(&word, number), FRESH, None);
    }
    window.take(Input::Flush);
    window.take(Input::Frame);
    Workload::new(1_000, move |round| {
        for number in 0..1_000 {
            window.set(Key::numbered(&word, number), i64::from(round) * 1_000 + i64::from(number) + 1);
        }
        window.take(Input::Frame);
    })
}
