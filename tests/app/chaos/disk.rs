//! A small disk of its own for the app's data, which can be filled to the last byte. It is a tmpfs, so only Linux has it, and
//! only where this user may mount one.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// What the app needs at most, and as much again.
const SIZE: &str = "size=128m";

/// A mounted disk; dropping it takes it away.
pub struct Disk(PathBuf);

impl Disk {
    /// Makes the folder and mounts a disk there; `None` where that is not allowed.
    pub fn at(folder: &Path) -> Option<Self> {
        fs::create_dir(folder).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "chaos"]).arg(folder).status().ok()?;
        mounted.success().then(|| Self(folder.to_owned()))
    }

    /// Takes all room that is left.
    pub fn fill(&self) {
        let mut filler = fs::File::create(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            let piece = vec![0; size];
            loop {
                match filler.write_all(&piece) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("the disk cannot be filled: {error}"),
                }
            }
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The app may still have files open there.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
