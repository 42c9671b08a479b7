//! The Tauri commands: bytes in, bytes out, one for each row of the contract's table.
//!
//! A command's function, its registration and its permission all come from
//! [`lockstep_model::commands`]; what it does is its [`Serve`].

mod connections;
mod feed;
mod jobs;
mod reading;
mod settings;
mod windows;
mod writing;

use lockstep_model::{
    Failure,
    contract::{Class, Command, command, decode, encode_reply},
};
use tauri::{
    AppHandle, Manager, State, WebviewWindow,
    ipc::{InvokeBody, Request, Response},
};

use crate::{
    connections::{Connections, Session},
    host::Host,
    windows::Windows,
};

/// Who calls, and what the command works with.
pub(crate) struct Call<'a> {
    /// The label of the window that calls.
    pub label: &'a str,
    pub host: &'a Host,
    pub windows: &'a Windows,
    pub session: &'a Session,
    pub connections: &'a Connections,
    pub app: &'a AppHandle,
}

/// What a command does.
pub(crate) trait Serve: Command {
    async fn serve(call: Call<'_>, request: Self::Request) -> Result<Self::Reply, Failure>;
}

async fn reply<C: Serve>(window: &WebviewWindow, connections: &Connections, body: &InvokeBody) -> Response {
    let label = window.label();
    let served = match connections.session(label) {
        // A command that removes the connection outlives it.
        Some(session) => {
            let (host, windows, app) = (&session.host, &session.windows, window.app_handle());
            match request::<C>(host, body) {
                Ok(request) => {
                    let session = &session;
                    C::serve(Call { label, host, windows, session, connections, app }, request).await
                }
                Err(failure) => Err(failure),
            }
        }
        None => Err(Failure::internal("the connection of this window was removed")),
    };
    if let Err(failure) = &served {
        log::debug!("{} of {label}: {}: {failure}", C::NAME, failure.code());
    }
    Response::new(encode_reply(served))
}

fn request<C: Command>(host: &Host, body: &InvokeBody) -> Result<C::Request, Failure> {
    if C::CLASS == Class::Write
        && let Some(message) = host.status().read_only
    {
        return Err(Failure::ReadOnly { message });
    }
    match body {
        InvokeBody::Raw(bytes) => decode(bytes),
        InvokeBody::Json(_) => Err(Failure::invalid("a request is bytes, not JSON")),
    }
}

macro_rules! register {
    ($($(#[$doc:meta])* $name:ident $type:ident: $class:ident($request:ty) -> $reply:ty;)*) => {
        $(
            $(#[$doc])*
            #[tauri::command]
            async fn $name(
                window: WebviewWindow,
                connections: State<'_, Connections>,
                request: Request<'_>,
            ) -> Result<Response, Failure> {
                Ok(reply::<command::$type>(&window, &connections, request.body()).await)
            }
        )*

        /// All commands, for Tauri's builder.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}
lockstep_model::commands!(register);
