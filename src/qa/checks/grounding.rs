//! What the brief says in its own words must rest on the sources: numbers, days, names, denials, whole sentences.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::foreign::{has_number, may_name_day};
use super::quoted::Quotes;
use super::{Claim, ClaimKind, Context, Found, claims, said_on};
use crate::domain::brief::{Brief, Evidence, Severity, Span};
use crate::domain::mention::{self, Quantities};
use crate::qa::facts::{Facts, SOME_DAY, Time, times_of_day};
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

pub(super) fn numbers_are_grounded(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    each_claim(brief, |claim| {
        let numbers = numbers_not_in(claim.text, &context.quantities(claim.text), |number| has_number(context, number));
        let numbers = numbers.into_iter().map(|number| (Severity::Block, number));
        let times = times_not_in(claim.text, context.facts()).into_iter().map(|time| (Severity::Warn, time));
        numbers.chain(times).map(|(severity, words)| (severity, format!("{words} stands in no source"))).collect()
    })
}

/// The numbers of a claim (and its `quantities`) for which `is_known` says no, as written. Small counts in words ("two options") are the
/// writer's own counting and are let pass.
pub(in crate::qa) fn numbers_not_in(claim: &str, quantities: &Quantities, is_known: impl Fn(f64) -> bool) -> Vec<String> {
    let numbers = quantities.numbers.iter().map(|one| (one.span, one.number, one.up_to));
    let money = quantities.money.iter().map(|one| (one.span, one.amount, one.up_to));
    let mut lacking = Vec::new();
    for (span, from, up_to) in numbers.chain(money) {
        let words = &claim[span.start..span.end];
        let is_list_mark = claim[..span.start].trim().is_empty() && claim[span.end..].starts_with([')', '.']);
        let is_small_word = from < 13.0 && !words.contains(|c: char| c.is_ascii_digit());
        // Asked last: looking for a number in words reads all sources.
        let is_unknown = || [Some(from), up_to].into_iter().flatten().any(|number| !is_known(number));
        if !is_small_word
            && !is_list_mark
            && is_unknown()
            && !lacking.iter().any(|one: &String| one.contains(words) || words.contains(one.as_str()))
        {
            lacking.push(words.to_owned());
        }
    }
    lacking
}

/// Times of day of a claim that no source has, in digits or words, of twelve hours or twenty-four.
pub(in crate::qa) fn times_not_in(claim: &str, facts: &Facts<'_>) -> Vec<String> {
    const HOURS: [&str; 12] =
        ["midnight", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    let named = |hour: usize| HOURS.get(hour % 12).copied();
    let spoken = |hour: &str| [format!("at {hour}"), format!("{hour} o'clock"), format!("{hour} pm"), format!("{hour} am")];
    let is_known = |time: &Time| match facts.times() {
        [] => {
            named(time.hour).is_some_and(|hour| facts.has_words(hour))
                || time.hour.is_multiple_of(12) && (facts.has_words("noon") || facts.has_words("twelve"))
                || [time.hour, time.hour % 12, time.hour % 12 + 12].into_iter().any(|hour| facts.has_number(hour as f64))
        }
        times => {
            times.iter().any(|one| one.may_be(time))
                || named(time.hour).is_some_and(|hour| spoken(hour).iter().any(|words| facts.has_words(words)))
                || time.hour.is_multiple_of(12) && (facts.has_words("noon") || facts.has_words("at twelve"))
        }
    };
    let lacking = times_of_day(claim).into_iter().filter(|(_, time)| !is_known(time) && !facts.may_name_time(time));
    lacking.map(|(span, _)| claim[span.start..span.end].to_owned()).collect()
}

pub(super) fn dates_are_grounded(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let last_day = context.last_day();
    let mut found = each_claim(brief, |claim| {
        let lacking = days_not_in(claim.text, last_day, context.facts()).into_iter();
        lacking
            .filter(|(_, words)| !may_name_day(context, words))
            .map(|(severity, words)| (severity, format!("\"{words}\" stands in no source")))
            .collect()
    });
    for (i, promise) in brief.commitments.iter().enumerate() {
        let part = super::commitment_name(i);
        let quoted = |due: &Date| promise.evidence.iter().any(|one| names_day(one, *due));
        let in_other_words = |due: Date| Quotes::of(context, &promise.evidence).found.iter().any(|quote| quote.may_name_day(due));
        let anywhere =
            |due: &Date| context.facts().has_day(*due) || context.facts().has_day_of_year(*due) || in_other_words(*due);
        let invented = promise.due.filter(|due| !quoted(due) && !anywhere(due));
        found.extend(
            invented.map(|due| {
                Found::new(Severity::Block, &part, format!("{due} stands in no source")).mend_at(format!("{part}.due"))
            }),
        );
    }
    found
}

fn names_day(evidence: &Evidence, day: Date) -> bool {
    evidence.span.is_some() && mention::dates(&evidence.quote, said_on(evidence.at)).iter().any(|one| one.date == Some(day))
}

/// The days of a claim that are not in the sources, neither as days nor in these words. Only a day of the calendar
/// can be wrong this way ("last year" is the writer's own way to place things); one with a digit blocks.
pub(in crate::qa) fn days_not_in(claim: &str, today: Option<Date>, facts: &Facts<'_>) -> Vec<(Severity, String)> {
    let mut lacking = Vec::new();
    for mention in mention::dates(claim, today.or(SOME_DAY)) {
        let words = &claim[mention.span.start..mention.span.end];
        // The words first: working out the days of all sources is the dearest thing a review can do.
        if !is_calendar(words) || is_rounded(words, facts) {
            continue;
        }
        // The words of another quarter's year may stand somewhere.
        let quarter = facts.has_quarter(words);
        let has = || facts.has_words(words) || facts.has_words(&format!("{words}s")); // "Sunday" of "on Sundays"
        if quarter == Some(true) || quarter.is_none() && has() {
            continue;
        }
        let is_known = mention.date.is_some_and(|day| facts.has_day(day) || facts.has_day_of_year(day));
        if !is_known || quarter == Some(false) {
            let is_exact = mention.exact && words.contains(|c: char| c.is_ascii_digit());
            lacking.push((if is_exact { Severity::Block } else { Severity::Warn }, words.to_owned()));
        }
    }
    lacking
}

/// Whether words name a day, month or year; "within 30 days" counts days, which is for the checks of numbers and lengths.
fn is_calendar(words: &str) -> bool {
    let mut named = false;
    for_each_word(words, |word, _| named |= CALENDAR.contains(&word));
    named || words.contains(|c: char| c.is_ascii_digit()) && mention::durations(words).is_empty()
}

/// "Mid-May" of a writer whose sources round no day that way: worked out from what they say, not said by them.
fn is_rounded(words: &str, facts: &Facts<'_>) -> bool {
    const ROUNDED: [&str; 6] = ["mid", "middle", "early", "late", "beginning", "start"];
    let mut rounded = false;
    let mut first = true;
    for_each_word(words, |word, _| rounded |= std::mem::take(&mut first) && ROUNDED.contains(&word) && !facts.has_words(word));
    rounded
}

pub(super) fn names_are_grounded(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let units = context.excerpt.units().iter();
    let texts: BTreeSet<&str> = units.flat_map(|unit| unit.speaker.iter().chain(&unit.title)).map(String::as_str).collect();
    let mut labels: Vec<String> = Vec::new();
    for text in texts.into_iter().chain(context.excerpt.people().iter().map(String::as_str)) {
        for_each_word(text, |word, _| labels.push(stem(word).to_owned()));
    }
    labels.sort_unstable();
    labels.dedup();
    each_claim(brief, |claim| {
        let known = |word: &str| context.index().has(word) || labels.binary_search_by(|one| one.as_str().cmp(word)).is_ok();
        // A promise or an item begins with what is to be done: "Bring Ann", "Add French subtitles".
        let opens = |name: &str| claim.kind != ClaimKind::Headline && claim.text.starts_with(name);
        let names = names_not_in(claim.text, known).into_iter();
        // "R300,000": an amount with its currency before it; its number is looked for elsewhere.
        let is_amount = |name: &str| is_amount(claim.text, name);
        let names =
            names.filter(|name| !opens(name) && !is_amount(name) && !is_demonym(name) && !is_written_short(context, name));
        names.map(|name| (Severity::Warn, format!("{name} is named in no source"))).collect()
    })
}

/// Whether capitals and digits go on with more digits: "R300" of "R300,000".
fn is_amount(text: &str, name: &str) -> bool {
    let rest = text.split_once(name).and_then(|(_, rest)| rest.strip_prefix([',', '.']));
    let is_open = name.ends_with(|c: char| c.is_ascii_digit()) && name.trim_start_matches(char::is_uppercase).len() < name.len();
    is_open && rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Capitalised words of a claim, other than the first of a sentence, for whose stem `is_known` says no.
pub(in crate::qa) fn names_not_in(claim: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lacking: Vec<String> = Vec::new();
    let mut after = 0;
    for_each_word(claim, |word, span| {
        let between = &claim[after..span.start];
        let opens_sentence = after == 0 || between.contains(['.', '!', '?', ':', '\n', '"', '“', '•', '(']);
        after = span.end;
        let written = &claim[span.start..span.end];
        let opens_sentence = opens_sentence && !is_first_name(claim, span, word, &is_known);
        let is_name = written.starts_with(char::is_uppercase) && written.chars().count() > 1 && !opens_sentence;
        let word_alone = word.strip_suffix("'s").unwrap_or(word);
        let is_calendar = CALENDAR.contains(&word_alone) || MONTHS_CUT_SHORT.contains(&word_alone);
        if is_name && !is_calendar && !is_stop_word(word) && !is_known(stem(word)) && !is_abbreviation(written, &is_known) {
            lacking.push(written.to_owned());
        }
    });
    lacking
}

/// Whether the first word of a sentence is part of a name: a known one with a capital follows right after it.
fn is_first_name(claim: &str, span: Span, word: &str, is_known: &impl Fn(&str) -> bool) -> bool {
    let Some(rest) = claim[span.end..].strip_prefix(' ') else { return false };
    let next = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let lower = next.to_lowercase();
    let is_next_known = next.len() > 2 && next.starts_with(char::is_uppercase) && !is_stop_word(&lower) && is_known(stem(&lower));
    is_next_known && word.len() > 2 && !OPENERS.contains(&word) && !CALENDAR.contains(&lower.as_str())
}

/// Words that open a sentence and may stand right before a name.
const OPENERS: [&str; 47] = [
    "although",
    "though",
    "while",
    "when",
    "whereas",
    "since",
    "because",
    "before",
    "after",
    "during",
    "until",
    "once",
    "unless",
    "both",
    "neither",
    "either",
    "only",
    "even",
    "also",
    "however",
    "meanwhile",
    "then",
    "later",
    "finally",
    "next",
    "today",
    "yesterday",
    "tomorrow",
    "unlike",
    "like",
    "with",
    "without",
    "from",
    "under",
    "via",
    "per",
    "through",
    "despite",
    "according",
    "customer",
    "client",
    "rep",
    "salesperson",
    "prospect",
    "where",
    "here",
    "given",
];

/// Whether a source has the name in two or three capitals, as it has `OH` for Ohio and `VA` for Virginia: the beginning
/// of the name, or its first letter and its last.
fn is_written_short(context: &Context<'_>, name: &str) -> bool {
    let name = name.to_uppercase();
    let is_short_for_it = |word: &str| {
        let ends = word.len() == 2 && word.chars().next() == name.chars().next() && word.chars().last() == name.chars().last();
        word.len() < name.len() && (name.starts_with(word) || ends)
    };
    let mut words = context.excerpt.units().iter().flat_map(|unit| unit.text.split(|c: char| !c.is_alphanumeric()));
    words.any(|word| matches!(word.len(), 2 | 3) && word.chars().all(|c| c.is_ascii_uppercase()) && is_short_for_it(word))
}

const CALENDAR: [&str; 48] = [
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
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "q1",
    "q2",
    "q3",
    "q4",
    "usd",
    "eur",
    "gbp",
];

const MONTHS_CUT_SHORT: [&str; 11] = ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// "Polish time", "a German firm": of a country, of which the sources may have the name, a town or the language.
fn is_demonym(name: &str) -> bool {
    const OTHERS: [&str; 8] = ["American", "Belgian", "Dutch", "European", "French", "German", "Indian", "Italian"];
    name.len() > 5 && (name.ends_with("ish") || name.ends_with("ese")) || OTHERS.contains(&name)
}

/// Capitals such as `CFO` or `EMEA`, `Q1s`, `2H`: spoken sources spell them out, so their absence tells nothing.
fn is_abbreviation(written: &str, is_known: &impl Fn(&str) -> bool) -> bool {
    let letters = written.chars().filter(|c| c.is_alphabetic());
    let capitals = letters.clone().filter(|c| c.is_uppercase()).count();
    let is_short_capitals = capitals >= 2 && written.len() <= 5 && capitals + 1 >= letters.count();
    is_short_capitals || written.len() <= 4 && is_known(&written.to_lowercase())
}

/// Below this weighted share of a claim's words in its best passage nobody said anything like it.
const LEAST_COVERED: f64 = 0.2;

/// Information only: right briefs say in their own words what somebody said in others, and `texts_are_carried` takes out
/// what has no carrier at all.
pub(super) fn claims_are_covered(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    each_claim(brief, |claim| {
        let mut problems = Vec::new();
        if claim.kind == ClaimKind::Headline {
            // Numbers are written in digits where they were said in words; `numbers_are_grounded` looks at them.
            let mut words = content_words(claim.text);
            words.retain(|word| !word.contains(|c: char| c.is_ascii_digit()));
            let known = words.iter().filter(|word| context.index().has(word)).count();
            if words.len() >= 4 && known * 2 < words.len() {
                problems.push((Severity::Info, "no passage of the sources speaks of this".to_owned()));
            }
            return problems;
        }
        for span in mention::sentences(claim.text) {
            let words = content_words(&claim.text[span.start..span.end]);
            let best = context.index().best(&words, 1);
            if words.len() >= 4 && best.first().is_none_or(|(_, share)| *share < LEAST_COVERED) {
                problems.push((Severity::Info, "no passage of the sources speaks of this".to_owned()));
            }
        }
        problems
    })
}

pub(super) fn each_claim(brief: &Brief, check: impl Fn(&Claim<'_>) -> Vec<(Severity, String)>) -> Vec<Found> {
    let mut found = Vec::new();
    for claim in claims(brief) {
        let problems = check(&claim);
        found.extend(
            problems.into_iter().map(|(severity, message)| Found::new(severity, &claim.part, message).mend_at(&claim.place)),
        );
    }
    found
}
