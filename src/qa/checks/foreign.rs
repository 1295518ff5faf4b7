//! What a check may say about material that is not English. All of it is decided here.
//!
//! * Checks that go by English words or by English spelling habits (capitals for names, stop words, stems, opposites)
//!   only inform about a part that rests on another language, or is written in one.
//! * People, hedges and denials are read in every language that [`mention`] reads, but not all that is said of them: there
//!   they warn and never block. In a language that is not read they only inform: names may be inflected.
//! * Checks that compare numbers and days keep their full weight where [`mention`] reads the language, in digits and in
//!   words. Of a language that is not read they warn if the quotes have digits, which are the same everywhere, and only
//!   inform if they have none: the number may be there in words.
//! * `quotes_speak_of_answers` and `labels_fit_their_quotes` compare words of one language with each other, and see to it
//!   themselves that both sides are of one.
//! * All others compare characters, sides or names of labels, which takes no language.
//!
//! English handoffs ask for nothing here but the receipts of their sources.

use super::Context;
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Severity};
use crate::domain::mention::{self, Language};
use crate::domain::value::Value;
use crate::qa::index::{for_each_word, is_stop_word};

/// Checks that go by English words.
const READ_ENGLISH: [&str; 3] = ["names_are_grounded", "claims_are_covered", "important_parts_are_covered"];

/// Checks that go by words of every language that is read.
const READ_WORDS: [&str; 3] = ["people_fit_their_quotes", "hedges_agree", "negations_agree"];

/// Checks that compare numbers and days.
const COMPARE_NUMBERS: [&str; 4] =
    ["quotes_support_values", "numbers_are_grounded", "units_fit_their_numbers", "dates_are_grounded"];

/// How a source can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::qa) enum Reading {
    English,
    /// Another language whose numbers and days are read.
    Numbers,
    /// Only digits are.
    Digits,
}

impl Reading {
    fn of(language: Language) -> Self {
        if language == Language::English { Self::English } else { Self::Numbers }
    }

    fn of_tag(tag: &str) -> Self {
        Language::of_tag(tag).map_or(Self::Digits, Self::of)
    }
}

/// The sources that are not English, by their ids. A source too short for its receipt to tell is asked itself.
pub(super) fn foreign_sources<'a>(context: &Context<'a>) -> Vec<(&'a str, Reading)> {
    /// Passages that tell the language of a source.
    const PASSAGES: usize = 4;
    let sources = context.excerpt.receipt().sources.iter().map(|source| {
        let units = || context.excerpt.units().iter().filter(|unit| unit.source == source.id).take(PASSAGES);
        let by_words = || units().map(|unit: &Unit| Reading::of(mention::language(&unit.text))).max();
        let reading = source.language.as_deref().map(Reading::of_tag).or_else(by_words);
        (source.id.as_str(), reading.unwrap_or(Reading::English))
    });
    sources.filter(|(_, reading)| *reading != Reading::English).collect()
}

/// The worst a check may say about a part of the brief, by the language of what that rests on.
pub(in crate::qa) fn worst(context: &Context<'_>, check: &str, brief: &Brief, part: &str) -> Severity {
    let reads_english = READ_ENGLISH.contains(&check);
    let reads_words = READ_WORDS.contains(&check);
    if context.foreign_sources().is_empty() || !(reads_english || reads_words || COMPARE_NUMBERS.contains(&check)) {
        return Severity::Block;
    }
    let evidence = evidence_of(brief, part);
    if check == "quotes_support_values" && evidence.is_some_and(<[Evidence]>::is_empty) {
        // That there is no quote is no matter of language.
        return Severity::Block;
    }
    let reading = match evidence {
        Some(evidence) if !evidence.is_empty() => evidence.iter().map(|one| context.reading(&one.source)).max(),
        // The headline rests on all sources.
        _ if context.excerpt.units().iter().any(|unit| unit.source == part) => Some(context.reading(part)),
        _ => context.foreign_sources().iter().map(|(_, reading)| *reading).max(),
    };
    match reading.unwrap_or(Reading::English) {
        Reading::English if reads_english && !texts_of(brief, part).into_iter().all(is_english) => Severity::Info,
        Reading::English => Severity::Block,
        Reading::Numbers | Reading::Digits if reads_english => Severity::Info,
        Reading::Numbers if reads_words => Severity::Warn,
        Reading::Digits if reads_words => Severity::Info,
        Reading::Numbers => Severity::Block,
        Reading::Digits => {
            let has_digits = |one: &Evidence| one.quote.contains(|c: char| c.is_ascii_digit());
            if evidence.is_some_and(|evidence| evidence.iter().any(has_digits)) { Severity::Warn } else { Severity::Info }
        }
    }
}

/// Whether a text is English as far as its words tell: beside a source in another language a brief may be in either.
pub(super) fn is_english(text: &str) -> bool {
    /// Every so many words of English one is a stop word.
    const EVERY: usize = 8;
    let (mut words, mut english) = (0, 0);
    for_each_word(text, |word, _| {
        words += 1;
        english += usize::from(word.len() > 1 && is_stop_word(word));
    });
    mention::language(text) == Language::English && english * EVERY >= words
}

/// Whether the sources have a number. Of a language that is not read also in thousands or millions: "180 tysięcy".
pub(super) fn has_number(context: &Context<'_>, number: f64) -> bool {
    let facts = context.facts();
    let in_thousands = || number >= 1e3 && [1e3, 1e6].iter().any(|scale| facts.has_number(number / scale));
    facts.has_number(number) || has_unread(context) && in_thousands()
}

/// Whether a day of a claim may be named by a source that is not read: "15 stycznia" for the 15th.
pub(super) fn may_name_day(context: &Context<'_>, words: &str) -> bool {
    let mut runs = words.split(|c: char| !c.is_ascii_digit()).filter_map(|run| run.parse::<u8>().ok()).peekable();
    let has_days = runs.peek().is_some();
    has_unread(context) && has_days && runs.all(|day| context.facts().has_number(f64::from(day)))
}

fn has_unread(context: &Context<'_>) -> bool {
    context.foreign_sources().iter().any(|(_, reading)| *reading == Reading::Digits)
}

/// What the brief says in words in a part.
fn texts_of<'b>(brief: &'b Brief, part: &str) -> Vec<&'b str> {
    if part == "headline" {
        return vec![&brief.headline];
    }
    let value = brief.field(part).and_then(|answer| answer.value.as_ref());
    match value {
        Some(Value::Text { text }) => return vec![text],
        Some(Value::List { items }) => return items.iter().map(String::as_str).collect(),
        Some(Value::Commitment { what, .. }) => return vec![what],
        Some(Value::Money { .. } | Value::Number { .. } | Value::Date { .. } | Value::Duration { .. }) => return Vec::new(),
        Some(Value::Person { .. } | Value::Choice { .. }) => return Vec::new(),
        None => {}
    }
    let Some((list, position)) = part.strip_suffix(']').and_then(|part| part.split_once('[')) else { return Vec::new() };
    let Ok(position) = position.parse::<usize>() else { return Vec::new() };
    match list {
        "commitments" => brief.commitments.get(position).map(|one| one.what.as_str()).into_iter().collect(),
        "open_questions" => brief.open_questions.get(position).map(|one| one.question.as_str()).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The quotes of a part; `None`: it has none of its own.
fn evidence_of<'b>(brief: &'b Brief, part: &str) -> Option<&'b [Evidence]> {
    if let Some(answer) = brief.field(part) {
        return Some(&answer.evidence);
    }
    if let Some(answer) = brief.axis(part) {
        return Some(&answer.evidence);
    }
    let (list, position) = part.strip_suffix(']')?.split_once('[')?;
    let position: usize = position.parse().ok()?;
    match list {
        "commitments" => brief.commitments.get(position).map(|one| &one.evidence[..]),
        "open_questions" => brief.open_questions.get(position).map(|one| &one.evidence[..]),
        _ => None,
    }
}
