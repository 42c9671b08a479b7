//! The days of a month, as a date is chosen from them. Days are counted from 1970-01-01, in UTC. Pure.

use lockstep_model::shape::{
    Field, Type,
    calendar::{DAY_MS, civil, days},
    parse_text,
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// As MongoDB's own tools show a date: years of four digits.
const FIRST_YEAR: i64 = 0;
const LAST_YEAR: i64 = 9999;

/// How the days of a week are called, from Monday on.
pub const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The day that a text means, if it is a date, and what it says behind that: a time of day.
pub fn read(text: &str) -> Option<(i64, &str)> {
    let date = Field { seen: vec![Type::Date], ..Field::default() };
    parse_text(text, Some(&date), None).ok()?;
    let text = text.trim();
    let (day, time) = text.split_at_checked("2026-03-01".len())?;
    let value = parse_text(day, Some(&date), None).ok()?;
    Some((value.get().as_datetime()?.timestamp_millis().div_euclid(DAY_MS), time))
}

/// `2026-03-01`.
pub fn write(day: i64) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `March 2026`, of the month that the day is in.
pub fn month_name(day: i64) -> String {
    let (year, month, _) = civil(day);
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!("{name} {year}")
}

/// From 1 to 31.
pub fn day_of_month(day: i64) -> i64 {
    civil(day).2
}

/// Whether both days are in the same month.
pub fn is_same_month(one: i64, other: i64) -> bool {
    let month = |day| {
        let (year, month, _) = civil(day);
        (year, month)
    };
    month(one) == month(other)
}

/// The weeks that have days of the month that the day is in, each by its Monday.
pub fn weeks(day: i64) -> impl Iterator<Item = i64> {
    let (year, month, _) = civil(day);
    let (first, next) = (days(year, month, 1), first_of(year, month + 1));
    let monday = first - weekday(first);
    (monday..next).step_by(WEEKDAYS.len())
}

/// The same day so many months later, or the last one of a shorter month; the day itself where there is none.
pub fn months_later(day: i64, months: i64) -> i64 {
    let (year, month, of_month) = civil(day);
    let first = first_of(year, month + months);
    let (year, month, _) = civil(first);
    let length = first_of(year, month + 1) - first;
    within(first + of_month.min(length) - 1).unwrap_or(day)
}

/// The day, where its year has four digits.
pub fn within(day: i64) -> Option<i64> {
    (FIRST_YEAR..=LAST_YEAR).contains(&civil(day).0).then_some(day)
}

/// The first day of a month, which may be counted beyond its year.
fn first_of(year: i64, month: i64) -> i64 {
    days(year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1, 1)
}

/// From 0 for Monday.
fn weekday(day: i64) -> i64 {
    // 1970 began on a Thursday.
    (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        read(text).unwrap().0
    }

    #[test]
    fn a_date_is_read_with_its_time_and_written_without() {
        assert_eq!(read("1970-01-02"), Some((1, "")));
        assert_eq!(read("2026-03-01 14:05:09"), Some((day("2026-03-01"), " 14:05:09")));
        for text in ["", "2", "2026-02-30", "2026-03-01 25:00", "soon"] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in ["0000-01-01", "1969-12-31", "2024-02-29", "9999-12-31"] {
            assert_eq!(write(day(text)), text);
        }
    }

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        let mondays = |text: &str| weeks(day(text)).map(write).collect::<Vec<_>>();
        assert_eq!(
            mondays("2026-03-31"),
            ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
        );
        assert_eq!(mondays("2027-02-10"), ["2027-02-01", "2027-02-08", "2027-02-15", "2027-02-22"]);
        assert_eq!(mondays("2025-12-01").last().map(String::as_str), Some("2025-12-29"));
        assert_eq!(month_name(day("2026-12-01")), "December 2026");
    }

    #[test]
    fn months_go_on_over_years_and_end_with_their_last_day() {
        let later = |text: &str, months| write(months_later(day(text), months));
        assert_eq!(later("2026-01-31", 1), "2026-02-28");
        assert_eq!(later("2024-01-31", 1), "2024-02-29");
        assert_eq!(later("2026-12-15", 1), "2027-01-15");
        assert_eq!(later("2026-01-15", -1), "2025-12-15");
        assert_eq!(later("9999-12-15", 1), "9999-12-15");
    }
}
