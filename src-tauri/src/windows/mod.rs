//! The windows: which are open, what each shows, where each stands; and all of that back at the next start.

mod layout;
mod page_process;

use std::sync::{Mutex, MutexGuard};

use lockstep_model::{
    Failure,
    contract::{ConnectionId, TAB_EVENT, Tabs, View, ZOOM_LEAST, ZOOM_MOST, encode},
};
use tauri::{
    AppHandle, Emitter, LogicalSize, Manager, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};

use crate::{connections::Connections, data_folder::ConnectionFolder, host::lock, kept::base64};
use layout::{Layout, Place};

pub use layout::LayoutFile;
pub use page_process::prepare_pages;

/// The name of a connection's first window. Others are `window-2`, `window-3`, … For Tauri a window's label is its
/// connection's and its own name, with [`BETWEEN`] between them.
const MAIN: &str = "main";
const BETWEEN: char = ':';

/// A new window's size in logical pixels, and the least that it can be given.
const SIZE: (f64, f64) = (1200.0, 800.0);
const LEAST: (f64, f64) = (640.0, 420.0);

/// All windows of one connection.
pub struct Windows {
    connection: ConnectionId,
    /// What a person calls the connection, if anything.
    name: Mutex<Option<String>>,
    layout: Mutex<Layout>,
    file: LayoutFile,
}

impl Windows {
    /// With the layout of the last run; `first` is what the very first start shows.
    pub fn restored(
        app: &AppHandle,
        connection: &ConnectionId,
        folder: &ConnectionFolder,
        first: View,
    ) -> Self {
        let file = LayoutFile::open(app, folder);
        let mut layout = file.read();
        layout.windows.entry(MAIN.into()).or_insert_with(|| Place::of(first));
        Self { connection: connection.clone(), name: Mutex::default(), layout: Mutex::new(layout), file }
    }

    /// What a person calls the connection from now on, if anything: the titles say so.
    pub fn call(&self, app: &AppHandle, name: Option<String>) {
        *lock(&self.name) = name;
        for label in labels(app, &self.connection) {
            self.entitle(app, &label, &self.tabs(&label).active().view);
        }
    }

    fn entitle(&self, app: &AppHandle, label: &str, view: &View) {
        if let Some(window) = app.get_webview_window(label)
            && let Err(error) = window.set_title(&self.title(view))
        {
            log::warn!("the title of {label}: {error}");
        }
    }

    fn title(&self, view: &View) -> String {
        view.title(lock(&self.name).as_deref())
    }

    /// What the windows will show: what to read ahead.
    pub fn views(&self) -> Vec<View> {
        self.layout().windows.values().map(|place| place.tabs.active().view.clone()).collect()
    }

    /// Opens every window of the layout.
    ///
    /// # Errors
    /// Where the system opens no window.
    pub fn open_all(&self, app: &AppHandle) -> tauri::Result<()> {
        let windows = self.layout().windows.clone();
        windows.iter().try_for_each(|(name, place)| self.build(app, &self.label(name), place))
    }

    /// Brings one of them before the person.
    pub fn raise(&self, app: &AppHandle) {
        let window = labels(app, &self.connection).first().and_then(|label| app.get_webview_window(label));
        if let Some(window) = window
            && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
        {
            log::warn!("{} cannot be raised: {error}", window.label());
        }
    }

    /// Closes one of them, as a person does it.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the system does not close it.
    pub fn close(&self, app: &AppHandle, label: &str) -> Result<(), Failure> {
        let closed = app.get_webview_window(label).map_or(Ok(()), |window| window.close());
        closed.map_err(|error| Failure::internal(format!("the window cannot be closed: {error}")))
    }

    /// Shows one of them that large, in percent.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for what is no such size; [`Failure::Internal`] where the system does not do it.
    pub fn zoom(&self, app: &AppHandle, label: &str, percent: u16) -> Result<(), Failure> {
        if !(ZOOM_LEAST..=ZOOM_MOST).contains(&percent) {
            return Err(Failure::invalid(format!("{percent} % is not from {ZOOM_LEAST} to {ZOOM_MOST} %")));
        }
        let zoomed = app
            .get_webview_window(label)
            .map_or(Ok(()), |window| window.set_zoom(f64::from(percent) / 100.0));
        zoomed.map_err(|error| Failure::internal(format!("the window's size cannot be changed: {error}")))
    }

    /// Closes all of them, for good.
    pub fn close_all(&self, app: &AppHandle) {
        for label in labels(app, &self.connection) {
            if let Some(window) = app.get_webview_window(&label)
                && let Err(error) = window.destroy()
            {
                log::warn!("{label} cannot be closed: {error}");
            }
        }
    }

    /// What a window shows.
    pub fn tabs(&self, label: &str) -> Tabs {
        let place = self.layout().windows.get(name_of(label)).cloned();
        place.map_or_else(|| Tabs::of(View::Home), |place| place.tabs)
    }

    /// Shows a view in a window of its own; returns its label.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the system opens no window.
    pub fn open(&self, app: &AppHandle, view: View) -> Result<String, Failure> {
        self.open_at(app, Place::of(view))
    }

    /// The same, beside the window of that label: each has half of that one's screen, where that is wide enough.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_beside(&self, app: &AppHandle, label: &str, view: View) -> Result<String, Failure> {
        let right = app.get_webview_window(label).and_then(|window| match make_room(&window) {
            Ok(right) => right,
            Err(error) => {
                log::warn!("{label} makes no room: {error}");
                None
            }
        });
        let place = Place::of(view);
        self.open_at(
            app,
            match right {
                Some(Half { position, size }) => {
                    Place { position: Some(position), size: Some(size), ..place }
                }
                None => place,
            },
        )
    }

    fn open_at(&self, app: &AppHandle, place: Place) -> Result<String, Failure> {
        let label = {
            let mut layout = self.layout();
            let name = layout.free_name();
            let label = self.label(&name);
            layout.windows.insert(name, place.clone());
            label
        };
        self.build(app, &label, &place).map_err(not_opened)?;
        self.save();
        Ok(label)
    }

    /// A window shows something else now: its title says so, and the next start shows it.
    pub fn remember(&self, app: &AppHandle, label: &str, tabs: Tabs) {
        self.entitle(app, label, &tabs.active().view);
        if let Some(place) = self.layout().windows.get_mut(name_of(label)) {
            place.tabs = tabs;
        }
        self.save();
    }

    /// Shows a view in a tab of the main window, which is opened where it is not, and raised.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the system opens no window, or lets nothing reach it.
    pub fn open_in_main(&self, app: &AppHandle, view: View) -> Result<(), Failure> {
        let label = self.label(MAIN);
        let Some(main) = app.get_webview_window(&label) else {
            let place = Place::of(view);
            self.layout().windows.insert(MAIN.into(), place.clone());
            self.save();
            return self.build(app, &label, &place).map_err(not_opened);
        };
        let payload = base64(&encode(&view)?);
        main.emit_to(&label, TAB_EVENT, payload)
            .and_then(|()| main.unminimize())
            .and_then(|()| main.set_focus())
            .map_err(|error| Failure::internal(format!("the main window cannot be reached: {error}")))
    }

    fn build(&self, app: &AppHandle, label: &str, place: &Place) -> tauri::Result<()> {
        // A size that changes while the page begins has WebKitGTK wait for a picture of it for up to half a second, and do
        // nothing else meanwhile: so it begins with its size, as far as the scale of its screen is known.
        let scale = app.primary_monitor()?.map_or(1.0, |monitor| monitor.scale_factor());
        let size = place
            .size
            .map_or(LogicalSize::from(SIZE), |size| PhysicalSize::<u32>::from(size).to_logical(scale));
        let window = WebviewWindowBuilder::new(app, label, WebviewUrl::default())
            .title(self.title(&place.tabs.active().view))
            .inner_size(size.width, size.height)
            .min_inner_size(LEAST.0, LEAST.1)
            // Dropping a file on a window must not replace the app by the file.
            .disable_drag_drop_handler()
            .build()?;
        if let Some(size) = place.size.map(PhysicalSize::<u32>::from)
            && window.inner_size()? != size
        {
            window.set_size(size)?;
        }
        if let Some((x, y)) = place.position {
            window.set_position(PhysicalPosition::new(x, y))?;
        }
        page_process::watch(&window)?;
        let (app, label) = (app.clone(), label.to_owned());
        window.on_window_event(move |event| heard(&app, &label, event));
        Ok(())
    }

    fn moved(&self, label: &str, position: PhysicalPosition<i32>) {
        if let Some(place) = self.layout().windows.get_mut(name_of(label)) {
            place.position = Some((position.x, position.y));
        }
        self.save();
    }

    fn resized(&self, label: &str, size: PhysicalSize<u32>) {
        if let Some(place) = self.layout().windows.get_mut(name_of(label)) {
            place.size = Some((size.width, size.height));
        }
        self.save();
    }

    /// A window was closed by a person. The last one stays in the layout, to be what the next start shows.
    fn closed(&self, label: &str) {
        let mut layout = self.layout();
        if layout.windows.len() > 1 {
            layout.windows.remove(name_of(label));
        }
        drop(layout);
        self.save();
    }

    fn label(&self, name: &str) -> String {
        format!("{}{BETWEEN}{name}", self.connection)
    }

    fn save(&self) {
        self.file.write_soon(&self.layout());
    }

    fn layout(&self) -> MutexGuard<'_, Layout> {
        lock(&self.layout)
    }
}

/// One half of a screen, as a window's place in it: in physical pixels, the size without the frame.
struct Half {
    position: (i32, i32),
    size: (u32, u32),
}

/// Moves the window to the left half of its screen, and returns the right one; `None` where that is too narrow for two.
fn make_room(window: &WebviewWindow) -> tauri::Result<Option<Half>> {
    let Some(monitor) = window.current_monitor()? else { return Ok(None) };
    let (area, scale) = (monitor.work_area(), monitor.scale_factor());
    let width = area.size.width / 2;
    let least = PhysicalSize::<u32>::from_logical(LogicalSize::<f64>::from(LEAST), scale);
    if width < least.width || area.size.height < least.height {
        return Ok(None);
    }
    let PhysicalPosition { x, y } = area.position;
    // A maximized window may have another frame.
    window.unmaximize()?;
    let (outer, inner) = (window.outer_size()?, window.inner_size()?);
    let frame = (outer.width.saturating_sub(inner.width), outer.height.saturating_sub(inner.height));
    let size = (width.saturating_sub(frame.0), area.size.height.saturating_sub(frame.1));
    window.set_size(PhysicalSize::new(size.0, size.1))?;
    window.set_position(PhysicalPosition::new(x, y))?;
    Ok(Some(Half { position: (x.saturating_add_unsigned(width), y), size }))
}

fn not_opened(error: tauri::Error) -> Failure {
    Failure::internal(format!("no window could be opened: {error}"))
}

fn heard(app: &AppHandle, label: &str, event: &WindowEvent) {
    let connections = app.state::<Connections>();
    let Some(session) = connections.session(label) else { return };
    match event {
        WindowEvent::Moved(position) => session.windows.moved(label, *position),
        WindowEvent::Resized(size) => session.windows.resized(label, *size),
        WindowEvent::CloseRequested { .. } => {
            session.windows.closed(label);
            connections.closing(app, label);
        }
        WindowEvent::Destroyed => session.host.detach(label),
        WindowEvent::Focused(focused) => session.host.focus(*focused),
        _ => {}
    }
}

/// The connection of a window.
pub fn connection_of(label: &str) -> ConnectionId {
    ConnectionId(label.split(BETWEEN).next().unwrap_or_default().into())
}

fn name_of(label: &str) -> &str {
    label.rsplit(BETWEEN).next().unwrap_or_default()
}

/// The labels of a connection's windows that are open, sorted.
pub fn labels(app: &AppHandle, connection: &ConnectionId) -> Vec<String> {
    let open = app.webview_windows().into_keys();
    let mut labels: Vec<_> = open.filter(|label| connection_of(label) == *connection).collect();
    labels.sort();
    labels
}
