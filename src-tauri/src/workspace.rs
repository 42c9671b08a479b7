//! The workspace of a connection on disk: what a person keeps on this machine.

use std::sync::{Mutex, MutexGuard};

use lockstep_model::{Failure, Workspace, WorkspaceChange};
use tauri::AppHandle;

use crate::{
    data_folder::ConnectionFolder,
    host::lock,
    settings_file::{SettingsFile, from_text, to_text},
};

const WORKSPACE: &str = "workspace";

/// The workspace, and its file.
pub struct KeptWorkspace {
    file: Option<SettingsFile>,
    now: Mutex<Workspace>,
}

impl KeptWorkspace {
    /// That of the last run, or `first` where there is none.
    pub fn open(app: &AppHandle, folder: &ConnectionFolder, first: Workspace) -> Self {
        let file = SettingsFile::open(app, folder.workspace());
        let kept = file.as_ref().and_then(|file| from_text(&file.get::<String>(WORKSPACE)?));
        Self { file, now: Mutex::new(kept.unwrap_or(first)) }
    }

    /// As it is now.
    pub fn now(&self) -> Workspace {
        self.shown().clone()
    }

    /// Changes it, and tells of it: it is on disk when this returns. Changes are told in the order in which they are made.
    ///
    /// # Errors
    /// Those of [`Workspace::changed`]; [`Failure::Internal`] where the disk refuses, and then it is as before.
    pub fn change(&self, change: WorkspaceChange, tell: impl FnOnce(Workspace)) -> Result<(), Failure> {
        let mut now = self.shown();
        let changed = now.changed(change)?;
        let not_kept = |reason: String| Failure::internal(format!("the change is not kept: {reason}"));
        let file = self.file.as_ref().ok_or_else(|| not_kept("there is no file for it".into()))?;
        let text = to_text(&changed).ok_or_else(|| not_kept("it is too large".into()))?;
        file.write(WORKSPACE, &text).map_err(not_kept)?;
        now.clone_from(&changed);
        tell(changed);
        Ok(())
    }

    fn shown(&self) -> MutexGuard<'_, Workspace> {
        lock(&self.now)
    }
}

impl Drop for KeptWorkspace {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            file.close();
        }
    }
}
