//! Dates and times of day in UTC, written as ISO 8601 with a blank for the `T`.
//!
//! BSON's dates reach further than any calendar library's here; the arithmetic is that of Howard Hinnant's
//! "chrono-compatible low-level date algorithms", for the proleptic Gregorian calendar.

use bson::DateTime;

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// `2026-03-01` at midnight, else `2026-03-01 14:05:09`, with `.123` where there are milliseconds.
pub(super) fn format(date: DateTime) -> String {
    let (day, ms) = (date.timestamp_millis().div_euclid(DAY_MS), date.timestamp_millis().rem_euclid(DAY_MS));
    let (year, month, day) = civil(day);
    // ISO 8601 wants a sign on a year of other than four digits.
    let mut text = match year {
        0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:+07}-{month:02}-{day:02}"),
    };
    if ms > 0 {
        let seconds = ms / 1000;
        text += &format!(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if ms % 1000 > 0 {
            text += &format!(".{:03}", ms % 1000);
        }
    }
    text
}

/// From 1 to 31.
pub(crate) fn day_of_month(date: DateTime) -> i64 {
    civil(date.timestamp_millis().div_euclid(DAY_MS)).2
}

/// Reads what [`format`] writes, for years of four digits; also with `T`, without seconds, and with `Z` or an offset.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let days = days(year, month, day);
    if civil(days) != (year, month, day) {
        return None;
    }
    Some(DateTime::from_millis(days * DAY_MS + time.map_or(Some(0), time_ms)?))
}

/// Milliseconds since midnight UTC; an offset may carry them to another day.
fn time_ms(text: &str) -> Option<i64> {
    let (text, offset_minutes) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, 0),
        None => match text.rfind(['+', '-']) {
            Some(at) => {
                let [hours, minutes] = numbers(&text[at + 1..], ':', [2, 2])?;
                let east = if text[at..].starts_with('+') { 1 } else { -1 };
                (&text[..at], east * (hours * 60 + minutes))
            }
            None => (text, 0),
        },
    };
    let (text, ms) = match text.split_once('.') {
        Some((text, fraction)) => {
            let digits = fraction.get(..fraction.len().min(3)).filter(|digits| !digits.is_empty())?;
            if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            (text, format!("{digits:0<3}").parse().ok()?)
        }
        None => (text, 0),
    };
    let [hours, minutes, seconds] =
        numbers(text, ':', [2, 2, 2]).or_else(|| numbers(text, ':', [2, 2]).map(|[h, m]| [h, m, 0]))?;
    let real = hours < 24 && minutes < 60 && seconds < 60;
    real.then_some(((hours * 60 + minutes - offset_minutes) * 60 + seconds) * 1000 + ms)
}

/// Exactly these many numbers, of just so many digits.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *number = part.bytes().all(|digit| digit.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

/// Days since 1970-01-01, of a year, a month from 1 to 12, and a day of it.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have the leap day at their end.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let year_of_era = year.rem_euclid(400);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day, of days since 1970-01-01.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + days.div_euclid(146_097) * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_and_read_back() {
        let table = [
            (0, "1970-01-01"),
            (-1, "1969-12-31 23:59:59.999"),
            (951_782_400_000, "2000-02-29"),
            (1_772_323_200_000, "2026-03-01"),
            (1_772_373_909_000, "2026-03-01 14:05:09"),
            (-62_135_596_800_000, "0001-01-01"),
            (253_402_300_799_999, "9999-12-31 23:59:59.999"),
        ];
        for (ms, text) in table {
            assert_eq!(format(DateTime::from_millis(ms)), text);
            assert_eq!(parse(text), Some(DateTime::from_millis(ms)), "{text}");
        }
    }

    #[test]
    fn every_day_of_1600_years_is_itself() {
        let mut last = (0, 0, 0);
        for day in days(1200, 1, 1)..days(2800, 1, 1) {
            let (year, month, day_of_month) = civil(day);
            assert_eq!(days(year, month, day_of_month), day);
            assert!((year, month, day_of_month) > last);
            last = (year, month, day_of_month);
        }
        assert_eq!(last, (2799, 12, 31));
    }

    #[test]
    fn the_ends_of_time_can_be_written() {
        assert_eq!(format(DateTime::MIN), "-292275055-05-16 16:47:04.192");
        assert_eq!(format(DateTime::MAX), "+292278994-08-17 07:12:55.807");
        assert_eq!(format(DateTime::from_millis(253_402_300_800_000)), "+010000-01-01");
    }

    #[test]
    fn other_ways_to_write_a_time_are_read() {
        let table = [
            ("2026-03-01T14:05:09Z", "2026-03-01 14:05:09"),
            ("2026-03-01 14:05", "2026-03-01 14:05:00"),
            ("2026-03-01T00:30:00+02:00", "2026-02-28 22:30:00"),
            ("2026-12-31T23:30:00.5-01:00", "2027-01-01 00:30:00.500"),
            ("2026-03-01 14:05:09.123456", "2026-03-01 14:05:09.123"),
        ];
        for (text, same) in table {
            assert_eq!(parse(text).map(format).as_deref(), Some(same), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let wrong = [
            "",
            "2026",
            "2026-3-1",
            "01.03.2026",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-01-32",
            "2026-03-01 24:00:00",
            "2026-03-01 12:60",
            "2026-03-01 12",
            "2026-03-01 1:2:3",
            "2026-03-01T12:00:00.",
            "2026-03-01T12:00:00.x",
            "2026-03-01 12:00 +1",
            "2026-03-01-01",
            "+026-03-01",
            "２０２６-03-01",
            "2026-03-01 12:00:00.é",
        ];
        for text in wrong {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
