//! `quotes_speak_of_answers`: a quote is not only verbatim, it says something of what it is quoted for.
//!
//! Amounts, days and labels are compared by the checks that read them; here it is free text and people. Words alone
//! decide, so only a quote that shares next to none with its answer is told. Where the words are not English, another
//! passage must share many as well.

use super::foreign::is_english;
use super::promiser::doers;
use super::quoted::{Quote, Quotes, is_alike};
use super::{Context, Found, commitment_name};
use crate::domain::brief::{Brief, FieldStatus, Severity};
use crate::domain::contract::Field;
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::index::{content_words, for_each_word, is_stop_word};

pub(super) fn quotes_speak_of_answers(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let Some(field) = context.contract.field(&answer.name) else { continue };
        let quotes = Quotes::of(context, &answer.evidence);
        let place = format!("fields.{}.evidence", answer.name);
        let mut tell = |severity, message| found.push(Found::new(severity, &answer.name, message).mend_at(&place));
        if !matches!(&answer.value, Some(Value::Commitment { .. }) | None) && quotes.are_questions_of_ours() {
            tell(Severity::Warn, "the quote is a question of our side; quote the answer".to_owned());
            continue;
        }
        let unsaid: Vec<&str> = match &answer.value {
            Some(Value::Text { text }) if !speaks_of(context, &quotes, text) => vec![text],
            Some(Value::Commitment { what, .. }) if !speaks_of(context, &quotes, what) && !promises(&quotes) => vec![what],
            Some(Value::List { items }) => {
                items.iter().map(String::as_str).filter(|item| !speaks_of(context, &quotes, item)).collect()
            }
            Some(Value::Person { name, role }) if !speaks_of_person(&quotes, field, name, role.as_deref()) => vec![name],
            _ => vec![],
        };
        let is_text = matches!(&answer.value, Some(Value::Text { .. } | Value::List { .. }));
        for text in unsaid {
            let is_told =
                quotes.are_english() && is_readable(context, text) || is_text && stands_elsewhere(context, &quotes, text);
            let severity = if is_told { Severity::Warn } else { Severity::Info };
            tell(severity, format!("no quote speaks of \"{text}\""));
        }
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        let quotes = Quotes::of(context, &promise.evidence);
        if !speaks_of(context, &quotes, &promise.what) && !promises(&quotes) {
            let part = commitment_name(i);
            let place = format!("{part}.evidence");
            let message = format!("no quote speaks of \"{}\"", promise.what);
            let is_told = quotes.are_english() && is_readable(context, &promise.what);
            let severity = if is_told { Severity::Warn } else { Severity::Info };
            found.push(Found::new(severity, &part, message).mend_at(place));
        }
    }
    found
}

/// A promise is put in other words: "Freya will ring you" for "a call about more devices".
fn promises(quotes: &Quotes<'_>) -> bool {
    quotes.found.iter().any(|quote| !doers(quote.around).is_empty())
}

/// Beside sources in another language a text may be in either.
fn is_readable(context: &Context<'_>, text: &str) -> bool {
    context.foreign_sources().is_empty() || is_english(text)
}

/// Of a text in the language of its sources, whatever that is: whether a passage that is not quoted has a third of its words.
/// (An English text about words in another language shares none with them.)
fn stands_elsewhere(context: &Context<'_>, quotes: &Quotes<'_>, text: &str) -> bool {
    let wanted = content_words(text);
    !is_english(text)
        && quotes.shared(&wanted) == 0
        && context.index().best(&wanted, 1).first().is_some_and(|(_, share)| share * 3.0 >= 1.0)
}

/// Whether a sixth of a text's words stand in its quotes or in the questions that they answer, or it names somebody of
/// them. (Its numbers are compared by the checks that read them.)
fn speaks_of(context: &Context<'_>, quotes: &Quotes<'_>, text: &str) -> bool {
    let mut wanted = content_words(text);
    wanted.retain(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let is_denied = || mention::is_negated(text) || quotes.found.iter().any(Quote::speaks_of_him_or_her);
    let is_asked = || {
        let asked: Vec<String> = quotes.questions(context).flat_map(content_words).collect();
        wanted.iter().any(|word| asked.iter().any(|one| is_alike(one, word)))
    };
    quotes.found.is_empty()
        || wanted.is_empty()
        || is_denied()
        || quotes.shared(&wanted) * 6 >= wanted.len()
        || names_somebody(quotes, text)
        || is_asked()
}

/// "Fiona" is enough for "Fiona Garrick, chief operating officer": the rest is known from elsewhere.
fn names_somebody(quotes: &Quotes<'_>, text: &str) -> bool {
    let mut named = false;
    for_each_word(text, |word, span| {
        let written = &text[span.start..span.end];
        let is_name = written.starts_with(char::is_uppercase) && written.len() > 2 && !is_stop_word(word) && span.start == 0;
        named |= is_name && quotes.found.iter().any(|quote| quote.around.contains(written));
    });
    named
}

/// Whether a quote names the person or tells what he or she is: a word of the role, of the field's cues or of its description.
fn speaks_of_person(quotes: &Quotes<'_>, field: &Field, name: &str, role: Option<&str>) -> bool {
    let is_named = name.split(' ').any(|word| quotes.found.iter().any(|quote| quote.around.contains(word)));
    let mut wanted = content_words(&field.describe);
    wanted.extend(content_words(&field.name.replace('_', " ")));
    wanted.extend(role.into_iter().flat_map(content_words));
    field.cues.iter().for_each(|cue| wanted.extend(content_words(cue.trim_end_matches('*'))));
    // Without cues or a role there is nothing to compare with.
    quotes.found.is_empty() || is_named || wanted.len() < 5 || quotes.shared(&wanted) > 0
}
