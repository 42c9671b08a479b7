//! The documents that are stored, made by the same rule as `row` in `query-core.mjs`, and their form on the wire.
//!
//! That is postcard, as between Lockstep's host and windows.

use std::{cmp::Reverse, rc::Rc};

use lockstep_query::{Answer, Snapshot};
use serde::{Deserialize, Serialize};

use crate::application::Rows;

/// The twelve bytes of an ObjectId.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowId(pub [u8; 12]);

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: RowId,
    pub title: String,
    pub done: bool,
    pub priority: u8,
    /// How often it was edited.
    pub rev: u32,
    pub assignee: Assignee,
    pub tags: Vec<String>,
    pub updated_at: String,
    pub estimate: f64,
    pub notes: Option<String>,
}

/// Who does it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignee {
    pub id: u32,
    pub name: String,
}

impl RowId {
    /// `65f0c0ffee` and the number in 14 decimal digits, read as hexadecimal.
    pub fn new(number: u32) -> Self {
        let mut bytes = [0x65, 0xf0, 0xc0, 0xff, 0xee, 0, 0, 0, 0, 0, 0, 0];
        let mut rest = number;
        for byte in bytes.iter_mut().skip(5).rev() {
            let pair = (rest % 100) as u8;
            *byte = pair / 10 * 16 + pair % 10;
            rest /= 100;
        }
        Self(bytes)
    }
}

impl Row {
    /// The row of that number, edited `rev` times.
    pub fn new(number: u32, rev: u32) -> Self {
        Self {
            id: RowId::new(number),
            title: format!("Task number {number}"),
            done: number.is_multiple_of(3),
            priority: (number % 5) as u8,
            rev,
            assignee: Assignee { id: number % 97, name: format!("User {}", number % 97) },
            tags: vec![format!("a{}", number % 7), format!("b{}", number % 11)],
            updated_at: "2026-01-01T00:00:00.000Z".to_owned(),
            estimate: f64::from(number) * 1.5,
            notes: None,
        }
    }

    /// The row as the server had it at a time.
    pub fn snapshot(self, stamp: u64) -> Snapshot<Rows> {
        Snapshot { id: self.id, doc: Some(Rc::new(self)), stamp }
    }
}

/// Rows 0 to `count`.
pub fn rows(count: u32) -> Vec<Row> {
    (0..count).map(|number| Row::new(number, 0)).collect()
}

/// What a fetch of the list of these rows brings. The newest row stands first.
pub fn answer(rows: Vec<Row>, stamp: u64) -> Answer<Rows> {
    let mut order: Vec<_> = rows.iter().map(|row| (Reverse(row.id), row.id)).collect();
    order.sort_unstable();
    let docs = rows.into_iter().map(|row| row.snapshot(stamp)).collect();
    Answer::List { rows: order, docs, previous: None, next: None, stamp }
}

/// As bytes.
pub fn encode<T: Serialize + ?Sized>(what: &T) -> Vec<u8> {
    postcard::to_allocvec(what).expect("rows and parts of keys have a form in postcard")
}

/// From bytes.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> T {
    postcard::from_bytes(bytes).expect("the bytes were encoded here")
}

/// The number of a row.
pub fn number(id: RowId) -> u32 {
    id.0.iter().skip(5).fold(0, |number, byte| number * 100 + u32::from(byte / 16 * 10 + byte % 16))
}
