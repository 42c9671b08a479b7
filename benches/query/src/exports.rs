//! What JavaScript calls: numbers in, numbers out. A workload is named by its characters, one call each.
#![allow(unsafe_code, reason = "a name that is kept for the linker is called unsafe")]

use std::cell::RefCell;

use crate::workloads::{self, Workload};

thread_local! {
    static NAME: RefCell<String> = const { RefCell::new(String::new()) };
    static READY: RefCell<Option<Workload>> = const { RefCell::new(None) };
}

/// The next character of a name.
#[unsafe(no_mangle)]
pub extern "C" fn spell(character: u32) {
    NAME.with_borrow_mut(|name| name.extend(char::from_u32(character)));
}

fn spelt() -> String {
    NAME.take()
}

/// Makes the workload ready whose name was spelt; returns how many operations a round has, 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn prepare() -> u32 {
    let workload = workloads::prepare(&spelt());
    let operations = workload.as_ref().map_or(0, |workload| workload.operations);
    READY.set(workload);
    operations
}

/// Runs some rounds, the first of which has that number.
#[unsafe(no_mangle)]
pub extern "C" fn run(first: u32, rounds: u32) {
    READY.with_borrow_mut(|workload| {
        if let Some(workload) = workload {
            (first..first + rounds).for_each(|round| (workload.round)(round));
        }
    });
}

/// Lets go of what was made ready.
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    READY.set(None);
}

/// Counts what the spelt name says; not a number if nothing does.
#[unsafe(no_mangle)]
pub extern "C" fn count() -> f64 {
    workloads::fact(&spelt()).unwrap_or(f64::NAN)
}
