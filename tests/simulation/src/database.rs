//! The database: documents, a time that only grows, a log of every change, and a rule that only it knows.
//!
//! Not the network to it: whatever arrives here is done at once.

use std::collections::{BTreeMap, BTreeSet};

use bson::{RawDocument, RawDocumentBuf, rawdoc};
use lockstep_model::{
    Action, Change, ClusterTime, Document, DocumentId, Edit, Expectation, Failure, Key, ListQuery,
    MutationId, Namespace, Path, Seen, Stamp, Value,
    contract::{Answer, ListItems, ListPage, ListRequest},
    filter,
    mutation::Snapshot,
    order::sort_key,
    reduce,
};
use lockstep_sync::{
    host::{Found, Probe, Read, WriteOutcome},
    write::{Resolved, already_applied, conflicting_paths},
};

/// The rule: no amount is greater.
pub const AMOUNT_MOST: i32 = 90;

/// Who changed something: an edit of a mutation by its place, or another program.
pub type Author = Option<(MutationId, usize)>;

/// One change.
#[derive(Clone, Debug)]
pub struct Logged {
    pub stamp: u64,
    pub id: DocumentId,
    pub author: Author,
    /// The document after it.
    pub after: Option<Document>,
    pub action: Action,
}

/// What became of a write that arrived.
pub enum Tried {
    Ended(WriteOutcome),
    /// The document is not as expected: whoever wrote has to look why.
    NoMatch,
}

#[derive(Default)]
pub struct Database {
    documents: BTreeMap<DocumentId, Document>,
    pub clock: u64,
    pub log: Vec<Logged>,
    /// Edits that found done what they were to do.
    pub satisfied: BTreeSet<(MutationId, usize)>,
    /// Edits of which nobody could say any more what became of them.
    pub unknowable: BTreeSet<(MutationId, usize)>,
}

pub fn namespace() -> Namespace {
    Namespace::new("sample", "offers")
}

pub fn offer(number: i32) -> DocumentId {
    DocumentId { namespace: namespace(), id: Value::from(number) }
}

pub fn stamp(clock: u64) -> Stamp {
    Stamp::counted(clock)
}

/// The same as the database's own time.
pub fn time(clock: u64) -> ClusterTime {
    ClusterTime::new((clock >> 32) as u32, clock as u32)
}

/// What a database makes of a filter that no window can evaluate: `{$expr: …}` here means a long title.
fn matches(query: &ListQuery, document: &RawDocument) -> bool {
    let known = query.filter.get().as_document().and_then(|filter| filter::matches(filter, document));
    known.unwrap_or_else(|| document.get_str("title").is_ok_and(|title| title.len() > 2))
}

impl Database {
    pub fn with(count: i32) -> Self {
        let mut database = Self::default();
        for number in 1..=count {
            let raw =
                rawdoc! { "_id": number, "title": "first", "amount": number, "done": false, "tags": ["a"] };
            let action = Action::Insert(raw.clone());
            database.put(&offer(number), Some(Document::whole(&raw)), None, &action);
        }
        database
    }

    pub fn get(&self, id: &DocumentId) -> Option<&Document> {
        self.documents.get(id)
    }

    fn put(&mut self, id: &DocumentId, after: Option<Document>, author: Author, action: &Action) {
        if self.documents.get(id) == after.as_ref() {
            return;
        }
        self.clock += 1;
        match after.clone() {
            Some(document) => drop(self.documents.insert(id.clone(), document)),
            None => drop(self.documents.remove(id)),
        }
        let action = action.clone();
        self.log.push(Logged { stamp: self.clock, id: id.clone(), author, after, action });
    }

    fn snapshot(&self, id: &DocumentId, at: u64) -> Snapshot {
        Snapshot { id: id.clone(), document: self.documents.get(id).cloned(), stamp: stamp(at) }
    }

    /// The ids that a list has, in order.
    pub fn list(&self, query: &ListQuery) -> Vec<DocumentId> {
        let found = self.documents.iter().filter(|(_, document)| matches(query, document.raw()));
        let mut rows: Vec<_> =
            found.map(|(id, document)| (sort_key(query, &id.id, document.raw()), id.clone())).collect();
        rows.sort();
        rows.into_iter().map(|(_, id)| id).collect()
    }

    /// What a read finds that was sent when its host had seen `at`.
    pub fn read(&self, read: &Read, at: u64) -> Found {
        match read {
            Read::Rows(namespace, ids) => {
                let id = |id: &Value| DocumentId { namespace: namespace.clone(), id: id.clone() };
                Found::Rows(ids.iter().map(|value| self.snapshot(&id(value), at)).collect())
            }
            Read::Document(id) => Found::Answer(Answer::Document(self.snapshot(id, at))),
            Read::List(ListRequest { query, first, .. }) => {
                let ids = self.list(query);
                let mut items = ListItems::default();
                for document in ids.iter().filter_map(|id| self.documents.get(id)) {
                    items.push(&projected(query, document.raw()));
                }
                let first = ids.iter().take(*first as usize).map(|id| self.snapshot(id, at)).collect();
                Found::Answer(Answer::List(ListPage { items, first, next: None, stamp: stamp(at) }))
            }
            Read::Collections | Read::Figures(..) | Read::Field(..) | Read::Schema(_) => {
                unreachable!("no window of the simulation asks for these")
            }
        }
    }

    /// An edit arrives.
    pub fn write(&mut self, edit: &Edit, author: Author) -> Tried {
        let current = self.documents.get(&edit.document).cloned();
        let after = match (&edit.action, current) {
            (Action::Insert(raw), None) => Some(Document::whole(raw)),
            (Action::Insert(_), Some(_)) => return Tried::NoMatch,
            (Action::Update(changes), Some(current)) => {
                if !conflicting_paths(&resolved(changes), Some(&current)).is_empty() {
                    return Tried::NoMatch;
                }
                Some(Document::whole(&reduce::apply(current.raw(), changes)))
            }
            (Action::Delete { seen: Seen::Revision(seen) }, Some(current)) if current.revision() == *seen => {
                None
            }
            (Action::Update(_) | Action::Delete { .. }, _) => return Tried::NoMatch,
        };
        let amount = after.as_ref().and_then(|document| document.raw().get_i32("amount").ok());
        if amount.is_some_and(|amount| amount > AMOUNT_MOST) {
            let failure = Failure::Rejected { message: "the amount is too great".into(), fields: Vec::new() };
            return Tried::Ended(WriteOutcome::Failed { failure, current: None });
        }
        if self.documents.get(&edit.document) == after.as_ref() {
            self.satisfied.extend(author);
        }
        self.put(&edit.document, after, author, &edit.action);
        let after = self.snapshot(&edit.document, self.clock);
        Tried::Ended(WriteOutcome::Committed { after, at: time(self.clock) })
    }

    /// An edit matched nothing, and whoever wrote looks why; `None` is: it is as expected again, and can be tried once
    /// more.
    pub fn look(&mut self, edit: &Edit, author: Author, at: u64) -> Option<WriteOutcome> {
        let current = self.snapshot(&edit.document, at);
        if already_applied(edit, current.document.as_ref()) {
            self.satisfied.extend(author);
            return Some(WriteOutcome::Committed { after: current, at: ClusterTime::ZERO });
        }
        let fields = match &edit.action {
            Action::Update(changes) => {
                let fields = conflicting_paths(&resolved(changes), current.document.as_ref());
                if fields.is_empty() {
                    return None;
                }
                fields
            }
            Action::Insert(_) if current.document.is_none() => return None,
            Action::Insert(_) => {
                let failure = Failure::Rejected { message: "the _id is taken".into(), fields: Vec::new() };
                return Some(WriteOutcome::Failed { failure, current: Some(current) });
            }
            Action::Delete { seen } => {
                let revision = current.document.as_ref().map(|document| Seen::Revision(document.revision()));
                if revision == Some(*seen) {
                    return None;
                }
                Vec::new()
            }
        };
        let failure = Failure::Conflict { fields, current: current.document.clone() };
        Some(WriteOutcome::Failed { failure, current: Some(current) })
    }

    /// What became of an edit that may have arrived after `since`. Without the `history`, nobody knows.
    pub fn probe(
        &mut self,
        edit: &Edit,
        author: Author,
        since: ClusterTime,
        at: u64,
        history: bool,
    ) -> Probe {
        let current = self.snapshot(&edit.document, at);
        if !history {
            self.unknowable.extend(author);
            return Probe::CannotTell(current);
        }
        let after = self.log.iter().rev().take_while(|logged| time(logged.stamp) > since);
        let applied = after
            .filter(|logged| logged.id == edit.document)
            .any(|logged| same(&logged.action, &edit.action));
        if applied {
            self.satisfied.extend(author);
            return Probe::Applied(current);
        }
        Probe::NotApplied
    }

    /// Another program changes a document, whatever it is.
    pub fn overwrite(&mut self, id: &DocumentId, action: &Action) {
        let after = match (action, self.documents.get(id)) {
            (Action::Insert(raw), None) => Some(Document::whole(raw)),
            (Action::Update(changes), Some(current)) => {
                Some(Document::whole(&reduce::apply(current.raw(), changes)))
            }
            (Action::Delete { .. }, _) => None,
            (_, current) => current.cloned(),
        };
        self.put(id, after, None, action);
    }

    /// How often an edit was applied.
    pub fn applied(&self, edit: (MutationId, usize)) -> usize {
        self.log.iter().filter(|logged| logged.author == Some(edit)).count()
    }
}

/// Whether two actions leave the same behind; what they went over is no difference.
fn same(a: &Action, b: &Action) -> bool {
    match (a, b) {
        (Action::Update(a), Action::Update(b)) => {
            let assigned = |change: &Change| (change.path.clone(), change.target.clone());
            a.iter().map(assigned).eq(b.iter().map(assigned))
        }
        (Action::Insert(a), Action::Insert(b)) => a == b,
        (Action::Delete { .. }, Action::Delete { .. }) => true,
        _ => false,
    }
}

fn resolved(changes: &[Change]) -> Vec<Resolved> {
    let resolve = |change: &Change| Resolved {
        path: change.path.clone(),
        target: change.target.clone(),
        expected: match &change.expected {
            Expectation::Value(value) => value.clone(),
            Expectation::After(earlier) => panic!("{earlier:?} has not ended, and is expected all the same"),
        },
    };
    changes.iter().map(resolve).collect()
}

/// `_id` and the sort fields, as a list brings them.
fn projected(query: &ListQuery, document: &RawDocument) -> RawDocumentBuf {
    let mut projected = RawDocumentBuf::new();
    for element in document.iter_elements().flatten() {
        let name = element.key();
        let sorted = query.sort.iter().any(|(path, _)| *path == Path::field(name.as_str()));
        if (name.as_str() == "_id" || sorted)
            && let Ok(value) = element.value()
        {
            projected.append(name, value);
        }
    }
    projected
}

/// The lists that windows show: all; those that are not done, by amount; and one whose filter no window can evaluate.
pub fn lists() -> [Key; 3] {
    let list = |filter: RawDocumentBuf, sort: &[&str]| {
        let sort = sort
            .iter()
            .map(|field| (Path::field(field), lockstep_model::key::Direction::Ascending))
            .collect();
        Key::List(namespace(), ListQuery { filter: Value::document(&filter), sort })
    };
    [
        list(rawdoc! {}, &[]),
        list(rawdoc! { "done": false }, &["amount"]),
        list(rawdoc! { "$expr": { "$gt": [{ "$strLenCP": "$title" }, 2] } }, &["title"]),
    ]
}
