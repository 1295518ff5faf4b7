//! [`parse`]: dates as mail programs write them above a quoted message.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use regex::{Captures, Regex};

use super::months::month;

/// The moment a text names. Without a zone of its own it is read on the clock of the mail that quotes it. A day without
/// a time is the start of that day; a day that could be read in two ways is `None`.
///
/// Digits must be ASCII: see [`plain`](super::vocabulary::plain).
pub(super) fn parse(text: &str, zone_seconds: i32) -> Option<Timestamp> {
    let (date, place) = date(text)?;
    let found = CLOCK.captures(&text[place.end..]).or_else(|| CLOCK.captures(&text[..place.start]));
    let time = found.as_ref().and_then(time).unwrap_or(Time::midnight());
    let seconds = zone(&text[place.end..]).unwrap_or(zone_seconds);
    let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
    offset.to_timestamp(DateTime::from_parts(date?, time)).ok()
}

/// Where the first day of a text stands, even if it could be read in two ways or has no year.
pub(super) fn day_place(text: &str) -> Option<Range<usize>> {
    date(text).map(|(_, place)| place).or_else(|| day_without_year(text))
}

/// Where the first time of day stands.
pub(super) fn clock_place(text: &str) -> Option<Range<usize>> {
    CLOCK.find(text).map(|found| found.range())
}

/// A day and where it stands. The day is `None` where it could be one of two.
fn date(text: &str) -> Option<(Option<Date>, Range<usize>)> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = |year: &str, month: i8, day: &str| Date::new(full_year(year)?, month, day.parse().ok()?).ok();
    for form in [&*YEAR_FIRST, &*CJK, &*VIETNAMESE] {
        if let Some(found) = form.captures(text) {
            let (year, day_of_month) = if std::ptr::eq(form, &*VIETNAMESE) { (3, 1) } else { (1, 3) };
            return Some((day(&found[year], found[2].parse().ok()?, &found[day_of_month]), found.get_match().range()));
        }
    }
    for (form, [year, name, day_of_month]) in [(&*DAY_MONTH, [3, 2, 1]), (&*MONTH_DAY, [3, 1, 2]), (&*YEAR_MONTH_DAY, [1, 2, 3])]
    {
        for found in form.captures_iter(text) {
            if let Some(month) = month(&found[name]) {
                return Some((day(&found[year], month, &found[day_of_month]), found.get_match().range()));
            }
        }
    }
    let found = NUMERIC.captures(text)?;
    Some((numeric(&found), found.get_match().range()))
}

/// `4.5.2026` is in May; `4/5/2026` may be in April.
fn numeric(found: &Captures<'_>) -> Option<Date> {
    let (first, second): (i8, i8) = (found[1].parse().ok()?, found[3].parse().ok()?);
    let (of_month, month) = match &found[2] {
        "." => (first, second),
        _ if first > 12 => (first, second),
        _ if second > 12 => (second, first),
        _ if first == second => (first, second),
        _ => return None,
    };
    Date::new(full_year(&found[4])?, month, of_month).ok()
}

fn day_without_year(text: &str) -> Option<Range<usize>> {
    let forms = [(&*DAY_MONTH_ONLY, 1), (&*MONTH_DAY_ONLY, 1)];
    forms.iter().find_map(|(form, name)| {
        form.captures_iter(text).find(|found| month(&found[*name]).is_some()).map(|found| found.get_match().range())
    })
}

fn full_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    Some(match year {
        0..=99 => 2000 + year,
        // The years of Thai Buddhists and of Taiwan are not guessed at.
        _ => year,
    })
}

fn time(found: &Captures<'_>) -> Option<Time> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i8>().ok());
    let hour = number("hour")?;
    let half =
        ["before", "latin", "greek", "other"].iter().find_map(|name| found.name(name)).map(|half| half.as_str().to_lowercase());
    let hour = match half.as_deref() {
        Some("下午" | "午後" | "晚上" | "오후" | "μ" | "م" | "ch" | "p") if hour < 12 => hour + 12,
        Some("上午" | "午前" | "凌晨" | "오전" | "π" | "ص" | "sa" | "a") if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, number("minute")?, number("second").unwrap_or(0), 0).ok()
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

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

// Word boundaries are ASCII: the others are slow, and between 日 and a digit there is none.
static YEAR_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?-u:\b)(\d{4})(?:[-/]|\.\s?)(\d{1,2})(?:[-/]|\.\s?)(\d{1,2})(?-u:\b)"));
static CJK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]"));
static VIETNAMESE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(\d{1,2}) (?:thg|tháng) (\d{1,2}),?(?: năm)? (\d{4})(?-u:\b)"));
static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?-u:\b)(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]+(?:de\s+|of\s+|d['’])?(\p{L}{3,12})\.?,?[\s-]+(?:de\s+|del\s+|г\.\s)?(\d{4})(?-u:\b)",
    )
});
static MONTH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?-u:\b)"));
static YEAR_MONTH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(\d{4})[. -]\s?(\p{L}{3,12})[. -]\s?(\d{1,2})(?-u:\b)"));
static NUMERIC: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?-u:\b)(\d{1,2})(?:([./-])\s?)(\d{1,2})[./-]\s?(\d{4}|\d{2})(?-u:\b)"));
static DAY_MONTH_ONLY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)\d{1,2}(?:st|nd|rd|th|er|\.)?[\s-]+(?:de\s+|of\s+)?(\p{L}{3,12})"));
static MONTH_DAY_ONLY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(\p{L}{3,12})\.?\s+\d{1,2}(?-u:\b)"));
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?P<before>上午|下午|午前|午後|中午|晚上|凌晨|오전|오후)?\s?(?-u:\b)(?P<hour>[01]?\d|2[0-3])(?:[:.h時点點]|시 ?)(?P<minute>[0-5]\d)(?-u:\b)(?:[:.](?P<second>[0-5]\d)(?-u:\b))?(?:\s*(?:(?P<latin>[ap])\.?\s?m(?-u:\b)|(?P<greek>[πμ])\.?μ|(?P<other>م|ص|(?-i:CH|SA)(?-u:\b))))?",
    )
});
static NUMBER_ZONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\s|GMT|UTC|\()([+-])(\d{2}|\d(?:(?-u:\b))):?(\d{2})?(?-u:\b)"));
static NAMED_ZONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u:\b)(UTC|GMT|WET|CES?T|MES?Z|[ECMP][SD]T)(?-u:\b)"));

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
            ("2024年5月1日(水) 12:30", "2024-05-01T12:30:00Z"),
            ("2024年5月1日 週三 下午3:07", "2024-05-01T15:07:00Z"),
            ("2024년 5월 1일 (수) 오후 3:07", "2024-05-01T15:07:00Z"),
            ("2024. 5. 1. 오전 9:05", "2024-05-01T09:05:00Z"),
            ("Th 4, 1 thg 5, 2024 vào lúc 12:30", "2024-05-01T12:30:00Z"),
            ("ср, 1 мая 2024 г. в 12:30", "2024-05-01T12:30:00Z"),
            ("2024. máj. 1., Sze 12:30", "2024-05-01T12:30:00Z"),
            ("Τετ, 1 Μαΐ 2024 στις 3:07 μ.μ.", "2024-05-01T15:07:00Z"),
            ("pe 20. lokakuuta 2017 klo 17.50", "2017-10-20T17:50:00Z"),
            ("4. 5. 2026 v 15:07", "2026-05-04T15:07:00Z"),
            ("יום ד׳, 1 במאי 2024 ב-12:30", "2024-05-01T12:30:00Z"),
            ("11:00 AM, November 17, 2021", "2021-11-17T11:00:00Z"),
            ("04.05.2026", "2026-05-04T00:00:00Z"),
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
