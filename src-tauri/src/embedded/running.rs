//! Servers that already run on a storage folder, left over where supervisor and host were killed together. They are
//! found among the system's processes by program and storage path, so no file has to be right about a process id.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, Signal, System, UpdateKind};

use super::{program, supervisor};

/// The option whose value is the storage path.
pub(super) const STORAGE_OPTION: &str = "--storage-path";

/// How long a left-over server may take to close its storage before it is killed.
const FAREWELL: Duration = Duration::from_secs(5);

/// The ids of the server processes on `storage`.
pub fn on(storage: &Path) -> Vec<u32> {
    let storage = spelled_once(storage);
    let mut system = System::new();
    let wanted = ProcessRefreshKind::nothing()
        .without_tasks()
        .with_cmd(UpdateKind::Always)
        .with_exe(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, wanted);
    let serves = |process: &sysinfo::Process| {
        let command = process.cmd();
        let path = command.iter().position(|word| word == STORAGE_OPTION).and_then(|at| command.get(at + 1));
        let program = process
            .exe()
            .and_then(Path::file_name)
            .is_some_and(|name| name.as_encoded_bytes().starts_with(program::NAME.as_bytes()));
        program
            && path.is_some_and(|path| spelled_once(Path::new(path)) == storage)
            && command.get(1).is_none_or(|word| word != supervisor::ARGUMENT)
    };
    system
        .processes()
        .values()
        .filter(|process| serves(process))
        .map(|process| process.pid().as_u32())
        .collect()
}

/// Ends the servers on `storage`, in order if they can, and returns when they are gone.
pub fn end_all_on(storage: &Path) {
    let begun = Instant::now();
    on(storage).into_iter().for_each(terminate);
    loop {
        let left = on(storage);
        if left.is_empty() {
            return;
        }
        if begun.elapsed() > FAREWELL {
            left.into_iter().for_each(kill);
        }
        // No system tells the end of a process that is not a child.
        thread::sleep(Duration::from_millis(50));
    }
}

/// Asks a process to end; on Windows, where none can be asked, kills it.
pub fn terminate(id: u32) {
    signal(id, Signal::Term);
}

/// Ends a process at once.
pub fn kill(id: u32) {
    signal(id, Signal::Kill);
}

fn signal(id: u32, signal: Signal) {
    let id = Pid::from_u32(id);
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[id]), true, ProcessRefreshKind::nothing());
    if let Some(process) = system.process(id)
        && process.kill_with(signal).is_none()
    {
        process.kill();
    }
}

/// The same for every path that leads to the same folder.
fn spelled_once(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.into())
}
