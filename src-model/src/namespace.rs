//! Database and collection: the root of every query key.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A collection's full name. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Namespace {
    /// The database's name.
    pub database: Arc<str>,
    /// The collection's name; it may hold dots.
    pub collection: Arc<str>,
}

impl Namespace {
    /// The collection of that database.
    pub fn new(database: &str, collection: &str) -> Self {
        Self { database: database.into(), collection: collection.into() }
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.database, self.collection)
    }
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
