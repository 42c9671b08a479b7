//! W5 and W10: what is kept over a restart.

use std::{hint::black_box, rc::Rc, time::Duration};

use lockstep_query::{Input, Saved, SavedData, part::Part};
use serde::{Deserialize, Serialize};

use super::Workload;
use crate::{
    application::{Key, Rows, Value},
    row::{decode, encode, rows},
    window::Window,
};

/// A part of a key, on the disk.
#[derive(Serialize, Deserialize)]
enum PartForm {
    Number(i64),
    Text(String),
    Object(Vec<(String, PartForm)>),
}

/// A value, on the disk.
#[derive(Serialize, Deserialize)]
struct Form<V> {
    key: Vec<PartForm>,
    value: V,
    updated_at: Duration,
}

fn form(part: &Part) -> PartForm {
    match part {
        Part::Int(number) => PartForm::Number(*number),
        Part::Object(parts) => {
            PartForm::Object(parts.iter().map(|(name, part)| (name.to_string(), form(part))).collect())
        }
        Part::Text(text) => PartForm::Text(text.to_string()),
        _ => unreachable!("the keys here have no such part"),
    }
}

fn part(form: PartForm) -> Part {
    match form {
        PartForm::Number(number) => number.into(),
        PartForm::Text(text) => text.as_str().into(),
        PartForm::Object(parts) => {
            let mut parts: Vec<_> = parts.into_iter().map(|(name, form)| (name, part(form))).collect();
            Part::object(parts.iter_mut().map(|(name, part)| (name.as_str(), part.clone())))
        }
    }
}

fn to_bytes(saved: &[Saved<Rows>]) -> Vec<u8> {
    let forms: Vec<_> = saved
        .iter()
        .filter_map(|saved| match &saved.data {
            SavedData::Value(Key::Parts(parts), value) => {
                let key = parts.iter().map(form).collect();
                Some(Form { key, value: &**value, updated_at: saved.updated_at })
            }
            _ => None,
        })
        .collect();
    encode(&forms)
}

fn to_saved(bytes: &[u8]) -> Vec<Saved<Rows>> {
    let forms: Vec<Form<Value>> = decode(bytes);
    let saved = |form: Form<Value>| {
        let key = Key::Parts(form.key.into_iter().map(part).collect());
        Saved { data: SavedData::Value(key, Rc::new(form.value)), updated_at: form.updated_at }
    };
    forms.into_iter().map(saved).collect()
}

/// 1,000 values of 10 rows each, none of which they share.
fn thousand_values() -> Window {
    let mut window = Window::new();
    let word = Part::from("q");
    for number in 0..1_000 {
        let page = Part::object([("p", i64::from(number % 10).into())]);
        let key = Key::Parts([word.clone(), i64::from(number).into(), page].into());
        window.set_value(key, Value::Rows(rows(10)));
    }
    window
}

pub fn take_all(encoded: bool) -> Option<Workload> {
    let mut window = thousand_values();
    Workload::new(1, move |_| {
        let saved = window.store.take_unsaved();
        if encoded {
            black_box(to_bytes(&saved));
        }
        black_box(saved);
    })
}

pub fn restore(over: bool) -> Option<Workload> {
    let mut filled = thousand_values();
    let bytes = to_bytes(&filled.store.take_unsaved());
    let mut window = if over { filled } else { Window::new() };
    Workload::new(1, move |_| window.take(Input::Hydrate(to_saved(&bytes), Duration::from_secs(86_400))))
}

fn kept(count: u32, word: &Part) -> Window {
    let mut window = Window::new();
    for number in 0..count {
        window.set_value(Key::numbered(word, number), Value::Rows(rows(2)));
    }
    drop(window.store.take_unsaved());
    window
}

/// What is to be kept is taken after every change, as TanStack's persister has it.
pub fn as_it_changes() -> Option<Workload> {
    let word = Part::from("p");
    let mut window = kept(5_000, &word);
    Workload::new(100, move |round| {
        for number in 0..100 {
            window.set(Key::numbered(&word, number), i64::from(round) * 100 + i64::from(number));
            black_box(window.store.take_unsaved());
        }
    })
}

/// How many queries are written for 100 changes of 10 queries, by a caller that takes them once a frame.
pub fn pieces_taken() -> f64 {
    let word = Part::from("p");
    let mut window = kept(10, &word);
    (0..100).for_each(|number| window.set(Key::numbered(&word, number % 10), i64::from(number) + 1));
    window.store.take_unsaved().len() as f64
}
