//! One edit of one field: what the editor showed when it opened, what the text means, and what is kept of it.
//!
//! Nothing is drawn here, and nothing is sent.

mod assignment;
mod draft;
mod editing;
mod target;

pub use assignment::{Assignment, assign};
pub use draft::Draft;
pub use editing::{Editing, Form, NotEditable, Seed};
pub use target::{assignment, target};
