//! The system's process that runs a window's page. When it ends by itself, the page is loaded again: what the page has
//! accepted is the host's, so nothing is lost with it. And how pages are compiled and drawn there.
//!
//! Only WebKitGTK is listened to yet: on other systems such a window stays empty until it is closed.

#[cfg(target_os = "linux")]
pub use environment::prepare_pages;
#[cfg(target_os = "linux")]
pub(super) use listening::watch;

/// Where there is nothing to choose.
#[cfg(not(target_os = "linux"))]
pub fn prepare_pages() {}

/// Where the system does not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_window: &tauri::WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod environment {
    use std::{env, fs, io, os::unix::process::CommandExt, path::Path, process::Command};

    /// Whether WebKitGTK compiles WebAssembly that runs often once more, to faster code. With this second compiler of 2.50,
    /// code now and then computed something else than it says, and the window stopped.
    const COMPILES_ONCE: (&str, &str) = ("JSC_useOMGJIT", "false");
    /// Whether WebKitGTK draws without OpenGL. Where no hardware does OpenGL, a program in the place of it takes twice as
    /// long for each frame, and 120 MB more for each window.
    const DRAWS_ITSELF: (&str, &str) = ("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
    /// Here the system lists the hardware that renders, by names that begin so.
    const RENDERERS: (&str, &str) = ("/dev/dri", "renderD");

    /// Has pages compiled and drawn in the way that suits this machine, as far as the environment does not say otherwise:
    /// each page's process reads it from the environment that it gets from this one.
    ///
    /// To be called before anything is opened: this process's own environment is not changed safely, so the process starts
    /// anew, with the same id.
    pub fn prepare_pages() {
        let wanted = wanted(has_renderer(), |name| env::var_os(name).is_some());
        if !wanted.is_empty() {
            let wanted_names: Vec<_> = wanted.iter().map(|(name, value)| format!("{name}={value}")).collect();
            eprintln!("lockstep: pages run without {}: {}", wanted_names.join(" "), start_anew(&wanted));
        }
    }

    fn wanted(has_renderer: bool, is_said: impl Fn(&str) -> bool) -> Vec<(&'static str, &'static str)> {
        let all = [Some(COMPILES_ONCE), (!has_renderer).then_some(DRAWS_ITSELF)];
        all.into_iter().flatten().filter(|(name, _)| !is_said(name)).collect()
    }

    fn has_renderer() -> bool {
        let (folder, name) = RENDERERS;
        let devices = fs::read_dir(Path::new(folder)).into_iter().flatten().flatten();
        devices.into_iter().any(|device| device.file_name().to_string_lossy().starts_with(name))
    }

    /// Returns only where that fails.
    fn start_anew(environment: &[(&str, &str)]) -> io::Error {
        let program = match env::current_exe() {
            Ok(program) => program,
            Err(error) => return error,
        };
        let mut arguments = env::args_os();
        let mut again = Command::new(program);
        if let Some(name) = arguments.next() {
            again.arg0(name);
        }
        again.args(arguments).envs(environment.iter().copied()).exec()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn pages_draw_themselves_where_nothing_else_does_and_the_environment_has_the_last_word() {
            assert_eq!(wanted(true, |_| false), [COMPILES_ONCE]);
            assert_eq!(wanted(false, |_| false), [COMPILES_ONCE, DRAWS_ITSELF]);
            assert_eq!(wanted(false, |name| name == COMPILES_ONCE.0), [DRAWS_ITSELF]);
            assert_eq!(wanted(false, |_| true), []);
        }
    }
}

#[cfg(target_os = "linux")]
mod listening {
    use std::{
        sync::Mutex,
        time::{Duration, Instant},
    };

    use gtk::{glib::Propagation, prelude::WidgetExt};
    use tauri::{AppHandle, Manager, WebviewWindow};
    use webkit2gtk::{LoadEvent, WebView, WebViewExt};

    use crate::host::lock;

    /// A page whose process ends again within this time may end each time: then it is loaded again only after it.
    const TOO_SOON: Duration = Duration::from_secs(10);

    /// Loads the page of this window again whenever its process has ended; draws it when it is there.
    ///
    /// # Errors
    /// Where the window is gone already.
    pub fn watch(window: &WebviewWindow) -> tauri::Result<()> {
        let revival = Revival::of(window);
        window.with_webview(move |view| {
            let view = view.inner();
            view.connect_web_process_terminated(move |_, why| revival.begin(&format!("{why:?}")));
            draw_when_loaded(&view);
        })
    }

    /// Where WebKitGTK draws without OpenGL, a window that is to be drawn waits for its page's picture, for up to half a
    /// second and on the main thread, which the page's files come from: a page that has not begun has no picture until then.
    fn draw_when_loaded(view: &WebView) {
        view.connect_draw(|view, _| if view.is_loading() { Propagation::Stop } else { Propagation::Proceed });
        view.connect_load_changed(|view, event| {
            if event == LoadEvent::Finished {
                view.queue_draw();
            }
        });
    }

    /// How the page of one window comes back.
    struct Revival {
        app: AppHandle,
        label: String,
        ended: Mutex<Option<Instant>>,
    }

    impl Revival {
        fn of(window: &WebviewWindow) -> Self {
            Self {
                app: window.app_handle().clone(),
                label: window.label().to_owned(),
                ended: Mutex::default(),
            }
        }

        fn begin(&self, why: &str) {
            log::error!("the page of {} ended ({why}) and is loaded again", self.label);
            let too_soon =
                lock(&self.ended).replace(Instant::now()).is_some_and(|before| before.elapsed() < TOO_SOON);
            let wait = if too_soon { TOO_SOON } else { Duration::ZERO };
            let (app, label) = (self.app.clone(), self.label.clone());
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(wait).await;
                if let Some(window) = app.get_webview_window(&label)
                    && let Err(error) = window.reload()
                {
                    log::error!("the page of {label} cannot be loaded again: {error}");
                }
            });
        }
    }
}
