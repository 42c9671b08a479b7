//! The outbox's file: a redb database with the mutations, their states and the format's version.
//!
//! Blocking, and for one thread: [`writer`](super::writer) is who calls it.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use redb::{
    Builder, Database, DatabaseError, ReadableDatabase, ReadableTable, StorageError, TableDefinition,
};

use lockstep_sync::outbox::Kept;

use super::Entry;
use crate::kept;

/// The format that this version writes. A file with a greater one is from a newer Lockstep.
const FORMAT: u64 = 1;

/// The outbox holds what is not settled yet, which is little; redb's own default is 1 GB.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

const FACTS: TableDefinition<&str, u64> = TableDefinition::new("facts");
const FORMAT_FACT: &str = "format";
const NEXT_NUMBER: &str = "next_number";

/// By number. Mutations and states lie apart, since a mutation is written once, and may be large.
const MUTATIONS: TableDefinition<u64, &[u8]> = TableDefinition::new("mutations");
/// By number; a mutation without a state is queued.
const STATES: TableDefinition<u64, &[u8]> = TableDefinition::new("states");

/// Why the outbox cannot be opened. The file is as it was.
#[derive(Debug)]
pub enum OutboxError {
    /// Another process has it open.
    InUse(PathBuf),
    /// A newer version of Lockstep wrote it.
    Newer(PathBuf),
    /// The disk or the folder refuses.
    Disk(PathBuf, io::Error),
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(path) => {
                write!(f, "the outbox {} is open in another Lockstep: close that one first", path.display())
            }
            Self::Newer(path) => write!(
                f,
                "the outbox {} was written by a newer version of Lockstep: start that version, or update this one. \
                 The file was left as it is",
                path.display()
            ),
            Self::Disk(path, error) => write!(f, "the outbox {} cannot be opened: {error}", path.display()),
        }
    }
}

impl std::error::Error for OutboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Disk(_, error) => Some(error),
            Self::InUse(_) | Self::Newer(_) => None,
        }
    }
}

/// One change of the file.
pub(super) enum Record {
    /// A new mutation, encoded.
    Mutation(u64, Vec<u8>),
    /// A new state, encoded.
    State(u64, Vec<u8>),
    /// The mutation is settled.
    Gone(u64),
}

/// The open file.
pub(super) struct OutboxFile {
    path: PathBuf,
    /// `None` after a failed write: redb then answers nothing until it is opened again.
    database: Option<Database>,
}

/// What the file held when it was opened.
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    pub(super) next_number: u64,
    /// Where a damaged file lies now.
    pub(super) damaged: Option<PathBuf>,
}

impl OutboxFile {
    /// Opens or makes the file; a damaged one is put aside, and a new one made.
    pub(super) fn open(path: &Path) -> Result<(Self, Contents), OutboxError> {
        let mut damaged = None;
        loop {
            match Self::read(path) {
                Ok((file, entries, next_number)) => {
                    return Ok((file, Contents { entries, next_number, damaged }));
                }
                Err(Trouble::Damaged) if damaged.is_none() => damaged = Some(put_aside(path)?),
                Err(Trouble::Damaged) => {
                    let error = io::Error::other("a file that was just made cannot be read back");
                    return Err(OutboxError::Disk(path.to_owned(), error));
                }
                Err(Trouble::Known(error)) => return Err(error),
            }
        }
    }

    fn read(path: &Path) -> Result<(Self, Vec<Entry>, u64), Trouble> {
        let trouble = |error| Trouble::of(path, error);
        let database = open_database(path).map_err(|error| trouble(error.into()))?;
        let format = prepare(&database).map_err(trouble)?;
        if format > FORMAT {
            return Err(Trouble::Known(OutboxError::Newer(path.to_owned())));
        }
        let (entries, next_number) = contents(&database).map_err(trouble)?.ok_or(Trouble::Damaged)?;
        Ok((Self { path: path.to_owned(), database: Some(database) }, entries, next_number))
    }

    /// Writes the records and `next_number` as one: after it returns `Ok` they are on disk, else none of them is.
    pub(super) fn commit(&mut self, records: &[Record], next_number: u64) -> Result<(), redb::Error> {
        let database = match self.database.take() {
            Some(database) => database,
            None => open_database(&self.path)?,
        };
        write(&database, records, next_number)?;
        self.database = Some(database);
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

enum Trouble {
    Damaged,
    Known(OutboxError),
}

impl Trouble {
    fn of(path: &Path, error: redb::Error) -> Self {
        use io::ErrorKind::{InvalidData, UnexpectedEof};
        Self::Known(match error {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
                OutboxError::InUse(path.to_owned())
            }
            redb::Error::UpgradeRequired(_) => OutboxError::Newer(path.to_owned()),
            redb::Error::Io(error) if !matches!(error.kind(), InvalidData | UnexpectedEof) => {
                OutboxError::Disk(path.to_owned(), error)
            }
            _ => return Self::Damaged,
        })
    }
}

fn open_database(path: &Path) -> Result<Database, DatabaseError> {
    let fresh = !path.exists();
    let database = Builder::new()
        .set_cache_size(CACHE_BYTES)
        // Without it a file that was altered from outside may panic instead of being reported.
        .set_check_integrity_on_open(true)
        .create(path)?;
    if fresh {
        sync_folder(path).map_err(StorageError::Io)?;
    }
    Ok(database)
}

/// A new file outlives a power cut only once its folder is on disk as well.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix)
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes the tables of a new file; returns the format of the one that is there.
fn prepare(database: &Database) -> Result<u64, redb::Error> {
    let transaction = database.begin_write()?;
    let format = {
        let mut facts = transaction.open_table(FACTS)?;
        let found = facts.get(FORMAT_FACT)?.map(|format| format.value());
        match found {
            Some(format) => format,
            None => {
                facts.insert(FORMAT_FACT, FORMAT)?;
                transaction.open_table(MUTATIONS)?;
                transaction.open_table(STATES)?;
                FORMAT
            }
        }
    };
    transaction.commit()?;
    Ok(format)
}

/// Everything in the file, in order; `None` where redb is content but the bytes are not ours.
fn contents(database: &Database) -> Result<Option<(Vec<Entry>, u64)>, redb::Error> {
    let transaction = database.begin_read()?;
    let (mutations, states) = (transaction.open_table(MUTATIONS)?, transaction.open_table(STATES)?);
    let mut entries = Vec::new();
    for row in mutations.iter()? {
        let (number, mutation) = row?;
        let number = number.value();
        let state = match states.get(number)? {
            None => Ok(Kept::default()),
            Some(state) => kept::from_bytes(state.value()),
        };
        let (Ok(mutation), Ok(state)) = (kept::from_bytes(mutation.value()), state) else {
            return Ok(None);
        };
        entries.push(Entry { number, mutation, state });
    }
    let next = transaction.open_table(FACTS)?.get(NEXT_NUMBER)?.map_or(1, |next| next.value());
    Ok(Some((entries, next)))
}

fn write(database: &Database, records: &[Record], next_number: u64) -> Result<(), redb::Error> {
    // redb's default durability: commit returns after the fsync.
    let transaction = database.begin_write()?;
    {
        let mut mutations = transaction.open_table(MUTATIONS)?;
        let mut states = transaction.open_table(STATES)?;
        for record in records {
            match record {
                Record::Mutation(number, bytes) => drop(mutations.insert(number, bytes.as_slice())?),
                Record::State(number, bytes) => drop(states.insert(number, bytes.as_slice())?),
                Record::Gone(number) => {
                    mutations.remove(number)?;
                    states.remove(number)?;
                }
            }
        }
        transaction.open_table(FACTS)?.insert(NEXT_NUMBER, next_number)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Renames a damaged file to the first free `….damaged-N`.
fn put_aside(path: &Path) -> Result<PathBuf, OutboxError> {
    let mut aside = (1_u32..)
        .map(|number| {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".damaged-{number}"));
            PathBuf::from(name)
        })
        .filter(|aside| !aside.exists());
    let aside = aside.next().expect("a folder holds fewer than four billion damaged files");
    std::fs::rename(path, &aside).map_err(|error| OutboxError::Disk(path.to_owned(), error))?;
    Ok(aside)
}
