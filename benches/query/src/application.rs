//! What the store is told of the benchmark's application: rows in one list, and plain values under keys like
//! TanStack's arrays.

use std::{cmp::Reverse, hash::Hash, rc::Rc, time::Duration};

use lockstep_query::{App, Kind, Place, part::Part};
use serde::{Deserialize, Serialize};

use crate::row::{self, Row, RowId};

/// The application.
#[derive(Clone, Debug)]
pub struct Rows;

/// Names a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A plain value.
    Parts(Rc<[Part]>),
    /// The list of all rows.
    Rows,
    /// One row.
    Row(RowId),
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `{ v: … }`.
    Number(i64),
    /// `{ v: …, rows: […] }`.
    Record(i64, Rc<Vec<Row>>),
    /// `[…]`.
    Rows(Vec<Row>),
}

/// Edits a row once more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Edit {
    /// Names the edit.
    pub id: u64,
    /// Which row.
    pub row: RowId,
}

/// The texts that keys have in common, as literals are in JavaScript: made once.
pub struct Words {
    pub todos: Part,
    pub item: Part,
    rows: Part,
    row: Part,
}

thread_local! {
    static WORDS: Words = Words {
        todos: "todos".into(),
        item: "item".into(),
        rows: "rows".into(),
        row: "row".into(),
    };
}

impl Key {
    /// `['todos', { project: i % 100 }, 'item', i]`
    pub fn item(number: u32) -> Self {
        let parts = WORDS.with(|words| {
            [words.todos.clone(), project(number % 100), words.item.clone(), i64::from(number).into()]
        });
        Self::Parts(parts.into())
    }

    /// `[name, i]`
    pub fn numbered(name: &Part, number: u32) -> Self {
        Self::Parts([name.clone(), i64::from(number).into()].into())
    }
}

/// `{ project: … }`
pub fn project(number: u32) -> Part {
    Part::object([("project", i64::from(number).into())])
}

/// `['todos', { project: … }]`
pub fn project_prefix(number: u32) -> Vec<Part> {
    vec![WORDS.with(|words| words.todos.clone()), project(number)]
}

/// `['todos', 'item', i]`
pub fn shallow(number: u32) -> Key {
    let parts = WORDS.with(|words| [words.todos.clone(), words.item.clone(), i64::from(number).into()]);
    Key::Parts(parts.into())
}

impl App for Rows {
    type Key = Key;
    type Segment = Part;
    type Id = RowId;
    type Doc = Row;
    type Value = Value;
    type Order = Reverse<RowId>;
    type Page = u32;
    type Mutation = Edit;
    type MutationId = u64;
    type Failure = &'static str;
    type Stamp = u64;
    type Boot = u8;

    fn segments(key: &Key) -> Vec<Part> {
        match key {
            Key::Parts(parts) => parts.to_vec(),
            Key::Rows => vec![WORDS.with(|words| words.rows.clone())],
            Key::Row(id) => vec![WORDS.with(|words| words.row.clone()), i64::from(row::number(*id)).into()],
        }
    }
    fn is_partial(segment: &Part) -> bool {
        segment.is_partial()
    }
    fn covers(partial: &Part, whole: &Part) -> bool {
        partial.covers(whole)
    }
    fn kind(key: &Key) -> Kind<RowId> {
        match key {
            Key::Parts(_) => Kind::Value,
            Key::Rows => Kind::List,
            Key::Row(id) => Kind::Entity(*id),
        }
    }
    fn entity_key(id: &RowId) -> Key {
        Key::Row(*id)
    }
    fn lists(_: &RowId) -> Vec<Part> {
        vec![WORDS.with(|words| words.rows.clone())]
    }
    fn place(_: &Key, id: &RowId, _: &Row) -> Place<Reverse<RowId>> {
        Place::In(Reverse(*id))
    }
    fn mutation_id(edit: &Edit) -> u64 {
        edit.id
    }
    fn touches(edit: &Edit) -> impl Iterator<Item = &RowId> {
        std::iter::once(&edit.row)
    }
    fn reduce(_: &RowId, row: Option<&Rc<Row>>, _: &Edit) -> Option<Rc<Row>> {
        row.map(|row| Rc::new(Row { rev: row.rev + 1, ..Row::clone(row) }))
    }
    fn retry_after(_: &&'static str, _: u32) -> Option<Duration> {
        None
    }
}
