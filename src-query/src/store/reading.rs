//! What can be read from the store, at any time and without changing what it knows.
//!
//! Not when to read: that is what [`Effect::Notify`](crate::Effect::Notify) says.

use std::time::Duration;

use crate::{
    App, Data, Direction, EntityView, FetchStatus, Filter, Kind, Options, QueryView, Review, Status,
    query::{Held, is_stale},
};

use super::Store;

/// How much is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Queries whose data is on its way.
    pub fetching: usize,
    /// Mutations on their way.
    pub saving: usize,
    /// Mutations that wait for the network.
    pub queued: usize,
    /// Failed mutations that wait for a person.
    pub reviews: usize,
}

impl<A: App> Store<A> {
    /// A query as an observer with these options sees it at `now`. A query that nobody ever mounted is pending and
    /// idle.
    pub fn view(&self, key: &A::Key, options: &Options, now: Duration) -> QueryView<A> {
        let data = self.data(key);
        let query = self.by_key.get(key).and_then(|index| self.queries.get(index));
        let (updated_at, invalidated) = query.map_or((None, false), |query| self.age(query));
        let error = query.and_then(|query| query.error.as_deref().cloned());
        let fetch_status = query.map_or(FetchStatus::Idle, |query| query.fetch_status());
        let list = query.and_then(|query| query.list());
        let goes_on = |direction| list.is_some_and(|list| list.beyond(direction).is_some());
        QueryView {
            status: Status::of(data.is_some(), error.is_some()),
            is_for_boundary: fetch_status != FetchStatus::Fetching
                && query.is_some_and(|query| query.is_for_boundary(options.error_boundary, data.is_some())),
            page_count: list.map_or(0, |list| list.pages().len()),
            has_next_page: goes_on(Direction::Forward),
            has_previous_page: goes_on(Direction::Backward),
            direction: list.and_then(|list| list.direction()),
            fetch_status,
            failure_count: query.map_or(0, |query| query.failures),
            failure_reason: query.and_then(|query| query.failure.as_deref().cloned()),
            is_stale: is_stale::<A>(key, updated_at, invalidated, options.stale_time, now),
            updated_at,
            is_placeholder: false,
            data,
            error,
        }
    }

    pub(super) fn data(&self, key: &A::Key) -> Option<Data<A>> {
        if let Kind::Entity(id) = A::kind(key) {
            let known = self.entities.get(&id).is_some_and(|entity| entity.is_known());
            return known.then(|| Data::Entity(self.entity(&id)));
        }
        let index = self.by_key.get(key)?;
        match &self.queries.get(index)?.held {
            Held::Nothing => None,
            Held::List(list) => Some(Data::List(list.rows().clone())),
            Held::Value(value, _) => Some(Data::Value(value.clone())),
        }
    }

    /// An entity with all layers applied. One that the server never spoke of is empty.
    pub fn entity(&self, id: &A::Id) -> EntityView<A> {
        let Some(entity) = self.entities.get(id) else {
            return EntityView { doc: None, base: None, pending: Vec::new(), failed: Vec::new() };
        };
        let layers = entity.layers.iter().filter_map(|position| self.layers.get(*position));
        let reviews = entity.reviews.iter().filter_map(|id| self.reviews.get(id));
        EntityView {
            doc: entity.view.clone(),
            base: entity.base.doc().cloned(),
            pending: layers.map(|layer| (layer.mutation.clone(), layer.paused || !self.online)).collect(),
            failed: reviews.map(|review| (review.mutation.clone(), review.failure.clone())).collect(),
        }
    }

    /// The server's time of what it said last of an entity; `None` where it never spoke of it.
    pub fn stamp(&self, id: &A::Id) -> Option<A::Stamp> {
        self.entities.get(id).filter(|entity| entity.base.is_known()).map(|entity| entity.stamp)
    }

    /// How much is under way. It costs as much as that is.
    pub fn counts(&self) -> Counts {
        let queued = self.pending().filter(|(_, waits)| *waits).count();
        let busy = self.busy.iter().filter_map(|index| self.queries.get(index));
        Counts {
            fetching: busy.filter(|query| query.fetch_status() == FetchStatus::Fetching).count(),
            saving: self.layers.len() - queued,
            queued,
            reviews: self.reviews.len(),
        }
    }

    /// All mutations that have not ended, in their order, with whether they wait for the network.
    pub fn pending(&self) -> impl Iterator<Item = (&A::Mutation, bool)> {
        self.layers.iter().map(|(_, layer)| (&*layer.mutation, layer.paused || !self.online))
    }

    /// How many of the queries that a filter means have data on its way. It costs as much as is under way, not what the
    /// filter matches or the store holds.
    pub fn fetching(&self, filter: &Filter<A>) -> usize {
        let busy = self.busy.iter().filter_map(|index| Some((*index, &**self.queries.get(index)?)));
        let fetching = busy.filter(|(_, query)| query.fetch_status() == FetchStatus::Fetching);
        let meant = fetching.filter(|(_, query)| filter.takes_segments(&A::segments(&query.key)));
        meant.filter(|(index, query)| self.takes(filter, *index, query)).count()
    }

    /// All failed mutations that nobody decided on, with whether only this window knows of them.
    pub fn reviews(&self) -> impl Iterator<Item = (&Review<A>, bool)> {
        self.reviews.iter().map(|(id, review)| (review, self.refused_here.contains(id)))
    }
}
