//! A page of a list as it was read, and pages that are being read.
//!
//! Not where their rows stand now: [`crate::list`] has them all in one order.

use crate::{App, Rows, SavedPage, Snapshot, view::Direction};

/// A page that has come, and is in no list yet.
#[derive(Debug)]
pub(crate) struct Read<A: App> {
    pub page: SavedPage<A>,
    /// The content of some of its rows.
    pub docs: Vec<Snapshot<A>>,
    pub stamp: A::Stamp,
}

/// What a fetch reads of a list that has more than one page, or is to have.
#[derive(Debug)]
pub(crate) enum Reading<A: App> {
    /// All pages anew, one after the other: those that have come so far.
    Whole(Vec<Read<A>>),
    /// One page more.
    More(Direction),
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page<A: App> {
    /// Which it is; `None` is: the list's beginning.
    pub page: Option<A::Page>,
    /// As the server had them, but for those that a later page has as well.
    pub rows: Rows<A::Order, A::Id>,
    pub previous: Option<A::Page>,
    pub next: Option<A::Page>,
    /// When the server read it.
    pub stamp: A::Stamp,
}

impl<A: App> Page<A> {
    /// What is the same as in the page of before keeps its identity.
    pub fn new(saved: SavedPage<A>, stamp: A::Stamp, old: Option<&Self>) -> Self {
        let SavedPage { page, rows, previous, next } = saved;
        Self { page, rows: Rows::new(rows, old.map(|old| &old.rows)), previous, next, stamp }
    }

    pub fn saved(&self) -> SavedPage<A> {
        SavedPage {
            page: self.page.clone(),
            rows: self.rows.pairs().cloned().collect(),
            previous: self.previous.clone(),
            next: self.next.clone(),
        }
    }
}
