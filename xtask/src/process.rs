//! Starting other programs: with the tools folder on `PATH`, the right Rust, and an error that says
//! what was run and what became of it.

use crate::{places, toolchain};
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::process::{Command, Stdio};

/// A command that runs in the clone, finds the pinned tools first and builds with the Rust that has the
/// wasm target.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places::root()).env("PATH", places::search_path());
    if let Some(name) = toolchain::name() {
        command.env("RUSTUP_TOOLCHAIN", name);
    }
    command
}

/// Like [`command`], but it ends when this process dies, by whatever signal (on Linux; elsewhere a
/// terminal's Ctrl-C reaches both).
pub fn tethered(program: impl AsRef<OsStr>) -> Command {
    match places::on_path("setpriv") {
        Some(setpriv) if cfg!(target_os = "linux") => {
            let mut tethered = command(setpriv);
            tethered.args(["--pdeathsig", "TERM", "--"]).arg(program);
            tethered
        }
        _ => command(program),
    }
}

/// Runs it in the foreground; an error if it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", line(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs it with its output in `logs/NAME.log` of the tools folder; an error shows the end of that log.
pub fn run_logged(command: &mut Command, name: &str) -> Result<()> {
    let folder = places::tools().join("logs");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let path = folder.join(format!("{name}.log"));
    let log = File::create(&path).with_context(|| format!("could not write {}", path.display()))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .status()
        .with_context(|| format!("could not start {}", line(command)))?;
    if !status.success() {
        let text = fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let end = lines[lines.len().saturating_sub(30)..].join("\n    ");
        bail!("{} ended with {status}; the end of {}:\n    {end}", line(command), path.display());
    }
    Ok(())
}

/// What it prints, if it can be started and succeeds.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether it can be started and succeeds, whatever it prints.
pub fn succeeds(command: &mut Command) -> bool {
    answer(command).is_some()
}

/// The command as one would type it, for messages.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
