//! The sample's ugly collection: documents that are legal in MongoDB and that nobody plans for. It has no validator.
//!
//! Whatever shows, filters or edits documents is tried on these. Each has a `kind` that says what is odd in it.

use bson::{
    Binary, Bson, DateTime, Decimal128, Document, JavaScriptCodeWithScope, Regex, Timestamp, doc,
    oid::ObjectId, raw::cstr, spec::BinarySubtype,
};

use super::random::{Random, Stream};

/// The collection's name.
pub const NAME: &str = "oddities";

/// How deep MongoDB lets documents be nested.
/// <https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-Nested-Depth-for-BSON-Documents>
const DEEPEST: usize = 100;

/// All of them.
pub(super) fn documents() -> Vec<Document> {
    let mut documents = vec![every_type(), names(), markup(), scripts(), whitespace(), dates(), numbers()];
    documents.extend(mixed());
    documents.extend(ids());
    documents.extend([deep(), wide(), long_list(), large(), doc! { "_id": "only an id" }]);
    documents
}

fn every_type() -> Document {
    let oid = |last| ObjectId::from_bytes([0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    let binary = |subtype, bytes: &[u8]| Binary { subtype, bytes: bytes.to_vec() };
    doc! {
        "_id": "every type",
        "kind": "one field of every BSON type, the deprecated ones included",
        "double": 1.5,
        "string": "text",
        "object": { "b": 1, "a": 2 },
        "array": [1, "two", Bson::Null, [3]],
        "binary": binary(BinarySubtype::Generic, &[0, 1, 254, 255]),
        "uuid": binary(BinarySubtype::Uuid, &[7; 16]),
        "md5": binary(BinarySubtype::Md5, &[9; 16]),
        "own_binary": binary(BinarySubtype::UserDefined(0x80), b"own"),
        "empty_binary": binary(BinarySubtype::Generic, &[]),
        "undefined": Bson::Undefined,
        "object_id": oid(1),
        "true": true,
        "false": false,
        "date": DateTime::from_millis(1_767_225_600_000),
        "null": Bson::Null,
        "regex": Regex { pattern: cstr!("^a/b").into(), options: cstr!("im").into() },
        "db_pointer": db_pointer(),
        "javascript": Bson::JavaScriptCode("function () { return 1 }".into()),
        "symbol": Bson::Symbol("symbol".into()),
        "javascript_with_scope": JavaScriptCodeWithScope { code: "return x".into(), scope: doc! { "x": 1 } },
        "int32": 1,
        "timestamp": Timestamp { time: 1_767_225_600, increment: 7 },
        "int64": 1_i64,
        "decimal128": decimal("1.00"),
        "min_key": Bson::MinKey,
        "max_key": Bson::MaxKey,
    }
}

/// A type that the library can hold, but can only be asked for by its JSON.
/// <https://github.com/mongodb/specifications/blob/master/source/extended-json/extended-json.md>
fn db_pointer() -> Bson {
    let json = serde_json::json!({ "$dbPointer": { "$ref": "shop.offers", "$id": { "$oid": "650000000000000000000002" } } });
    Bson::try_from(json).expect("this is the extended JSON of a DBPointer")
}

fn names() -> Document {
    doc! {
        "_id": "names",
        "kind": "field names with dots, dollars, spaces, digits and nothing",
        "a.b": "a name with a dot",
        "a": { "b": "a path of two names", "c.d": { "$e": "both below" } },
        "price$": "a dollar at the end",
        "nested": { "$set": { "title": "no operator" }, "$where": "return true", "$$ROOT": 1, "": "no name" },
        "": "no name",
        "0": "a digit",
        "list": [{ "0": "a digit in a list" }],
        "with space": 1,
        "__proto__": "a name that JavaScript knows",
        "constructor": "another",
        "<b>bold</b>": "markup in a name",
        "naïve": "an accent, composed",
        "nai\u{308}ve": "an accent, combined: another name",
    }
}

fn markup() -> Document {
    doc! {
        "_id": "markup",
        "kind": "HTML, templates and addresses as values",
        "script": "<script>document.title = 'run'</script>",
        "image": "<img src=x onerror=\"document.title = 'run'\">",
        "closing": "</textarea></td></table><h1>outside</h1>",
        "entity": "&lt;b&gt; &amp; &#x27;",
        "template": "{{constructor.constructor('return 1')()}} ${1 + 1}",
        "link": "javascript:document.title = 'run'",
        "formula": "=HYPERLINK(\"http://example.invalid\", \"click\")",
    }
}

fn scripts() -> Document {
    doc! {
        "_id": "scripts",
        "kind": "right-to-left text, overrides, emoji, characters that are not seen",
        "hebrew": "שלום עולם 123 abc",
        "arabic": "عرض سعر رقم ٤٢",
        "override": "invoice\u{202E}fdp.exe",
        "isolate": "\u{2067}abc\u{2069} def",
        "chinese": "报价单：第四十二号",
        "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪",
        "combining": "Z̸͎͝a̷̳͊l̶̰̈g̵̹̈o̵̳͝",
        "invisible": "a\u{200B}b\u{FEFF}c\u{00AD}d",
        "zero": "a\0b",
        "control": "a\u{1B}[31mb\u{7}",
        "ligature": "ﬁ İ ı ß ẞ ǅ",
    }
}

fn whitespace() -> Document {
    doc! {
        "_id": "whitespace",
        "kind": "empty, blank, many lines, one endless word",
        "empty": "",
        "blank": "   ",
        "around": "  text  ",
        "lines": "first\nsecond\r\nthird\n\n\tfifth",
        "separators": "a\u{2028}b\u{2029}c\u{85}d",
        "word": "endless".repeat(2_000),
        "empty_object": {},
        "empty_array": [],
    }
}

fn dates() -> Document {
    let date = DateTime::from_millis;
    doc! {
        "_id": "dates",
        "kind": "dates that calendars do not show",
        "zero": date(0),
        "before_1970": date(-1),
        "before_year_1": date(-62_135_596_800_001),
        "after_year_9999": date(253_402_300_800_000),
        "first": date(i64::MIN),
        "last": date(i64::MAX),
        "as_text": "2026-01-01T00:00:00Z",
    }
}

fn numbers() -> Document {
    doc! {
        "_id": "numbers",
        "kind": "numbers at and beyond the edges",
        "minus_zero": -0.0,
        "not_a_number": f64::NAN,
        "infinity": f64::INFINITY,
        "smallest": f64::from_bits(1),
        "third": 1.0 / 3.0,
        "sum": 0.1 + 0.2,
        "beyond_double": 9_007_199_254_740_993_i64,
        "int64_min": i64::MIN,
        "int32_max": i32::MAX,
        "decimal_1": decimal("1"),
        "decimal_1_00": decimal("1.00"),
        "decimal_minus_zero": decimal("-0"),
        "decimal_zero_e3": decimal("0E+3"),
        "decimal_34_digits": decimal("1234567890.123456789012345678901234"),
        "decimal_largest": decimal("9.999999999999999999999999999999999E+6144"),
        "decimal_not_a_number": decimal("NaN"),
        "decimal_infinity": decimal("-Infinity"),
    }
}

/// One field, `value`, of another type in each, and missing in the last.
fn mixed() -> Vec<Document> {
    let values: Vec<Bson> = vec![
        Bson::Int32(42),
        Bson::Int64(42),
        Bson::Double(42.0),
        Bson::Decimal128(decimal("42.0")),
        "42".into(),
        true.into(),
        Bson::Null,
        Bson::Array(vec![42.into(), "42".into()]),
        Bson::Array(vec![]),
        doc! { "value": 42 }.into(),
        DateTime::from_millis(42).into(),
        f64::NAN.into(),
        Bson::MinKey,
    ];
    let kind = "one field, in every document of another type";
    let mut documents: Vec<_> = (1..)
        .zip(values)
        .map(|(number, value)| doc! { "_id": format!("mixed {number:02}"), "kind": kind, "value": value })
        .collect();
    documents.push(doc! { "_id": "mixed missing", "kind": kind });
    documents
}

/// An `_id` of every type that is usual, and of some that are not.
fn ids() -> Vec<Document> {
    let ids: Vec<Bson> = vec![
        Bson::Null,
        1.into(),
        1.5.into(),
        (1_i64 << 53).into(),
        decimal("2.50").into(),
        "".into(),
        "Lockstep".into(),
        "lockstep".into(),
        ObjectId::from_bytes([0xAB; 12]).into(),
        Binary { subtype: BinarySubtype::Uuid, bytes: vec![0xCD; 16] }.into(),
        DateTime::from_millis(1_767_225_600_000).into(),
        doc! { "region": "EU", "number": 7 }.into(),
        doc! { "number": 7, "region": "EU" }.into(),
        false.into(),
    ];
    ids.into_iter().map(|id| doc! { "_id": id, "kind": "an _id of another type" }).collect()
}

/// As deep as MongoDB goes.
fn deep() -> Document {
    let innermost = doc! { "value": "the bottom" };
    // The document itself and the innermost are two of the levels.
    let nested = (2..DEEPEST).fold(innermost, |below, _| doc! { "below": below });
    doc! { "_id": "deep", "kind": "a hundred levels", "below": nested }
}

fn wide() -> Document {
    let mut document = doc! { "_id": "wide", "kind": "ten thousand fields" };
    document.extend((0..10_000).map(|number| (format!("field_{number}"), Bson::Int32(number))));
    document
}

fn long_list() -> Document {
    doc! { "_id": "long list", "kind": "ten thousand elements", "list": (0..10_000).collect::<Vec<i32>>() }
}

/// Near the limit of 16 MB, of what does not compress well.
fn large() -> Document {
    const HALF_BYTES: usize = 7 << 20;
    let mut random = Random::of(Stream::Oddity, 0);
    let bytes: Vec<u8> = (0..HALF_BYTES / 8).flat_map(|_| random.number().to_le_bytes()).collect();
    let text: String = (0..HALF_BYTES / 16).map(|_| format!("{:016x}", random.number())).collect();
    doc! {
        "_id": "large",
        "kind": "14 MB",
        "text": text,
        "binary": Binary { subtype: BinarySubtype::Generic, bytes },
    }
}

fn decimal(text: &str) -> Decimal128 {
    text.parse().expect("every decimal in this file is written as one")
}
