//! Errors in promises.

use super::Kind::{Date, InventedQuote, Modality, QuoteFromElsewhere, Side as SideOf, Speaker};
use super::errors::{Field, elsewhere, invented, shares_half};
use super::languages::turns;
use super::subject::Subject;
use super::texts;
use crate::domain::brief::{Commitment, Evidence, Firmness};
use crate::domain::event::Side;
use crate::domain::mention;

pub(super) fn plant(field: &mut Field<'_>) {
    for (i, promise) in field.subject.brief.commitments.iter().enumerate() {
        let part = format!("commitments[{i}]");
        plant_in_quotes(field, i, &part, promise);
        plant_in_terms(field, i, &part, promise);
        for (sort, text) in texts::wrong_quoted(field.subject, &part, &promise.what, &promise.evidence) {
            field.plant(sort, &part, |brief| brief.commitments[i].what = text);
        }
        if promise.firmness == Firmness::Firm {
            let hedged = format!("{}{}", turns(field.subject.language()).attempt, texts::uncapitalised(&promise.what));
            field.plant((Modality, "hedge put in a text"), &part, |brief| brief.commitments[i].what = hedged);
        }
    }
}

fn plant_in_quotes(field: &mut Field<'_>, i: usize, part: &str, promise: &Commitment) {
    if let Some(quote) = invented(field.subject, part, &promise.evidence) {
        field.plant((InventedQuote, "of a promise"), part, |brief| brief.commitments[i].evidence = quote);
    }
    let says_it = |passage: &str| shares_half(passage, &promise.what);
    if let Some(quote) = elsewhere(field.subject, part, &promise.evidence, says_it) {
        field.plant((QuoteFromElsewhere, "of a promise"), part, |brief| brief.commitments[i].evidence = quote);
    }
}

fn plant_in_terms(field: &mut Field<'_>, i: usize, part: &str, promise: &Commitment) {
    let subject = field.subject;
    if let Some(due) = promise.due {
        let other = subject.dice("due", part).day(due);
        field.plant((Date, "day of a promise"), part, |brief| brief.commitments[i].due = Some(other));
    }
    if let Some(other) = promise.who.as_ref().and_then(|who| other_promiser(subject, part, who, &promise.what, &promise.evidence))
    {
        field.plant((Speaker, "promise of somebody else"), part, |brief| brief.commitments[i].who = Some(other));
    }
    let other_side = match promise.side {
        Side::Ours => Side::Customer,
        Side::Customer => Side::Ours,
        Side::Unknown => return,
    };
    field.plant((SideOf, "promise on the other side"), part, |brief| brief.commitments[i].side = other_side);
    let (firmness, sort) = match promise.firmness {
        Firmness::Hedged => (Firmness::Firm, "hedged promise made firm"),
        Firmness::Firm => (Firmness::Hedged, "firm promise made hedged"),
        Firmness::Implied => (Firmness::Firm, "implied promise made firm"),
    };
    field.plant((Modality, sort), part, |brief| brief.commitments[i].firmness = firmness);
}

/// Somebody who did not promise the same: neither in the quotes nor in another promise of the brief.
pub(super) fn other_promiser(subject: &Subject<'_>, part: &str, who: &str, what: &str, evidence: &[Evidence]) -> Option<String> {
    let other = subject.other_person(&mut subject.dice("who", part), who, "")?;
    let promises = |one: &Evidence| one.speaker.as_ref() == Some(&other) && mention::commitment_strength(&one.quote).is_some();
    let also = subject.brief.commitments.iter().filter(|one| one.who.as_ref() == Some(&other));
    let is_also_theirs = also.into_iter().any(|one| shares_half(&one.what, what));
    (!evidence.iter().any(promises) && !is_also_theirs).then_some(other)
}
