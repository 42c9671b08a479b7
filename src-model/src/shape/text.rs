//! A value as text that a person types, and back.
//!
//! What the text means depends on the type that the field has: by the schema, else by what it holds now, else by a
//! sample, else by a guess. Nothing here judges the schema's other rules: [`Shape::check`](super::Shape::check) does.

use bson::{Decimal128, RawBson, RawBsonRef, oid::ObjectId};

use super::{Field, Rule, Type, calendar, display, visible};
use crate::Value;

/// The value that the text means for a field that holds `current`, and may hold what the schema says.
///
/// A type that the schema allows and the field has now is preferred, then the schema's first; null comes last, so that
/// where text is allowed `null` is a text.
///
/// # Errors
/// Why it means none, in words for the person who typed it.
pub fn parse_text(
    text: &str,
    field: Option<&Field>,
    current: Option<RawBsonRef<'_>>,
) -> Result<Value, String> {
    let types = field.map_or(&[][..], Field::types);
    let ruled = field.is_some_and(|field| field.rules.iter().any(|rule| matches!(rule, Rule::Types(_))));
    let held = current.map(Type::of).filter(|held| !ruled || types.contains(held));
    let known = match held {
        Some(held) if !ruled && held != Type::Null => &[],
        _ => types,
    };
    let (nulls, others): (Vec<Type>, Vec<Type>) = known.iter().partition(|of| **of == Type::Null);
    let guess = others.is_empty() && !ruled && held.is_none_or(|held| held == Type::Null);
    let mut refusal = None;
    for of in held.into_iter().chain(others).chain(nulls) {
        match read(text, of) {
            Ok(value) => return Ok(value.into()),
            Err(message) if of != Type::Null => refusal = refusal.or(Some(message)),
            Err(_) => {}
        }
    }
    match refusal {
        None if guess => Ok(guessed(text).into()),
        refusal => Err(refusal.unwrap_or_else(|| "must be null".into())),
    }
}

/// The text to begin editing with: [`parse_text`] makes the very same value of it. `None` where the value is not
/// edited as text.
pub fn edit_text(value: RawBsonRef<'_>) -> Option<String> {
    let text = match value {
        RawBsonRef::String(text) => text.to_owned(),
        RawBsonRef::Int32(number) => number.to_string(),
        RawBsonRef::Int64(number) => number.to_string(),
        RawBsonRef::Double(number) => display::double(number),
        RawBsonRef::Decimal128(number) => number.to_string(),
        RawBsonRef::Boolean(yes) => yes.to_string(),
        RawBsonRef::DateTime(date) => calendar::format(date),
        RawBsonRef::ObjectId(id) => id.to_hex(),
        RawBsonRef::Null => "null".into(),
        _ => return None,
    };
    // A NaN with a payload, an odd encoding of a Decimal128, a year of five digits: text would change them.
    let same = parse_text(&text, None, Some(value)).is_ok_and(|read| read == Value::from_ref(value));
    same.then_some(text)
}

fn read(text: &str, of: Type) -> Result<RawBson, String> {
    let typed = text.trim();
    let no = |hint: &str| {
        let shown: String = visible(typed).chars().take(40).collect();
        format!("'{shown}' is no {}; {hint}", of.label())
    };
    let limits = |limits: &str| match is_decimal(typed) {
        true => no(&format!("write a whole number {limits}")),
        false => no("write a whole number, as 42"),
    };
    match of {
        Type::String => Ok(text.to_owned().into()),
        Type::Int => {
            typed.parse::<i32>().map(RawBson::from).map_err(|_| limits("from -2147483648 to 2147483647"))
        }
        Type::Long => typed
            .parse::<i64>()
            .map(RawBson::from)
            .map_err(|_| limits("from -9223372036854775808 to 9223372036854775807")),
        Type::Double => match typed {
            "NaN" => Ok(f64::NAN.into()),
            "Infinity" => Ok(f64::INFINITY.into()),
            "-Infinity" => Ok(f64::NEG_INFINITY.into()),
            _ => typed
                .parse()
                .ok()
                .filter(|number: &f64| is_decimal(typed) && number.is_finite())
                .map(RawBson::from)
                .ok_or_else(|| no("write it as 1234.5")),
        },
        Type::Decimal => Some(typed)
            .filter(|typed| is_decimal(typed) || matches!(*typed, "NaN" | "Infinity" | "-Infinity"))
            .and_then(|typed| typed.parse::<Decimal128>().ok())
            .map(RawBson::from)
            .ok_or_else(|| no("write it as 1234.50")),
        Type::Bool => match typed.to_ascii_lowercase().as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(format!("must be true or false, not '{}'", visible(typed))),
        },
        Type::Date => calendar::parse(typed)
            .map(RawBson::from)
            .ok_or_else(|| no("write it as 2026-03-01 or 2026-03-01 14:05:09, in UTC")),
        Type::ObjectId => {
            ObjectId::parse_str(typed).map(RawBson::from).map_err(|_| no("it has 24 digits 0-9 a-f"))
        }
        Type::Null if matches!(typed, "" | "null") => Ok(RawBson::Null),
        _ => Err(format!("a value of type {} cannot be typed as text", of.label())),
    }
}

/// What text means where nothing is known of the field. What would not be written so again stays text, as `007`.
fn guessed(text: &str) -> RawBson {
    let written_so = |value: &RawBson| edit_text(value.as_raw_bson_ref()).is_some_and(|again| again == text);
    [Type::Null, Type::Bool, Type::Int, Type::Long, Type::ObjectId]
        .into_iter()
        .filter_map(|of| read(text, of).ok())
        .find(written_so)
        .or_else(|| {
            read(text, Type::Double).ok().filter(|_| text.contains('.') && !text.starts_with(['+', '.', ' ']))
        })
        .or_else(|| read(text, Type::Date).ok())
        .unwrap_or_else(|| text.to_owned().into())
}

/// Whether the text is a number in digits, with or without sign, fraction and exponent.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let unsigned = |text: &str| text.strip_prefix(['+', '-']).map_or(text.len(), str::len);
    let strip = |text: &str| text[text.len() - unsigned(text)..].to_owned();
    let text = strip(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = strip(exponent);
    whole.len() + fraction.len() > 0
        && digits(whole)
        && digits(fraction)
        && !exponent.is_empty()
        && digits(&exponent)
}

#[cfg(test)]
mod tests {
    use bson::{Binary, Bson, DateTime, bson, doc, spec::BinarySubtype};

    use super::*;
    use crate::shape::Shape;

    fn raw(value: impl Into<Bson>) -> RawBson {
        value.into().try_into().unwrap()
    }

    fn decimal(text: &str) -> Bson {
        text.parse::<Decimal128>().unwrap().into()
    }

    fn ruled(types: &[Type]) -> Field {
        Field { rules: vec![Rule::Types(types.to_vec())], ..Field::default() }
    }

    #[test]
    fn what_is_shown_for_editing_means_the_same_value() {
        let values: Vec<Bson> = vec![
            "".into(),
            " x ".into(),
            "null".into(),
            "5".into(),
            i32::MIN.into(),
            i64::MAX.into(),
            5_i64.into(),
            0.0.into(),
            (-0.0).into(),
            0.1.into(),
            f64::MAX.into(),
            5e-324.into(),
            f64::NAN.into(),
            f64::NEG_INFINITY.into(),
            decimal("12.50"),
            decimal("1E+6144"),
            decimal("-0.00"),
            decimal("9999999999999999999999999999999999E-6176"),
            decimal("NaN"),
            decimal("-Infinity"),
            true.into(),
            Bson::Null,
            DateTime::from_millis(1_772_373_909_001).into(),
            ObjectId::from_bytes([0xAB; 12]).into(),
        ];
        for value in values {
            let value = raw(value);
            let text = edit_text(value.as_raw_bson_ref()).unwrap_or_else(|| panic!("{value:?}"));
            let read = parse_text(&text, None, Some(value.as_raw_bson_ref()));
            assert_eq!(read, Ok(Value::from(value.clone())), "{value:?}");
            let types = ruled(&[Type::String, Type::Null, Type::of(value.as_raw_bson_ref())]);
            let read = parse_text(&text, Some(&types), Some(value.as_raw_bson_ref()));
            assert_eq!(read, Ok(Value::from(value.clone())), "{value:?} with a schema");
        }
    }

    #[test]
    fn what_text_would_change_is_not_edited_as_text() {
        let over = Decimal128::from_bytes(((6176_u128 << 113) | 10_u128.pow(34)).to_le_bytes());
        let values: Vec<Bson> = vec![
            bson!([1]),
            doc! {}.into(),
            Binary { subtype: BinarySubtype::Generic, bytes: vec![1] }.into(),
            f64::from_bits(0x7FF8_0000_0000_0001).into(),
            over.into(),
            DateTime::MAX.into(),
            Bson::MinKey,
            Bson::Undefined,
        ];
        for value in values {
            assert_eq!(edit_text(raw(value.clone()).as_raw_bson_ref()), None, "{value:?}");
        }
    }

    #[test]
    fn text_means_a_value_of_the_type_that_the_field_has() {
        use Type::{Bool, Date, Decimal, Double, Int, Long, Null, ObjectId, String};
        let held = |value: Bson| Some(raw(value));
        let date = |ms| Bson::from(DateTime::from_millis(ms));
        type Row<'a> = (&'a str, &'a [Type], Option<RawBson>, Result<Bson, &'a str>);
        let table: Vec<Row<'_>> = vec![
            ("12.50", &[Decimal], None, Ok(decimal("12.50"))),
            (" 12.50 ", &[Decimal], None, Ok(decimal("12.50"))),
            ("1e3", &[Decimal], None, Ok(decimal("1E+3"))),
            ("abc", &[Decimal], None, Err("'abc' is no Decimal128; write it as 1234.50")),
            ("12,50", &[Decimal, Null], None, Err("'12,50' is no Decimal128; write it as 1234.50")),
            ("", &[Decimal], None, Err("'' is no Decimal128; write it as 1234.50")),
            ("-+5", &[Decimal], None, Err("'-+5' is no Decimal128; write it as 1234.50")),
            ("", &[Decimal, Null], None, Ok(Bson::Null)),
            ("null", &[Null, Decimal], None, Ok(Bson::Null)),
            ("null", &[Null, String], None, Ok("null".into())),
            ("null", &[Null, String], held(Bson::Null), Ok(Bson::Null)),
            ("x", &[Null, String], held(Bson::Null), Ok("x".into())),
            ("x", &[Null], None, Err("must be null")),
            ("5", &[Int, Long], held(1_i64.into()), Ok(5_i64.into())),
            ("5", &[Int], held("x".into()), Ok(5.into())),
            ("5", &[String], held(5.into()), Ok("5".into())),
            ("5.5", &[Int, Double], None, Ok(5.5.into())),
            ("x", &[Int], None, Err("'x' is no Int32; write a whole number, as 42")),
            (
                "3000000000",
                &[Int],
                None,
                Err("'3000000000' is no Int32; write a whole number from -2147483648 to 2147483647"),
            ),
            ("1e999", &[Double], None, Err("'1e999' is no Double; write it as 1234.5")),
            ("inf", &[Double], None, Err("'inf' is no Double; write it as 1234.5")),
            ("TRUE", &[Bool], None, Ok(true.into())),
            ("yes", &[Bool], None, Err("must be true or false, not 'yes'")),
            ("2026-03-01", &[Date], None, Ok(date(1_772_323_200_000))),
            (
                "1 March",
                &[Date],
                None,
                Err("'1 March' is no date; write it as 2026-03-01 or 2026-03-01 14:05:09, in UTC"),
            ),
            ("ab", &[ObjectId], None, Err("'ab' is no ObjectId; it has 24 digits 0-9 a-f")),
            ("[]", &[Type::Array], None, Err("a value of type array cannot be typed as text")),
            // without a schema: what it is now
            ("5", &[], held(1.0.into()), Ok(5.0.into())),
            ("5", &[], held("x".into()), Ok("5".into())),
            // or a guess
            ("5", &[], None, Ok(5.into())),
            ("5", &[], held(Bson::Null), Ok(5.into())),
            ("3000000000", &[], None, Ok(3_000_000_000_i64.into())),
            ("007", &[], None, Ok("007".into())),
            ("1.50", &[], None, Ok(1.5.into())),
            ("true", &[], None, Ok(true.into())),
            ("null", &[], None, Ok(Bson::Null)),
            ("", &[], None, Ok("".into())),
            ("2026-03-01", &[], None, Ok(date(1_772_323_200_000))),
            ("NaN", &[], None, Ok("NaN".into())),
            ("+49 30 1234", &[], None, Ok("+49 30 1234".into())),
        ];
        for (text, types, current, expected) in table {
            let field = if types.is_empty() { Field::default() } else { ruled(types) };
            let read = parse_text(text, Some(&field), current.as_ref().map(RawBson::as_raw_bson_ref));
            let expected = expected.map(|value| Value::from(raw(value))).map_err(str::to_owned);
            assert_eq!(read, expected, "{text:?} for {types:?} over {current:?}");
        }
    }

    #[test]
    fn a_sample_tells_the_type_of_a_missing_value_only() {
        let sample = RawBson::try_from(Bson::from(doc! { "a": "x" })).unwrap();
        let shape = Shape::sampled(sample.as_document());
        let parse = |current| parse_text("5", shape.field("a"), current);
        assert_eq!(parse(None), Ok(Value::from("5".to_owned())));
        assert_eq!(parse(Some(RawBsonRef::Null)), Ok(Value::from("5".to_owned())));
        assert_eq!(parse(Some(RawBsonRef::Int64(1))), Ok(Value::from(5_i64)));
    }
}
