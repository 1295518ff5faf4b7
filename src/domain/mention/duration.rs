//! Lengths of time: an amount with a unit of time after it, or "a quarter", "half a year", "a couple of weeks".

use super::DurationMention;
use super::amount::{Amount, amounts};
use super::words::{Term, Words};
use crate::domain::value::DurationUnit;

/// A length of time, by the words it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Length {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) amount: f64,
    pub(super) up_to: Option<f64>,
    pub(super) unit: DurationUnit,
    /// Weekends do not count.
    pub(super) is_business: bool,
}

pub(super) fn durations(text: &str) -> Vec<DurationMention> {
    let words = Words::scan(text);
    durations_in(&words, &amounts(&words))
}

pub(super) fn durations_in(words: &Words<'_>, amounts: &[Amount]) -> Vec<DurationMention> {
    lengths(words, amounts)
        .into_iter()
        .map(|length| DurationMention {
            span: words.span(length.first, length.end),
            amount: length.amount,
            up_to: length.up_to,
            unit: length.unit,
        })
        .collect()
}

pub(super) fn lengths(words: &Words<'_>, amounts: &[Amount]) -> Vec<Length> {
    let mut found: Vec<Length> = amounts
        .iter()
        .filter_map(|amount| {
            // "location 3117d".
            if amount.value > 9_999.0 || (amount.value > 999.0 && words.is_glued(amount.end - 1)) {
                return None;
            }
            let unit = unit_at(words, amount.end)?;
            let length = Length {
                first: amount.first,
                end: unit.end,
                amount: amount.value * unit.factor,
                up_to: amount.up_to.map(|up_to| up_to * unit.factor),
                unit: unit.unit,
                is_business: unit.is_business,
            };
            (!is_age(words, unit.end)).then_some(length)
        })
        .collect();
    let counted = found.len();
    let mut i = 0;
    while i < words.len() {
        let next = unnumbered(words, i).filter(|length| is_free(&found[..counted], length));
        i = next.map_or(i + 1, |length| length.end);
        found.extend(next);
    }
    found.sort_by_key(|length| length.first);
    found
}

/// Whether no other length, in order, shares a word with it.
fn is_free(others: &[Length], length: &Length) -> bool {
    let next = others.partition_point(|other| other.end <= length.first);
    others.get(next).is_none_or(|other| length.end <= other.first)
}

struct Unit {
    end: usize,
    unit: DurationUnit,
    factor: f64,
    is_business: bool,
}

/// The unit of time at `at`, after a hyphen or an adjective if there is one.
fn unit_at(words: &Words<'_>, at: usize) -> Option<Unit> {
    const ADJECTIVES: [&str; 10] =
        ["business", "working", "calendar", "full", "more", "additional", "whole", "consecutive", "extra", "solid"];
    let mut at = at;
    if words.is_hyphen(at) {
        at += 1;
    }
    let is_business = words.is_any(at, &["business", "working"]);
    if words.is_any(at, &ADJECTIVES) {
        at += 1;
    }
    let (unit, factor) = match words.term(at) {
        Term::Time(unit) => (unit, 1.0),
        _ if words.is_any(at, &["fortnight", "fortnights"]) => (DurationUnit::Week, 2.0),
        _ if words.is_glued_before(at) => (short_unit(words, at)?, 1.0),
        _ => return None,
    };
    Some(Unit { end: at + 1, unit, factor, is_business })
}

/// `30d`, `2w`: one letter right after the digits.
fn short_unit(words: &Words<'_>, i: usize) -> Option<DurationUnit> {
    match words.text_of(i) {
        "h" => Some(DurationUnit::Hour),
        "d" => Some(DurationUnit::Day),
        "w" => Some(DurationUnit::Week),
        "y" => Some(DurationUnit::Year),
        _ => None,
    }
}

fn is_age(words: &Words<'_>, end: usize) -> bool {
    let next = if words.is_symbol(end, &['-']) { end + 1 } else { end };
    words.is_any(next, &["old", "olds"]) || (words.is_any(end, &["of"]) && words.is_any(end + 1, &["age"]))
}

/// A length of time without a numeral.
fn unnumbered(words: &Words<'_>, i: usize) -> Option<Length> {
    match words.term(i) {
        Term::Article if !words.is_any(i, &["the"]) => article(words, i),
        Term::Lead if words.is_any(i, &["half"]) => half(words, i),
        Term::Lead if words.is_any(i, &["couple"]) => couple(words, i),
        _ => None,
    }
}

/// `half a year`, `half an hour`.
fn half(words: &Words<'_>, i: usize) -> Option<Length> {
    let unit = words.is_any(i + 1, &["a", "an"]).then(|| unit_at(words, i + 2)).flatten()?;
    Some(Length { first: i, end: unit.end, amount: 0.5 * unit.factor, up_to: None, unit: unit.unit, is_business: false })
}

/// `a couple of weeks`, `couple weeks`.
fn couple(words: &Words<'_>, i: usize) -> Option<Length> {
    let first = if words.is_any_before(i, &["a"]) { i - 1 } else { i };
    let at = if words.is_any(i + 1, &["of"]) { i + 2 } else { i + 1 };
    let at = if words.is_any(at, &["more"]) { at + 1 } else { at };
    let unit = unit_at(words, at)?;
    Some(Length { first, end: unit.end, amount: 2.0 * unit.factor, up_to: None, unit: unit.unit, is_business: unit.is_business })
}

/// `a quarter`, `a year and a half`; not in "twice a year" and "a quarter of the users".
fn article(words: &Words<'_>, i: usize) -> Option<Length> {
    let unit = unit_at(words, i + 1)?;
    // "a year-over-year increase", "a day trader".
    if words.is_hyphen(unit.end) || words.is_any(unit.end, &["trader", "off", "one"]) {
        return None;
    }
    if !may_measure(words, i) || words.is_any(unit.end, &["of", "past", "to"]) && unit.unit == DurationUnit::Quarter {
        return None;
    }
    let and_a_half =
        words.is_any(unit.end, &["and"]) && words.is_any(unit.end + 1, &["a"]) && words.is_any(unit.end + 2, &["half"]);
    let or_two = words.is_any(unit.end, &["or"]) && words.is_any(unit.end + 1, &["two"]) && !words.is_letters(unit.end + 2);
    let (amount, up_to, end) = match () {
        () if and_a_half => (1.5, None, unit.end + 3),
        () if or_two => (1.0, Some(2.0 * unit.factor), unit.end + 2),
        () => (1.0, None, unit.end),
    };
    Some(Length { first: i, end, amount: amount * unit.factor, up_to, unit: unit.unit, is_business: unit.is_business })
}

/// Whether "a year" after this word is a length and not a rate.
fn may_measure(words: &Words<'_>, article: usize) -> bool {
    const BEFORE: [&str; 40] = [
        "for",
        "in",
        "within",
        "about",
        "around",
        "after",
        "over",
        "takes",
        "take",
        "took",
        "taking",
        "least",
        "most",
        "than",
        "of",
        "roughly",
        "approximately",
        "is",
        "was",
        "be",
        "lasts",
        "last",
        "lasted",
        "to",
        "or",
        "only",
        "maybe",
        "until",
        "nearly",
        "almost",
        "just",
        "like",
        "need",
        "needs",
        "us",
        "me",
        "every",
        "half",
        "under",
        "before",
    ];
    let is_hyphenated = words.is_symbol(article + 1, &['-']);
    article == 0
        || is_hyphenated
        || words.is_any_before(article, &BEFORE)
        || words.is_break(article - 1)
        || words.is_symbol(article - 1, &[','])
}

#[cfg(test)]
mod tests {
    use super::durations;

    /// `2 Week`, `6-8 Week`; several joined by `; `.
    fn rendered(text: &str) -> String {
        let one = |mention: super::DurationMention| {
            let up_to = mention.up_to.map(|up_to| format!("-{up_to}")).unwrap_or_default();
            format!("{}{up_to} {:?}", mention.amount, mention.unit)
        };
        durations(text).into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    const ROWS: &[(&str, &str)] = &[
        ("two weeks", "2 Week"),
        ("30 days", "30 Day"),
        ("a quarter", "1 Quarter"),
        ("it takes a quarter", "1 Quarter"),
        ("6-8 weeks", "6-8 Week"),
        ("6–8 weeks", "6-8 Week"),
        ("6 to 8 weeks", "6-8 Week"),
        ("six or eight weeks", "6-8 Week"),
        ("a twelve-month term", "12 Month"),
        ("a 90-day trial", "90 Day"),
        ("half a year", "0.5 Year"),
        ("half an hour", "0.5 Hour"),
        ("18 months", "18 Month"),
        ("a couple of weeks", "2 Week"),
        ("couple weeks", "2 Week"),
        ("3 weeks ago", "3 Week"),
        ("two and a half years", "2.5 Year"),
        ("a year and a half", "1.5 Year"),
        ("for a year", "1 Year"),
        ("5 business days", "5 Day"),
        ("two more weeks", "2 Week"),
        ("a fortnight", "2 Week"),
        ("45 mins", "45 Minute"),
        ("30min", "30 Minute"),
        ("2 hrs", "2 Hour"),
        ("within 30d", "30 Day"),
        ("one quarter", "1 Quarter"),
        ("24 months' notice", "24 Month"),
        ("Implementation takes six weeks and training 2 days.", "6 Week; 2 Day"),
        ("it takes a week or two", "1-2 Week"),
        ("for a fortnight or two", "2-4 Week"),
        // Not lengths of time.
        ("a few weeks", ""),
        ("$45k a year", ""),
        ("twice a year", ""),
        ("once a month", ""),
        ("per month", ""),
        ("a quarter of the users", ""),
        ("she is 45 years old", ""),
        ("a 5-year-old system", ""),
        ("this quarter", ""),
        ("120 seats", ""),
        ("5 d", ""),
        ("location 3117d", ""),
        ("a year-over-year increase", ""),
        ("", ""),
    ];

    #[test]
    fn lengths_of_time_are_read() {
        let wrong: Vec<_> = ROWS
            .iter()
            .map(|(text, expected)| (*text, rendered(text), *expected))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
    }
}
