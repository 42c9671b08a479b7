//! The rows that an import refused, in a file beside the one that they are from: one a line, with its number, the reason, and
//! what stands there.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use lockstep_model::contract::transfer::{REFUSED_ROWS_SHOWN, RefusedRow};
use serde_json::{Value as Json, json};

/// So many files of one name may be there already.
const NAMES_MOST: u32 = 1_000;

/// A report that is being written.
pub struct Report {
    file: File,
    path: PathBuf,
    bytes: u64,
}

impl Report {
    /// A new one beside the source, or, where nothing can be written there, in the other folder.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn begin(source: &Path, otherwise: &Path) -> io::Result<Self> {
        let folder = source.parent().unwrap_or(otherwise);
        let (file, path) = create(folder, source).or_else(|_| create(otherwise, source))?;
        Ok(Self { file, path, bytes: 0 })
    }

    /// One of an earlier run. What it has beyond that length is of rows that are read again.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn resume(path: &Path, bytes: u64) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(path)?;
        // Somebody may have shortened or removed it.
        let bytes = bytes.min(file.metadata()?.len());
        file.set_len(bytes)?;
        file.seek(SeekFrom::Start(bytes))?;
        Ok(Self { file, path: path.to_owned(), bytes })
    }

    /// Adds rows, and returns once they are on the disk.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn add(&mut self, rows: &[RefusedRow]) -> io::Result<()> {
        let mut lines = String::new();
        for RefusedRow { row, reason, text } in rows {
            lines += &json!({ "row": row, "reason": reason, "text": text }).to_string();
            lines.push('\n');
        }
        self.file.write_all(lines.as_bytes())?;
        self.file.sync_data()?;
        self.bytes += lines.len() as u64;
        Ok(())
    }

    /// Where it is, and how long.
    pub fn mark(&self) -> (String, u64) {
        (self.path.display().to_string(), self.bytes)
    }
}

/// `offers.refused.ndjson` for `offers.csv`, with a number where that is there already.
fn create(folder: &Path, source: &Path) -> io::Result<(File, PathBuf)> {
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    for number in 1..NAMES_MOST {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{stem}.refused{number}.ndjson"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (file, path)),
        }
    }
    Err(io::Error::other(format!("{} has {NAMES_MOST} reports of {stem} already", folder.display())))
}

/// The first rows of a report.
///
/// # Errors
/// Those of the disk.
pub fn read(path: &Path) -> io::Result<Vec<RefusedRow>> {
    let lines = BufReader::new(File::open(path)?).lines().take(REFUSED_ROWS_SHOWN);
    let row = |line: String| {
        let json: Json = serde_json::from_str(&line).ok()?;
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        Some(RefusedRow { row: json["row"].as_u64()?, reason: text("reason")?, text: text("text")? })
    };
    lines.filter_map(|line| line.map(row).transpose()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(row: u64) -> RefusedRow {
        RefusedRow { row, reason: "is \"bad\"".into(), text: "a,\nb".into() }
    }

    #[test]
    fn what_an_earlier_run_wrote_too_much_goes() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("offers.csv");
        let mut report = Report::begin(&source, folder.path()).unwrap();
        report.add(&[refused(1)]).unwrap();
        let (path, bytes) = report.mark();
        report.add(&[refused(2), refused(3)]).unwrap();
        assert!(path.ends_with("offers.refused.ndjson"));
        let mut report = Report::resume(Path::new(&path), bytes).unwrap();
        report.add(&[refused(2)]).unwrap();
        assert_eq!(read(Path::new(&path)).unwrap(), [refused(1), refused(2)]);
        let second = Report::begin(&source, folder.path()).unwrap();
        assert!(second.mark().0.ends_with("offers.refused-2.ndjson"));
    }

    #[test]
    fn where_nothing_can_be_written_beside_the_source_it_is_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let report = Report::begin(&folder.path().join("gone/offers.csv"), folder.path()).unwrap();
        assert_eq!(report.mark().0, folder.path().join("offers.refused.ndjson").display().to_string());
    }
}
