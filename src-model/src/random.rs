//! Documents and changes at random, for tests: the same for the same seed, everywhere.
//!
//! Few names and short values, so that changes meet what is there.

use bson::{RawArrayBuf, RawBson, RawDocumentBuf, raw::CString, rawbson};

use crate::{Change, Document, Expectation, Path, Step, Value};

/// The names of top-level fields, odd ones among them.
pub const NAMES: [&str; 8] = ["a", "b", "9", "x.y", "c", "10", "$d", ""];

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

    pub fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

pub fn document(random: &mut Random) -> RawDocumentBuf {
    let mut document = bson::rawdoc! { "_id": 1 };
    for (name, value) in fields(random, 3) {
        document.append(CString::try_from(name).unwrap(), value);
    }
    document
}

fn fields(random: &mut Random, depth: usize) -> Vec<(&'static str, RawBson)> {
    let mut fields: Vec<(&str, RawBson)> = Vec::new();
    for _ in 0..random.below(6) {
        let name = random.one_of(&NAMES);
        if fields.iter().all(|(other, _)| *other != name) {
            fields.push((name, value(random, depth)));
        }
    }
    fields
}

fn value(random: &mut Random, depth: usize) -> RawBson {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => rawbson!(null),
        1 => rawbson!(random.below(3) as i32),
        2 => rawbson!(random.below(3) as i64),
        3 => rawbson!(random.below(3) as f64),
        4 => rawbson!(random.one_of(&["", "text"])),
        5 => random.one_of(&["1.0", "1.00"]).parse::<bson::Decimal128>().unwrap().into(),
        6 | 7 => {
            let mut document = RawDocumentBuf::new();
            for (name, value) in fields(random, depth - 1) {
                document.append(CString::try_from(name).unwrap(), value);
            }
            document.into()
        }
        _ => {
            let mut array = RawArrayBuf::new();
            (0..random.below(4)).for_each(|_| array.push(value(random, depth - 1)));
            array.into()
        }
    }
}

/// Changes in the top-level fields of these names, most of which can be made. None overlap.
pub fn changes(random: &mut Random, before: &Document, names: &[&str]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for _ in 0..1 + random.below(5) {
        let mut path = Path::field(random.one_of(names));
        while random.below(2) == 0 && path.steps().len() < 4 {
            let inside = before.get(&path);
            let is_array = inside.is_some_and(|inside| inside.as_array().is_some());
            path = path.then(match is_array {
                true => Step::Index(random.below(5) as u32),
                false => Step::Field(random.one_of(&NAMES).into()),
            });
        }
        let target = (random.below(4) != 0).then(|| Value::from(value(random, 2)));
        if changes.iter().all(|other| !other.path.overlaps(&path)) {
            let expected = Expectation::Value(path.guarded().and_then(|path| before.value(&path)));
            changes.push(Change { path, target, expected });
        }
    }
    changes
}
