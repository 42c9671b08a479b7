//! The system's clock as the app sees it, which can jump: libfaketime stands between the two, where it is installed.
//!
//! Only the time of day jumps; what counts the time that has passed goes on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

const DAY: i64 = 86_400;

const FOLDERS: [&str; 3] =
    ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib64/faketime"];

/// A clock that is right until it jumps.
pub struct Clock {
    library: PathBuf,
    offset: PathBuf,
}

impl Clock {
    /// Its offset is kept in that folder; `None` where the library is missing.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let mut libraries = FOLDERS.iter().map(|folder| Path::new(folder).join("libfaketimeMT.so.1"));
        let clock =
            Self { library: libraries.find(|library| library.exists())?, offset: folder.join("clock") };
        clock.jump(DAY);
        assert!(clock.seen() - system() > DAY / 2, "the clock does not jump");
        clock.jump(0);
        Some(clock)
    }

    /// What a program sees now, in seconds since 1970.
    fn seen(&self) -> i64 {
        let seen = Command::new("date").arg("+%s").envs(self.environment()).output().unwrap().stdout;
        String::from_utf8(seen).unwrap().trim().parse().unwrap()
    }

    /// What makes a program see it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.offset.display().to_string()),
            // In seconds, how often it looks there.
            ("FAKETIME_CACHE_DURATION", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
        .into()
    }

    /// Is that many seconds ahead from now on.
    pub fn jump(&self, seconds: i64) {
        fs::write(&self.offset, format!("{seconds:+}\n")).unwrap();
    }
}

fn system() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}
