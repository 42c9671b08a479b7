//! One query: who observes it, what it holds, and where its fetch stands.
//!
//! Not when anything of that changes: [`crate::store`] decides.

use std::{num::NonZeroUsize, rc::Rc, time::Duration};

use crate::{
    Answer, App, Direction, ErrorBoundary, FetchStatus, Kind, Network, ObserverId, Options, StaleTime,
    Ticket, list::List, watching::Watch,
};

/// Names a query within the store; never twice. Small, since it stands in many places: a thousand new ones a second are
/// enough for seven weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct QueryIndex(pub u32);

/// What a query holds itself; an entity lives elsewhere, once.
#[derive(Debug)]
pub(crate) enum Held<A: App> {
    Nothing,
    /// Apart, so that a query that holds no list does not have the room for one.
    List(Box<List<A>>),
    Value(Rc<A::Value>, A::Stamp),
}

impl<A: App> Held<A> {
    /// Anything that comes is newer from now on.
    pub fn forget_stamp(&mut self) {
        match self {
            Self::Nothing => {}
            Self::List(list) => list.forget_stamps(),
            Self::Value(_, stamp) => *stamp = A::Stamp::default(),
        }
    }
}

/// Where the fetch stands. There is one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchState {
    Idle,
    /// Goes out with the next flush.
    Wanted,
    /// Goes out once the server can be reached.
    Paused,
    Flying(Ticket),
    /// Failed, and is tried again at that time.
    RetryAt(Duration),
}

#[derive(Debug)]
pub(crate) struct Query<A: App> {
    pub key: A::Key,
    pub kind: Kind<A::Id>,
    pub observers: Vec<(ObserverId, Options)>,
    pub held: Held<A>,
    pub fetch: FetchState,
    /// What is in flight was overtaken by an invalidation: fetch once more when it has landed.
    pub again: bool,
    /// What is in flight was overtaken by data that the caller knew: what it brings is older.
    pub outdated: bool,
    /// Why the last fetch failed for good; apart, as most do not fail.
    pub error: Option<Rc<A::Failure>>,
    /// How often the present fetch failed so far, or the last one did.
    pub failures: u32,
    /// Why it did so last.
    pub failure: Option<Rc<A::Failure>>,
    /// When list or value came; an entity knows that itself.
    pub updated_at: Option<Duration>,
    pub invalidated: bool,
    /// What its fetches need of the network.
    pub network: Network,
    /// What it began with, and when that came, if the caller gave it something.
    pub initial: Option<Box<(Answer<A>, Duration)>>,
    /// Since when the feed's source knows that it is watched; of the last time, if it no longer is.
    pub watched_since: Duration,
    /// How long it is kept without observers: the longest that any wished.
    pub gc_time: Duration,
    /// When it is let go; `None` while it is observed.
    pub gc_at: Option<Duration>,
    /// When its interval is over.
    pub interval_at: Option<Duration>,
}

impl<A: App> Query<A> {
    pub fn new(key: A::Key) -> Self {
        Self {
            kind: A::kind(&key),
            key,
            observers: Vec::new(),
            held: Held::Nothing,
            fetch: FetchState::Idle,
            again: false,
            outdated: false,
            network: Network::Online,
            initial: None,
            error: None,
            failures: 0,
            failure: None,
            updated_at: None,
            invalidated: false,
            watched_since: Duration::ZERO,
            gc_time: Duration::ZERO,
            gc_at: None,
            interval_at: None,
        }
    }

    /// What it holds, if that is a list.
    pub fn list(&self) -> Option<&List<A>> {
        match &self.held {
            Held::List(list) => Some(list),
            Held::Nothing | Held::Value(..) => None,
        }
    }

    /// What it holds, if that is a list.
    pub fn list_mut(&mut self) -> Option<&mut List<A>> {
        match &mut self.held {
            Held::List(list) => Some(list),
            Held::Nothing | Held::Value(..) => None,
        }
    }

    /// What was read of a list so far is let go of, and which page it was to have besides.
    pub fn stop_reading(&mut self) {
        if let Held::List(list) = &mut self.held {
            list.reading = None;
        }
    }

    /// How many pages a list may have: as many as the observer wants that wants most.
    pub fn max_pages(&self) -> usize {
        let wishes = self.observers.iter().map(|(_, options)| options.max_pages);
        wishes.map(|wish| wish.map_or(usize::MAX, NonZeroUsize::get)).max().unwrap_or(usize::MAX)
    }

    /// In which direction the fetch reads on that is under way, if it does not read the whole.
    pub fn reads_on(&self) -> Option<Direction> {
        self.list()?.direction().filter(|_| self.fetch != FetchState::Idle)
    }

    /// Whether the fetch that is under way has read something already, or is about to: what happens now it may not know.
    pub fn is_overtaken(&self) -> bool {
        let has_begun = self.list().is_some_and(|list| list.reading.is_some());
        match self.fetch {
            FetchState::Idle => false,
            FetchState::Flying(_) => true,
            FetchState::Wanted | FetchState::Paused | FetchState::RetryAt(_) => has_begun,
        }
    }

    /// Whether why it failed is for the nearest error boundary to show.
    pub fn is_for_boundary(&self, boundary: ErrorBoundary, has_data: bool) -> bool {
        self.error.as_deref().is_some_and(|failure| match boundary {
            ErrorBoundary::Never => false,
            ErrorBoundary::WithoutData => !has_data,
            ErrorBoundary::Always => true,
            ErrorBoundary::ByFailure => A::is_for_boundary(&self.key, failure, has_data),
        })
    }

    /// Whether any observer wants data.
    pub fn is_active(&self) -> bool {
        self.observers.iter().any(|(_, options)| options.enabled)
    }

    /// Whether it has observers, and none of them wants data.
    pub fn is_disabled(&self) -> bool {
        !self.observers.is_empty() && !self.is_active()
    }

    /// The shortest interval of those who want data, and whether it goes on in a hidden window.
    pub fn interval(&self, visible: bool) -> Option<Duration> {
        let wanting = self.observers.iter().map(|(_, options)| options).filter(|options| options.enabled);
        wanting
            .filter(|options| visible || options.interval_when_hidden)
            .filter_map(|options| options.interval)
            .min()
    }

    /// How the feed's source is to know that it is watched; `None` is: it is not.
    pub fn watch(&self, visible: bool) -> Option<Watch> {
        let interval = if A::SOURCE_POLLS { self.interval(visible) } else { None };
        (!self.observers.is_empty()).then_some(interval)
    }

    pub fn fetch_status(&self) -> FetchStatus {
        match self.fetch {
            FetchState::Idle => FetchStatus::Idle,
            FetchState::Paused => FetchStatus::Paused,
            FetchState::Wanted | FetchState::Flying(_) | FetchState::RetryAt(_) => FetchStatus::Fetching,
        }
    }
}

/// Whether data of that age is stale.
pub(crate) fn is_stale<A: App>(
    key: &A::Key,
    updated_at: Option<Duration>,
    invalidated: bool,
    stale_time: StaleTime,
    now: Duration,
) -> bool {
    match (updated_at, of_key::<A>(key, stale_time)) {
        (None, _) => true,
        (Some(_), StaleTime::Static) => false,
        (Some(at), StaleTime::After(stale_time)) => invalidated || now.saturating_sub(at) >= stale_time,
        (Some(_), StaleTime::UntilInvalidated | StaleTime::ByKey) => invalidated,
    }
}

/// What the application says of the key, where the observer leaves it to it.
pub(crate) fn of_key<A: App>(key: &A::Key, stale_time: StaleTime) -> StaleTime {
    match stale_time {
        StaleTime::ByKey => A::stale_time(key),
        other => other,
    }
}
