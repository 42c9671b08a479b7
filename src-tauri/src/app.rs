//! The app: puts config, files, connections and Tauri together, and runs until the last window closes.

use std::process::ExitCode;

use tauri::{Manager, RunEvent, Wry, plugin::TauriPlugin};
use tauri_plugin_log::{Target, TargetKind};

use crate::{
    colleague, commands,
    config::{Config, Server},
    connections::Connections,
    data_folder::{DataFolder, DataFolderError},
    second_start, windows,
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
    windows::prepare_pages();
    let folder = match DataFolder::open(&config.data) {
        Ok(folder) => folder,
        // Whoever asks for a server of their own is to know that this one does not open it.
        Err(DataFolderError::InUse(path))
            if config.server == Server::Embedded && second_start::ring(&path) =>
        {
            eprintln!("lockstep: it is running already, and its windows come to the front");
            return ExitCode::SUCCESS;
        }
        Err(error) => return refuse(&error),
    };
    let data = folder.path().to_owned();
    let logging = logging(&folder);
    let connections = Connections::of(&config, folder);
    let prepared = match connections.prepare() {
        Ok(prepared) => prepared,
        Err(error) => return refuse(&error),
    };
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(logging)
        .invoke_handler(commands::handler())
        .setup(move |app| {
            app.manage(connections);
            let connections = app.state::<Connections>();
            connections.start_all(app.handle(), prepared)?;
            second_start::listen(app.handle(), &data);
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match built {
        Ok(app) => app,
        Err(error) => return refuse(&error),
    };
    app.run(|app, event| {
        if let (RunEvent::Exit, Some(connections)) = (event, app.try_state::<Connections>()) {
            connections.close();
        }
    });
    ExitCode::SUCCESS
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

fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("lockstep: {error}");
    ExitCode::FAILURE
}
