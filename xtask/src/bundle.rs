//! `cargo xtask build`: the installer, by Tauri's command line, with the embedded database beside the app.

use crate::step::Report;
use crate::{places, process, setup};
use anyhow::{Context, Result};
use std::fs;

/// Sets up and builds; `words` go to `tauri build`.
pub fn build(words: Vec<String>) -> Result<()> {
    setup::setup(Report::Changes)?;
    let sidecar = sidecar()?;
    // The database is GPL-2.0: its notice goes where it goes.
    let config = format!(
        "{{\"bundle\":{{\"externalBin\":[{sidecar:?}],\"resources\":{{\"src-tauri/notices/\":\"notices/\"}}}}}}"
    );
    let mut tauri = process::command(setup::tauri_cli::program());
    tauri.args(["build", "--config", &config]).args(words.iter().skip_while(|word| *word == "--"));
    process::run(&mut tauri)
}

/// Tauri wants the program under a name that ends in the platform's triple, and is given it without.
fn sidecar() -> Result<String> {
    let about = process::answer(process::command("rustc").arg("-vV")).context("rustc does not answer")?;
    let triple = about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let folder = places::target().join("sidecar");
    fs::create_dir_all(&folder)?;
    let named = folder.join(format!("secantusd-rs-{triple}{}", std::env::consts::EXE_SUFFIX));
    fs::copy(places::tool("secantusd-rs"), &named)
        .with_context(|| format!("could not put the database at {}", named.display()))?;
    Ok(folder.join("secantusd-rs").display().to_string())
}
