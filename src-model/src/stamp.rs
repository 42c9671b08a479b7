//! What is older and what is newer: for a host, and for a database.
//!
//! The two are not the same. A database names a time in each reply, and a change of an earlier time may still be missing
//! from what is read after that, since changes become visible as they are committed, not in the order of their times
//! (seen with secantusd-rs: beside three writers one of ten documents was read so; MongoDB's oplog has such holes as well). So nothing
//! is ordered by that time but what the database itself has put in order.

use serde::{Deserialize, Serialize};

/// By which a host tells an older result from a newer one: its own count. A read has the number of its sending, a write
/// that of its reply, so whatever was read after something was heard of is newer than all that was on its way then.
/// Another run of the host counts anew. Restored data has [`Stamp::ZERO`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp(u64);

impl Stamp {
    /// Older than anything that a database said.
    pub const ZERO: Self = Self(0);

    /// From a host's counter.
    pub fn counted(count: u64) -> Self {
        Self(count)
    }

    /// The next greater one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The count.
    pub fn count(self) -> u64 {
        self.0
    }
}

/// A time of a replica set or a sharded cluster: that of a change, and the greatest that a host has heard of. A standalone
/// server has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClusterTime(u64);

impl ClusterTime {
    /// Before all others.
    pub const ZERO: Self = Self(0);

    /// From a BSON timestamp's seconds and increment.
    pub fn new(seconds: u32, increment: u32) -> Self {
        Self(u64::from(seconds) << 32 | u64::from(increment))
    }

    /// Seconds and increment, as [`new`](Self::new) takes them.
    pub fn parts(self) -> (u32, u32) {
        ((self.0 >> 32) as u32, self.0 as u32)
    }

    /// The next greater one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// So many seconds before.
    #[must_use]
    pub fn back(self, seconds: u32) -> Self {
        let (time, increment) = self.parts();
        Self::new(time.saturating_sub(seconds), increment)
    }
}

impl From<bson::Timestamp> for ClusterTime {
    fn from(at: bson::Timestamp) -> Self {
        Self::new(at.time, at.increment)
    }
}

impl From<ClusterTime> for bson::Timestamp {
    fn from(at: ClusterTime) -> Self {
        let (time, increment) = at.parts();
        Self { time, increment }
    }
}

/// As a signed number, since BSON has no other of 64 bits.
macro_rules! as_signed {
    ($($type:ident),*) => {
        $(
            impl Serialize for $type {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    self.0.cast_signed().serialize(serializer)
                }
            }

            impl<'de> Deserialize<'de> for $type {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    i64::deserialize(deserializer).map(|number| Self(number.cast_unsigned()))
                }
            }
        )*
    };
}
as_signed!(Stamp, ClusterTime);
