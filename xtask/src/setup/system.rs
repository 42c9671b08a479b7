//! What the system itself must bring: the web view, a compiler, what the embedded database is built with,
//! and on Linux a virtual screen for tests. Installed by apt where there is one; elsewhere named.

use super::apt;
use crate::step::{Report, Step};
use crate::{places, process};
use anyhow::{Result, bail};
use std::process::Command;

/// How a system without apt is asked whether it has something.
enum Sign {
    /// A program on `PATH`.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// Nothing cheap tells; only apt is asked.
    None,
}

/// One thing that the system brings, with its name on each Linux.
struct Need {
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
    sign: Sign,
}

const fn need(debian: &'static str, fedora: &'static str, arch: &'static str, sign: Sign) -> Need {
    Need { debian, fedora, arch, sign }
}

const LINUX: &[Need] = &[
    need("build-essential", "gcc-c++", "base-devel", Sign::Program("c++")),
    need("pkg-config", "pkgconf-pkg-config", "pkgconf", Sign::Program("pkg-config")),
    need("libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1", Sign::Library("webkit2gtk-4.1")),
    // The tests' WebDriver client links it.
    need("libssl-dev", "openssl-devel", "openssl", Sign::Library("openssl")),
    // secantusd-rs compiles WiredTiger.
    need("cmake", "cmake", "cmake", Sign::Program("cmake")),
    need("ninja-build", "ninja-build", "ninja", Sign::Program("ninja")),
    need("clang", "clang", "clang", Sign::Program("clang")),
    need("libclang-dev", "clang-devel", "clang", Sign::None),
    // Tests drive real windows, on a virtual screen where there is no real one.
    need("webkit2gtk-driver", "webkit2gtk-driver", "webkit2gtk-4.1", Sign::Program("WebKitWebDriver")),
    need("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", Sign::Program("Xvfb")),
    need("openbox", "openbox", "openbox", Sign::Program("openbox")),
    need("xdotool", "xdotool", "xdotool", Sign::Program("xdotool")),
    need("maim", "maim", "maim", Sign::Program("maim")),
    // A keychain of its own for a test.
    need("dbus", "dbus-daemon", "dbus", Sign::Program("dbus-daemon")),
    need("dbus", "dbus-tools", "dbus", Sign::Program("dbus-send")),
    need("gnome-keyring", "gnome-keyring", "gnome-keyring", Sign::Program("gnome-keyring-daemon")),
    // A clock that jumps, for `chaos`.
    need("faketime", "libfaketime", "libfaketime", Sign::Program("faketime")),
    need("fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", Sign::None),
    need("fonts-inter", "rsms-inter-fonts", "inter-font", Sign::None),
];

/// The step that gets them all.
pub fn packages(report: Report) -> Result<()> {
    let step = |remedy: String| Step { name: "system packages".into(), cost: "about 1 min", remedy };
    if apt::here() {
        let mut names: Vec<&str> = LINUX.iter().map(|need| need.debian).collect();
        // Node.js from elsewhere brings npm without a package of that name.
        if places::on_path("npm").is_none() {
            names.extend(["nodejs", "npm"]);
        }
        let missing = apt::missing(&names);
        let remedy = format!("Run: sudo apt-get install --no-install-recommends {}", missing.join(" "));
        return step(remedy).unless(missing.is_empty(), report, || apt::install(&missing));
    }
    let missing = if cfg!(target_os = "linux") { missing_on_linux() } else { missing_elsewhere() };
    step(format!("Install: {}", missing.join(", ")))
        .unless(missing.is_empty(), report, || bail!("not on this machine: {}", missing.join(", ")))
}

fn missing_on_linux() -> Vec<String> {
    let fedora = places::on_path("dnf").is_some();
    let named = |need: &Need| if fedora { need.fedora } else { need.arch }.to_owned();
    let mut missing: Vec<String> = LINUX.iter().filter(|need| !is_there(&need.sign)).map(named).collect();
    if places::on_path("npm").is_none() {
        missing.push("npm".into());
    }
    missing.dedup();
    missing
}

fn is_there(sign: &Sign) -> bool {
    match sign {
        Sign::Program(name) => places::on_path(name).is_some(),
        Sign::Library(name) => process::succeeds(Command::new("pkg-config").args(["--exists", name])),
        Sign::None => true,
    }
}

/// macOS brings its web view, Windows 11 too; both lack what the embedded database is built with.
fn missing_elsewhere() -> Vec<String> {
    let (cmake, ninja, clang, npm) = if cfg!(windows) {
        (
            "Kitware.CMake (winget)",
            "Ninja-build.Ninja (winget)",
            "LLVM.LLVM (winget)",
            "OpenJS.NodeJS (winget)",
        )
    } else {
        ("cmake (brew)", "ninja (brew)", "the command line tools (xcode-select --install)", "node (brew)")
    };
    [("cmake", cmake), ("ninja", ninja), ("clang", clang), ("npm", npm)]
        .into_iter()
        .filter(|(program, _)| places::on_path(program).is_none())
        .map(|(_, name)| name.to_owned())
        .collect()
}
