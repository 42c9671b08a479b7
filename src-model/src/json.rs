//! Extended JSON that a person types, and back.
//!
//! What shells take is taken, too: names without quotes, single quotes, a comma at the end, `ObjectId("…")` and its like,
//! `/text/i`. What is written is the relaxed format, which reads best; the canonical one is [`Value`]'s own.
//!
//! <https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>

use bson::{Bson, RawBson};
use serde_json::Value as Json;

use crate::Value;

/// The value that the text means.
///
/// # Errors
/// Why it means none, in words for the person who typed it.
pub fn read(text: &str) -> Result<Value, String> {
    let json = serde_json::from_str::<Json>(text)
        .or_else(|_| serde_json::from_str::<Json>(&strict(text)?).map_err(|error| in_words(&error)))?;
    let value = Bson::try_from(json).map_err(|error| error.to_string())?;
    RawBson::try_from(value).map(Value::from).map_err(|error| error.to_string())
}

/// The value in one line.
pub fn write(value: &Value) -> String {
    Bson::try_from(value.get()).map(|value| value.into_relaxed_extjson().to_string()).unwrap_or_default()
}

/// The value in several lines, two blanks further in for each level.
pub fn write_pretty(value: &Value) -> String {
    let json = Bson::try_from(value.get()).map(Bson::into_relaxed_extjson).unwrap_or_default();
    serde_json::to_string_pretty(&json).unwrap_or_default()
}

/// The value in several lines, such that [`read`] makes the very same of it: what the relaxed format tells no type of is
/// written in the canonical one. `None` where that cannot be.
pub fn write_exact(value: &Value) -> Option<String> {
    let json = exact(Bson::try_from(value.get()).ok()?);
    let text = serde_json::to_string_pretty(&json).ok()?;
    (read(&text).as_ref() == Ok(value)).then_some(text)
}

fn exact(value: Bson) -> Json {
    match value {
        Bson::Document(fields) => fields.into_iter().map(|(name, value)| (name, exact(value))).collect(),
        Bson::Array(items) => items.into_iter().map(exact).collect(),
        number @ Bson::Int64(_) => number.into_canonical_extjson(),
        other => other.into_relaxed_extjson(),
    }
}

fn in_words(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => {
            "something is missing at the end: a bracket, a quote or a value".into()
        }
        // Its place is one in the strict text.
        _ => {
            let message = error.to_string();
            message.split(" at line ").next().unwrap_or_default().into()
        }
    }
}

/// What shells take, as strict JSON.
fn strict(text: &str) -> Result<String, String> {
    let mut strict = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' | '\'' => {
                let (inside, taken) = quoted(rest)?;
                strict.push_str(&Json::from(inside).to_string());
                taken
            }
            '/' => {
                let (json, taken) = expression(rest)?;
                strict.push_str(&json.to_string());
                taken
            }
            '}' | ']' => {
                // A comma before it says nothing.
                let end = strict.trim_end().trim_end_matches(',').len();
                if strict.trim_end().ends_with(',') {
                    strict.truncate(end);
                }
                strict.push(first);
                1
            }
            _ if first.is_alphabetic() || first == '$' || first == '_' => {
                let (json, taken) = word(rest)?;
                strict.push_str(&json);
                taken
            }
            _ => {
                // A number is taken whole: its `e` is no name.
                let length = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
                    .unwrap_or(rest.len());
                let length = if first.is_ascii_digit() || first == '-' { length } else { first.len_utf8() };
                strict.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[taken..];
    }
    Ok(strict)
}

/// The text between quotes, and how many bytes it takes with them.
fn quoted(text: &str) -> Result<(String, usize), String> {
    let quote = text.chars().next().unwrap_or('"');
    let mut inside = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Ok((inside, at + 1)),
            '\\' => match letters.next() {
                Some((_, 'n')) => inside.push('\n'),
                Some((_, 't')) => inside.push('\t'),
                Some((_, 'r')) => inside.push('\r'),
                Some((_, 'u')) => {
                    let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let number = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                    inside.push(number.ok_or_else(|| format!("\\u{digits} is no character"))?);
                }
                Some((_, other)) => inside.push(other),
                None => break,
            },
            letter => inside.push(letter),
        }
    }
    Err("a quote is missing at the end of a text".into())
}

/// `/text/i`
fn expression(text: &str) -> Result<(Json, usize), String> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '/' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    let (end, _) = end.ok_or("a / is missing at the end of a regular expression")?;
    let options: String = text[end + 1..].chars().take_while(char::is_ascii_alphabetic).collect();
    let pattern = text[1..end].replace("\\/", "/");
    let taken = end + 1 + options.len();
    Ok((serde_json::json!({ "$regularExpression": { "pattern": pattern, "options": options } }), taken))
}

/// A name without quotes, `true` and its like, or `ObjectId("…")` and its like.
fn word(text: &str) -> Result<(String, usize), String> {
    let is_part = |c: char| c.is_alphanumeric() || "$_.".contains(c);
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (name, behind) = text.split_at(length);
    if name == "new" {
        let blanks = behind.len() - behind.trim_start().len();
        let (json, taken) = word(&behind[blanks..])?;
        return Ok((json, length + blanks + taken));
    }
    if behind.trim_start().starts_with(':') {
        return Ok((Json::from(name).to_string(), length));
    }
    if !behind.starts_with('(') {
        return match name {
            "true" | "false" | "null" => Ok((name.into(), length)),
            _ => Err(format!("{name} is no value: a text stands in quotes")),
        };
    }
    let end = behind.find(')').ok_or_else(|| format!("a ) is missing after {name}("))?;
    let inside = behind[1..end].trim();
    let argument = match inside.chars().next() {
        Some('"' | '\'') => quoted(inside)?.0,
        _ => inside.into(),
    };
    let json = match name {
        "ObjectId" => serde_json::json!({ "$oid": argument }),
        "ISODate" | "Date" => serde_json::json!({ "$date": argument_date(&argument) }),
        "NumberLong" | "Long" => serde_json::json!({ "$numberLong": argument }),
        "NumberInt" | "Int32" => serde_json::json!({ "$numberInt": argument }),
        "Double" => serde_json::json!({ "$numberDouble": argument }),
        "NumberDecimal" | "Decimal128" => serde_json::json!({ "$numberDecimal": argument }),
        "UUID" => serde_json::json!({ "$uuid": argument }),
        _ => return Err(format!("{name}(…) is not known here")),
    };
    Ok((json.to_string(), length + end + 1))
}

/// A date without a time, or without a zone, is one of UTC: the relaxed format wants to be told so.
fn argument_date(text: &str) -> String {
    let has_zone = |time: &str| time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    match text.split_once(['T', ' ']) {
        None => format!("{text}T00:00:00Z"),
        Some((date, time)) if has_zone(time) => format!("{date}T{time}"),
        Some((date, time)) => format!("{date}T{time}Z"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::{Regex, bson, oid::ObjectId, raw::cstr};

    #[test]
    fn what_a_shell_takes_is_taken() {
        let id = ObjectId::parse_str("0123456789abcdef01234567").unwrap();
        let date = bson::DateTime::parse_rfc3339_str("2026-03-01T00:00:00Z").unwrap();
        let expression = Regex { pattern: cstr!("^a/b").into(), options: cstr!("i").into() };
        for (text, expected) in [
            (r#"{"status": "won", "n": 5}"#, bson!({ "status": "won", "n": 5 })),
            ("{status: 'won', 'a.b': {$gt: 5.0,},}", bson!({ "status": "won", "a.b": { "$gt": 5.0 } })),
            ("{a: 'it\\'s', b: \"\\u00e4\"}", bson!({ "a": "it's", "b": "ä" })),
            ("{_id: ObjectId('0123456789abcdef01234567')}", bson!({ "_id": id })),
            (
                "{d: ISODate(\"2026-03-01\"), e: new Date('2026-03-01 00:00:00')}",
                bson!({ "d": date, "e": date }),
            ),
            ("{n: NumberLong(5), m: NumberLong('5')}", bson!({ "n": 5_i64, "m": 5_i64 })),
            ("{t: /^a\\/b/i}", bson!({ "t": Bson::RegularExpression(expression) })),
            ("{n: 1e3, m: -2, $or: [true, null, ], }", bson!({ "n": 1e3, "m": -2, "$or": [true, null] })),
        ] {
            assert_eq!(read(text), Ok(Value::from(RawBson::try_from(expected).unwrap())), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, reason) in [
            ("{a: won}", "won is no value"),
            ("{a: 1", "missing at the end"),
            ("{a: 'x", "a quote is missing"),
            ("{a: /x}", "a / is missing"),
            ("{a: Foo(1)}", "Foo(…) is not known"),
            ("{a: NumberDecimal('x')}", "x"),
            ("", "missing at the end"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(reason), "{text}: {said}");
        }
    }

    #[test]
    fn what_is_written_exactly_keeps_every_type_and_the_order() {
        let date = bson::DateTime::from_millis(1_700_000_000_123);
        let value = bson!({ "z": 5, "y": 5_i64, "x": 5.0, "w": [1.5, -0.0, i64::MAX], "v": { "b": 1e300, "a": date } });
        let value = Value::from(RawBson::try_from(value).unwrap());
        let text = write_exact(&value).unwrap();
        assert_eq!(read(&text), Ok(value));
        assert!(
            text.starts_with("{\n  \"z\": 5,\n  \"y\": {\n    \"$numberLong\": \"5\"\n  },\n  \"x\": 5.0,"),
            "{text}"
        );
        // What looks like a type of its own cannot be said.
        let looks = Value::from(RawBson::try_from(bson!({ "$oid": "0123456789abcdef01234567" })).unwrap());
        assert_eq!(write_exact(&looks), None);
    }

    #[test]
    fn every_double_is_read_as_it_was_written() {
        // Read by the quick way, the first ones are off by one in the last place.
        let numbers = [12.643801809073405, 20.131364849970435, 0.1 + 0.2, 5e-324, f64::MAX, 1e21, -0.0];
        for number in numbers {
            let value = Value::document(&bson::rawdoc! { "n": number });
            let text = write_exact(&value).unwrap_or_else(|| panic!("{number}"));
            assert_eq!(read(&text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        for text in
            [r#"{"a":{"$gt":5,"$lt":7.5}}"#, r#"{"n":{"$numberDecimal":"1.00"}}"#, r#"{"t":["x",null,true]}"#]
        {
            let value = read(text).unwrap();
            assert_eq!((write(&value), read(&write_pretty(&value))), (text.to_owned(), Ok(value)));
        }
    }
}
