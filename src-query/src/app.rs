//! What an application tells the store about itself: its types, and the pure functions that decide.
//!
//! Not how its data travels: that is between the caller and its server.

use std::{fmt::Debug, hash::Hash, rc::Rc, time::Duration};

use crate::StaleTime;

/// An application of the store: a marker type that carries its types and decisions.
pub trait App: Sized + Clone + Debug + 'static {
    /// Names a query; hierarchical by its [`segments`](App::segments).
    type Key: Clone + Eq + Hash + Debug;
    /// One part of a key.
    type Segment: Ord + Clone + Debug;
    /// Names an entity.
    type Id: Clone + Ord + Hash + Debug;
    /// An entity's content.
    type Doc: Clone + PartialEq + Debug;
    /// The data of a query that is neither an entity nor a list of them.
    type Value: Clone + PartialEq + Debug;
    /// An entity's place in a list; lists are sorted by it. It tells apart any two entities of one list.
    type Order: Ord + Clone + Debug;
    /// Where a page of a list begins, as a fetch has to say it: a cursor, a number. TanStack's page parameter. `()` where all
    /// lists are read as a whole.
    type Page: Clone + PartialEq + Debug;
    /// A serialisable intent to change entities.
    type Mutation: Clone + Debug;
    /// Names a mutation.
    type MutationId: Ord + Clone + Hash + Debug;
    /// Why a fetch or a mutation failed.
    type Failure: Clone + PartialEq + Debug;
    /// Time of the server state; the default is older than all others.
    type Stamp: Copy + Ord + Default + Debug;
    /// Which run of the feed's source numbers the feed.
    type Boot: Copy + Eq + Debug;

    /// Whether mutations are submitted also while the server cannot be reached: somebody on this side keeps them.
    const SUBMITS_OFFLINE: bool = true;
    /// Whether the feed's source fetches by itself what is watched at an interval, once for all windows. Otherwise each store
    /// does.
    const SOURCE_POLLS: bool = false;

    /// The key's parts, the most general first. Keys with a common prefix are invalidated together.
    fn segments(key: &Self::Key) -> Vec<Self::Segment>;
    /// Whether a filter's segment may stand for others than itself, which [`covers`](App::covers) then tells.
    fn is_partial(_segment: &Self::Segment) -> bool {
        false
    }
    /// Whether a filter's partial segment stands for a key's.
    fn covers(partial: &Self::Segment, whole: &Self::Segment) -> bool {
        partial == whole
    }
    /// For [`StaleTime::ByKey`]: how long data of this key counts as fresh.
    fn stale_time(_key: &Self::Key) -> StaleTime {
        StaleTime::After(Duration::ZERO)
    }
    /// For [`ErrorBoundary::ByFailure`](crate::ErrorBoundary::ByFailure): whether the failure is for the nearest boundary
    /// to show.
    fn is_for_boundary(_key: &Self::Key, _failure: &Self::Failure, has_data: bool) -> bool {
        !has_data
    }
    /// What a query holds.
    fn kind(key: &Self::Key) -> Kind<Self::Id>;
    /// The key whose query holds just this entity.
    fn entity_key(id: &Self::Id) -> Self::Key;
    /// The prefix under which all lists stand that could hold this entity.
    fn lists(id: &Self::Id) -> Vec<Self::Segment>;
    /// Whether and where a list has this entity: filter and sort plug in here.
    fn place(list: &Self::Key, id: &Self::Id, doc: &Self::Doc) -> Place<Self::Order>;
    /// The mutation's name.
    fn mutation_id(mutation: &Self::Mutation) -> Self::MutationId;
    /// The entities that it changes.
    fn touches(mutation: &Self::Mutation) -> impl Iterator<Item = &Self::Id>;
    /// The entity after the mutation; `None` is: there is none. A mutation that does not fit leaves it as it is.
    fn reduce(id: &Self::Id, doc: Option<&Rc<Self::Doc>>, mutation: &Self::Mutation)
    -> Option<Rc<Self::Doc>>;
    /// Mutations of the same scope go out one after the other: each once the one before it has ended.
    fn scope(_mutation: &Self::Mutation) -> Option<u64> {
        None
    }
    /// How long to wait before a mutation that was refused is submitted again; `None` is: it has failed. `failures` counts
    /// from 1.
    fn retry_mutation_after(_failure: &Self::Failure, _failures: u32) -> Option<Duration> {
        None
    }
    /// How long to wait before a failed fetch is tried again; `None` gives up. `failures` counts from 1.
    fn retry_after(failure: &Self::Failure, failures: u32) -> Option<Duration>;
}

/// What a query holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<Id> {
    /// One entity.
    Entity(Id),
    /// Entities in order.
    List,
    /// A plain value, such as a count. Layers do not touch it.
    Value,
}

/// An entity's relation to a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place<Order> {
    /// It belongs there.
    In(Order),
    /// It does not belong there.
    Out,
    /// Only the server can tell: the list is fetched again, and the row stays where it is until then.
    CannotTell,
}
