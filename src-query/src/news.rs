//! Something as a whole that observers may want to hear of, once a frame: the history of mutations, what is under way,
//! the queries.
//!
//! Not what it is: they read it themselves when they are notified.

use std::collections::BTreeSet;

use crate::ObserverId;

#[derive(Debug, Default)]
pub(crate) struct News {
    observers: BTreeSet<ObserverId>,
    changed: bool,
}

impl News {
    /// An observer comes, or goes.
    pub fn observe(&mut self, observer: ObserverId, mounted: bool) {
        if mounted {
            self.observers.insert(observer);
        } else {
            self.observers.remove(&observer);
        }
    }

    pub fn is_observed(&self) -> bool {
        !self.observers.is_empty()
    }

    /// It changed.
    pub fn note(&mut self) {
        self.changed = true;
    }

    /// Whether somebody is to be told.
    pub fn is_due(&self) -> bool {
        self.changed && self.is_observed()
    }

    /// Who is to be told now.
    pub fn take(&mut self) -> impl Iterator<Item = ObserverId> {
        let told = std::mem::take(&mut self.changed).then_some(&self.observers);
        told.into_iter().flatten().copied()
    }
}
