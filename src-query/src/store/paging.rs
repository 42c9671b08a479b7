//! Lists page by page: one page more, all pages anew, and what becomes of the answers.
//!
//! The words are TanStack Query's (<https://tanstack.com/query/v5/docs/framework/react/guides/infinite-queries>); a plain list
//! is one page without more. Not where a single row belongs: that is in `placing`.
//!
//! **All pages anew** are read one after the other, from the first page that is there, each as the one before it says, since
//! a cursor that was kept may point between other rows by now. The list changes when the last has come, documents included, so
//! nobody sees half of it. **One page more** joins what is there; the rest is as old as it was, and an invalidation stays one.
//!
//! **Stamps.** Pages are read at different times, so a list has no stamp of its own, and each rule takes the one that risks
//! nothing:
//!
//! - A whole read replaces the list only if its oldest page is not older than the list's newest: else a part of the
//!   list would go back in time.
//! - A document is newer than the list if it is newer than the page that has its row, and than the page in whose range it
//!   says that it belongs: both have seen it, or its absence. A stamp for all pages would be wrong either way. The newest would
//!   let changes of rows on older pages pass for known, for ever. The oldest would make the documents that later pages bring
//!   newer than the list that they came with; and where only the server can tell where a row belongs, each refetch would ask for
//!   the next. Where a document does not say where it belongs, and no page has its row, the oldest counts.
//! - A row that two pages have is the later page's: it moved between the reads.

use crate::{
    Answer, App, Direction, Effect, Kind,
    entity::Origin,
    hashing::Set,
    list::List,
    page::{Page, Read, Reading},
    query::{FetchState, Held, QueryIndex},
};

use super::{Happening, Store};

impl<A: App> Store<A> {
    /// Somebody wants to see more of a list. Asking again for what is on its way changes nothing.
    pub(super) fn fetch_page(&mut self, key: &A::Key, direction: Direction) {
        let Some(index) = self.by_key.get(key).copied() else { return };
        let Some(query) = self.queries.get(&index).filter(|query| query.kind == Kind::List) else { return };
        let Some(list) = query.list() else { return self.want(index) };
        if list.beyond(direction).is_none() || query.reads_on() == Some(direction) {
            return;
        }
        let gives_way = query.fetch != FetchState::Idle && query.reads_on().is_none();
        let again = query.again || gives_way;
        let cancelled = self.call_back(index);
        self.effects.extend(cancelled.map(|ticket| Effect::Cancel(vec![ticket])));
        let Some(query) = self.queries.get_mut(&index) else { return };
        (query.again, query.failures, query.failure) = (again, 0, None);
        if let Some(list) = query.list_mut() {
            list.reading = Some(Box::new(Reading::More(direction)));
        }
        self.try_again(index);
    }

    /// A fetch brought a page of a list: one more, the next of several, or all there is.
    pub(super) fn page_came(&mut self, index: QueryIndex, mut read: Read<A>) {
        let Some(query) = self.queries.get_mut(&index) else { return };
        let most = query.max_pages();
        let mut reads = Vec::new();
        let mut wanted = 1;
        if let Held::List(list) = &mut query.held {
            read.page.page = list.page_to_fetch().cloned();
            wanted = list.pages().len().min(most);
            match list.reading.take().map(|reading| *reading) {
                Some(Reading::More(direction)) => return self.add_page(index, read, direction),
                Some(Reading::Whole(before)) => reads = before,
                None => {}
            }
        }
        let is_last = read.page.next.is_none();
        reads.push(read);
        match query.list_mut() {
            Some(list) if !is_last && reads.len() < wanted => {
                list.reading = Some(Box::new(Reading::Whole(reads)));
                self.try_again(index);
            }
            _ => {
                query.invalidated = query.again;
                self.note_answer(index);
                self.take_pages(index, reads);
            }
        }
    }

    /// An answer that nobody here asked for is a list's beginning. Where the list is longer, or is just getting longer, only its
    /// documents are taken: what changed about the rest the feed tells as well.
    pub(super) fn answer_unasked(&mut self, index: QueryIndex, answer: Answer<A>) {
        let is_longer = self.queries.get(&index).is_some_and(|query| {
            let goes_further = |list: &List<A>| list.pages().iter().any(|page| page.page.is_some());
            query.reads_on().is_some() || query.list().is_some_and(goes_further)
        });
        self.happened(index, Happening::Given);
        match answer {
            Answer::List { docs, .. } if is_longer => {
                docs.into_iter().for_each(|snapshot| self.offer(snapshot, Origin::Read));
            }
            answer => self.answer(index, answer),
        }
    }

    /// Takes pages as the whole list, unless a part of what is there is newer.
    pub(super) fn take_pages(&mut self, index: QueryIndex, mut reads: Vec<Read<A>>) {
        let docs = reads.iter_mut().flat_map(|read| std::mem::take(&mut read.docs));
        docs.for_each(|snapshot| self.offer(snapshot, Origin::Read));
        let Some(query) = self.queries.get(&index) else { return };
        let Some(oldest) = reads.iter().map(|read| read.stamp).min() else { return };
        if query.list().is_some_and(|list| oldest < list.newest()) {
            return;
        }
        let mut unknown_to_read = self.unknown_to_read(&query.key, oldest);
        let mut stood = query.list().map_or_else(Vec::new, |list| self.standing(list, &unknown_to_read));
        let Some(query) = self.queries.get_mut(&index) else { return };
        let before = query.list().map_or(&[][..], List::pages);
        let pages = reads.into_iter().enumerate();
        let pages = pages.map(|(at, read)| Page::new(read.page, read.stamp, before.get(at))).collect();
        match query.list_mut() {
            Some(list) => {
                if list.renew(pages) {
                    stood.clear();
                }
            }
            None => query.held = Held::List(Box::new(List::new(pages))),
        }
        unknown_to_read.retain(|id| self.is_unknown_to(index, id));
        let unknown: Set<_> = unknown_to_read.iter().collect();
        stood.retain(|(id, _)| self.held.contains(id) || unknown.contains(id));
        self.place_again(index, stood, &unknown_to_read);
    }

    /// One page joins the list; where it has too many then, the one at the other end goes. This costs what the page has, not
    /// what the list has.
    fn add_page(&mut self, index: QueryIndex, read: Read<A>, direction: Direction) {
        self.mark(index);
        self.note_query(index);
        let Read { page, docs, stamp } = read;
        docs.into_iter().for_each(|snapshot| self.offer(snapshot, Origin::Read));
        let Some(query) = self.queries.get(&index) else { return };
        let unknown_to_read = self.unknown_to_read(&query.key, stamp);
        let stood = query.list().map_or_else(Vec::new, |list| self.standing(list, &unknown_to_read));
        let most = query.max_pages();
        let Some(query) = self.queries.get_mut(&index) else { return };
        (query.error, query.failures, query.failure) = (None, 0, None);
        let Some(list) = query.list_mut() else { return };
        list.add(Page::new(page, stamp, None), direction);
        while list.pages().len() > most {
            list.drop_page(direction.opposite());
        }
        self.place_again(index, stood, &unknown_to_read);
    }

    /// Where the rows stand of which a read says nothing final: edited ones, and those that it may not know of.
    fn standing(&self, list: &List<A>, unknown_to_read: &[A::Id]) -> Vec<(A::Id, A::Order)> {
        let ids = self.held.iter().chain(unknown_to_read);
        ids.filter_map(|id| Some((id.clone(), list.order(id)?.clone()))).collect()
    }

    /// They stay where they stood, unless they can be placed: edited rows, and those that nobody can tell of where the pages
    /// still reach that far.
    fn place_again(&mut self, index: QueryIndex, stood: Vec<(A::Id, A::Order)>, unknown_to_read: &[A::Id]) {
        if let Some(list) = self.queries.get_mut(&index).and_then(|query| query.list_mut()) {
            for (id, order) in stood {
                if self.held.contains(&id) || list.reaches(&order) == Some(true) {
                    list.set(&id, Some(order));
                }
            }
        }
        unknown_to_read.iter().for_each(|id| self.place(index, id));
    }
}
