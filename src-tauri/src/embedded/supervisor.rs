//! The process between host and database server: `lockstep --supervise PROGRAM ARGUMENTS…`. It holds a pipe from the
//! host, and when that closes, because the host ended in whatever way, it ends the server and then itself.
//!
//! It knows nothing of databases. A server that outlives its supervisor too is found by [`running`].

use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    path::Path,
    process::{ExitCode, ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
};

use super::running;

/// The first argument that makes a supervisor of this program.
pub(super) const ARGUMENT: &str = "--supervise";

/// How long a server may take to write its last checkpoint before it is killed. What it has acknowledged is on disk anyway.
const FAREWELL: Duration = Duration::from_secs(5);

/// The command that runs `program` below a supervisor. What it does with the input pipe decides over the server's life.
pub(super) fn command(supervisor: &Path, program: &Path) -> Command {
    let mut command = quiet(supervisor);
    command.arg(ARGUMENT).arg(program).stdin(Stdio::piped());
    // A group of its own: the terminal's Ctrl-C ends the host, and the host's end ends the server, in this order.
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// For `main`, before anything else: if this process was started as a supervisor, does that to the end. `None` if not.
pub fn supervise_if_asked() -> Option<ExitCode> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    let Some(program) = arguments.next() else {
        eprintln!("lockstep: {ARGUMENT} needs a program");
        return Some(ExitCode::from(2));
    };
    Some(match supervise(&program, arguments) {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("lockstep: cannot run {}: {error}", program.display());
            ExitCode::FAILURE
        }
    })
}

fn supervise(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> io::Result<ExitStatus> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let status = runtime.block_on(async {
        let mut server = quiet(Path::new(program)).args(arguments).stdin(Stdio::null()).spawn()?;
        tokio::select! {
            status = server.wait() => status,
            () = host_gone() => end(&mut server).await,
        }
    });
    // A read of the pipe cannot be called back: it must not hold up the end.
    runtime.shutdown_background();
    status
}

/// Resolves when the pipe from the host is closed at the other end.
async fn host_gone() {
    let mut pipe = tokio::io::stdin();
    let mut scrap = [0; 64];
    while pipe.read(&mut scrap).await.is_ok_and(|length| length > 0) {}
}

async fn end(server: &mut Child) -> io::Result<ExitStatus> {
    if let Some(id) = server.id() {
        running::terminate(id);
    }
    if let Ok(status) = tokio::time::timeout(FAREWELL, server.wait()).await {
        return status;
    }
    server.kill().await?;
    server.wait().await
}

/// A command that opens no console window on Windows.
fn quiet(program: &Path) -> Command {
    #[cfg_attr(not(windows), expect(unused_mut, reason = "only Windows has a flag to set"))]
    let mut command = Command::new(program);
    #[cfg(windows)]
    command.creation_flags(0x0800_0000); // CREATE_NO_WINDOW
    command
}
