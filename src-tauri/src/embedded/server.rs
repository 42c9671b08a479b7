//! One run of the server: started below a supervisor, bound to a port, and ended by dropping it.
//!
//! It is not restarted here (that is [`keeper`](super::keeper)), and nobody logs in here ([`account`](super::account)).

use std::{
    fs,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, ChildStdin},
    sync::oneshot,
    task::JoinHandle,
};

use super::{log::Log, running, supervisor};
use crate::data_folder::make_private_folder;

/// How long a server may take until it listens. Recovery after a hard end is part of it.
const START_LIMIT: Duration = Duration::from_secs(120);

/// How long to wait for the last lines of a server that has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What a server prints before its address.
const LISTENING: &str = "listening on ";

/// How to start a server.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The server's program, as [`Places::find`](super::program::Places::find) finds it.
    pub program: PathBuf,
    /// The program that can be a supervisor: this one, except in tests.
    pub supervisor: PathBuf,
    /// The folder for its database, password and logs.
    pub folder: PathBuf,
    /// Further options of the server's own.
    pub options: Vec<String>,
}

/// A server that listens. Dropped, it is ended by its supervisor.
#[derive(Debug)]
pub struct Server {
    supervisor: Child,
    pipe: ChildStdin,
    output: Output,
    port: u16,
}

impl Launch {
    /// Where the database's own files lie.
    pub fn storage(&self) -> PathBuf {
        self.folder.join("db")
    }

    /// Starts a server on `port` (0: any that is free) and waits until it listens. A server that still runs on this
    /// storage is ended first. The error says what the server said.
    pub async fn start(&self, port: u16) -> Result<Server, String> {
        let storage = self.storage();
        let config = self.folder.join("secantusd.toml");
        let mut log = make_private_folder(&storage)
            // Without a file of our own it would read one of the user's, from several places.
            .and_then(|()| fs::write(&config, ""))
            .and_then(|()| Log::begin(&self.folder))
            .map_err(|error| format!("cannot write to {}: {error}", self.folder.display()))?;
        log.line(&format!("{} on {}", self.program.display(), storage.display()));

        let left_over = storage.clone();
        tokio::task::spawn_blocking(move || running::end_all_on(&left_over))
            .await
            .map_err(|error| format!("cannot look for running servers: {error}"))?;

        let mut command = supervisor::command(&self.supervisor, &self.program);
        command.args(["--host", "127.0.0.1", "--port", &port.to_string(), "--auth", "--sync-on-commit"]);
        command.args(["--cache-size", "256M", "--log-file-max", "16MB"]);
        // A host that comes back within a day can still ask what became of its writes. The heartbeat's timer is the one
        // that drops older history, which otherwise grows without end.
        command.args(["--oplog-retention-seconds", "86400", "--noop-heartbeat-seconds", "60"]);
        command.arg("--config").arg(&config).arg(running::STORAGE_OPTION).arg(&storage);
        command.args(&self.options);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut supervisor = command
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", self.supervisor.display()))?;
        let pipe = supervisor.stdin.take().expect("its input was asked to be a pipe");
        let (output, listening) = Output::read(&mut supervisor, log);

        let mut server = Server { supervisor, pipe, output, port };
        match tokio::time::timeout(START_LIMIT, listening).await {
            Ok(Ok(port)) => server.port = port,
            Ok(Err(_)) => return Err(server.ended().await),
            Err(_) => return Err(format!("it did not listen within {} s", START_LIMIT.as_secs())),
        }
        Ok(server)
    }
}

impl Server {
    /// The port on 127.0.0.1 that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits for its end, and says why it ended. May be dropped and called again.
    pub async fn ended(&mut self) -> String {
        let status = match self.supervisor.wait().await {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        format!("the database server ended ({status}): {}", self.output.last_lines().await)
    }

    /// Ends it in order, and returns when it is gone.
    pub async fn stop(self) {
        let Self { mut supervisor, pipe, .. } = self;
        drop(pipe);
        let _ = supervisor.wait().await;
    }
}

/// The tasks that read what the server prints.
#[derive(Debug)]
struct Output {
    log: Arc<Mutex<Log>>,
    readers: Vec<JoinHandle<()>>,
}

impl Output {
    /// The receiver gets the port; or fails, when the output ends without one.
    fn read(supervisor: &mut Child, log: Log) -> (Self, oneshot::Receiver<u16>) {
        let log = Arc::new(Mutex::new(log));
        let (listening, port) = oneshot::channel();
        let readers = vec![
            tokio::spawn(copy(supervisor.stdout.take(), log.clone(), Some(listening))),
            tokio::spawn(copy(supervisor.stderr.take(), log.clone(), None)),
        ];
        (Self { log, readers }, port)
    }

    /// What the server said last. A server that outlives its supervisor keeps the pipes open: it is not waited for.
    async fn last_lines(&mut self) -> String {
        for reader in &mut self.readers {
            if !reader.is_finished() {
                let _ = tokio::time::timeout(LAST_WORDS, reader).await;
            }
        }
        self.log.lock().unwrap_or_else(PoisonError::into_inner).last_lines()
    }
}

async fn copy(
    output: Option<impl AsyncRead + Unpin>,
    log: Arc<Mutex<Log>>,
    mut listening: Option<oneshot::Sender<u16>>,
) {
    let Some(output) = output else { return };
    let mut lines = BufReader::new(output).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line);
        if let Some(port) = port_of(&line)
            && let Some(listening) = listening.take()
        {
            let _ = listening.send(port);
        }
        // A line is short and a file's write does not wait: no reason for a thread.
        log.lock().unwrap_or_else(PoisonError::into_inner).line(line.trim_end());
    }
}

/// `secantusd-rs listening on 127.0.0.1:PORT`
fn port_of(line: &str) -> Option<u16> {
    line.split_once(LISTENING)?.1.trim().rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_the_port_of_the_line_that_has_one() {
        for (line, port) in [
            ("secantusd-rs listening on 127.0.0.1:43210", Some(43210)),
            ("secantusd-rs listening on 127.0.0.1:43210\r", Some(43210)),
            ("[INFO] opened storage", None),
            ("listening on nothing", None),
        ] {
            assert_eq!(super::port_of(line), port, "{line}");
        }
    }
}
