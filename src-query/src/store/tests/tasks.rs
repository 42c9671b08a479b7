//! A small application: tasks with a title, a priority and a mark, in lists by priority.

use std::{rc::Rc, time::Duration};

use crate::{App, Kind, Place, StaleTime};

#[derive(Clone, Debug)]
pub struct Tasks;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub title: String,
    pub priority: i32,
    pub done: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    All,
    Open,
    /// Only the server knows which tasks it finds.
    Search,
    /// All, page by page.
    Paged,
    /// What only the server finds, page by page.
    PagedSearch,
}

/// A page of a list: what is behind a place, or before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    After((i32, u32)),
    Before((i32, u32)),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    List(Filter),
    Task(u32),
    Count,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    Word(&'static str),
    Filter(Filter),
    Id(u32),
    /// Of a filter: all ids that are odd.
    Odd,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Insert(Task),
    Title(String),
    Priority(i32),
    Done(bool),
    Delete,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutation {
    pub id: u32,
    pub edits: Vec<(u32, Change)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Unreachable,
    Rejected,
    /// Of a submission: it may be tried again.
    Busy,
}

pub fn task(title: &str, priority: i32) -> Task {
    Task { title: title.to_owned(), priority, done: false }
}

pub fn edit(id: u32, task: u32, change: Change) -> Mutation {
    Mutation { id, edits: vec![(task, change)] }
}

pub fn insert(id: u32, new: u32, title: &str, priority: i32) -> Mutation {
    edit(id, new, Change::Insert(task(title, priority)))
}

impl Change {
    pub fn title(title: &str) -> Self {
        Self::Title(title.to_owned())
    }

    pub fn apply(&self, task: Option<&Task>) -> Option<Task> {
        match (self, task.cloned()) {
            (Self::Insert(new), None) => Some(new.clone()),
            (Self::Title(title), Some(task)) => Some(Task { title: title.clone(), ..task }),
            (Self::Priority(priority), Some(task)) => Some(Task { priority: *priority, ..task }),
            (Self::Done(done), Some(task)) => Some(Task { done: *done, ..task }),
            (Self::Delete, _) => None,
            (_, task) => task,
        }
    }
}

impl App for Tasks {
    type Key = Key;
    type Segment = Segment;
    type Id = u32;
    type Doc = Task;
    type Value = usize;
    type Order = (i32, u32);
    type Page = Page;
    type Mutation = Mutation;
    type MutationId = u32;
    type Failure = Failure;
    type Stamp = u64;
    type Boot = u8;

    fn segments(key: &Key) -> Vec<Segment> {
        let tasks = Segment::Word("tasks");
        match key {
            Key::List(filter) => vec![tasks, Segment::Word("list"), Segment::Filter(*filter)],
            Key::Task(id) => vec![tasks, Segment::Word("task"), Segment::Id(*id)],
            Key::Count => vec![Segment::Word("count")],
        }
    }

    fn is_partial(segment: &Segment) -> bool {
        *segment == Segment::Odd
    }

    fn covers(_: &Segment, whole: &Segment) -> bool {
        matches!(whole, Segment::Id(id) if id % 2 == 1)
    }

    fn stale_time(_: &Key) -> StaleTime {
        StaleTime::After(Duration::from_secs(60))
    }

    fn kind(key: &Key) -> Kind<u32> {
        match key {
            Key::List(_) => Kind::List,
            Key::Task(id) => Kind::Entity(*id),
            Key::Count => Kind::Value,
        }
    }

    fn entity_key(id: &u32) -> Key {
        Key::Task(*id)
    }

    fn lists(_: &u32) -> Vec<Segment> {
        vec![Segment::Word("tasks"), Segment::Word("list")]
    }

    fn place(list: &Key, id: &u32, task: &Task) -> Place<(i32, u32)> {
        match list {
            Key::List(Filter::Search | Filter::PagedSearch) => Place::CannotTell,
            Key::List(Filter::Open) if task.done => Place::Out,
            Key::List(_) => Place::In((task.priority, *id)),
            Key::Task(_) | Key::Count => Place::Out,
        }
    }

    fn mutation_id(mutation: &Mutation) -> u32 {
        mutation.id
    }

    fn touches(mutation: &Mutation) -> impl Iterator<Item = &u32> {
        mutation.edits.iter().map(|(id, _)| id)
    }

    fn reduce(id: &u32, doc: Option<&Rc<Task>>, mutation: &Mutation) -> Option<Rc<Task>> {
        let edit = mutation.edits.iter().find(|(touched, _)| touched == id);
        match edit.map(|(_, change)| change.apply(doc.map(Rc::as_ref))) {
            Some(task) => task.map(Rc::new),
            None => doc.cloned(),
        }
    }

    /// Those of hundreds are of one scope.
    fn scope(mutation: &Mutation) -> Option<u64> {
        (mutation.id >= 100).then(|| u64::from(mutation.id / 100))
    }

    fn retry_mutation_after(failure: &Failure, failures: u32) -> Option<Duration> {
        (*failure == Failure::Busy && failures < 3).then(|| Duration::from_secs(failures.into()))
    }

    fn retry_after(failure: &Failure, failures: u32) -> Option<Duration> {
        (*failure == Failure::Unreachable).then(|| Duration::from_secs(failures.into()))
    }
}
