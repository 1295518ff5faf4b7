//! `units_fit_their_numbers`: in a text, a number keeps the currency, the period and the unit of time it was said with.

use super::negation::clauses;
use super::quoted::{Quote, Quotes, has_word};
use super::{ClaimKind, Context, Found, claims};
use crate::domain::brief::{Brief, Severity};
use crate::domain::mention::{DurationMention, MoneyMention};
use crate::domain::value::{DurationUnit, Value};
use crate::qa::facts::{all_numbers, same};
use crate::qa::index::{content_words, for_each_word};

pub(super) fn units_fit_their_numbers(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = counts_of_time(context, brief);
    for claim in claims(brief) {
        let problem = match claim.kind {
            ClaimKind::Headline => clauses(claim.text).find_map(|clause| {
                let quotes = quotes_of_numbers(context, brief, clause);
                amount_problem(context, clause, &arounds(&quotes))
                    .or_else(|| time_problem(clause, &like(context, &quotes, clause)))
            }),
            ClaimKind::Saying | ClaimKind::Item | ClaimKind::Question => {
                let quotes = Quotes::of(context, claim.evidence).found;
                amount_problem(context, claim.text, &arounds(&quotes)).or_else(|| time_problem(claim.text, &passages(&quotes)))
            }
        };
        found.extend(problem.map(|message| Found::new(Severity::Warn, &claim.part, message).mend_at(&claim.place)));
    }
    found
}

/// Counts of people or things that were given a unit of time which their passages do not speak of.
fn counts_of_time(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let wrong = brief.fields.iter().filter_map(|answer| {
        let Some(Value::Number { unit: Some(unit), .. }) = &answer.value else { return None };
        let quotes = Quotes::of(context, &answer.evidence);
        let said: Vec<DurationUnit> = passages(&quotes.found).into_iter().flat_map(time_units).collect();
        let is_told = time_units(unit).iter().all(|unit| said.contains(unit));
        if is_told || quotes.found.is_empty() || !quotes.are_english() {
            return None;
        }
        let message = format!("no quote speaks of {unit}");
        Some(Found::new(Severity::Warn, &answer.name, message).mend_at(format!("fields.{}.value", answer.name)))
    });
    wrong.collect()
}

/// The quotes of the brief's fields that hold a number of a clause: a headline repeats what fields say.
pub(super) fn quotes_of_numbers<'a>(context: &'a Context<'_>, brief: &'a Brief, clause: &str) -> Vec<Quote<'a>> {
    let wanted = &context.quantities(clause).numbers;
    if wanted.is_empty() {
        return Vec::new();
    }
    let holds = |quote: &Quote<'_>| {
        let there = all_numbers(quote.around, &context.quantities(quote.around));
        wanted.iter().any(|wanted| there.iter().any(|one| same(*one, wanted.number)))
    };
    let quotes = brief.fields.iter().flat_map(|answer| Quotes::of(context, &answer.evidence).found);
    quotes.filter(holds).collect()
}

fn arounds<'a>(quotes: &[Quote<'a>]) -> Vec<&'a str> {
    quotes.iter().map(|quote| quote.around).collect()
}

fn passages<'a>(quotes: &[Quote<'a>]) -> Vec<&'a str> {
    quotes.iter().map(|quote| &*quote.unit.text).collect()
}

/// The quotes, or the sentences most like a clause.
fn like<'a>(context: &'a Context<'_>, quotes: &[Quote<'a>], clause: &str) -> Vec<&'a str> {
    if !quotes.is_empty() {
        return passages(quotes);
    }
    let best = context.index().best(&content_words(clause), 4);
    best.into_iter().map(|(number, _)| context.sentence(number)).collect()
}

/// An amount of money, or a length of time, with another unit than where it was said.
fn amount_problem(context: &Context<'_>, text: &str, stretches: &[&str]) -> Option<String> {
    let told = context.quantities(text);
    let said: Vec<MoneyMention> = stretches.iter().flat_map(|one| context.quantities(one).money.clone()).collect();
    let lengths: Vec<DurationMention> = stretches.iter().flat_map(|one| context.quantities(one).durations.clone()).collect();
    let spoken: Vec<DurationUnit> = stretches.iter().flat_map(|one| time_units(one)).collect();
    // "A month" for "month to month": one of a unit is said without a number.
    let is_spoken = |told: &&DurationMention| same(told.amount, 1.0) && spoken.contains(&told.unit);
    let other_length = told.durations.iter().filter(|told| !is_spoken(told)).find_map(|told| {
        let mut said = lengths.iter().filter(|said| same(said.amount, told.amount)).peekable();
        let first = said.peek().copied()?;
        said.all(|said| said.unit != told.unit).then(|| format!("the sources say {:?}, not {:?}", first.unit, told.unit))
    });
    let other_money = told.money.iter().find_map(|told| {
        let said: Vec<&MoneyMention> = said.iter().filter(|said| same(said.amount, told.amount)).collect();
        let first = *said.first()?;
        let other_currency = |said: &&MoneyMention| said.currency.is_some() && said.currency != told.currency;
        if told.currency.is_some() && said.iter().all(other_currency) {
            let (told, said) = (told.currency.as_deref()?, first.currency.as_deref()?);
            return (!is_dollars(told, said)).then(|| format!("the sources say {said}, not {told}"));
        }
        let other_period = |said: &&MoneyMention| said.period.is_some() && said.period != told.period;
        let is_other = told.period.is_some() && said.iter().all(other_period);
        is_other.then(|| format!("the sources give {} another period", told.amount))
    });
    other_money.or_else(|| other_length.map(|message| message.to_lowercase()))
}

/// A plain `$` may stand for any dollars.
fn is_dollars(told: &str, said: &str) -> bool {
    const DOLLARS: [&str; 6] = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD"];
    DOLLARS.contains(&told) && DOLLARS.contains(&said)
}

/// A unit of time of a text that its passages do not speak of, where they speak of another.
fn time_problem(text: &str, passages: &[&str]) -> Option<String> {
    let mut told = time_units(text);
    // "Today" places something in time; it measures nothing.
    told.retain(|unit| *unit != DurationUnit::Day || has_word(text, |word| matches!(word, "day" | "days" | "daily")));
    if told.is_empty() {
        return None;
    }
    let said: Vec<DurationUnit> = passages.iter().flat_map(|passage| time_units(passage)).collect();
    let other = told.into_iter().find(|unit| !said.is_empty() && !said.contains(unit))?;
    Some(format!("the sources speak of another unit of time than the {other:?}").to_lowercase())
}

fn time_units(text: &str) -> Vec<DurationUnit> {
    let mut units = Vec::new();
    for_each_word(text, |word, span| {
        // "Chinese New Year", "Trade Week": a name.
        if text[span.start..].starts_with(char::is_uppercase) && !text[..span.start].trim_end().is_empty() {
            return;
        }
        let unit = match word {
            "minute" | "minutes" | "min" | "mins" => DurationUnit::Minute,
            "hour" | "hours" | "hourly" | "hrs" => DurationUnit::Hour,
            "day" | "days" | "daily" | "today" | "tomorrow" => DurationUnit::Day,
            "week" | "weeks" | "weekly" => DurationUnit::Week,
            "month" | "months" | "monthly" => DurationUnit::Month,
            "quarter" | "quarters" | "quarterly" => DurationUnit::Quarter,
            "year" | "years" | "yearly" | "annual" | "annually" | "annum" => DurationUnit::Year,
            _ => return,
        };
        units.push(unit);
    });
    units
}
