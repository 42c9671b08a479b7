//! Numbers, times and reasons as a person reads them.

use std::time::Duration;

use bson::RawBsonRef;
use lockstep_model::{Change, Mutation, shape::display_text};
use wasm_bindgen::JsValue;

/// `10,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 row`, `3,000 rows`.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// The text, with `…` at its end where it has more characters than that.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// A number of any BSON type as a person reads it: `12,345.50`, with no more than two decimals where it has many. Whatever is
/// no number, as it is shown elsewhere.
pub fn number(value: RawBsonRef<'_>) -> String {
    let text = display_text(value);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let Some(whole) = whole.parse().ok().filter(|_| is_number && all_digits(decimals)) else { return text };
    let sign = if text.starts_with('-') { "-" } else { "" };
    match decimals {
        "" | "0" => format!("{sign}{}", grouped(whole)),
        few if few.len() <= 2 => format!("{sign}{}.{few}", grouped(whole)),
        _ => {
            let rounded = format!("{:.2}", text.parse::<f64>().unwrap_or_default().abs());
            let (whole, decimals) = rounded.split_once('.').unwrap_or((&rounded, "00"));
            format!("{sign}{}.{decimals}", grouped(whole.parse().unwrap_or_default()))
        }
    }
}

/// The word of a button that decides on a mutation: where that is of several documents, it says so.
pub fn of_all(word: &str, mutation: &Mutation) -> String {
    match mutation.edits.len() {
        0 | 1 => word.to_owned(),
        count => format!("{word} (all {count})"),
    }
}

/// Which fields are changed, as their paths.
pub fn fields(changes: &[Change]) -> String {
    changes.iter().map(|change| change.path.to_string()).collect::<Vec<_>>().join(", ")
}

/// `10.2 MB`.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `14:05:09`, by this machine's clock and time zone, from milliseconds since 1970.
pub fn clock_time(milliseconds: i64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds as f64));
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}

/// `25/11/2026, 14:05:09`, as this machine writes it, from milliseconds since 1970.
pub fn date_and_time(milliseconds: i64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds as f64));
    date.to_locale_string("default", &JsValue::UNDEFINED).into()
}

/// `340 ms`, `12 s`, `3 min`, `2 h`, `3 days`.
pub fn elapsed(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

/// The text with a capital at its beginning: a reason that stands alone.
pub fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_several() {
        let counts = [0, 1, 3_000].map(|count| counted(count, "row"));
        assert_eq!(counts, ["0 rows", "1 row", "3,000 rows"]);
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        let longest = "ä".repeat(5);
        assert_eq!(shortened(&longest, 5), longest);
        assert_eq!(shortened(&format!("{longest}ä"), 5), "ääää…");
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (10_000, "10,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn numbers_are_read_in_groups_and_with_few_decimals() {
        let decimal = |text: &str| bson::RawBson::Decimal128(text.parse().unwrap());
        for (value, text) in [
            (bson::RawBson::Int32(-1_234), "-1,234"),
            (bson::RawBson::Double(1_500.0), "1,500"),
            (bson::RawBson::Double(f64::NAN), "NaN"),
            (decimal("1234567.50"), "1,234,567.50"),
            (decimal("5.333333333333333333333333333333333"), "5.33"),
            (decimal("-9.996"), "-10.00"),
            (decimal("1E+6"), "1E+6"),
            (bson::RawBson::String("7 of 9".into()), "7 of 9"),
        ] {
            assert_eq!(number(value.as_raw_bson_ref()), text);
        }
    }

    #[test]
    fn times_have_a_fitting_unit() {
        for (milliseconds, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_999, "1 s"),
            (59_999, "59 s"),
            (180_000, "3 min"),
            (7_300_000, "2 h"),
            (172_799_000, "47 h"),
            (172_800_000, "2 days"),
        ] {
            assert_eq!(elapsed(Duration::from_millis(milliseconds)), text);
        }
    }

    #[test]
    fn sizes_have_a_fitting_unit() {
        for (size, text) in [(999, "999 bytes"), (1_500, "1.5 KB"), (10_240_000, "10.2 MB")] {
            assert_eq!(bytes(size), text);
        }
    }
}
