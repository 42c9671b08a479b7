//! Figures of a collection may be others once anything of it has changed; whether they are, only the server knows. Those that
//! windows show are read again, once for all of them: at once, then at most once a second, the last change included.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lockstep_model::Namespace;

use super::{
    Due, Host,
    reading::{Whom, of_key},
};

/// Counting may cost the server as much as reading the whole collection.
const FRESHEN_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Freshening {
    /// Collections of which something has changed just now.
    changed: BTreeSet<Namespace>,
    /// Collections whose figures were read a moment ago.
    freshened: BTreeMap<Namespace, Freshened>,
}

#[derive(Debug)]
struct Freshened {
    /// More has changed since.
    more: bool,
}

impl Freshening {
    /// Something of a collection, or of all, has changed.
    pub fn changed(&mut self, namespace: Option<&Namespace>) {
        // Of all is told to the windows, which read everything again.
        self.changed.extend(namespace.cloned());
    }
}

impl Host {
    /// Reads the figures of what has changed just now, or takes note that they are to be read.
    pub(super) fn freshen_figures(&mut self) {
        for namespace in std::mem::take(&mut self.freshening.changed) {
            match self.freshening.freshened.get_mut(&namespace) {
                Some(freshened) => freshened.more = true,
                None => self.freshen(namespace),
            }
        }
    }

    /// The time is over in which the figures of that collection were not read again.
    pub(super) fn freshen_again(&mut self, namespace: Namespace) {
        if self.freshening.freshened.remove(&namespace).is_some_and(|freshened| freshened.more) {
            self.freshen(namespace);
        }
    }

    fn freshen(&mut self, namespace: Namespace) {
        // What is being read may not see the change.
        self.reads.join_no_figures(Some(&namespace));
        // A server that does not answer is not asked; when it does, windows ask for everything.
        if self.connection.is_reachable() {
            for key in self.hub.watched_figures(&namespace) {
                of_key(key).map(|read| self.begin_read(read, Whom::Watching));
            }
        }
        self.at(self.now + FRESHEN_EVERY, Due::Figures(namespace.clone()));
        self.freshening.freshened.insert(namespace, Freshened { more: false });
    }
}
