//! Database time, by which an older result is told from a newer one.

use serde::{Deserialize, Serialize};

/// Of a write that changed something: the reply's `operationTime`; of a change event: its `clusterTime`; of a read: the
/// greatest stamp that the host had seen before it sent the read. Restored data has [`Stamp::ZERO`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp(u64);

impl Stamp {
    /// Older than anything that a database said.
    pub const ZERO: Self = Self(0);

    /// From a BSON timestamp's seconds and increment.
    pub fn new(seconds: u32, increment: u32) -> Self {
        Self(u64::from(seconds) << 32 | u64::from(increment))
    }

    /// From a host's own counter, for a standalone server, which has no cluster time.
    pub fn counted(count: u64) -> Self {
        Self(count)
    }

    /// Seconds and increment, as [`new`](Self::new) takes them.
    pub fn parts(self) -> (u32, u32) {
        ((self.0 >> 32) as u32, self.0 as u32)
    }

    /// The next greater stamp.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl From<bson::Timestamp> for Stamp {
    fn from(at: bson::Timestamp) -> Self {
        Self::new(at.time, at.increment)
    }
}

/// As a signed number, since BSON has no other of 64 bits.
impl Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.cast_signed().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(|number| Self(number.cast_unsigned()))
    }
}
