//! The layout on disk: what the windows show and where they stand.
//!
//! The store plugin writes a file in place and takes a damaged one for an empty one, so the generation before is kept
//! beside it, and taken where the newest cannot be read.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc, time::Duration};

use lockstep_model::contract::{Tabs, View};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tauri::AppHandle;
use tauri_plugin_store::{Store, StoreExt};
use tokio::sync::watch;

use crate::{data_folder::ConnectionFolder, kept};

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

/// How a place is written: a view holds BSON values, so it is BSON too, in hexadecimal.
#[derive(Serialize, Deserialize)]
struct Written {
    tabs: String,
    position: Option<(i32, i32)>,
    size: Option<(u32, u32)>,
}

impl Written {
    fn of(place: &Place) -> Option<Self> {
        let bytes = kept::to_bytes(&place.tabs).ok()?;
        Some(Self { tabs: hex::encode(bytes), position: place.position, size: place.size })
    }

    fn place(&self) -> Option<Place> {
        let tabs = kept::from_bytes(&hex::decode(&self.tabs).ok()?).ok()?;
        Some(Place { tabs, position: self.position, size: self.size })
    }
}

/// The file.
pub struct LayoutFile {
    store: Option<Arc<Store<tauri::Wry>>>,
    next: watch::Sender<Layout>,
}

impl LayoutFile {
    /// Opens the file in the connection's folder. Needs a tokio runtime around it.
    pub fn open(app: &AppHandle, folder: &ConnectionFolder) -> Self {
        let [path, previous] = folder.settings();
        if !is_readable(&path) && is_readable(&previous) {
            log::warn!("{} is damaged: the generation before is taken", path.display());
            if let Err(error) = fs::copy(&previous, &path) {
                log::error!("{} cannot be restored: {error}", path.display());
            }
        }
        let store = match app.store(&path) {
            Ok(store) => Some(store),
            Err(error) => {
                log::error!("settings are not kept: {error}");
                None
            }
        };
        let next = watch::Sender::new(Layout::default());
        if let Some(store) = &store {
            tokio::spawn(write_all(store.clone(), path, previous, next.subscribe()));
        }
        Self { store, next }
    }

    /// The layout of the last run; windows that cannot be read are left out.
    pub(super) fn read(&self) -> Layout {
        let json = self.store.as_ref().and_then(|store| store.get(WINDOWS)).unwrap_or(Json::Null);
        let written: BTreeMap<String, Written> = serde_json::from_value(json).unwrap_or_default();
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

/// The plugin writes every store that it knows once more when the app ends, also that of a connection that was removed.
impl Drop for LayoutFile {
    fn drop(&mut self) {
        if let Some(store) = &self.store {
            store.close_resource();
        }
    }
}

async fn write_all(
    store: Arc<Store<tauri::Wry>>,
    path: PathBuf,
    previous: PathBuf,
    mut next: watch::Receiver<Layout>,
) {
    while next.changed().await.is_ok() {
        let layout = next.borrow_and_update().clone();
        let written: BTreeMap<_, _> =
            layout.windows.iter().filter_map(|(label, place)| Some((label, Written::of(place)?))).collect();
        if is_readable(&path)
            && let Err(error) = fs::copy(&path, &previous)
        {
            log::warn!("the settings' last generation is not kept: {error}");
        }
        match serde_json::to_value(written) {
            Ok(json) => store.set(WINDOWS, json),
            Err(error) => log::error!("the layout cannot be written: {error}"),
        }
        if let Err(error) = store.save() {
            log::error!("settings cannot be saved: {error}");
        }
        tokio::time::sleep(BREATH).await;
    }
}

fn is_readable(path: &PathBuf) -> bool {
    fs::read(path).is_ok_and(|bytes| serde_json::from_slice::<Json>(&bytes).is_ok())
}
