//! A virtual screen with a window manager, for a Linux machine without a display. Both end when the guard
//! is dropped, and when this process dies.

use crate::process;
use crate::running::Running;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Room for a window beside another.
const SCREEN: &str = "1920x1200x24";

/// A running Xvfb with openbox, which moves focus as a person's window manager does.
pub struct Display {
    name: String,
    _manager: Running,
    _server: Running,
}

impl Display {
    /// Starts one, and says so, where windows could not be shown otherwise.
    pub fn if_needed() -> Result<Option<Display>> {
        let has = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if !cfg!(target_os = "linux") || has("DISPLAY") || has("WAYLAND_DISPLAY") {
            return Ok(None);
        }
        let display = Display::start()?;
        println!("No display here: the windows open on a virtual one, DISPLAY={}.", display.name);
        Ok(Some(display))
    }

    fn start() -> Result<Display> {
        let mut server = process::tethered("Xvfb");
        // It finds a free number by itself, and prints it once it answers.
        server.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let (number, server) = first_line(server).context("Xvfb did not start")?;
        let name = format!(":{number}");
        let mut manager = process::tethered("openbox");
        manager.args(["--sm-disable", "--startup", "echo ready"]).env("DISPLAY", &name);
        let (_, manager) = first_line(manager).context("openbox did not start")?;
        Ok(Display { name, _manager: manager, _server: server })
    }

    /// Makes `command` open its windows here.
    pub fn show<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DISPLAY", &self.name)
            .env("GDK_BACKEND", "x11")
            // No accessibility bus runs here; looking for one costs seconds.
            .env("NO_AT_BRIDGE", "1")
    }
}

/// Starts a program that prints a line once it is ready.
fn first_line(mut command: Command) -> Result<(String, Running)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Running::start(&mut command)?;
    let output = running.stdout().context("its output is not piped")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    anyhow::ensure!(!line.is_empty(), "it ended before it was ready");
    Ok((line.trim().to_owned(), running))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    // One test, since another's display could take a number that has just become free.
    #[test]
    fn two_stand_side_by_side_answer_as_soon_as_they_are_started_and_are_gone_when_dropped() {
        let displays = [Display::start().unwrap(), Display::start().unwrap()];
        assert_ne!(displays[0].name, displays[1].name);
        for display in displays {
            let mut ask = Command::new("xdotool");
            let size = process::answer(display.show(ask.arg("getdisplaygeometry")));
            assert_eq!(size.as_deref(), Some("1920 1200"));
            let socket = format!("/tmp/.X11-unix/X{}", display.name.trim_start_matches(':'));
            assert!(std::path::Path::new(&socket).exists());
            drop(display);
            assert!(!std::path::Path::new(&socket).exists());
        }
    }
}
