//! One entity: what the server said last of it, and what lies over it.
//!
//! Not where it stands in lists: each list knows that itself.

use std::{rc::Rc, time::Duration};

use crate::{App, layers::Position, view::same};

/// What the server said last.
#[derive(Debug)]
pub(crate) enum Base<D> {
    /// Nothing yet.
    Unknown,
    /// There is no such entity.
    Absent,
    /// This.
    Present(Rc<D>),
}

impl<D> Base<D> {
    pub fn doc(&self) -> Option<&Rc<D>> {
        match self {
            Self::Present(doc) => Some(doc),
            Self::Unknown | Self::Absent => None,
        }
    }

    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown)
    }
}

/// How the server came to say it, which decides between equal stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It was read when everything up to the stamp had happened, and perhaps more.
    Read,
    /// A write at just that time left it so.
    Write,
}

#[derive(Debug)]
pub(crate) struct Entity<A: App> {
    pub base: Base<A::Doc>,
    /// Of the base; the least of all while the base is unknown.
    pub stamp: A::Stamp,
    /// When the base came.
    pub updated_at: Option<Duration>,
    /// How many invalidations there had been by then.
    pub invalidations: u64,
    /// The layers that touch it, in order.
    pub layers: Vec<Position>,
    /// The failed mutations that touch it.
    pub reviews: Vec<A::MutationId>,
    /// Base with all layers applied.
    pub view: Option<Rc<A::Doc>>,
}

impl<A: App> Entity<A> {
    pub fn unknown() -> Self {
        Self {
            base: Base::Unknown,
            stamp: A::Stamp::default(),
            updated_at: None,
            invalidations: 0,
            layers: Vec::new(),
            reviews: Vec::new(),
            view: None,
        }
    }

    /// Whether there is anything to show: that there is no such entity is something, too. A layer over a base that
    /// nobody knows is not.
    pub fn is_known(&self) -> bool {
        self.base.is_known() || self.view.is_some()
    }

    /// Whether this is news. What a write left is none where the server was read at the same time or later.
    pub fn is_newer(&self, stamp: A::Stamp, origin: Origin) -> bool {
        !self.base.is_known() || stamp > self.stamp || stamp == self.stamp && origin == Origin::Read
    }

    /// Takes what the server said. Returns whether it is something else than before; the same content keeps its
    /// identity, so that nobody draws it again.
    pub fn take(&mut self, doc: Option<Rc<A::Doc>>, stamp: A::Stamp) -> bool {
        self.stamp = stamp;
        let base = match (doc, &self.base) {
            (None, Base::Absent) => return false,
            (Some(new), Base::Present(old)) if same(&new, old) => return false,
            (None, _) => Base::Absent,
            (Some(new), _) => Base::Present(new),
        };
        self.base = base;
        true
    }
}
