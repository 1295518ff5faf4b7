//! Texts with one thing wrong: a number, a day, a unit, a currency, a name, a denial, a hedge.

use super::Kind::{Currency, Date, Modality, Name, Negation, Number, Unit};
use super::errors::Sort;
use super::languages::{Swaps, turns};
use super::subject::Subject;
use crate::domain::brief::{Evidence, Span};
use crate::domain::mention;

type Wrong = (Sort, String);

/// A text that has quotes. A hedge is put in only where the quotes do not hedge: there it would be right.
pub(super) fn wrong_quoted(subject: &Subject<'_>, part: &str, text: &str, evidence: &[Evidence]) -> Vec<Wrong> {
    let mut all = wrong(subject, part, text);
    let hedges = |one: &Evidence| subject.excerpt.unit(one.unit).is_some_and(|unit| mention::is_hedged(&unit.text));
    if evidence.iter().any(hedges) {
        all.retain(|(sort, _)| *sort != HEDGE_PUT_IN);
    }
    all
}

/// The text with one thing wrong, in every way that fits its words.
pub(super) fn wrong(subject: &Subject<'_>, part: &str, text: &str) -> Vec<Wrong> {
    let mut all = numbers(subject, part, text);
    all.extend(names(subject, part, text));
    all.extend(first_of(&TIME_UNITS, text).map(|wrong| ((Unit, "unit of time in a text"), wrong)));
    all.extend(first_of(&CURRENCIES, text).map(|wrong| ((Currency, "currency in a text"), wrong)));
    let turns = turns(subject.language());
    match first_of(turns.denials, text) {
        Some(wrong) => all.push(((Negation, "denial left out"), wrong)),
        // A text that denies in other words would deny twice.
        None if mention::is_negated(text) => {}
        None => all.extend(denied(turns.statements, text).map(|wrong| ((Negation, "denial put in"), wrong))),
    }
    match first_of(turns.hedges, text) {
        Some(wrong) => all.push(((Modality, "hedge left out of a text"), wrong)),
        None => all.extend(first_of(turns.plain, text).map(|wrong| (HEDGE_PUT_IN, wrong))),
    }
    all
}

/// The text denied. "Is not only hoped for" would deny nothing.
fn denied(statements: &Swaps, text: &str) -> Option<String> {
    statements.iter().filter_map(|swap| first_of(std::slice::from_ref(swap), text)).find(|wrong| mention::is_negated(wrong))
}

const HEDGE_PUT_IN: Sort = (Modality, "hedge put in a text");

const TIME_UNITS: [(&str, &str); 14] = [
    (" minutes", " hours"),
    (" hours", " days"),
    (" days", " weeks"),
    (" weeks", " months"),
    (" months", " weeks"),
    (" years", " months"),
    ("a week", "a month"),
    ("a month", "a week"),
    ("a year", "a month"),
    ("per week", "per day"),
    ("per month", "per week"),
    ("per year", "per month"),
    ("every week", "every month"),
    ("each month", "each week"),
];
const CURRENCIES: [(&str, &str); 6] =
    [("£", "$"), ("€", "$"), ("$", "€"), (" euros", " dollars"), (" pounds", " euros"), (" dollars", " euros")];

fn first_of(swaps: &[(&str, &str)], text: &str) -> Option<String> {
    let ends_word = |from: &str| {
        let at = text.find(from)?;
        let is_end = from.ends_with(' ') || !text[at + from.len()..].starts_with(char::is_alphabetic);
        let is_start = !from.starts_with(char::is_alphabetic) || !text[..at].ends_with(char::is_alphabetic) || from == "n't ";
        (is_end && is_start || !from.starts_with(char::is_alphanumeric) && from.len() <= 3).then_some(())
    };
    // "A security no from Hagen" is a noun.
    let is_noun = |from: &str| from == " no " && text.contains(" no from ");
    let (from, to) = swaps.iter().find(|(from, _)| ends_word(from).is_some() && !is_noun(from))?;
    Some(text.replacen(from, to, 1))
}

/// Runs of digits: days of dates, and numbers.
fn numbers(subject: &Subject<'_>, part: &str, text: &str) -> Vec<Wrong> {
    let dates: Vec<Span> = mention::dates(text, None).into_iter().map(|one| one.span).collect();
    let mut dice = subject.dice("text", part);
    let mut all = Vec::new();
    for run in digits(text) {
        let Ok(number) = text[run.start..run.end].replace(',', "").parse::<u32>() else { continue };
        let is_of_date = dates.iter().any(|date| date.start <= run.start && run.end <= date.end);
        let (sort, other) = match is_of_date {
            true if number <= 31 => ((Date, "day in a text"), (number + 3) % 28 + 1),
            true => continue,
            false => ((Number, "number in a text"), dice.number(f64::from(number)) as u32),
        };
        all.push((sort, format!("{}{other}{}", &text[..run.start], &text[run.end..])));
    }
    all
}

/// Runs of digits, thousands separators included.
fn digits(text: &str) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in text.char_indices() {
        let joins = c.is_ascii_digit() || c == ',' && text[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) if joins => run.end = at + 1,
            _ if c.is_ascii_digit() => runs.push(Span { start: at, end: at + 1 }),
            _ => {}
        }
    }
    runs
}

/// Full names, and first names alone.
fn names(subject: &Subject<'_>, part: &str, text: &str) -> Vec<Wrong> {
    let mut all = Vec::new();
    for name in &subject.people {
        let given = name.split(' ').next().unwrap_or_default();
        let Some(other) = subject.other_person(&mut subject.dice(name, part), name, text) else { continue };
        let other_given = other.split(' ').next().unwrap_or_default();
        let stands_alone = || text.split(|c: char| !c.is_alphanumeric()).any(|word| word == given);
        if text.contains(name.as_str()) {
            all.push(((Name, "name in a text"), text.replace(name, &other)));
        } else if given.len() > 2 && stands_alone() {
            all.push(((Name, "first name in a text"), text.replace(given, other_given)));
        }
    }
    all
}

/// A cue of a contract without the mark for any ending.
pub(super) fn bare(cue: &str) -> &str {
    cue.trim_end_matches('*')
}

pub(super) fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Language::English;

    #[test]
    fn a_denial_that_denies_nothing_is_not_planted() {
        let statements = turns(English).statements;
        assert_eq!(denied(statements, "It is only planned"), None);
        assert_eq!(
            denied(statements, "It is only planned and has a date").as_deref(),
            Some("It is only planned and has not a date")
        );
    }

    #[test]
    fn a_swap_takes_whole_words() {
        assert_eq!(first_of(&TIME_UNITS, "30 hours a week").as_deref(), Some("30 days a week"));
        assert_eq!(first_of(&TIME_UNITS, "a weekly call"), None);
        assert_eq!(first_of(&CURRENCIES, "about £60,000").as_deref(), Some("about $60,000"));
        assert_eq!(first_of(turns(English).denials, "the data doesn't fit").as_deref(), Some("the data does fit"));
        assert_eq!(first_of(turns(English).statements, "Christmas is near").as_deref(), Some("Christmas is not near"));
        assert_eq!(first_of(turns(English).hedges, "it should be able to fly").as_deref(), Some("it will fly"));
    }

    #[test]
    fn thousands_are_one_run_of_digits() {
        let runs: Vec<&str> =
            digits("1,250 in 30, not 4").into_iter().map(|run| &"1,250 in 30, not 4"[run.start..run.end]).collect();
        assert_eq!(runs, ["1,250", "30", "4"]);
    }
}
