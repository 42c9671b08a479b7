//! Filters at random, of all operators that are evaluated in the windows; a few of them are not valid.

use bson::{RawArrayBuf, RawBson, RawDocumentBuf, raw::CString, rawbson};

use super::random::{Random, expression, known_value, path, scalar};

const ORDERED: [&str; 4] = ["$gt", "$gte", "$lt", "$lte"];
const TYPES: [&str; 14] = [
    "double", "string", "object", "array", "binData", "objectId", "bool", "date", "null", "regex", "int",
    "long", "decimal", "number",
];

pub fn filter(random: &mut Random, documents: &[RawDocumentBuf]) -> RawDocumentBuf {
    clause(random, documents, 2)
}

fn clause(random: &mut Random, documents: &[RawDocumentBuf], depth: usize) -> RawDocumentBuf {
    let mut clause = RawDocumentBuf::new();
    for _ in 0..1 + random.below(8) / 6 {
        if depth > 0 && random.once_in(5) {
            let name = random.one_of(&["$and", "$or", "$nor"]);
            let several = (0..1 + random.below(3)).map(|_| self::clause(random, documents, depth - 1));
            append(&mut clause, name, RawBson::Array(several.map(RawBson::Document).collect()));
        } else {
            let path = path(random);
            append(&mut clause, &path, condition(random, documents, depth));
        }
    }
    clause
}

fn condition(random: &mut Random, documents: &[RawDocumentBuf], depth: usize) -> RawBson {
    match random.below(8) {
        0 | 1 => known_value(random, documents),
        2 => expression(random).into(),
        _ => operators(random, documents, depth).into(),
    }
}

fn operators(random: &mut Random, documents: &[RawDocumentBuf], depth: usize) -> RawDocumentBuf {
    let mut operators = RawDocumentBuf::new();
    for _ in 0..1 + random.below(8) / 6 {
        operator(random, documents, depth, &mut operators);
    }
    operators
}

fn operator(random: &mut Random, documents: &[RawDocumentBuf], depth: usize, into: &mut RawDocumentBuf) {
    match random.below(22) {
        0 => append(into, "$eq", known_value(random, documents)),
        1 | 2 => append(into, "$ne", known_value(random, documents)),
        3..8 => {
            let name = random.one_of(&ORDERED);
            append(into, name, known_value(random, documents));
        }
        8 | 9 => append(into, "$in", several(random, documents).into()),
        10 => append(into, "$nin", several(random, documents).into()),
        11 => {
            let operand = random.one_of(&[true.into(), false.into(), rawbson!(0), rawbson!("yes")]);
            append(into, "$exists", operand);
        }
        12 | 13 => {
            let operand = match random.below(4) {
                0 => rawbson!([random.one_of(&TYPES), random.one_of(&TYPES)]),
                1 => random.one_of(&[rawbson!(2), rawbson!(16.0), rawbson!(-1), rawbson!(127_i64)]),
                _ => random.one_of(&TYPES).into(),
            };
            append(into, "$type", operand);
        }
        14 | 15 => {
            let expression = expression(random);
            let options = expression.options.as_str();
            append(into, "$regex", expression.pattern.as_str().into());
            if !options.is_empty() {
                append(into, "$options", options.into());
            }
        }
        16 | 17 if depth > 0 => {
            let operand = match random.once_in(4) {
                true => expression(random).into(),
                false => operators(random, documents, depth - 1).into(),
            };
            append(into, "$not", operand);
        }
        18 => append(into, "$all", several(random, documents).into()),
        19 | 20 if depth > 0 => {
            let operand = match random.once_in(2) {
                true => operators(random, documents, depth - 1),
                false => clause(random, documents, depth - 1),
            };
            match random.once_in(4) {
                true => append(into, "$all", rawbson!([{ "$elemMatch": operand }])),
                false => append(into, "$elemMatch", operand.into()),
            }
        }
        21 if random.once_in(3) => refused(random, into),
        _ => append(into, "$size", rawbson!(random.below(4) as i32)),
    }
}

/// What no server takes.
fn refused(random: &mut Random, into: &mut RawDocumentBuf) {
    let (name, operand) = random.one_of(&[
        ("$size", rawbson!(-1)),
        ("$size", rawbson!("1")),
        ("$in", rawbson!(1)),
        ("$in", rawbson!([{ "$gt": 1 }])),
        ("$all", rawbson!(1)),
        ("$type", rawbson!("nothing")),
        ("$type", rawbson!([])),
        ("$elemMatch", rawbson!(1)),
        ("$not", rawbson!({})),
        ("$not", rawbson!(1)),
        ("$regex", rawbson!(1)),
        ("$options", rawbson!("i")),
        ("$unknown", rawbson!(1)),
    ]);
    append(into, name, operand);
}

fn several(random: &mut Random, documents: &[RawDocumentBuf]) -> RawArrayBuf {
    let mut several = RawArrayBuf::new();
    for _ in 0..random.below(4) {
        several.push(match random.below(6) {
            0 => expression(random).into(),
            1 => scalar(random),
            _ => known_value(random, documents),
        });
    }
    several
}

fn append(document: &mut RawDocumentBuf, name: &str, value: RawBson) {
    let name = CString::try_from(name).expect("no NUL");
    let is_there = document.get(name.as_str()).expect("BSON").is_some();
    if !is_there {
        document.append(name, value);
    }
}
