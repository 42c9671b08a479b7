//! The cache on disk: the last answers of a server, so that a window shows what it showed last before the database
//! answers.
//!
//! All of it may be lost at any time: a file that is damaged, or that another version wrote, is thrown away, and a disk
//! that refuses costs nothing but the cache. It never holds what is nowhere else.

mod file;
mod keeper;

pub use keeper::Cache;
