//! The app: puts config, files, host, windows and Tauri together, and runs until the last window closes.

use std::process::ExitCode;

use lockstep_model::{
    ListQuery, Namespace,
    contract::{Boot, FEED_EVENT, FeedBatch, View, encode},
};
use tauri::{AppHandle, Emitter, Manager, RunEvent, Wry, plugin::TauriPlugin};
use tauri_plugin_log::{Target, TargetKind};

use crate::{
    colleague, commands,
    config::{Config, Server},
    data_folder::DataFolder,
    host::{Deliver, Host},
    outbox::Outbox,
    sample,
    windows::Windows,
};

/// A log file of this size is begun anew.
const LOG_MOST_BYTES: u128 = 2 * 1024 * 1024;

/// Runs the app with this process's arguments and environment. Ends the process when the last window has closed.
pub fn run() -> ExitCode {
    let config = match Config::from_environment(std::env::args_os().skip(1)) {
        Ok(config) => config,
        Err(early) => return early.exit(),
    };
    if let Some(per_second) = config.colleague {
        return colleague::run(&config, per_second);
    }
    let folder = match DataFolder::open(&config.data) {
        Ok(folder) => folder,
        Err(error) => return refuse(&error),
    };
    let opened = match Outbox::open(&folder.outbox()) {
        Ok(opened) => opened,
        Err(error) => return refuse(&error),
    };
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(logging(&folder))
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let app = app.handle().clone();
            // Inside the runtime: host and windows spawn their tasks at once.
            tauri::async_runtime::block_on(async move {
                let windows = Windows::restored(&app, &folder, first_view(&config.server));
                let ahead = windows.views();
                let deliver = deliver(&app);
                let host = Host::start(config, folder, opened, boot(), ahead, deliver);
                app.manage(host);
                app.manage(windows);
                app.state::<Windows>().open_all(&app)
            })?;
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match built {
        Ok(app) => app,
        Err(error) => return refuse(&error),
    };
    app.run(|app, event| {
        if let (RunEvent::Exit, Some(host)) = (event, app.try_state::<Host>()) {
            host.close();
        }
    });
    ExitCode::SUCCESS
}

/// What the very first start shows: of the sample workspace the offers, of anybody's own server its collections.
fn first_view(server: &Server) -> View {
    match server {
        Server::Embedded => {
            let namespace = Namespace::new(sample::DATABASE, "offers");
            View::Table { namespace, query: ListQuery::all(), top_row: 0 }
        }
        Server::At(_) => View::Home,
    }
}

/// To standard error, and to a file of bounded size in the data folder. What is logged holds no credentials: addresses
/// print without them.
fn logging(folder: &DataFolder) -> TauriPlugin<Wry> {
    let file = TargetKind::Folder { path: folder.logs(), file_name: None };
    tauri_plugin_log::Builder::new()
        .clear_targets()
        .targets([Target::new(TargetKind::Stderr), Target::new(file)])
        .level(log::LevelFilter::Info)
        .max_file_size(LOG_MOST_BYTES)
        .build()
}

fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("lockstep: {error}");
    ExitCode::FAILURE
}

/// Feed batches as Tauri events: the encoded batch in base64, since an event's payload is text.
fn deliver(app: &AppHandle) -> Deliver {
    let app = app.clone();
    Box::new(move |label: &str, batch: FeedBatch| {
        let emitted = encode(&batch).map_err(|failure| failure.to_string()).and_then(|bytes| {
            let payload = base64(&bytes);
            app.emit_to(label, FEED_EVENT, payload).map_err(|error| error.to_string())
        });
        if let Err(error) = emitted {
            log::warn!("the feed of {label}: {error}");
        }
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

/// A number that no other run of the host has.
fn boot() -> Boot {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Boot(i64::try_from(since.as_micros()).unwrap_or_default())
}
