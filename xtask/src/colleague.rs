//! `cargo xtask colleague`: another program that edits the offers of a sample workspace, at a given rate.

use crate::step::Report;
use crate::{front_end, process, run, setup};
use anyhow::{Context, Result, bail};

/// What can be said after `colleague`.
#[derive(Debug, PartialEq)]
pub struct Options {
    /// Edits a second.
    rate: u32,
    /// Arguments for the app: which server, which data folder.
    app: Vec<String>,
}

impl Options {
    /// Reads them from the command line.
    pub fn parse(words: Vec<String>) -> Result<Self> {
        let mut options = Self { rate: 2, app: Vec::new() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--rate" => {
                    let rate = words.next().and_then(|rate| rate.parse().ok());
                    options.rate = rate.context("--rate wants a whole number after it")?;
                }
                "--" => options.app.extend(words.by_ref()),
                _ => bail!("`colleague` knows --rate N and -- ARGS, not `{word}`"),
            }
        }
        Ok(options)
    }
}

/// Sets up, builds and edits until it is ended. Without an address that is the embedded database of the running app.
pub fn colleague(options: Options) -> Result<()> {
    setup::setup(Report::Changes)?;
    front_end::build(front_end::Profile::Release)?;
    let mut colleague = process::tethered(run::build_host(false)?);
    colleague.args(["--colleague", &options.rate.to_string()]).args(options.app);
    process::run(&mut colleague)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_how_often_and_what_goes_to_the_app() {
        let parse = |words: &str| Options::parse(words.split_whitespace().map(str::to_owned).collect());
        assert_eq!(parse("").unwrap(), Options { rate: 2, app: Vec::new() });
        let app = vec!["--data".to_owned(), "/d".to_owned()];
        assert_eq!(parse("--rate 50 -- --data /d").unwrap(), Options { rate: 50, app });
        assert!(parse("--rate often").is_err());
        assert!(parse("50").is_err());
    }
}
