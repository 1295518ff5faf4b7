//! `quotes_support_values`: what a field says stands in the words it quotes.

use super::quoted::{Quote, Quotes, has_word};
use super::{Context, Found, commitment_name, said_on};
use crate::domain::brief::{Brief, Commitment, FieldAnswer, FieldStatus, Severity, Span};
use crate::domain::mention::{self, NumberMention};
use crate::domain::value::{DurationUnit, Period, Value};
use crate::qa::facts::{all_numbers, may_name_time, neighbours, other_next, same, share_in_words, slashed_days, times_of_day};
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

type Problem = (Severity, String);

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
            let mut problems = Vec::from_iter(quotes.lack_day(context, *date));
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

    /// A day must be named in the quote, resolved against the day it was said. One day off for a relative day
    /// (the zone is not known) and another year for a day without one only warn.
    fn lack_day(&self, context: &Context<'_>, day: jiff::civil::Date) -> Option<Problem> {
        let mut near = false;
        let mut unresolved = false;
        for quote in &self.found {
            let on = said_on(quote.evidence.at);
            if slashed_days(quote.text).contains(&(day.day(), day.month())) {
                return None;
            }
            for mention in mention::dates(quote.text, on) {
                let Some(named) = mention.date else {
                    unresolved = true;
                    continue;
                };
                if named == day {
                    return None;
                }
                if mention.lacks_month && named.day() == day.day() && self.is_month_spoken_of(context, quote, day) {
                    return None;
                }
                let words = &quote.text[mention.span.start..mention.span.end];
                near |= on.and_then(|on| other_next(quote.text, &mention, on)) == Some(day);
                let other_year =
                    (named.month(), named.day()) == (day.month(), day.day()) && !words.contains(&named.year().to_string());
                let ahead = (named - day).get_days();
                // "This week" for its Friday, "end of May" for its last working day.
                if !mention.exact && (0..=3).contains(&ahead) && on.is_none_or(|on| on <= day) {
                    return None;
                }
                let vague = !mention.exact && (0..=92).contains(&ahead);
                near |= other_year || vague;
            }
            near |= neighbours(on).any(|on| mention::dates(quote.text, Some(on)).iter().any(|mention| mention.date == Some(day)));
        }
        match (near, unresolved) {
            _ if self.found.iter().any(|quote| quote.may_name_day(day)) => None,
            (true, _) => Some((Warn, format!("{day} is near the day in the quote, but not clearly that day"))),
            (false, true) => Some((Warn, format!("{day} cannot be compared with the quote: it is not known when it was said"))),
            (false, false) => Some((Block, format!("{day} is not the day in the quote"))),
        }
    }

    /// Whether the month of a day was named a little before "the 21st", or right after it.
    fn is_month_spoken_of(&self, context: &Context<'_>, quote: &Quote<'_>, day: jiff::civil::Date) -> bool {
        let named = quote.evidence.unit;
        let units = (named.saturating_sub(8)..=named + 2).filter_map(|n| context.excerpt.unit(n));
        let mut days = units.flat_map(|unit| mention::dates(&unit.text, said_on(unit.at)));
        days.any(|one| !one.lacks_month && one.date.is_some_and(|one| (one.year(), one.month()) == (day.year(), day.month())))
    }

    /// A day by which something will be done is often said beside the promise: "Tuesday works for me. Ann will join."
    fn lack_due(&self, context: &Context<'_>, due: jiff::civil::Date) -> Option<Problem> {
        let (severity, message) = self.lack_day(context, due)?;
        let near = |quote: &Quote<'_>| {
            if !mention::dates(quote.text, said_on(quote.evidence.at)).is_empty() {
                return false;
            }
            let named = quote.evidence.unit;
            let units = (named.saturating_sub(3)..=named + 2).filter_map(|n| context.excerpt.unit(n));
            let mut units = units.filter(|unit| unit.source == quote.evidence.source);
            units.any(|unit| mention::dates(&unit.text, said_on(unit.at)).iter().any(|one| one.date == Some(due)))
        };
        match severity {
            _ if self.found.iter().any(near) => None,
            Block if context.facts().has_day(due) => {
                Some((Warn, format!("{due} stands elsewhere in the sources, not in the quote")))
            }
            _ => Some((severity, message)),
        }
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

    /// Numbers of a free text that the sources have, but not in this quote. (What the sources lack altogether is
    /// found by `numbers_are_grounded`.)
    fn text_problems(&self, context: &Context<'_>, text: &str) -> Vec<Problem> {
        if !text.contains(|c: char| c.is_ascii_digit()) && context.quantities(text).numbers.is_empty() {
            return Vec::new();
        }
        let quantities = context.quantities(text);
        let passages: Vec<&str> =
            self.found.iter().flat_map(|quote| [Some(quote.around), pointed_at(context, quote)]).flatten().collect();
        let there: Vec<f64> = passages.iter().flat_map(|one| all_numbers(one, &context.quantities(one))).collect();
        // "One person" is no number where the quote says it: there it counts nothing.
        let in_same_words = |span: Span| {
            let words = text[span.start..span.end].to_lowercase();
            self.found.iter().any(|quote| quote.around.to_lowercase().contains(&words))
        };
        // "Two weeks" for "every fortnight": small numbers in words are the writer's own counting, as in `numbers_not_in`.
        let is_counting = |one: &&NumberMention| {
            one.number < 13.0 && !text[one.span.start..one.span.end].contains(|c: char| c.is_ascii_digit())
        };
        let is_spelled = |number: f64| {
            let is_it = |word: &str| is_number_word(word, number);
            passages.iter().any(|text| has_word(text, is_it) || says_share(text, number))
        };
        let numbers =
            quantities.numbers.iter().filter(|one| !in_same_words(one.span) && !is_counting(one) && !is_spelled(one.number));
        let numbers = numbers.flat_map(|mention| [Some(mention.number), mention.up_to]).flatten();
        let elsewhere =
            numbers.filter(|number| !there.iter().any(|one| same(*one, *number)) && context.facts().has_number(*number));
        let elsewhere = elsewhere.map(|number| format!("{number} stands elsewhere in the sources, not in the quote"));
        let mut problems: Vec<Problem> = elsewhere.map(|message| (Warn, message)).collect();
        if problems.is_empty() && !self.found.is_empty() {
            let is_said = |number: f64| there.iter().any(|one| same(*one, number)) || is_spelled(number);
            let is_told = |span: &Span| {
                let numbers = quantities.numbers.iter().map(|one| (one.span, one.number));
                let mut all = numbers.chain(quantities.money.iter().map(|one| (one.span, one.amount)));
                let mut times = times_of_day(text).into_iter();
                all.any(|(of, number)| of.start <= span.start && span.end <= of.end && is_said(number))
                    || times.any(|(of, time)| {
                        of.start <= span.start && span.end <= of.end && passages.iter().any(|one| may_name_time(one, &time))
                    })
            };
            let run = digits_not_said(text, is_said, is_told);
            problems.extend(run.map(|run| (Warn, format!("{run} does not stand in the quote"))));
        }
        problems
    }
}

/// "One in five" for 20 percent.
fn says_share(text: &str, percent: f64) -> bool {
    let words = share_in_words(percent);
    !words.is_empty() && words.iter().any(|words| text.to_lowercase().contains(words))
}

/// The sentence before a quote that speaks of "it" or "that": what is meant was said there.
fn pointed_at<'a>(context: &Context<'a>, quote: &Quote<'_>) -> Option<&'a str> {
    const POINTING: [&str; 8] = ["it", "that", "this", "them", "those", "these", "so", "same"];
    if !has_word(quote.text, |word| POINTING.contains(&word)) {
        return None;
    }
    let (first, _) = context.sentences_of(quote.evidence)?;
    let before = usize::try_from(first.checked_sub(1)?).ok()?;
    Some(context.sentence(before))
}

/// The first run of digits of a text that nobody said: in versions, times and account numbers too. Days are for
/// `dates_are_grounded`; a year is the writer's way to place things.
fn digits_not_said(text: &str, is_said: impl Fn(f64) -> bool, is_told: impl Fn(&Span) -> bool) -> Option<&str> {
    let dates = mention::dates(text, None);
    let is_of_date = |at: usize| dates.iter().any(|date| date.span.start <= at && at < date.span.end);
    let start = |run: &str| run.as_ptr() as usize - text.as_ptr() as usize;
    let runs = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).map(|run| run.trim_matches(['.', ',']));
    let span = |run: &str| Span { start: start(run), end: start(run) + run.len() };
    // "3D", "G7": a digit in a name.
    let is_of_name = |run: &str| {
        let (before, after) = (text[..start(run)].chars().next_back(), text[start(run) + run.len()..].chars().next());
        run.len() == 1 && [before, after].into_iter().flatten().any(char::is_uppercase)
    };
    let runs = runs.filter(|run| !run.is_empty() && !is_of_date(start(run)) && !is_of_name(run));
    runs.filter(|run| !is_told(&span(run))).find(|run| {
        let readings = [run.replace(',', ""), run.replace('.', "").replace(',', "."), run.replace(['.', ','], "")];
        let mut numbers = readings.iter().filter_map(|reading| reading.parse::<f64>().ok());
        // "14:00" for "at two".
        let hours = |number: f64| [number, number - 12.0, number + 12.0].into_iter().any(&is_said);
        !numbers.any(|number| number == 0.0 || (1900.0..2100.0).contains(&number) || hours(number))
    })
}

/// "Three", "third": numbers that are said in a word, where a day or an hour is read as such and not as a number.
fn is_number_word(word: &str, number: f64) -> bool {
    const WORDS: [(&str, &str); 12] = [
        ("one", "first"),
        ("two", "second"),
        ("three", "third"),
        ("four", "fourth"),
        ("five", "fifth"),
        ("six", "sixth"),
        ("seven", "seventh"),
        ("eight", "eighth"),
        ("nine", "ninth"),
        ("ten", "tenth"),
        ("eleven", "eleventh"),
        ("twelve", "twelfth"),
    ];
    let mut words = WORDS.iter().zip(1_u32..);
    words.any(|((cardinal, ordinal), n)| same(f64::from(n), number) && (word == *cardinal || word == *ordinal))
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
        if !said.contains(&wanted) {
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

/// `$` is read as US dollars; other dollars are possible, so they only warn.
fn currency_problem(context: &Context<'_>, wanted: &str, said: Option<&str>) -> Option<Problem> {
    const DOLLARS: [&str; 6] = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD"];
    match said {
        Some("USD") if DOLLARS.contains(&wanted) => {
            Some((Warn, format!("the quote does not say which dollars; the value says {wanted}")))
        }
        Some(said) => Some((Block, format!("the quote says {said}, not {wanted}"))),
        None => {
            let elsewhere = context.excerpt.units().iter().flat_map(|unit| mention::money(&unit.text));
            let is_known = elsewhere.filter_map(|one| one.currency).any(|currency| currency == wanted);
            (!is_known).then(|| (Warn, format!("nobody said {wanted}")))
        }
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
