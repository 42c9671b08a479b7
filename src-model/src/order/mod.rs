//! MongoDB's comparison order, and the sort of a list by it.
//!
//! The rules are those of the manual's "Comparison/Sort Order", under the simple collation (strings by their bytes).
//! Not what tells two values apart when something is written: that is [`Value`](crate::Value), by exact bytes.

mod number;
mod sort_key;
mod value;

pub use sort_key::{SortKey, sort_key};
pub use value::{compare, compare_documents};
pub(crate) use value::{is_nan, same_bracket};
