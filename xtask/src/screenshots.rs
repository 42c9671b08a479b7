//! Pictures of the app's windows on a virtual screen, so that somebody without a display can see what they
//! show.

use crate::display::Display;
use crate::running::Running;
use crate::{places, process};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the first window may take.
const FIRST_WINDOW: Duration = Duration::from_secs(60);

/// A picture is taken once nothing has changed for this long,
const STILL: Duration = Duration::from_secs(4);

/// or, where something always moves, after this long.
const RESTLESS: Duration = Duration::from_secs(30);

/// Waits for the windows of `app`, and leaves a picture of the screen and one of each window.
pub fn take(display: &Display, app: &mut Running) -> Result<Vec<PathBuf>> {
    let folder = places::root().join("screenshots");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    wait_for_window(display, app)?;
    let screen = folder.join("screen.png");
    wait_until_still(display, &screen)?;

    let mut pictures = vec![screen];
    for (index, window) in windows(display, app).iter().enumerate() {
        let file = folder.join(format!("window-{}.png", index + 1));
        picture(display, &["--window", window], &file)?;
        pictures.push(file);
    }
    Ok(pictures)
}

fn wait_for_window(display: &Display, app: &mut Running) -> Result<()> {
    let start = Instant::now();
    while windows(display, app).is_empty() {
        if let Some(status) = app.ended_within(Duration::from_millis(200))? {
            bail!("the app ended with {status} before it showed a window");
        }
        ensure!(start.elapsed() < FIRST_WINDOW, "no window appeared within {FIRST_WINDOW:?}");
    }
    Ok(())
}

fn wait_until_still(display: &Display, file: &Path) -> Result<()> {
    let start = Instant::now();
    let mut last = Vec::new();
    let mut since = Instant::now();
    while start.elapsed() < RESTLESS && since.elapsed() < STILL {
        picture(display, &[], file)?;
        let now = fs::read(file)?;
        if now != last {
            last = now;
            since = Instant::now();
        }
        sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// The visible windows that have a name: a toolkit's helper windows have none.
fn windows(display: &Display, app: &Running) -> Vec<String> {
    let mut search = Command::new("xdotool");
    search.args(["search", "--all", "--onlyvisible", "--pid", &app.id().to_string(), "--name", "."]);
    let found = process::answer(display.show(&mut search)).unwrap_or_default();
    found.lines().map(str::to_owned).collect()
}

fn picture(display: &Display, what: &[&str], file: &Path) -> Result<()> {
    let mut maim = Command::new("maim");
    maim.args(["--hidecursor", "--quality", "8"]).args(what).arg(file);
    process::run(display.show(&mut maim))
}
