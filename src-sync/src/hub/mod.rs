//! The host's table of who watches what, and what each window is told.
//!
//! Pure: the shell brings what happened in, and carries the batches out.

mod outgoing;

use std::collections::{BTreeMap, HashMap};

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
    /// Windows that watch a key, but for the one that asked, if one did.
    Watching(&'a Key, Option<&'a str>),
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
    watched: HashMap<Key, u32>,
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

    /// A window begins, or begins again: it watches nothing yet. Returns the number that its feed goes on from; what
    /// the caller tells it beside that has to be everything up to now.
    pub fn attach(&mut self, label: &str) -> u64 {
        let window = self.windows.entry(label.to_owned()).or_default();
        window.watched.clear();
        window.outgoing.begin()
    }

    /// A window has gone.
    pub fn close(&mut self, label: &str) {
        self.windows.remove(label);
    }

    /// A window watches other keys. One that has not attached is ignored: it will tell everything when it does.
    pub fn watch(&mut self, label: &str, watching: Watching) {
        let Some(window) = self.windows.get_mut(label) else { return };
        for key in watching.added {
            *window.watched.entry(key).or_default() += 1;
        }
        for key in watching.removed {
            if let Some(count) = window.watched.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    window.watched.remove(&key);
                }
            }
        }
    }

    /// All keys that any window watches.
    pub fn watched(&self) -> impl Iterator<Item = &Key> {
        self.windows.values().flat_map(|window| window.watched.keys())
    }

    /// Whether any window watches anything of a collection.
    pub fn watches(&self, namespace: &Namespace) -> bool {
        self.windows.values().any(|window| window.watches_collection(namespace))
    }

    /// Adds an entry to the feed of all whom it concerns.
    pub fn publish(&mut self, audience: Audience<'_>, entry: &FeedEntry) {
        for (label, window) in &mut self.windows {
            let concerned = match audience {
                Audience::All => true,
                Audience::Collection(namespace) => window.watches_collection(namespace),
                Audience::Watching(key, but) => Some(&**label) != but && window.watched.contains_key(key),
            };
            if concerned {
                window.outgoing.push(entry.clone());
            }
        }
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
    pub fn since(&mut self, label: &str, boot: Boot, seq: u64) -> Missed {
        match self.windows.get_mut(label) {
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
