//! The rows of a file, one after the other, from any place on.
//!
//! A row that is too long or is not text is a row that is refused; the next one is read all the same. No more than one row is
//! in memory.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use lockstep_model::contract::transfer::{
    CSV_ROW_MOST_BYTES, Encoding, FileFormat, ImportPlan, JSON_ROW_MOST_BYTES,
};
use lockstep_sync::transfer::{
    checkpoint::Place,
    json::{Byte, Scanner},
    row::Text,
};

/// The mark at the beginning of some files of UTF-8.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
/// What a report shows of a row.
const SHOWN_MOST_BYTES: usize = 64 * 1024;
const READ_AHEAD_BYTES: usize = 256 * 1024;

/// A row as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which, from 1.
    pub number: u64,
    /// What it says; or why nothing can be made of it.
    pub text: Result<Text, String>,
    /// As it stands in the file; its beginning, where it is very long.
    pub original: String,
}

/// Reads rows.
pub struct Rows {
    reader: BufReader<File>,
    plan: ImportPlan,
    /// Behind the last row that was read.
    place: Place,
    /// Of CSV.
    header: Vec<String>,
    csv: Box<Reader>,
}

/// How something stands in the file, and what it is; or why nothing can be made of it.
type As<T> = (String, Result<T, String>);

/// The bytes of a row.
struct Found {
    bytes: Vec<u8>,
    /// There were more than are kept.
    is_too_long: bool,
}

impl Rows {
    /// From that place on.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open(path: &Path, plan: &ImportPlan, from: Place) -> io::Result<Self> {
        let mut reader = BufReader::with_capacity(READ_AHEAD_BYTES, File::open(path)?);
        let mut start = [0; BYTE_ORDER_MARK.len()];
        let is_marked = reader.read_exact(&mut start).is_ok() && start == BYTE_ORDER_MARK;
        let begin = if is_marked { BYTE_ORDER_MARK.len() as u64 } else { 0 };
        reader.seek(SeekFrom::Start(begin))?;
        let separator = u8::try_from(plan.separator).unwrap_or(b',');
        let csv = Box::new(ReaderBuilder::new().delimiter(separator).build());
        let place = Place { bytes: begin, rows: 0 };
        let mut rows = Self { reader, plan: plan.clone(), place, header: Vec::new(), csv };
        if plan.format == FileFormat::Csv {
            let header = rows.next_record()?.map(|(_, cells)| cells);
            rows.header = header.and_then(Result::ok).unwrap_or_default();
        }
        if from.bytes > rows.place.bytes {
            rows.reader.seek(SeekFrom::Start(from.bytes))?;
            rows.place = from;
            rows.csv.reset();
        }
        Ok(rows)
    }

    /// Of CSV, the names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Behind the last row that was read.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        let found = match self.plan.format {
            FileFormat::Csv => {
                self.next_record()?.map(|(original, cells)| (original, cells.map(Text::Cells)))
            }
            FileFormat::Json => self.next_document()?.map(|found| self.json(found)),
            FileFormat::Ndjson => self.next_line()?.map(|found| self.json(found)),
        };
        Ok(found.map(|(original, text)| {
            self.place.rows += 1;
            Row { number: self.place.rows, text, original }
        }))
    }

    fn json(&self, found: Found) -> As<Text> {
        let original = original(&found.bytes);
        if found.is_too_long {
            return (original, Err(too_long(JSON_ROW_MOST_BYTES)));
        }
        (original, self.decode(&found.bytes).map(Text::Json))
    }

    fn decode(&self, bytes: &[u8]) -> Result<String, String> {
        match self.plan.encoding {
            Encoding::Windows1252 => Ok(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
            Encoding::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_owned()),
                Err(error) => {
                    let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
                    Err(format!(
                        "is not UTF-8: it has the byte {byte:#04x} after {} others",
                        error.valid_up_to()
                    ))
                }
            },
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Found>> {
        loop {
            let Some(mut found) = self.read_until(b'\n')? else { return Ok(None) };
            while matches!(found.bytes.last(), Some(b'\n' | b'\r')) {
                found.bytes.pop();
            }
            if found.is_too_long || !found.bytes.trim_ascii().is_empty() {
                return Ok(Some(found));
            }
        }
    }

    /// Bytes up to the next of that kind, which is one of them; `None` at the end of the file.
    fn read_until(&mut self, last: u8) -> io::Result<Option<Found>> {
        let mut found = Found { bytes: Vec::new(), is_too_long: false };
        let mut any = false;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(any.then_some(found));
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == last);
            let taken = end.map_or(buffer.len(), |end| end + 1);
            found.take(&buffer[..taken], JSON_ROW_MOST_BYTES);
            self.reader.consume(taken);
            self.place.bytes += taken as u64;
            if end.is_some() {
                return Ok(Some(found));
            }
        }
    }

    fn next_document(&mut self) -> io::Result<Option<Found>> {
        let mut found = Found { bytes: Vec::new(), is_too_long: false };
        let (mut scanner, mut any) = (Scanner::default(), false);
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(any.then_some(found));
            }
            let (mut taken, mut from, mut is_over) = (0, 0, false);
            for byte in buffer {
                let of = scanner.take(*byte);
                taken += 1;
                match of {
                    Byte::Between => from = taken,
                    Byte::Inside => any = true,
                    Byte::Last => is_over = true,
                    Byte::Behind => {
                        taken -= 1;
                        is_over = true;
                    }
                }
                if is_over {
                    break;
                }
            }
            found.take(&buffer[from..taken], JSON_ROW_MOST_BYTES);
            self.reader.consume(taken);
            self.place.bytes += taken as u64;
            if is_over {
                return Ok(Some(found));
            }
        }
    }

    /// The next record of CSV: as it stands there, and its cells.
    fn next_record(&mut self) -> io::Result<Option<As<Vec<String>>>> {
        let mut raw = Found { bytes: Vec::new(), is_too_long: false };
        let (mut output, mut ends) = (vec![0; 1024], vec![0; 32]);
        let (mut written, mut cells) = (0, 0);
        loop {
            let input = self.reader.fill_buf()?;
            let (result, read, wrote, ended) =
                self.csv.read_record(input, &mut output[written..], &mut ends[cells..]);
            raw.take(&input[..read], CSV_ROW_MOST_BYTES);
            self.reader.consume(read);
            self.place.bytes += read as u64;
            (written, cells) = (written + wrote, cells + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                // What is too long is read to its end, and not kept.
                ReadRecordResult::OutputFull if raw.is_too_long => written = 0,
                ReadRecordResult::OutputEndsFull if raw.is_too_long => cells = 0,
                ReadRecordResult::OutputFull => output.resize(output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let original = original(raw.bytes.trim_ascii());
        if raw.is_too_long {
            return Ok(Some((original, Err(too_long(CSV_ROW_MOST_BYTES)))));
        }
        let begins = [0].into_iter().chain(ends[..cells].iter().copied());
        let each = begins.zip(&ends[..cells]).map(|(begin, end)| self.decode(&output[begin..*end]));
        Ok(Some((original, each.collect())))
    }
}

impl Found {
    fn take(&mut self, bytes: &[u8], most: usize) {
        let room = most - self.bytes.len();
        self.is_too_long |= bytes.len() > room;
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

fn original(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN_MOST_BYTES)]).into_owned()
}

fn too_long(most: usize) -> String {
    format!("is longer than {} MB", most / 1024 / 1024)
}

/// <https://encoding.spec.whatwg.org/index-windows-1252.txt>
fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => FROM_80[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use lockstep_model::contract::transfer::EmptyCell;

    use super::*;

    fn plan(format: FileFormat) -> ImportPlan {
        let (encoding, empty) = (Encoding::Utf8, EmptyCell::Missing);
        ImportPlan { format, encoding, separator: ',', empty, columns: Vec::new() }
    }

    /// All rows, read in one go, and read with a new beginning after each: they are the same.
    fn rows(plan: &ImportPlan, content: &[u8]) -> Vec<Row> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let mut rows = Vec::new();
        let mut reader = Rows::open(file.path(), plan, Place::default()).unwrap();
        let mut place = reader.place();
        while let Some(row) = reader.next_row().unwrap() {
            let again = Rows::open(file.path(), plan, place).unwrap().next_row().unwrap();
            assert_eq!(again.as_ref(), Some(&row), "from {place:?}");
            place = reader.place();
            rows.push(row);
        }
        assert_eq!(Rows::open(file.path(), plan, place).unwrap().next_row().unwrap(), None);
        rows
    }

    fn cells(rows: Vec<Row>) -> Vec<Result<Vec<String>, String>> {
        let cells = |row: Row| {
            row.text.map(|text| match text {
                Text::Cells(cells) => cells,
                Text::Json(text) => vec![text],
            })
        };
        rows.into_iter().map(cells).collect()
    }

    fn texts<const N: usize>(texts: [&str; N]) -> Result<Vec<String>, String> {
        Ok(texts.map(str::to_owned).into())
    }

    #[test]
    fn rows_of_csv_are_read_as_rfc_4180_has_them() {
        let csv = plan(FileFormat::Csv);
        let content = "\u{FEFF}a,b\r\n1,2\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\r\n\r\n,\nlast,";
        let expected =
            [texts(["1", "2"]), texts(["x, \"y\"", "two\r\nlines"]), texts(["", ""]), texts(["last", ""])];
        assert_eq!(cells(rows(&csv, content.as_bytes())), expected);
        let semicolons = ImportPlan { separator: ';', ..csv };
        assert_eq!(cells(rows(&semicolons, b"a;b\n1,5;2\n")), [texts(["1,5", "2"])]);
        assert_eq!(rows(&semicolons, b""), []);
        assert_eq!(rows(&semicolons, b"a;b"), []);
    }

    #[test]
    fn documents_of_json_are_read_from_an_array_and_from_none() {
        let json = plan(FileFormat::Json);
        for content in
            ["[{\"a\":1},\n {\"b\":[2]}]", "{\"a\":1} {\"b\":[2]}", "\u{FEFF}[{\"a\":1},{\"b\":[2]}"]
        {
            assert_eq!(
                cells(rows(&json, content.as_bytes())),
                [texts(["{\"a\":1}"]), texts(["{\"b\":[2]}"])]
            );
        }
        let lines = "{\"a\":1}\r\n\n  \nx\n{\"b\":2}";
        let expected = [texts(["{\"a\":1}"]), texts(["x"]), texts(["{\"b\":2}"])];
        assert_eq!(cells(rows(&plan(FileFormat::Ndjson), lines.as_bytes())), expected);
    }

    #[test]
    fn a_row_that_is_no_text_or_too_long_spoils_no_other() {
        let csv = plan(FileFormat::Csv);
        let bad = b"a\nM\xFCller\nnext\n";
        let found = cells(rows(&csv, bad));
        assert_eq!(found, [Err("is not UTF-8: it has the byte 0xfc after 1 others".into()), texts(["next"])]);
        let western = ImportPlan { encoding: Encoding::Windows1252, ..csv.clone() };
        assert_eq!(cells(rows(&western, b"a\nM\xFCller \x80\n")), [texts(["Müller €"])]);
        let long = |most: usize| [b"a\n\"".as_slice(), &vec![b'x'; most + 10], b"\"\nnext\n"].concat();
        let found = cells(rows(&csv, &long(CSV_ROW_MOST_BYTES)));
        assert_eq!(found, [Err("is longer than 16 MB".into()), texts(["next"])]);
        let ndjson = plan(FileFormat::Ndjson);
        let found = cells(rows(&ndjson, &long(JSON_ROW_MOST_BYTES)));
        assert_eq!(found, [texts(["a"]), Err("is longer than 64 MB".into()), texts(["next"])]);
    }
}
