//! A document's Rust type and its `$jsonSchema`, written once: [`record!`] and [`choice!`] make both.
//!
//! The doc comment of a field is its `description` in the database, where the app shows it at the field.

use bson::{DateTime, Decimal128, Document, doc, oid::ObjectId};

/// A type that knows its JSON Schema.
pub trait Record {
    /// Whether a document may do without it.
    const OPTIONAL: bool = false;

    /// The schema of its values.
    fn schema() -> Document;

    /// Whether this value is left out of its document.
    fn is_absent(&self) -> bool {
        false
    }
}

macro_rules! scalars {
    ($($type:ty: $name:literal,)*) => {
        $(impl Record for $type {
            fn schema() -> Document {
                doc! { "bsonType": $name }
            }
        })*
    };
}

scalars! {
    String: "string",
    i32: "int",
    Decimal128: "decimal",
    DateTime: "date",
    ObjectId: "objectId",
}

impl<T: Record> Record for Vec<T> {
    fn schema() -> Document {
        doc! { "bsonType": "array", "items": T::schema() }
    }
}

impl<T: Record> Record for Option<T> {
    const OPTIONAL: bool = true;

    fn schema() -> Document {
        T::schema()
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// A struct and its schema. After a field's type may follow further keywords of its schema.
macro_rules! record {
    (
        $(#[$about:meta])*
        $name:ident {
            $(#[doc = $description:literal] $field:ident: $type:ty $(= $rules:tt)?,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                #[doc = $description]
                #[serde(skip_serializing_if = "crate::offers::record::Record::is_absent")]
                pub $field: $type,
            )*
        }

        impl crate::offers::record::Record for $name {
            fn schema() -> bson::Document {
                let mut properties = bson::Document::new();
                let mut required: Vec<&str> = Vec::new();
                $(
                    let mut schema = <$type as crate::offers::record::Record>::schema();
                    $(schema.extend(bson::doc! $rules);)?
                    schema.insert("description", $description.trim());
                    properties.insert(stringify!($field), schema);
                    if !<$type as crate::offers::record::Record>::OPTIONAL {
                        required.push(stringify!($field));
                    }
                )*
                bson::doc! { "bsonType": "object", "required": required, "properties": properties }
            }
        }
    };
}
pub(super) use record;

/// An enum of words and its schema.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $word:literal),* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[allow(missing_docs)]
        pub enum $name { $(#[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }

        impl crate::offers::record::Record for $name {
            fn schema() -> bson::Document {
                bson::doc! { "bsonType": "string", "enum": [$($word),*] }
            }
        }
    };
}
pub(super) use choice;
