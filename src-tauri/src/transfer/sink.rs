//! A file to export to. It is written beside its place, and put there once it is whole: whatever ends an export, there is all
//! of it or nothing.

use std::{
    io::{self, BufWriter, Write},
    path::{Path as FilePath, PathBuf},
};

use bson::{RawBsonRef, RawDocument};
use lockstep_model::{Document, Failure, Path, Value, contract::transfer::FileFormat};
use lockstep_sync::transfer::{cell, json};
use tempfile::NamedTempFile;

/// Documents on their way to a file. Dropped before its end, it leaves nothing.
pub struct Sink {
    writer: Writer,
    path: PathBuf,
    replace: bool,
    written: u64,
    inexact: u64,
}

type File = BufWriter<NamedTempFile>;

enum Writer {
    Csv(Box<csv::Writer<File>>, Vec<Path>),
    Json(File),
    Ndjson(File),
}

impl Sink {
    /// To that place. `columns` are those of CSV; `replace` puts it in the place of a file that is there.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] where nothing can be written there, with the reason.
    pub fn begin(
        path: PathBuf,
        format: FileFormat,
        columns: Vec<Path>,
        replace: bool,
    ) -> Result<Self, Failure> {
        if path.is_dir() {
            return Err(Failure::invalid(format!("{} is a folder: name a file in it", path.display())));
        }
        if format == FileFormat::Csv && columns.is_empty() {
            return Err(Failure::invalid("A file of CSV needs at least one column"));
        }
        let folder =
            path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(FilePath::new("/"));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".lockstep-export-").suffix(".part");
        // As any file that a person saves; who may read it, is for the system's own mask to say.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let refused = |error: io::Error| unwritable(&path, &error);
        let file = BufWriter::with_capacity(256 * 1024, builder.tempfile_in(folder).map_err(refused)?);
        let writer = match format {
            FileFormat::Csv => {
                // RFC 4180, 2.1
                let mut builder = csv::WriterBuilder::new();
                let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(file);
                let header = columns.iter().map(ToString::to_string);
                writer.write_record(header).map_err(|error| refused(error.into()))?;
                Writer::Csv(Box::new(writer), columns)
            }
            FileFormat::Json => Writer::Json(file),
            FileFormat::Ndjson => Writer::Ndjson(file),
        };
        Ok(Self { writer, path, replace, written: 0, inexact: 0 })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] with what the disk says.
    pub fn write(&mut self, document: &RawDocument) -> Result<(), Failure> {
        let begin = self.written == 0;
        let written = match &mut self.writer {
            Writer::Csv(writer, columns) => {
                let document = Document::whole(document);
                let cells = columns.iter().map(|path| cell::text(document.get(path)));
                writer.write_record(cells).map_err(io::Error::from)
            }
            Writer::Json(file) => {
                let (text, is_exact) = exactly(document);
                self.inexact += u64::from(!is_exact);
                write!(file, "{}{text}", if begin { "[\n" } else { ",\n" })
            }
            Writer::Ndjson(file) => {
                let (text, is_exact) = exactly(document);
                self.inexact += u64::from(!is_exact);
                writeln!(file, "{text}")
            }
        };
        written.map_err(|error| unwritable(&self.path, &error))?;
        self.written += 1;
        Ok(())
    }

    /// How many documents were written, and how many of them not exactly: Extended JSON has no words for all that there can
    /// be, such as a name that occurs twice.
    pub fn counts(&self) -> (u64, u64) {
        (self.written, self.inexact)
    }

    /// Puts the file in its place, and returns once it is on the disk.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] with what the disk says, or where there is such a file by now.
    pub fn finish(self) -> Result<(), Failure> {
        let Self { writer, path, replace, written, .. } = self;
        let finished = || -> io::Result<()> {
            let file = match writer {
                Writer::Csv(writer, _) => {
                    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?
                }
                Writer::Json(mut file) => {
                    file.write_all(if written == 0 { b"[]\n" } else { b"\n]\n" })?;
                    file
                }
                Writer::Ndjson(file) => file,
            };
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            let placed = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
            placed.map(drop).map_err(|error| error.error)
        };
        finished().map_err(|error| unwritable(&path, &error))
    }
}

/// The document in canonical Extended JSON, and whether that says all of it.
fn exactly(document: &RawDocument) -> (String, bool) {
    let text = Value::from_ref(RawBsonRef::Document(document)).to_string();
    let is_exact = json::document(&text).is_ok_and(|read| read.as_bytes() == document.as_bytes());
    (text, is_exact)
}

fn unwritable(path: &FilePath, error: &io::Error) -> Failure {
    Failure::invalid(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use bson::{RawDocumentBuf, rawdoc};

    use super::*;

    fn export(format: FileFormat, columns: &[&str], documents: &[RawDocumentBuf]) -> (String, (u64, u64)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let columns = columns.iter().map(|column| Path::dotted(column)).collect();
        let mut sink = Sink::begin(path.clone(), format, columns, false).unwrap();
        documents.iter().for_each(|document| sink.write(document).unwrap());
        let counts = sink.counts();
        sink.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        (fs::read_to_string(path).unwrap(), counts)
    }

    fn documents() -> [RawDocumentBuf; 2] {
        [
            rawdoc! { "_id": 1, "text": "a \"b\", c\nd", "n": 1.0, "sub": { "x": 1_i64, "list": [1, "y"] } },
            rawdoc! { "_id": 2, "n": null },
        ]
    }

    #[test]
    fn each_format_has_all_documents_in_order() {
        let (csv, _) =
            export(FileFormat::Csv, &["_id", "text", "n", "sub.x", "sub.list", "none"], &documents());
        let expected = "_id,text,n,sub.x,sub.list,none\r\n1,\"a \"\"b\"\", c\nd\",1.0,1,\"[{\"\"$numberInt\"\":\"\"1\"\"},\"\"y\"\"]\",\r\n2,,,,,\r\n";
        assert_eq!(csv, expected);
        let lines = [
            r#"{"_id":{"$numberInt":"1"},"text":"a \"b\", c\nd","n":{"$numberDouble":"1.0"},"sub":{"x":{"$numberLong":"1"},"list":[{"$numberInt":"1"},"y"]}}"#,
            r#"{"_id":{"$numberInt":"2"},"n":null}"#,
        ];
        let (ndjson, counts) = export(FileFormat::Ndjson, &[], &documents());
        assert_eq!(ndjson, format!("{}\n{}\n", lines[0], lines[1]));
        assert_eq!(counts, (2, 0));
        let (json, _) = export(FileFormat::Json, &[], &documents());
        assert_eq!(json, format!("[\n{},\n{}\n]\n", lines[0], lines[1]));
        assert_eq!(export(FileFormat::Json, &[], &[]).0, "[]\n");
        assert_eq!(export(FileFormat::Ndjson, &[], &[]).0, "");
    }

    #[test]
    fn what_extended_json_cannot_say_is_counted() {
        let mut twice = rawdoc! { "a": 1 };
        twice.append(bson::raw::cstr!("a"), 2);
        let (_, counts) = export(FileFormat::Ndjson, &[], &[twice, rawdoc! { "a": 1 }]);
        assert_eq!(counts, (2, 1));
    }

    #[test]
    fn an_export_that_ends_early_leaves_nothing_and_a_file_is_replaced_only_if_that_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let begin = |replace| Sink::begin(path.clone(), FileFormat::Ndjson, Vec::new(), replace).unwrap();
        let mut sink = begin(false);
        sink.write(&documents()[0]).unwrap();
        drop(sink);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        fs::write(&path, "mine").unwrap();
        let refused = begin(false).finish().unwrap_err().to_string();
        assert!(refused.contains("cannot be written"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        begin(true).finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_where_nothing_can_be_written_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let begin = |path: &FilePath| {
            Sink::begin(path.to_owned(), FileFormat::Json, Vec::new(), false)
                .err()
                .map(|failure| failure.to_string())
        };
        assert!(begin(folder.path()).unwrap().contains("is a folder"));
        assert!(begin(&folder.path().join("none/file")).unwrap().contains("cannot be written"));
    }
}
