//! `lockstep --colleague RATE`: no windows, but another program that edits the offers of a sample workspace.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{
    config::{Config, Server},
    data_folder, embedded,
    sample::colleague::Colleague,
};

/// How often it says what it has done.
const REPORT: Duration = Duration::from_secs(10);

/// Edits until it is ended, or the server is gone.
pub(crate) fn run(config: &Config, per_second: u32) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&error.to_string()),
    };
    runtime.block_on(work(config, per_second))
}

async fn work(config: &Config, per_second: u32) -> ExitCode {
    let address = match &config.server {
        Server::At(address) => address.clone(),
        Server::Embedded => match embedded::address_of_running(&data_folder::embedded_in(&config.data)) {
            Ok(address) => address,
            Err(reason) => return refuse(&reason),
        },
    };
    let mut colleague = match Colleague::at(&address, std::process::id()).await {
        Ok(colleague) => colleague,
        Err(error) => return refuse(&format!("{address}: {}", error.kind)),
    };
    println!("editing the offers at {address}, {per_second} times a second, until Ctrl+C");
    let edits = AtomicU64::new(0);
    let report = async {
        loop {
            tokio::time::sleep(REPORT).await;
            println!("{} edits", edits.load(Ordering::Relaxed));
        }
    };
    let count = || _ = edits.fetch_add(1, Ordering::Relaxed);
    tokio::select! {
        error = colleague.work(per_second, count) => refuse(&format!("{address}: {}", error.kind)),
        () = report => ExitCode::SUCCESS,
    }
}

fn refuse(reason: &str) -> ExitCode {
    eprintln!("lockstep --colleague: {reason}");
    ExitCode::FAILURE
}
