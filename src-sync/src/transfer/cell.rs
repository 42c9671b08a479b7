//! A cell of CSV as a value, and a value as a cell.
//!
//! The text of a cell is read as the editor of a field would read it; documents and arrays are Extended JSON.

use bson::{RawBson, RawBsonRef};
use lockstep_model::{
    Value,
    contract::transfer::EmptyCell,
    shape::{Field, Rule, Type, edit_text, parse_text},
};

use super::json;

/// How the cells of one column are read.
#[derive(Clone, Debug)]
pub struct Reading {
    of: Option<Type>,
    /// A field of just that type, as the editor of a field knows it.
    field: Field,
    empty: EmptyCell,
}

impl Reading {
    /// As values of that type; `None` guesses for each cell.
    pub fn new(of: Option<Type>, empty: EmptyCell) -> Self {
        let rules = of.map(|of| Rule::Types(vec![of])).into_iter().collect();
        Self { of, field: Field { rules, ..Field::default() }, empty }
    }

    /// The value of a cell; `None` is: the field is missing.
    ///
    /// # Errors
    /// Why it is none, in words for the person who looks at the file.
    pub fn value(&self, text: &str) -> Result<Option<Value>, String> {
        if text.is_empty() {
            return Ok(match self.empty {
                EmptyCell::Missing => None,
                EmptyCell::Null => Some(RawBson::Null.into()),
            });
        }
        match self.of {
            None => parse_text(text, None, None).map(Some),
            Some(of) if is_json(of) => {
                let value = json::value(text)?;
                let found = Type::of(value.get());
                let wrong = || format!("must be of type {}, not {}", of.label(), found.label());
                if found == of { Ok(Some(value)) } else { Err(wrong()) }
            }
            Some(_) => parse_text(text, Some(&self.field), None).map(Some),
        }
    }
}

/// Whether a cell of that type is Extended JSON, since no plainer text says all of it.
fn is_json(of: Type) -> bool {
    use Type::{Bool, Date, Decimal, Double, Int, Long, Null, ObjectId, String};
    !matches!(of, String | Int | Long | Double | Decimal | Bool | Date | ObjectId | Null)
}

/// The text of a value in a cell: read again as a value of its type, it is the same one. A missing field and null are both
/// empty, since CSV has but one word for them.
pub fn text(value: Option<RawBsonRef<'_>>) -> String {
    match value {
        None | Some(RawBsonRef::Null) => String::new(),
        Some(value) => edit_text(value).unwrap_or_else(|| Value::from_ref(value).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use bson::{Binary, Bson, DateTime, bson, oid::ObjectId, spec::BinarySubtype};

    use super::*;

    fn value(value: Bson) -> Value {
        Value::from(RawBson::try_from(value).unwrap())
    }

    #[test]
    fn a_cell_is_read_as_its_columns_type() {
        use Type::{Array, Date, Decimal, Int, Object, String};
        let decimal = |text: &str| Bson::from(text.parse::<bson::Decimal128>().unwrap());
        type Row<'a> = (&'a str, Option<Type>, Result<Option<Bson>, &'a str>);
        let table: Vec<Row<'_>> = vec![
            ("12", Some(Int), Ok(Some(12.into()))),
            ("12", Some(String), Ok(Some("12".into()))),
            ("12", None, Ok(Some(12.into()))),
            ("007", None, Ok(Some("007".into()))),
            ("1.00", Some(Decimal), Ok(Some(decimal("1.00")))),
            ("2026-03-01", Some(Date), Ok(Some(DateTime::from_millis(1_772_323_200_000).into()))),
            ("x", Some(Int), Err("'x' is no Int32; write a whole number, as 42")),
            ("[1, {\"$numberLong\": \"2\"}]", Some(Array), Ok(Some(bson!([1, 2_i64])))),
            ("{\"a\": 1}", Some(Object), Ok(Some(bson!({ "a": 1 })))),
            ("{\"a\": 1}", Some(Array), Err("must be of type array, not document")),
            ("", Some(Int), Ok(None)),
        ];
        for (text, of, expected) in table {
            let read = Reading::new(of, EmptyCell::Missing).value(text);
            let expected = expected.map(|expected| expected.map(value)).map_err(str::to_owned);
            assert_eq!(read, expected, "{text:?} as {of:?}");
        }
        let null = Reading::new(Some(Int), EmptyCell::Null).value("");
        assert_eq!(null, Ok(Some(value(Bson::Null))));
    }

    #[test]
    fn what_is_written_to_a_cell_is_read_again() {
        let values: Vec<Bson> = vec![
            " x, \"y\"\n".into(),
            5.into(),
            5_i64.into(),
            5.0.into(),
            "1.00".parse::<bson::Decimal128>().unwrap().into(),
            true.into(),
            DateTime::from_millis(1).into(),
            ObjectId::from_bytes([7; 12]).into(),
            Binary { subtype: BinarySubtype::Generic, bytes: vec![1, 2] }.into(),
            bson!([1, 2_i64, { "a": 1.5 }]),
            bson!({ "b": null, "a": "x" }),
        ];
        for known in values.into_iter().map(value) {
            let text = text(Some(known.get()));
            let read = Reading::new(Some(Type::of(known.get())), EmptyCell::Missing).value(&text);
            assert_eq!(read, Ok(Some(known)), "{text}");
        }
        assert_eq!(text(None), "");
        assert_eq!(text(Some(RawBsonRef::Null)), "");
    }
}
