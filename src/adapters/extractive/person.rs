//! Person fields: whom a sentence names for a role.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::{Answer, Quote};
use super::candidate::Candidate;
use super::people::{Named, Roster, role_in};
use super::saying::{Saying, pattern};
use crate::domain::contract::Field;
use crate::domain::event::Side;
use crate::domain::value::Value;

/// How many bytes a name may stand from the words that make it the answer.
const REACH: usize = 70;

/// Answers a person field: the first candidate that names somebody.
pub(super) fn answer(field: &Field, candidates: &[Candidate], sayings: &[Saying<'_>], roster: &Roster) -> Answer {
    for candidate in candidates {
        let fits = |named: &Named| field.stated_by.is_none() && is_customer_field(field, roster.side_of(&named.name));
        let introduced = || introduction(candidate, sayings, roster);
        let found = introduced()
            .or_else(|| speaker_of(candidate, sayings, roster))
            .or_else(|| named_in(candidate, sayings, roster).filter(fits))
            .or_else(|| meant_by_pronoun(candidate, sayings, roster))
            .or_else(|| by_role(candidate, sayings, roster));
        if let Some(named) = found {
            let name = if introduced().is_some() { named.name } else { roster.full_name(&named.name) };
            let role = named.role.or_else(|| roster.role_of(&name));
            return Answer::stated(Value::Person { name, role }, vec![Quote::of(&sayings[candidate.saying])]);
        }
    }
    Answer::not_stated()
}

fn is_customer_field(_field: &Field, side: Side) -> bool {
    side != Side::Ours
}

/// "My name is Jodie Pickersgill": fuller than how the mail is signed.
fn introduction(candidate: &Candidate, sayings: &[Saying<'_>], roster: &Roster) -> Option<Named> {
    let saying = &sayings[candidate.saying];
    let found = MY_NAME_IS.captures(saying.text).or_else(|| MY_NAME_IN_CAPTIONS.captures(saying.text))?.get(1)?;
    let span = crate::domain::brief::Span { start: found.start(), end: found.end() };
    let role = saying.speaker().and_then(|speaker| roster.role_of(speaker)).or_else(|| roster.role_of(found.as_str()));
    (saying.side() != Side::Ours).then(|| Named { span, name: found.as_str().to_owned(), role })
}

/// "I sign off": whoever speaks.
fn speaker_of(candidate: &Candidate, sayings: &[Saying<'_>], roster: &Roster) -> Option<Named> {
    let saying = &sayings[candidate.saying];
    let (start, end) = candidate.anchor?;
    let name = saying.speaker()?;
    let (before, cue) = (&saying.text[..start], &saying.text[start..end]);
    let clause = before.rfind([',', ';', ':', '.', '–', '—']).map_or(before, |at| &before[at + 1..]);
    let first_person = FIRST_PERSON.is_match(cue) || I_DO.is_match(clause);
    (first_person && saying.side() != Side::Ours).then(|| Named {
        span: crate::domain::brief::Span { start, end },
        name: name.to_owned(),
        role: roster.role_of(name),
    })
}

/// The name nearest to the anchor; before it for equal distance ("Maria signs off").
fn named_in(candidate: &Candidate, sayings: &[Saying<'_>], roster: &Roster) -> Option<Named> {
    let saying = &sayings[candidate.saying];
    let names = roster.names_in(saying.text);
    let Some((start, end)) = candidate.anchor else { return names.into_iter().next() };
    // "My name is Jodie Pickersgill", "the person to talk to is …".
    let names_follow = NAMES_FOLLOW.is_match(&saying.text[start..end]);
    names
        .into_iter()
        .filter(|named| !names_follow || named.span.start >= end)
        .map(|named| {
            let distance = if named.span.end <= start { start - named.span.end } else { named.span.start.saturating_sub(end) };
            (distance, named)
        })
        .filter(|(distance, _)| *distance <= REACH)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, named)| named)
}

/// "She's the one pushing for this": the last name before, in the same turn.
fn meant_by_pronoun(candidate: &Candidate, sayings: &[Saying<'_>], roster: &Roster) -> Option<Named> {
    let saying = &sayings[candidate.saying];
    if !PRONOUN.is_match(saying.text) {
        return None;
    }
    let before = candidate.saying.checked_sub(1).map(|index| &sayings[index]).filter(|before| before.unit.n == saying.unit.n)?;
    roster.names_in(before.text).into_iter().next_back()
}

/// "Our CFO has to approve it": the person known to be the CFO, else the role itself.
fn by_role(candidate: &Candidate, sayings: &[Saying<'_>], roster: &Roster) -> Option<Named> {
    let saying = &sayings[candidate.saying];
    let (span, role) = role_in(saying.text)?;
    let name = roster.holder_of(&role).unwrap_or(&role).to_owned();
    Some(Named { span, role: (name != role).then_some(role), name })
}

static FIRST_PERSON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:i\b|i['’](?:m|ll|ve|d)\b|my (?:decision|call|budget|say|name)\b)"));
pub(super) static MY_NAME_IS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i:my name is|my name['’]s|this is|hi,? it['’]s|hello,? it['’]s)\s+(\p{Lu}[\p{L}'’\-]+(?: \p{Lu}[\p{L}'’\-]+){0,2})",
    )
});

/// Captions without capitals.
static MY_NAME_IN_CAPTIONS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:(?:hi|hello|hey|yes|uh|um)\s)*my name is ([a-z'’]+(?: [a-z'’]+)?)$"));

static NAMES_FOLLOW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:name is|name|person|contact|speak to|talk to|reach out to|approval from|reports to)$"));

/// "I", and at most three words before the cue, none of them somebody else.
static I_DO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|\s)I(?:['’](?:m|ll|ve|d))?(?:\s(?:am|will|have|would|also|really|can|do|just|a|an|the|quite|very|personally|basically|always|already|to|be|going)){0,4}\s*$",
    )
});
static PRONOUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:(?:and|so|but|yes|yeah|well),?\s+)?(?:she|he)\b"));
