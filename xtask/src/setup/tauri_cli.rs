//! Tauri's command line, prebuilt from npm (building it takes over ten minutes), and a `cargo-tauri` that
//! calls it, so that plain `cargo tauri dev` works.

use crate::step::{Report, Step};
use crate::{places, process};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

const VERSION: &str = "2.12.5";
const SIGNATURE: &str = "# Written by Lockstep's `cargo xtask setup`.";

/// The steps that get both.
pub fn install(report: Report) -> Result<()> {
    let npm_step = Step {
        name: format!("Tauri's command line {VERSION}"),
        cost: "a few seconds",
        remedy: "Check that npm reaches its registry.".into(),
    };
    npm_step.unless(is_there(), report, || {
        let npm = places::on_path("npm").context("npm is not on PATH")?;
        let mut npm = process::command(npm);
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(folder())
            .arg(format!("@tauri-apps/cli@{VERSION}"));
        fs::create_dir_all(folder())?;
        process::run_logged(&mut npm, "npm-tauri")
    })?;
    if cfg!(windows) {
        return Ok(()); // cargo finds no script there: `cargo xtask dev` starts the program itself
    }
    let shim_step = Step {
        name: "cargo tauri".into(),
        cost: "at once",
        remedy: format!("Check that {} can be written.", places::cargo_bin().display()),
    };
    shim_step.unless(shim_is_there(), report, write_shim)
}

/// The program itself.
pub fn program() -> PathBuf {
    let name = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    folder().join("node_modules").join(".bin").join(name)
}

fn folder() -> PathBuf {
    places::tools().join("npm")
}

fn is_there() -> bool {
    let manifest = folder().join("node_modules/@tauri-apps/cli/package.json");
    program().exists()
        && fs::read_to_string(manifest)
            .is_ok_and(|text| text.contains(&format!("\"version\": \"{VERSION}\"")))
}

fn shim() -> String {
    // Cargo passes the subcommand's own name first.
    format!("#!/bin/sh\n{SIGNATURE}\nshift\nexec '{}' \"$@\"\n", program().display())
}

/// A `cargo-tauri` that is not ours is the person's own choice, and stays.
fn shim_is_there() -> bool {
    let ours = places::cargo_bin().join("cargo-tauri");
    match places::on_path("cargo-tauri") {
        None => false,
        Some(found) if found == ours => match fs::read(&ours) {
            Ok(bytes) => bytes == shim().as_bytes() || !String::from_utf8_lossy(&bytes).contains(SIGNATURE),
            Err(_) => false,
        },
        Some(_) => true,
    }
}

fn write_shim() -> Result<()> {
    let path = places::cargo_bin().join("cargo-tauri");
    fs::create_dir_all(places::cargo_bin())?;
    fs::write(&path, shim()).with_context(|| format!("could not write {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
