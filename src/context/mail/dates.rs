//! [`parse`]: dates as mail programs write them above a quoted message.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use regex::{Captures, Regex};

/// The moment a text names. Without a zone of its own it is read on the clock of the mail that quotes it. A day without
/// a time is the start of that day; a day that could be read in two ways is `None`.
pub(super) fn parse(text: &str, zone_seconds: i32) -> Option<Timestamp> {
    let (date, end) = date(text)?;
    let found = CLOCK.captures(&text[end..]).or_else(|| CLOCK.captures(text));
    let time = found.as_ref().and_then(time).unwrap_or(Time::midnight());
    let seconds = zone(&text[end..]).unwrap_or(zone_seconds);
    let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
    offset.to_timestamp(DateTime::from_parts(date, time)).ok()
}

/// A day and where its text ends.
fn date(text: &str) -> Option<(Date, usize)> {
    let day = |year: &str, month: i8, day: &str| Date::new(full_year(year)?, month, day.parse().ok()?).ok();
    if let Some(found) = ISO.captures(text) {
        return Some((day(&found[1], found[2].parse().ok()?, &found[3])?, end(&found)));
    }
    for found in DAY_MONTH.captures_iter(text) {
        if let Some(month) = month(&found[2]) {
            return Some((day(&found[3], month, &found[1])?, end(&found)));
        }
    }
    for found in MONTH_DAY.captures_iter(text) {
        if let Some(month) = month(&found[1]) {
            return Some((day(&found[3], month, &found[2])?, end(&found)));
        }
    }
    let found = NUMERIC.captures(text)?;
    let (first, second): (i8, i8) = (found[1].parse().ok()?, found[3].parse().ok()?);
    let (of_month, month) = match &found[2] {
        "." => (first, second),
        _ if first > 12 => (first, second),
        _ if second > 12 => (second, first),
        _ if first == second => (first, second),
        _ => return None,
    };
    Some((Date::new(full_year(&found[4])?, month, of_month).ok()?, end(&found)))
}

fn end(found: &Captures<'_>) -> usize {
    found.get_match().end()
}

fn full_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    Some(if text.len() == 2 { 2000 + year } else { year })
}

fn time(found: &Captures<'_>) -> Option<Time> {
    let number = |n: usize| found.get(n).and_then(|part| part.as_str().parse::<i8>().ok());
    let hour = number(1)?;
    let half = found.get(4).map(|half| half.as_str().to_lowercase());
    let hour = match half.as_deref().and_then(|half| half.chars().next()) {
        Some('p') if hour < 12 => hour + 12,
        Some('a') if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, number(2)?, number(3).unwrap_or(0), 0).ok()
}

fn zone(text: &str) -> Option<i32> {
    if let Some(found) = NUMBER_ZONE.captures(text) {
        let hours: i32 = found[2].parse().ok()?;
        let minutes: i32 = found.get(3).map_or(Ok(0), |minutes| minutes.as_str().parse()).ok()?;
        let seconds = hours * 3600 + minutes * 60;
        return Some(if &found[1] == "-" { -seconds } else { seconds });
    }
    let name = NAMED_ZONE.captures(text)?;
    ZONES.iter().find(|(zone, _)| *zone == &name[1]).map(|(_, hours)| hours * 3600)
}

const ZONES: [(&str, i32); 14] = [
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("CET", 1),
    ("CEST", 2),
    ("MEZ", 1),
    ("MESZ", 2),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("PST", -8),
    ("PDT", -7),
];

/// Number of a month, from its name or its abbreviation in the languages of [`super::attribution`].
fn month(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    let found = MONTHS.iter().find(|(stem, _)| name.starts_with(stem));
    found.filter(|_| !NOT_MONTHS.contains(&name.as_str())).map(|(_, month)| *month)
}

const MONTHS: [(&str, i8); 40] = [
    ("jan", 1),
    ("gen", 1),
    ("ene", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("maa", 3),
    ("mrt", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mag", 5),
    ("mei", 5),
    ("maj", 5),
    ("juin", 6),
    ("jun", 6),
    ("giu", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("aug", 8),
    ("aoû", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("déc", 12),
    ("dic", 12),
    ("dez", 12),
    ("des", 12),
    ("out", 10),
    ("ott", 10),
];
const NOT_MONTHS: [&str; 4] = ["mardi", "martes", "martedì", "maandag"];

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4})[-/](\d{2})[-/](\d{2})"));
static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:de\s+|of\s+)?(\p{L}{3,10})\.?,?[\s-]+(?:de\s+|del\s+)?(\d{4})\b")
});
static MONTH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b"));
static NUMERIC: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})\b"));
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b([01]?\d|2[0-3])[:h.]([0-5]\d)(?:[:.]([0-5]\d))?(?:\s*([ap])\.?\s?m\b)?"));
static NUMBER_ZONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:\s|GMT|UTC|\()([+-])(\d{2}|\d(?:\b)):?(\d{2})?\b"));
static NAMED_ZONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(UTC|GMT|WET|CES?T|MES?Z|[ECMP][SD]T)\b"));

#[cfg(test)]
mod tests {
    use super::parse;

    fn at(text: &str) -> String {
        parse(text, 0).map_or_else(String::new, |at| at.to_string())
    }

    #[test]
    fn dates_of_many_forms_are_read() {
        let rows = [
            ("Monday, May 4, 2026 3:07 PM", "2026-05-04T15:07:00Z"),
            ("Mon, 4 May 2026 15:07:09 +0200", "2026-05-04T13:07:09Z"),
            ("Friday, 23 March 2012 5:08 p.m.", "2012-03-23T17:08:00Z"),
            ("Montag, 4. Mai 2026 15:07", "2026-05-04T15:07:00Z"),
            ("mardi 16 août 2022 à 9h05", "2022-08-16T09:05:00Z"),
            ("lunes, 4 de diciembre de 2023 12:30", "2023-12-04T12:30:00Z"),
            ("2026-05-04 15:07 GMT+02:00", "2026-05-04T13:07:00Z"),
            ("4.5.26 08:00", "2026-05-04T08:00:00Z"),
            ("12/31/2025 8:00 AM EST", "2025-12-31T13:00:00Z"),
            ("8 dicembre 2016", "2016-12-08T00:00:00Z"),
            ("01/03/11 7:07 PM", ""),
            ("soon", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(at(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_without_a_zone_is_on_the_clock_of_the_mail_around_it() {
        assert_eq!(parse("4 May 2026 15:07", 7200).unwrap().to_string(), "2026-05-04T13:07:00Z");
    }
}
