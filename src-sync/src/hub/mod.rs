//! The host's table of who watches what, and what each window is told.
//!
//! Pure: the shell brings what happened in, and carries the batches out.

mod outgoing;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lockstep_model::{
    Key, Namespace,
    contract::{Boot, FeedBatch, FeedEntry, Missed, Watching},
};

use outgoing::Outgoing;

/// A window's label, as Tauri knows it.
pub type Label = String;

/// Whom an entry concerns.
#[derive(Clone, Copy, Debug)]
pub enum Audience<'a> {
    /// Every window.
    All,
    /// Windows that watch anything of a collection.
    Collection(&'a Namespace),
    /// Windows that watch a key, but for those that asked for it.
    Watching(&'a Key, &'a [&'a str]),
}

/// All windows that have attached.
#[derive(Debug)]
pub struct Hub {
    boot: Boot,
    windows: BTreeMap<Label, Window>,
}

#[derive(Debug, Default)]
struct Window {
    outgoing: Outgoing,
    /// The page that attached last.
    page: u32,
    /// What it watches, each at which interval it wants it.
    watched: BTreeMap<Key, Option<Duration>>,
}

impl Window {
    fn watches_collection(&self, namespace: &Namespace) -> bool {
        self.watched.keys().any(|key| key.namespace() == Some(namespace))
    }
}

impl Hub {
    /// A hub without windows.
    pub fn new(boot: Boot) -> Self {
        Self { boot, windows: BTreeMap::new() }
    }

    /// Which run of the host this is.
    pub fn boot(&self) -> Boot {
        self.boot
    }

    /// A page of a window begins, or begins again: it watches nothing yet. Returns the number that its feed goes on from;
    /// what the caller tells it beside that has to be everything up to now.
    ///
    /// # Errors
    /// The number of the page that has begun, if that is a later one: what was asked by a page that is gone since may
    /// arrive late.
    pub fn attach(&mut self, label: &str, page: u32) -> Result<u64, u32> {
        let window = self.windows.entry(label.to_owned()).or_default();
        if page < window.page {
            return Err(window.page);
        }
        window.watched.clear();
        window.page = page;
        Ok(window.outgoing.begin())
    }

    /// A window has gone.
    pub fn close(&mut self, label: &str) {
        self.windows.remove(label);
    }

    /// A window watches other keys, or some at other intervals. One that has not attached is ignored, as is what a page
    /// said before it was loaded again: it tells everything when it attaches.
    pub fn watch(&mut self, label: &str, watching: Watching) {
        let Some(window) = self.windows.get_mut(label).filter(|window| window.page == watching.page) else {
            return;
        };
        for key in &watching.removed {
            window.watched.remove(key);
        }
        window.watched.extend(watching.added);
    }

    /// All keys that any window watches; one that several watch comes several times.
    pub fn watched(&self) -> impl Iterator<Item = &Key> {
        self.windows.values().flat_map(|window| window.watched.keys())
    }

    /// Whether any window watches a key.
    pub fn is_watched(&self, key: &Key) -> bool {
        self.windows.values().any(|window| window.watched.contains_key(key))
    }

    /// The shortest interval at which any window wants a key.
    pub fn interval(&self, key: &Key) -> Option<Duration> {
        self.windows.values().filter_map(|window| *window.watched.get(key)?).min()
    }

    /// Whether any window watches anything of a collection.
    pub fn watches(&self, namespace: &Namespace) -> bool {
        self.windows.values().any(|window| window.watches_collection(namespace))
    }

    /// The figures of a collection that any window watches.
    pub fn watched_figures(&self, namespace: &Namespace) -> BTreeSet<Key> {
        let is_its = |key: &&Key| matches!(key, Key::Figures(of, _) if of == namespace);
        self.watched().filter(is_its).cloned().collect()
    }

    /// Adds an entry to the feed of all whom it concerns.
    pub fn publish(&mut self, audience: Audience<'_>, entry: &FeedEntry) {
        self.publish_with(audience, || entry.clone());
    }

    /// The same, for an entry that is made only if it concerns anybody.
    pub fn publish_with(&mut self, audience: Audience<'_>, entry: impl Fn() -> FeedEntry) {
        for (label, window) in &mut self.windows {
            let concerned = match audience {
                Audience::All => true,
                Audience::Collection(namespace) => window.watches_collection(namespace),
                Audience::Watching(key, but) => !but.contains(&&**label) && window.watched.contains_key(key),
            };
            if concerned {
                window.outgoing.push(entry());
            }
        }
    }

    /// Whether anything was published since the last [`drain`](Self::drain).
    pub fn has_news(&self) -> bool {
        self.windows.values().any(|window| window.outgoing.has_news())
    }

    /// Windows that have not acknowledged what was announced to them hear of it once more: an announcement may have got lost,
    /// and nothing may come after it by which the window would notice.
    pub fn remind(&mut self) {
        self.windows.values_mut().for_each(|window| window.outgoing.remind());
    }

    /// Whether all windows have acknowledged everything.
    pub fn is_acknowledged(&self) -> bool {
        self.windows.values().all(|window| window.outgoing.is_acknowledged())
    }

    /// What goes to each window now: all that was published since the last call, one batch a window.
    pub fn drain(&mut self) -> Vec<(Label, FeedBatch)> {
        let boot = self.boot;
        let batches = self
            .windows
            .iter_mut()
            .filter_map(|(label, window)| window.outgoing.drain(boot).map(|batch| (label.clone(), batch)));
        batches.collect()
    }

    /// What a window has missed since a number.
    pub fn since(&self, label: &str, boot: Boot, seq: u64) -> Missed {
        match self.windows.get(label) {
            Some(window) if boot == self.boot => window.outgoing.since(boot, seq),
            _ => Missed::Resync,
        }
    }

    /// A window has applied everything up to a number.
    pub fn acknowledge(&mut self, label: &str, boot: Boot, seq: u64) {
        if let Some(window) = self.windows.get_mut(label)
            && boot == self.boot
        {
            window.outgoing.acknowledge(seq);
        }
    }
}

#[cfg(test)]
mod tests;
