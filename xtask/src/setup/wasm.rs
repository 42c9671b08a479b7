//! The wasm target that the windows are compiled for. Where rustup may download, it brings it. Where it may
//! not (`RUSTUP_AUTO_INSTALL=0`, or its server is out of reach), Debian's own compiler does: its packages
//! contain the sources of the standard library, which is built once for wasm and put where that compiler
//! looks for it.

use super::apt;
use crate::step::{Report, Step};
use crate::{places, process, toolchain};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Its name.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What the standard library is built for and with; a workspace of its own wherever it lies.
const EMPTY_CRATE: &str = r#"
[package]
name = "empty"
edition = "2021"

[profile.release]
panic = "abort"

[workspace]
"#;

/// The steps that get it, by the way that this machine allows.
pub fn target(report: Report) -> Result<()> {
    if toolchain::name().is_none() {
        if rustup_has_it() {
            return by_rustup().unless(true, report, || Ok(()));
        }
        let may_download = std::env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0");
        if may_download || !apt::here() {
            let added = by_rustup().unless(false, report, || {
                process::run_logged(
                    process::command("rustup").args(["target", "add", TARGET]),
                    "rustup-target",
                )
            });
            if added.is_ok() || !apt::here() {
                return added;
            }
            println!("  rustup could not bring it: taking Debian's compiler");
        }
    }
    debian_compiler(report)?;
    debian_standard_library(report)?;
    linked_toolchain(report)
}

fn by_rustup() -> Step {
    Step {
        name: format!("Rust's {TARGET} target"),
        cost: "a few seconds",
        remedy: format!("Run: rustup target add {TARGET}"),
    }
}

fn rustup_has_it() -> bool {
    process::answer(process::command("rustc").args(["--print", "sysroot"]))
        .is_some_and(|sysroot| library_in(Path::new(&sysroot)).join("lib").is_dir())
}

fn library_in(sysroot: &Path) -> PathBuf {
    sysroot.join("lib").join("rustlib").join(TARGET)
}

fn debian_compiler(report: Report) -> Result<()> {
    let mut packages = vec!["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"];
    let mut missing = apt::missing(&packages);
    // The linker, `/usr/bin/rust-lld`, points into the lld of the LLVM that rustc is built with.
    let linker = if Path::new("/usr/bin/rust-lld").exists() { None } else { matching_linker() };
    if let Some(linker) = linker.as_deref() {
        packages.push(linker);
        missing.push(linker);
    }
    let step = Step {
        name: "Debian's Rust compiler".into(),
        cost: "about 1 min",
        remedy: format!("Run: sudo apt-get install --no-install-recommends {}", packages.join(" ")),
    };
    step.unless(missing.is_empty(), report, || apt::install(&missing))
}

fn matching_linker() -> Option<String> {
    let depends = process::answer(Command::new("apt-cache").args(["depends", "rust-web-llvm"]))?;
    let llvm = depends.split_whitespace().find_map(|word| word.strip_prefix("llvm-"))?;
    Some(format!("lld-{llvm}"))
}

fn debian_standard_library(report: Report) -> Result<()> {
    let version = process::answer(Command::new("/usr/bin/rustc").arg("-vV")).unwrap_or_default();
    let place = library_in(Path::new("/usr"));
    let there = fs::read_to_string(place.join("stamp")).is_ok_and(|stamp| stamp.trim() == version);
    let step = Step {
        name: "Rust's standard library for wasm".into(),
        cost: "about 1 min",
        remedy: "Run `cargo xtask setup` again; the log says what the compiler said.".into(),
    };
    step.unless(there, report, || build_standard_library(&version, &place))
}

/// Builds an empty crate together with the standard library, and keeps the latter.
///
/// Bitcode is embedded because link-time optimisation needs it; `test` is for `cargo test` on wasm.
fn build_standard_library(version: &str, place: &Path) -> Result<()> {
    let work = places::tools().join("wasm-std");
    remove(&work)?;
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "")?;
    fs::write(work.join("Cargo.toml"), EMPTY_CRATE)?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo
        .current_dir(&work)
        .args(["build", "--release", "-Zbuild-std=std,panic_abort,test", "--target", TARGET])
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"));
    process::run_logged(&mut cargo, "wasm-std")?;

    let built = work.join("target").join(TARGET).join("release").join("deps");
    let staged = work.join("staged");
    fs::create_dir_all(staged.join("lib"))?;
    fs::write(staged.join("stamp"), version)?;
    let mut libraries = 0;
    for entry in fs::read_dir(&built).with_context(|| format!("could not list {}", built.display()))? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("lib") && name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(&file, staged.join("lib").join(name))?;
            libraries += 1;
        }
    }
    if libraries == 0 {
        bail!("the build left no libraries in {}", built.display());
    }
    process::run_logged(apt::as_root("rm")?.arg("-rf").arg(place), "wasm-std-remove")?;
    process::run_logged(apt::as_root("cp")?.arg("-r").arg(&staged).arg(place), "wasm-std-copy")?;
    remove(&work)?;
    // What was compiled against the library before gives nonsense errors with this one.
    remove(&places::root().join("target").join(TARGET))
}

fn linked_toolchain(report: Report) -> Result<()> {
    let name = toolchain::DEBIAN;
    let step = |name: String| Step {
        name,
        cost: "at once",
        remedy: format!("Run: rustup toolchain link {} /usr", toolchain::DEBIAN),
    };
    step(format!("rustup toolchain `{name}`")).unless(toolchain::name().is_some(), report, || {
        process::run_logged(Command::new("rustup").args(["toolchain", "link", name, "/usr"]), "rustup-link")
    })?;
    // So that plain `cargo` in this clone builds with it too, and nothing is compiled by two compilers.
    step(format!("this clone builds with `{name}`")).unless(overridden(name), report, || {
        let mut set = Command::new("rustup");
        set.args(["override", "set", name, "--path"]).arg(places::root());
        process::run_logged(&mut set, "rustup-override")
    })
}

/// Read from rustup's settings: asking rustup costs more than all other checks together.
fn overridden(name: &str) -> bool {
    let settings = places::rustup_toolchains().with_file_name("settings.toml");
    let Ok(clone) = places::root().canonicalize() else { return false };
    let line = format!("\"{}\" = \"{name}\"", clone.display());
    fs::read_to_string(settings).is_ok_and(|settings| settings.lines().any(|have| have.trim() == line))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
