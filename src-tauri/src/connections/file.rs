//! The file of the connections. There is no secret in it.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use lockstep_model::contract::{ConnectionId, Profile};
use serde::{Deserialize, Serialize};

/// What is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The person's connections, in the order in which they were made.
    pub connections: Vec<Entry>,
    /// Those that have windows, or had at the end.
    #[serde(default)]
    pub open: Vec<ConnectionId>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which.
    pub id: ConnectionId,
    /// What the person said of it.
    #[serde(flatten)]
    pub profile: Profile,
    /// Whether its password is in the keychain.
    #[serde(default)]
    pub in_keychain: bool,
}

/// The file, and the one before it, which is taken where the newest cannot be read.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    previous: PathBuf,
}

impl File {
    /// In that folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("connections.json"), previous: folder.join("connections.previous.json") }
    }

    /// What is in it: of a new folder, nothing. A damaged one is kept aside.
    pub fn read(&self) -> Saved {
        match read(&self.path) {
            Ok(saved) => saved,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Saved::default(),
            Err(error) => {
                log::error!("{}: {error}: the one before is taken", self.path.display());
                if let Err(error) = fs::rename(&self.path, self.path.with_extension("damaged.json")) {
                    log::error!("the damaged one cannot be kept: {error}");
                }
                read(&self.previous).unwrap_or_default()
            }
        }
    }

    /// Writes it: whole, or not at all.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, saved: &Saved) -> io::Result<()> {
        let folder = self.path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut temporary, saved)?;
        temporary.flush()?;
        temporary.as_file().sync_all()?;
        if read(&self.path).is_ok() {
            fs::copy(&self.path, &self.previous)?;
        }
        temporary.persist(&self.path)?;
        Ok(())
    }
}

fn read(path: &Path) -> io::Result<Saved> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_and_a_damaged_one_costs_the_last_change_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::in_folder(folder.path());
        assert_eq!(file.read(), Saved::default());
        let profile = |name: &str| Profile {
            name: name.into(),
            address: "mongodb://a@b".into(),
            read_only: true,
            production: false,
        };
        let one = Entry { id: ConnectionId("1".into()), profile: profile("one"), in_keychain: true };
        let two = Entry { id: ConnectionId("2".into()), ..one.clone() };
        let first = Saved { connections: vec![one.clone()], open: vec![one.id.clone()] };
        let second = Saved { connections: vec![one, two], open: Vec::new() };
        file.write(&first).unwrap();
        assert_eq!(file.read(), first);
        file.write(&second).unwrap();
        assert_eq!(file.read(), second);
        fs::write(folder.path().join("connections.json"), "{ noise").unwrap();
        assert_eq!(file.read(), first);
        assert_eq!(fs::read(folder.path().join("connections.damaged.json")).unwrap(), b"{ noise");
        file.write(&second).unwrap();
        assert_eq!(file.read(), second);
    }
}
