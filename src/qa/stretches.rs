//! Where in the sources a claim stands: its quotes with the sentences around them, and what comes near its other words.

use std::cmp::Reverse;

use super::checks::{Context, inside};
use super::index::content_words;
use super::judge::Saying;
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, FieldAnswer, FieldStatus, Span};
use crate::domain::claim::Stretch;
use crate::domain::event::SourceType;
use crate::domain::value::Value;

/// The content words of a text but for numbers, which are said in words as often.
pub(super) fn telling_words(text: &str) -> Vec<String> {
    let mut words = content_words(text);
    words.retain(|word| !word.contains(|c: char| c.is_ascii_digit()));
    words
}

/// Those of some words that no stretch holds.
pub(super) fn lacking(context: &Context<'_>, words: &[String], stretches: &[Stretch]) -> Vec<String> {
    let held: Vec<String> = stretches.iter().flat_map(|stretch| words_of(context, *stretch)).collect();
    words.iter().filter(|word| !held.contains(word)).cloned().collect()
}

/// The words of a stretch, and of the name of who said it.
fn words_of(context: &Context<'_>, stretch: Stretch) -> Vec<String> {
    let Some(unit) = context.excerpt.unit(stretch.unit) else { return Vec::new() };
    let text = unit.text.get(stretch.span.start..stretch.span.end).unwrap_or_default();
    content_words(&format!("{} {text}", unit.speaker.as_deref().unwrap_or_default()))
}

/// The most stretches of a claim that come from its quotes; and of those that come near what the quotes lack.
const QUOTED: usize = 6;
pub(super) const NEAREST: usize = 6;
/// A sentence that holds less of what the quotes lack (a share weighted by rarity) is no help.
const HELPFUL: f64 = 0.4;

/// The quotes with the sentences around them. The quotes of a list are those of all its items: the ones that share most
/// words with this one come first.
pub(super) fn quoted(context: &Context<'_>, evidence: &[Evidence], words: &[String]) -> Vec<Stretch> {
    let mut evidence: Vec<&Evidence> = evidence.iter().collect();
    evidence.sort_by_cached_key(|one| Reverse(content_words(&one.quote).iter().filter(|word| words.contains(word)).count()));
    let mut all: Vec<Stretch> = Vec::new();
    for one in evidence {
        let place = context.unit_of(one).zip(one.span).and_then(|(unit, span)| Some((unit, inside(unit, span)?)));
        let Some((unit, quote)) = place else { continue };
        all.extend(before(context, unit, quote));
        all.push(Stretch { unit: unit.n, span: around(context, unit, quote) });
    }
    all.truncate(QUOTED);
    all
}

/// The stretches of a saying, and what comes near the words that they lack: a name may be completed, a role be told
/// elsewhere. The headline has no quotes: its figures are those of the fields.
pub(super) fn with_nearest(
    context: &Context<'_>,
    brief: &Brief,
    saying: &Saying<'_>,
    mut quoted_of_it: Vec<Stretch>,
) -> Vec<Stretch> {
    let words = lacking(context, &telling_words(&saying.text), &quoted_of_it);
    match quoted_of_it.is_empty() {
        true => {
            quoted_of_it.extend(nearest(context, words, NEAREST, 0.0));
            if saying.text.contains(|c: char| c.is_ascii_digit()) {
                quoted_of_it.extend(quoted(context, &evidence_of_figures(brief), &[]));
            }
        }
        false if saying.own_words.is_some() => quoted_of_it.extend(nearest(context, words, NEAREST / 3, HELPFUL)),
        false => {}
    }
    joined(quoted_of_it)
}

/// One quote of each field that holds an amount, a count, a day or a time, and all of those in conflict.
fn evidence_of_figures(brief: &Brief) -> Vec<Evidence> {
    let of_field = |answer: &FieldAnswer| match (answer.status, &answer.value) {
        (FieldStatus::Conflicting, _) => answer.evidence.clone(),
        (_, Some(Value::Money { .. } | Value::Number { .. } | Value::Date { .. } | Value::Duration { .. })) => {
            answer.evidence.iter().take(1).cloned().collect()
        }
        _ => Vec::new(),
    };
    brief.fields.iter().flat_map(of_field).collect()
}

/// The sentences that come nearest to some words, each to those that the ones before it lack.
pub(super) fn nearest(context: &Context<'_>, mut words: Vec<String>, count: usize, least: f64) -> Vec<Stretch> {
    let mut all = Vec::new();
    while let Some((number, share)) = context.index().best(&words, 1).first().copied().filter(|_| all.len() < count) {
        let sentence = &context.index().sentences[number];
        let unit = &context.excerpt.units()[sentence.passage];
        let stretch = Stretch { unit: unit.n, span: around(context, unit, sentence.span) };
        let left = lacking(context, &words, &[stretch]);
        if share < least || left.len() == words.len() {
            break;
        }
        all.push(stretch);
        words = left;
    }
    all
}

/// In the order of the excerpt; what overlaps is one.
fn joined(mut all: Vec<Stretch>) -> Vec<Stretch> {
    all.sort_unstable();
    all.dedup_by(|next, last| {
        let overlaps = next.unit == last.unit && next.span.start <= last.span.end;
        if overlaps {
            last.span.end = last.span.end.max(next.span.end);
        }
        overlaps
    });
    all
}

/// The most bytes that are added around a quote.
const AROUND: usize = 800;

/// A place in a unit with the rest of its sentences, and one sentence more on each side.
fn around(context: &Context<'_>, unit: &Unit, place: Span) -> Span {
    let sentences = context.index().sentences_of(unit.n as usize - 1);
    let first = sentences.partition_point(|sentence| sentence.span.end <= place.start);
    let after = sentences.partition_point(|sentence| sentence.span.start < place.end);
    let start = sentences.get(first.saturating_sub(1)).map_or(place.start, |sentence| sentence.span.start.min(place.start));
    let end = sentences.get(after).or(sentences.last()).map_or(place.end, |sentence| sentence.span.end.max(place.end));
    Span {
        start: unit.text.ceil_char_boundary(start.max(place.start.saturating_sub(AROUND / 2))),
        end: unit.text.floor_char_boundary(end.min(place.end + AROUND / 2)),
    }
}

/// Where a quote opens a turn of a call, the last sentence of the turn before it: an answer is read with its question.
fn before(context: &Context<'_>, unit: &Unit, quote: Span) -> Option<Stretch> {
    let position = (unit.n as usize).checked_sub(2)?;
    let opens = context.index().sentences_of(position + 1).first().is_none_or(|sentence| quote.start < sentence.span.end);
    let is_answer = opens && unit.source_type == SourceType::CallTranscript;
    let earlier = context.excerpt.units().get(position).filter(|earlier| is_answer && earlier.source == unit.source)?;
    let last = context.index().sentences_of(position).last()?.span;
    let start = earlier.text.ceil_char_boundary(last.start.max(last.end.saturating_sub(AROUND / 2)));
    Some(Stretch { unit: earlier.n, span: Span { start, ..last } })
}
