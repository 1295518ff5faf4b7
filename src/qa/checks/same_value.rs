//! Whether two values for one field say the same: a year's money and a month's, ninety days and three months, a day
//! and the month it lies in.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::agreement::lower_has_cue;
use super::{Context, said_on};
use crate::context::Unit;
use crate::domain::brief::Span;
use crate::domain::contract::Label;
use crate::domain::mention;
use crate::domain::value::{DurationUnit, Period, Value};
use crate::qa::facts::same;
use crate::qa::index::stem;

/// How another value stands to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Agrees,
    Differs,
    /// Not to be compared: another currency, a month's fee beside a one-off, minutes beside years.
    Unlike,
}

use Relation::{Agrees, Differs, Unlike};

/// The values of the kind of ours that a text of a unit holds, with their places in the text.
pub(super) fn mentioned(context: &Context<'_>, choices: &[Label], ours: &Value, text: &str, unit: &Unit) -> Vec<(Span, Value)> {
    match ours {
        Value::Money { .. } => {
            let all = context.quantities(text);
            let value = |one: &mention::MoneyMention| Value::Money {
                amount: one.amount,
                up_to: one.up_to,
                currency: one.currency.clone(),
                period: one.period,
            };
            all.money.iter().map(|one| (one.span, value(one))).collect()
        }
        Value::Number { .. } => {
            let all = context.quantities(text);
            let value =
                |one: &mention::NumberMention| Value::Number { number: one.number, up_to: one.up_to, unit: one.unit.clone() };
            // Sums of money are numbers too, and count nothing.
            let is_money = |span: Span| all.money.iter().any(|one| one.span.start < span.end && span.start < one.span.end);
            let counts = all.numbers.iter().filter(|one| one.unit.is_some() || !is_money(one.span));
            counts.map(|one| (one.span, value(one))).collect()
        }
        Value::Duration { .. } => {
            let all = context.quantities(text);
            let value = |one: &mention::DurationMention| Value::Duration { amount: one.amount, up_to: one.up_to, unit: one.unit };
            all.durations.iter().map(|one| (one.span, value(one))).collect()
        }
        Value::Date { .. } => {
            let all = mention::dates(text, said_on(unit.at)).into_iter();
            let said = |span: Span| text[span.start..span.end].to_owned();
            all.filter_map(|one| Some((one.span, Value::Date { date: one.date?, said: said(one.span) }))).collect()
        }
        Value::Choice { .. } => {
            let lower = text.to_lowercase();
            let named = choices.iter().filter(|label| label.cues.iter().any(|cue| lower_has_cue(&lower, cue)));
            let whole = Span { start: 0, end: text.len() };
            named.map(|label| (whole, Value::Choice { choice: label.name.clone() })).collect()
        }
        Value::Text { .. } | Value::Person { .. } | Value::List { .. } | Value::Commitment { .. } => Vec::new(),
    }
}

/// How `theirs` stands to `ours`. Values of different types are unlike.
pub(super) fn relation(ours: &Value, theirs: &Value) -> Relation {
    match (ours, theirs) {
        (Value::Money { .. }, Value::Money { .. }) => money(ours, theirs),
        (Value::Number { number: a, up_to: a_end, unit: a_unit }, Value::Number { number: b, up_to: b_end, unit: b_unit }) => {
            let is_same_unit = a_unit.as_deref().zip(b_unit.as_deref()).is_some_and(|(a, b)| stem(a) == stem(b));
            match is_same_unit {
                true => agrees_if(overlap((*a, *a_end), (*b, *b_end))),
                false => Unlike,
            }
        }
        (Value::Duration { .. }, Value::Duration { .. }) => durations(ours, theirs),
        (Value::Date { date: a, said: a_said }, Value::Date { date: b, said: b_said }) => days((*a, a_said), (*b, b_said)),
        (Value::Choice { choice: a }, Value::Choice { choice: b }) => agrees_if(a == b),
        _ => Unlike,
    }
}

fn agrees_if(is_same: bool) -> Relation {
    if is_same { Agrees } else { Differs }
}

/// A point inside a range agrees with it.
pub(super) fn overlap(a: (f64, Option<f64>), b: (f64, Option<f64>)) -> bool {
    let (a_end, b_end) = (a.1.unwrap_or(a.0), b.1.unwrap_or(b.0));
    same(a.0, b.0) || a.0 <= b_end && b.0 <= a_end
}

/// How many times the larger is the smaller; of ranges their middles.
fn times(a: (f64, Option<f64>), b: (f64, Option<f64>)) -> f64 {
    let middle = |(from, to): (f64, Option<f64>)| f64::midpoint(from, to.unwrap_or(from)).abs().max(f64::MIN_POSITIVE);
    let (a, b) = (middle(a), middle(b));
    a.max(b) / a.min(b)
}

fn scaled(range: (f64, Option<f64>), factor: f64) -> (f64, Option<f64>) {
    (range.0 * factor, range.1.map(|end| end * factor))
}

/// An amount without a period that is more than this many times the other is taken for one of something else.
const MOST_TIMES_WITHOUT_PERIOD: f64 = 2.0;
/// Rounding when a month's amount is given for a year's: 3.3k a month for 40k a year.
const ROUNDED: f64 = 1.02;

fn money(ours: &Value, theirs: &Value) -> Relation {
    let (
        Value::Money { amount: a, up_to: a_end, currency: a_currency, period: a_period },
        Value::Money { amount: b, up_to: b_end, currency: b_currency, period: b_period },
    ) = (ours, theirs)
    else {
        return Unlike;
    };
    let (a, b) = ((*a, *a_end), (*b, *b_end));
    if a_currency.is_some() && b_currency.is_some() && a_currency != b_currency {
        // 45,000 euros and 45,000 dollars are a slip of the tongue; other amounts may be the one converted to the other.
        return if same(a.0, b.0) && a_period == b_period { Differs } else { Unlike };
    }
    match (a_period, b_period) {
        _ if a_period == b_period => agrees_if(overlap(a, b)),
        (Some(a_period), Some(b_period)) => match (a_year(*a_period), a_year(*b_period)) {
            (Some(a_factor), Some(b_factor)) => {
                let (a, b) = (scaled(a, a_factor), scaled(b, b_factor));
                agrees_if(overlap(a, b) || times(a, b) <= ROUNDED)
            }
            (None, _) | (_, None) => Unlike,
        },
        (None, _) | (_, None) if overlap(a, b) => Agrees,
        (None, _) | (_, None) if times(a, b) <= MOST_TIMES_WITHOUT_PERIOD => Differs,
        (None, _) | (_, None) => Unlike,
    }
}

/// How often a period comes in a year. A day's rate is for days worked, and a one-off is no rate.
fn a_year(period: Period) -> Option<f64> {
    match period {
        Period::Month => Some(12.0),
        Period::Quarter => Some(4.0),
        Period::Year => Some(1.0),
        Period::Once | Period::Day => None,
    }
}

/// Twelve weeks are three months.
const ABOUT_AS_LONG: f64 = 1.1;
/// Beyond this two lengths of time are about different things: a pilot of two weeks, its review of an hour.
const MOST_TIMES_AS_LONG: f64 = 4.0;

fn durations(ours: &Value, theirs: &Value) -> Relation {
    let (Value::Duration { amount: a, up_to: a_end, unit: a_unit }, Value::Duration { amount: b, up_to: b_end, unit: b_unit }) =
        (ours, theirs)
    else {
        return Unlike;
    };
    let (a, b) = ((*a, *a_end), (*b, *b_end));
    if a_unit == b_unit {
        return agrees_if(overlap(a, b));
    }
    let (a, b) = (scaled(a, in_days(*a_unit)), scaled(b, in_days(*b_unit)));
    match times(a, b) {
        _ if overlap(a, b) => Agrees,
        times if times <= ABOUT_AS_LONG => Agrees,
        times if times <= MOST_TIMES_AS_LONG => Differs,
        _ => Unlike,
    }
}

fn in_days(unit: DurationUnit) -> f64 {
    match unit {
        DurationUnit::Minute => 1.0 / 1440.0,
        DurationUnit::Hour => 1.0 / 24.0,
        DurationUnit::Day => 1.0,
        DurationUnit::Week => 7.0,
        DurationUnit::Month => 365.25 / 12.0,
        DurationUnit::Quarter => 365.25 / 4.0,
        DurationUnit::Year => 365.25,
    }
}

/// What the words for a day leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Day,
    /// "Tomorrow", "on Friday": a day more or less, since the zones of sources are not known.
    RelativeDay,
    /// Any day of it: "in June", "mid June".
    Month,
    /// "Next week", "Q3", "by the end of the year".
    Other,
}

fn days(ours: (Date, &str), theirs: (Date, &str)) -> Relation {
    let ((a, a_said), (b, b_said)) = (ours, theirs);
    let month = |date: Date| (date.year(), date.month());
    match (named(a_said), named(b_said)) {
        _ if a == b => Agrees,
        (Named::Other, _) | (_, Named::Other) => Unlike,
        (Named::Month, _) | (_, Named::Month) => agrees_if(month(a) == month(b)),
        (Named::RelativeDay, _) | (_, Named::RelativeDay) => {
            agrees_if(a.checked_add(1.day()).is_ok_and(|next| next == b) || b.checked_add(1.day()).is_ok_and(|next| next == a))
        }
        (Named::Day, Named::Day) => Differs,
    }
}

fn named(said: &str) -> Named {
    // Any day will do: only how the words name it is asked.
    let mentions = mention::dates(said, Some(Date::constant(2026, 1, 1)));
    let (words, is_exact) = match mentions.last() {
        Some(one) => (&said[one.span.start..one.span.end], one.exact),
        None => (said, said.contains(|c: char| c.is_ascii_digit())),
    };
    let has_digits = words.contains(|c: char| c.is_ascii_digit());
    let lower = words.to_lowercase();
    match is_exact {
        true if has_digits || names_month(&lower) => Named::Day,
        true => Named::RelativeDay,
        false if names_month(&lower) => Named::Month,
        false => Named::Other,
    }
}

fn names_month(lower: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    lower.split(|c: char| !c.is_alphabetic()).any(|word| MONTHS.iter().any(|month| word.starts_with(month)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Relation::{Agrees, Differs, Unlike};
    use super::{overlap, relation};
    use crate::domain::value::{DurationUnit, Period, Value};

    fn money(amount: f64, currency: Option<&str>, period: Option<Period>) -> Value {
        Value::Money { amount, up_to: None, currency: currency.map(str::to_owned), period }
    }

    fn length(amount: f64, unit: DurationUnit) -> Value {
        Value::Duration { amount, up_to: None, unit }
    }

    fn day(month: i8, day: i8, said: &str) -> Value {
        Value::Date { date: date(2026, month, day), said: said.to_owned() }
    }

    #[test]
    fn a_point_inside_a_range_agrees_with_it() {
        assert!(overlap((40.0, Some(60.0)), (50.0, None)));
        assert!(!overlap((40.0, Some(60.0)), (61.0, None)));
    }

    #[test]
    fn money_is_compared_over_the_same_time() {
        let (year, month) = (Some(Period::Year), Some(Period::Month));
        let ours = money(40_000.0, Some("USD"), year);
        assert_eq!(relation(&ours, &money(3_300.0, Some("USD"), month)), Agrees);
        assert_eq!(relation(&ours, &money(10_000.0, None, Some(Period::Quarter))), Agrees);
        assert_eq!(relation(&ours, &money(5_000.0, Some("USD"), month)), Differs);
        assert_eq!(relation(&ours, &money(60_000.0, None, None)), Differs);
        assert_eq!(relation(&ours, &money(40_000.0, None, None)), Agrees);
        assert_eq!(relation(&ours, &money(9_000.0, None, None)), Unlike, "likely the price of something else");
        assert_eq!(relation(&ours, &money(5_000.0, Some("USD"), Some(Period::Once))), Unlike);
    }

    #[test]
    fn currencies_conflict_only_over_the_same_amount() {
        let ours = money(40_000.0, Some("USD"), None);
        assert_eq!(relation(&ours, &money(40_000.0, Some("EUR"), None)), Differs);
        assert_eq!(relation(&ours, &money(37_000.0, Some("EUR"), None)), Unlike);
    }

    #[test]
    fn lengths_of_time_are_compared_across_units() {
        let ours = length(90.0, DurationUnit::Day);
        assert_eq!(relation(&ours, &length(3.0, DurationUnit::Month)), Agrees);
        assert_eq!(relation(&ours, &length(1.0, DurationUnit::Quarter)), Agrees);
        assert_eq!(relation(&ours, &length(12.0, DurationUnit::Week)), Agrees);
        assert_eq!(relation(&ours, &length(60.0, DurationUnit::Day)), Differs);
        assert_eq!(relation(&ours, &length(6.0, DurationUnit::Month)), Differs);
        assert_eq!(relation(&ours, &length(30.0, DurationUnit::Minute)), Unlike);
    }

    #[test]
    fn a_day_agrees_with_the_month_it_lies_in() {
        let ours = day(6, 15, "June 15th");
        assert_eq!(relation(&ours, &day(6, 30, "in June")), Agrees);
        assert_eq!(relation(&ours, &day(6, 30, "by the end of June")), Agrees);
        assert_eq!(relation(&ours, &day(7, 31, "in July")), Differs);
        assert_eq!(relation(&ours, &day(6, 16, "June 16")), Differs);
        assert_eq!(relation(&ours, &day(6, 16, "tomorrow")), Agrees, "the zones of sources are not known");
        assert_eq!(relation(&ours, &day(6, 18, "on Thursday")), Differs);
        assert_eq!(relation(&ours, &day(9, 30, "in Q3")), Unlike);
    }
}
