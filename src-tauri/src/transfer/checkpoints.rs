//! Where each import of a connection stands, on disk: one file each, replaced as a whole.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use lockstep_model::contract::transfer::JobId;
use lockstep_sync::transfer::checkpoint::Checkpoint;
use tempfile::NamedTempFile;

use crate::{data_folder::make_private_folder, kept};

const EXTENSION: &str = "bson";

/// The folder of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Checkpoints(PathBuf);

impl Checkpoints {
    /// In that folder, which need not be there.
    pub fn of(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// All that can be read. What cannot stays where it is.
    pub fn read(&self) -> Vec<Checkpoint> {
        let files = fs::read_dir(&self.0).into_iter().flatten().flatten().map(|entry| entry.path());
        let read = |path: PathBuf| {
            let bytes = fs::read(&path).map_err(|error| error.to_string());
            let read = bytes.and_then(|bytes| kept::from_bytes(&bytes).map_err(|error| error.to_string()));
            read.inspect_err(|error| log::error!("the import of {} cannot go on: {error}", path.display()))
                .ok()
        };
        files.filter(|path| path.extension().is_some_and(|is| is == EXTENSION)).filter_map(read).collect()
    }

    /// Returns once it is on the disk.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        make_private_folder(&self.0)?;
        let mut file = NamedTempFile::new_in(&self.0)?;
        file.write_all(&kept::to_bytes(checkpoint).map_err(io::Error::other)?)?;
        file.as_file().sync_all()?;
        file.persist(self.path(&checkpoint.id()))?;
        // The name, too, has to outlive a power cut; systems without such a call keep it by themselves.
        #[cfg(unix)]
        fs::File::open(&self.0)?.sync_all()?;
        Ok(())
    }

    /// Nothing of that import is left to do.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove(&self, id: &JobId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, id: &JobId) -> PathBuf {
        self.0.join(format!("{id}.{EXTENSION}"))
    }
}

#[cfg(test)]
mod tests {
    use bson::oid::ObjectId;
    use lockstep_model::{
        Namespace,
        contract::transfer::{Column, EmptyCell, Encoding, FileFormat, ImportPlan, Source},
        shape::Type,
    };
    use lockstep_sync::transfer::checkpoint::Place;

    use super::*;

    #[test]
    fn what_is_written_is_read_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::of(folder.path().join("imports"));
        assert_eq!(checkpoints.read(), []);
        let column = |of| Column { header: "h".into(), path: Some("a.b".into()), of };
        let plan = ImportPlan {
            format: FileFormat::Csv,
            encoding: Encoding::Windows1252,
            separator: '\t',
            empty: EmptyCell::Null,
            columns: vec![column(Some(Type::Decimal)), column(None)],
        };
        let source = Source { path: "/ä".into(), bytes: 9, changed_ms: 5, head: -1 };
        let mut checkpoint =
            Checkpoint::new(ObjectId::from_bytes([3; 12]), Namespace::new("a", "b"), source, plan);
        checkpoint.sends(2);
        checkpoint.ended(Place { bytes: 5, rows: 2 }, 1, 1, Some(("/r".into(), 7)));
        checkpoints.write(&checkpoint).unwrap();
        fs::write(checkpoints.folder().join("damaged.bson"), "?").unwrap();
        assert_eq!(checkpoints.read(), [checkpoint.clone()]);
        checkpoints.remove(&checkpoint.id()).unwrap();
        checkpoints.remove(&checkpoint.id()).unwrap();
        assert_eq!(checkpoints.read(), []);
    }
}
