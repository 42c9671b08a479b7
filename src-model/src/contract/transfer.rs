//! Import and export: files of documents, which the host reads and writes in jobs that outlive the window that began them.

use std::{fmt, sync::Arc};

use bson::RawDocumentBuf;
use serde::{Deserialize, Serialize};

use crate::{Failure, ListQuery, Namespace, Path, failure::FieldFailure, shape::Type, wire};

/// A row of CSV has at most so many bytes.
pub const CSV_ROW_MOST_BYTES: usize = 16 * 1024 * 1024;

/// A document in a file of JSON has at most so many bytes: Extended JSON takes more room than BSON.
pub const JSON_ROW_MOST_BYTES: usize = 64 * 1024 * 1024;

/// A document has at most so many bytes: MongoDB's limit.
pub const DOCUMENT_MOST_BYTES: usize = 16 * 1024 * 1024;

/// So many rows are shown before an import.
pub const PREVIEW_ROWS: usize = 20;
/// So many refused rows are shown of a report.
pub const REFUSED_ROWS_SHOWN: usize = 100;

/// A job, for the program: the digits of an ObjectId.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub Arc<str>);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All jobs of the connection, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobList {
    /// Those under way, and those that ended and were not put away yet.
    pub jobs: Vec<Job>,
}

/// An import or an export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// In which direction.
    pub kind: JobKind,
    /// Of which collection.
    pub namespace: Namespace,
    /// The file.
    pub path: String,
    /// Where it stands.
    pub state: JobState,
    /// What it has done so far.
    pub tally: Tally,
    /// How many rows there are in all; `None` until they are counted.
    pub total: Option<u64>,
    /// Rows per second, since it last began or went on.
    pub per_second: u32,
    /// Where the refused rows are, if there are any.
    pub report: Option<String>,
}

impl Job {
    /// Whether it works, or waits to go on by itself.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, JobState::Running | JobState::Waiting(_))
    }

    /// Whether it can go on from where it stopped.
    pub fn is_resumable(&self) -> bool {
        self.kind == JobKind::Import && !self.is_under_way() && self.state != JobState::Done
    }
}

/// In which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// From a file into the database.
    Import,
    /// From the database into a file.
    Export,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// At work.
    Running,
    /// For the server, and why; it goes on by itself.
    Waiting(String),
    /// All is done.
    Done,
    /// A person has ended it.
    Cancelled,
    /// Something ended it.
    Failed(Failure),
    /// Lockstep ended while it was at work.
    Interrupted,
}

/// What a job has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows read: of the file, or of the database.
    pub read: u64,
    /// Rows written.
    pub written: u64,
    /// Rows that the file or the database did not take.
    pub refused: u64,
    /// Rows written that Extended JSON has no exact words for.
    pub inexact: u64,
}

/// Names a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRequest {
    /// Which.
    pub id: JobId,
}

/// How documents lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// A header and rows of cells (RFC 4180).
    Csv,
    /// An array of documents, or documents one behind the other, in Extended JSON.
    Json,
    /// One document a line, in Extended JSON.
    Ndjson,
}

impl FileFormat {
    /// As a person calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
        }
    }

    /// How a file's name ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }
}

/// Asks the person for a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChoice {
    /// One to be written, or one that is there.
    pub save: bool,
    /// A name to begin with; empty where there is none.
    pub name: String,
}

/// The file that the person chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenFile {
    /// Its whole path; `None` where the person turned away.
    pub path: Option<String>,
}

/// Writes documents to a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// Of which collection.
    pub namespace: Namespace,
    /// Which, and in which order.
    pub query: ListQuery,
    /// The file's whole path; `~` is the person's own folder.
    pub path: String,
    /// How they lie in it.
    pub format: FileFormat,
    /// Of CSV: the columns.
    pub columns: Vec<Path>,
    /// A file that is there already is replaced.
    pub replace: bool,
}

/// Whether an export has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportReply {
    /// It has.
    Started(JobId),
    /// Not yet: there is such a file, and the person decides.
    Exists,
}

/// How the text of a file is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// What everybody should use.
    Utf8,
    /// What spreadsheets on Windows write in western Europe.
    Windows1252,
}

/// What an empty cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyCell {
    /// The field is missing.
    Missing,
    /// The field is null.
    Null,
}

/// How the rows of a file become documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// How documents lie in it.
    pub format: FileFormat,
    /// How its text is encoded.
    pub encoding: Encoding,
    /// Of CSV: what stands between two cells.
    pub separator: char,
    /// Of CSV: what an empty cell means.
    pub empty: EmptyCell,
    /// Of CSV: one for each column, in their order.
    pub columns: Vec<Column>,
}

/// What becomes of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the file.
    pub header: String,
    /// The field that it fills, dotted for one inside of documents; `None` leaves the column out.
    pub path: Option<String>,
    /// The type of its values; `None` guesses it for each cell.
    pub of: Option<Type>,
}

/// Looks at a file before it is imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewRequest {
    /// Into which collection.
    pub namespace: Namespace,
    /// The file's whole path; `~` is the person's own folder.
    pub path: String,
    /// How to read it; `None` guesses all of it. Without columns only these are guessed.
    pub plan: Option<ImportPlan>,
}

/// A file as it would be imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The file.
    pub source: Source,
    /// How it is read.
    pub plan: ImportPlan,
    /// Its first rows.
    pub rows: Vec<PreviewRow>,
}

/// A file to import from, as it was when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its whole path.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was changed last, in milliseconds since 1970.
    pub changed_ms: i64,
    /// A hash of its first 64 KB.
    pub head: i64,
}

/// A row before it is imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Which, from 1.
    pub number: u64,
    /// What it becomes, or why it will be refused.
    pub outcome: PreviewOutcome,
}

/// What a row becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewOutcome {
    /// This document, without the `_id` that it gets where it has none. The rules of the collection that it breaks are
    /// named; the database judges by more.
    Document(#[serde(with = "wire")] RawDocumentBuf, Vec<FieldFailure>),
    /// Nothing, and why.
    Refused(String),
}

/// Reads documents from a file into a collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// Into which.
    pub namespace: Namespace,
    /// From which file, as it was in the preview.
    pub source: Source,
    /// And how.
    pub plan: ImportPlan,
}

/// A job has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedJob {
    /// Which.
    pub id: JobId,
}

/// The rows that an import refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRows {
    /// The first of them.
    pub rows: Vec<RefusedRow>,
    /// The file that has all.
    pub path: String,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Which, from 1.
    pub row: u64,
    /// Why.
    pub reason: String,
    /// As it stands in the file, its beginning where it is long.
    pub text: String,
}
