//! The BSON corpus: MongoDB's collection of values that every driver has to carry exactly. PyMongo's source distribution has
//! it, so pip fetches that.

use std::fs;
use std::path::PathBuf;

use super::apt;
use crate::step::{Report, Step};
use crate::{places, process};
use anyhow::{Context, Result};

const PYMONGO: &str = "4.10.1";

/// The folder with its files.
pub fn folder() -> PathBuf {
    places::tools().join(format!("bson-corpus-{PYMONGO}"))
}

/// Gets it, if it is missing.
pub fn corpus(report: Report) -> Result<()> {
    let step = Step {
        name: "BSON corpus".into(),
        cost: "about 1 min",
        remedy: "It needs Python 3 with pip.".into(),
    };
    step.unless(folder().is_dir(), report, || {
        if python().is_none() && apt::here() {
            apt::install(&["python3-pip"])?;
        }
        let python = python().context("there is no python3 with pip")?;
        let scratch = places::tools().join("bson-corpus-scratch");
        // What an earlier try left.
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir_all(&scratch)?;
        let mut pip = process::command(python);
        pip.args(["-m", "pip", "download", "--no-deps", "--no-binary", ":all:"]);
        pip.arg(format!("pymongo=={PYMONGO}")).arg("--dest").arg(&scratch);
        process::run_logged(&mut pip, "bson-corpus")?;
        let mut unpack = process::command("tar");
        unpack.arg("-xzf").arg(scratch.join(format!("pymongo-{PYMONGO}.tar.gz"))).arg("-C").arg(&scratch);
        process::run(&mut unpack)?;
        fs::rename(scratch.join(format!("pymongo-{PYMONGO}/test/bson_corpus")), folder())?;
        Ok(fs::remove_dir_all(&scratch)?)
    })
}

/// The Python that has pip.
fn python() -> Option<&'static str> {
    let has_pip =
        |python: &&str| process::succeeds(process::command(python).args(["-m", "pip", "--version"]));
    ["python3", "python"].into_iter().find(has_pip)
}
