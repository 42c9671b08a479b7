//! Keeps the embedded database running: starts it again when it ends or no longer answers, and says how it stands.
//!
//! It never touches what is stored. Ending with the host is the [`supervisor`](super::supervisor)'s work.

use std::{io, time::Duration};

use mongodb::Client;
use thiserror::Error;
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use super::{
    account::{self, Account},
    server::{Launch, Server},
};
use crate::{address::Address, data_folder::make_private_folder};

/// How the embedded database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Its first start is under way.
    Starting,
    /// It answers. After a restart the address is the same, if its port was still free.
    Running {
        /// With the password.
        uri: Address,
    },
    /// It ended, or did not start, and is started again.
    Restarting {
        /// How many times in a row this was needed, from 1.
        attempt: u32,
        /// Why.
        reason: String,
    },
    /// It does not start, and nothing more is tried.
    Failed {
        /// Why.
        reason: String,
    },
}

/// When to try again, and when to give up.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The wait before the first restart; each further one waits twice as long.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
    /// After this long without a fault the next restart is a first one again.
    pub healthy_after: Duration,
    /// Starts that fail in a row until it is given up.
    pub failed_starts: u32,
    /// The wait between two questions whether it still answers.
    pub ping_every: Duration,
    /// A server that leaves a question unanswered for this long is taken for hung.
    pub ping_limit: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
            healthy_after: Duration::from_secs(60),
            failed_starts: 6,
            ping_every: Duration::from_secs(5),
            ping_limit: Duration::from_secs(30),
        }
    }
}

/// Why the embedded database cannot even be tried.
#[derive(Debug, Error)]
#[error("the embedded database cannot use its folder {folder}: {source}")]
pub struct EmbeddedError {
    folder: String,
    source: io::Error,
}

/// The embedded database, kept running as long as this lives.
#[derive(Debug)]
pub struct Embedded {
    state: watch::Receiver<State>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Embedded {
    /// Begins to keep it running. Must be called inside a tokio runtime; returns before the server is up.
    pub fn start(launch: Launch, pace: Pace) -> Result<Self, EmbeddedError> {
        let account = make_private_folder(&launch.folder)
            .and_then(|()| Account::of(&launch.folder))
            .map_err(|source| EmbeddedError { folder: launch.folder.display().to_string(), source })?;
        let (sender, state) = watch::channel(State::Starting);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(Keeper { launch, account, pace, state: sender }.keep(stopped));
        Ok(Self { state, stop, task })
    }

    /// Where it is, now and from now on.
    pub fn address(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Ends it, and returns when it is gone. Dropping does the same without waiting.
    pub async fn stop(self) {
        let Self { stop, task, .. } = self;
        drop(stop);
        let _ = task.await;
    }
}

struct Keeper {
    launch: Launch,
    account: Account,
    pace: Pace,
    state: watch::Sender<State>,
}

impl Keeper {
    /// Until `stopped`, or until starting fails too often.
    async fn keep(self, mut stopped: oneshot::Receiver<()>) {
        let mut port = 0;
        let mut attempt = 0;
        let mut failed_starts = 0;
        loop {
            let begun = Instant::now();
            let reason = match self.start(port).await {
                Ok((mut server, client)) => {
                    (port, failed_starts) = (server.port(), 0);
                    self.account.note_port(port);
                    self.state.send_replace(State::Running { uri: self.account.address(port) });
                    let reason = tokio::select! {
                        reason = server.ended() => Some(reason),
                        reason = self.hung(client) => Some(reason),
                        _ = &mut stopped => None,
                    };
                    server.stop().await;
                    let Some(reason) = reason else { return };
                    reason
                }
                Err(reason) => {
                    // Perhaps somebody else has taken the port.
                    (port, failed_starts) = (0, failed_starts + 1);
                    reason
                }
            };
            if failed_starts == self.pace.failed_starts {
                log::error!("embedded database given up: {reason}");
                self.state.send_replace(State::Failed { reason });
                return;
            }
            attempt = if begun.elapsed() > self.pace.healthy_after { 1 } else { attempt + 1 };
            log::warn!("embedded database, restart {attempt}: {reason}");
            self.state.send_replace(State::Restarting { attempt, reason });
            tokio::select! {
                () = sleep(self.wait(attempt)) => {}
                _ = &mut stopped => return,
            }
        }
    }

    async fn start(&self, port: u16) -> Result<(Server, Client), String> {
        let server = self.launch.start(port).await?;
        match self.account.log_in(server.port()).await {
            Ok(client) => Ok((server, client)),
            Err(reason) => {
                server.stop().await;
                Err(reason)
            }
        }
    }

    /// Resolves when the server has not answered for too long.
    async fn hung(&self, client: Client) -> String {
        let mut answered = Instant::now();
        loop {
            sleep(self.pace.ping_every).await;
            // In a task of its own, since the driver wants its futures awaited to the end.
            let client = client.clone();
            let answer = tokio::spawn(async move { account::ping(&client).await });
            if let Ok(Ok(Ok(()))) = timeout(self.pace.ping_limit, answer).await {
                answered = Instant::now();
            } else if answered.elapsed() >= self.pace.ping_limit {
                return format!(
                    "the database server has not answered for {} s",
                    answered.elapsed().as_secs()
                );
            }
        }
    }

    fn wait(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        (self.pace.first_wait * (1 << doublings)).min(self.pace.longest_wait)
    }
}
