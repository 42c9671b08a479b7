//! The windows' code, compiled to wasm by Trunk into `dist/`, which the host embeds or, under `tauri dev`,
//! loads from Trunk's server.

use crate::process;
use anyhow::{Result, bail};
use std::process::Command;

/// How the windows' code is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// Small and fast: what people get.
    #[default]
    Release,
}

/// `front-end build [--release]` and `front-end serve`.
pub fn front_end(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["build"] => build(Profile::Dev),
        ["build", "--release"] => build(Profile::Release),
        ["serve"] => process::run(&mut trunk("serve")),
        _ => bail!("say `build`, `build --release` or `serve`"),
    }
}

/// Builds `dist/`.
pub fn build(profile: Profile) -> Result<()> {
    let mut trunk = trunk("build");
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    process::run(&mut trunk)
}

fn trunk(what: &str) -> Command {
    let mut trunk = process::command("trunk");
    trunk.arg(what);
    // Trunk takes only `true` and `false` there, and the rest of the world writes 1.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    trunk
}
