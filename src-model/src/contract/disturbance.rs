//! Trouble on purpose: what a person does to the way to the database, to see how the windows take it.

use serde::{Deserialize, Serialize};

/// What is done to every call of the database, for all windows; the default is nothing. It ends with the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disturbance {
    /// It is as if no server could be reached.
    pub offline: bool,
    /// The next write is rejected, and no other.
    pub fail_next_write: bool,
    /// How many milliseconds each call waits before it is sent.
    pub slow_ms: u16,
}

impl Disturbance {
    /// Whether there is nothing but what happens by itself.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}
