//! Typed values in a sentence, and which of several holds.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::{Answer, Quote};
use super::candidate::Candidate;
use super::cues::Owner;
use super::saying::{Manner, Saying, pattern};
use crate::domain::brief::Span;
use crate::domain::contract::Field;
use crate::domain::event::Side;
use crate::domain::mention;
use crate::domain::value::{DurationUnit, FieldType, Value};

/// A value read from one sentence.
#[derive(Debug, Clone)]
struct Reading {
    saying: usize,
    score: f32,
    value: Value,
    /// Place of the value in the sentence.
    span: Span,
}

/// Answers a money, number, date, duration or choice field.
pub(super) fn answer(position: usize, field: &Field, candidates: &[Candidate], sayings: &[Saying<'_>]) -> Answer {
    let mut readings: Vec<Reading> = candidates
        .iter()
        .filter_map(|candidate| {
            read(position, field, candidate, &sayings[candidate.saying])
                .or_else(|| read_beside(position, field, candidate, sayings))
        })
        .collect();
    readings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.saying.cmp(&b.saying)));
    let Some(best) = readings.first() else { return Answer::not_stated() };
    if let Some(corrected) = correction(position, field, best, sayings) {
        let quotes = vec![Quote::of(&sayings[best.saying]), Quote::of(&sayings[corrected.saying])];
        return Answer::stated(corrected.value, quotes);
    }
    let rivals = rivals(best, &readings, sayings);
    let Some(last) = rivals.iter().max_by_key(|reading| reading.saying) else {
        return stated(best, sayings);
    };
    if field.field_type == FieldType::Choice {
        return stated(best, sayings);
    }
    // Newest last, as it was said.
    let newest = if last.saying > best.saying { last } else { best };
    if SUPERSEDES.is_match(sayings[newest.saying].text) {
        return stated(newest, sayings);
    }
    let oldest = rivals.iter().copied().chain([best]).min_by_key(|reading| reading.saying).unwrap_or(best);
    conflicting(oldest, newest, sayings)
}

/// Readings about as good as the best one that say something else, in another message, told first hand if the best is.
fn rivals<'r>(best: &Reading, readings: &'r [Reading], sayings: &[Saying<'_>]) -> Vec<&'r Reading> {
    let (home, first_hand) = (sayings[best.saying].unit, !sayings[best.saying].reports());
    let from_customer = sayings[best.saying].side() == Side::Customer;
    readings
        .iter()
        .filter(|reading| !from_customer || sayings[reading.saying].side() == Side::Customer)
        .filter(|reading| is_comparable(&reading.value, &best.value))
        .filter(|reading| reading.score >= 0.6 * best.score && !agree(&reading.value, &best.value))
        .filter(|reading| {
            let saying = &sayings[reading.saying];
            (saying.unit.source != home.source || saying.unit.message != home.message) && !(first_hand && saying.reports())
        })
        .collect()
}

/// "Actually, make that 75": the same person takes back what they said, without naming it again.
fn correction(position: usize, field: &Field, best: &Reading, sayings: &[Saying<'_>]) -> Option<Reading> {
    let said = &sayings[best.saying];
    let same_voice = |saying: &Saying<'_>| saying.unit.source == said.unit.source && saying.unit.speaker == said.unit.speaker;
    let later = (best.saying + 1..sayings.len()).rev().filter(|index| same_voice(&sayings[*index]));
    later.filter(|index| sayings[*index].manner == Manner::States).find_map(|index| {
        let text = sayings[index].text;
        let corrects = CORRECTS.find(text)?;
        let (span, value) = values(position, field, &sayings[index])
            .into_iter()
            .find(|(span, _)| span.start >= corrects.end() && span.start - corrects.end() <= 16)?;
        let value = in_the_terms_of(&best.value, value)?;
        (!agree(&value, &best.value)).then_some(Reading { saying: index, score: best.score, value, span })
    })
}

/// The new amount with the unit of the old one, if it names none; `None` if it is about something else.
fn in_the_terms_of(old: &Value, new: Value) -> Option<Value> {
    match (old, new) {
        (Value::Number { unit: old, .. }, Value::Number { number, up_to, unit }) => {
            let alike = unit.is_none() || unit == *old;
            alike.then(|| Value::Number { number, up_to, unit: old.clone() })
        }
        (Value::Money { currency: old, period: old_period, .. }, Value::Money { amount, up_to, currency, period }) => {
            let (currency, period) = (currency.or_else(|| old.clone()), period.or(*old_period));
            Some(Value::Money { amount, up_to, currency, period })
        }
        (_, new) => Some(new),
    }
}

/// Staff and users are counted apart.
fn is_comparable(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number { unit: Some(one), .. }, Value::Number { unit: Some(other), .. }) => {
            one.trim_end_matches('s').eq_ignore_ascii_case(other.trim_end_matches('s'))
        }
        _ => true,
    }
}

fn stated(reading: &Reading, sayings: &[Saying<'_>]) -> Answer {
    Answer::stated(reading.value.clone(), vec![Quote::of(&sayings[reading.saying])])
}

fn conflicting(older: &Reading, newer: &Reading, sayings: &[Saying<'_>]) -> Answer {
    let quotes = vec![Quote::of(&sayings[older.saying]), Quote::of(&sayings[newer.saying])];
    Answer::conflicting(vec![older.value.clone(), newer.value.clone()], quotes)
}

/// The value of the field's type nearest to where the field is spoken of.
fn read(position: usize, field: &Field, candidate: &Candidate, saying: &Saying<'_>) -> Option<Reading> {
    let found = values(position, field, saying);
    let reach = reach(field.field_type);
    found
        .into_iter()
        .filter(|(span, _)| !in_condition(saying.text, span.start))
        .filter_map(|(span, value)| {
            let distance = candidate.anchor.map_or(0, |anchor| distance(anchor, span));
            // A number that counts nothing must stand right at the words.
            let is_bare = matches!(value, Value::Number { unit: None, .. });
            (distance <= if is_bare { reach.min(12) } else { reach }).then(|| {
                let near = 1.0 - 0.4 * (distance as f32 / reach.max(1) as f32);
                Reading { saying: candidate.saying, score: candidate.score * near * recall(saying.text, span), value, span }
            })
        })
        .max_by(|a, b| a.score.total_cmp(&b.score).then(b.span.start.cmp(&a.span.start)))
}

/// "The gala is on the 18th. Everything has to be ready for the gala": a date in the sentence before or after, in the
/// same turn, where that sentence speaks of nothing else the contract looks for.
fn read_beside(position: usize, field: &Field, candidate: &Candidate, sayings: &[Saying<'_>]) -> Option<Reading> {
    if field.field_type != FieldType::Date || candidate.anchor.is_none() {
        return None;
    }
    let home = sayings[candidate.saying].unit.n;
    let beside = [candidate.saying.checked_sub(1), Some(candidate.saying + 1)].into_iter().flatten();
    beside
        .filter(|index| sayings.get(*index).is_some_and(|saying| saying.unit.n == home && saying.manner == Manner::States))
        .filter(|index| !sayings[*index].hits.iter().any(|hit| matches!(hit.owner, Owner::Field(_))))
        .find_map(|index| {
            let weaker = Candidate { saying: index, score: 0.6 * candidate.score, anchor: None };
            read(position, field, &weaker, &sayings[index])
        })
}

/// How many bytes a value may stand from the words that ask for it.
fn reach(field_type: FieldType) -> usize {
    match field_type {
        FieldType::Number => 40,
        FieldType::Duration => 70,
        FieldType::Money => 110,
        FieldType::Date => 140,
        FieldType::Choice | FieldType::Text | FieldType::Person | FieldType::List | FieldType::Commitment => usize::MAX / 2,
    }
}

fn distance((start, end): (usize, usize), span: Span) -> usize {
    if span.end <= start { start - span.end } else { span.start.saturating_sub(end) }
}

fn values(position: usize, field: &Field, saying: &Saying<'_>) -> Vec<(Span, Value)> {
    let text = saying.text;
    match field.field_type {
        FieldType::Money => amounts(saying),
        FieldType::Number => {
            let money = mention::money(text);
            let is_money = |span: Span| money.iter().any(|m| m.span.start < span.end && span.start < m.span.end);
            mention::numbers(text)
                .into_iter()
                .filter(|n| !is_money(n.span))
                .map(|n| {
                    (
                        n.span,
                        Value::Number { number: n.number, up_to: n.up_to, unit: unit_of(position, saying, n.span).or(n.unit) },
                    )
                })
                .collect()
        }
        FieldType::Date => mention::dates(text, saying.said_on())
            .into_iter()
            .filter_map(|d| Some((d.span, Value::Date { date: d.date?, said: text[d.span.start..d.span.end].to_owned() })))
            .collect(),
        FieldType::Duration => mention::durations(text)
            .into_iter()
            .map(|d| (d.span, Value::Duration { amount: d.amount, up_to: d.up_to, unit: d.unit }))
            .collect(),
        FieldType::Choice => choices(position, field, saying),
        FieldType::Text | FieldType::Person | FieldType::List | FieldType::Commitment => Vec::new(),
    }
}

/// "Two feedback rounds" counts rounds: the last word of the cue that begins right behind the number.
fn unit_of(position: usize, saying: &Saying<'_>, number: Span) -> Option<String> {
    let is_behind =
        |start: usize| start > number.start && (start <= number.end || saying.text[number.end..start].trim().is_empty());
    let cue = saying.hits.iter().find(|hit| hit.owner == Owner::Field(position) && is_behind(hit.start))?;
    // The cue may end inside a word ("feedback round*").
    let end = saying.text[cue.end..].find(|c: char| !c.is_alphanumeric()).map_or(saying.text.len(), |more| cue.end + more);
    let mut words = saying.text[cue.start..end].split_whitespace();
    words.rfind(|word| !matches!(word.to_lowercase().as_str(), "of" | "in" | "the" | "more" | "included")).map(str::to_owned)
}

/// Amounts of money; where a question about money is answered, also bare thousands ("twenty thousand").
fn amounts(saying: &Saying<'_>) -> Vec<(Span, Value)> {
    let found: Vec<(Span, Value)> = mention::money(saying.text)
        .into_iter()
        .map(|m| (m.span, Value::Money { amount: m.amount, up_to: m.up_to, currency: m.currency, period: m.period }))
        .collect();
    if !found.is_empty() || saying.answers.is_none() {
        return found;
    }
    let bare = mention::numbers(saying.text).into_iter().filter(|number| number.number >= 1_000.0 && number.unit.is_none());
    bare.map(|n| (n.span, Value::Money { amount: n.number, up_to: n.up_to, currency: None, period: None })).collect()
}

/// Choices whose own words stand in the sentence, the most telling first.
fn choices(position: usize, field: &Field, saying: &Saying<'_>) -> Vec<(Span, Value)> {
    let mut found: Vec<(f32, Span, usize)> = saying
        .hits
        .iter()
        .filter(|hit| !saying.denies(hit))
        .filter_map(|hit| match hit.owner {
            Owner::Choice { field: of, choice } if of == position => {
                Some((hit.weight(), Span { start: hit.start, end: hit.end }, choice))
            }
            Owner::Choice { .. } | Owner::Field(_) | Owner::Label { .. } => None,
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(1);
    found.into_iter().map(|(_, span, choice)| (span, Value::Choice { choice: field.choices[choice].name.clone() })).collect()
}

/// "If it is ninety": an amount in a condition is nobody's amount.
fn in_condition(text: &str, at: usize) -> bool {
    let clause = text[..at].rfind([',', ';', '.', '–', '—']).map_or(&text[..at], |start| &text[start..at]);
    CONDITION.is_match(clause) && !OR_ELSE.is_match(clause)
}

/// What somebody paid last year or first asked for weighs less than what they say now.
fn recall(text: &str, span: Span) -> f32 {
    let mut from = span.start.saturating_sub(40);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    if PAST.is_match(&text[from..]) { 0.6 } else { 1.0 }
}

fn agree(one: &Value, other: &Value) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() <= 0.001 * a.abs().max(b.abs());
    match (one, other) {
        (
            Value::Money { amount: a, up_to: a_to, currency: a_in, .. },
            Value::Money { amount: b, up_to: b_to, currency: b_in, .. },
        ) => {
            let same_currency = a_in.is_none() || b_in.is_none() || a_in == b_in;
            same_currency && (close(*a, *b) || within(*a, *b, *b_to) || within(*b, *a, *a_to))
        }
        (Value::Number { number: a, up_to: a_to, .. }, Value::Number { number: b, up_to: b_to, .. }) => {
            close(*a, *b) || within(*a, *b, *b_to) || within(*b, *a, *a_to)
        }
        (Value::Date { date: a, .. }, Value::Date { date: b, .. }) => a == b,
        (Value::Duration { amount: a, unit: a_unit, .. }, Value::Duration { amount: b, unit: b_unit, .. }) => {
            close(a * minutes(*a_unit), b * minutes(*b_unit))
        }
        (one, other) => one == other,
    }
}

fn within(amount: f64, from: f64, to: Option<f64>) -> bool {
    to.is_some_and(|to| from <= amount && amount <= to)
}

fn minutes(unit: DurationUnit) -> f64 {
    match unit {
        DurationUnit::Minute => 1.0,
        DurationUnit::Hour => 60.0,
        DurationUnit::Day => 1_440.0,
        DurationUnit::Week => 10_080.0,
        DurationUnit::Month => 43_800.0,
        DurationUnit::Quarter => 131_400.0,
        DurationUnit::Year => 525_600.0,
    }
}

static CORRECTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:make (?:that|it)|actually|rather|i meant|i mean|correction|scratch that|should (?:be|say|read)|changed to|change (?:that|it) to|now|but)\b[,:]?",
    )
});

/// "If we don't have it by June": that June is meant.
static OR_ELSE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bif (?:not|\w+ (?:don['’]t|do not|can['’]t|cannot|doesn['’]t|isn['’]t|aren['’]t))\b"));

static CONDITION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:if|even if|otherwise)\b"));

static PAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:last (?:year|time|month|quarter)|previously|used to|back then|originally|at first|first (?:quote|offer)|list price)\b",
    )
});

/// Words that take back what was said before.
pub(super) static SUPERSEDES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?: actually | make\sthat | make\sit | instead | changed\s(?:to|from) | change\sit\sto | moved\s(?:to|from|it|up|out|back) | move\sit\sto
        | no\slonger | correction | correct\smyself | scratch\sthat | rather\sthan | revised | updated? | raised\s(?:to|it|the) | increased\sto | cut\sto
        | went\sup\sto | now\s(?:have|at|up|down|it['’]?s) | got\sapproval\sfor | pushed\s(?:to|back|out) | postponed | brought\sforward | slipped
        | forget\s(?:the|what|my) | not\sthe\s(?:old|first|earlier) | new\s(?:budget|date|deadline|figure|number|target) | turns\sout | in\sthe\send\swe )\b",
    )
});
