//! The contract between windows and host: each command once, the feed, and how both travel.
//!
//! A request and its reply are bytes ([`encode`], [`decode`]): an envelope that postcard writes, and in it each value
//! and document as its own BSON bytes, so that every one survives exactly. The table of the commands is
//! [`commands!`](crate::commands); the host's handlers, its permission list and the windows' client are made from it.
//!
//! Both sides are built together, so the envelope names no fields; what is kept on disk does.

pub mod board;
pub mod connection;
mod disturbance;
pub mod feed;
pub mod message;
pub mod schema;
mod table;
pub mod table_layout;
pub mod tabs;
pub mod transfer;
pub mod view;

use serde::{Serialize, de::DeserializeOwned};

pub use board::{BoardLayout, BoardScroll, Sum};
pub use connection::{
    Connection, ConnectionId, ConnectionList, ConnectionRequest, PasswordKept, PasswordRequest, Profile,
    SaveConnectionRequest, SavedConnection, Secret,
};
pub use disturbance::Disturbance;
pub use feed::{Boot, Colleague, Delivery, FeedBatch, FeedEntry, Link, PendingLayer, Review, SyncStatus};
pub use message::*;
pub use schema::{CollectionSchema, SchemaRequest};
pub use table_layout::{ColumnLayout, Grouping, TableLayout};
pub use tabs::{Tab, Tabs};
pub use transfer::{
    ChosenFile, ExportReply, ExportRequest, FileChoice, ImportRequest, Job, JobList, JobRequest, Preview,
    PreviewRequest, RefusedRows, StartedJob,
};
pub use view::View;

use crate::{Failure, Figures, Workspace, WorkspaceChange};

/// The Tauri event that carries the feed. Its payload is a [`FeedBatch`], encoded, in base64.
pub const FEED_EVENT: &str = "feed";

/// The Tauri event by which the host has a window open a tab. Its payload is a [`View`], encoded, in base64.
pub const TAB_EVENT: &str = "tab";

/// A feed batch whose entries take more than this many bytes is announced without them, and fetched.
pub const FEED_INLINE_BYTES: usize = 8 * 1024;

/// What a command may touch; a read-only connection refuses [`Class::Write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Reads the database, or what the host keeps for it.
    Read,
    /// Changes the database.
    Write,
    /// Opens, closes or describes windows.
    Window,
    /// Changes how the host itself behaves or what it keeps, and nothing in the database.
    Settings,
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

/// Bytes of a request, a reply or a feed batch.
///
/// # Errors
/// [`Failure::Internal`] where a part of it cannot be written.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, Failure> {
    postcard::to_allocvec(message)
        .map_err(|error| Failure::internal(format!("the message cannot be sent: {error}")))
}

/// The message in the bytes.
///
/// # Errors
/// [`Failure::InvalidInput`] where the bytes are not such a message, and nothing but it.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        Ok((_, rest)) => Err(Failure::invalid(format!("the message is {} bytes too long", rest.len()))),
        Err(error) => Err(Failure::invalid(format!("the message cannot be read: {error}"))),
    }
}

/// Bytes of a command's result.
pub fn encode_reply<T: Serialize>(reply: Result<T, Failure>) -> Vec<u8> {
    encode(&reply)
        .or_else(|failure| encode(&Err::<(), _>(failure)))
        .expect("a failure of text only can be written")
}

/// A command's result from its bytes.
///
/// # Errors
/// The failure that the host replied, or that of [`decode`].
pub fn decode_reply<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    decode(bytes)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocumentId, Key, Namespace, Value};
    use bson::RawBson;

    fn field(value: Option<Value>) -> FieldValue {
        FieldValue { value, stamp: crate::Stamp::counted(u64::MAX - 7) }
    }

    #[test]
    fn every_value_survives_and_missing_is_not_null() {
        let values = [
            None,
            Some(RawBson::Null),
            Some(RawBson::Int32(1)),
            Some(RawBson::Int64(1)),
            Some(RawBson::Double(1.0)),
            Some(RawBson::Decimal128("1.00".parse().unwrap())),
            Some(RawBson::Document(bson::rawdoc! { "b": 1, "a": { "$x.y": [1, null] } })),
        ];
        for value in values.map(|value| field(value.map(Value::from))) {
            let reply = encode_reply(Ok(value.clone()));
            assert_eq!(decode_reply(&reply), Ok(value));
        }
    }

    #[test]
    fn a_failure_is_a_reply_too() {
        let failure = Failure::NotFound { message: "nothing here".into() };
        assert_eq!(decode_reply::<Nothing>(&encode_reply::<Nothing>(Err(failure.clone()))), Err(failure));
    }

    #[test]
    fn bytes_that_are_no_such_message_are_refused() {
        let id = DocumentId { namespace: Namespace::new("a", "b"), id: Value::from(7) };
        let whole = encode(&Key::Document(id)).unwrap();
        assert!(decode::<Key>(&whole).is_ok());
        for length in 0..whole.len() {
            assert!(decode::<Key>(&whole[..length]).is_err(), "cut to {length}");
        }
        assert!(decode::<Key>(&[&whole[..], &[0]].concat()).is_err(), "one byte too many");
        // The value's own bytes: its length, its type, its end.
        let value = encode(&Value::from(7)).unwrap();
        for (at, byte) in [(1, 12), (5, 0xEE), (6, b'x'), (value.len() - 1, 1)] {
            let mut broken = value.clone();
            broken[at] = byte;
            assert!(decode::<Value>(&broken).is_err(), "byte {at} is {byte}");
        }
    }
}
