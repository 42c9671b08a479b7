//! `cargo xtask chaos`: the app under faults and kills for as long as one likes, and then what became of each accepted edit
//! (see `tests/app/chaos`).

use crate::display::Display;
use crate::front_end::{self, Profile};
use crate::step::Report;
use crate::test::WHOLE;
use crate::{places, process, setup};
use anyhow::{Context, Result, bail};

/// What can be said after `chaos`.
#[derive(Debug, PartialEq)]
pub struct Options {
    minutes: u64,
    seed: u64,
}

impl Options {
    /// Reads them from the command line.
    pub fn parse(words: Vec<String>) -> Result<Self> {
        let mut options = Self { minutes: 10, seed: 1 };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut number = || {
                let number = words.next().and_then(|number| number.parse().ok());
                number.with_context(|| format!("{word} wants a whole number after it"))
            };
            match word.as_str() {
                "--minutes" => options.minutes = number()?,
                "--seed" => options.seed = number()?,
                _ => bail!("`chaos` knows --minutes N and --seed N, not `{word}`"),
            }
        }
        Ok(options)
    }
}

/// Sets up, builds and runs. The last line is the sum; an error where anything was lost, doubled or diverged.
pub fn chaos(options: Options) -> Result<()> {
    setup::setup(Report::Changes)?;
    front_end::build(Profile::Release)?;
    let display = Display::if_needed()?;
    let report = places::tools().join("chaos-report");
    // That of the run before; there may be none.
    let _ = std::fs::remove_file(&report);
    let mut nextest = process::tethered("cargo");
    nextest.args(["nextest", "run", "--profile", "chaos", "--no-capture"]).args(WHOLE).arg("chaos::");
    nextest.env("LOCKSTEP_CHAOS_REPORT", &report);
    nextest.env("LOCKSTEP_CHAOS_MINUTES", options.minutes.to_string());
    nextest.env("LOCKSTEP_CHAOS_SEED", options.seed.to_string());
    if let Some(display) = &display {
        display.show(&mut nextest);
    }
    let ended = process::run(&mut nextest);
    // Of a run that broke off there is none.
    let sum = std::fs::read_to_string(&report).unwrap_or_default();
    if !sum.is_empty() {
        println!("{sum}");
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_how_long_and_from_which_seed() {
        let parse = |words: &str| Options::parse(words.split_whitespace().map(str::to_owned).collect());
        assert_eq!(parse("").unwrap(), Options { minutes: 10, seed: 1 });
        assert_eq!(parse("--minutes 3 --seed 7").unwrap(), Options { minutes: 3, seed: 7 });
        assert!(parse("--minutes soon").is_err());
        assert!(parse("--hours 1").is_err());
    }
}
