//! Which queries are meant: by key, by whether anybody watches, by age, by where their fetch stands.
//!
//! As TanStack Query's filters: <https://tanstack.com/query/v5/docs/framework/react/guides/filters>. What a filter costs
//! is what its prefix matches, not what the store holds.

use std::{fmt, rc::Rc};

use crate::{App, FetchStatus};

type Predicate<A> = Rc<dyn Fn(&<A as App>::Key) -> bool>;

/// Which queries. All that it names must hold.
pub struct Filter<A: App> {
    pub(crate) prefix: Vec<A::Segment>,
    /// Only the query whose segments are just the prefix.
    pub(crate) exact: bool,
    pub(crate) active: Option<bool>,
    pub(crate) stale: Option<bool>,
    pub(crate) fetch_status: Option<FetchStatus>,
    predicate: Option<Predicate<A>>,
}

impl<A: App> Filter<A> {
    /// Every query.
    pub fn all() -> Self {
        Self::under(Vec::new())
    }

    /// Queries whose keys begin with these segments; a partial segment stands for all that it
    /// [covers](App::covers).
    pub fn under(prefix: Vec<A::Segment>) -> Self {
        Self { prefix, exact: false, active: None, stale: None, fetch_status: None, predicate: None }
    }

    /// Just the query of that key.
    pub fn exact(key: &A::Key) -> Self {
        Self { exact: true, ..Self::under(A::segments(key)) }
    }

    /// Only those that an enabled observer watches, or only those that none does.
    #[must_use]
    pub fn active(self, active: bool) -> Self {
        Self { active: Some(active), ..self }
    }

    /// Only those whose data is stale to any of their observers, or only fresh ones. One that nobody watches is stale
    /// once it is invalidated or has no data.
    #[must_use]
    pub fn stale(self, stale: bool) -> Self {
        Self { stale: Some(stale), ..self }
    }

    /// Only those whose fetch stands so.
    #[must_use]
    pub fn fetch_status(self, fetch_status: FetchStatus) -> Self {
        Self { fetch_status: Some(fetch_status), ..self }
    }

    /// Only those of whose key this is true. The last that is asked.
    #[must_use]
    pub fn predicate(self, predicate: impl Fn(&A::Key) -> bool + 'static) -> Self {
        Self { predicate: Some(Rc::new(predicate)), ..self }
    }

    /// Whether a key's segments are those that the filter names first, or just those.
    pub(crate) fn takes_segments(&self, segments: &[A::Segment]) -> bool {
        if self.exact {
            return self.prefix == segments;
        }
        let takes = |(named, whole): (&A::Segment, &A::Segment)| match A::is_partial(named) {
            true => A::covers(named, whole),
            false => named == whole,
        };
        self.prefix.len() <= segments.len() && self.prefix.iter().zip(segments).all(takes)
    }

    pub(crate) fn takes_key(&self, key: &A::Key) -> bool {
        self.predicate.as_ref().is_none_or(|predicate| predicate(key))
    }

    /// Whether it is a prefix of whole segments and nothing more: then what comes later falls under it as well.
    pub(crate) fn is_plain_prefix(&self) -> bool {
        let Self { prefix, exact, active, stale, fetch_status, predicate } = self;
        !exact
            && (active, stale, fetch_status) == (&None, &None, &None)
            && predicate.is_none()
            && !prefix.iter().any(A::is_partial)
    }
}

impl<A: App> Clone for Filter<A> {
    fn clone(&self) -> Self {
        Self { prefix: self.prefix.clone(), predicate: self.predicate.clone(), ..*self }
    }
}

impl<A: App> fmt::Debug for Filter<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("prefix", &self.prefix)
            .field("exact", &self.exact)
            .field("active", &self.active)
            .field("stale", &self.stale)
            .field("fetch_status", &self.fetch_status)
            .field("predicate", &self.predicate.is_some())
            .finish()
    }
}

impl<A: App> From<Vec<A::Segment>> for Filter<A> {
    fn from(prefix: Vec<A::Segment>) -> Self {
        Self::under(prefix)
    }
}
