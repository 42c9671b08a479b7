//! A program that runs beside this one. It is asked to end when the guard is dropped, by its process id,
//! and forced only if it does not.

use crate::process;
use anyhow::{Context, Result};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a program has to end when asked: enough to store what it still holds.
const GRACE: Duration = Duration::from_secs(10);

/// How often it is looked whether a program has ended.
const GLANCE: Duration = Duration::from_millis(50);

/// The guard.
pub struct Running(Child);

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Running> {
        let child = command.spawn();
        Ok(Running(child.with_context(|| format!("could not start {}", process::line(command)))?))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// What it prints, if that was piped; once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// How it ended, if it did within `patience`.
    pub fn ended_within(&mut self, patience: Duration) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            let status = self.0.try_wait()?;
            if status.is_some() || start.elapsed() >= patience {
                return Ok(status);
            }
            sleep(GLANCE.min(patience));
        }
    }

    /// How it ended, however long that takes.
    pub fn ended(&mut self) -> Result<ExitStatus> {
        Ok(self.0.wait()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        if cfg!(unix) {
            let mut kill = Command::new("kill");
            kill.args(["-TERM", &self.0.id().to_string()]).stdin(Stdio::null());
            let asked = kill.status().is_ok_and(|status| status.success());
            if asked && matches!(self.ended_within(GRACE), Ok(Some(_))) {
                return;
            }
        }
        // Fails only if it has ended meanwhile.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
