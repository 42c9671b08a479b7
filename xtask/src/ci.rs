//! `cargo xtask ci`: what has to pass before a change lands. What fails soonest comes first.

use crate::front_end::{self, Profile};
use crate::step::Report;
use crate::test::{self, WHOLE};
use crate::{process, setup, toolchain};
use anyhow::{Context, Result};
use std::process::Command;
use std::time::Instant;

/// All checks, each with its time.
pub fn ci() -> Result<()> {
    check("format", || process::run(formatter().args(["--all", "--check"])))?;
    check("set-up", || setup::setup(Report::All))?;
    check("front end", || front_end::build(Profile::Release))?;
    check("clippy of the front end, as wasm", || {
        clippy(&["--package", "lockstep-ui", "--target", "wasm32-unknown-unknown"])
    })?;
    check("clippy of the rest", || clippy(&WHOLE))?;
    check("documentation", || {
        let mut doc = process::command("cargo");
        process::run(doc.args(["doc", "--quiet", "--no-deps"]).args(WHOLE).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    check("tests", || test::test(&[]))
}

fn check(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("── {name}");
    let start = Instant::now();
    work().with_context(|| format!("{name} failed"))?;
    println!("── {name}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Debian's compiler has no rustfmt: there, rustup's own formats.
fn formatter() -> Command {
    let mut cargo = process::command("cargo");
    if toolchain::name().is_some() {
        cargo.arg(format!("+{}", toolchain::FORMATTING));
    }
    cargo.arg("fmt");
    cargo
}

fn clippy(what: &[&str]) -> Result<()> {
    let mut cargo = process::command("cargo");
    process::run(cargo.args(["clippy", "--quiet", "--all-targets"]).args(what).args(["--", "-D", "warnings"]))
}
