//! Lockstep as an application of the query store.

use std::{rc::Rc, time::Duration};

use lockstep_model::{
    Document, DocumentId, Failure, Figures, Key, Mutation, MutationId, Segment, Stamp, Workspace,
    contract::{Boot, CollectionList, CollectionSchema, FieldValue, JobList, SyncStatus},
    filter,
    order::{SortKey, sort_key},
    reduce,
};
use lockstep_query::{App, Kind, Place};

/// The marker type of the [`App`].
#[derive(Clone, Debug)]
pub struct Lockstep;

/// The data of queries that are neither a document nor a list of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// Of [`Key::Collections`].
    Collections(CollectionList),
    /// Of [`Key::Figures`].
    Figures(Figures),
    /// Of [`Key::Field`].
    Field(FieldValue),
    /// Of [`Key::Status`].
    Status(SyncStatus),
    /// Of [`Key::Workspace`].
    Workspace(Workspace),
    /// Of [`Key::Jobs`].
    Jobs(JobList),
    /// Of [`Key::Schema`].
    Schema(Box<CollectionSchema>),
}

impl Plain {
    /// How host and database stand to each other, if it is that.
    pub fn status(&self) -> Option<&SyncStatus> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }

    /// The collections, if it is that.
    pub fn collections(&self) -> Option<&CollectionList> {
        match self {
            Self::Collections(list) => Some(list),
            _ => None,
        }
    }

    /// What a person keeps, if it is that.
    pub fn workspace(&self) -> Option<&Workspace> {
        match self {
            Self::Workspace(workspace) => Some(workspace),
            _ => None,
        }
    }

    /// Counts, sums and the like, if it is that.
    pub fn figures(&self) -> Option<&Figures> {
        match self {
            Self::Figures(figures) => Some(figures),
            _ => None,
        }
    }
}

/// The first wait before a failed fetch is tried again; it doubles up to [`RETRY_MOST`].
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MOST: Duration = Duration::from_secs(8);

impl App for Lockstep {
    type Key = Key;
    type Segment = Segment;
    type Id = DocumentId;
    type Doc = Document;
    type Value = Plain;
    type Order = SortKey;
    /// How many documents are before it.
    type Page = u64;
    type Mutation = Mutation;
    type MutationId = MutationId;
    type Failure = Failure;
    type Stamp = Stamp;
    type Boot = Boot;

    const SOURCE_POLLS: bool = true;

    fn segments(key: &Key) -> Vec<Segment> {
        key.segments()
    }

    fn kind(key: &Key) -> Kind<DocumentId> {
        match key {
            Key::Collections
            | Key::Status
            | Key::Workspace
            | Key::Jobs
            | Key::Figures(..)
            | Key::Field(..)
            | Key::Schema(..) => Kind::Value,
            Key::List(..) | Key::First(..) => Kind::List,
            Key::Document(id) => Kind::Entity(id.clone()),
        }
    }

    fn entity_key(id: &DocumentId) -> Key {
        Key::Document(id.clone())
    }

    fn lists(id: &DocumentId) -> Vec<Segment> {
        vec![Segment::Collection(id.namespace.clone()), Segment::Word("list".into())]
    }

    fn place(list: &Key, id: &DocumentId, document: &Document) -> Place<SortKey> {
        let (Key::List(namespace, query) | Key::First(namespace, query, _)) = list else { return Place::Out };
        if *namespace != id.namespace {
            return Place::Out;
        }
        // A field that did not travel may be what the filter or the sort asks for.
        let by_default = query.sort.is_empty() && query.takes_all();
        if !document.omitted().is_empty() && !by_default {
            return Place::CannotTell;
        }
        let matches = match query.filter.get().as_document() {
            Some(filter) => filter::matches(filter, document.raw()),
            None => None,
        };
        match matches {
            Some(true) => Place::In(sort_key(query, &id.id, document.raw())),
            Some(false) => Place::Out,
            None => Place::CannotTell,
        }
    }

    fn mutation_id(mutation: &Mutation) -> MutationId {
        mutation.id
    }

    fn touches(mutation: &Mutation) -> impl Iterator<Item = &DocumentId> {
        mutation.touches()
    }

    fn reduce(id: &DocumentId, document: Option<&Rc<Document>>, mutation: &Mutation) -> Option<Rc<Document>> {
        reduce::reduce(id, document.map(Rc::as_ref), mutation).map(Rc::new)
    }

    /// An unreachable server is asked again and again; anything else is for the person to decide.
    fn retry_after(failure: &Failure, failures: u32) -> Option<Duration> {
        let doubled = RETRY_FIRST.saturating_mul(1 << failures.saturating_sub(1).min(8));
        matches!(failure, Failure::Unreachable { .. }).then(|| doubled.min(RETRY_MOST))
    }
}
