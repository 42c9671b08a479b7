//! Programs at one version each, most of which cargo builds into the tools folder: the front end's bundler, its
//! wasm-bindgen and wasm-opt, what it draws charts with, the test runner, and the embedded database.

use super::npm::Package;
use crate::step::{Report, Step};
use crate::{places, process};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

const TRUNK: &str = "0.21.14";
const NEXTEST: &str = "0.9.143";
const SECANTUSD: &str = "0.5.3-beta.196";

/// Makes the windows' wasm a tenth smaller; `Trunk.toml` names its version, too.
const WASM_OPT: Package = Package { what: "wasm-opt", name: "binaryen", version: "132.0.0" };

/// What dashboards are drawn with. Not a program: the front end takes a file of it along.
const CHARTS: Package = Package { what: "Chart.js", name: "chart.js", version: "4.6.1" };

/// How one program is built.
struct Tool {
    krate: &'static str,
    version: String,
    program: &'static str,
    cost: &'static str,
    build: Build,
    options: &'static [&'static str],
}

/// How much work the compiler puts into a program.
#[derive(PartialEq)]
enum Build {
    /// None to speak of: for what spends its time in other programs.
    Quick,
    /// Optimised, but not across crates: the last few per cent would double the time.
    Optimised,
}

impl Build {
    /// What cargo is told, as its environment.
    fn settings(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Build::Quick => &[("CARGO_PROFILE_DEV_DEBUG", "0")],
            Build::Optimised => &[
                ("CARGO_PROFILE_RELEASE_LTO", "off"),
                ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
                ("CARGO_PROFILE_RELEASE_STRIP", "true"),
            ],
        }
    }
}

/// What the front end is built with.
pub fn front_end(report: Report) -> Result<()> {
    install(
        report,
        Tool {
            krate: "trunk",
            version: TRUNK.into(),
            program: "trunk",
            cost: "about 3 min",
            build: Build::Quick,
            options: &["--locked", "--no-default-features"],
        },
    )?;
    install(
        report,
        Tool {
            krate: "wasm-bindgen-cli",
            version: wasm_bindgen_version()?,
            program: "wasm-bindgen",
            cost: "about 1 min",
            build: Build::Quick,
            // Not locked: a dependency of its lock file is gone.
            options: &[],
        },
    )?;
    WASM_OPT.install(report)?;
    CHARTS.install(report)
}

/// The one file of Chart.js that a page loads.
pub fn chart_library() -> PathBuf {
    CHARTS.folder().join("dist").join("chart.umd.min.js")
}

/// The test runner, unless the machine has one.
pub fn test_runner(report: Report) -> Result<()> {
    let tool = Tool {
        krate: "cargo-nextest",
        version: NEXTEST.into(),
        program: "cargo-nextest",
        cost: "about 5 min",
        build: Build::Quick,
        options: &["--locked"],
    };
    if places::on_path("cargo-nextest").is_some() {
        let own = Step { name: tool.krate.into(), ..step(&tool) };
        return own.unless(true, report, || Ok(()));
    }
    install(report, tool)
}

/// The embedded database.
pub fn database(report: Report) -> Result<()> {
    install(
        report,
        Tool {
            krate: "secantus-mdb",
            version: SECANTUSD.into(),
            program: "secantusd-rs",
            cost: "about 10 min",
            build: Build::Optimised,
            // It names a newer Rust than it needs.
            options: &["--locked", "--ignore-rust-version"],
        },
    )
}

/// Frees the disk of what the tools' builds left; done once all are there.
pub fn clean() -> Result<()> {
    let target = places::tools().join("target");
    if target.exists() {
        fs::remove_dir_all(&target).with_context(|| format!("could not remove {}", target.display()))?;
    }
    Ok(())
}

fn step(tool: &Tool) -> Step {
    Step {
        name: format!("{} {}", tool.krate, tool.version),
        cost: tool.cost,
        remedy: "Run `cargo xtask setup` again once what the log names is put right.".into(),
    }
}

fn install(report: Report, tool: Tool) -> Result<()> {
    let there = places::tool(tool.program).is_file() && recorded(tool.krate, &tool.version);
    step(&tool).unless(there, report, || {
        let mut cargo = process::command("cargo");
        cargo.args(["install", tool.krate, "--version", &tool.version, "--root"]).arg(places::tools());
        cargo.args(tool.options);
        if tool.build == Build::Quick {
            cargo.arg("--debug");
        }
        cargo.envs(tool.build.settings().iter().copied());
        // One target folder: they share dependencies.
        cargo.env("CARGO_TARGET_DIR", places::tools().join("target"));
        process::run_logged(&mut cargo, tool.krate)
    })
}

/// `cargo install` keeps a list of what it put where.
fn recorded(krate: &str, version: &str) -> bool {
    fs::read_to_string(places::tools().join(".crates.toml"))
        .is_ok_and(|list| list.contains(&format!("\"{krate} {version} (")))
}

/// Trunk takes a wasm-bindgen of exactly the version that the front end is linked with.
fn wasm_bindgen_version() -> Result<String> {
    let lock = places::root().join("Cargo.lock");
    let text = fs::read_to_string(&lock).with_context(|| format!("could not read {}", lock.display()))?;
    let version = locked_version(&text, "wasm-bindgen");
    Ok(version.with_context(|| format!("{} names no wasm-bindgen", lock.display()))?.to_owned())
}

/// The version of `krate` in the text of a lock file.
fn locked_version<'a>(lock: &'a str, krate: &str) -> Option<&'a str> {
    let name = format!("name = \"{krate}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn a_version_is_read_for_exactly_that_crate() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
