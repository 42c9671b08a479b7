//! The layout on disk: what the windows show and where they stand.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use lockstep_model::contract::{Tabs, View};
use serde::{Deserialize, Serialize};
use tauri::AppHandle;
use tokio::sync::watch;

use crate::{
    data_folder::ConnectionFolder,
    settings_file::{SettingsFile, from_text, to_text},
};

const WINDOWS: &str = "windows";

/// While somebody drags a window, its place is written no more often than this.
const BREATH: Duration = Duration::from_millis(250);

/// All windows, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub windows: BTreeMap<String, Place>,
}

/// One window.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub tabs: Tabs,
    /// In physical pixels, from the top left of all screens.
    pub position: Option<(i32, i32)>,
    /// In physical pixels, without the frame.
    pub size: Option<(u32, u32)>,
}

impl Place {
    pub fn of(view: View) -> Self {
        Self { tabs: Tabs::of(view), position: None, size: None }
    }
}

impl Layout {
    pub fn free_name(&self) -> String {
        let names = (2_u32..).map(|number| format!("window-{number}"));
        let mut free = names.filter(|name| !self.windows.contains_key(name));
        free.next().expect("fewer than four billion windows are open")
    }
}

/// How a place is written: a view holds BSON values.
#[derive(Serialize, Deserialize)]
struct Written {
    tabs: String,
    position: Option<(i32, i32)>,
    size: Option<(u32, u32)>,
}

impl Written {
    fn of(place: &Place) -> Option<Self> {
        Some(Self { tabs: to_text(&place.tabs)?, position: place.position, size: place.size })
    }

    fn place(&self) -> Option<Place> {
        Some(Place { tabs: from_text(&self.tabs)?, position: self.position, size: self.size })
    }
}

/// The file.
pub struct LayoutFile {
    file: Option<Arc<SettingsFile>>,
    next: watch::Sender<Layout>,
}

impl LayoutFile {
    /// Opens the file in the connection's folder. Needs a tokio runtime around it.
    pub fn open(app: &AppHandle, folder: &ConnectionFolder) -> Self {
        let file = SettingsFile::open(app, folder.settings()).map(Arc::new);
        let next = watch::Sender::new(Layout::default());
        if let Some(file) = &file {
            tokio::spawn(write_all(file.clone(), next.subscribe()));
        }
        Self { file, next }
    }

    /// The layout of the last run; windows that cannot be read are left out.
    pub(super) fn read(&self) -> Layout {
        let written = self.file.as_ref().and_then(|file| file.get::<BTreeMap<String, Written>>(WINDOWS));
        let written = written.unwrap_or_default();
        let windows = written.iter().filter_map(|(label, written)| Some((label.clone(), written.place()?)));
        Layout { windows: windows.collect() }
    }

    /// Writes the layout within [`BREATH`].
    pub(super) fn write_soon(&self, layout: &Layout) {
        self.next.send_if_modified(|next| {
            let modified = *next != *layout;
            next.clone_from(layout);
            modified
        });
    }
}

impl Drop for LayoutFile {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            file.close();
        }
    }
}

async fn write_all(file: Arc<SettingsFile>, mut next: watch::Receiver<Layout>) {
    while next.changed().await.is_ok() {
        let layout = next.borrow_and_update().clone();
        let written: BTreeMap<_, _> =
            layout.windows.iter().filter_map(|(label, place)| Some((label, Written::of(place)?))).collect();
        if let Err(error) = file.write(WINDOWS, &written) {
            log::error!("the layout is not kept: {error}");
        }
        tokio::time::sleep(BREATH).await;
    }
}
