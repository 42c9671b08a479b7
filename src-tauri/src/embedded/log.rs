//! What the server prints, in `server.log`; the run before it in `server.previous.log`. The last lines are kept at
//! hand, for the message when it ends. It reads nothing out of them.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// When a file is this large it becomes the previous one.
const LARGEST_BYTES: u64 = 8 << 20;

/// How many lines a message about the server's end may quote.
const LAST_LINES: usize = 3;

/// The server's log, open for writing.
#[derive(Debug)]
pub struct Log {
    folder: PathBuf,
    file: File,
    bytes: u64,
    last: VecDeque<String>,
}

impl Log {
    /// Begins a new file in `folder`; the one that was there becomes the previous.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        let current = folder.join("server.log");
        match fs::rename(&current, folder.join("server.previous.log")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = File::create(current)?;
        Ok(Self { folder: folder.into(), file, bytes: 0, last: VecDeque::new() })
    }

    /// Adds a line. A disk that takes no log is no reason to stop the server, so a failed write is passed over.
    pub fn line(&mut self, text: &str) {
        if self.bytes > LARGEST_BYTES
            && let Ok(next) = Self::begin(&self.folder)
        {
            (self.file, self.bytes) = (next.file, next.bytes);
        }
        let _ = writeln!(self.file, "{text}");
        self.bytes += text.len() as u64 + 1;
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
        }
        self.last.push_back(text.into());
    }

    /// The last lines, as one.
    pub fn last_lines(&self) -> String {
        self.last.iter().map(String::as_str).collect::<Vec<_>>().join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_this_run_and_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        for run in ["first", "second", "third"] {
            Log::begin(folder.path()).unwrap().line(run);
        }
        let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read("server.log"), read("server.previous.log")), ("third\n".into(), "second\n".into()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn never_grows_beyond_two_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::begin(folder.path()).unwrap();
        let line = "x".repeat(1 << 20);
        (0..40).for_each(|_| log.line(&line));
        let total: u64 =
            fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
        assert!(total <= 2 * (LARGEST_BYTES + line.len() as u64 + 1), "{total}");
        assert_eq!(log.last_lines(), [line.as_str(); LAST_LINES].join(" | "));
    }
}
