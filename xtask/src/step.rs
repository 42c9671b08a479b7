//! One line per step of the set-up: what it does, and how long it took.

use anyhow::{Context, Result};
use std::io::Write;
use std::time::Instant;

/// Whether steps with nothing to do are worth a line.
#[derive(Clone, Copy, PartialEq)]
pub enum Report {
    /// Every step has its line: for `cargo xtask setup`.
    All,
    /// Only steps that change something: for the commands that set up first.
    Changes,
}

/// A thing to have, and how to get it.
pub struct Step {
    /// What it is, e.g. `trunk 0.21.14`.
    pub name: String,
    /// How long getting it takes, e.g. `about 3 min`; printed before it starts.
    pub cost: &'static str,
    /// Printed when it fails: what the person can do next.
    pub remedy: String,
}

impl Step {
    /// Does the work unless the thing is there already.
    pub fn unless(self, there: bool, report: Report, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if there {
            if report == Report::All {
                println!("· {}: already there", self.name);
            }
            return Ok(());
        }
        print!("· {} ({}) … ", self.name, self.cost);
        std::io::stdout().flush()?;
        let start = Instant::now();
        let result = work();
        let seconds = start.elapsed().as_secs_f64();
        println!("{} {seconds:.1} s", if result.is_ok() { "done in" } else { "failed after" });
        result.with_context(|| format!("{} could not be set up. {}", self.name, self.remedy))
    }
}
