//! `cargo xtask test`: every test, in the app as people get it: front end built and embedded, real windows
//! and a real database.

use crate::display::Display;
use crate::front_end::{self, Profile};
use crate::step::Report;
use crate::{process, setup};
use anyhow::Result;

/// What all of the project's builds have in common, so that each finds what another compiled.
pub const WHOLE: [&str; 3] = ["--workspace", "--features", "lockstep/custom-protocol"];

/// Sets up, builds and runs. `filter` goes to the test runner: parts of test names, or its options.
pub fn test(filter: &[String]) -> Result<()> {
    setup::setup(Report::Changes)?;
    front_end::build(Profile::Release)?;
    if filter.is_empty() {
        process::run(process::command("cargo").args(["test", "--quiet", "--doc"]).args(WHOLE))?;
    }
    let display = Display::if_needed()?;
    let mut nextest = process::tethered("cargo");
    nextest.args(["nextest", "run"]).args(WHOLE).args(filter);
    if let Some(display) = &display {
        display.show(&mut nextest);
    }
    process::run(&mut nextest)
}
