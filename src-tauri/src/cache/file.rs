//! The cache's file: a redb database of bytes by key, each with the time at which it was kept.
//!
//! Blocking, and for one thread: [`keeper`](super::keeper) is who calls it.

use std::{
    cmp::Reverse,
    fs, io,
    path::{Path, PathBuf},
};

use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition};

/// redb's own default is 1 GB.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// So much is written at once: a transaction needs the room for it beside what it replaces.
const CHUNK_BYTES: usize = 2 * 1024 * 1024;

/// A longer file is made anew, which is what gives its room back.
const LONGEST_BYTES: u64 = 48 * 1024 * 1024;

/// So much of it is then taken over, the newest: a value may take twice its bytes in the file.
const NEWEST_BYTES: usize = 12 * 1024 * 1024;

/// The file holds what is encoded without names of fields, so only the version that wrote it can read it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

const FACTS: TableDefinition<&str, &str> = TableDefinition::new("facts");
const VERSION_FACT: &str = "version";
/// Milliseconds since 1970, and the value.
const KEPT: TableDefinition<&[u8], (u64, &[u8])> = TableDefinition::new("kept");

/// The open file.
pub(super) struct CacheFile {
    path: PathBuf,
    database: Database,
}

/// Something to keep, in the place of what was kept under the key.
pub(super) struct Entry {
    pub(super) key: Vec<u8>,
    pub(super) at_ms: u64,
    pub(super) value: Vec<u8>,
}

impl Entry {
    fn bytes(&self) -> usize {
        self.key.len() + self.value.len()
    }
}

impl CacheFile {
    /// Opens or makes the file. One that cannot be read, or that another version wrote, is made anew.
    pub(super) fn open(path: &Path) -> Result<Self, redb::Error> {
        match Self::read(path) {
            Ok(Some(file)) => return Ok(file),
            Ok(None) => log::info!("the cache is of another version and begins anew"),
            Err(error) => log::warn!("the cache {} cannot be read and begins anew: {error}", path.display()),
        }
        Self::make(path)
    }

    fn make(path: &Path) -> Result<Self, redb::Error> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let made = Self::read(path)?;
        made.ok_or_else(|| io::Error::other("a file that was just made cannot be read back").into())
    }

    /// `None` where another version wrote it.
    fn read(path: &Path) -> Result<Option<Self>, redb::Error> {
        let database = Builder::new()
            .set_cache_size(CACHE_BYTES)
            // Without it a file that was altered from outside may panic instead of being reported.
            .set_check_integrity_on_open(true)
            .create(path)?;
        let transaction = database.begin_write()?;
        {
            let mut facts = transaction.open_table(FACTS)?;
            let version = facts.get(VERSION_FACT)?.map(|version| version.value().to_owned());
            match version.as_deref() {
                Some(VERSION) => {}
                Some(_) => return Ok(None),
                None => drop(facts.insert(VERSION_FACT, VERSION)?),
            }
            transaction.open_table(KEPT)?;
        }
        transaction.commit()?;
        Ok(Some(Self { path: path.to_owned(), database }))
    }

    /// Keeps the entries, and where the file is then too long, only the newest of all. After an error the file has to be
    /// opened again.
    pub(super) fn keep(self, mut entries: &[Entry]) -> Result<Self, redb::Error> {
        while !entries.is_empty() {
            let mut bytes = 0;
            let fits = |entry: &&Entry| {
                bytes += entry.bytes();
                bytes <= CHUNK_BYTES
            };
            let many = entries.iter().take_while(fits).count().max(1);
            self.write(&entries[..many])?;
            entries = &entries[many..];
        }
        if fs::metadata(&self.path)?.len() <= LONGEST_BYTES {
            return Ok(self);
        }
        let newest = self.newest()?;
        let Self { path, database } = self;
        drop(database);
        let anew = Self::make(&path)?;
        anew.write(&newest)?;
        Ok(anew)
    }

    fn write(&self, entries: &[Entry]) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut kept = transaction.open_table(KEPT)?;
            for Entry { key, at_ms, value } in entries {
                kept.insert(&key[..], (*at_ms, &value[..]))?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn newest(&self) -> Result<Vec<Entry>, redb::Error> {
        let kept = self.database.begin_read()?.open_table(KEPT)?;
        let mut keys = Vec::new();
        for row in kept.iter()? {
            let (key, value) = row?;
            keys.push((Reverse(value.value().0), key.value().to_vec()));
        }
        keys.sort_unstable();
        let (mut newest, mut bytes) = (Vec::new(), 0);
        for (Reverse(at_ms), key) in keys {
            let Some(value) = kept.get(&key[..])?.map(|value| value.value().1.to_vec()) else { continue };
            let entry = Entry { key, at_ms, value };
            bytes += entry.bytes();
            if bytes > NEWEST_BYTES {
                break;
            }
            newest.push(entry);
        }
        Ok(newest)
    }

    /// When that was kept, in milliseconds since 1970, and what.
    pub(super) fn find(&self, key: &[u8]) -> Result<Option<(u64, Vec<u8>)>, redb::Error> {
        let kept = self.database.begin_read()?.open_table(KEPT)?;
        Ok(kept.get(key)?.map(|value| (value.value().0, value.value().1.to_vec())))
    }
}
