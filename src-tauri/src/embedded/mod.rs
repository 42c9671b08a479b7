//! The embedded database: `secantusd-rs` as a child process of ours, for the first start and for one machine.
//!
//! Never linked (its licence is not ours), never reachable from another machine, never without a password. What is
//! kept in it is the workspace's business, not this module's.
//!
//! | module | idea |
//! | --- | --- |
//! | [`program`] | where the server's program is |
//! | [`supervisor`] | the process between us and the server, which ends it when we are gone |
//! | [`server`] | one run of the server, from start to end |
//! | [`running`] | servers of earlier starts, found by their storage, and ended |
//! | [`account`] | the one user, its password, its address |
//! | [`keeper`] | starts the server again when it ends or hangs |
//! | [`log`] | what the server prints, in a file |

pub mod account;
pub mod keeper;
pub mod log;
pub mod program;
pub mod running;
pub mod server;
pub mod supervisor;

pub use account::address_of_running;
pub use keeper::{Embedded, Pace, State};
pub use server::Launch;
pub use supervisor::supervise_if_asked;
