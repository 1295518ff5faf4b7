//! `quotes_speak_of_answers`: a quote is not only verbatim, it says something of what it is quoted for.
//!
//! Amounts, days and labels are compared by the checks that read them; here it is free text and people. Words alone
//! decide, so only a quote that shares next to none with its answer is told.

use super::quoted::Quotes;
use super::{Context, Found, commitment_name};
use crate::domain::brief::{Brief, FieldStatus, Severity};
use crate::domain::contract::Field;
use crate::domain::value::Value;
use crate::qa::index::{content_words, for_each_word, is_stop_word};

pub(super) fn quotes_speak_of_answers(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let Some(field) = context.contract.field(&answer.name) else { continue };
        let quotes = Quotes::of(context, &answer.evidence);
        let unsaid: Vec<&str> = match &answer.value {
            Some(Value::Text { text } | Value::Commitment { what: text, .. }) if !speaks_of(&quotes, text) => vec![text],
            Some(Value::List { items }) => items.iter().map(String::as_str).filter(|item| !speaks_of(&quotes, item)).collect(),
            Some(Value::Person { name, role }) if !speaks_of_person(&quotes, field, role.as_deref()) => vec![name],
            _ => vec![],
        };
        let place = format!("fields.{}.evidence", answer.name);
        let told = |text| Found::new(Severity::Warn, &answer.name, format!("no quote speaks of \"{text}\"")).mend_at(&place);
        found.extend(unsaid.into_iter().map(told));
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        if !speaks_of(&Quotes::of(context, &promise.evidence), &promise.what) {
            let part = commitment_name(i);
            let place = format!("{part}.evidence");
            let message = format!("no quote speaks of \"{}\"", promise.what);
            found.push(Found::new(Severity::Warn, &part, message).mend_at(place));
        }
    }
    found
}

/// Whether a sixth of a text's words stand in its quotes, or it names somebody of them.
fn speaks_of(quotes: &Quotes<'_>, text: &str) -> bool {
    let wanted = content_words(text);
    quotes.found.is_empty() || wanted.is_empty() || quotes.shared(&wanted) * 6 >= wanted.len() || names_somebody(quotes, text)
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

/// Whether a quote tells what the person is: a word of the role, of the field's cues or of its description.
fn speaks_of_person(quotes: &Quotes<'_>, field: &Field, role: Option<&str>) -> bool {
    let mut wanted = content_words(&field.describe);
    wanted.extend(content_words(&field.name.replace('_', " ")));
    wanted.extend(role.into_iter().flat_map(content_words));
    field.cues.iter().for_each(|cue| wanted.extend(content_words(cue.trim_end_matches('*'))));
    quotes.found.is_empty() || quotes.shared(&wanted) > 0
}
