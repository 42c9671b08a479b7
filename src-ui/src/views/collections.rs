//! The collections of the connection, as the views ask for them.

use std::rc::Rc;

use lockstep_model::{
    Document, Failure, Key, ListQuery, Namespace,
    contract::{Collection, LIST_FIRST_DOCUMENTS, Link, SyncStatus},
    shape::Shape,
};
use lockstep_query::{Data, Options, Trigger};
use lockstep_sync::Plain;
use yew::prelude::*;

use crate::{hooks::use_selected, store};

/// So many of the first documents tell what the others are like: those that come with their list.
pub const SAMPLED: u32 = LIST_FIRST_DOCUMENTS;

/// The list of collections; `None` until it is there.
#[hook]
pub fn use_collections() -> Option<Rc<Plain>> {
    let plain = use_selected(Key::Collections, Options::default(), |query| match query.data {
        Some(Data::Value(plain)) => Some(Shared(plain)),
        _ => None,
    });
    plain.map(|Shared(plain)| plain)
}

/// What the documents of a collection look like, by its validator, or by some of them where it has none; `None` until that is
/// known.
#[hook]
pub fn use_described(namespace: &Namespace) -> Option<Rc<Shape>> {
    let known = use_collection(namespace.clone());
    let schema = known.map(|known| known.shape.clone().unwrap_or_default());
    let is_silent = schema.as_ref().is_some_and(|schema| schema.fields.is_empty());
    let sample = use_sample(namespace.clone(), is_silent);
    let described =
        use_memo((schema, sample), |(schema, sample)| described(schema.as_ref()?, sample.as_deref()));
    (*described).clone()
}

/// What documents look like, by their schema, or by a sample of them where that says nothing; `None` where only a sample could
/// tell and there is none yet.
pub fn described(schema: &Rc<Shape>, sample: Option<&[Rc<Document>]>) -> Option<Rc<Shape>> {
    match schema.fields.is_empty() {
        true => sample.map(|sample| Rc::new(Shape::sampled(sample.iter().map(|document| document.raw())))),
        false => Some(schema.clone()),
    }
}

/// The first documents of a collection; `None` until they are there, or where nobody wants them.
#[hook]
pub fn use_sample(namespace: Namespace, is_wanted: bool) -> Option<Vec<Rc<Document>>> {
    let options = Options { enabled: is_wanted, ..Options::DEFAULT };
    use_selected(sample_key(namespace), options, |list| match list.data {
        Some(Data::List(rows)) => Some(rows.iter().filter_map(|id| store::entity(id).doc).collect()),
        _ => None,
    })
}

/// The key of that.
pub fn sample_key(namespace: Namespace) -> Key {
    Key::First(namespace, ListQuery::all(), SAMPLED)
}

/// What is known of one collection; `None` until the list of collections is there.
#[hook]
pub fn use_collection(namespace: Namespace) -> Option<Rc<Known>> {
    let plain = use_collections().map(Shared);
    let read_only = use_of_status(|status| status.read_only.clone()).flatten();
    let known = use_memo((plain, namespace, read_only), |(plain, namespace, read_only)| {
        let Shared(plain) = plain.as_ref()?;
        let collection =
            plain.collections()?.collections.iter().find(|known| known.namespace == *namespace)?;
        let shape = collection.validator.as_ref().and_then(|validator| Shape::of_validator(validator));
        let mut collection = collection.clone();
        collection.read_only = read_only.clone().or(collection.read_only);
        Some(Rc::new(Known { shape: shape.map(Rc::new), collection }))
    });
    (*known).clone()
}

/// A collection, with its validator understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// As the host described it.
    pub collection: Collection,
    /// What its validator says; `None` where it has none.
    pub shape: Option<Rc<Shape>>,
}

/// How host and database stand to each other; `None` until the window is attached.
#[hook]
pub fn use_status() -> Option<SyncStatus> {
    use_of_status(SyncStatus::clone)
}

/// A part of that. With each edit the status is another one, so whoever needs a part is not to be drawn for the rest.
#[hook]
pub fn use_of_status<T: Clone + PartialEq + 'static>(
    select: impl Fn(&SyncStatus) -> T + 'static,
) -> Option<T> {
    let options = Options { on_focus: Trigger::Never, ..Options::default() };
    use_selected(Key::Status, options, move |query| match query.data {
        Some(Data::Value(plain)) => plain.status().map(&select),
        _ => None,
    })
}

/// Why there is no connection to show data of, if there is a reason to name.
#[hook]
pub fn use_trouble() -> Option<Failure> {
    use_status().filter(|status| status.link == Link::Offline)?.trouble
}

/// Equal by pointer first: the list holds every validator.
#[derive(Clone)]
struct Shared(Rc<Plain>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}
