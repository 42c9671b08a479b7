//! A window's read: joined with an equal one under way, and told to others that watch the same.
//!
//! Not what is read: the database is the shell's.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use lockstep_model::{
    Failure, Key, Namespace,
    contract::{Answer, CollectionList, FeedEntry, LIST_FIRST_DOCUMENTS, ListRequest, SchemaRequest},
    shape::Shape,
};

use super::{Call, Effect, Found, Host, Read, ReadId, checking::Shapes};
use crate::hub::{Audience, Label};

/// Reads under way.
#[derive(Debug, Default)]
pub(super) struct Reads {
    made: u64,
    under_way: BTreeMap<ReadId, UnderWay>,
    /// Those that equal reads may join: a read must not join one that may not see what was known when it was asked for.
    joinable: HashMap<Read, ReadId>,
}

#[derive(Debug)]
struct UnderWay {
    read: Read,
    /// Which windows asked.
    calls: Vec<(Call, Label)>,
    whom: Whom,
    /// It is for windows that are about to open, and nothing has changed since it was sent.
    ahead: bool,
}

/// Who is told what a read brings, beside the windows that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whom {
    /// Windows that watch the same key.
    Watching,
    /// Windows that watch anything of the collection: documents that are asked for again and again.
    Polled,
    /// The same: documents that others have changed.
    Changed,
}

impl Reads {
    fn begin(&mut self, read: Read, whom: Whom) -> (ReadId, bool) {
        if let Some(id) = self.joinable.get(&read) {
            if let Some(under_way) = self.under_way.get_mut(id) {
                under_way.whom = under_way.whom.max(whom);
            }
            return (*id, false);
        }
        self.made += 1;
        let id = ReadId(self.made);
        self.joinable.insert(read.clone(), id);
        self.under_way.insert(id, UnderWay { read, calls: Vec::new(), whom, ahead: false });
        (id, true)
    }

    fn end(&mut self, id: ReadId) -> Option<UnderWay> {
        let under_way = self.under_way.remove(&id)?;
        if self.joinable.get(&under_way.read) == Some(&id) {
            self.joinable.remove(&under_way.read);
        }
        Some(under_way)
    }

    /// Something became known that a read under way may not see. Figures may be joined all the same, until those that are
    /// watched are read again: whoever gets what is older hears of that soon.
    pub fn join_none(&mut self) {
        self.joinable.retain(|read, _| matches!(read, Read::Figures(..)));
    }

    /// The figures of a collection, or of all, are read again.
    pub fn join_no_figures(&mut self, namespace: Option<&Namespace>) {
        let is_stale = |of: &Namespace| namespace.is_none_or(|namespace| namespace == of);
        self.joinable.retain(|read, _| !matches!(read, Read::Figures(of, _) if is_stale(of)));
    }

    /// Something has changed: what is being read of these keys is no longer the newest.
    pub fn not_ahead(&mut self, concerns: impl Fn(&Key) -> bool) {
        for under_way in self.under_way.values_mut().filter(|under_way| under_way.ahead) {
            under_way.ahead = !key(&under_way.read).is_some_and(|key| concerns(&key));
        }
    }
}

impl Host {
    pub(super) fn read(&mut self, call: Call, label: Label, read: Read) {
        let id = self.begin_read(read, Whom::Watching);
        if let Some(under_way) = self.reads.under_way.get_mut(&id) {
            under_way.calls.push((call, label));
        }
    }

    /// Sends a read, or joins an equal one.
    pub(super) fn begin_read(&mut self, read: Read, whom: Whom) -> ReadId {
        let (id, begins) = self.reads.begin(read.clone(), whom);
        if begins {
            self.effects.push(Effect::Read(id, read));
        }
        id
    }

    pub(super) fn read_ahead(&mut self, keys: Vec<Key>) {
        for key in keys.into_iter().filter(|key| !self.ahead.contains_key(key)).collect::<Vec<_>>() {
            let Some(read) = of_key(key) else { continue };
            let id = self.begin_read(read, Whom::Watching);
            if let Some(under_way) = self.reads.under_way.get_mut(&id) {
                under_way.ahead = true;
            }
        }
    }

    pub(super) fn found(&mut self, id: ReadId, found: Result<Found, Failure>) {
        let Some(UnderWay { read, calls, whom, ahead, .. }) = self.reads.end(id) else { return };
        let found = match found {
            Ok(Found::Answer(Answer::Collections(list))) => {
                Ok(Found::Answer(Answer::Collections(self.learn(list))))
            }
            other => other,
        };
        if let Ok(found) = &found {
            self.cache(found, &read);
        }
        match (&found, key(&read)) {
            (Ok(Found::Answer(answer)), Some(key)) => {
                if ahead {
                    self.ahead.insert(key.clone(), answer.clone());
                }
                let asked: Vec<_> = calls.iter().map(|(_, label)| &**label).collect();
                self.hub.publish_with(Audience::Watching(&key, &asked), || {
                    FeedEntry::Answer(key.clone(), answer.clone())
                });
            }
            // Nobody asked, and nobody would hear of it: whoever shows it asks, and says why it cannot be had.
            (Err(_), Some(key)) if calls.is_empty() && !ahead => {
                let entry = FeedEntry::Invalidate(key.segments());
                self.hub.publish(Audience::Watching(&key, &[]), &entry);
            }
            (Ok(Found::Rows(documents)), _) if whom != Whom::Watching => {
                self.publish_documents(&read, documents);
            }
            _ => {}
        }
        if whom == Whom::Changed {
            self.changes_read(&read, found.is_ok());
        }
        if !calls.is_empty() {
            self.effects.push(Effect::Answer(calls.into_iter().map(|(call, _)| call).collect(), found));
        }
    }

    /// Takes note of the collections and their shapes. Until their documents are counted they have the counts of before.
    fn learn(&mut self, mut list: CollectionList) -> CollectionList {
        self.known = Some(list.collections.iter().map(|collection| collection.namespace.clone()).collect());
        self.shapes = shapes(&list);
        self.counting.learn(&mut list);
        list
    }
}

/// What is read to answer a key; `None` where it is fed and never read.
pub(super) fn of_key(key: Key) -> Option<Read> {
    Some(match key {
        Key::Status | Key::Workspace | Key::Jobs => return None,
        Key::Collections => Read::Collections,
        Key::List(namespace, query) => {
            Read::List(ListRequest { namespace, query, skip: 0, first: LIST_FIRST_DOCUMENTS, most: None })
        }
        Key::First(namespace, query, most) => {
            Read::List(ListRequest { namespace, query, skip: 0, first: most, most: Some(most) })
        }
        Key::Figures(namespace, query) => Read::Figures(namespace, query),
        Key::Document(id) => Read::Document(id),
        Key::Field(id, field) => Read::Field(id, field),
        Key::Schema(namespace, sample) => Read::Schema(SchemaRequest { namespace, sample }),
    })
}

/// The key that a read answers; rows are no key of their own, and neither is a further page of a list.
pub(super) fn key(read: &Read) -> Option<Key> {
    Some(match read.clone() {
        Read::Collections => Key::Collections,
        Read::List(ListRequest { namespace, query, skip: 0, most: None, .. }) => Key::List(namespace, query),
        Read::List(ListRequest { namespace, query, skip: 0, most: Some(most), .. }) => {
            Key::First(namespace, query, most)
        }
        Read::Rows(..) | Read::List(_) => return None,
        Read::Figures(namespace, query) => Key::Figures(namespace, query),
        Read::Document(id) => Key::Document(id),
        Read::Field(id, field) => Key::Field(id, field),
        Read::Schema(SchemaRequest { namespace, sample }) => Key::Schema(namespace, sample),
    })
}

fn shapes(list: &CollectionList) -> Shapes {
    let shapes = list.collections.iter().filter_map(|collection| {
        let shape = Shape::of_validator(collection.validator.as_ref()?)?;
        Some((collection.namespace.clone(), Arc::new(shape)))
    });
    shapes.collect()
}
