//! The BSON types: as MongoDB names them in `$type` and `bsonType`, by number, and as a person would.

use bson::RawBsonRef;
use serde::{Deserialize, Serialize};

macro_rules! types {
    ($($type:ident, $alias:literal, $number:literal, $label:literal;)*) => {
        /// A BSON type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[allow(missing_docs)]
        pub enum Type { $($type,)* }

        impl Type {
            /// MongoDB's alias for it, as in `{$type: "objectId"}`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$type => $alias,)* }
            }

            /// As a person would call it: `text`, `date`, `Decimal128`.
            pub fn label(self) -> &'static str {
                match self { $(Self::$type => $label,)* }
            }

            /// All types that a MongoDB alias stands for; `number` stands for four.
            pub fn named(alias: &str) -> Vec<Self> {
                match alias {
                    $($alias => vec![Self::$type],)*
                    "number" => vec![Self::Int, Self::Long, Self::Double, Self::Decimal],
                    _ => Vec::new(),
                }
            }

            /// The type of that number, as in `{$type: 16}`.
            pub fn numbered(number: i64) -> Option<Self> {
                match number { $($number => Some(Self::$type),)* _ => None }
            }
        }
    };
}

types! {
    Double, "double", 1, "Double";
    String, "string", 2, "text";
    Object, "object", 3, "document";
    Array, "array", 4, "array";
    Binary, "binData", 5, "binary";
    Undefined, "undefined", 6, "undefined";
    ObjectId, "objectId", 7, "ObjectId";
    Bool, "bool", 8, "true or false";
    Date, "date", 9, "date";
    Null, "null", 10, "null";
    Regex, "regex", 11, "regular expression";
    DbPointer, "dbPointer", 12, "DBPointer";
    JavaScript, "javascript", 13, "JavaScript";
    Symbol, "symbol", 14, "symbol";
    JavaScriptWithScope, "javascriptWithScope", 15, "JavaScript with scope";
    Int, "int", 16, "Int32";
    Timestamp, "timestamp", 17, "timestamp";
    Long, "long", 18, "Int64";
    Decimal, "decimal", 19, "Decimal128";
    MinKey, "minKey", -1, "MinKey";
    MaxKey, "maxKey", 127, "MaxKey";
}

impl Type {
    /// The type of a value.
    pub fn of(value: RawBsonRef<'_>) -> Self {
        match value {
            RawBsonRef::Double(_) => Self::Double,
            RawBsonRef::String(_) => Self::String,
            RawBsonRef::Document(_) => Self::Object,
            RawBsonRef::Array(_) => Self::Array,
            RawBsonRef::Binary(_) => Self::Binary,
            RawBsonRef::Undefined => Self::Undefined,
            RawBsonRef::ObjectId(_) => Self::ObjectId,
            RawBsonRef::Boolean(_) => Self::Bool,
            RawBsonRef::DateTime(_) => Self::Date,
            RawBsonRef::Null => Self::Null,
            RawBsonRef::RegularExpression(_) => Self::Regex,
            RawBsonRef::DbPointer(_) => Self::DbPointer,
            RawBsonRef::JavaScriptCode(_) => Self::JavaScript,
            RawBsonRef::Symbol(_) => Self::Symbol,
            RawBsonRef::JavaScriptCodeWithScope(_) => Self::JavaScriptWithScope,
            RawBsonRef::Int32(_) => Self::Int,
            RawBsonRef::Timestamp(_) => Self::Timestamp,
            RawBsonRef::Int64(_) => Self::Long,
            RawBsonRef::Decimal128(_) => Self::Decimal,
            RawBsonRef::MinKey => Self::MinKey,
            RawBsonRef::MaxKey => Self::MaxKey,
        }
    }

    /// Whether it is one of the four number types.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Long | Self::Double | Self::Decimal)
    }
}
