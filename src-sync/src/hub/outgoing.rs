//! One window's feed: numbered, kept until it is acknowledged, and bounded.

use std::collections::VecDeque;

use lockstep_model::contract::{Boot, FEED_INLINE_BYTES, FeedBatch, FeedEntry, Missed, encode};

/// A window that has not acknowledged more than this is told to begin again.
const UNACKNOWLEDGED_MOST_BYTES: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// Entries that the window has not acknowledged, each with its size.
    kept: VecDeque<(FeedEntry, usize)>,
    kept_bytes: usize,
    /// The number of the last entry.
    last: u64,
    /// The number of the last entry that was announced.
    announced: u64,
    /// Entries were thrown away: only a new attach helps.
    overflowed: bool,
    /// What was announced is announced once more, since nobody acknowledged it.
    reminds: bool,
}

impl Outgoing {
    /// Forgets everything; returns the number from which the feed goes on.
    pub fn begin(&mut self) -> u64 {
        self.kept.clear();
        self.kept_bytes = 0;
        self.overflowed = false;
        self.reminds = false;
        self.announced = self.last;
        self.last
    }

    pub fn push(&mut self, entry: FeedEntry) {
        self.last += 1;
        if self.overflowed {
            return;
        }
        // an entry that cannot be encoded is too large for any message
        let bytes = encode(&entry).map_or(usize::MAX / 2, |bytes| bytes.len());
        self.kept_bytes += bytes;
        self.kept.push_back((entry, bytes));
        // one large entry alone is no reason to give up
        if self.kept_bytes > UNACKNOWLEDGED_MOST_BYTES && self.kept.len() > 1 {
            self.kept.clear();
            self.kept_bytes = 0;
            self.overflowed = true;
        }
    }

    /// The number of the entry before the first that is kept.
    fn base(&self) -> u64 {
        self.last - self.kept.len() as u64
    }

    /// What was pushed since the last call; without the entries where they are too many bytes for an event.
    pub fn drain(&mut self, boot: Boot) -> Option<FeedBatch> {
        if !self.has_news() {
            return None;
        }
        // what was asked for meanwhile, and is acknowledged, is not told again
        let from = if self.overflowed { self.announced } else { self.announced.max(self.base()) };
        let to = self.last;
        self.announced = to;
        if std::mem::take(&mut self.reminds) {
            // an overflow may have left nothing that could be missing by its number
            let from = if self.overflowed { 0 } else { self.base() };
            return (from < to).then_some(FeedBatch { boot, from, to, entries: None });
        }
        if from == to {
            return None;
        }
        let entries = (!self.overflowed)
            .then(|| self.after(from))
            .filter(|entries| entries.clone().map(|(_, bytes)| bytes).sum::<usize>() <= FEED_INLINE_BYTES);
        let entries = entries.map(|entries| entries.map(|(entry, _)| entry.clone()).collect());
        Some(FeedBatch { boot, from, to, entries })
    }

    /// Whether anything was pushed since the last [`drain`](Self::drain).
    pub fn has_news(&self) -> bool {
        self.announced != self.last || self.reminds
    }

    /// The window has not acknowledged what was announced, though it had time to: the announcement may have got lost.
    pub fn remind(&mut self) {
        self.reminds = self.overflowed || self.base() < self.announced;
    }

    /// Whether the window has acknowledged everything.
    pub fn is_acknowledged(&self) -> bool {
        !self.overflowed && self.kept.is_empty()
    }

    fn after(&self, seq: u64) -> impl Iterator<Item = &(FeedEntry, usize)> + Clone {
        let known = usize::try_from(seq.saturating_sub(self.base())).unwrap_or(usize::MAX);
        self.kept.iter().skip(known)
    }

    /// What was pushed after a number. It does not count as announced: whoever asked may be gone.
    pub fn since(&self, boot: Boot, seq: u64) -> Missed {
        if self.overflowed || seq < self.base() || seq > self.last {
            return Missed::Resync;
        }
        let entries = self.after(seq).map(|(entry, _)| entry.clone()).collect();
        Missed::Batch(FeedBatch { boot, from: seq, to: self.last, entries: Some(entries) })
    }

    pub fn acknowledge(&mut self, seq: u64) {
        while self.base() < seq.min(self.last) {
            match self.kept.pop_front() {
                Some((_, bytes)) => self.kept_bytes -= bytes,
                None => return,
            }
        }
    }
}
