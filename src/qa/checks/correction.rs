//! The slip of the tongue: "sixty, no, seventy-five"; "make that 75"; "sorry, I meant March".

use jiff::civil::Date;

use super::same_value::{Relation, mentioned, relation};
use super::taking_back::{corrects, may_correct};
use super::{Context, inside};
use crate::context::Unit;
use crate::domain::brief::{Evidence, Span};
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::facts::same;
use crate::qa::index::stem;

/// What the speaker put in the place of a value.
pub(super) struct Correction {
    pub(super) value: Value,
    pub(super) evidence: Evidence,
    /// "Sixty, no, maybe seventy-five": not sure enough to stand.
    pub(super) is_hedged: bool,
}

/// Turns after the value that are looked at, of whoever speaks.
const TURNS: usize = 6;
/// Bytes of a turn that are looked at: who corrects himself does so at once.
const REACH: usize = 300;

/// The next value of the same kind that the same speaker says, if words of correction stand right before it.
pub(super) fn correction(context: &Context<'_>, ours: &Value, evidence: &[Evidence]) -> Option<Correction> {
    if matches!(ours, Value::Choice { .. }) {
        return None;
    }
    let own = evidence.iter().rfind(|one| one.span.is_some())?;
    let unit = context.unit_of(own)?;
    let quoted = inside(unit, own.span?)?;
    let later = later_turns(context, unit);
    // Most texts hold no such words at all: then nothing else is read.
    let starts_with_words = |unit: &&Unit| may_correct(head(&unit.text, REACH));
    if !may_correct(&unit.text[quoted.start..]) && !later.iter().any(starts_with_words) {
        return None;
    }
    let (said, _) = mentioned(context, &[], ours, &unit.text, unit)
        .into_iter()
        .rfind(|(span, value)| span.start < quoted.end && quoted.start < span.end && is_ours(ours, value))?;
    let mut is_next = true;
    for (unit, from) in std::iter::once((unit, said.end)).chain(later.into_iter().map(|unit| (unit, 0))) {
        for one in next_values(context, ours, unit, from) {
            let before = &unit.text[from..one.span.start];
            // In another turn the correction opens it; "make that 75" corrects the number said last, whatever it counts.
            let is_in_place = (from > 0 || one.span.start <= REACH / 3) && (is_next || !one.is_bare);
            if is_in_place && corrects(before) && !is_of_part(&unit.text[one.span.end..]) {
                return one.value.map(|value| found(unit, one.span, value));
            }
            if !one.is_bare && one.value.is_some() && relation(ours, one.value.as_ref()?) != Relation::Agrees {
                return None;
            }
            is_next = false;
        }
    }
    None
}

fn found(unit: &Unit, span: Span, value: Value) -> Correction {
    let sentence = mention::sentences(&unit.text).into_iter().find(|one| one.start <= span.start && span.end <= one.end);
    let sentence = sentence.unwrap_or(span);
    let text = &unit.text[sentence.start..sentence.end];
    Correction { value, evidence: unit.evidence(text.to_owned(), sentence), is_hedged: mention::is_hedged(text) }
}

/// The next units of the same speaker in the same source, soon after.
fn later_turns<'a>(context: &Context<'a>, unit: &Unit) -> Vec<&'a Unit> {
    let units = context.excerpt.units();
    let next = units.iter().skip(unit.n as usize).take(TURNS);
    let same = |other: &&Unit| other.source == unit.source && other.speaker == unit.speaker && !other.gap_before;
    next.filter(same).take(2).collect()
}

fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// Whether a mention is our value, whatever unit, currency or period it leaves out.
fn is_ours(ours: &Value, value: &Value) -> bool {
    match (ours, value) {
        (Value::Number { number: a, .. }, Value::Number { number: b, .. }) => same(*a, *b),
        (Value::Money { amount: a, .. }, Value::Money { amount: b, .. }) => same(*a, *b),
        _ => relation(ours, value) == Relation::Agrees,
    }
}

/// A value after ours.
struct Next {
    span: Span,
    /// A number without a unit: it takes the unit of the value it corrects.
    is_bare: bool,
    /// `None`: counts something else.
    value: Option<Value>,
}

/// Values of our kind and bare numbers in a unit, from a place on, in order.
fn next_values(context: &Context<'_>, ours: &Value, unit: &Unit, from: usize) -> Vec<Next> {
    let end = unit.text.floor_char_boundary(from + REACH);
    let near = |span: &Span| from <= span.start && span.end <= end;
    let of_kind = mentioned(context, &[], ours, &unit.text, unit).into_iter().filter(|(span, _)| near(span));
    let mut all: Vec<Next> =
        of_kind.map(|(span, value)| Next { span, is_bare: is_bare(&value), value: in_place_of(ours, value) }).collect();
    if matches!(ours, Value::Money { .. } | Value::Duration { .. }) {
        let quantities = context.quantities(&unit.text);
        let bare = quantities.numbers.iter().filter(|one| one.unit.is_none() && near(&one.span));
        let bare = bare.filter(|one| !all.iter().any(|other| other.span.start < one.span.end && one.span.start < other.span.end));
        let bare: Vec<Next> =
            bare.map(|one| Next { span: one.span, is_bare: true, value: from_number(ours, one.number, one.up_to) }).collect();
        all.extend(bare);
    }
    all.sort_by_key(|one| one.span.start);
    all
}

fn is_bare(value: &Value) -> bool {
    matches!(value, Value::Number { unit: None, .. })
}

/// The corrected value: what it does not say it has from ours.
fn in_place_of(ours: &Value, theirs: Value) -> Option<Value> {
    match (ours, theirs) {
        (Value::Money { currency, period, .. }, Value::Money { amount, up_to, currency: theirs, period: their_period }) => {
            Some(Value::Money { amount, up_to, currency: theirs.or_else(|| currency.clone()), period: their_period.or(*period) })
        }
        (Value::Number { unit, .. }, Value::Number { number, up_to, unit: theirs }) => {
            let is_same = theirs.is_none() || unit.as_deref().map(stem) == theirs.as_deref().map(stem);
            is_same.then(|| Value::Number { number, up_to, unit: unit.clone() })
        }
        (Value::Date { date, said }, Value::Date { date: theirs, said: their_said }) => {
            Some(Value::Date { date: with_day_of(*date, said, theirs, &their_said), said: their_said })
        }
        (_, theirs) => Some(theirs),
    }
}

/// "May 15th, sorry, I meant March": the fifteenth of March.
fn with_day_of(ours: Date, said: &str, theirs: Date, their_said: &str) -> Date {
    let has_day = |said: &str| said.contains(|c: char| c.is_ascii_digit());
    match has_day(said) && !has_day(their_said) && theirs == theirs.last_of_month() {
        true => theirs.with().day(ours.day()).build().unwrap_or(theirs),
        false => theirs,
    }
}

/// "Sixty thousand, no, seventy-five": a number alone is in the thousands that ours is in.
fn from_number(ours: &Value, number: f64, up_to: Option<f64>) -> Option<Value> {
    match ours {
        Value::Money { amount, currency, period, .. } => {
            let is_near = |factor: &&f64| (0.2..=5.0).contains(&(number * **factor / amount));
            let factor = [1.0, 1e3, 1e6].iter().find(is_near)?;
            let up_to = up_to.map(|end| end * factor);
            Some(Value::Money { amount: number * factor, up_to, currency: currency.clone(), period: *period })
        }
        Value::Duration { unit, .. } => Some(Value::Duration { amount: number, up_to, unit: *unit }),
        _ => None,
    }
}

/// "I mean forty of them": a part, and no correction.
fn is_of_part(after: &str) -> bool {
    let after = after.trim_start();
    ["of them", "of those", "of these", "of which", "of the", "of our", "percent of", "% of"]
        .iter()
        .any(|words| after.starts_with(words))
}
