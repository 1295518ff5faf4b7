//! `speakers_are_right`: the side that must have said something said it.

use super::{Context, Found, commitment_name};
use crate::domain::brief::{AxisLabel, Brief, Commitment, Evidence, FieldStatus, Firmness, Severity};
use crate::domain::event::{Side, SourceType};
use crate::domain::value::Value;
use crate::qa::index::for_each_word;

pub(super) fn speakers_are_right(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let Some(wanted) = context.contract.field(&answer.name).and_then(|field| field.stated_by) else { continue };
        if let Some((severity, message)) = wrong_side(context, &answer.evidence, wanted) {
            let finding = Found::new(severity, &answer.name, message);
            let place = format!("fields.{}.evidence", answer.name);
            found.push(if severity == Severity::Info { finding } else { finding.mend_at(place) });
        }
    }
    for answer in brief.axes.iter().filter(|answer| matches!(answer.label, AxisLabel::Label(_))) {
        let Some(wanted) = context.contract.axis(&answer.name).and_then(|axis| axis.stated_by) else { continue };
        // A label is a judgement: what the other side says may be part of its grounds.
        if let Some((Severity::Block, message)) = wrong_side(context, &answer.evidence, wanted) {
            found.push(Found::new(Severity::Warn, &answer.name, message).mend_at(format!("axes.{}.evidence", answer.name)));
        }
    }
    for answer in &brief.fields {
        let Some(wanted) = context.contract.field(&answer.name).and_then(|field| field.stated_by) else { continue };
        let Some(Value::Commitment { who: Some(who), .. }) = &answer.value else { continue };
        if let Some((speaker, side)) = side_of(context, who).filter(|(_, side)| *side != wanted) {
            let message = format!("{speaker} is on {}, and {} must have promised it", side_name(side), side_name(wanted));
            let place = format!("fields.{}.value", answer.name);
            found.push(Found::new(Severity::Warn, &answer.name, message).mend_at(place));
        }
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        let part = commitment_name(i);
        let problem = wrong_promiser(context, promise);
        found.extend(problem.map(|(severity, message)| Found::new(severity, &part, message).mend_at(format!("{part}.side"))));
    }
    found
}

/// One quote of the right side is enough: the other side's question may be quoted beside it.
fn wrong_side(context: &Context<'_>, evidence: &[Evidence], wanted: Side) -> Option<(Severity, String)> {
    let sides: Vec<Side> = evidence.iter().filter(|one| one.span.is_some()).map(|one| heard_side(context, one)).collect();
    if sides.is_empty() || sides.contains(&wanted) {
        return None;
    }
    match sides.contains(&Side::Unknown) {
        true => Some((Severity::Info, format!("it is not known whether {} said it", side_name(wanted)))),
        false => Some((Severity::Block, format!("{} must have said it, but the quote is the other side's", side_name(wanted)))),
    }
}

/// Whose words a quote is. A note or a record field tells what others said, and so does "you said" in a call:
/// the writer's side is not the side that stated it.
fn heard_side(context: &Context<'_>, evidence: &Evidence) -> Side {
    let Some(unit) = context.unit_of(evidence) else { return Side::Unknown };
    match unit.source_type {
        SourceType::CallNote | SourceType::CrmSnapshot => Side::Unknown,
        SourceType::CallTranscript | SourceType::EmailThread if reports(context.around(evidence)) => Side::Unknown,
        SourceType::CallTranscript | SourceType::EmailThread => unit.side,
    }
}

fn reports(text: &str) -> bool {
    const REPORTS: [&str; 10] = [
        "you said",
        "you mentioned",
        "you told",
        "they said",
        "they told",
        "he said",
        "she said",
        "they mentioned",
        "according to",
        "you've set",
    ];
    let lower = text.to_lowercase();
    REPORTS.iter().any(|words| lower.contains(words))
}

fn wrong_promiser(context: &Context<'_>, promise: &Commitment) -> Option<(Severity, String)> {
    if let Some((speaker, side)) = promise.who.as_deref().and_then(|who| side_of(context, who)) {
        if side != promise.side && promise.side != Side::Unknown {
            return Some((Severity::Block, format!("{speaker} is on {}, not on {}", side_name(side), side_name(promise.side))));
        }
        return None;
    }
    let spoken = promise.evidence.iter().filter(|one| one.span.is_some()).filter_map(|one| {
        // "I'll send it" in a note is its writer's promise.
        let writer = || context.unit_of(one).filter(|_| promises_for_oneself(&one.quote)).map_or(Side::Unknown, |unit| unit.side);
        let side = Some(heard_side(context, one)).filter(|side| *side != Side::Unknown).unwrap_or_else(writer);
        (side != Side::Unknown).then_some((one, side))
    });
    let spoken: Vec<(&Evidence, Side)> = spoken.collect();
    let is_to_own_side = || {
        let receiver = promise.to_whom.as_deref().and_then(|name| side_of(context, name));
        promise.side == Side::Customer && receiver.is_some_and(|(_, side)| side == Side::Customer)
    };
    if spoken.is_empty() && is_to_own_side() {
        return Some((Severity::Warn, "the promise is put on the side that it is made to".to_owned()));
    }
    if promise.side == Side::Unknown || spoken.is_empty() || spoken.iter().any(|(_, side)| *side == promise.side) {
        return None;
    }
    if promise.firmness == Firmness::Implied {
        // What somebody takes for granted is always in the other side's mouth.
        return None;
    }
    // "You'll send it" is the other side's promise in this side's mouth; "I'll send it" cannot be.
    let own = spoken.iter().any(|(one, _)| promises_for_oneself(&one.quote));
    let severity = if own { Severity::Block } else { Severity::Warn };
    Some((severity, format!("the promise is put on {}, but the quote is the other side's", side_name(promise.side))))
}

fn promises_for_oneself(quote: &str) -> bool {
    const OWN: [&str; 12] = [
        "i'll ",
        "i will ",
        "i can ",
        "we'll ",
        "we will ",
        "we can ",
        "let me ",
        "i'm going to ",
        "we're going to ",
        "i am going to ",
        "i promise",
        "i shall ",
    ];
    let plain = quote.to_lowercase().replace('’', "'");
    OWN.iter().any(|words| plain.contains(words))
}

/// The side of a person who speaks in the sources; `None` where the name is not clearly one speaker's.
pub(super) fn side_of<'a>(context: &Context<'a>, name: &str) -> Option<(&'a str, Side)> {
    let wanted = words(name);
    let known = context.speakers().iter().filter(|(_, side)| *side != Side::Unknown);
    let mut matching = known.filter(|(speaker, _)| {
        let speaker = words(speaker);
        !wanted.is_empty() && wanted.iter().all(|word| speaker.contains(word))
    });
    let first = *matching.next()?;
    matching.all(|(_, side)| *side == first.1).then_some(first)
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_word(text, |word, _| words.push(word.to_owned()));
    words
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Customer => "the customer's side",
        Side::Ours => "our side",
        Side::Unknown => "an unknown side",
    }
}
