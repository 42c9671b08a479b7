//! Tauri's command line, prebuilt from npm (building it takes over ten minutes), and a `cargo-tauri` that
//! calls it, so that plain `cargo tauri dev` works.

use super::npm::Package;
use crate::places;
use crate::step::{Report, Step};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

const SIGNATURE: &str = "# Written by Lockstep's `cargo xtask setup`.";

const CLI: Package = Package { what: "Tauri's command line", name: "@tauri-apps/cli", version: "2.12.5" };

/// The steps that get both.
pub fn install(report: Report) -> Result<()> {
    CLI.install(report)?;
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
    places::npm_bin().join(name)
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
