//! `cargo xtask bench app`: what a person feels of the app, measured on a release build (see `benches/app`).
//! `bench query` has a file of its own.

mod query;

use crate::display::Display;
use crate::front_end::{self, Profile};
use crate::step::Report;
use crate::test::WHOLE;
use crate::{places, process, setup};
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Sets up, builds and measures. `words`: what is measured, and `--json FILE` for the figures.
pub fn bench(words: &[String]) -> Result<()> {
    match words.split_first().map(|(what, rest)| (what.as_str(), rest)) {
        Some(("app", rest)) => app(rest),
        Some(("query", rest)) => query::query(&with_whole_path(rest)?),
        _ => bail!("say `bench app` or `bench query`"),
    }
}

/// The benchmarks run in other folders than this: the file behind `--json` is named from the top.
fn with_whole_path(words: &[String]) -> Result<Vec<String>> {
    let mut words = words.to_vec();
    if let Some(at) = words.iter().position(|word| word == "--json") {
        let file = words.get_mut(at + 1).context("say which file, after `--json`")?;
        *file = std::path::absolute(&file)?.display().to_string();
    }
    Ok(words)
}

/// What `benches/app` measures one by one.
const PARTS: [&str; 7] = ["start", "edit", "paste", "frames", "import", "large", "memory"];

fn app(words: &[String]) -> Result<()> {
    let mut parts = Vec::new();
    let words = with_whole_path(words)?;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--json" => parts.extend(rest.next().cloned()),
            part if PARTS.contains(&part) => parts.push(word.clone()),
            _ => bail!(
                "say `bench app`, with `--json FILE` for the figures, and for a part one of {}",
                PARTS.join(", ")
            ),
        }
    }
    setup::setup(Report::Changes)?;
    front_end::build(Profile::Release)?;
    let empty_window = build("empty-window")?;
    for file in fs::read_dir(places::root().join("dist"))?.flatten().map(|file| file.path()) {
        if file.extension().is_some_and(|extension| extension == "wasm") {
            println!("the windows' code: {:.2} MB", fs::metadata(&file)?.len() as f64 / 1e6);
        }
    }
    let display = Display::if_needed()?;
    let mut bench = process::tethered("cargo");
    whole(bench.args(["bench", "--bench", "app"])).arg("--").args(parts);
    bench.env("LOCKSTEP_EMPTY_WINDOW", empty_window);
    if let Some(display) = &display {
        display.show(&mut bench);
    }
    process::run(&mut bench)
}

/// Cargo's benchmarks unwind whatever the profile says. Were the app itself built to abort, everything would be compiled
/// twice, at the same time, and Tauri's macro then takes files for whole that its other run still writes.
fn whole(cargo: &mut Command) -> &mut Command {
    cargo.args(WHOLE).env("CARGO_PROFILE_RELEASE_PANIC", "unwind")
}

/// Builds a program that the benchmarks run, and says where it is.
fn build(program: &str) -> Result<String> {
    let mut cargo = process::command("cargo");
    cargo.args(["bench", "--no-run", "--message-format=json-render-diagnostics", "--bench", program]);
    let output = whole(&mut cargo).stderr(std::process::Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    // One line of JSON for each thing built, programs with their place. Cargo makes the name one of a crate.
    let places = text.lines().filter_map(|line| line.split_once("\"executable\":\"")?.1.split('"').next());
    let name = program.replace('-', "_");
    let is_it = |place: &&str| {
        Path::new(place).file_stem().and_then(OsStr::to_str).is_some_and(|file| file.starts_with(&name))
    };
    let place = places.rev().find(is_it);
    place.map(str::to_owned).with_context(|| format!("cargo did not say where it has put {program}"))
}
