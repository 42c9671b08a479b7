//! What npm has prebuilt, in a folder of our own.

use crate::step::{Report, Step};
use crate::{places, process};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// A package, always of the same version.
pub struct Package {
    /// What a person calls it.
    pub what: &'static str,
    pub name: &'static str,
    pub version: &'static str,
}

impl Package {
    /// The step that gets it.
    pub fn install(&self, report: Report) -> Result<()> {
        let step = Step {
            name: format!("{} {}", self.what, self.version),
            cost: "a few seconds",
            remedy: "Check that npm reaches its registry.".into(),
        };
        step.unless(self.is_there(), report, || {
            let npm = places::on_path("npm").context("npm is not on PATH")?;
            let mut npm = process::command(npm);
            npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
                .arg(places::npm())
                .arg(format!("{}@{}", self.name, self.version));
            fs::create_dir_all(places::npm())?;
            process::run_logged(&mut npm, &format!("npm-{}", self.name.replace(['@', '/'], "")))
        })
    }

    /// Where its files are.
    pub fn folder(&self) -> PathBuf {
        places::npm().join("node_modules").join(self.name)
    }

    fn is_there(&self) -> bool {
        fs::read_to_string(self.folder().join("package.json"))
            .is_ok_and(|text| text.contains(&format!("\"version\": \"{}\"", self.version)))
    }
}
