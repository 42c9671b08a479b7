//! The workloads, by the names that they have in `query-core.mjs`.
//!
//! Not what is done the other way there: `run.mjs` says that beside each.
//!
//! | module | workloads |
//! | --- | --- |
//! | `keys` | W1 |
//! | `invalidating` | W2, W7c |
//! | `observing` | W3, W9 |
//! | `sharing` | W4, W11, W12: one list of many rows |
//! | `saving` | W5, W10 |
//! | `mutating` | W6 |
//! | `fetching` | W7, W8 |
//! | `memory` | W13 |

mod fetching;
mod invalidating;
mod keys;
mod memory;
mod mutating;
mod observing;
mod saving;
mod sharing;

/// One workload, made ready.
pub struct Workload {
    /// How many operations a round has.
    pub operations: u32,
    /// One round, of that number.
    pub round: Box<dyn FnMut(u32)>,
}

impl Workload {
    fn new(operations: u32, round: impl FnMut(u32) + 'static) -> Option<Self> {
        Some(Self { operations, round: Box::new(round) })
    }
}

/// All that is timed; those that can run one round only, since it uses up what was made ready, with `true`.
pub const ALL: &[(&str, bool)] = &[
    ("W1a", false),
    ("W1b", false),
    ("W1c", false),
    ("W2a", true),
    ("W2b", false),
    ("W2c", false),
    ("W2d", true),
    ("W3a", false),
    ("W3b", false),
    ("W3c", false),
    ("W3d", false),
    ("W3e", false),
    ("W4a", false),
    ("W4b", false),
    ("W4c", false),
    ("W4a+c", false),
    ("W4d", false),
    ("W4e", false),
    ("W5a", true),
    ("W5b", true),
    ("W5c", true),
    ("W5d", false),
    ("W6a", true),
    ("W6b", true),
    ("W7a", true),
    ("W7b", true),
    ("W7c", false),
    ("W8", true),
    ("W9", true),
    ("W10", false),
    ("W11b", false),
    ("W12", false),
];

/// All that is counted.
pub const FACTS: &[&str] =
    &["W6c lost", "W6c ghosts", "W6d lost", "W6d ghosts", "W10b", "W11a", "W13a", "W13b"];

/// Makes a workload ready.
pub fn prepare(name: &str) -> Option<Workload> {
    match name {
        "W1a" => keys::shallow(),
        "W1b" => keys::deep(),
        "W1c" => keys::lookup(),
        "W2a" => invalidating::prefixes(),
        "W2b" => invalidating::exact(),
        "W2c" => invalidating::nothing(),
        "W2d" => invalidating::everything(),
        "W3a" => observing::one_key(None),
        "W3b" => observing::one_key(Some(observing::third_title)),
        "W3c" => observing::unchanged(),
        "W3d" => observing::come_and_go(),
        "W3e" | "W9" => observing::many_keys(),
        "W4a" => sharing::one_changed(),
        "W4b" => sharing::identical(),
        "W4c" => sharing::decode_only(),
        "W4a+c" => sharing::from_bytes(),
        "W4d" => sharing::patch(),
        "W4e" => sharing::prepend(),
        "W5a" => saving::take_all(false),
        "W5b" => saving::take_all(true),
        "W5c" => saving::restore(false),
        "W5d" => saving::restore(true),
        "W6a" => mutating::concurrent(false),
        "W6b" => mutating::concurrent(true),
        "W7a" => fetching::distinct(),
        "W7b" => fetching::dedupe(),
        "W7c" => invalidating::cancel(),
        "W8" => fetching::focus(),
        "W10" => saving::as_it_changes(),
        "W11b" => sharing::broadcast(),
        "W12" => sharing::refetch_pages(),
        _ => None,
    }
}

/// What is counted instead of timed.
pub fn fact(name: &str) -> Option<f64> {
    match name {
        "W6c lost" => Some(mutating::together().0),
        "W6c ghosts" => Some(mutating::together().1),
        "W6d lost" => Some(mutating::staggered().0),
        "W6d ghosts" => Some(mutating::staggered().1),
        "W10b" => Some(saving::pieces_taken()),
        "W11a" => Some(sharing::broadcast_bytes()),
        "W13a" => Some(memory::idle_query()),
        "W13b" => Some(memory::mounted_observer()),
        _ => None,
    }
}
