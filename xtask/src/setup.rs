//! Installs what building, running and testing need, each only if it is missing. What others wait for
//! longest comes last.

mod apt;
pub mod axe;
pub mod corpus;
mod npm;
mod system;
pub mod tauri_cli;
pub mod tools;
pub mod wasm;

use crate::step::Report;
use anyhow::Result;
use std::time::Instant;

/// Brings the machine to where every other command works.
pub fn setup(report: Report) -> Result<()> {
    let start = Instant::now();
    system::packages(report)?;
    wasm::target(report)?;
    tools::front_end(report)?;
    tauri_cli::install(report)?;
    tools::test_runner(report)?;
    tools::database(report)?;
    tools::clean()?;
    if report == Report::All {
        corpus::corpus(report)?;
        axe::axe(report)?;
        println!("Everything is there ({:.1} s).", start.elapsed().as_secs_f64());
    }
    Ok(())
}
