//! Labels that are told apart by a measure: "within 30 days", "100 to 1000 employees".

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::answer::{Answer, Quote};
use super::saying::{Manner, Saying, pattern};
use crate::domain::brief::AskWhom;
use crate::domain::contract::{Axis, Contract};
use crate::domain::event::Side;
use crate::domain::mention;
use crate::domain::value::{DurationUnit, Value};

/// What the sources say that a label's limits can be held against.
pub(super) struct Measured {
    /// Days from when the customer's own date was said to that date.
    deadline: Option<(f64, Quote)>,
    /// Counts of people and things, with their unit in singular.
    counts: Vec<(f64, String, Quote)>,
}

/// Whether a limit is the most or the least that a label allows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    AtMost(f64),
    MoreThan(f64),
    Between(f64, f64),
}

/// Reads the measures. The deadline is the nearest of the dates that the customer is asked for.
pub(super) fn read(contract: &Contract, fields: &[(&str, Answer)], sayings: &[Saying<'_>]) -> Measured {
    let customer_dates = contract.fields.iter().zip(fields).filter(|(field, _)| field.ask_whom == AskWhom::Customer);
    let deadline = customer_dates
        .filter_map(|(_, (_, answer))| match (&answer.value, answer.quotes.first()) {
            (Some(Value::Date { date, .. }), Some(quote)) => Some((days_until(*date, quote, sayings)?, quote.clone())),
            _ => None,
        })
        .filter(|(days, _)| *days >= 0.0)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    Measured { deadline, counts: counts(contract, sayings) }
}

/// The label of an axis whose limits hold a measure, with the quote that has it.
pub(super) fn label<'m>(axis: &Axis, measured: &'m Measured) -> Option<(usize, &'m Quote)> {
    let by_time = || {
        let (days, quote) = measured.deadline.as_ref()?;
        let limits: Vec<Option<Limit>> = axis.labels.iter().map(|label| time_limit(&label.when)).collect();
        Some((tightest(&limits, *days)?, quote))
    };
    let by_count = || {
        measured.counts.iter().find_map(|(count, unit, quote)| {
            let limits: Vec<Option<Limit>> = axis.labels.iter().map(|label| count_limit(&label.when, unit)).collect();
            Some((tightest(&limits, *count)?, quote))
        })
    };
    by_time().or_else(by_count)
}

/// One label with a limit is no scale.
fn tightest(limits: &[Option<Limit>], measure: f64) -> Option<usize> {
    if limits.iter().flatten().count() < 2 {
        return None;
    }
    let room = |limit: &Limit| match *limit {
        Limit::AtMost(most) => (measure <= most).then_some(most),
        Limit::Between(least, most) => (least <= measure && measure <= most).then_some(most),
        Limit::MoreThan(least) => (measure > least).then_some(f64::MAX),
    };
    let fitting = limits.iter().enumerate().filter_map(|(label, limit)| Some((label, room(limit.as_ref()?)?)));
    fitting.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(label, _)| label)
}

fn days_until(date: Date, quote: &Quote, sayings: &[Saying<'_>]) -> Option<f64> {
    let said_on = sayings.iter().find(|saying| saying.unit.n == quote.unit)?.said_on()?;
    Some(f64::from((date - said_on).get_days()))
}

fn time_limit(when: &str) -> Option<Limit> {
    let found = mention::durations(when).into_iter().next()?;
    let days = found.amount * days(found.unit);
    Some(if MORE_THAN.is_match(&when[..found.span.start]) { Limit::MoreThan(days) } else { Limit::AtMost(days) })
}

fn count_limit(when: &str, unit: &str) -> Option<Limit> {
    let found = mention::numbers(when).into_iter().find(|number| number.unit.as_deref().is_some_and(|u| singular(u) == unit))?;
    let before = &when[..found.span.start];
    Some(match found.up_to {
        Some(most) => Limit::Between(found.number, most),
        None if MORE_THAN.is_match(before) => Limit::MoreThan(found.number),
        None => Limit::AtMost(found.number),
    })
}

/// Counts in units that the axes' labels speak of; what the customer says first.
fn counts(contract: &Contract, sayings: &[Saying<'_>]) -> Vec<(f64, String, Quote)> {
    let units: Vec<String> = contract
        .axes
        .iter()
        .flat_map(|axis| &axis.labels)
        .flat_map(|label| mention::numbers(&label.when))
        .filter_map(|number| number.unit.map(|unit| singular(&unit)))
        .collect();
    if units.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(bool, f64, String, Quote)> = Vec::new();
    for saying in
        sayings.iter().filter(|saying| saying.manner == Manner::States && saying.text.bytes().any(|b| b.is_ascii_alphanumeric()))
    {
        if !units.iter().any(|unit| saying.text.to_lowercase().contains(unit.as_str())) {
            continue;
        }
        for number in mention::numbers(saying.text) {
            let unit = number.unit.as_deref().map(singular).filter(|unit| units.contains(unit));
            if let Some(unit) = unit {
                found.push((saying.side() != Side::Customer, number.number, unit, Quote::of(saying)));
            }
        }
    }
    found.sort_by_key(|(other_side, ..)| *other_side);
    found.into_iter().map(|(_, count, unit, quote)| (count, unit, quote)).collect()
}

fn singular(unit: &str) -> String {
    unit.to_lowercase().trim_end_matches('s').to_owned()
}

fn days(unit: DurationUnit) -> f64 {
    match unit {
        DurationUnit::Minute => 1.0 / 1_440.0,
        DurationUnit::Hour => 1.0 / 24.0,
        DurationUnit::Day => 1.0,
        DurationUnit::Week => 7.0,
        DurationUnit::Month => 30.5,
        DurationUnit::Quarter => 92.0,
        DurationUnit::Year => 366.0,
    }
}

static MORE_THAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:more than|over|at least|above|later than|longer than)\s*(?:about\s*)?$"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_from_the_words_of_a_label() {
        assert_eq!(time_limit("A dated event forces a decision within 30 days."), Some(Limit::AtMost(30.0)));
        assert_eq!(time_limit("No date, or one more than two quarters away."), Some(Limit::MoreThan(184.0)));
        assert_eq!(count_limit("About 100 to 1000 employees.", "employee"), Some(Limit::Between(100.0, 1000.0)));
        assert_eq!(count_limit("More than 1000 employees, or a group.", "employee"), Some(Limit::MoreThan(1000.0)));
        assert_eq!(count_limit("Fewer than about 100 employees.", "employee"), Some(Limit::AtMost(100.0)));
        assert_eq!(time_limit("They joke."), None);
    }

    #[test]
    fn the_tightest_limit_that_holds_the_measure_wins() {
        let limits = [Some(Limit::AtMost(30.0)), Some(Limit::AtMost(184.0)), Some(Limit::MoreThan(184.0))];
        assert_eq!([12.0, 98.0, 400.0].map(|days| tightest(&limits, days)), [Some(0), Some(1), Some(2)]);
        assert_eq!(tightest(&limits[..1], 12.0), None);
    }
}
