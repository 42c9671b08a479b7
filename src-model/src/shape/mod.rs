//! The shape of a collection: its columns, what its fields may hold, and how a person reads and types their values.
//!
//! It is read from the `$jsonSchema` of the collection's validator, or from a sample of documents, which then forbids
//! nothing. It refuses only what the database would refuse too; the database may refuse more.
//!
//! | module | idea |
//! | --- | --- |
//! | `types` | the BSON types and their names |
//! | `rule` | one thing that a schema asks of a value |
//! | `schema` | reads a `$jsonSchema` |
//! | `sample` | columns without a schema |
//! | `analysis` | what a sample of documents is, beside what the schema says |
//! | `check` | does a value fit |
//! | `text` | a value as text that can be typed, and back |
//! | `display` | a value as text that can be read |
//! | `calendar` | dates and times of day in UTC |

mod analysis;
pub mod calendar;
mod check;
mod display;
mod rule;
mod sample;
mod schema;
mod text;
mod types;

use std::sync::Arc;

pub use analysis::Analysis;
pub use check::{NOT_ALLOWED, REQUIRED};
pub use display::{display_text, visible};
pub use rule::{Bound, Rule};
pub use text::{edit_text, parse_text};
pub use types::Type;

use crate::{Path, Step, Value};

/// The fields of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// The known fields, in the order of the schema.
    pub fields: Vec<Field>,
    /// Whether no other field is allowed (`additionalProperties: false`).
    pub closed: bool,
}

/// One field, or the items of an array.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Its name; empty for the items of an array.
    pub name: Arc<str>,
    /// Whether it must be there.
    pub required: bool,
    /// What the schema says of it in words.
    pub description: Option<String>,
    /// What its value must be.
    pub rules: Vec<Rule>,
    /// Types that a sample had, where there is no schema. They forbid nothing.
    pub seen: Vec<Type>,
    /// Its own fields, where it is a document.
    pub inner: Option<Shape>,
    /// Its items, where it is an array.
    pub items: Option<Box<Field>>,
}

impl Shape {
    /// The top-level field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| *field.name == *name)
    }

    /// The field at a path, through documents and arrays.
    pub fn at(&self, path: &Path) -> Option<&Field> {
        let Step::Field(name) = path.head() else { return None };
        path.steps()[1..].iter().try_fold(self.field(name)?, |field, step| match step {
            Step::Field(name) => field.inner.as_ref()?.field(name),
            Step::Index(_) => field.items.as_deref(),
        })
    }
}

impl Field {
    /// The types that it may have by the schema, else those of the sample; none at all where nothing is known.
    pub fn types(&self) -> &[Type] {
        let ruled = self.rules.iter().find_map(|rule| match rule {
            Rule::Types(types) => Some(types.as_slice()),
            _ => None,
        });
        ruled.unwrap_or(&self.seen)
    }

    /// The values to choose from, where the schema has an `enum`.
    pub fn options(&self) -> Option<&[Value]> {
        self.rules.iter().find_map(|rule| match rule {
            Rule::Options(options) => Some(options.as_slice()),
            _ => None,
        })
    }
}
