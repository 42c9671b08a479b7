//! A second start on the same data folder: it rings at the host that owns the folder, whose windows then come before the
//! person, and ends.
//!
//! The bell is a file in that folder, which whoever hears it takes away: it works wherever the folder's lock does, and who may
//! not enter the folder cannot ring.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use tauri::{AppHandle, Manager};

use crate::connections::Connections;

/// How often it is listened for the bell.
const EVERY: Duration = Duration::from_millis(250);

/// A host that has not heard the bell by then is not well.
const PATIENCE: Duration = Duration::from_secs(5);

/// Rings at the host that owns that data folder. Returns whether it has heard.
pub fn ring(data: &Path) -> bool {
    let bell = bell(data);
    if let Err(error) = fs::write(&bell, []) {
        eprintln!("lockstep: {} cannot be written: {error}", bell.display());
        return false;
    }
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        thread::sleep(EVERY / 5);
        if !bell.exists() {
            return true;
        }
    }
    // Nobody is to hear it later, when the person has gone on.
    let _ = fs::remove_file(bell);
    false
}

/// Listens for the bell of a data folder as long as the process lives, and raises the windows when it rings.
pub fn listen(app: &AppHandle, data: &Path) {
    let (app, bell) = (app.clone(), bell(data));
    // It rang at a host that had gone.
    let _ = fs::remove_file(&bell);
    thread::spawn(move || {
        loop {
            thread::sleep(EVERY);
            if fs::remove_file(&bell).is_ok()
                && let Some(connections) = app.try_state::<Connections>()
            {
                connections.raise_all(&app);
            }
        }
    });
}

fn bell(data: &Path) -> PathBuf {
    data.join("raise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_heard_takes_the_bell_away() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_owned();
        let heard = thread::spawn({
            let bell = bell(&data);
            move || {
                while fs::remove_file(&bell).is_err() {
                    thread::yield_now()
                }
            }
        });
        assert!(ring(&data));
        heard.join().unwrap();
        assert!(!ring(&data) && !bell(&data).exists());
    }
}
