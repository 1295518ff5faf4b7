//! A claim's price, share or day that the sources give to something else: "$260 for three terabytes" where $260 is what
//! another asks, and three terabytes cost $410.

use super::saying::Saying;
use super::{Parting, Strength};
use crate::domain::brief::Span;
use crate::domain::mention;
use crate::qa::facts::{SOME_DAY, same};
use crate::qa::index::{content_words, for_each_word};

/// A value of which a sentence says something.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Value {
    kind: Kind,
    /// An amount; of days a number for each.
    number: f64,
    span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Money,
    Share,
    Day,
    Weekday,
}

impl Value {
    fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && same(self.number, other.number)
    }
}

/// The values of a sentence of the sources and its telling words.
pub(super) struct Said {
    values: Vec<Value>,
    words: Vec<String>,
}

impl Said {
    pub(super) fn of(sentence: &str) -> Self {
        let values = values(sentence);
        let words = if values.is_empty() { Vec::new() } else { telling(sentence) };
        Self { values, words }
    }
}

/// Values of a claim that stand in the sources, but never beside its words, while another of the kind stands beside them.
pub(in crate::qa) fn misplaced(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let own = values(saying.text);
    if own.is_empty() {
        return Vec::new();
    }
    let words = telling(saying.text);
    own.iter().filter_map(|value| parting(saying, &own, &words, value)).collect()
}

fn parting(saying: &Saying<'_, '_>, own: &[Value], words: &[String], value: &Value) -> Option<Parting> {
    let near = beside(saying.text, value.span);
    let index = saying.sources.index();
    let (mut is_given, mut most_held) = (false, 0);
    let mut is_near = false;
    let mut best: Option<(usize, usize, usize)> = None;
    for sentence in 0..index.sentences.len() {
        let said = saying.sources.said(sentence);
        if said.values.iter().any(|one| one.is(value)) {
            is_given = true;
            most_held = most_held.max(shared(words, &said.words));
            if shared(&near, &said.words) > 0 {
                return None;
            }
            is_near |= index.share(&near, sentence.saturating_sub(1)..=sentence + 1) > 0.0;
        } else if said.values.iter().any(|one| one.kind == value.kind && !own.iter().any(|own| own.is(one))) {
            let held = (shared(&near, &said.words), shared(words, &said.words), sentence);
            best = best.filter(|best| (best.0, best.1) >= (held.0, held.1)).or(Some(held));
        }
    }
    let (near_held, held, sentence) = best.filter(|_| is_given)?;
    let is_plain = near_held >= 2 && held >= most_held + 2;
    let is_of_another = near_held >= 1 && (held >= most_held + 2 && most_held <= 1 || most_held == 0 && !is_near);
    if !is_plain && !is_of_another {
        return None;
    }
    let claimed = &saying.text[value.span.start..value.span.end];
    let message = format!("\"{claimed}\" stands beside something else in the document; what the claim speaks of has another");
    Some(Parting { sentence: Some(sentence), strength: Strength::Hint, message })
}

fn shared(a: &[String], b: &[String]) -> usize {
    a.iter().filter(|word| b.contains(word)).count()
}

fn values(text: &str) -> Vec<Value> {
    let money = mention::money(text).into_iter().filter(|one| one.up_to.is_none());
    let mut values: Vec<Value> = money.map(|one| Value { kind: Kind::Money, number: one.amount, span: one.span }).collect();
    let shares = mention::numbers(text).into_iter().filter(|one| one.unit.as_deref() == Some("percent"));
    values.extend(shares.map(|one| Value { kind: Kind::Share, number: one.number, span: one.span }));
    for day in mention::dates(text, SOME_DAY).into_iter().filter(|day| day.exact) {
        let words = &text[day.span.start..day.span.end];
        let Some(date) = day.date else { continue };
        if is_weekday(words) {
            let number = f64::from(date.weekday().to_monday_zero_offset());
            values.push(Value { kind: Kind::Weekday, number, span: day.span });
        } else if words.contains(|c: char| c.is_ascii_digit())
            && words.contains(char::is_alphabetic)
            && !words.starts_with("the ")
        {
            let number = f64::from(date.month()) * 100.0 + f64::from(date.day());
            values.push(Value { kind: Kind::Day, number, span: day.span });
        }
    }
    values
}

fn is_weekday(words: &str) -> bool {
    CALENDAR[..7].iter().any(|day| words.eq_ignore_ascii_case(day))
}

/// The telling words of a few to each side of a value.
fn beside(text: &str, span: Span) -> Vec<String> {
    const BESIDE: usize = 7;
    let before: Vec<&str> = text[..span.start].split_whitespace().rev().take(BESIDE).collect();
    let after = text[span.end..].split_whitespace().take(BESIDE);
    let words: Vec<&str> = before.into_iter().rev().chain(after).collect();
    telling(&words.join(" "))
}

/// Content words without numbers, days and what is said of every price and day.
fn telling(text: &str) -> Vec<String> {
    let mut words = content_words(text);
    let mut dropped: Vec<String> = Vec::new();
    for_each_word(text, |word, _| {
        if CALENDAR.contains(&word) || word.len() < 3 || word.contains(|c: char| c.is_ascii_digit()) {
            dropped.extend(content_words(word));
        }
    });
    words.retain(|word| !dropped.contains(word) && !OF_ALL.contains(&word.as_str()));
    words
}

/// Stems of words that tell nothing about what is priced or when.
const OF_ALL: [&str; 40] = [
    "price",
    "pric",
    "cost",
    "month",
    "monthl",
    "year",
    "per",
    "total",
    "amount",
    "day",
    "week",
    "pay",
    "paid",
    "quarter",
    "increas",
    "compar",
    "rang",
    "expect",
    "each",
    "one",
    "two",
    "three",
    "hundr",
    "thousand",
    "million",
    "billion",
    "percent",
    "dollar",
    "euro",
    "pound",
    "usd",
    "eur",
    "gbp",
    "instead",
    "between",
    "only",
    "time",
    "morn",
    "afternoon",
    "other",
];

const CALENDAR: [&str; 19] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

#[cfg(test)]
mod tests {
    use super::misplaced;
    use crate::qa::claim::{Saying, Sources};

    const MAIL: &str = "For the 8 depots you have today it comes to $640 per month. You compared us with a rival at $380, whose \
        sheet leaves the night guard out.\n\nOn Thursday, October 17, Larkfield hosts an open workshop about pallets.\n\n\
        Names can be sent in until October 15.";

    fn count(claim: &str) -> usize {
        misplaced(&Saying::new(claim, &Sources::of([(MAIL, None)]))).len()
    }

    #[test]
    fn a_price_or_day_of_something_else_is_found() {
        assert_eq!(count("All depots together today come to $380 per month."), 1);
        assert_eq!(count("Larkfield hosts a workshop about pallets on October 15."), 1);
    }

    #[test]
    fn the_right_price_and_day_are_none() {
        for claim in [
            "All depots together today come to $640 per month.",
            "The rival is at $380.",
            "The workshop about pallets is on 17 October.",
            "Larkfield hosts a workshop about pallets on October 17, names are taken until October 15.",
            "Names can be sent until 15 October.",
        ] {
            assert_eq!(count(claim), 0, "{claim}");
        }
    }
}
