//! `cargo xtask dev`: the app as one works on it. Edits of the front end reload the windows, edits of the
//! host restart it.

use crate::display::Display;
use crate::front_end::{self, Profile};
use crate::step::Report;
use crate::{process, setup};
use anyhow::Result;

/// Sets up and hands over to Tauri's command line, with `words` as its further arguments.
pub fn dev(words: Vec<String>) -> Result<()> {
    setup::setup(Report::Changes)?;
    // Tauri's command line waits only so long for Trunk's server: build the bulk before.
    front_end::build(Profile::Dev)?;
    let display = Display::if_needed()?;
    let mut tauri = process::command(setup::tauri_cli::program());
    tauri.arg("dev").args(words.iter().skip_while(|word| *word == "--"));
    if let Some(display) = &display {
        display.show(&mut tauri);
    }
    process::run(&mut tauri)
}
