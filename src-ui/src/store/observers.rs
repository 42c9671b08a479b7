//! Who is told when something that is shown has changed.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use lockstep_model::{MutationId, Namespace};
pub use lockstep_query::Counts;
use lockstep_query::ObserverId;

use crate::{browser, signal::Signal};

thread_local! {
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static OBSERVERS: RefCell<HashMap<ObserverId, Rc<dyn Fn()>>> = RefCell::default();
    static COUNTS: Signal<Counts> = Signal::default();
    static PENDING: Signal<Pending> = Signal::default();
    static UNSAVED: Signal<Unsaved> = Signal::default();
    static COUNTED_SOON: Cell<bool> = const { Cell::new(false) };
}

/// An observer's place in the list of those who are told; dropping it ends that.
pub struct Observation(ObserverId);

impl Observation {
    /// The name by which the store knows the observer.
    pub fn id(&self) -> ObserverId {
        self.0
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        OBSERVERS.with_borrow_mut(|observers| observers.remove(&self.0));
    }
}

/// A new observer, who is told by a call of `notify`.
pub fn observe(notify: impl Fn() + 'static) -> Observation {
    let id = ObserverId(NEXT.replace(NEXT.get() + 1));
    OBSERVERS.with_borrow_mut(|observers| observers.insert(id, Rc::new(notify)));
    Observation(id)
}

/// Tells these observers, as far as they are still there.
pub(super) fn notify(ids: &[ObserverId]) {
    for id in ids {
        // An observer may end itself or others while it is told.
        let observer = OBSERVERS.with_borrow(|observers| observers.get(id).cloned());
        if let Some(observer) = observer {
            observer();
        }
    }
}

/// How much is under way in this window.
pub fn counts() -> Signal<Counts> {
    COUNTS.with(Signal::clone)
}

/// How many edits of each collection have not ended.
pub type Pending = BTreeMap<Namespace, usize>;

/// How many edits of each collection have not ended, whichever window made them.
pub fn pending() -> Signal<Pending> {
    PENDING.with(Signal::clone)
}

/// Which mutations are not saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsaved {
    /// On its way, or waiting for the server, which it then says.
    pub pending: Vec<(MutationId, bool)>,
    /// Failed, and waiting for a person.
    pub reviews: Vec<MutationId>,
}

impl Unsaved {
    /// How many wait for the server.
    pub fn waiting(&self) -> usize {
        self.pending.iter().filter(|(_, waits)| *waits).count()
    }
}

/// Which mutations are not saved. Whoever lists them is told when they are others, also if they are as many as before.
pub fn unsaved() -> Signal<Unsaved> {
    UNSAVED.with(Signal::clone)
}

/// Counting costs as much as there are queries, so it is done once per frame.
pub(super) fn count_soon() {
    if !COUNTED_SOON.replace(true) {
        browser::before_next_frame(|| {
            COUNTED_SOON.set(false);
            let (counts, pending, unsaved) = super::tally();
            COUNTS.with(|signal| signal.set(counts));
            PENDING.with(|signal| signal.set(pending));
            UNSAVED.with(|signal| signal.set(unsaved));
        });
    }
}
