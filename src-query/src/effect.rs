//! What a store asks its caller for.
//!
//! Not how it is done: each says which [`Input`](crate::Input) answers it.

use std::{rc::Rc, time::Duration};

use crate::{App, ObserverId, Ticket};

/// One thing to fetch.
#[derive(Clone, Debug)]
pub struct Fetch<A: App> {
    /// What the answer has to name.
    pub ticket: Ticket,
    /// What is wanted.
    pub key: A::Key,
    /// Which page of a list; `None` is: from its beginning.
    pub page: Option<A::Page>,
}

/// How a mutation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<F> {
    /// The server has it.
    Saved,
    /// It failed, or a part of it did.
    Failed(F),
    /// Somebody gave it up before it was sent.
    Withdrawn,
    /// Saved or given up: it ended while nobody told this store.
    Untold,
}

/// Something to carry out.
#[derive(Debug)]
pub enum Effect<A: App> {
    /// Fetch these, and answer each with [`Input::Fetched`](crate::Input::Fetched).
    Fetch(Vec<Fetch<A>>),
    /// Nobody waits for these fetches any more. An answer that comes all the same is ignored.
    Cancel(Vec<Ticket>),
    /// Submit these mutations, in order, and answer all at once with
    /// [`Input::Submitted`](crate::Input::Submitted). No further ones are submitted until then.
    Submit(Vec<Rc<A::Mutation>>),
    /// A mutation that was not made in this store shows from now on: another window's, or one from before this one began.
    Joined {
        /// Which one.
        mutation: Rc<A::Mutation>,
        /// What was shown of each that it touches until then, in its order; `None` where nothing was.
        before: Vec<Option<Rc<A::Doc>>>,
    },
    /// A mutation of whatever window has ended.
    Ended {
        /// Which one.
        mutation: Rc<A::Mutation>,
        /// How.
        end: End<A::Failure>,
    },
    /// Tell the feed's source which keys are watched, and which no longer are, and answer with
    /// [`Input::Watched`](crate::Input::Watched). No further ones are told until then. A list stands for all entities
    /// that it could hold: their changes are to come, too.
    Watch {
        /// Those that are watched from now on, or at another interval than before: `None` is at none.
        added: Vec<(A::Key, Option<Duration>)>,
        /// Those that no longer are.
        removed: Vec<A::Key>,
    },
    /// Ask the feed's source for its state: [`Input::Attached`](crate::Input::Attached).
    Attach,
    /// Ask the feed's source for all entries after this number: [`Input::Feed`](crate::Input::Feed) or
    /// [`Input::FeedLost`](crate::Input::FeedLost).
    FeedSince(A::Boot, u64),
    /// Tell the feed's source that all entries up to this number are applied.
    Acknowledge(A::Boot, u64),
    /// Call [`Input::Flush`](crate::Input::Flush) once what runs now is done: in a microtask.
    RequestFlush,
    /// Call [`Input::Frame`](crate::Input::Frame) before the next frame is drawn.
    RequestFrame,
    /// Something that these observers show has changed: draw them.
    Notify(Vec<ObserverId>),
    /// Call [`Input::Wake`](crate::Input::Wake) at that time, instead of at any named before.
    Wake(Duration),
}
