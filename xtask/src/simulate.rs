//! `cargo xtask simulate`: what Lockstep promises, under every fault, for as many seeds as one likes (see `tests/simulation`).
//!
//! It needs neither a display nor a database.

use crate::process;
use anyhow::Result;

/// Builds the simulation for speed and runs it. `words` are its options.
pub fn simulate(words: &[String]) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["run", "--release", "--quiet", "--package", "lockstep-simulation", "--"]).args(words);
    process::run(&mut cargo)
}
