//! One open connection: a host with its outbox and its cache, its windows, and the threads that both run on.

use lockstep_model::{
    Workspace,
    contract::{Boot, ConnectionId, FEED_EVENT, FeedBatch, View, encode},
};
use tauri::{AppHandle, Emitter};
use tokio::runtime::{Builder, Runtime};

use crate::{
    data_folder::ConnectionFolder,
    host::{Deliver, Host, Start},
    kept::base64,
    outbox::{Opened, Outbox},
    sample::Tier,
    windows::Windows,
    workspace::KeptWorkspace,
};

/// It ends when this is dropped, and with it all that runs for it.
pub struct Session {
    /// The host of this connection.
    pub host: Host,
    /// Its windows.
    pub windows: Windows,
    /// What a person keeps of it.
    pub workspace: KeptWorkspace,
    runtime: Option<Runtime>,
}

impl Session {
    /// On these files. Its host connects to nothing until it is told where; `first` is what the very first start shows and
    /// keeps.
    ///
    /// # Errors
    /// Where outbox or threads cannot be had.
    pub fn begin(
        app: &AppHandle,
        id: &ConnectionId,
        folder: ConnectionFolder,
        opened: Opened,
        (tier, first): (Tier, (View, Workspace)),
    ) -> std::io::Result<Self> {
        let runtime =
            Builder::new_multi_thread().worker_threads(2).thread_name("connection").enable_all().build()?;
        let inside = runtime.enter();
        let (first_view, first_workspace) = first;
        let workspace = KeptWorkspace::open(app, &folder, first_workspace);
        let windows = Windows::restored(app, id, &folder, first_view);
        let (ahead, kept) = (windows.views(), workspace.now());
        let start = Start { folder, opened, tier, boot: boot(), ahead, workspace: kept };
        let host = Host::start(start, deliver(app));
        drop(inside);
        Ok(Self { host, windows, workspace, runtime: Some(runtime) })
    }

    /// The runtime of its host.
    pub fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is there until the drop")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.host.close();
        if let Some(runtime) = self.runtime.take() {
            // It may be dropped by a task, which must not wait.
            runtime.shutdown_background();
        }
    }
}

/// The outbox of a connection, which is there before its windows are.
///
/// # Errors
/// Why there is none, for a person.
pub fn open_outbox(folder: &ConnectionFolder) -> Result<Opened, String> {
    Outbox::open(&folder.outbox()).map_err(|error| error.to_string())
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

/// A number that no other run of a host has.
fn boot() -> Boot {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Boot(i64::try_from(since.as_micros()).unwrap_or_default())
}
