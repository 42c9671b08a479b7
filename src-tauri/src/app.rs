//! The app: puts config, files, host, windows and Tauri together, and runs until the last window closes.

use std::process::ExitCode;

use lockstep_model::contract::{Boot, FEED_EVENT, FeedBatch, encode};
use tauri::{AppHandle, Emitter, Manager};

use crate::{
    commands,
    config::Config,
    data_folder::DataFolder,
    host::{Deliver, Host},
    outbox::Outbox,
    windows::Windows,
};

/// Runs the app with this process's arguments and environment. Ends the process when the last window has closed.
pub fn run() -> ExitCode {
    let config = match Config::from_environment(std::env::args_os().skip(1)) {
        Ok(config) => config,
        Err(early) => return early.exit(),
    };
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
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let app = app.handle().clone();
            // Inside the runtime: host and windows spawn their tasks at once.
            tauri::async_runtime::block_on(async move {
                let windows = Windows::restored(&app, &folder);
                let ahead = windows.views();
                let deliver = deliver(&app);
                let host = Host::start(config, folder, opened, boot(), ahead, deliver);
                app.manage(host);
                app.manage(windows);
                app.state::<Windows>().open_all(&app)
            })?;
            Ok(())
        })
        .run(tauri::generate_context!());
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
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
