//! What is newer: the host's own count, and the database's time where it has one.
//!
//! Not a wall clock.

use std::sync::atomic::{AtomicU64, Ordering};

use lockstep_model::{ClusterTime, Stamp};
use mongodb::ClientSession;

/// Of this process, since a host may open one database after another: its windows compare what they got from both.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The next stamp: of a read that is about to be sent, or of a write whose reply has just come.
pub(super) fn next_stamp() -> Stamp {
    Stamp::counted(COUNT.fetch_add(1, Ordering::SeqCst) + 1)
}

/// Knows the greatest time that its database has named.
#[derive(Debug, Default)]
pub(super) struct Clock(AtomicU64);

impl Clock {
    /// The greatest time heard of so far; zero where the database has none.
    pub(super) fn seen(&self) -> ClusterTime {
        let seen = self.0.load(Ordering::SeqCst);
        ClusterTime::new((seen >> 32) as u32, seen as u32)
    }

    /// A reply, or a change event, named this time.
    pub(super) fn saw(&self, at: ClusterTime) {
        let (seconds, increment) = at.parts();
        self.0.fetch_max(u64::from(seconds) << 32 | u64::from(increment), Ordering::SeqCst);
    }

    /// The time that the last reply in that session named.
    pub(super) fn replied(&self, session: &ClientSession) -> ClusterTime {
        let at = session.operation_time().map(ClusterTime::from).unwrap_or_default();
        self.saw(at);
        at
    }
}
