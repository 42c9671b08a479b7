//! Figures of a collection are stale once anything of it has changed; which ones, only the server knows. Windows are told
//! so at most once a second, at once and with the last change included.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lockstep_model::{Namespace, Segment, contract::FeedEntry};

use super::{Due, Host};
use crate::hub::Audience;

/// Each time all windows that show figures of the collection read them again.
const FRESHEN_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Freshening {
    /// Collections of which something has changed just now.
    changed: BTreeSet<Namespace>,
    /// Collections of which windows were told a moment ago.
    told: BTreeMap<Namespace, Told>,
}

#[derive(Debug)]
struct Told {
    /// Not again before.
    until: Duration,
    /// More has changed since.
    more: bool,
}

impl Freshening {
    /// Something of a collection has changed. What may be anything is [told](Host::figures_told) by itself.
    pub fn changed(&mut self, namespace: Option<&Namespace>) {
        self.changed.extend(namespace.cloned());
    }
}

impl Host {
    /// Tells of what has changed just now, or takes note that it is to be told.
    pub(super) fn freshen_figures(&mut self) {
        for namespace in std::mem::take(&mut self.freshening.changed) {
            match self.freshening.told.get_mut(&namespace) {
                Some(told) => told.more = true,
                None => self.tell_figures(namespace),
            }
        }
    }

    /// The time is over in which nothing was told of that collection.
    pub(super) fn freshen_again(&mut self, namespace: Namespace) {
        let now = self.now;
        let over = self.freshening.told.extract_if(.., |of, told| *of == namespace && told.until <= now);
        if over.collect::<Vec<_>>().iter().any(|(_, told)| told.more) {
            self.tell_figures(namespace);
        }
    }

    fn tell_figures(&mut self, namespace: Namespace) {
        self.figures_told(Some(&namespace));
        // What nobody shows is read when somebody does.
        if self.hub.watches_figures(&namespace) {
            let prefix = vec![Segment::Collection(namespace), Segment::figures()];
            self.hub.publish(Audience::All, &FeedEntry::Invalidate(prefix));
        }
    }

    /// Windows are being told that the figures of that collection, or of all, are stale.
    pub(super) fn figures_told(&mut self, namespace: Option<&Namespace>) {
        self.reads.join_no_figures(namespace);
        let Some(namespace) = namespace else { return };
        let until = self.now + FRESHEN_EVERY;
        self.freshening.changed.remove(namespace);
        self.freshening.told.insert(namespace.clone(), Told { until, more: false });
        self.at(until, Due::Figures(namespace.clone()));
    }
}
