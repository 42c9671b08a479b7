//! Starts Lockstep, or the supervisor of its embedded database.

// No console window beside the app on Windows, except in development.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match lockstep_host::embedded::supervise_if_asked() {
        Some(ended) => ended,
        None => lockstep_host::run(),
    }
}
