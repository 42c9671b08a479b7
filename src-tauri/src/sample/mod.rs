//! The sample workspace: offers, customers and activities for the first start, and the oddities that tests are made on.
//!
//! What makes it writes into a server that is given to it, once, and reads nothing back.
//!
//! | module | idea |
//! | --- | --- |
//! | `tier` | how large it is |
//! | `seed` | once, whole, and never over a person's edits |
//! | `generate` | a document from its number |
//! | `words` | what the documents say |
//! | `oddities` | the ugly collection |
//! | [`colleague`] | somebody who edits it |
//! | `random` | chance that is the same everywhere |

pub mod colleague;
mod generate;
mod oddities;
mod random;
mod seed;
mod tier;
mod words;

pub use lockstep_model::offers::DATABASE;
pub use oddities::NAME as ODDITIES;
pub use seed::{Rest, SeedError, begin, seed};
pub use tier::Tier;
