//! A small file of settings, by the store plugin.
//!
//! The plugin writes a file in place and takes a damaged one for an empty one, so the generation before is kept beside it,
//! and taken where the newest cannot be read.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use tauri::{AppHandle, Wry};
use tauri_plugin_store::{Store, StoreExt};

use crate::kept;

/// The file.
pub struct SettingsFile {
    store: Arc<Store<Wry>>,
    path: PathBuf,
    previous: PathBuf,
}

impl SettingsFile {
    /// Opens the first of the two files, or makes it; the second is its generation before. `None` where it cannot be had:
    /// then settings are not kept.
    pub fn open(app: &AppHandle, [path, previous]: [PathBuf; 2]) -> Option<Self> {
        if !is_readable(&path) && is_readable(&previous) {
            log::warn!("{} is damaged: the generation before is taken", path.display());
            if let Err(error) = fs::copy(&previous, &path) {
                log::error!("{} cannot be restored: {error}", path.display());
            }
        }
        let store = app.store(&path);
        let store = store.inspect_err(|error| log::error!("settings are not kept: {error}")).ok()?;
        Some(Self { store, path, previous })
    }

    /// What stands under that name.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.store.get(name)?).ok()
    }

    /// Puts it under that name, and writes the file.
    ///
    /// # Errors
    /// Why it is not on disk, for a person.
    pub fn write(&self, name: &str, value: &impl Serialize) -> Result<(), String> {
        let json = serde_json::to_value(value).map_err(|error| error.to_string())?;
        if is_readable(&self.path)
            && let Err(error) = fs::copy(&self.path, &self.previous)
        {
            log::warn!("the last generation of {} is not kept: {error}", self.path.display());
        }
        self.store.set(name, json);
        let not_written = |error| format!("{} cannot be written: {error}", self.path.display());
        self.store.save().map_err(not_written)
    }

    /// The plugin writes every store that it knows once more when the app ends, also that of a connection that was removed;
    /// but not one that is closed.
    pub fn close(&self) {
        self.store.close_resource();
    }
}

/// How a value of ours that holds BSON stands in such a file: as BSON too, in hexadecimal; `None` for one that is too large.
pub fn to_text<T: Serialize>(value: &T) -> Option<String> {
    kept::to_bytes(value).ok().map(hex::encode)
}

/// The value in the text; `None` where it is no such value.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    kept::from_bytes(&hex::decode(text).ok()?).ok()
}

fn is_readable(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| serde_json::from_slice::<Json>(&bytes).is_ok())
}
