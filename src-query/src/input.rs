//! What can happen to a store.
//!
//! Not what it makes of it; each input is data, so that a simulation can keep, delay and repeat it.

use std::{num::NonZeroUsize, rc::Rc, time::Duration};

use crate::{App, Filter};

/// Names an observer; the caller makes it, and never twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObserverId(pub u64);

/// Names one fetch, so that its result finds back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub(crate) u64);

/// How long data counts as fresh after it was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaleTime {
    /// So long; zero is: always stale.
    After(Duration),
    /// Until it is invalidated.
    UntilInvalidated,
    /// For ever: not even an invalidation makes it stale.
    Static,
    /// As [`App::stale_time`] says of the key.
    ByKey,
}

/// Whether an occasion makes a query fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// It does not. Data that never was there is fetched all the same when an observer comes.
    Never,
    /// It does, if the data is stale.
    IfStale,
    /// It does.
    Always,
}

/// What a query needs of the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Network {
    /// It waits until the server can be reached.
    #[default]
    Online,
    /// The first try goes out all the same (something on the way may answer), further ones wait.
    OfflineFirst,
    /// Nothing: it never waits.
    Always,
}

/// Which failures of a query are for the nearest error boundary to show, instead of the observer's own component.
/// TanStack's `throwOnError`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorBoundary {
    /// None.
    #[default]
    Never,
    /// Those that leave nothing to show.
    WithoutData,
    /// All.
    Always,
    /// As [`App::is_for_boundary`] says of the failure.
    ByFailure,
}

/// How an observer wants its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long the data counts as fresh.
    pub stale_time: StaleTime,
    /// How long the data is kept after the last observer has gone, and up to a second more.
    pub gc_time: Duration,
    /// A disabled observer shows what is there and asks for nothing.
    pub enabled: bool,
    /// When the observer comes.
    pub on_mount: Trigger,
    /// When the application gets the focus.
    pub on_focus: Trigger,
    /// When the server can be reached again.
    pub on_reconnect: Trigger,
    /// Fetched so long after the last fetch has ended, again and again. Of several observers the shortest counts.
    pub interval: Option<Duration>,
    /// The interval goes on while the window is hidden.
    pub interval_when_hidden: bool,
    /// What a fetch needs of the network. Of several observers the least demanding counts.
    pub network: Network,
    /// A list keeps so many pages: another one takes the place of the one at the other end, so each answer has to say what is
    /// before it and what is behind it. Of several observers the greatest counts; one that names none wants all.
    pub max_pages: Option<NonZeroUsize>,
    /// An observer that comes fetches also what has failed before and has no data. Failures for the boundary are not fetched
    /// by coming again, before [`Input::ResetErrors`] allows it.
    pub retry_on_mount: bool,
    /// Which failures are for the nearest error boundary to show.
    pub error_boundary: ErrorBoundary,
}

impl Options {
    /// TanStack's defaults, but for the stale time: what changes is fed, so data is fresh for 30 s.
    pub const DEFAULT: Self = Self {
        stale_time: StaleTime::After(Duration::from_secs(30)),
        gc_time: Duration::from_secs(5 * 60),
        enabled: true,
        on_mount: Trigger::IfStale,
        on_focus: Trigger::IfStale,
        on_reconnect: Trigger::IfStale,
        interval: None,
        interval_when_hidden: false,
        network: Network::Online,
        max_pages: None,
        retry_on_mount: true,
        error_boundary: ErrorBoundary::Never,
    };
}

impl Default for Options {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// An entity as the server had it at a time.
#[derive(Clone, Debug)]
pub struct Snapshot<A: App> {
    /// Which entity.
    pub id: A::Id,
    /// Its content, `None` where there is none.
    pub doc: Option<Rc<A::Doc>>,
    /// When.
    pub stamp: A::Stamp,
}

/// What a fetch brought.
#[derive(Clone, Debug)]
pub enum Answer<A: App> {
    /// For a query of one entity.
    Entity(Snapshot<A>),
    /// For a list: one page of it, which may be all there is.
    List {
        /// The page's rows, in order.
        rows: Vec<(A::Order, A::Id)>,
        /// The content of some of them.
        docs: Vec<Snapshot<A>>,
        /// The page before it; `None` where it is the first.
        previous: Option<A::Page>,
        /// The page behind it; `None` where it is the last.
        next: Option<A::Page>,
        /// When the page was read.
        stamp: A::Stamp,
    },
    /// For a plain value.
    Value {
        /// The value.
        value: Rc<A::Value>,
        /// When it was read.
        stamp: A::Stamp,
    },
}

/// A mutation's end.
#[derive(Clone, Debug)]
pub struct Settlement<A: App> {
    /// Which mutation.
    pub mutation: A::MutationId,
    /// Why it failed, if it did.
    pub failure: Option<A::Failure>,
    /// What of it failed, where a part of it was done.
    pub failed: Option<Rc<A::Mutation>>,
    /// The touched entities as the server now has them, where that is known.
    pub docs: Vec<Snapshot<A>>,
}

/// A mutation that the server has not decided yet.
#[derive(Clone, Debug)]
pub struct PendingLayer<A: App> {
    /// What it does.
    pub mutation: Rc<A::Mutation>,
    /// Its place among all accepted ones.
    pub number: u64,
    /// Whether it waits for the network.
    pub paused: bool,
}

/// A mutation that failed, and that a person has to decide on.
#[derive(Clone, Debug)]
pub struct Review<A: App> {
    /// What it was to do.
    pub mutation: Rc<A::Mutation>,
    /// Why it did not.
    pub failure: A::Failure,
}

/// One entry of the feed.
#[derive(Clone, Debug)]
pub enum Entry<A: App> {
    /// A mutation was accepted, from whichever window.
    Layer(PendingLayer<A>),
    /// A mutation waits for the network, or no longer does.
    Paused {
        /// Which one.
        mutation: A::MutationId,
        /// Whether it waits.
        paused: bool,
    },
    /// A mutation was not accepted after all.
    Refused {
        /// Which one.
        mutation: A::MutationId,
        /// Why.
        failure: A::Failure,
    },
    /// A mutation has ended.
    Settled(Settlement<A>),
    /// It is not sent any more, since a later mutation took its place or somebody gave it up: its layer goes, and as far as the
    /// store goes it has ended well.
    Withdrawn(A::MutationId),
    /// Somebody decided on a failed mutation.
    ReviewClosed(A::MutationId),
    /// Entities have changed on the server.
    Changed(Vec<Snapshot<A>>),
    /// Data for a query that this store did not ask for itself.
    Answer(A::Key, Answer<A>),
    /// Everything under a prefix may have changed.
    Invalidate(Vec<A::Segment>),
    /// The application gained or lost the focus.
    Focus(bool),
    /// The server can be reached, or cannot.
    Online(bool),
}

/// What became of a submitted mutation: its place among all accepted ones, or why it was refused.
pub type Acceptance<A> = (<A as App>::MutationId, Result<u64, <A as App>::Failure>);

/// Entries `from + 1 ..= to` of the feed.
#[derive(Clone, Debug)]
pub struct Batch<A: App> {
    /// Which run of the source.
    pub boot: A::Boot,
    /// The number before the first entry.
    pub from: u64,
    /// The number of the last entry.
    pub to: u64,
    /// The entries; `None` where they are announced only.
    pub entries: Option<Vec<Entry<A>>>,
}

/// The state of the feed's source at one number.
#[derive(Clone, Debug)]
pub struct Attached<A: App> {
    /// Which run of the source.
    pub boot: A::Boot,
    /// The number that the rest is at.
    pub seq: u64,
    /// All mutations that have not ended.
    pub pending: Vec<PendingLayer<A>>,
    /// All failed mutations that nobody decided on.
    pub reviews: Vec<Review<A>>,
    /// The greatest number that was given to a mutation so far: one of a smaller number that is not pending has ended.
    pub numbered: u64,
    /// Data that is there already.
    pub first: Vec<(A::Key, Answer<A>)>,
    /// Whether the server can be reached.
    pub online: bool,
}

/// One thing that is kept over a restart.
#[derive(Clone, Debug)]
pub struct Saved<A: App> {
    /// What it is.
    pub data: SavedData<A>,
    /// When it came, on the caller's clock: one that goes on over restarts, such as the time since 1970.
    pub updated_at: Duration,
}

/// What is kept.
#[derive(Clone, Debug)]
pub enum SavedData<A: App> {
    /// An entity as the server had it, `None` where there was none.
    Entity(A::Id, Option<Rc<A::Doc>>),
    /// A list, page by page.
    List(A::Key, Vec<SavedPage<A>>),
    /// A plain value.
    Value(A::Key, Rc<A::Value>),
}

/// One page of a list that is kept.
#[derive(Clone, Debug)]
pub struct SavedPage<A: App> {
    /// Which page it is; `None` is: the list's beginning.
    pub page: Option<A::Page>,
    /// Its rows, in order.
    pub rows: Vec<(A::Order, A::Id)>,
    /// The page before it.
    pub previous: Option<A::Page>,
    /// The page behind it.
    pub next: Option<A::Page>,
}

/// What an invalidation fetches again at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refetch {
    /// What is watched.
    #[default]
    Active,
    /// What is in the store unwatched.
    Inactive,
    /// Both.
    All,
    /// Nothing.
    Nothing,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input<A: App> {
    /// An observer began to watch a key, or watches it with other options.
    Mount {
        /// Who.
        observer: ObserverId,
        /// Which key.
        key: A::Key,
        /// How.
        options: Options,
    },
    /// An observer has gone.
    Unmount(ObserverId),
    /// Data that will be wanted soon: fetched if it is missing or stale, and nobody is notified.
    Prefetch(A::Key, Options),
    /// Data that has to be there: fetched if it is missing, however old it is.
    Ensure(A::Key, Options),
    /// A person asks for fresh data of these, stale or not; not of those whose observers are all disabled.
    Refetch(Filter<A>),
    /// A list is to go on: its next page is fetched and joins the rows. Without data this is a fetch from the beginning, without
    /// a next page it is nothing. A refetch that is under way gives way to it, and is made up for when the page is there.
    FetchNextPage(A::Key),
    /// The same at the list's beginning.
    FetchPreviousPage(A::Key),
    /// These are stale from now on, and fetched again as the second says.
    Invalidate(Filter<A>, Refetch),
    /// These are as if nothing had ever been fetched; what is watched is fetched again.
    Reset(Filter<A>),
    /// What a boundary showed of these may be tried again: where there is an error it is forgotten, and what is watched is
    /// fetched. TanStack's `QueryErrorResetBoundary`.
    ResetErrors(Filter<A>),
    /// These are forgotten; those that are watched keep their observers, and nothing is fetched.
    Remove(Filter<A>),
    /// Nobody waits any more for what these have in flight. Data and age stay as they are.
    Cancel(Filter<A>),
    /// The caller knows the data of a query by itself. A fetch that is in flight, and so older, does not undo it: it is
    /// made once more.
    Set(A::Key, Answer<A>),
    /// Data to begin with, as old as the second says; only where there is none.
    Initial(A::Key, Answer<A>, Duration),
    /// What an earlier run kept ([`Store::take_unsaved`](crate::Store::take_unsaved)): shown until something newer comes, and
    /// as stale as its age says. What is older than the second is ignored. Data of another version of the application is
    /// for the caller to leave out.
    Hydrate(Vec<Saved<A>>, Duration),
    /// The application gained or lost the focus, for callers without a feed.
    Focus(bool),
    /// The server can be reached, or cannot, for callers without a feed.
    Online(bool),
    /// A fetch has ended.
    Fetched(Ticket, Result<Answer<A>, A::Failure>),
    /// A person did something: it shows at once.
    Mutate(A::Mutation),
    /// A batch of submitted mutations was answered: accepted with a number each, or refused.
    Submitted(Vec<Acceptance<A>>),
    /// A mutation has ended, for callers without a feed. Answer [`Effect::Submit`](crate::Effect::Submit) first, with
    /// numbers that grow.
    Settled(Settlement<A>),
    /// An observer wants to know when the history of mutations changes, or no longer does.
    ObserveHistory(ObserverId, bool),
    /// The feed's source heard what [`Effect::Watch`](crate::Effect::Watch) said, or did not: then all is told anew, after a
    /// pause.
    Watched(bool),
    /// An observer wants to know when a fetch begins or ends, of whatever query, or no longer does.
    ObserveFetching(ObserverId, bool),
    /// An observer wants to know when anything about any query changes, or no longer does. While there is one, the store
    /// takes note of [events](crate::Store::events).
    ObserveQueries(ObserverId, bool),
    /// The feed's source told its state.
    Attached(Attached<A>),
    /// The feed goes on, by itself or as the answer to [`Effect::FeedSince`](crate::Effect::FeedSince).
    Feed(Batch<A>),
    /// The source no longer has what [`Effect::FeedSince`](crate::Effect::FeedSince) asked for.
    FeedLost,
    /// The question of [`Effect::FeedSince`](crate::Effect::FeedSince) or
    /// [`Effect::Attach`](crate::Effect::Attach) was not answered; it is asked again after a pause.
    FeedUnanswered,
    /// A person dismissed a mutation that was refused before it was accepted.
    Dismiss(A::MutationId),
    /// The row of this entity keeps its place in every list, since somebody edits it.
    Hold(A::Id),
    /// The row may move again.
    Release(A::Id),
    /// The window is shown or hidden; a hidden one is not notified.
    Visible(bool),
    /// What was collected goes out: one command for all keys, one for all mutations.
    Flush,
    /// A frame is about to be drawn: observers are notified.
    Frame,
    /// The time of [`Effect::Wake`](crate::Effect::Wake) has come.
    Wake,
}

impl<A: App> Input<A> {
    /// A person asks for fresh data of everything under a prefix.
    pub fn refetch(prefix: Vec<A::Segment>) -> Self {
        Self::Refetch(Filter::under(prefix))
    }

    /// Everything under a prefix is stale, and what is watched of it is fetched again.
    pub fn invalidate(prefix: Vec<A::Segment>) -> Self {
        Self::Invalidate(Filter::under(prefix), Refetch::Active)
    }
}
