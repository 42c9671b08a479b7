//! The state machine: [`Store::take`] is its only entrance.
//!
//! | module | idea |
//! | --- | --- |
//! | `observing` | who watches what |
//! | `fetching` | when a query is fetched, and what becomes of the answer |
//! | `triggering` | occasions to fetch: focus, and the network |
//! | `paging` | lists page by page |
//! | `filtering` | what happens to all queries that a filter means |
//! | `giving` | data that the caller gives |
//! | `layering` | how a mutation shows at once, and how it ends |
//! | `history` | what became of the mutations that were made here |
//! | `inspecting` | all that is known of each query, and what happened to it |
//! | `placing` | where an entity stands in lists |
//! | `reviewing` | failed mutations, until somebody decides on them |
//! | `saving` | what can be kept over a restart |
//! | `feeding` | what other windows and other programs did |
//! | `timing` | what is due by itself: another try, and letting go |
//! | `reading` | what can be read from the store |
//!
//! *Architecture invariant:* what is rendered is the view, and the view is the base with all layers in order
//! (`Store::refresh` alone makes it, at the end of every input). Only a settlement or a refusal removes a layer.

mod feeding;
mod fetching;
mod filtering;
mod giving;
mod history;
mod inspecting;
mod layering;
mod observing;
mod paging;
mod placing;
mod reading;
mod reviewing;
mod saving;
#[cfg(test)]
pub(crate) mod tests;
mod timing;
mod triggering;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use crate::{
    App, Direction, Effect, Input, MutationState, ObserverId, Review, Ticket,
    entity::Entity,
    feed::Feed,
    hashing::{Map, Set},
    layers::Layers,
    news::News,
    query::{Query, QueryIndex},
    stamps::Stamps,
    trie::Trie,
    watching::Watching,
};

pub use inspecting::{Event, Happening, Holds, Inspection};
pub use reading::Counts;
use timing::Due;

/// A keyed query store. See the [crate's documentation](crate).
#[derive(Debug)]
pub struct Store<A: App> {
    now: Duration,
    online: bool,
    visible: bool,

    /// Each apart, so that the free places of the map are small.
    queries: Map<QueryIndex, Box<Query<A>>>,
    by_key: Map<A::Key, QueryIndex>,
    by_segments: Trie<A::Segment, QueryIndex>,
    observers: Map<ObserverId, QueryIndex>,
    flying: Map<Ticket, QueryIndex>,
    /// Queries whose fetch is not [`Idle`](crate::query::FetchState::Idle).
    busy: BTreeSet<QueryIndex>,
    /// Queries whose fetch is [`Wanted`](crate::query::FetchState::Wanted), in the order of the wishes.
    wanted: Vec<QueryIndex>,
    timers: BTreeSet<(Duration, Due)>,
    /// How many queries were named so far.
    named: u32,
    /// How many fetches were sent so far.
    sent: u64,

    entities: Map<A::Id, Entity<A>>,
    /// All entities with a base, by its stamp.
    stamps: Stamps<A>,
    /// Which prefixes were invalidated, each with how many invalidations there had been by then. Entities are compared
    /// with it when somebody looks, so that an invalidation costs nothing for each of them.
    invalidated: Trie<A::Segment, u64>,
    invalidations: u64,
    layers: Layers<A>,
    /// Whose base or layers have changed, and whose views have not yet.
    touched: Vec<A::Id>,
    reviews: BTreeMap<A::MutationId, Review<A>>,
    /// Reviews that only this window knows, since their mutations never were accepted.
    refused_here: BTreeSet<A::MutationId>,
    held: Set<A::Id>,
    /// A batch of mutations is in flight. What is still local after its answer, goes out again: the other side takes
    /// it once all the same.
    submitting: bool,

    /// The mutations that were made here, in their order.
    history: BTreeMap<u32, MutationState<A>>,
    history_places: Map<A::MutationId, u32>,
    history_news: News,
    /// How many mutations were made here.
    made: u32,

    feed: Feed<A>,
    /// The run of the source that was attached to last, and the greatest number that it had given to a mutation then.
    attached_to: Option<(A::Boot, u64)>,
    watching: Watching<A::Key>,
    /// The source is being told what is watched.
    telling: bool,

    /// What changed since the caller last took what is to be kept, if it ever did.
    keeping: bool,
    unsaved: BTreeSet<QueryIndex>,
    unsaved_entities: BTreeSet<A::Id>,

    /// What happened to queries, while somebody inspects them.
    events: VecDeque<Event<A>>,
    queries_news: News,
    /// A fetch began or ended.
    fetching_news: News,

    dirty: BTreeSet<QueryIndex>,
    effects: Vec<Effect<A>>,
    flush_requested: bool,
    frame_requested: bool,
    wake_at: Option<Duration>,
}

impl<A: App> Default for Store<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: App> Store<A> {
    /// An empty store, which is visible, believes the server to be reachable, and waits to be attached to a feed.
    /// Without a feed, [`Input::Attached`] is never given, and everything else works.
    pub fn new() -> Self {
        Self {
            now: Duration::ZERO,
            online: true,
            visible: true,
            queries: Map::default(),
            by_key: Map::default(),
            by_segments: Trie::new(),
            observers: Map::default(),
            flying: Map::default(),
            busy: BTreeSet::new(),
            wanted: Vec::new(),
            timers: BTreeSet::new(),
            named: 0,
            sent: 0,
            entities: Map::default(),
            stamps: Stamps::new(),
            invalidated: Trie::new(),
            invalidations: 0,
            layers: Layers::new(),
            touched: Vec::new(),
            reviews: BTreeMap::new(),
            refused_here: BTreeSet::new(),
            held: Set::default(),
            submitting: false,
            history: BTreeMap::new(),
            history_places: Map::default(),
            history_news: News::default(),
            made: 0,
            feed: Feed::new(),
            attached_to: None,
            watching: Watching::new(),
            telling: false,
            keeping: false,
            unsaved: BTreeSet::new(),
            unsaved_entities: BTreeSet::new(),
            events: VecDeque::new(),
            queries_news: News::default(),
            fetching_news: News::default(),
            dirty: BTreeSet::new(),
            effects: Vec::new(),
            flush_requested: false,
            frame_requested: false,
            wake_at: None,
        }
    }

    /// Takes what happened at `now`, a time since any fixed start, and returns what is to be done about it.
    #[must_use = "a store does nothing itself: its effects are to be carried out"]
    pub fn take(&mut self, now: Duration, input: Input<A>) -> Vec<Effect<A>> {
        self.now = self.now.max(now);
        match input {
            Input::Mount { observer, key, options } => self.mount(observer, key, options),
            Input::Unmount(observer) => self.unmount(observer),
            Input::Prefetch(key, options) => self.prefetch(key, options),
            Input::Ensure(key, options) => self.ensure(key, options),
            Input::Refetch(filter) => self.refetch(&filter),
            Input::FetchNextPage(key) => self.fetch_page(&key, Direction::Forward),
            Input::FetchPreviousPage(key) => self.fetch_page(&key, Direction::Backward),
            Input::Invalidate(filter, refetch) => self.invalidate(&filter, refetch),
            Input::Reset(filter) => self.reset(&filter),
            Input::ResetErrors(filter) => self.reset_errors(&filter),
            Input::Remove(filter) => self.remove(&filter),
            Input::Cancel(filter) => self.cancel(&filter),
            Input::Set(key, answer) => self.set(key, answer),
            Input::Initial(key, answer, updated_at) => self.initial(key, answer, updated_at),
            Input::Hydrate(saved, max_age) => self.hydrate(saved, max_age),
            Input::Focus(true) => self.focused(),
            Input::Focus(false) => {}
            Input::Online(online) => self.came_online(online),
            Input::Fetched(ticket, result) => self.fetched(ticket, result),
            Input::Mutate(mutation) => self.mutate(mutation),
            Input::Submitted(results) => self.submitted(results),
            Input::Settled(settlement) => self.settled(settlement),
            Input::Watched(told) => self.watched(told),
            Input::ObserveHistory(observer, mounted) => self.history_news.observe(observer, mounted),
            Input::ObserveFetching(observer, mounted) => self.fetching_news.observe(observer, mounted),
            Input::ObserveQueries(observer, mounted) => self.inspect_queries(observer, mounted),
            Input::Attached(attached) => self.attached(attached),
            Input::Feed(batch) => self.feed(batch),
            Input::FeedLost => self.attach(),
            Input::FeedUnanswered => self.feed_unanswered(),
            Input::Dismiss(mutation) => self.dismiss(&mutation),
            Input::Hold(id) => {
                self.held.insert(id);
            }
            Input::Release(id) => self.release(&id),
            Input::Visible(visible) => self.set_visible(visible),
            Input::Flush => self.flush(),
            Input::Frame => self.frame(),
            Input::Wake => self.wake(),
        }
        self.refresh_touched();
        self.request();
        std::mem::take(&mut self.effects)
    }

    /// Asks for the calls that what is now collected needs, each once.
    fn request(&mut self) {
        if !self.flush_requested && self.has_outgoing() {
            self.flush_requested = true;
            self.effects.push(Effect::RequestFlush);
        }
        let news = [&self.history_news, &self.fetching_news, &self.queries_news];
        let due = !self.dirty.is_empty() || news.iter().any(|news| news.is_due());
        if self.visible && due && !self.frame_requested {
            self.frame_requested = true;
            self.effects.push(Effect::RequestFrame);
        }
        let next = self.timers.first().map(|(at, _)| *at);
        if let Some(at) = next.filter(|at| self.wake_at.is_none_or(|wake_at| *at < wake_at)) {
            self.wake_at = Some(at);
            self.effects.push(Effect::Wake(at));
        }
    }

    fn has_outgoing(&self) -> bool {
        !self.wanted.is_empty()
            || (!self.telling && !self.watching.is_empty())
            || (!self.submitting && !self.due_mutations().is_empty())
    }

    /// Sends out what was collected.
    fn flush(&mut self) {
        self.flush_requested = false;
        if !self.telling && !self.watching.is_empty() {
            self.telling = true;
            let (added, removed) = self.watching.take();
            self.effects.push(Effect::Watch { added, removed });
        }
        self.flush_fetches();
        if !self.submitting {
            let mutations = self.due_mutations();
            if !mutations.is_empty() {
                self.submitting = true;
                self.effects.push(Effect::Submit(mutations));
            }
        }
    }

    /// Notifies the observers of everything that changed since the last frame.
    fn frame(&mut self) {
        self.frame_requested = false;
        if !self.visible {
            return;
        }
        let dirty = std::mem::take(&mut self.dirty);
        if !dirty.is_empty() {
            self.queries_news.note();
        }
        let queries = dirty.iter().filter_map(|index| self.queries.get(index));
        let mut observers: Vec<_> =
            queries.flat_map(|query| query.observers.iter().map(|(observer, _)| *observer)).collect();
        for news in [&mut self.history_news, &mut self.fetching_news, &mut self.queries_news] {
            observers.extend(news.take());
        }
        if !observers.is_empty() {
            self.effects.push(Effect::Notify(observers));
        }
    }

    /// The query of that key, made if there is none.
    fn query(&mut self, key: A::Key) -> QueryIndex {
        if let Some(index) = self.by_key.get(&key) {
            return *index;
        }
        self.named += 1;
        let index = QueryIndex(self.named);
        self.by_segments.insert(&A::segments(&key), index);
        self.by_key.insert(key.clone(), index);
        self.queries.insert(index, Box::new(Query::new(key)));
        self.happened(index, Happening::Added);
        index
    }

    fn mark(&mut self, index: QueryIndex) {
        self.dirty.insert(index);
    }

    fn mark_entity(&mut self, id: &A::Id) {
        if let Some(index) = self.by_key.get(&A::entity_key(id)) {
            self.dirty.insert(*index);
        }
    }
}
