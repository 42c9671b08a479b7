//! The contract between windows and host: each command once, the feed, and how both travel.
//!
//! A request and its reply are BSON bytes ([`encode`], [`decode`]), so that every value survives exactly. The table of
//! the commands is [`commands!`](crate::commands); the host's handlers, its permission list and the windows' client
//! are made from it.

pub mod feed;
pub mod message;
mod table;
pub mod view;

use serde::{Serialize, de::DeserializeOwned};

pub use feed::{Boot, Delivery, FeedBatch, FeedEntry, Link, PendingLayer, Review, SyncStatus};
pub use message::*;
pub use view::View;

use crate::Failure;

/// The Tauri event that carries the feed. Its payload is a [`FeedBatch`], encoded, in base64.
pub const FEED_EVENT: &str = "feed";

/// A feed batch whose entries take more than this many bytes is announced without them, and fetched.
pub const FEED_INLINE_BYTES: usize = 8 * 1024;

/// What a command may touch; a read-only connection refuses [`Class::Write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Reads the database.
    Read,
    /// Changes the database.
    Write,
    /// Opens, closes or describes windows.
    Window,
}

/// A command: its name in Tauri, and what goes in and out.
pub trait Command {
    /// As the host registers it.
    const NAME: &'static str;
    /// What it may touch.
    const CLASS: Class;
    /// What goes in.
    type Request: Serialize + DeserializeOwned;
    /// What comes out.
    type Reply: Serialize + DeserializeOwned;
}

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident $type:ident: $class:ident($request:ty) -> $reply:ty;)*) => {
        /// One type for each command.
        pub mod command {
            #[allow(clippy::wildcard_imports)]
            use super::*;
            $(
                $(#[$doc])*
                pub struct $type;
                impl Command for $type {
                    const NAME: &'static str = stringify!($name);
                    const CLASS: Class = Class::$class;
                    type Request = $request;
                    type Reply = $reply;
                }
            )*
        }
        /// Every command's name and class.
        pub const COMMANDS: &[(&str, Class)] = &[$((stringify!($name), Class::$class)),*];
    };
}
crate::commands!(define);

/// How a reply travels: BSON needs a document at the top, and a failure is a reply too.
#[derive(Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Envelope<T> {
    Ok(T),
    Failure(Failure),
}

/// Bytes of a request, a reply or a feed batch.
///
/// # Errors
/// [`Failure::TooLarge`] where it does not fit a BSON document.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, Failure> {
    bson::serialize_to_vec(message)
        .map_err(|error| Failure::TooLarge { message: format!("the message cannot be sent: {error}") })
}

/// The message in the bytes.
///
/// # Errors
/// [`Failure::InvalidInput`] where the bytes are not such a message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    bson::deserialize_from_slice(bytes)
        .map_err(|error| Failure::invalid(format!("the message cannot be read: {error}")))
}

/// Bytes of a command's result.
pub fn encode_reply<T: Serialize>(reply: Result<T, Failure>) -> Vec<u8> {
    let envelope = match reply {
        Ok(reply) => Envelope::Ok(reply),
        Err(failure) => Envelope::Failure(failure),
    };
    encode(&envelope)
        .or_else(|failure| encode(&Envelope::<T>::Failure(failure)))
        .expect("a failure without documents fits a BSON document")
}

/// A command's result from its bytes.
///
/// # Errors
/// The failure that the host replied, or that of [`decode`].
pub fn decode_reply<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    match decode(bytes)? {
        Envelope::Ok(reply) => Ok(reply),
        Envelope::Failure(failure) => Err(failure),
    }
}
