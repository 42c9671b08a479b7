//! What can be read from a store.
//!
//! Not how it is drawn; two views that are equal draw the same.

use std::{rc::Rc, time::Duration};

use crate::{App, Rows};

/// Whether there is data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There has never been any.
    Pending,
    /// There is none, and the last fetch failed.
    Error,
    /// There is.
    Success,
}

impl Status {
    pub(crate) fn of(has_data: bool, has_error: bool) -> Self {
        match (has_data, has_error) {
            (true, _) => Self::Success,
            (false, true) => Self::Error,
            (false, false) => Self::Pending,
        }
    }
}

/// Whether data is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchStatus {
    /// It is.
    Fetching,
    /// It will be, as soon as the server can be reached.
    Paused,
    /// It is not.
    Idle,
}

/// Which way a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what is behind its last page.
    Forward,
    /// To what is before its first page.
    Backward,
}

impl Direction {
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// A query's data, with all layers applied.
#[derive(Clone, Debug)]
pub enum Data<A: App> {
    /// One entity.
    Entity(EntityView<A>),
    /// The ids of a list, in order.
    List(Rows<A::Order, A::Id>),
    /// A plain value.
    Value(Rc<A::Value>),
}

/// An entity with all layers applied.
#[derive(Clone, Debug)]
pub struct EntityView<A: App> {
    /// Its content; `None` where there is none.
    pub doc: Option<Rc<A::Doc>>,
    /// What the server has, without layers.
    pub base: Option<Rc<A::Doc>>,
    /// The pending mutations on it, in order, each with whether it waits for the network.
    pub pending: Vec<(Rc<A::Mutation>, bool)>,
    /// The failed mutations on it that nobody decided on.
    pub failed: Vec<(Rc<A::Mutation>, A::Failure)>,
}

/// How far a mutation that was made here has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MutationStatus {
    /// It has not ended.
    Pending,
    /// The server has it.
    Success,
    /// It was refused.
    Error,
}

/// What became of a mutation that was made here.
#[derive(Clone, Debug)]
pub struct MutationState<A: App> {
    /// What it does.
    pub mutation: Rc<A::Mutation>,
    /// How far it has come.
    pub status: MutationStatus,
    /// When it was made, on the caller's clock.
    pub submitted_at: Duration,
    /// When it ended.
    pub settled_at: Option<Duration>,
    /// How often it could not be submitted.
    pub failure_count: u32,
    /// Why it was refused, or could not be submitted last.
    pub failure: Option<A::Failure>,
}

/// A query as its observers see it.
#[derive(Clone, Debug)]
pub struct QueryView<A: App> {
    /// Its data, however old.
    pub data: Option<Data<A>>,
    /// Whether there is data.
    pub status: Status,
    /// Whether data is on its way.
    pub fetch_status: FetchStatus,
    /// Why the last fetch failed for good, if it did.
    pub error: Option<A::Failure>,
    /// How often the fetch failed that goes on now, or that ended last.
    pub failure_count: u32,
    /// Why it did so last; there may be another try to come.
    pub failure_reason: Option<A::Failure>,
    /// Whether the data is older than its stale time, or invalidated.
    pub is_stale: bool,
    /// When the data came, on the caller's clock. Of a list with several pages: when all of them came.
    pub updated_at: Option<Duration>,
    /// Whether the data is shown in the place of what is not there yet
    /// ([`Placeholder`](crate::Placeholder)).
    pub is_placeholder: bool,
    /// Whether the error is for the nearest error boundary to show, as the observer's options say.
    pub is_for_boundary: bool,
    /// How many pages a list has; 0 where it is none.
    pub page_count: usize,
    /// Whether a list goes on behind its last page.
    pub has_next_page: bool,
    /// Whether a list goes on before its first page.
    pub has_previous_page: bool,
    /// In which direction the fetch reads on that is under way, or that failed last; `None` is: it reads the whole.
    pub direction: Option<Direction>,
}

impl<A: App> QueryView<A> {
    /// For the first time: there is no data yet, and it is on its way.
    pub fn is_loading(&self) -> bool {
        self.status == Status::Pending && self.is_fetching()
    }

    /// It is on its way.
    pub fn is_fetching(&self) -> bool {
        self.fetch_status == FetchStatus::Fetching
    }

    /// There is data, and newer is on its way.
    pub fn is_refetching(&self) -> bool {
        self.status != Status::Pending && self.is_fetching() && self.direction.is_none()
    }

    /// One page more is on its way, behind the last.
    pub fn is_fetching_next_page(&self) -> bool {
        self.is_fetching() && self.direction == Some(Direction::Forward)
    }

    /// One page more is on its way, before the first.
    pub fn is_fetching_previous_page(&self) -> bool {
        self.is_fetching() && self.direction == Some(Direction::Backward)
    }

    /// There has never been data, and the last try to have some failed for good.
    pub fn is_loading_error(&self) -> bool {
        self.data.is_none() && self.error.is_some()
    }

    /// There is data, and the last try to have newer failed for good.
    pub fn is_refetch_error(&self) -> bool {
        self.data.is_some() && self.error.is_some() && self.direction.is_none()
    }

    /// There is data, and the next page could not be had.
    pub fn is_fetch_next_page_error(&self) -> bool {
        self.error.is_some() && self.direction == Some(Direction::Forward)
    }

    /// There is data, and the previous page could not be had.
    pub fn is_fetch_previous_page_error(&self) -> bool {
        self.error.is_some() && self.direction == Some(Direction::Backward)
    }

    /// There was an answer, or a failure for good.
    pub fn is_fetched(&self) -> bool {
        self.updated_at.is_some() || self.error.is_some()
    }

    /// It waits for the network.
    pub fn is_paused(&self) -> bool {
        self.fetch_status == FetchStatus::Paused
    }
}

/// Pointers first, then content.
pub(crate) fn same<T: PartialEq>(a: &Rc<T>, b: &Rc<T>) -> bool {
    Rc::ptr_eq(a, b) || a == b
}

pub(crate) fn same_optional<T: PartialEq>(a: Option<&Rc<T>>, b: Option<&Rc<T>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}

impl<A: App> PartialEq for EntityView<A> {
    fn eq(&self, other: &Self) -> bool {
        same_optional(self.doc.as_ref(), other.doc.as_ref())
            && same_optional(self.base.as_ref(), other.base.as_ref())
            && self.pending.len() == other.pending.len()
            && self.pending.iter().zip(&other.pending).all(|(a, b)| Rc::ptr_eq(&a.0, &b.0) && a.1 == b.1)
            && self.failed.len() == other.failed.len()
            && self.failed.iter().zip(&other.failed).all(|(a, b)| Rc::ptr_eq(&a.0, &b.0) && a.1 == b.1)
    }
}

impl<A: App> PartialEq for Data<A> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Entity(a), Self::Entity(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Value(a), Self::Value(b)) => same(a, b),
            _ => false,
        }
    }
}

impl<A: App> PartialEq for QueryView<A> {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
            && self.status == other.status
            && self.fetch_status == other.fetch_status
            && self.error == other.error
            && self.failure_count == other.failure_count
            && self.failure_reason == other.failure_reason
            && self.is_stale == other.is_stale
            && self.updated_at == other.updated_at
            && self.is_placeholder == other.is_placeholder
            && self.is_for_boundary == other.is_for_boundary
            && self.page_count == other.page_count
            && self.has_next_page == other.has_next_page
            && self.has_previous_page == other.has_previous_page
            && self.direction == other.direction
    }
}
