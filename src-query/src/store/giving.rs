//! Data that the caller gives instead of fetching it.

use std::time::Duration;

use crate::{
    Answer, App, Kind, Options,
    query::{FetchState, QueryIndex},
};

use super::{Happening, Store};

impl<A: App> Store<A> {
    pub(super) fn set(&mut self, key: A::Key, answer: Answer<A>) {
        let index = self.query(key);
        self.happened(index, Happening::Given);
        if let Some(query) = self.queries.get_mut(&index) {
            query.invalidated = false;
            if matches!(query.fetch, FetchState::Flying(_)) {
                (query.outdated, query.again) = (true, true);
            }
        }
        self.answer(index, answer);
        self.keep_unobserved(index, Options::default().gc_time);
    }

    pub(super) fn initial(&mut self, key: A::Key, answer: Answer<A>, updated_at: Duration) {
        let index = self.query(key);
        if self.age_of(index).is_some() {
            return;
        }
        if let Some(query) = self.queries.get_mut(&index) {
            query.initial = Some(Box::new((answer.clone(), updated_at)));
        }
        self.begin_with(index, answer, updated_at);
        self.keep_unobserved(index, Options::default().gc_time);
    }

    pub(super) fn begin_with(&mut self, index: QueryIndex, answer: Answer<A>, updated_at: Duration) {
        self.happened(index, Happening::Given);
        self.answer(index, answer);
        let Some(query) = self.queries.get_mut(&index) else { return };
        query.updated_at = Some(updated_at);
        if let Kind::Entity(id) = &query.kind
            && let Some(entity) = self.entities.get_mut(id)
        {
            entity.updated_at = Some(updated_at);
        }
    }
}
