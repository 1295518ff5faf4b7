//! Numbers: amounts with what they count, without those that name a day, a time or an item.

use super::amount::{Amount, amounts};
use super::words::{Term, Words};
use super::{NumberMention, date};
use crate::domain::brief::Span;

pub(super) fn numbers(text: &str) -> Vec<NumberMention> {
    let words = Words::scan(text);
    numbers_in(&words, &amounts(&words))
}

pub(super) fn numbers_in(words: &Words<'_>, amounts: &[Amount]) -> Vec<NumberMention> {
    if amounts.is_empty() {
        return Vec::new();
    }
    let days = date::calendar_spans(words);
    let is_day = |span: Span| days.iter().any(|day| day.start < span.end && span.start < day.end);
    let spoken = spoken_times(words, amounts);
    amounts
        .iter()
        .filter(|amount| !spoken.contains(&amount.first) && !is_day(words.span(amount.first, amount.end)))
        .filter(|amount| !date::is_time_of_day(words, amount) && !is_pronoun(words, amount) && !is_item_mark(words, amount))
        .map(|amount| mention(words, amount))
        .collect()
}

/// First words of the amounts of "at ten thirty".
fn spoken_times(words: &Words<'_>, amounts: &[Amount]) -> Vec<usize> {
    let is_time = |pair: &&[Amount]| {
        pair[0].end == pair[1].first
            && (1.0..=12.0).contains(&pair[0].value)
            && (5.0..60.0).contains(&pair[1].value)
            && words.is_letters(pair[0].first)
            && words.is_any_before(pair[0].first, &["at", "until", "till", "around", "by"])
    };
    amounts.windows(2).filter(is_time).flat_map(|pair| [pair[0].first, pair[1].first]).collect()
}

/// "this one", "one of them", "one-time".
fn is_pronoun(words: &Words<'_>, amount: &Amount) -> bool {
    const BEFORE: [&str; 20] = [
        "this", "that", "the", "which", "no", "any", "every", "each", "last", "first", "next", "another", "new", "some", "other",
        "only", "good", "big", "right", "wrong",
    ];
    if amount.end != amount.first + 1 || !words.is_any(amount.first, &["one"]) {
        return false;
    }
    words.is_any_before(amount.first, &BEFORE)
        || !words.is_letters(amount.end)
        || words.is_function(amount.end)
        || words.is_any(amount.end, &["on", "thing", "another", "day", "way", "else"])
}

/// "1) Send it", "2. Book it" at the start of a line.
fn is_item_mark(words: &Words<'_>, amount: &Amount) -> bool {
    if amount.end != amount.first + 1 || !words.is_glued(amount.first) || !words.is_digits(amount.first) || amount.value > 99.0 {
        return false;
    }
    let has_opening = (amount.first.saturating_sub(8)..amount.first).any(|i| words.is_symbol(i, &['(']));
    let starts_line = amount.first.checked_sub(1).is_none_or(|before| words.gap(before).contains('\n'));
    let is_followed = words.is_letters(amount.end + 1);
    (words.is_symbol(amount.end, &[')']) && !has_opening) || (words.is_symbol(amount.end, &['.']) && starts_line && is_followed)
}

fn mention(words: &Words<'_>, amount: &Amount) -> NumberMention {
    let (unit, end) = unit_after(words, amount.end);
    NumberMention { span: words.span(amount.first, end), number: amount.value, up_to: amount.up_to, unit }
}

/// The unit, and the word after it.
fn unit_after(words: &Words<'_>, at: usize) -> (Option<String>, usize) {
    const SKIPPED: [&str; 6] = ["more", "additional", "extra", "other", "new", "further"];
    const ADJECTIVES: &[&str] = &[
        "active",
        "business",
        "calendar",
        "concurrent",
        "paid",
        "full",
        "remote",
        "working",
        "review",
        "support",
        "named",
        "monthly",
        "annual",
        "daily",
        "licensed",
        "internal",
        "external",
        "different",
        "separate",
        "power",
        "sales",
        "total",
        "potential",
        "key",
        "basis",
        "single",
        "whole",
        "entire",
        "social",
        "data",
        "customer",
        "user",
    ];
    if words.is_symbol(at, &['%']) || words.is_any(at, &["percent", "pct"]) {
        return (Some("percent".to_owned()), at + 1);
    }
    if words.is_any(at, &["per"]) && words.is_any(at + 1, &["cent"]) {
        return (Some("percent".to_owned()), at + 2);
    }
    let mut noun = at;
    if words.is_hyphen(noun) {
        noun += 1;
    }
    if words.is_any(noun, &SKIPPED) && is_noun(words, noun + 1) {
        noun += 1;
    }
    if !is_noun(words, noun) {
        return (None, at);
    }
    if words.is_any(noun, ADJECTIVES) && is_noun(words, noun + 1) {
        return (Some(format!("{} {}", words.text_of(noun), words.text_of(noun + 1))), noun + 2);
    }
    (Some(words.text_of(noun).to_owned()), noun + 1)
}

fn is_noun(words: &Words<'_>, i: usize) -> bool {
    words.is_letters(i)
        && matches!(words.term(i), Term::Other | Term::Time(_) | Term::MoneyCue)
        && words.text_of(i).chars().nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    /// `120 seats`, `10-12 weeks`, `15 percent`, `3 -`; several joined by `; `.
    fn rendered(text: &str) -> String {
        let one = |mention: super::NumberMention| {
            let up_to = mention.up_to.map(|up_to| format!("-{up_to}")).unwrap_or_default();
            format!("{}{up_to} {}", mention.number, mention.unit.as_deref().unwrap_or("-"))
        };
        numbers(text).into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    const ROWS: &[(&str, &str)] = &[
        ("120 seats", "120 seats"),
        ("1,200 seats", "1200 seats"),
        ("1.200 seats", "1200 seats"),
        ("12.5 points", "12.5 points"),
        ("12,5 points", "12.5 points"),
        ("0.125", "0.125 -"),
        ("a hundred and twenty seats", "120 seats"),
        ("one hundred twenty-eight", "128 -"),
        ("two hundred and five thousand three hundred and one", "205301 -"),
        ("a dozen people", "12 people"),
        ("two dozen people", "24 people"),
        ("twenty one people", "21 people"),
        ("twenty - five people", "25 people"),
        ("1 1/2 hours", "1.5 hours"),
        ("1½ hours", "1.5 hours"),
        ("twelve euro forty cents", "12.4 -"),
        ("46 basis points", "46 basis points"),
        ("2000 seats", "2000 seats"),
        ("(about 5)", "5 -"),
        ("fifteen hundred users", "1500 users"),
        ("120k users", "120000 users"),
        ("3 million emails", "3000000 emails"),
        ("15 %", "15 percent"),
        ("15% discount", "15 percent"),
        ("fifteen per cent", "15 percent"),
        ("fifteen percent", "15 percent"),
        ("10-12%", "10-12 percent"),
        ("10% to 12%", "10-12 percent"),
        ("10 to 12 people", "10-12 people"),
        ("10-12 people", "10-12 people"),
        ("ten or twelve people", "10-12 people"),
        ("between 10 and 12 people", "10-12 people"),
        ("12 to 10", "12 -; 10 -"),
        ("3 review rounds", "3 review rounds"),
        ("20 more seats", "20 seats"),
        ("a twelve-month term", "12 month"),
        ("30 days", "30 days"),
        ("in 30 days", "30 days"),
        ("$45k per year", "45000 -"),
        ("two of our people", "2 -"),
        ("seats: 120.", "120 -"),
        ("120, 140 and 160", "120 -; 140 -; 160 -"),
        ("zero downtime", "0 downtime"),
        ("one review round", "1 review round"),
        ("in 2 offices", "2 offices"),
        ("May 12 works, for 120 seats", "120 seats"),
        ("version 3 has 4 modules", "4 modules"),
        ("1,20,000 parcels", "120000 parcels"),
        ("three lakh parcels", "300000 parcels"),
        ("one crore twenty lakh", "12000000 -"),
        ("12,34,56", ""),
        ("a couple hundred tickets", "200 tickets"),
        ("a couple of thousand", "2000 -"),
        // Not numbers.
        ("3D models", ""),
        ("a couple of seats", ""),
        ("this one", ""),
        ("one of them", ""),
        ("no one knows", ""),
        ("a one-time fee", ""),
        ("the first call", ""),
        ("the 15th", ""),
        ("3rd party", ""),
        ("May 12th", ""),
        ("12 May 2026", ""),
        ("2026-05-12", ""),
        ("12.05.2026", ""),
        ("in Q3 2026", ""),
        ("by 2027", ""),
        ("at 3 pm", ""),
        ("at ten thirty", ""),
        ("3pm", ""),
        ("at 15:30", ""),
        ("at 10 on Tuesday", ""),
        ("10 o'clock", ""),
        ("9 a.m.", ""),
        ("v2.1", ""),
        ("version 2.1", ""),
        ("1.2.3", ""),
        ("192.168.0.1", ""),
        ("call +1 415 555 0132", ""),
        ("(415) 555-0132", ""),
        ("415-555-0132", ""),
        ("phone 555 0132", ""),
        ("https://example.com/a/12?b=3", ""),
        ("info24@example.com", ""),
        ("INV-2023-001", ""),
        ("ticket #1042", ""),
        ("room A12", ""),
        ("ISO 27001", ""),
        ("24/7", ""),
        ("my id is five five five one two", ""),
        ("the 1990s", ""),
        ("1) send it 2) book it", ""),
        ("1. Send it\n2. Book it", ""),
        ("06-30-14", ""),
        ("2021 results", ""),
        ("", ""),
    ];

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        let wrong: Vec<_> = ROWS
            .iter()
            .map(|(text, expected)| (*text, rendered(text), *expected))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
    }

    #[test]
    fn spans_cover_number_and_unit() {
        for (text, expected) in
            [("for 120 seats.", "120 seats"), ("a hundred and twenty", "a hundred and twenty"), ("up 15 %!", "15 %")]
        {
            let span = numbers(text)[0].span;
            assert_eq!(&text[span.start..span.end], expected);
        }
    }
}
