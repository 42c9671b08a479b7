//! A document as the database sent it: raw bytes, decoded only where somebody looks.

use std::{fmt, sync::Arc};

use bson::{RawBsonRef, RawDocument, RawDocumentBuf};
use serde::{Deserialize, Serialize};

use crate::{Namespace, Path, Step, Value, wire};

/// Fields over this many bytes are left out of documents on their way to a window, and fetched on demand.
pub const OMIT_OVER_BYTES: usize = 100 * 1024;

/// Which document: its collection and its `_id`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentId {
    /// Where it lives.
    pub namespace: Namespace,
    /// Its `_id`, of any BSON type.
    pub id: Value,
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.id)
    }
}

/// A hash of a document's raw bytes as the database has them: equal means unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(i64);

impl Revision {
    /// Of a document's bytes.
    pub fn of(document: &RawDocument) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(document.as_bytes()).cast_signed())
    }
}

/// A top-level field that is too large to travel with its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omitted {
    /// The field's name.
    pub field: Arc<str>,
    /// Its size in bytes.
    pub bytes: u32,
}

/// A document. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub struct Document {
    bytes: Arc<[u8]>,
    omitted: Arc<[Omitted]>,
    revision: Revision,
}

impl Document {
    /// The document whole, as read from the database.
    pub fn whole(raw: &RawDocument) -> Self {
        Self { bytes: raw.as_bytes().into(), omitted: Arc::new([]), revision: Revision::of(raw) }
    }

    /// The document without its top-level fields over [`OMIT_OVER_BYTES`], which are named instead.
    pub fn light(raw: &RawDocument) -> Self {
        if raw.as_bytes().len() <= OMIT_OVER_BYTES {
            return Self::whole(raw);
        }
        let (mut kept, mut omitted) = (RawDocumentBuf::new(), Vec::new());
        for element in raw.iter_elements().flatten() {
            if element.size() > OMIT_OVER_BYTES {
                omitted.push(Omitted {
                    field: element.key().as_str().into(),
                    bytes: u32::try_from(element.size()).unwrap_or(u32::MAX),
                });
            } else if let Ok(value) = element.value() {
                kept.append(element.key(), value);
            }
        }
        Self { bytes: kept.into_bytes().into(), omitted: omitted.into(), revision: Revision::of(raw) }
    }

    /// The same document with other content: what a reducer makes. It keeps what was omitted, and the revision of
    /// the document that it was made from.
    #[must_use]
    pub fn with_content(&self, raw: &RawDocument) -> Self {
        Self { bytes: raw.as_bytes().into(), omitted: self.omitted.clone(), revision: self.revision }
    }

    /// The content.
    pub fn raw(&self) -> &RawDocument {
        RawDocument::from_bytes(&*self.bytes).expect("a Document is only made from a RawDocument")
    }

    /// Of the document as the database has it, omitted fields included.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The fields that did not travel.
    pub fn omitted(&self) -> &[Omitted] {
        &self.omitted
    }

    /// The value at a path; `None` where it is missing, or where the bytes are not BSON.
    pub fn get(&self, path: &Path) -> Option<RawBsonRef<'_>> {
        let (head, rest) = path.steps().split_first()?;
        let Step::Field(name) = head else { return None };
        let mut value = self.raw().get(name.as_ref()).ok()??;
        for step in rest {
            value = match (step, value) {
                (Step::Field(name), RawBsonRef::Document(inner)) => inner.get(name.as_ref()).ok()??,
                (Step::Index(index), RawBsonRef::Array(items)) => items.get(*index as usize).ok()??,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The value at a path, taken out.
    pub fn value(&self, path: &Path) -> Option<Value> {
        self.get(path).map(Value::from_ref)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Value::document(self.raw()))
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(with = "wire")]
    document: RawDocumentBuf,
    omitted: Vec<Omitted>,
    revision: Revision,
}

impl From<Wire> for Document {
    fn from(wire: Wire) -> Self {
        Self {
            bytes: wire.document.into_bytes().into(),
            omitted: wire.omitted.into(),
            revision: wire.revision,
        }
    }
}

impl From<Document> for Wire {
    fn from(document: Document) -> Self {
        Self {
            document: document.raw().to_owned(),
            omitted: document.omitted.to_vec(),
            revision: document.revision,
        }
    }
}
