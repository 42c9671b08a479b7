//! `cargo xtask test`: every test, in the app as people get it: front end built and embedded, real windows
//! and a real database.

use crate::display::Display;
use crate::front_end::{self, Profile};
use crate::process;
use crate::setup::{self, axe, corpus};
use crate::step::Report;
use anyhow::Result;

/// What all of the project's builds have in common, so that each finds what another compiled.
pub const WHOLE: [&str; 3] = ["--workspace", "--features", "lockstep/custom-protocol"];

/// Sets up, builds and runs. `words` go to the test runner, parts of test names or its options, but for
/// `--quick`: the front end is then built in less time than what people get takes.
pub fn test(words: &[String]) -> Result<()> {
    let (quick, filter): (Vec<_>, Vec<_>) = words.iter().partition(|word| *word == "--quick");
    setup::setup(Report::Changes)?;
    corpus::corpus(Report::Changes)?;
    axe::axe(Report::Changes)?;
    front_end::build(if quick.is_empty() { Profile::Release } else { Profile::Dev })?;
    if filter.is_empty() {
        process::run(process::command("cargo").args(["test", "--quiet", "--doc"]).args(WHOLE))?;
    }
    // The app, and then what tests its parts: both embed the front end, and would write the same files at the same time.
    process::run(process::command("cargo").args(["build", "--quiet", "--test", "app"]).args(WHOLE))?;
    let display = Display::if_needed()?;
    let mut nextest = process::tethered("cargo");
    nextest.args(["nextest", "run"]).args(WHOLE).args(filter);
    nextest.env("LOCKSTEP_BSON_CORPUS", corpus::folder());
    nextest.env("LOCKSTEP_AXE", axe::script());
    if let Some(display) = &display {
        display.show(&mut nextest);
    }
    process::run(&mut nextest)
}
