//! The windows: which are open, what each shows, where each stands; and all of that back at the next start.

mod layout;

use std::sync::{Mutex, MutexGuard, PoisonError};

use lockstep_model::{Failure, contract::View};
use tauri::{
    AppHandle, Manager, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindowBuilder, WindowEvent,
};

use crate::{data_folder::DataFolder, host::Host};
use layout::{Layout, Place};

pub use layout::LayoutFile;

/// The first window's label. Others are `window-2`, `window-3`, …
const MAIN: &str = "main";

/// A new window's size in logical pixels, and the least that it can be given.
const SIZE: (f64, f64) = (1200.0, 800.0);
const LEAST: (f64, f64) = (640.0, 420.0);

/// All windows of this host.
pub struct Windows {
    layout: Mutex<Layout>,
    file: LayoutFile,
}

impl Windows {
    /// With the layout of the last run; `first` is what the very first start shows.
    pub fn restored(app: &AppHandle, folder: &DataFolder, first: View) -> Self {
        let file = LayoutFile::open(app, folder);
        let mut layout = file.read();
        layout.windows.entry(MAIN.into()).or_insert_with(|| Place::of(first));
        Self { layout: Mutex::new(layout), file }
    }

    /// What the windows will show: what to read ahead.
    pub fn views(&self) -> Vec<View> {
        self.layout().windows.values().map(|place| place.view.clone()).collect()
    }

    /// Opens every window of the layout.
    ///
    /// # Errors
    /// Where the system opens no window.
    pub fn open_all(&self, app: &AppHandle) -> tauri::Result<()> {
        let windows = self.layout().windows.clone();
        windows.iter().try_for_each(|(label, place)| build(app, label, place))
    }

    /// What a window shows.
    pub fn view(&self, label: &str) -> View {
        self.layout().windows.get(label).map_or(View::Home, |place| place.view.clone())
    }

    /// Shows a view in a window of its own; returns its label.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the system opens no window.
    pub fn open(&self, app: &AppHandle, view: View) -> Result<String, Failure> {
        let (label, place) = {
            let mut layout = self.layout();
            let label = layout.free_label();
            let place = Place::of(view);
            layout.windows.insert(label.clone(), place.clone());
            (label, place)
        };
        build(app, &label, &place)
            .map_err(|error| Failure::internal(format!("no window could be opened: {error}")))?;
        self.save();
        Ok(label)
    }

    /// A window shows something else now: its title says so, and the next start shows it.
    pub fn remember(&self, app: &AppHandle, label: &str, view: View) {
        if let Some(window) = app.get_webview_window(label)
            && let Err(error) = window.set_title(&view.title())
        {
            log::warn!("the title of {label}: {error}");
        }
        if let Some(place) = self.layout().windows.get_mut(label) {
            place.view = view;
        }
        self.save();
    }

    fn moved(&self, label: &str, position: PhysicalPosition<i32>) {
        if let Some(place) = self.layout().windows.get_mut(label) {
            place.position = Some((position.x, position.y));
        }
        self.save();
    }

    fn resized(&self, label: &str, size: PhysicalSize<u32>) {
        if let Some(place) = self.layout().windows.get_mut(label) {
            place.size = Some((size.width, size.height));
        }
        self.save();
    }

    /// A window was closed by a person. The last one stays in the layout, to be what the next start shows.
    fn closed(&self, label: &str) {
        let mut layout = self.layout();
        if layout.windows.len() > 1 {
            layout.windows.remove(label);
        }
        drop(layout);
        self.save();
    }

    fn save(&self) {
        self.file.write_soon(&self.layout());
    }

    fn layout(&self) -> MutexGuard<'_, Layout> {
        self.layout.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn build(app: &AppHandle, label: &str, place: &Place) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, label, WebviewUrl::default())
        .title(place.view.title())
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        // Dropping a file on a window must not replace the app by the file.
        .disable_drag_drop_handler()
        .build()?;
    if let Some((width, height)) = place.size {
        window.set_size(PhysicalSize::new(width, height))?;
    }
    if let Some((x, y)) = place.position {
        window.set_position(PhysicalPosition::new(x, y))?;
    }
    let (app, label) = (app.clone(), label.to_owned());
    window.on_window_event(move |event| heard(&app, &label, event));
    Ok(())
}

fn heard(app: &AppHandle, label: &str, event: &WindowEvent) {
    let windows = app.state::<Windows>();
    match event {
        WindowEvent::Moved(position) => windows.moved(label, *position),
        WindowEvent::Resized(size) => windows.resized(label, *size),
        WindowEvent::CloseRequested { .. } => windows.closed(label),
        WindowEvent::Destroyed => app.state::<Host>().detach(label),
        WindowEvent::Focused(focused) => app.state::<Host>().focus(*focused),
        _ => {}
    }
}
