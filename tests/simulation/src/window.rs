//! A window: one loaded page with its store, and what the person in front of it can do.
//!
//! Not the way to the host: what the store asks for goes to whoever drives the window.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};

use bson::{RawBson, rawdoc};
use lockstep_model::{
    Action, Change, Document, DocumentId, Edit, Key, Mutation, MutationId, Path, Stamp, Value,
};
use lockstep_query::{Data, Effect, EntityView, Input, ObserverId, Options, Store};
use lockstep_sync::{Lockstep, window as translate};

use crate::{
    database::{lists, offer},
    random::Random,
};

/// The documents that a person sees, or may make.
pub const OFFERS: i32 = 8;

pub struct Window {
    pub store: Store<Lockstep>,
    pub wake_at: Option<Duration>,
    /// Which of all pages that were ever loaded.
    pub loaded: u64,
    /// Which of the window's own pages.
    pub page: u32,
    /// What the window showed last of each document's base, and of when.
    pub bases: BTreeMap<DocumentId, (Rc<Document>, Stamp)>,
    /// The mutations that lay over its documents last.
    pub pending: BTreeSet<MutationId>,
    /// What its components show.
    pub observed: BTreeMap<ObserverId, Key>,
}

impl Window {
    pub fn load(loaded: u64, page: u32) -> Self {
        Self {
            store: Store::new(),
            wake_at: None,
            loaded,
            page,
            bases: BTreeMap::new(),
            pending: BTreeSet::new(),
            observed: BTreeMap::new(),
        }
    }

    /// What its components do first: they look at lists, and at most documents.
    pub fn mounts(random: &mut Random) -> Vec<Input<Lockstep>> {
        let documents = (1..=OFFERS).map(|number| Key::Document(offer(number)));
        let keys = lists().into_iter().chain(documents).zip(1..);
        let mut mounts = Vec::new();
        for (key, observer) in keys {
            if matches!(key, Key::List(..)) || random.percent(80) {
                let interval = random.percent(10).then_some(Duration::from_secs(3));
                let options = Options { interval, ..Options::DEFAULT };
                mounts.push(Input::Mount { observer: ObserverId(observer), key, options });
            }
        }
        mounts
    }

    pub fn take(&mut self, now: Duration, input: Input<Lockstep>) -> Vec<Effect<Lockstep>> {
        match &input {
            Input::Mount { observer, key, .. } => drop(self.observed.insert(*observer, key.clone())),
            Input::Unmount(observer) => drop(self.observed.remove(observer)),
            _ => {}
        }
        self.store.take(now, input)
    }

    pub fn entity(&self, number: i32) -> EntityView<Lockstep> {
        self.store.entity(&offer(number))
    }

    /// What it shows of that mutation as failed.
    pub fn review(&self, id: MutationId) -> Option<Rc<Mutation>> {
        let mut reviews = self.store.reviews().map(|(review, _)| &review.mutation);
        reviews.find(|mutation| mutation.id == id).cloned()
    }

    /// The rows of a list.
    pub fn rows(&self, key: &Key, now: Duration) -> Option<Vec<DocumentId>> {
        match self.store.view(key, &Options::DEFAULT, now).data {
            Some(Data::List(rows)) => Some(rows.iter().cloned().collect()),
            _ => None,
        }
    }

    /// What a person does next to the documents that this window shows, as the app makes a mutation of it.
    pub fn edit(&self, random: &mut Random, id: MutationId) -> Option<Mutation> {
        let count = if random.percent(20) { 2 } else { 1 };
        let mut edits: Vec<Edit> = Vec::new();
        for _ in 0..count {
            let number = 1 + random.below(OFFERS as usize) as i32;
            if edits.iter().all(|edit| edit.document != offer(number)) {
                edits.extend(self.edit_one(random, number));
            }
        }
        (!edits.is_empty()).then_some(Mutation::new(id, edits))
    }

    fn edit_one(&self, random: &mut Random, number: i32) -> Option<Edit> {
        let (view, document) = (self.entity(number), offer(number));
        let action = match &view.doc {
            None => Action::Insert(made(random, number)),
            Some(_) if random.percent(8) => Action::Delete { seen: translate::seen(&view)? },
            Some(_) => {
                let mut changes: Vec<Change> = Vec::new();
                for (path, target) in assignments(random) {
                    if changes.iter().all(|change| !change.path.overlaps(&path)) {
                        let expected = translate::expectation(&view, &document, &path);
                        changes.push(Change { path, target, expected });
                    }
                }
                Action::Update(changes)
            }
        };
        Some(Edit { document, action })
    }
}

/// A new document.
fn made(random: &mut Random, number: i32) -> bson::RawDocumentBuf {
    let amount = random.below(60) as i32;
    rawdoc! { "_id": number, "title": title(random), "amount": amount, "done": random.percent(50), "tags": ["a"] }
}

fn title(random: &mut Random) -> &'static str {
    random.one_of(&["a", "bb", "ccc", "dddd"]).copied().unwrap_or_default()
}

/// One or two fields with what they become: few values, so that changes meet.
pub fn assignments(random: &mut Random) -> Vec<(Path, Option<Value>)> {
    let mut assignment = || match random.below(6) {
        0 | 1 => (Path::field("title"), Some(Value::from(title(random)))),
        // now and then more than the database allows
        2 | 3 => (Path::field("amount"), Some(Value::from(random.below(100) as i32))),
        4 => (Path::field("done"), Some(Value::from(random.percent(50)))),
        _ => {
            let tag = RawBson::String(title(random).to_owned());
            let item = Path::field("tags").then(lockstep_model::Step::Index(0));
            match random.below(3) {
                0 => (Path::field("tags"), None),
                1 => (Path::field("tags"), Some(Value::from(RawBson::Array([tag].into_iter().collect())))),
                _ => (item, Some(Value::from(tag))),
            }
        }
    };
    let first = assignment();
    let second = assignment();
    if random.percent(20) { vec![first, second] } else { vec![first] }
}

/// What another program does to a document.
pub fn colleague(random: &mut Random, number: i32, exists: bool) -> Action {
    if !exists {
        return Action::Insert(made(random, number));
    }
    if random.percent(10) {
        return Action::Delete {
            seen: lockstep_model::Seen::After(MutationId(bson::Uuid::from_bytes([0; 16]))),
        };
    }
    let expected = lockstep_model::Expectation::Value(None);
    let change = |(path, target)| Change { path, target, expected: expected.clone() };
    Action::Update(assignments(random).into_iter().take(1).map(change).collect())
}
