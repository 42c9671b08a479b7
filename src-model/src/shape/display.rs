//! A value as text that can be read: in a cell, in a message.
//!
//! One line, of bounded length whatever the value is, and without a character that could hide, reorder or break what
//! stands around it. It does not say all: what can be typed is in `text`.

use std::fmt::Write;

use bson::{RawBsonRef, RawDocument, spec::BinarySubtype};

use super::calendar;

/// Longer text is cut, with `…` at its end.
const MOST_CHARACTERS: usize = 1_000;
/// A document or an array is written out if it takes no more characters than this, and so are the names of its fields.
const MOST_INLINE_CHARACTERS: usize = 80;

/// The value in one line.
pub fn display_text(value: RawBsonRef<'_>) -> String {
    match value {
        RawBsonRef::Array(array) => inline(value).unwrap_or_else(|| counted(array.into_iter().count())),
        RawBsonRef::Document(document) => inline(value).unwrap_or_else(|| field_names(document)),
        RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => {
            visible(text)
        }
        RawBsonRef::JavaScriptCodeWithScope(code) => visible(code.code),
        RawBsonRef::Double(number) => double(number),
        RawBsonRef::Int32(number) => number.to_string(),
        RawBsonRef::Int64(number) => number.to_string(),
        RawBsonRef::Decimal128(number) => number.to_string(),
        RawBsonRef::Boolean(yes) => yes.to_string(),
        RawBsonRef::Null => "null".into(),
        RawBsonRef::Undefined => "undefined".into(),
        RawBsonRef::DateTime(date) => calendar::format(date),
        RawBsonRef::Timestamp(at) => format!("Timestamp({}, {})", at.time, at.increment),
        RawBsonRef::ObjectId(id) => id.to_hex(),
        RawBsonRef::Binary(binary) => match <[u8; 16]>::try_from(binary.bytes) {
            Ok(bytes) if binary.subtype == BinarySubtype::Uuid => bson::Uuid::from_bytes(bytes).to_string(),
            _ => format!(
                "Binary, {} byte{}",
                binary.bytes.len(),
                if binary.bytes.len() == 1 { "" } else { "s" }
            ),
        },
        RawBsonRef::RegularExpression(regex) => visible(&format!("/{}/{}", regex.pattern, regex.options)),
        RawBsonRef::DbPointer(_) => "DBPointer".into(),
        RawBsonRef::MinKey => "MinKey".into(),
        RawBsonRef::MaxKey => "MaxKey".into(),
    }
}

/// `1.0`, `1e300`, `NaN`, `-Infinity`: a double that is whole is told from an integer.
pub(super) fn double(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    format!("{number:?}")
}

/// The text with every control character shown as a picture of it, and every invisible or reordering one as its number.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(MOST_CHARACTERS));
    for (i, c) in text.chars().enumerate() {
        if i == MOST_CHARACTERS {
            shown.push('…');
            break;
        }
        match c {
            // What texts have, by signs that every font has.
            '\n' => shown.push('↵'),
            '\t' => shown.push('⇥'),
            '\0'..='\u{1F}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7F}' => shown.push('␡'),
            // C1 controls; soft hyphen; marks, embeddings, overrides and isolates of direction; zero width; line and
            // paragraph separators; the byte order mark; tags.
            '\u{80}'..='\u{9F}'
            | '\u{AD}'
            | '\u{61C}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}' => {
                write!(shown, "⟨U+{:04X}⟩", u32::from(c)).expect("a String takes all text");
            }
            _ => shown.push(c),
        }
    }
    shown
}

fn counted(items: usize) -> String {
    format!("[{items} item{}]", if items == 1 { "" } else { "s" })
}

/// `{from, to}`: what is in the document, as far as there is room for it.
fn field_names(document: &RawDocument) -> String {
    let mut text = String::from("{");
    for (i, element) in document.iter_elements().flatten().enumerate() {
        let before = text.len();
        separate(i, &mut text);
        match element.key().as_str() {
            "" => text.push_str("\"\""),
            name => text.push_str(&visible(name)),
        }
        if fits(&text).is_none() {
            text.truncate(before);
            separate(i, &mut text);
            text.push('…');
            break;
        }
    }
    text.push('}');
    text
}

/// The value written out, `None` where that would be too long.
fn inline(value: RawBsonRef<'_>) -> Option<String> {
    let mut text = String::new();
    write_inline(value, &mut text)?;
    Some(text)
}

/// Each call writes something or gives up, so that neither depth nor length of the value matter.
fn write_inline(value: RawBsonRef<'_>, text: &mut String) -> Option<()> {
    match value {
        RawBsonRef::Array(array) => {
            text.push('[');
            for (i, item) in array.into_iter().enumerate() {
                separate(i, text);
                write_inline(item.ok()?, text)?;
            }
            text.push(']');
        }
        RawBsonRef::Document(document) => write_document(document, text)?,
        RawBsonRef::String(string) if string.len() > 4 * MOST_INLINE_CHARACTERS => return None,
        RawBsonRef::String(string) => {
            text.push('"');
            text.push_str(&visible(string));
            text.push('"');
        }
        value => text.push_str(&display_text(value)),
    }
    fits(text)
}

fn write_document(document: &RawDocument, text: &mut String) -> Option<()> {
    text.push('{');
    for (i, field) in document.iter().enumerate() {
        let (name, value) = field.ok()?;
        separate(i, text);
        text.push_str(&visible(name.as_str()));
        text.push_str(": ");
        fits(text)?;
        write_inline(value, text)?;
    }
    text.push('}');
    Some(())
}

fn separate(i: usize, text: &mut String) {
    if i > 0 {
        text.push_str(", ");
    }
}

fn fits(text: &str) -> Option<()> {
    (text.chars().count() <= MOST_INLINE_CHARACTERS).then_some(())
}

#[cfg(test)]
mod tests {
    use bson::{Binary, Bson, DateTime, RawBson, Regex, Timestamp, bson, doc, raw::cstr};

    use super::*;

    fn shown(value: impl Into<Bson>) -> String {
        display_text(RawBson::try_from(value.into()).unwrap().as_raw_bson_ref())
    }

    #[test]
    fn values_are_shown_in_one_line() {
        let binary = |subtype, length| Binary { subtype, bytes: vec![7; length] };
        let cut = format!("{{{}, …}}", "k".repeat(50));
        let table: Vec<(Bson, &str)> = vec![
            ("x".into(), "x"),
            (5.into(), "5"),
            (5_i64.into(), "5"),
            (5.0.into(), "5.0"),
            (1e300.into(), "1e300"),
            (f64::NEG_INFINITY.into(), "-Infinity"),
            ("12.50".parse::<bson::Decimal128>().unwrap().into(), "12.50"),
            (true.into(), "true"),
            (Bson::Null, "null"),
            (DateTime::from_millis(1_772_323_200_000).into(), "2026-03-01"),
            (DateTime::from_millis(1_772_373_909_000).into(), "2026-03-01 14:05:09"),
            (Timestamp { time: 1, increment: 2 }.into(), "Timestamp(1, 2)"),
            (bson::oid::ObjectId::from_bytes([0xAB; 12]).into(), "abababababababababababab"),
            (binary(BinarySubtype::Generic, 12).into(), "Binary, 12 bytes"),
            (binary(BinarySubtype::Uuid, 16).into(), "07070707-0707-0707-0707-070707070707"),
            (binary(BinarySubtype::Uuid, 1).into(), "Binary, 1 byte"),
            (Regex { pattern: cstr!("a.*").into(), options: cstr!("i").into() }.into(), "/a.*/i"),
            (Bson::MinKey, "MinKey"),
            (bson!([]), "[]"),
            (bson!({}), "{}"),
            (bson!(["a", 1, [null]]), "[\"a\", 1, [null]]"),
            (bson!({ "name": "ACME", "n": { "x": 1.0 } }), "{name: \"ACME\", n: {x: 1.0}}"),
            (bson!(vec!["a rather long text"; 5]), "[5 items]"),
            (bson!(["x".repeat(100)]), "[1 item]"),
            (bson!({ "k": "x".repeat(1_000_000), "": 1, "a\nb": 2 }), "{k, \"\", a↵b}"),
            (bson!({ "k".repeat(50): 1, "l".repeat(50): 2 }), &cut),
        ];
        for (value, expected) in table {
            assert_eq!(shown(value.clone()), expected, "{value:?}");
        }
    }

    #[test]
    fn a_hostile_value_is_shown_short_and_plain() {
        let deep = (0..1_000).fold(bson::RawDocumentBuf::new(), |inner, _| bson::rawdoc! { "": inner });
        assert_eq!(display_text(RawBsonRef::Document(&deep)), "{\"\"}");
        assert_eq!(shown("x".repeat(5_000)).chars().count(), MOST_CHARACTERS + 1);
        assert_eq!(shown(doc! { "x".repeat(5_000): 1 }), "{…}");
        let table = [
            ("a\nb\tc\0", "a↵b⇥c␀"),
            ("invoice\u{202E}gpj.exe", "invoice⟨U+202E⟩gpj.exe"),
            ("zero\u{200B}width\u{FEFF}", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
            ("\u{7F}\u{85}\u{2028}", "␡⟨U+0085⟩⟨U+2028⟩"),
            ("<b>שלום</b>", "<b>שלום</b>"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected);
            assert_eq!(shown(bson!([text])), format!("[\"{expected}\"]"));
        }
    }
}
