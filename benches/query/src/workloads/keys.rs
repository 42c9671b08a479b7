//! W1: keys are made, hashed and looked up.

use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;

use lockstep_query::{Options, part::Part};

use super::Workload;
use crate::{
    application::{self, Key},
    window::{NOW, Window},
};

pub fn shallow() -> Option<Workload> {
    let hasher = RandomState::new();
    Workload::new(1_000, move |_| {
        for number in 0..1_000 {
            black_box(hasher.hash_one(application::shallow(black_box(number))));
        }
    })
}

pub fn deep() -> Option<Workload> {
    let (hasher, key) = (RandomState::new(), deep_key());
    Workload::new(1_000, move |_| {
        for _ in 0..1_000 {
            black_box(hasher.hash_one(black_box(&key)));
        }
    })
}

pub fn lookup() -> Option<Workload> {
    let window = Window::filled();
    Workload::new(1_000, move |_| {
        for number in 0..1_000 {
            black_box(window.store.view(&Key::item(number), &Options::DEFAULT, NOW));
        }
    })
}

fn deep_key() -> Key {
    let team = Part::object([("id", 7.into()), ("org", "acme".into())]);
    let owner = Part::object([("id", 42.into()), ("team", team)]);
    let range = Part::object([("from", 1_700_000_000.into()), ("to", 1_800_000_000.into())]);
    let filter = Part::object([
        ("status", Part::list(["open".into(), "blocked".into()])),
        ("text", "foo".into()),
        ("range", range),
        ("owner", owner),
    ]);
    let sort = |by: &str, direction: &str| Part::object([("by", by.into()), ("dir", direction.into())]);
    let rest = Part::object([
        ("filter", filter),
        ("sort", Part::list([sort("due", "asc"), sort("prio", "desc")])),
        ("page", 3.into()),
        ("size", 50.into()),
    ]);
    Key::Parts(["todos".into(), "list".into(), rest].into())
}
