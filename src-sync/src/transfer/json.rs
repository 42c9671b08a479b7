//! Extended JSON in a file: where one document ends and the next begins, and what each is.
//!
//! A scanner finds the documents without keeping more than one; each is then read by itself, so that one that is malformed
//! spoils no other. <https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>

use std::fmt;

use bson::{Bson, RawBson, RawDocumentBuf};
use lockstep_model::{Value, shape::visible};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value as Json};

/// A value of Extended JSON, canonical or relaxed.
///
/// # Errors
/// Where it is malformed, or would not be kept exactly: a name that occurs twice, a whole number that no number type holds.
pub fn value(text: &str) -> Result<Value, String> {
    let Strict(json) = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    let value = Bson::try_from(json).map_err(|error| malformed(&error))?;
    RawBson::try_from(value).map(Value::from).map_err(|error| malformed(&error))
}

/// The same for a document.
///
/// # Errors
/// Those of [`value`], and where it is something else.
pub fn document(text: &str) -> Result<RawDocumentBuf, String> {
    let value = value(text)?;
    let document = value.get().as_document();
    document
        .map(ToOwned::to_owned)
        .ok_or_else(|| "is no document: one begins with { and ends with }".to_owned())
}

fn malformed(error: &dyn fmt::Display) -> String {
    format!("is no Extended JSON: {}", visible(&error.to_string()))
}

/// What one byte of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Byte {
    /// Between two documents.
    Between,
    /// A part of one.
    Inside,
    /// The last of one.
    Last,
    /// The first that is no longer a part of one: what stands there is no document.
    Behind,
}

/// Tells the documents of a file apart. Blanks, commas and the brackets of an array around them do not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scanner {
    inside: bool,
    /// How many braces and brackets are open.
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Scanner {
    /// Takes the file's next byte.
    pub fn take(&mut self, byte: u8) -> Byte {
        if self.in_text {
            self.in_text = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
            return Byte::Inside;
        }
        match byte {
            b'{' | b'[' if self.depth > 0 || byte == b'{' => self.depth += 1,
            b'}' | b']' if self.depth > 1 => self.depth -= 1,
            b'}' | b']' if self.depth == 1 => {
                *self = Self::default();
                return Byte::Last;
            }
            b'"' => self.in_text = true,
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' if self.depth == 0 => {
                let was_inside = std::mem::take(self).inside;
                return if was_inside { Byte::Behind } else { Byte::Between };
            }
            _ => {}
        }
        self.inside = true;
        Byte::Inside
    }
}

/// JSON in which nothing is lost that was written.
struct Strict(Json);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Json, E> {
        Ok(yes.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        i64::try_from(number).map(Json::from).map_err(|_| {
            E::custom(format!(
                "{number} is more than an Int64 holds: write it as {{\"$numberDecimal\": \"{number}\"}}"
            ))
        })
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some((name, Strict(value))) = fields.next_entry::<String, _>()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!("the name {name:?} occurs twice in one document")));
            }
            map.insert(name, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use bson::{Binary, DateTime, Regex, Timestamp, doc, oid::ObjectId, raw::cstr, spec::BinarySubtype};

    use super::*;

    /// The texts that the scanner finds.
    fn found(file: &str) -> Vec<String> {
        let (mut scanner, mut texts, mut text) = (Scanner::default(), Vec::new(), Vec::new());
        for byte in file.bytes() {
            let of = scanner.take(byte);
            if matches!(of, Byte::Inside | Byte::Last) {
                text.push(byte);
            }
            if matches!(of, Byte::Last | Byte::Behind) {
                texts.push(String::from_utf8(std::mem::take(&mut text)).unwrap());
            }
        }
        texts.extend((!text.is_empty()).then(|| String::from_utf8(text).unwrap()));
        texts
    }

    #[test]
    fn documents_are_told_apart() {
        for (file, expected) in [
            ("", &[][..]),
            ("[]", &[]),
            (r#"{"a":1}"#, &[r#"{"a":1}"#]),
            (r#" [ {"a":[1,{"b":2}]} , {} ] "#, &[r#"{"a":[1,{"b":2}]}"#, "{}"]),
            ("{}\n{\"a\":\n1}{}", &["{}", "{\"a\":\n1}", "{}"]),
            (r#"[{"a":"}],{\"\\"},{"b":2}]"#, &[r#"{"a":"}],{\"\\"}"#, r#"{"b":2}"#]),
            (r#"[1, "x, y", {"a":1}]"#, &["1", r#""x, y""#, r#"{"a":1}"#]),
            (r#"[{"a":1},{"b":"#, &[r#"{"a":1}"#, r#"{"b":"#]),
        ] {
            assert_eq!(found(file), expected, "{file}");
        }
    }

    #[test]
    fn every_value_comes_back_as_it_was() {
        let all = doc! {
            "z": 1, "int64": 1_i64, "double": 1.0, "minus zero": -0.0, "tiny": 5e-324, "huge": f64::MAX,
            "nan": f64::NAN, "infinity": f64::NEG_INFINITY,
            "decimal": "1.00".parse::<bson::Decimal128>().unwrap(),
            "text": "\u{0}\u{202E}\"ä", "null": null, "yes": true, "array": [1, [], {}],
            "date": DateTime::from_millis(-1), "far": DateTime::MAX, "id": ObjectId::from_bytes([9; 12]),
            "binary": Binary { subtype: BinarySubtype::UserDefined(0x80), bytes: vec![0, 255] },
            "uuid": bson::Uuid::from_bytes([1; 16]),
            "timestamp": Timestamp { time: u32::MAX, increment: 7 },
            "regex": Regex { pattern: cstr!("a/b").into(), options: cstr!("i").into() },
            "code": Bson::JavaScriptCode("x".into()), "symbol": Bson::Symbol("s".into()),
            "min": Bson::MinKey, "max": Bson::MaxKey, "undefined": Bson::Undefined,
            "a": { "dotted.name": 1, "$dollar": 2 },
        };
        let raw = RawDocumentBuf::try_from(&all).unwrap();
        let text = Value::document(&raw).to_string();
        assert_eq!(document(&text).unwrap().as_bytes(), raw.as_bytes(), "{text}");
    }

    #[test]
    fn what_would_be_lost_is_refused() {
        for (text, reason) in [
            ("", "is no Extended JSON: EOF"),
            ("{\"a\":}", "is no Extended JSON: expected value"),
            ("[1]", "is no document"),
            ("{\"a\":1,\"a\":2}", "the name \"a\" occurs twice"),
            ("{\"a\":18446744073709551615}", "more than an Int64 holds"),
            ("{\"a\":{\"$oid\":\"x\"}}", "is no Extended JSON"),
        ] {
            let refused = document(text).unwrap_err();
            assert!(refused.contains(reason), "{text}: {refused}");
        }
        assert_eq!(
            document("{\"a\":5,\"b\":5.0,\"c\":3000000000}"),
            Ok(bson::rawdoc! { "a": 5, "b": 5.0, "c": 3_000_000_000_i64 })
        );
    }
}
