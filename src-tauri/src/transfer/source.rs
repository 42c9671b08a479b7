//! A file to import from: which it is, and how its rows seem to lie in it.

use std::{
    fs::{File, Metadata},
    io::{self, Read},
    path::Path,
    time::UNIX_EPOCH,
};

use lockstep_model::{
    Failure,
    contract::transfer::{EmptyCell, Encoding, FileFormat, ImportPlan, Source},
};
use xxhash_rust::xxh3::xxh3_64;

/// So much of a file is looked at to know it again.
const HEAD_BYTES: u64 = 64 * 1024;

/// Which file it is, and how it begins.
///
/// # Errors
/// [`Failure::InvalidInput`] where it cannot be read, with the reason.
pub fn look(path: &Path) -> Result<(Source, Vec<u8>), Failure> {
    let read = || -> io::Result<(Metadata, Vec<u8>)> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::other("it is a folder"));
        }
        let mut head = Vec::new();
        file.take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok((metadata, head))
    };
    let (metadata, head) = read().map_err(|error| unreadable(path, &error))?;
    let source = Source {
        path: path.display().to_string(),
        bytes: metadata.len(),
        changed_ms: changed_ms(&metadata),
        head: xxh3_64(&head).cast_signed(),
    };
    Ok((source, head))
}

/// Why a file cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::invalid(format!("{} cannot be read: {error}", path.display()))
}

/// Whether the file is as it was, as far as can be told without reading it.
///
/// # Errors
/// Those of the disk.
pub fn is_unchanged(source: &Source) -> io::Result<bool> {
    let metadata = std::fs::metadata(&source.path)?;
    Ok(metadata.len() == source.bytes && changed_ms(&metadata) == source.changed_ms)
}

fn changed_ms(metadata: &Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|changed| changed.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or_default()
}

/// How a file of that name, that begins so, seems to be read. Its columns are for later.
///
/// # Errors
/// [`Failure::InvalidInput`] for text of two bytes a character.
pub fn guess(path: &Path, head: &[u8]) -> Result<ImportPlan, Failure> {
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(Failure::invalid(format!(
            "{} is UTF-16: save it as UTF-8, which every spreadsheet can",
            path.display()
        )));
    }
    let text = String::from_utf8_lossy(head);
    let begins_with = text.trim_start_matches('\u{FEFF}').trim_start().chars().next();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let format = match (&*extension, begins_with) {
        ("ndjson" | "jsonl", _) => FileFormat::Ndjson,
        ("csv" | "tsv" | "tab", _) => FileFormat::Csv,
        (_, Some('[')) => FileFormat::Json,
        (_, Some('{')) if is_one_a_line(&text) => FileFormat::Ndjson,
        (_, Some('{')) => FileFormat::Json,
        ("json", _) => FileFormat::Json,
        _ => FileFormat::Csv,
    };
    let encoding = if is_utf8(head) { Encoding::Utf8 } else { Encoding::Windows1252 };
    let separator = separator(text.lines().next().unwrap_or_default());
    Ok(ImportPlan { format, encoding, separator, empty: EmptyCell::Missing, columns: Vec::new() })
}

/// Whether the first line is a document, and another one follows.
fn is_one_a_line(text: &str) -> bool {
    let mut lines = text.trim_start().lines().map(str::trim_end);
    lines.next().is_some_and(|line| line.ends_with('}'))
        && lines.next().is_some_and(|line| line.starts_with('{'))
}

/// It may be cut in the middle of a character.
fn is_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() as u64 == HEAD_BYTES,
    }
}

/// What stands most often in the header, outside of quotes.
fn separator(header: &str) -> char {
    let outside: String = header.split('"').step_by(2).collect();
    let count = |separator: &char| outside.matches(*separator).count();
    // Of equally many the last is taken: a comma where there is nothing.
    ['|', '\t', ';', ','].into_iter().max_by_key(count).expect("there are four")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_file_is_guessed() {
        use FileFormat::{Csv, Json, Ndjson};
        for (name, head, format, separator) in [
            ("a.csv", "a,b\n1,2", Csv, ','),
            ("a.csv", "\u{FEFF}\"a, b\";c\n", Csv, ';'),
            ("a.tsv", "a\tb", Csv, '\t'),
            ("a.txt", "a", Csv, ','),
            ("a.json", "[{}]", Json, ','),
            ("a.json", " {\"a\":\n1}", Json, ','),
            ("a.json", "{\"a\":1}\n{\"a\":2}\n", Ndjson, ','),
            ("a.jsonl", "", Ndjson, ','),
            ("a", "{}", Json, ','),
        ] {
            let plan = guess(Path::new(name), head.as_bytes()).unwrap();
            assert_eq!((plan.format, plan.separator), (format, separator), "{name} {head}");
            assert_eq!(plan.encoding, Encoding::Utf8);
        }
        assert_eq!(guess(Path::new("a.csv"), b"M\xFCller").unwrap().encoding, Encoding::Windows1252);
        assert!(guess(Path::new("a.csv"), b"\xFF\xFEa\0").unwrap_err().to_string().contains("UTF-16"));
    }
}
