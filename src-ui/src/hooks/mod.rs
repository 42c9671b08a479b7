//! What a component uses to read and to change shared data.
//!
//! Nothing here knows what is drawn; nothing in a component knows how data comes.

mod mutation;
mod query;

pub use mutation::{Mutations, is_made_here, use_mutation};
pub use query::{use_observer, use_query, use_selected};
