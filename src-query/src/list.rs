//! A list: its pages as they were read, and all their rows in one order, each where it belongs now.
//!
//! Not why a row stands where it does: that is decided in [`crate::store`].

use crate::{
    App, Rows,
    hashing::Map,
    page::{Page, Reading},
    view::Direction,
};

#[derive(Debug)]
pub(crate) struct List<A: App> {
    rows: Rows<A::Order, A::Id>,
    orders: Map<A::Id, A::Order>,
    /// Where the pages have the rows that stand elsewhere now.
    moved: Map<A::Id, Option<A::Order>>,
    /// In order; one at least. Their rows and the list's share what is the same.
    pages: Vec<Page<A>>,
    /// What the fetch reads that is under way, or that failed last; `None` is: the first page, which is all there is.
    pub reading: Option<Box<Reading<A>>>,
}

impl<A: App> List<A> {
    /// As the server sent it, in its order.
    pub fn new(pages: Vec<Page<A>>) -> Self {
        let mut list = Self {
            rows: Rows::default(),
            orders: Map::default(),
            moved: Map::default(),
            pages: Vec::with_capacity(pages.len()),
            reading: None,
        };
        pages.into_iter().for_each(|page| list.add(page, Direction::Forward));
        list
    }

    pub fn order(&self, id: &A::Id) -> Option<&A::Order> {
        self.orders.get(id)
    }

    pub fn contains(&self, id: &A::Id) -> bool {
        self.orders.contains_key(id)
    }

    pub fn rows(&self) -> &Rows<A::Order, A::Id> {
        &self.rows
    }

    pub fn pages(&self) -> &[Page<A>] {
        &self.pages
    }

    /// Whether the row stands elsewhere than the server had it.
    pub fn is_moved(&self, id: &A::Id) -> bool {
        self.moved.contains_key(id)
    }

    /// Where the server had the row when it read the page.
    pub fn as_read(&self, id: &A::Id) -> Option<&A::Order> {
        self.moved.get(id).map_or_else(|| self.order(id), Option::as_ref)
    }

    /// Takes pages that were read later in the place of its own. Returns whether they have just the rows that the list has,
    /// where it has them.
    pub fn renew(&mut self, pages: Vec<Page<A>>) -> bool {
        let same = self.moved.is_empty()
            && self.pages.len() == pages.len()
            && self.pages.iter().zip(&pages).all(|(old, new)| old.rows.is(&new.rows));
        if same {
            self.pages = pages;
        } else if let Err(pages) = self.renew_in_part(pages) {
            *self = Self::new(pages);
        }
        same
    }

    /// Of a list of one page only the pieces are looked at that are not shared. The page comes back where that does not do.
    fn renew_in_part(&mut self, pages: Vec<Page<A>>) -> Result<(), Vec<Page<A>>> {
        let ([old], [new], true) = (&self.pages[..], &pages[..], self.moved.is_empty()) else {
            return Err(pages);
        };
        for (_, id) in old.rows.not_shared_with(&new.rows) {
            self.orders.remove(id);
        }
        for (order, id) in new.rows.not_shared_with(&old.rows) {
            self.orders.insert(id.clone(), order.clone());
        }
        if self.orders.len() != new.rows.len() {
            // One id stands in two places, as where a document moved while the page was read.
            return Err(pages);
        }
        self.rows = new.rows.clone();
        self.pages = pages;
        self.reading = None;
        Ok(())
    }

    /// What is beyond the pages in that direction; `None` is: nothing.
    pub fn beyond(&self, direction: Direction) -> Option<&A::Page> {
        match direction {
            Direction::Forward => self.pages.last()?.next.as_ref(),
            Direction::Backward => self.pages.first()?.previous.as_ref(),
        }
    }

    /// Whether a row of that order is in the part that was read: not beyond an end behind which there is more. `None` is: there
    /// is more, and no row says where that begins.
    pub fn reaches(&self, order: &A::Order) -> Option<bool> {
        let is_open = |direction| self.beyond(direction).is_none();
        let (first, last) = (is_open(Direction::Backward), is_open(Direction::Forward));
        if first && last {
            return Some(true);
        }
        let begins = self.pages.iter().find_map(|page| page.rows.first())?;
        let ends = self.pages.iter().rev().find_map(|page| page.rows.last())?;
        Some((first || begins <= order) && (last || order <= ends))
    }

    /// When the page was read that a row of that order is in, or would be.
    pub fn stamp_at(&self, order: &A::Order) -> A::Stamp {
        self.page_at(order).map_or_else(|| self.oldest(), |at| self.pages[at].stamp)
    }

    fn page_at(&self, order: &A::Order) -> Option<usize> {
        self.pages.iter().rposition(|page| page.rows.first().is_some_and(|first| first <= order))
    }

    /// When the page was read that was read first.
    pub fn oldest(&self) -> A::Stamp {
        self.pages.iter().map(|page| page.stamp).min().unwrap_or_default()
    }

    /// When the page was read that was read last.
    pub fn newest(&self) -> A::Stamp {
        self.pages.iter().map(|page| page.stamp).max().unwrap_or_default()
    }

    /// Anything that comes is newer from now on.
    pub fn forget_stamps(&mut self) {
        self.pages.iter_mut().for_each(|page| page.stamp = A::Stamp::default());
        if let Some(Reading::Whole(reads)) = self.reading.as_deref_mut() {
            reads.iter_mut().for_each(|read| read.stamp = A::Stamp::default());
        }
    }

    /// Which page the fetch has to ask for; `None` is: from the beginning.
    pub fn page_to_fetch(&self) -> Option<&A::Page> {
        match self.reading.as_deref() {
            None => self.pages.first()?.page.as_ref(),
            Some(Reading::Whole(reads)) => reads.last()?.page.next.as_ref(),
            Some(Reading::More(direction)) => self.beyond(*direction),
        }
    }

    /// In which direction the fetch reads on, if it does not read the whole.
    pub fn direction(&self) -> Option<Direction> {
        match self.reading.as_deref() {
            Some(Reading::More(direction)) => Some(*direction),
            Some(Reading::Whole(_)) | None => None,
        }
    }

    /// Puts the row at its place, moves it there, or takes it out. Returns whether anything changed.
    pub fn set(&mut self, id: &A::Id, order: Option<A::Order>) -> bool {
        let old = self.orders.get(id).cloned();
        if old == order {
            return false;
        }
        if let Some(old) = &old {
            self.rows.remove(old, id);
        }
        if *self.moved.entry(id.clone()).or_insert(old) == order {
            self.moved.remove(id);
        }
        match order {
            None => {
                self.orders.remove(id);
            }
            Some(order) => {
                self.rows.insert(order.clone(), id.clone());
                self.orders.insert(id.clone(), order);
            }
        }
        true
    }

    /// One page more in that direction. It was read after the others: what they have as well is in it now.
    pub fn add(&mut self, page: Page<A>, direction: Direction) {
        self.orders.reserve(page.rows.len());
        for (order, id) in page.rows.pairs() {
            let Some(stood) = self.orders.insert(id.clone(), order.clone()) else {
                if let Some(Some(read)) = self.moved.remove(id) {
                    self.forget_read(&read, id);
                }
                continue;
            };
            self.rows.remove(&stood, id);
            if let Some(read) = self.moved.remove(id).unwrap_or(Some(stood)) {
                self.forget_read(&read, id);
            }
        }
        match direction {
            Direction::Forward => {
                self.rows = self.rows.followed_by(&page.rows);
                self.pages.push(page);
            }
            Direction::Backward => {
                self.rows = page.rows.followed_by(&self.rows);
                self.pages.insert(0, page);
            }
        }
    }

    fn forget_read(&mut self, order: &A::Order, id: &A::Id) {
        if let Some(at) = self.page_at(order) {
            self.pages[at].rows.remove(order, id);
        }
    }

    /// Lets go of the last page in that direction, and of what stands where it was.
    pub fn drop_page(&mut self, direction: Direction) {
        let page = match direction {
            Direction::Forward => self.pages.pop(),
            Direction::Backward => (!self.pages.is_empty()).then(|| self.pages.remove(0)),
        };
        for (order, id) in page.iter().flat_map(|page| page.rows.pairs()) {
            match self.moved.get_mut(id) {
                Some(read) => *read = None,
                None => {
                    self.rows.remove(order, id);
                    self.orders.remove(id);
                }
            }
        }
        let moved: Vec<_> = self.moved.keys().cloned().collect();
        for id in moved {
            match self.orders.get(&id) {
                Some(order) if self.reaches(order) != Some(true) => _ = self.set(&id, None),
                Some(_) => {}
                // neither here nor there any more
                None if self.moved.get(&id) == Some(&None) => _ = self.moved.remove(&id),
                None => {}
            }
        }
    }
}
