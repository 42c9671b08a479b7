//! `cargo xtask run`: builds the app and opens it. The first start shows the sample workspace, Offers, on
//! the embedded database.

use crate::display::Display;
use crate::front_end::{self, Profile};
use crate::running::Running;
use crate::step::Report;
use crate::test::WHOLE;
use crate::{places, process, screenshots, setup};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::time::Duration;

/// What can be said after `run`.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// How the windows' code is built: as people get it, since they feel that, unless `--quick` is said.
    front_end: Profile,
    /// Optimise the host as well.
    release: bool,
    /// End the app after this long.
    stay: Option<Duration>,
    /// Arguments for the app.
    app: Vec<String>,
}

impl Options {
    /// Reads them from the command line.
    pub fn parse(words: Vec<String>, in_ci: bool) -> Result<Options> {
        // Nobody is there to close the windows in CI.
        let mut options = Options { stay: in_ci.then_some(Duration::ZERO), ..Options::default() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => options.front_end = Profile::Dev,
                "--release" => options.release = true,
                "--seconds" => {
                    let seconds = words.next().and_then(|number| number.parse().ok());
                    let seconds = seconds.context("--seconds wants a whole number after it")?;
                    options.stay = Some(Duration::from_secs(seconds));
                }
                "--" => options.app.extend(words.by_ref()),
                _ => bail!("`run` knows --quick, --release, --seconds N and -- ARGS, not `{word}`"),
            }
        }
        Ok(options)
    }
}

/// Sets up, builds, and stays until the app ends or its time is over.
pub fn run(options: Options) -> Result<()> {
    setup::setup(Report::Changes)?;
    front_end::build(options.front_end)?;
    let program = build_host(options.release)?;

    let display = Display::if_needed()?;
    let mut app = process::tethered(program);
    app.args(&options.app);
    if let Some(display) = &display {
        display.show(&mut app);
    }
    let mut app = Running::start(&mut app)?;
    if let Some(display) = &display {
        for picture in screenshots::take(display, &mut app)? {
            println!("Picture: {}", picture.display());
        }
    }
    let status = match options.stay {
        Some(time) => app.ended_within(time)?,
        None => Some(app.ended()?),
    };
    match status {
        Some(status) if !status.success() => bail!("the app ended with {status}"),
        Some(_) => println!("The app has ended."),
        None => println!("Ending the app: its time is over."),
    }
    Ok(())
}

/// Without `--release` a first build takes 4 minutes on 2 cores instead of 6, and what waits for a
/// database feels the same.
pub fn build_host(release: bool) -> Result<PathBuf> {
    let mut cargo = process::command("cargo");
    // The features of the whole workspace, as the tests have them: nothing is compiled twice.
    cargo.args(["build", "--bin", "lockstep"]).args(WHOLE);
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    Ok(places::built(if release { "release" } else { "debug" }, "lockstep"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str, in_ci: bool) -> Result<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned).collect(), in_ci)
    }

    #[test]
    fn it_stays_until_the_app_ends_unless_told_or_in_ci() {
        assert_eq!(parse("", false).unwrap().stay, None);
        assert_eq!(parse("", true).unwrap().stay, Some(Duration::ZERO));
        assert_eq!(parse("--seconds 5", true).unwrap().stay, Some(Duration::from_secs(5)));
    }

    #[test]
    fn what_follows_two_dashes_is_for_the_app() {
        let options = parse("--release -- --seconds 5", false).unwrap();
        assert!(options.release);
        assert_eq!((options.stay, options.app.join(" ").as_str()), (None, "--seconds 5"));
    }

    #[test]
    fn what_it_does_not_know_is_an_error_that_says_what_it_knows() {
        for wrong in ["--fast", "--seconds", "--seconds soon"] {
            let error = parse(wrong, false).unwrap_err().to_string();
            assert!(error.contains("--seconds"), "{error}");
        }
    }
}
