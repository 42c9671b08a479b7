//! A window's read: joined with equal ones, and told to others that watch the same.

use std::sync::Arc;

use lockstep_model::{
    Failure, Key,
    contract::{
        Answer, Collection, CollectionList, DocumentRequest, FeedEntry, FieldRequest, FieldValue, ListPage,
        ListRequest, RowsRequest, Snapshots, View,
    },
    shape::Shape,
};
use lockstep_sync::hub::Audience;

use super::{
    Host,
    checking::Shapes,
    joins::{Found, Outcome, Read},
};

/// How many documents come with the ids of a list: more than any screen shows at once.
const FIRST_ROWS: u32 = 120;

/// So many documents can be asked for at once.
const ROWS_MOST: usize = 1_000;

impl Host {
    /// The collections of the connection. How many documents each has, comes over the feed.
    pub async fn collections(&self, label: &str) -> Result<CollectionList, Failure> {
        match self.read(Read::Collections).await? {
            Found::Collections(list) => {
                let list = self.learn(list);
                self.tell_others(label, Key::Collections, Answer::Collections(list.clone()));
                Ok(list)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Takes note of the collections' shapes, and has their documents counted; until that is done they have the counts of
    /// before.
    fn learn(&self, mut list: CollectionList) -> CollectionList {
        let mut state = self.state();
        state.shapes = shapes(&list);
        for collection in &mut list.collections {
            collection.count = state.counts.get(&collection.namespace).copied();
        }
        if !std::mem::replace(&mut state.counting, true) {
            tokio::spawn(self.clone().count(list.clone()));
        }
        list
    }

    async fn count(self, mut list: CollectionList) {
        if let Ok(database) = self.database() {
            database.count(&mut list).await;
        }
        let counted = |collection: &Collection| Some((collection.namespace.clone(), collection.count?));
        let counts = list.collections.iter().filter_map(counted).collect();
        let mut state = self.state();
        state.counting = false;
        if std::mem::replace(&mut state.counts, counts) != state.counts {
            // The list without counts may reach its window after this one, and is not to replace it.
            list.stamp = list.stamp.next();
            let key = Key::Collections;
            state.ahead.remove(&key);
            let audience = Audience::Watching(&key, None);
            state.hub.publish(audience, &FeedEntry::Answer(key.clone(), Answer::Collections(list)));
        }
    }

    /// Ids in order, and the first documents.
    pub async fn list(&self, request: ListRequest) -> Result<ListPage, Failure> {
        match self.read(Read::List(request.namespace, request.query, request.first)).await? {
            Found::List(page) => Ok(page),
            other => Err(unexpected(&other)),
        }
    }

    /// Documents of one collection.
    pub async fn rows(&self, request: RowsRequest) -> Result<Snapshots, Failure> {
        let RowsRequest { namespace, ids } = request;
        if ids.len() > ROWS_MOST {
            let message =
                format!("{} documents were asked for at once; at most {ROWS_MOST} can be", ids.len());
            return Err(Failure::TooLarge { message });
        }
        match self.read(Read::Rows(namespace, ids)).await? {
            Found::Rows(documents) => Ok(Snapshots { documents }),
            other => Err(unexpected(&other)),
        }
    }

    /// One document.
    pub async fn document(&self, label: &str, request: DocumentRequest) -> Result<Snapshots, Failure> {
        match self.read(Read::Document(request.id.clone())).await? {
            Found::Document(document) => {
                self.tell_others(label, Key::Document(request.id), Answer::Document(document.clone()));
                Ok(Snapshots { documents: vec![document] })
            }
            other => Err(unexpected(&other)),
        }
    }

    /// One field of a document.
    pub async fn field(&self, request: FieldRequest) -> Result<FieldValue, Failure> {
        match self.read(Read::Field(request.id, request.field)).await? {
            Found::Field(value) => Ok(value),
            other => Err(unexpected(&other)),
        }
    }

    /// Reads what the windows that are about to open will ask for first, so that it lies ready when they attach.
    pub(super) async fn read_ahead(&self, views: &[View]) {
        for key in views.iter().flat_map(View::first_keys) {
            if self.state().ahead.contains_key(&key) {
                continue;
            }
            let read = match key.clone() {
                Key::Collections => Read::Collections,
                Key::List(namespace, query) => Read::List(namespace, query, FIRST_ROWS),
                Key::Document(id) => Read::Document(id),
                Key::Field(..) | Key::Status => continue,
            };
            if let Ok(found) = self.read(read).await {
                let found = match found {
                    Found::Collections(list) => Found::Collections(self.learn(list)),
                    other => other,
                };
                self.state().ahead.extend(answer(found).map(|answer| (key, answer)));
            }
        }
    }

    async fn read(&self, read: Read) -> Outcome {
        let database = self.database()?;
        let now = database.now();
        let (mut outcome, begin) = self.0.joins.enter(&read, now);
        if begin {
            let host = self.clone();
            // In a task of its own: whoever asked may go, and others may have joined.
            tokio::spawn(async move {
                let found = match read.clone() {
                    Read::Collections => database.collections().await.map(Found::Collections),
                    Read::List(namespace, query, first) => {
                        database.list(&namespace, &query, first).await.map(Found::List)
                    }
                    Read::Rows(namespace, ids) => database.rows(&namespace, &ids).await.map(Found::Rows),
                    Read::Document(id) => database.document(&id).await.map(Found::Document),
                    Read::Field(id, field) => database.field(&id, &field).await.map(Found::Field),
                };
                host.0.joins.finish(read, now, found);
            });
        }
        outcome.recv().await.map_err(|_| Failure::internal("a read ended without an outcome"))?
    }

    fn tell_others(&self, label: &str, key: Key, answer: Answer) {
        let entry = FeedEntry::Answer(key.clone(), answer);
        self.state().hub.publish(Audience::Watching(&key, Some(label)), &entry);
    }
}

fn shapes(list: &CollectionList) -> Shapes {
    let shapes = list.collections.iter().filter_map(|collection| {
        let shape = Shape::of_validator(collection.validator.as_ref()?)?;
        Some((collection.namespace.clone(), Arc::new(shape)))
    });
    shapes.collect()
}

/// What a window's key would be answered with; rows are no key of their own.
fn answer(found: Found) -> Option<Answer> {
    match found {
        Found::Collections(list) => Some(Answer::Collections(list)),
        Found::List(page) => Some(Answer::List(page)),
        Found::Document(snapshot) => Some(Answer::Document(snapshot)),
        Found::Field(value) => Some(Answer::Field(value)),
        Found::Rows(_) => None,
    }
}

fn unexpected(found: &Found) -> Failure {
    Failure::internal(format!("a read brought something else: {found:?}"))
}
