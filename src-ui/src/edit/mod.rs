//! One edit of one field: what the editor showed when it opened, what the text means, and what is kept of it.
//!
//! Nothing is drawn here, and nothing is sent.

mod activity;
mod assignment;
pub mod calendar;
pub mod cells;
pub mod conditions;
mod draft;
mod editing;
pub mod many;
mod narrowing;
pub mod paste;
pub mod reference;
mod target;
mod undo;
pub mod whole;

pub use activity::{Activity, Entry};
pub use assignment::{Assignment, assign};
pub use draft::Draft;
pub use editing::{Editing, Form, NotEditable, Seed};
pub use narrowing::narrowed;
pub use target::{assignment, target};
pub use undo::Step;
