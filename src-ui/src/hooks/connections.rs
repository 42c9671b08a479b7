//! Acting on connections: each is a call of the host, whose failure goes to whoever asked.

use lockstep_model::{
    Failure,
    contract::{
        ConnectionId, ConnectionList, ConnectionRequest, Nothing, PasswordRequest, SaveConnectionRequest,
        Secret, command,
    },
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{host, parts::toast};

/// Hands all connections to `then`.
pub fn list_connections(then: impl FnOnce(ConnectionList) + 'static) {
    spawn_local(async {
        match host::call::<command::Connections>(&Nothing {}).await {
            Ok(list) => then(list),
            Err(failure) => toast::show(&format!("The connections cannot be listed: {failure}")),
        }
    });
}

/// Opens the windows of a connection, or raises one of them.
pub fn open_connection(id: ConnectionId) {
    spawn_local(async {
        if let Err(failure) = host::call::<command::OpenConnection>(&ConnectionRequest { id }).await {
            toast::show(&format!("The connection cannot be opened: {failure}"));
        }
    });
}

/// Forgets a connection. Where this window is one of its own, nobody is left to hear of the success.
pub fn remove_connection(id: ConnectionId) {
    spawn_local(async {
        if let Err(failure) = host::call::<command::RemoveConnection>(&ConnectionRequest { id }).await {
            toast::show(&format!("The connection was not removed: {failure}"));
        }
    });
}

/// Saves a connection, and opens a new one.
pub fn save_connection(request: SaveConnectionRequest, then: Callback<Result<(), Failure>>) {
    spawn_local(async move {
        let saved = host::call::<command::SaveConnection>(&request).await;
        then.emit(saved.map(|saved| {
            say_if_not_kept(saved.not_kept);
            if request.id.is_none() {
                open_connection(saved.id);
            }
        }));
    });
}

/// Tries a password with the connection of this window.
pub fn enter_password(password: Secret, then: Callback<Result<(), Failure>>) {
    spawn_local(async move {
        let saved = host::call::<command::EnterPassword>(&PasswordRequest { password }).await;
        then.emit(saved.map(|saved| say_if_not_kept(saved.not_kept)));
    });
}

/// A person who thinks that the password is kept looks for it in vain.
fn say_if_not_kept(reason: Option<String>) {
    if let Some(reason) = reason {
        toast::show(&format!(
            "The password is known until Lockstep ends, and then asked for again: {reason}"
        ));
    }
}
