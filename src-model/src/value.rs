//! One BSON value, kept and compared as its exact bytes.
//!
//! `1` is not `1.0` here, Decimal128 `1.0` is not `1.00`, and the order of fields counts: what MongoDB calls equal in
//! a filter is looser and lives in [`order`](crate::order).

use std::{fmt, sync::Arc};

use bson::{RawBson, RawBsonRef, RawDocument, RawDocumentBuf, raw::CStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::wire;

const NAME: &CStr = bson::raw::cstr!("");

/// A BSON value of any type. Cheap to clone; equality and hash are those of type and bytes.
///
/// `Ord` is a total order over the bytes, good for maps; MongoDB's own order is
/// [`order::compare`](crate::order::compare).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(
    // A document of one element without a name: the element's type byte and bytes are the value.
    Arc<[u8]>,
);

impl Value {
    /// Takes the value out of a document that is read elsewhere.
    pub fn from_ref(value: RawBsonRef<'_>) -> Self {
        let mut holder = with_room();
        holder.append(NAME, value);
        Self(holder.into_bytes().into())
    }

    /// The document of one element without a name that it is kept as.
    pub(crate) fn holder(&self) -> &Arc<[u8]> {
        &self.0
    }

    /// The value, borrowed.
    pub fn get(&self) -> RawBsonRef<'_> {
        RawDocument::from_bytes(&*self.0)
            .ok()
            .and_then(|holder| holder.iter().next())
            .and_then(Result::ok)
            .map(|(_, value)| value)
            .expect("a Value is only made from a well-formed element")
    }

    /// A document as a value.
    pub fn document(document: &RawDocument) -> Self {
        Self::from_ref(RawBsonRef::Document(document))
    }

    /// For people: relaxed Extended JSON, which does not tell all types apart. With `{:#}` over several lines.
    pub fn relaxed(&self) -> impl fmt::Display {
        bson::Bson::try_from(self.get()).unwrap_or(bson::Bson::Null).into_relaxed_extjson()
    }

    /// Bytes that this value takes in a document, type byte included.
    pub fn size_bytes(&self) -> usize {
        // length (4), type, empty name's terminator, ..., the document's terminator
        self.0.len() - 6
    }
}

/// An empty document with room for the usual: a list has thousands of values.
pub(crate) fn with_room() -> RawDocumentBuf {
    let mut bytes = Vec::with_capacity(96);
    bytes.extend([5, 0, 0, 0, 0]);
    RawDocumentBuf::from_bytes(bytes).expect("five bytes are the empty document")
}

impl<T: Into<RawBson>> From<T> for Value {
    fn from(value: T) -> Self {
        Self::from_ref(value.into().as_raw_bson_ref())
    }
}

/// Canonical Extended JSON, as MongoDB's tools print it: `{"$oid":"…"}`, `{"$numberLong":"5"}`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match bson::Bson::try_from(self.get()) {
            Ok(value) => write!(f, "{}", value.into_canonical_extjson()),
            Err(_) => write!(f, "{{\"$invalid\":\"{} bytes\"}}", self.size_bytes()),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As it is kept.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let holder = wire::deserialize(deserializer)?;
        let mut elements = holder.iter();
        match (elements.next(), elements.next()) {
            (Some(Ok((name, value))), None) if name.is_empty() => Ok(Self::from_ref(value)),
            _ => Err(D::Error::custom("a value is one element without a name")),
        }
    }
}
