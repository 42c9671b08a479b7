//! BSON inside messages: its own bytes, as they are, looked at once when they come in.
//!
//! For serde's `with`, so that no format has to know BSON. Not how a whole message is written; that is
//! [`contract`](crate::contract).

use bson::{RawDocument, RawDocumentBuf};
use serde::{Deserialize, Deserializer, Serializer, de::Error};
use serde_bytes::ByteBuf;

/// The bytes of a BSON document.
pub fn serialize<S: Serializer>(document: &RawDocument, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(document.as_bytes())
}

/// A document from its bytes.
///
/// # Errors
/// Where their length is not the one that they say.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RawDocumentBuf, D::Error> {
    RawDocumentBuf::from_bytes(ByteBuf::deserialize(deserializer)?.into_vec()).map_err(D::Error::custom)
}

/// The same for a document that may be missing.
pub mod optional {
    use super::{ByteBuf, Deserialize, Deserializer, Error, RawDocumentBuf, Serializer};
    use serde::Serialize;
    use serde_bytes::Bytes;

    /// The bytes of a BSON document, if there is one.
    pub fn serialize<S: Serializer>(
        document: &Option<RawDocumentBuf>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        document.as_ref().map(|document| Bytes::new(document.as_bytes())).serialize(serializer)
    }

    /// A document from its bytes, if there are any.
    ///
    /// # Errors
    /// Where their length is not the one that they say.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<RawDocumentBuf>, D::Error> {
        let bytes = Option::<ByteBuf>::deserialize(deserializer)?;
        bytes.map(|bytes| RawDocumentBuf::from_bytes(bytes.into_vec()).map_err(D::Error::custom)).transpose()
    }
}
