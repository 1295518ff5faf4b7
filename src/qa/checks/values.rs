//! `quotes_support_values`: what a field says stands in the words it quotes.

use super::quoted::{Quotes, has_word};
use super::texts::says_share;
use super::{Context, Found, commitment_name};
use crate::domain::brief::{Brief, Commitment, FieldAnswer, FieldStatus, Severity};
use crate::domain::mention;
use crate::domain::value::{DurationUnit, Period, Value};
use crate::qa::facts::{all_numbers, same};
use crate::qa::index::{content_words, for_each_word, stem};

use Severity::{Block, Warn};

pub(super) fn quotes_support_values(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in &brief.fields {
        let (key, values) = match answer.status {
            FieldStatus::Stated => ("value", answer.value.as_slice()),
            FieldStatus::Conflicting => ("alternatives", &answer.alternatives[..]),
            FieldStatus::NotStated => continue,
        };
        let place = format!("fields.{}.{key}", answer.name);
        let problems = values.iter().flat_map(|value| field_problems(context, answer, value));
        found.extend(problems.map(|(severity, message)| Found::new(severity, &answer.name, message).mend_at(&place)));
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        let part = commitment_name(i);
        let problems = promise_problems(context, promise);
        found.extend(problems.into_iter().map(|(severity, message)| Found::new(severity, &part, message).mend_at(&part)));
    }
    found
}

pub(super) type Problem = (Severity, String);

fn field_problems(context: &Context<'_>, answer: &FieldAnswer, value: &Value) -> Vec<Problem> {
    if answer.evidence.is_empty() {
        return vec![(Block, "the value has no quote; quote the words that say it".to_owned())];
    }
    let quotes = Quotes::of(context, &answer.evidence);
    if quotes.found.is_empty() {
        // `quotes_are_verbatim` has said so.
        return Vec::new();
    }
    match value {
        Value::Money { amount, up_to, currency, period } => {
            let mut problems = quotes.lack_numbers(context, [Some(*amount), *up_to]);
            problems.extend(money_problems(&quotes, context, *amount, currency.as_deref(), *period));
            problems
        }
        Value::Number { number, up_to, unit } => {
            let mut problems = quotes.lack_numbers(context, [Some(*number), *up_to]);
            let unit = unit.as_deref().filter(|_| quotes.are_english());
            problems.extend(unit.and_then(|unit| unit_problem(&quotes, context, *number, unit)));
            problems
        }
        Value::Date { date, said } => {
            let lacking = quotes.lack_day(context, *date).filter(|_| !quotes.name_past_weekday(*date));
            let mut problems = Vec::from_iter(lacking);
            if !quotes.have_words(said) {
                problems.push((Warn, format!("\"{said}\" does not stand in the quote")));
            }
            problems
        }
        Value::Duration { amount, up_to, unit } => Vec::from_iter(duration_problem(&quotes, *amount, *up_to, *unit)),
        // `people_fit_their_quotes` looks at names.
        Value::Person { .. } => Vec::new(),
        // `labels_fit_their_quotes` looks at choices.
        Value::Choice { .. } => Vec::new(),
        Value::Text { text } => quotes.text_problems(context, text),
        Value::List { items } => items.iter().flat_map(|item| quotes.text_problems(context, item)).collect(),
        Value::Commitment { what, who: _, due } => {
            let mut problems = quotes.text_problems(context, what);
            problems.extend(due.and_then(|due| quotes.lack_due(context, due)));
            problems
        }
    }
}

fn promise_problems(context: &Context<'_>, promise: &Commitment) -> Vec<Problem> {
    if promise.evidence.is_empty() {
        return vec![(Block, "the commitment has no quote; quote the words of the promise".to_owned())];
    }
    let quotes = Quotes::of(context, &promise.evidence);
    if quotes.found.is_empty() {
        return Vec::new();
    }
    let mut problems = quotes.text_problems(context, &promise.what);
    problems.extend(promise.due.and_then(|due| quotes.lack_due(context, due)));
    problems
}

impl Quotes<'_> {
    fn lack_numbers(&self, context: &Context<'_>, wanted: [Option<f64>; 2]) -> Vec<Problem> {
        let numbers = self.found.iter().flat_map(|quote| all_numbers(quote.text, &context.quantities(quote.text)));
        let there: Vec<f64> = numbers.collect();
        let is_share = |number: f64| self.found.iter().any(|quote| says_share(quote.text, number));
        let is_there = |number: f64| there.iter().any(|one| same(*one, number)) || is_share(number);
        let lacking = wanted.into_iter().flatten().filter(|number| !is_there(*number));
        lacking.map(|number| (Block, format!("{number} does not stand in the quote"))).collect()
    }

    /// "Our day rate is £640", "£31,680 for the year".
    fn speak_of_period(&self, period: Period) -> bool {
        let words: &[&str] = match period {
            Period::Once => &[],
            Period::Day => &["day", "daily"],
            Period::Month => &["month", "monthly"],
            Period::Quarter => &["quarter", "quarterly"],
            Period::Year => &["year", "yearly", "annual", "annually", "annum"],
        };
        self.found.iter().any(|quote| has_word(quote.around, |word| words.contains(&word)))
    }

    fn have_words(&self, text: &str) -> bool {
        let wanted = content_words(text);
        let there: Vec<String> = self.found.iter().flat_map(|quote| content_words(quote.text)).collect();
        wanted.iter().all(|word| there.contains(word))
    }
}

fn money_problems(
    quotes: &Quotes<'_>,
    context: &Context<'_>,
    amount: f64,
    currency: Option<&str>,
    period: Option<Period>,
) -> Vec<Problem> {
    let texts = quotes.found.iter().flat_map(|quote| [quote.text, quote.around]);
    let in_quotes = texts.flat_map(|text| context.quantities(text).money.clone());
    let mentions: Vec<_> =
        in_quotes.filter(|one| same(one.amount, amount) || one.up_to.is_some_and(|end| same(end, amount))).collect();
    let mut problems = Vec::new();
    if let Some(wanted) = currency {
        let said: Vec<&str> = mentions.iter().filter_map(|one| one.currency.as_deref()).collect();
        if !said.contains(&wanted) && !quotes.found.iter().any(|quote| names_currency(quote.around, wanted)) {
            problems.extend(currency_problem(context, wanted, said.first().copied()));
        }
    }
    let said = mentions.iter().find_map(|one| one.period);
    match (period, said) {
        (Some(wanted), Some(said)) if wanted != said => {
            problems.push((Block, format!("the quote says {said:?}, not {wanted:?}").to_lowercase()));
        }
        (Some(wanted), None) if wanted != Period::Once && !quotes.speak_of_period(wanted) && quotes.are_english() => {
            problems.push((Warn, format!("the quote does not say {wanted:?}").to_lowercase()));
        }
        (None, Some(said)) => problems.push((Warn, format!("the quote says {said:?}, the value has no period").to_lowercase())),
        _ => {}
    }
    problems
}

/// "$48,600 Canadian", "three hundred thousand rand": a currency by its country, or by a name that stands for one.
fn names_currency(text: &str, currency: &str) -> bool {
    let words: &[&str] = match currency {
        "AUD" => &["australian", "aussie"],
        "BRL" => &["reais", "brazilian"],
        "CAD" => &["canadian"],
        "CNY" => &["yuan", "renminbi"],
        "HKD" => &["hongkong"],
        "INR" => &["rupee", "rupees", "indian"],
        "JPY" => &["yen"],
        "KES" => &["kenyan"],
        "MYR" => &["ringgit"],
        "NZD" => &["kiwi"],
        "PLN" => &["zloty", "zlotys", "złoty", "złotych"],
        "SGD" => &["singapore", "sing"],
        "THB" => &["baht"],
        "TRY" => &["lira"],
        "ZAR" => &["rand", "rands"],
        _ => return false,
    };
    has_word(text, |word| words.contains(&word))
}

/// `$` is read as US dollars; other dollars are possible, so they only warn.
fn currency_problem(context: &Context<'_>, wanted: &str, said: Option<&str>) -> Option<Problem> {
    const DOLLARS: [&str; 6] = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD"];
    const CROWNS: [&str; 4] = ["SEK", "NOK", "DKK", "ISK"];
    let is_known = || {
        let elsewhere = context.excerpt.units().iter().flat_map(|unit| mention::money(&unit.text));
        elsewhere.filter_map(|one| one.currency).any(|currency| currency == wanted)
    };
    match said {
        // Who once said "A$" means those by the next "dollars" too.
        Some("USD") if DOLLARS.contains(&wanted) => {
            (!is_known()).then(|| (Warn, format!("the quote does not say which dollars; the value says {wanted}")))
        }
        Some(said) => Some((Block, format!("the quote says {said}, not {wanted}"))),
        None if CROWNS.contains(&wanted) && context.index().has("kr") => None,
        None => (!is_known()).then(|| (Warn, format!("nobody said {wanted}"))),
    }
}

fn unit_problem(quotes: &Quotes<'_>, context: &Context<'_>, number: f64, unit: &str) -> Option<Problem> {
    let wanted = unit_stem(unit);
    let mut said = None;
    for quote in &quotes.found {
        let mut words = Vec::new();
        for_each_word(quote.text, |word, _| words.push(stem(word).to_owned()));
        if words.contains(&wanted) || wanted == "percent" && quote.text.contains('%') {
            let other = mention::numbers(quote.text).into_iter().filter(|one| same(one.number, number)).find_map(|one| one.unit);
            match other.filter(|other| unit_stem(other) != wanted && is_measure(other) && is_measure(unit)) {
                Some(other) => said = Some(other),
                None => return None,
            }
        } else {
            let same_number = mention::numbers(quote.text).into_iter().filter(|one| same(one.number, number));
            said = said.or(same_number.filter_map(|one| one.unit).next());
        }
    }
    match said {
        // Seats, users and licences may mean the same; hours and days never do.
        Some(said) if is_measure(&said) || is_measure(unit) => Some((Block, format!("the quote says {said}, not {unit}"))),
        Some(said) if is_same_kind(&said, unit) => None,
        Some(said) => Some((Warn, format!("the quote says {said}, not {unit}"))),
        None if context.index().has(&wanted) || is_measure(unit) => None,
        None => Some((Warn, format!("no source speaks of {unit}"))),
    }
}

/// Words that count the same things: who counts people may call them staff.
fn is_same_kind(a: &str, b: &str) -> bool {
    const KINDS: [&[&str]; 3] = [
        &["people", "employees", "staff", "headcount", "heads", "colleagues", "workers", "persons"],
        &["seats", "licences", "licenses", "users", "logins", "accounts"],
        &["sites", "locations", "branches", "offices"],
    ];
    let is_of = |kind: &[&str], unit: &str| kind.iter().any(|word| unit_stem(word) == unit_stem(unit));
    KINDS.iter().any(|kind| is_of(kind, a) && is_of(kind, b))
}

fn unit_stem(unit: &str) -> String {
    let mut stems = Vec::new();
    for_each_word(unit, |word, _| stems.push(stem(word).to_owned()));
    match unit.trim() {
        "%" | "per cent" => "percent".to_owned(),
        _ => stems.pop().unwrap_or_default(),
    }
}

fn is_measure(unit: &str) -> bool {
    const MEASURES: [&str; 8] = ["percent", "minute", "hour", "day", "week", "month", "quarter", "year"];
    MEASURES.iter().any(|measure| stem(measure) == unit_stem(unit))
}

/// Lengths are compared across units: 12 months are a year, 14 days are two weeks.
fn duration_problem(quotes: &Quotes<'_>, amount: f64, up_to: Option<f64>, unit: DurationUnit) -> Option<Problem> {
    let all = quotes.found.iter().flat_map(|quote| mention::durations(quote.text));
    let lengths: Vec<(f64, Kind)> =
        all.flat_map(|one| [Some(length(one.amount, one.unit)), one.up_to.map(|end| length(end, one.unit))]).flatten().collect();
    let mut lengths = lengths;
    lengths.extend(quotes.found.iter().flat_map(|quote| terms_of_time(quote.text)));
    if lengths.is_empty() && !quotes.are_english() {
        // It may be named in words that are not read.
        return None;
    }
    // "Quinze jours" are two weeks and "acht Tage" one: both ends are counted.
    let is_foreign = !quotes.are_english();
    let counts_both_ends = |said: (f64, Kind), wanted: (f64, Kind)| {
        let days = |minutes: f64| minutes / (24.0 * 60.0);
        is_foreign && said.1 == Kind::Minutes && [8.0, 15.0].contains(&days(said.0)) && same(days(said.0) - 1.0, days(wanted.0))
    };
    let stands = |amount: f64| {
        let wanted = length(amount, unit);
        lengths.iter().any(|one| one.1 == wanted.1 && (same(one.0, wanted.0) || counts_both_ends(*one, wanted)))
    };
    let lacking = [Some(amount), up_to].into_iter().flatten().find(|amount| !stands(*amount))?;
    Some((Block, format!("{lacking} {unit:?} does not stand in the quote").to_lowercase()))
}

/// Lengths that are said without their unit or their number: "net 45", "an annual contract", "month to month".
fn terms_of_time(text: &str) -> Vec<(f64, Kind)> {
    let mut lengths = Vec::new();
    let mut is_net = false;
    for_each_word(text, |word, _| {
        let days = word.parse::<f64>().ok().filter(|_| is_net);
        lengths.extend(days.map(|days| length(days, DurationUnit::Day)));
        is_net = word == "net";
        let unit = match word {
            "weekly" => DurationUnit::Week,
            "monthly" => DurationUnit::Month,
            "quarterly" => DurationUnit::Quarter,
            "yearly" | "annual" | "annually" => DurationUnit::Year,
            _ => return,
        };
        lengths.push(length(1.0, unit));
    });
    if text.to_lowercase().replace('-', " ").contains("month to month") {
        lengths.push(length(1.0, DurationUnit::Month));
    }
    lengths
}

/// Months have no fixed number of days, so there are two scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Minutes,
    Months,
}

fn length(amount: f64, unit: DurationUnit) -> (f64, Kind) {
    match unit {
        DurationUnit::Minute => (amount, Kind::Minutes),
        DurationUnit::Hour => (amount * 60.0, Kind::Minutes),
        DurationUnit::Day => (amount * 24.0 * 60.0, Kind::Minutes),
        DurationUnit::Week => (amount * 7.0 * 24.0 * 60.0, Kind::Minutes),
        DurationUnit::Month => (amount, Kind::Months),
        DurationUnit::Quarter => (amount * 3.0, Kind::Months),
        DurationUnit::Year => (amount * 12.0, Kind::Months),
    }
}
