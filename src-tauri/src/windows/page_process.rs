//! The system's process that runs a window's page. When it ends by itself, the page is loaded again: what the page has
//! accepted is the host's, so nothing is lost with it. And how the page's code is compiled there.
//!
//! Only WebKitGTK is listened to yet: on other systems such a window stays empty until it is closed.

#[cfg(target_os = "linux")]
pub use compiling::choose_compiler;
#[cfg(target_os = "linux")]
pub(super) use listening::watch;

/// Where there is nothing to choose.
#[cfg(not(target_os = "linux"))]
pub fn choose_compiler() {}

/// Where the system does not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_window: &tauri::WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod compiling {
    use std::{env, io, os::unix::process::CommandExt, process::Command};

    /// Whether WebKitGTK compiles WebAssembly that runs often once more, to faster code. Each page's process reads it from
    /// the environment that it gets from this one.
    const COMPILES_AGAIN: &str = "JSC_useOMGJIT";

    /// Has the pages run by WebKitGTK's first compiler alone, unless the environment says otherwise: with the second one of
    /// 2.50, code now and then computed something else than it says, and the window stopped, or a text was not selected.
    ///
    /// To be called before anything is opened: this process's own environment is not changed safely, so the process starts
    /// anew, with the same id.
    pub fn choose_compiler() {
        if env::var_os(COMPILES_AGAIN).is_none() {
            eprintln!("lockstep: pages run with {COMPILES_AGAIN} as it is: {}", start_anew());
        }
    }

    /// Returns only where that fails.
    fn start_anew() -> io::Error {
        let program = match env::current_exe() {
            Ok(program) => program,
            Err(error) => return error,
        };
        let mut arguments = env::args_os();
        let mut again = Command::new(program);
        if let Some(name) = arguments.next() {
            again.arg0(name);
        }
        again.args(arguments).env(COMPILES_AGAIN, "false").exec()
    }
}

#[cfg(target_os = "linux")]
mod listening {
    use std::{
        sync::Mutex,
        time::{Duration, Instant},
    };

    use tauri::{AppHandle, Manager, WebviewWindow};
    use webkit2gtk::WebViewExt;

    use crate::host::lock;

    /// A page whose process ends again within this time may end each time: then it is loaded again only after it.
    const TOO_SOON: Duration = Duration::from_secs(10);

    /// Loads the page of this window again whenever its process has ended.
    ///
    /// # Errors
    /// Where the window is gone already.
    pub fn watch(window: &WebviewWindow) -> tauri::Result<()> {
        let revival = Revival::of(window);
        window.with_webview(move |view| {
            view.inner().connect_web_process_terminated(move |_, why| revival.begin(&format!("{why:?}")));
        })
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
