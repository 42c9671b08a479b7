//! What can happen to a store.
//!
//! Not what it makes of it; each input is data, so that a simulation can keep, delay and repeat it.

use std::{rc::Rc, time::Duration};

use crate::App;

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
    /// Stale data is fetched again when the application gets the focus.
    pub refetch_on_focus: bool,
}

impl Default for Options {
    /// TanStack's defaults, but for the stale time: what changes is fed, so data is fresh for 30 s.
    fn default() -> Self {
        Self {
            stale_time: StaleTime::After(Duration::from_secs(30)),
            gc_time: Duration::from_secs(5 * 60),
            enabled: true,
            refetch_on_focus: true,
        }
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
    /// For a list.
    List {
        /// All rows, in order.
        rows: Vec<(A::Order, A::Id)>,
        /// The content of some of them.
        docs: Vec<Snapshot<A>>,
        /// When the list was read.
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
    /// A person asks for fresh data of everything under a prefix, stale or not.
    Refetch(Vec<A::Segment>),
    /// Everything under a prefix is stale; what is watched is fetched again.
    Invalidate(Vec<A::Segment>),
    /// A fetch has ended.
    Fetched(Ticket, Result<Answer<A>, A::Failure>),
    /// A person did something: it shows at once.
    Mutate(A::Mutation),
    /// A batch of submitted mutations was answered: accepted with a number each, or refused.
    Submitted(Vec<Acceptance<A>>),
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
