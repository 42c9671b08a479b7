//! Values and documents at random, the same for the same seed. Few names and values, so that filters meet them.

use bson::{
    Binary, Bson, DateTime, JavaScriptCodeWithScope, RawArrayBuf, RawBson, RawBsonRef, RawDocument,
    RawDocumentBuf, Regex, Timestamp, oid::ObjectId, raw::CString, rawbson, rawdoc, spec::BinarySubtype,
};

/// Digits are among them: in a path they may be positions.
pub const NAMES: [&str; 6] = ["a", "b", "c", "0", "1", "2"];

/// How deep documents and arrays lie in one another.
const DEPTH: usize = 3;

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below that one, which is small.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// A document with that `_id`.
pub fn document(random: &mut Random, id: i32) -> RawDocumentBuf {
    let mut document = rawdoc! { "_id": id };
    for name in ["a", "b", "c"] {
        if !random.once_in(5) {
            document.append(CString::try_from(name).expect("no NUL"), value(random, DEPTH));
        }
    }
    document
}

pub fn value(random: &mut Random, depth: usize) -> RawBson {
    match random.below(if depth == 0 { 6 } else { 12 }) {
        0..6 => scalar(random),
        6..9 => fields(random, depth - 1).into(),
        _ => items(random, depth - 1).into(),
    }
}

fn fields(random: &mut Random, depth: usize) -> RawDocumentBuf {
    let mut fields = RawDocumentBuf::new();
    for name in NAMES {
        if random.once_in(3) {
            fields.append(CString::try_from(name).expect("no NUL"), value(random, depth));
        }
    }
    fields
}

fn items(random: &mut Random, depth: usize) -> RawArrayBuf {
    let mut items = RawArrayBuf::new();
    (0..random.below(4)).for_each(|_| items.push(value(random, depth)));
    items
}

pub fn scalar(random: &mut Random) -> RawBson {
    match random.below(20) {
        0 | 1 => RawBson::Null,
        2..5 => rawbson!(random.below(4) as i32),
        5 | 6 => random.one_of(&[0, 1, 2, 9_007_199_254_740_993, i64::MAX, i64::MIN]).into(),
        7 | 8 => random.one_of(&[0.0, -0.0, 1.0, 2.5, 0.1, 9_007_199_254_740_992.0, -1e300, 1e19]).into(),
        9 => random.one_of(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]).into(),
        10 | 11 => {
            let decimals =
                ["0", "1", "1.0", "2.50", "0.1", "9007199254740993", "-1E+300", "NaN", "Infinity", "1E-6000"];
            random.one_of(&decimals).parse::<bson::Decimal128>().expect("a decimal").into()
        }
        12..16 => text(random).into(),
        16 => rawbson!(random.once_in(2)),
        17 => DateTime::from_millis(random.below(3) as i64 - 1).into(),
        _ => rare(random),
    }
}

pub fn text(random: &mut Random) -> &'static str {
    random.one_of(&["", "a", "ab", "Ab", "b", "a.b", "a b", "ab\n", "é", "$a", "0", "1"])
}

/// Of the types that few documents have.
fn rare(random: &mut Random) -> RawBson {
    let regex = |pattern: &str, options: &str| Regex {
        pattern: pattern.try_into().expect("no NUL"),
        options: options.try_into().expect("no NUL"),
    };
    let value: Bson = match random.below(13) {
        0 => ObjectId::from_bytes([random.below(3) as u8; 12]).into(),
        1 => Timestamp { time: random.below(3) as u32, increment: 1 }.into(),
        2 => Binary { subtype: BinarySubtype::Generic, bytes: vec![random.below(3) as u8] }.into(),
        3 => Binary { subtype: BinarySubtype::UserDefined(0x80), bytes: vec![random.below(3) as u8] }.into(),
        4 | 5 => regex(random.one_of(&["a", "^a"]), random.one_of(&["", "i"])).into(),
        6 => Bson::JavaScriptCode("a".into()),
        7 => JavaScriptCodeWithScope { code: "a".into(), scope: bson::doc! { "a": 1 } }.into(),
        8 => Bson::Symbol(text(random).into()),
        9 => Bson::Undefined,
        10 => Bson::MinKey,
        11 => Bson::MaxKey,
        _ => Bson::Document(bson::doc! {}),
    };
    RawBson::try_from(value).expect("BSON")
}

/// A dotted path, mostly one to something.
pub fn path(random: &mut Random) -> String {
    let mut path = random.one_of(&["a", "b", "c"]).to_owned();
    while path.len() < 7 && random.below(5) < 2 {
        path.push('.');
        path.push_str(random.one_of(&NAMES));
    }
    path
}

/// A value that stands somewhere in one of the documents, or any.
pub fn known_value(random: &mut Random, documents: &[RawDocumentBuf]) -> RawBson {
    let document = random.one_of(documents);
    let mut value = RawBson::Document(document);
    for _ in 0..1 + random.below(4) {
        let inside: Vec<RawBson> = match &value {
            RawBson::Document(fields) => fields.iter().map(|field| field.expect("BSON").1.into()).collect(),
            RawBson::Array(items) => items.into_iter().map(|item| item.expect("BSON").into()).collect(),
            _ => Vec::new(),
        };
        if inside.is_empty() {
            break;
        }
        value = random.one_of(&inside);
    }
    if random.once_in(4) { scalar(random) } else { value }
}

/// A regular expression; not every one of them is read in the windows.
pub fn expression(random: &mut Random) -> Regex {
    let patterns = ["a", "^a", "b$", "^a.b$", "^[a-z]+$", "^$", "\\d", "(a|é)", "a b", "^.$", "A", "(a)\\1"];
    Regex {
        pattern: random.one_of(&patterns).try_into().expect("no NUL"),
        options: random.one_of(&["", "", "i", "m", "s", "x"]).try_into().expect("no NUL"),
    }
}

/// Whether an array somewhere in it holds documents and other items: a projection of a field inside loses the others.
pub fn has_mixed_array(document: &RawDocument) -> bool {
    fn is_mixed(value: RawBsonRef<'_>) -> bool {
        match value {
            RawBsonRef::Document(fields) => has_mixed_array(fields),
            RawBsonRef::Array(items) => {
                let documents =
                    items.into_iter().flatten().filter(|item| item.as_document().is_some()).count();
                let is_all_or_none = [0, items.into_iter().count()].contains(&documents);
                !is_all_or_none || items.into_iter().flatten().any(is_mixed)
            }
            _ => false,
        }
    }
    document.iter().flatten().any(|(_, value)| is_mixed(value))
}
