//! `answers_are_fresh`: what was last said longer ago than the contract allows has to be asked again.

use jiff::Timestamp;

use super::agreement::is_repeated;
use super::{Context, Found};
use crate::domain::brief::{Brief, FieldAnswer, FieldStatus, Severity};
use crate::domain::value::Value;
use crate::qa::index::content_words;

/// Marks the stale answers. Age is counted to the time of the handoff, not to now: the next owner reads the brief
/// then, and a brief that is written again later must say the same.
pub(super) fn answers_are_fresh(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let Some(as_of) = context.excerpt.as_of() else { return Vec::new() };
    let mut found = Vec::new();
    for answer in brief.fields.iter_mut().filter(|answer| answer.status == FieldStatus::Stated) {
        let Some(field) = context.contract.field(&answer.name) else { continue };
        let Some(limit) = field.stale_after_days.map(i64::from) else { continue };
        let Some(said) = last_said(answer) else { continue };
        let age = days_between(said, as_of);
        let since = Timestamp::from_second(as_of.as_second() - limit * DAY).unwrap_or(Timestamp::MIN);
        if age <= limit
            || is_due_later(answer, as_of)
            || is_repeated(context, field, answer, since)
            || is_said_again(context, answer, since)
        {
            continue;
        }
        answer.stale = true;
        let message = format!("last said {age} days before the handoff; the contract asks again after {limit} days");
        found.push(Found::new(Severity::Warn, &answer.name, message));
    }
    found
}

/// When the newest quote was said. `None` if one has no time: a note without a date may be of today.
fn last_said(answer: &FieldAnswer) -> Option<Timestamp> {
    let times: Option<Vec<Timestamp>> = answer.evidence.iter().map(|one| one.at).collect();
    times?.into_iter().max()
}

/// A promise for a day to come is neither kept nor broken, however long ago it was given.
fn is_due_later(answer: &FieldAnswer, as_of: Timestamp) -> bool {
    let Some(Value::Commitment { due: Some(due), .. }) = &answer.value else { return false };
    super::said_on(Some(as_of)).is_some_and(|today| *due >= today)
}

/// In seconds.
const DAY: i64 = 86_400;

fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()) / DAY
}

/// The share of a value's words, weighted by how rare they are, that a sentence must hold to say it again.
const SAID_AGAIN: f64 = 0.6;

/// Whether something said since then holds the answer too. Generous: an old quote for what was repeated last week is
/// no reason to ask a customer again.
fn is_said_again(context: &Context<'_>, answer: &FieldAnswer, since: Timestamp) -> bool {
    let mut words: Vec<String> = answer.value.as_ref().map(words).unwrap_or_default();
    words.sort_unstable();
    words.dedup();
    let is_since = |passage: usize| context.excerpt.units()[passage].at.is_some_and(|at| at >= since);
    let best = context.index().best(&words, SENTENCES);
    best.into_iter().any(|(sentence, share)| share >= SAID_AGAIN && is_since(context.index().sentences[sentence].passage))
}

/// Sentences that are looked at, the most alike first.
const SENTENCES: usize = 20;

/// The words that a sentence which says the value again would hold. Values that can be compared are left to
/// [`is_repeated`].
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Text { text } => content_words(text),
        Value::Person { name, .. } => content_words(name),
        Value::List { items } => items.iter().flat_map(|item| content_words(item)).collect(),
        Value::Commitment { what, .. } => content_words(what),
        Value::Date { said, .. } => content_words(said),
        Value::Choice { .. } | Value::Money { .. } | Value::Number { .. } | Value::Duration { .. } => Vec::new(),
    }
}
