//! Connections: the servers that a person works on, each under a name, and with an outbox, a cache and windows of its own.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A connection, for the program. It holds letters and digits only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub Arc<str>);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person says of a connection. There is no secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name for people; an empty one is replaced by the names of the servers.
    pub name: String,
    /// The MongoDB address, with user and options, and without the password.
    pub address: String,
    /// Nothing may be written over it.
    #[serde(default)]
    pub read_only: bool,
    /// It is the real thing: what destroys has to be confirmed.
    #[serde(default)]
    pub production: bool,
}

/// Where a connection's password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordKept {
    /// Nowhere: it needs none, or the person will be asked.
    Nowhere,
    /// In the system's keychain.
    Keychain,
    /// In the host's memory, until it ends.
    Session,
}

/// One of the connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Which.
    pub id: ConnectionId,
    /// Its name.
    pub name: String,
    /// What the person said of it; `None` for the embedded database.
    pub profile: Option<Profile>,
    /// Where its password is.
    pub password: PasswordKept,
    /// Whether it has windows now.
    pub open: bool,
}

/// All connections, the embedded database first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionList {
    /// The one of the window that asks.
    pub current: ConnectionId,
    /// All, in the order in which they were made.
    pub connections: Vec<Connection>,
}

/// Names a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRequest {
    /// Which.
    pub id: ConnectionId,
}

/// A connection as the person wants it from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveConnectionRequest {
    /// Which one; `None` makes a new one.
    pub id: Option<ConnectionId>,
    /// What the person says of it. The address may hold a password: it is taken out of it.
    pub profile: Profile,
    /// Another password; `None` leaves it as it is.
    pub password: Option<Secret>,
}

/// What became of a connection that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedConnection {
    /// Which one it is.
    pub id: ConnectionId,
    /// Why the password is not in the keychain and will be asked for again, if so.
    pub not_kept: Option<String>,
}

/// A password for the connection of the window that sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRequest {
    /// As it was typed.
    pub password: Secret,
}

/// A text that is printed nowhere. It goes from a window to the host, and never back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Of a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whom it is meant.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_printed() {
        let request = PasswordRequest { password: Secret::new("hidden") };
        assert!(!format!("{request:?}").contains("hidden"));
    }
}
