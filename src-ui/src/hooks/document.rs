//! One document, as a row or a card shows it.

use lockstep_model::{DocumentId, Failure, Key};
use lockstep_query::{Data, EntityView, Options};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::use_selected;

/// A document as far as it is shown where there are many: not whether it is being read, nor how old it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched {
    /// The document, or that there is none; `None` until either is known.
    pub view: Option<EntityView<Lockstep>>,
    /// Why it could not be read last.
    pub error: Option<Failure>,
}

/// The document, which is read where it is missing or stale; the component is drawn again when it becomes another one.
#[hook]
pub fn use_document(id: DocumentId) -> Fetched {
    use_selected(Key::Document(id), Options::default(), |query| Fetched {
        view: match query.data {
            Some(Data::Entity(view)) => Some(view),
            _ => None,
        },
        error: query.error,
    })
}
