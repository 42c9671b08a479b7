//! The greatest stamp seen: what a read is stamped with before it is sent.
//!
//! Not a wall clock. Where the server has no cluster time, a count of this host's takes its place.

use std::sync::atomic::{AtomicU64, Ordering};

use lockstep_model::Stamp;
use mongodb::ClientSession;

use super::Topology;

/// Gives out stamps, never a smaller one after a greater.
///
/// *Invariant:* whatever was changed at a stamp that was seen is in every read that is sent afterwards, since all of
/// them go to the primary.
#[derive(Debug)]
pub(super) struct Clock {
    topology: Topology,
    greatest: AtomicU64,
}

impl Clock {
    pub(super) fn new(topology: Topology) -> Self {
        Self { topology, greatest: AtomicU64::new(0) }
    }

    /// The greatest stamp seen so far.
    pub(super) fn seen(&self) -> Stamp {
        stamp(self.greatest.load(Ordering::SeqCst))
    }

    /// The stamp of a read that is about to be sent.
    pub(super) fn sent(&self) -> Stamp {
        match self.topology {
            Topology::Cluster => self.seen(),
            Topology::Standalone => self.count(),
        }
    }

    /// The stamp of a write, by its reply.
    pub(super) fn replied(&self, session: &ClientSession) -> Stamp {
        match (self.topology, session.operation_time()) {
            (Topology::Cluster, Some(at)) => {
                self.saw(at.into());
                at.into()
            }
            (Topology::Cluster, None) => self.sent(),
            (Topology::Standalone, _) => self.count(),
        }
    }

    /// A reply to a read, or a change event, named this time.
    pub(super) fn saw(&self, at: Stamp) {
        if self.topology == Topology::Cluster {
            self.greatest.fetch_max(number(at), Ordering::SeqCst);
        }
    }

    fn count(&self) -> Stamp {
        stamp(self.greatest.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

fn number(stamp: Stamp) -> u64 {
    let (seconds, increment) = stamp.parts();
    u64::from(seconds) << 32 | u64::from(increment)
}

fn stamp(number: u64) -> Stamp {
    Stamp::counted(number)
}
