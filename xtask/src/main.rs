//! The project's own commands: `cargo xtask COMMAND`. This file is the table of contents; each command has
//! a file of its own.

mod bench;
mod bundle;
mod chaos;
mod ci;
mod colleague;
mod dev;
mod display;
mod front_end;
mod places;
mod process;
mod run;
mod running;
mod screenshots;
mod setup;
mod simulate;
mod step;
mod test;
mod toolchain;

use anyhow::{Result, bail};
use std::process::ExitCode;
use step::Report;

const HELP: &str = "\
cargo xtask COMMAND

  setup                    install what the other commands need, if it is missing
  run [--quick] [--release] [--seconds N] [-- ARGS]
                           build the app and open it; without a display, on a virtual one,
                           with pictures of its windows in screenshots/
  dev [-- ARGS]            the app with reload on change (cargo tauri dev)
  test [--quick] [FILTER]  every test, or those that match; real windows, real database
  bench app [--json FILE]  what a person feels of the app, measured in real windows on a release build
  bench query [--json FILE] [FILTER]
                           the query store beside @tanstack/query-core, in one process
  simulate [--seeds N] [--from SEED] | [--seed SEED]
                           machines, windows and faults from seeds; or one seed again, with its trace
  colleague [--rate N] [-- ARGS]
                           another program that edits the sample workspace, N times a second; ARGS
                           as for the app, whose own server it is without them
  chaos [--minutes N] [--seed SEED]
                           the app under faults and kills, and what became of each accepted edit
  build                    the installer for this platform, in target/release/bundle
  ci                       what has to pass before a change lands
  front-end build [--release] | serve
                           the windows' code alone (what the Tauri command line calls)

  --quick    build the windows' code in less time; it is larger and slower then
  --release  optimise the host as well
  --seconds  end the app so long after its windows are there (at once in CI)
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    match dispatch(&command, words.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, words: Vec<String>) -> Result<()> {
    match command {
        "setup" => setup::setup(Report::All),
        "run" => run::run(run::Options::parse(words, std::env::var_os("CI").is_some())?),
        "dev" => dev::dev(words),
        "test" => test::test(&words),
        "bench" => bench::bench(&words),
        "colleague" => colleague::colleague(colleague::Options::parse(words)?),
        "chaos" => chaos::chaos(chaos::Options::parse(words)?),
        "simulate" => simulate::simulate(&words),
        "build" => bundle::build(words),
        "ci" => ci::ci(),
        "front-end" => front_end::front_end(&words),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("there is no such command\n\n{HELP}"),
    }
}
