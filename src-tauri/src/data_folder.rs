//! The folder with all of this host's files, owned by one host at a time: who holds its lock, owns it.
//!
//! It knows where each file lies, and none of the formats.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use lockstep_model::contract::ConnectionId;
use thiserror::Error;

/// The data folder, locked as long as this lives. The lock ends with the process, however that ends.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

/// Why the data folder cannot be had.
#[derive(Debug, Error)]
pub enum DataFolderError {
    /// Another host owns it.
    #[error(
        "another Lockstep works with the data folder {}; go on in its windows, or start this one with another \
         folder (--data FOLDER)",
        .0.display()
    )]
    InUse(PathBuf),
    /// It cannot be made or written.
    #[error("the data folder {} cannot be used: {source}; choose another one with --data FOLDER", path.display())]
    Unusable {
        /// Which folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl DataFolder {
    /// Makes the folder, for this user only, if it is not there, and takes its lock.
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let unusable = |source| DataFolderError::Unusable { path: path.into(), source };
        make_private_folder(path).map_err(unusable)?;
        let path = std::path::absolute(path).map_err(unusable)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DataFolderError::InUse(path)),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// Where the log files lie.
    pub fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of one connection, made if it is not there.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn connection(&self, id: &ConnectionId) -> io::Result<ConnectionFolder> {
        let path = self.path.join("connections").join(&*id.0);
        make_private_folder(&path)?;
        Ok(ConnectionFolder { path, embedded: embedded_in(&self.path) })
    }
}

/// The files of one connection.
#[derive(Clone, Debug)]
pub struct ConnectionFolder {
    path: PathBuf,
    embedded: PathBuf,
}

impl ConnectionFolder {
    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what is kept for the connection. What was put aside, since it was damaged, may hold edits, and stays.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove(&self) -> io::Result<()> {
        let kept = self.settings().into_iter().chain(self.workspace());
        for file in [self.outbox(), self.cache()].into_iter().chain(kept) {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        match fs::remove_dir_all(self.imports()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::remove_dir(&self.path)
    }

    /// The file of the layout, and the generation before it.
    pub fn settings(&self) -> [PathBuf; 2] {
        ["settings.json", "settings.previous.json"].map(|name| self.path.join(name))
    }

    /// The file of the workspace, and the generation before it.
    pub fn workspace(&self) -> [PathBuf; 2] {
        ["workspace.json", "workspace.previous.json"].map(|name| self.path.join(name))
    }

    /// The outbox's file.
    pub fn outbox(&self) -> PathBuf {
        self.path.join("outbox.redb")
    }

    /// The folder of where imports stand.
    pub fn imports(&self) -> PathBuf {
        self.path.join("imports")
    }

    /// The cache's file.
    pub fn cache(&self) -> PathBuf {
        self.path.join("cache.redb")
    }

    /// The folder of the embedded database, whichever connection works on it.
    pub fn embedded(&self) -> &Path {
        &self.embedded
    }
}

/// The folder of the embedded database in a data folder that somebody else may own.
pub fn embedded_in(data: &Path) -> PathBuf {
    data.join("embedded")
}

/// Makes a folder, and those above it, that only this user may enter. One that is there already is taken as it is.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_owns_it_at_a_time() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("a/b");
        let first = DataFolder::open(&path).unwrap();
        let second = DataFolder::open(&path).unwrap_err();
        assert!(matches!(&second, DataFolderError::InUse(_)), "{second}");
        assert!(second.to_string().contains("another Lockstep") && second.to_string().contains("--data"));
        drop(first);
        DataFolder::open(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_may_enter() {
        use std::os::unix::fs::PermissionsExt;
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&temporary.path().join("data")).unwrap();
        assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_file_in_its_place_is_refused_with_the_path() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let message = DataFolder::open(file.path()).unwrap_err().to_string();
        assert!(message.contains(&file.path().display().to_string()), "{message}");
    }
}
