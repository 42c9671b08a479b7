//! The windows' code, compiled to wasm by Trunk into `dist/`, which the host embeds or, under `tauri dev`,
//! loads from Trunk's server.

use crate::setup::tools;
use crate::{places, process};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
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
        ["serve"] => {
            bring_chart_library()?;
            process::run(&mut trunk("serve"))
        }
        _ => bail!("say `build`, `build --release` or `serve`"),
    }
}

/// Builds `dist/`. What is the same as before is not touched: the host is built anew when anything in there is.
pub fn build(profile: Profile) -> Result<()> {
    bring_chart_library()?;
    // Trunk empties it: not the folder of the profile `front-end`, where Cargo keeps what it has built.
    let fresh = places::target().join("dist");
    let mut trunk = trunk("build");
    trunk.arg("--dist").arg(&fresh);
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    process::run(&mut trunk)?;
    let dist = places::root().join("dist");
    bring_up_to_date(&fresh, &dist).with_context(|| format!("could not bring {} up to date", dist.display()))
}

/// Puts the chart library where `index.html` has Trunk take it along.
fn bring_chart_library() -> Result<()> {
    let (from, to) = (tools::chart_library(), places::root().join("gen").join("chart.js"));
    fs::create_dir_all(places::root().join("gen"))?;
    fs::copy(&from, &to)
        .with_context(|| format!("could not read {}; `cargo xtask setup` brings it", from.display()))
        .map(drop)
}

/// Makes `old`, a folder of files, the same as `new`.
fn bring_up_to_date(new: &Path, old: &Path) -> Result<()> {
    fs::create_dir_all(old)?;
    for file in fs::read_dir(old)? {
        let file = file?;
        if !new.join(file.file_name()).exists() {
            fs::remove_file(file.path())?;
        }
    }
    for file in fs::read_dir(new)? {
        let file = file?;
        let (bytes, place) = (fs::read(file.path())?, old.join(file.file_name()));
        if fs::read(&place).ok().as_deref() != Some(&bytes) {
            fs::write(place, bytes)?;
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_written() {
        let folder = std::env::temp_dir().join(format!("lockstep-front-end-{}", std::process::id()));
        let (new, old) = (folder.join("new"), folder.join("old"));
        fs::create_dir_all(&new).unwrap();
        fs::create_dir_all(&old).unwrap();
        for (place, content) in
            [("new/same", "a"), ("old/same", "a"), ("new/other", "b"), ("old/other", "c"), ("old/gone", "d")]
        {
            fs::write(folder.join(place), content).unwrap();
        }
        let written = fs::metadata(old.join("same")).unwrap().modified().unwrap();
        bring_up_to_date(&new, &old).unwrap();
        let content = |name| fs::read_to_string(old.join(name)).ok();
        assert_eq!(
            (content("same"), content("other"), content("gone")),
            (Some("a".into()), Some("b".into()), None)
        );
        assert_eq!(fs::metadata(old.join("same")).unwrap().modified().unwrap(), written);
        fs::remove_dir_all(&folder).unwrap();
    }
}
