//! W4, W11 and W12: a list of many rows is read again, or one of its rows changes.

use std::{collections::VecDeque, hint::black_box};

use lockstep_query::{Answer, Entry, Fetch, Filter, Input, Snapshot};

use super::Workload;
use crate::{
    application::{Key, Rows},
    row::{Row, RowId, answer, decode, encode, rows},
    window::{FRESH, Window},
};

const COUNT: u32 = 10_000;

/// The rows, and the same with one that changed. Both share nothing with each other.
fn two_reads() -> [Answer<Rows>; 2] {
    let mut changed = rows(COUNT);
    changed[5_000].rev = 1;
    [answer(rows(COUNT), 1), answer(changed, 1)]
}

/// The same, read later.
fn stamped(read: &Answer<Rows>, round: u32) -> Answer<Rows> {
    let mut read = read.clone();
    if let Answer::List { docs, stamp, .. } = &mut read {
        *stamp = u64::from(round) + 2;
        docs.iter_mut().for_each(|snapshot| snapshot.stamp = *stamp);
    }
    read
}

/// Each round one row differs from the round before.
pub fn one_changed() -> Option<Workload> {
    let (mut window, reads) = (Window::with_rows(COUNT), two_reads());
    Workload::new(1, move |round| {
        window.take(Input::Set(Key::Rows, stamped(&reads[(round as usize + 1) % 2], round)));
    })
}

pub fn identical() -> Option<Workload> {
    let (mut window, [read, _]) = (Window::with_rows(COUNT), two_reads());
    Workload::new(1, move |round| window.take(Input::Set(Key::Rows, stamped(&read, round))))
}

pub fn decode_only() -> Option<Workload> {
    let bytes = encode(&rows(COUNT));
    Workload::new(1, move |_| drop(black_box(answer(decode(&bytes), 1))))
}

pub fn from_bytes() -> Option<Workload> {
    let mut window = Window::with_rows(COUNT);
    let mut changed = rows(COUNT);
    changed[5_000].rev = 1;
    let bytes = [encode(&rows(COUNT)), encode(&changed)];
    Workload::new(1, move |round| {
        let read = answer(decode(&bytes[(round as usize + 1) % 2]), u64::from(round) + 2);
        window.take(Input::Set(Key::Rows, read));
    })
}

pub fn patch() -> Option<Workload> {
    let mut window = Window::with_rows(COUNT);
    Workload::new(1, move |round| {
        let id = RowId::new(round % COUNT);
        let Some(old) = window.store.entity(&id).doc else { return };
        let row = Row { rev: round + 1, ..Row::clone(&old) };
        window.feed(Entry::Changed(vec![row.snapshot(u64::from(round) + 2)]));
    })
}

pub fn prepend() -> Option<Workload> {
    let mut window = Window::with_rows(COUNT);
    let mut shown: VecDeque<_> = (0..COUNT).map(RowId::new).collect();
    Workload::new(1, move |round| {
        let (row, stamp) = (Row::new(100_000 + round, 0), u64::from(round) + 2);
        shown.push_back(row.id);
        let Some(last) = shown.pop_front() else { return };
        let gone = Snapshot { id: last, doc: None, stamp };
        window.feed(Entry::Changed(vec![row.snapshot(stamp), gone]));
    })
}

/// The entry of the feed that tells of one row: its kind, how many rows, and each with its content and stamp.
type Changed = (u8, Vec<(RowId, Option<Row>, u64)>);

fn changed_entry(row: &Row) -> Vec<u8> {
    encode::<Changed>(&(5, vec![(row.id, Some(row.clone()), 1_700_000_000_000)]))
}

pub fn broadcast_bytes() -> f64 {
    changed_entry(&Row::new(1, 1)).len() as f64
}

/// Sent and received.
pub fn broadcast() -> Option<Workload> {
    let row = Row::new(1, 1);
    Workload::new(1, move |_| {
        let (_, changed): Changed = decode(&changed_entry(black_box(&row)));
        black_box(changed);
    })
}

const PAGES: u32 = 50;
const PAGE_ROWS: u32 = 100;

/// A page of the list whose newest row stands first, as the server has it at a time.
fn page(number: u32, stamp: u64) -> Answer<Rows> {
    let from = (PAGES - 1 - number) * PAGE_ROWS;
    let mut page = answer((from..from + PAGE_ROWS).map(|number| Row::new(number, 0)).collect(), stamp);
    if let Answer::List { next, .. } = &mut page {
        *next = Some(number + 1).filter(|next| *next < PAGES);
    }
    page
}

/// Answers every page that is asked for, one after the other.
fn read_pages(window: &mut Window, stamp: u64) {
    window.take(Input::Flush);
    while let Some(Fetch { ticket, page: number, .. }) = window.flying.pop() {
        window.take(Input::Fetched(ticket, Ok(page(number.unwrap_or(0), stamp))));
        window.take(Input::Flush);
    }
    window.take(Input::Frame);
}

/// All pages are fetched again, each after the one before it.
pub fn refetch_pages() -> Option<Workload> {
    let mut window = Window::with_rows(0);
    window.mount(Key::Rows, FRESH, None);
    window.take(Input::Refetch(Filter::exact(&Key::Rows)));
    read_pages(&mut window, 2);
    for _ in 1..PAGES {
        window.take(Input::FetchNextPage(Key::Rows));
        read_pages(&mut window, 2);
    }
    Workload::new(1, move |round| {
        window.take(Input::Refetch(Filter::exact(&Key::Rows)));
        read_pages(&mut window, u64::from(round) + 3);
    })
}
