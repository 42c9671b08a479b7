//! Where things are: the clone, and the folder outside it where tools are kept, so that a fresh clone
//! on the same machine need not build them again.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The top of the clone.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies one folder below the top of the clone")
}

/// The tools folder: `LOCKSTEP_TOOLS`, else `lockstep/tools` in the user's cache folder
/// (`$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`).
pub fn tools() -> PathBuf {
    if let Some(chosen) = env::var_os("LOCKSTEP_TOOLS") {
        return chosen.into();
    }
    let cache = if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        Some(home().join("Library/Caches"))
    } else {
        env::var_os("XDG_CACHE_HOME").map(PathBuf::from)
    };
    cache
        .filter(|folder| folder.is_absolute())
        .unwrap_or_else(|| home().join(".cache"))
        .join("lockstep")
        .join("tools")
}

/// The programs in the tools folder. The app looks here for `secantusd-rs`.
pub fn tools_bin() -> PathBuf {
    tools().join("bin")
}

/// One program in the tools folder, with the platform's ending.
pub fn tool(name: &str) -> PathBuf {
    tools_bin().join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map(|folder| root().join(folder)).unwrap_or_else(|| root().join("target"))
}

/// One program of this workspace, as built.
pub fn built(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// Where cargo keeps the programs it installs.
pub fn cargo_bin() -> PathBuf {
    env::var_os("CARGO_HOME").map(PathBuf::from).unwrap_or_else(|| home().join(".cargo")).join("bin")
}

/// Where rustup keeps its toolchains.
pub fn rustup_toolchains() -> PathBuf {
    env::var_os("RUSTUP_HOME").map(PathBuf::from).unwrap_or_else(|| home().join(".rustup")).join("toolchains")
}

/// The folder of what npm has installed for us.
pub fn npm() -> PathBuf {
    tools().join("npm")
}

/// The programs in there.
pub fn npm_bin() -> PathBuf {
    npm().join("node_modules").join(".bin")
}

/// `PATH` with the folders of our own tools first.
pub fn search_path() -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = [tools_bin(), npm_bin()].into_iter().chain(env::split_paths(&old));
    env::join_paths(folders).unwrap_or(old)
}

/// The place of a program on `PATH` (the tools folder included), if it is there.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    env::split_paths(&search_path())
        .flat_map(|folder| endings.iter().map(move |end| folder.join(format!("{program}{end}"))))
        .find(|file| file.is_file())
}

fn home() -> PathBuf {
    #[allow(deprecated)]
    env::home_dir().unwrap_or_default()
}
