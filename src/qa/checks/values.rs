//! `quotes_support_values`: what a field says stands in the words it quotes.

use super::{Context, Found, commitment_name, said_on};
use crate::domain::brief::{AxisLabel, Brief, Commitment, Evidence, FieldAnswer, FieldStatus, Firmness, Severity, Span};
use crate::domain::contract::Label;
use crate::domain::mention;
use crate::domain::value::{DurationUnit, Value};
use crate::qa::facts::{all_numbers, neighbours, same};
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

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
    for answer in &brief.axes {
        let labels = context.contract.axis(&answer.name).map_or(&[][..], |axis| &axis.labels);
        let AxisLabel::Label(label) = &answer.label else { continue };
        let problem = choice_problem(&Quotes::of(context, &answer.evidence), labels, label);
        let place = format!("axes.{}.label", answer.name);
        found.extend(problem.map(|(severity, message)| Found::new(severity, &answer.name, message).mend_at(place)));
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
            problems.extend(unit.as_deref().and_then(|unit| unit_problem(&quotes, context, *number, unit)));
            problems
        }
        Value::Date { date, said } => {
            let mut problems = Vec::from_iter(quotes.lack_day(*date));
            if !quotes.have_words(said) {
                problems.push((Warn, format!("\"{said}\" does not stand in the quote")));
            }
            problems
        }
        Value::Duration { amount, up_to, unit } => Vec::from_iter(duration_problem(&quotes, *amount, *up_to, *unit)),
        Value::Person { name, role: _ } => Vec::from_iter(name_problem(&quotes, context, name)),
        Value::Choice { choice } => {
            let choices = context.contract.field(&answer.name).map_or(&[][..], |field| &field.choices);
            Vec::from_iter(choice_problem(&quotes, choices, choice))
        }
        Value::Text { text } => quotes.text_problems(context, text),
        Value::List { items } => items.iter().flat_map(|item| quotes.item_problems(context, item)).collect(),
        Value::Commitment { what, who, due } => {
            let mut problems = quotes.text_problems(context, what);
            problems.extend(due.and_then(|due| quotes.lack_due(context, due)));
            problems.extend(who.as_deref().and_then(|who| name_problem(&quotes, context, who)));
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
    problems.extend(promise.who.as_deref().and_then(|who| name_problem(&quotes, context, who)));
    if promise.firmness == Firmness::Firm {
        problems.extend(firmness_problem(&quotes));
    }
    problems
}

/// A promise is as firm as its words.
fn firmness_problem(quotes: &Quotes<'_>) -> Option<Problem> {
    let firm = |text: &str| mention::commitment_strength(text) == Some(Firmness::Firm);
    if quotes.found.iter().any(|quote| firm(quote.text) && !mention::is_hedged(quote.text)) {
        let hedged_beside = quotes.found.iter().all(|quote| mention::is_hedged(quote.around));
        return hedged_beside.then(|| (Warn, "the sentence around the quote hedges the promise".to_owned()));
    }
    let hedged = |text: &str| mention::is_hedged(text) || mention::commitment_strength(text) == Some(Firmness::Hedged);
    let is_hedged = quotes.found.iter().all(|quote| hedged(quote.text));
    is_hedged.then(|| (Block, "the quote hedges, so the commitment is `hedged`, not `firm`".to_owned()))
}

/// The quotes of one answer that stand in the sources.
struct Quotes<'a> {
    found: Vec<Quote<'a>>,
}

struct Quote<'a> {
    text: &'a str,
    /// The whole sentences it stands in.
    around: &'a str,
    evidence: &'a Evidence,
}

impl<'a> Quotes<'a> {
    fn of<'c: 'a>(context: &Context<'c>, evidence: &'a [Evidence]) -> Self {
        let stand = evidence.iter().filter(|one| one.span.is_some());
        Self { found: stand.map(|one| Quote { text: &one.quote, around: context.around(one), evidence: one }).collect() }
    }

    fn lack_numbers(&self, context: &Context<'_>, wanted: [Option<f64>; 2]) -> Vec<Problem> {
        let numbers = self.found.iter().flat_map(|quote| all_numbers(quote.text, &context.quantities(quote.text)));
        let there: Vec<f64> = numbers.collect();
        let lacking = wanted.into_iter().flatten().filter(|number| !there.iter().any(|one| same(*one, *number)));
        lacking.map(|number| (Block, format!("{number} does not stand in the quote"))).collect()
    }

    /// A day must be named in the quote, resolved against the day it was said. One day off for a relative day
    /// (the zone is not known) and another year for a day without one only warn.
    fn lack_day(&self, day: jiff::civil::Date) -> Option<Problem> {
        let mut near = false;
        let mut unresolved = false;
        for quote in &self.found {
            let on = said_on(quote.evidence.at);
            for mention in mention::dates(quote.text, on) {
                let Some(named) = mention.date else {
                    unresolved = true;
                    continue;
                };
                if named == day {
                    return None;
                }
                let words = &quote.text[mention.span.start..mention.span.end];
                let other_year =
                    (named.month(), named.day()) == (day.month(), day.day()) && !words.contains(&named.year().to_string());
                let vague = !mention.exact && (named - day).get_days().unsigned_abs() <= 92 && day <= named;
                near |= other_year || vague;
            }
            near |= neighbours(on).any(|on| mention::dates(quote.text, Some(on)).iter().any(|mention| mention.date == Some(day)));
        }
        match (near, unresolved) {
            (true, _) => Some((Warn, format!("{day} is near the day in the quote, but not clearly that day"))),
            (false, true) => Some((Warn, format!("{day} cannot be compared with the quote: it is not known when it was said"))),
            (false, false) => Some((Block, format!("{day} is not the day in the quote"))),
        }
    }

    /// A day by which something will be done is often said beside the promise: "Tuesday works for me. Ann will join."
    fn lack_due(&self, context: &Context<'_>, due: jiff::civil::Date) -> Option<Problem> {
        let (severity, message) = self.lack_day(due)?;
        let near = |quote: &Quote<'_>| {
            if !mention::dates(quote.around, said_on(quote.evidence.at)).is_empty() {
                return false;
            }
            let named = quote.evidence.unit;
            let units = (named.saturating_sub(2)..=named + 2).filter_map(|n| context.excerpt.unit(n));
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

    fn have_words(&self, text: &str) -> bool {
        let wanted = content_words(text);
        let there: Vec<String> = self.found.iter().flat_map(|quote| content_words(quote.text)).collect();
        wanted.iter().all(|word| there.contains(word))
    }

    /// Numbers of a free text that the sources have, but not in this quote. (What the sources lack altogether is
    /// found by `numbers_are_grounded`.)
    fn text_problems(&self, context: &Context<'_>, text: &str) -> Vec<Problem> {
        let quantities = context.quantities(text);
        if quantities.numbers.is_empty() {
            return Vec::new();
        }
        let there = self.found.iter().flat_map(|quote| all_numbers(quote.around, &context.quantities(quote.around)));
        let there: Vec<f64> = there.collect();
        // "One person" is no number where the quote says it: there it counts nothing.
        let in_same_words = |span: Span| {
            let words = text[span.start..span.end].to_lowercase();
            self.found.iter().any(|quote| quote.around.to_lowercase().contains(&words))
        };
        let numbers = quantities.numbers.iter().filter(|one| !in_same_words(one.span));
        let numbers = numbers.flat_map(|mention| [Some(mention.number), mention.up_to]).flatten();
        let elsewhere =
            numbers.filter(|number| !there.iter().any(|one| same(*one, *number)) && context.facts().has_number(*number));
        elsewhere.map(|number| (Warn, format!("{number} stands elsewhere in the sources, not in the quote"))).collect()
    }

    /// "Fiona" is enough for "Fiona Garrick, chief operating officer": the rest is known from elsewhere.
    fn name_somebody_of(&self, item: &str) -> bool {
        let mut named = false;
        for_each_word(item, |word, span| {
            let written = &item[span.start..span.end];
            let is_name = written.starts_with(char::is_uppercase) && written.len() > 2 && !is_stop_word(word);
            named |= is_name && self.found.iter().any(|quote| quote.around.contains(written));
        });
        named
    }

    fn item_problems(&self, context: &Context<'_>, item: &str) -> Vec<Problem> {
        let mut problems = self.text_problems(context, item);
        let wanted = content_words(item);
        let there: Vec<String> = self.found.iter().flat_map(|quote| content_words(quote.around)).collect();
        let speakers = self.found.iter().filter_map(|quote| quote.evidence.speaker.as_deref());
        let speakers: Vec<String> = speakers.flat_map(content_words).collect();
        let covered = wanted.iter().filter(|word| there.contains(word) || speakers.contains(word)).count();
        if covered * 3 < wanted.len() && !self.name_somebody_of(item) {
            problems.push((Warn, format!("no quote speaks of \"{item}\"")));
        }
        problems
    }
}

fn money_problems(
    quotes: &Quotes<'_>,
    context: &Context<'_>,
    amount: f64,
    currency: Option<&str>,
    period: Option<crate::domain::value::Period>,
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
        (Some(wanted), None) if wanted != crate::domain::value::Period::Once => {
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
    let stands = |amount: f64| {
        let wanted = length(amount, unit);
        lengths.iter().any(|one| one.1 == wanted.1 && same(one.0, wanted.0))
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

/// A name in the quote, or of its speaker, is right. One that no source knows is invented.
fn name_problem(quotes: &Quotes<'_>, context: &Context<'_>, name: &str) -> Option<Problem> {
    let wanted = name_words(name);
    let speakers = quotes.found.iter().filter_map(|quote| quote.evidence.speaker.as_deref());
    let near: Vec<String> = quotes.found.iter().map(|quote| quote.around).chain(speakers).flat_map(name_words).collect();
    if wanted.is_empty() || wanted.iter().all(|word| near.contains(word)) {
        let speaks_of_another = |quote: &Quote<'_>| {
            let in_words = name_words(quote.around);
            !wanted.iter().any(|word| in_words.contains(word)) && quote.speaks_of_somebody_else()
        };
        let is_another = !wanted.is_empty() && quotes.found.iter().all(speaks_of_another);
        return is_another.then(|| (Warn, format!("{name} says the quote, but it speaks of somebody else")));
    }
    let somewhere = |word: &String| {
        let units = context.excerpt.units().iter();
        let labels = units.flat_map(|unit| unit.speaker.iter().chain(&unit.title));
        context.index().has(word) || labels.flat_map(|label| name_words(label)).any(|one| one == *word)
    };
    match wanted.iter().any(somewhere) {
        true if quotes.found.iter().any(Quote::is_by_somebody_unnamed) => None,
        true if wanted.iter().any(|word| near.contains(word)) => None,
        true => Some((Warn, format!("{name} is not named in the quote"))),
        false => Some((Block, format!("{name} is not named in any source"))),
    }
}

impl Quote<'_> {
    fn speaks_of_oneself(&self) -> bool {
        let mut says_i = false;
        for_each_word(self.around, |word, _| says_i |= matches!(word, "i" | "i'll" | "i'm" | "i've" | "i'd" | "me" | "my"));
        says_i
    }

    /// "I'll make sure" in a note that nobody signed: whose promise it is only the reader of the record can know.
    fn is_by_somebody_unnamed(&self) -> bool {
        self.speaks_of_oneself() && self.evidence.speaker.is_none()
    }

    /// "She's the one pushing for this", "and Ann Lee will lead it": not about the one who says it.
    fn speaks_of_somebody_else(&self) -> bool {
        let (mut is_about_another, mut last_capital) = (false, None);
        for_each_word(self.around, |word, span| {
            is_about_another |= matches!(word, "he" | "she" | "he's" | "she's" | "he'll" | "she'll");
            let mut letters = self.around[span.start..span.end].chars();
            // `SAP TM` is no person.
            let is_capital = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
            is_about_another |=
                is_capital && last_capital.is_some_and(|end: usize| end > 0 && &self.around[end..span.start] == " ");
            // The first word of a sentence has a capital anyway.
            let opens = self.around[..span.start].trim_end().is_empty()
                || self.around[..span.start].trim_end().ends_with(['.', '!', '?']);
            last_capital = (is_capital && !(opens && is_stop_word(word))).then_some(span.end);
        });
        is_about_another && !self.speaks_of_oneself()
    }
}

fn name_words(text: &str) -> Vec<String> {
    const NO_NAMES: [&str; 10] = ["we", "us", "our", "i", "the", "team", "customer", "they", "you", "side"];
    let mut words = Vec::new();
    for_each_word(text, |word, _| {
        if !NO_NAMES.contains(&word) {
            words.push(stem(word).to_owned());
        }
    });
    words
}

/// The quote speaks for another of the names and not for this one.
fn choice_problem(quotes: &Quotes<'_>, names: &[Label], choice: &str) -> Option<Problem> {
    let text = quotes.found.iter().map(|quote| quote.around.to_lowercase()).collect::<Vec<_>>().join("\n");
    let hits = |label: &Label| {
        let cues = label.cues.iter().map(|cue| cue.trim_end_matches('*')).filter(|cue| text.contains(cue));
        cues.map(str::len).max()
    };
    let own = names.iter().find(|label| label.name == choice).and_then(hits).unwrap_or(0);
    let others = names.iter().filter(|label| label.name != choice);
    let (other, length) = others.filter_map(|label| Some((&label.name, hits(label)?))).max_by_key(|(_, length)| *length)?;
    (own < length).then(|| (Warn, format!("the quote speaks for `{other}`, not for `{choice}`")))
}
