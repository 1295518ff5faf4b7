//! `sources_agree`: two values for one field are a conflict, unless the newer one takes the older one back in words.

use jiff::Timestamp;

use super::correction::{Correction, correction};
use super::same_value::{Relation, mentioned, relation};
use super::taking_back::takes_back;
use super::{Context, Found, commitment_name, holders, inside};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, FieldAnswer, FieldStatus, Severity};
use crate::domain::contract::Field;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::{FieldType, Value};
use crate::qa::index::{for_each_word, is_stop_word, stem};

pub(super) fn sources_agree(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let told = brief.fields.iter().filter(|answer| answer.status == FieldStatus::Conflicting);
    let told =
        told.map(|answer| Found::new(Severity::Warn, &answer.name, "the sources give different answers; ask which one holds"));
    let mut found: Vec<Found> = told.collect();
    found.extend(correct_days_of_promises(context, brief));
    found.extend(holders::roles_have_one_holder(context, brief));
    for answer in &mut brief.fields {
        let Some(field) = context.contract.field(&answer.name).filter(|field| is_comparable(field.field_type)) else { continue };
        if answer.status == FieldStatus::Stated {
            found.extend(correct(context, answer));
            let settled = settle(context, field, answer).or_else(|| doubt(context, field, answer));
            found.extend(settled);
        }
    }
    found
}

fn is_comparable(field_type: FieldType) -> bool {
    match field_type {
        FieldType::Money | FieldType::Number | FieldType::Date | FieldType::Duration | FieldType::Choice => true,
        FieldType::Text | FieldType::Person | FieldType::List | FieldType::Commitment => false,
    }
}

/// A slip of the tongue that the speaker mends at once: the mended value stands.
fn correct(context: &Context<'_>, answer: &mut FieldAnswer) -> Option<Found> {
    let corrected = correction(context, answer.value.as_ref()?, &answer.evidence)?;
    let place = format!("fields.{}.value", answer.name);
    if corrected.is_hedged {
        let message = format!("unit {} goes on to another value, but is not sure of it", corrected.evidence.unit);
        return Some(Found::new(Severity::Info, &answer.name, message));
    }
    let message = format!(
        "the speaker corrects this value right after it, in unit {}; the new one was put in its place",
        corrected.evidence.unit
    );
    answer.value = Some(corrected.value);
    answer.evidence = vec![corrected.evidence];
    Some(Found::new(Severity::Warn, &answer.name, message).mend_at(place))
}

/// "I'll send it on Tuesday, no, Wednesday", for promises of the brief and fields that hold one.
fn correct_days_of_promises(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let promises = brief.commitments.iter_mut().enumerate().map(|(i, one)| {
        let part = commitment_name(i);
        (part.clone(), format!("{part}.due"), &mut one.due, &one.evidence)
    });
    let fields = brief.fields.iter_mut().filter_map(|answer| match &mut answer.value {
        Some(Value::Commitment { due, .. }) => {
            Some((answer.name.clone(), format!("fields.{}.value.due", answer.name), due, &answer.evidence))
        }
        _ => None,
    });
    let mut found = Vec::new();
    for (part, place, due, evidence) in promises.chain(fields) {
        let Some(date) = *due else { continue };
        let corrected = correction(context, &Value::Date { date, said: String::new() }, evidence).filter(|one| !one.is_hedged);
        if let Some(Correction { value: Value::Date { date, .. }, evidence, .. }) = corrected {
            let message =
                format!("the day is corrected right after it, in unit {}; the new one was put in its place", evidence.unit);
            *due = Some(date);
            found.push(Found::new(Severity::Warn, &part, message).mend_at(place));
        }
    }
    found
}

/// A value for the field and the words that give it.
struct Statement {
    value: Value,
    evidence: Evidence,
    takes_back: bool,
    is_ours: bool,
}

/// Whether somebody who may answer the field gave the same value since a time.
pub(super) fn is_repeated(context: &Context<'_>, field: &Field, answer: &FieldAnswer, since: Timestamp) -> bool {
    let all = statements(context, field, answer).unwrap_or_default();
    let newer = all.iter().filter(|one| !one.is_ours && one.evidence.at.is_some_and(|at| at >= since));
    newer.into_iter().any(|one| answer.value.as_ref().is_some_and(|ours| relation(ours, &one.value) == Relation::Agrees))
}

/// Goes through all statements in order of time. One that takes back clears what was said before; what is left at the
/// end must be one value.
fn settle(context: &Context<'_>, field: &Field, answer: &mut FieldAnswer) -> Option<Found> {
    let all = statements(context, field, answer)?;
    let ours = answer.value.clone()?;
    let mut standing: Vec<Statement> = Vec::new();
    for one in all {
        if one.takes_back {
            standing.clear();
        }
        if standing.iter().all(|other| relation(&other.value, &one.value) != Relation::Agrees) {
            standing.push(one);
        }
    }
    if standing.len() > 1 {
        let units: Vec<String> = standing.iter().map(|one| one.evidence.unit.to_string()).collect();
        let message = format!("units {} give different values, and none takes the others back", units.join(", "));
        let (values, evidence) = standing.into_iter().map(|one| (one.value, one.evidence)).unzip();
        (answer.status, answer.value, answer.alternatives, answer.evidence) = (FieldStatus::Conflicting, None, values, evidence);
        return Some(Found::new(Severity::Warn, &answer.name, message));
    }
    let newest = standing.pop().filter(|newest| relation(&ours, &newest.value) != Relation::Agrees)?;
    let older = answer.evidence.iter().map(|one| one.unit.to_string()).collect::<Vec<_>>().join(", ");
    let message =
        format!("unit {} takes back what unit {older} says; the newer value was put in its place", newest.evidence.unit);
    answer.value = Some(newest.value);
    answer.evidence = vec![newest.evidence];
    Some(Found::new(Severity::Warn, &answer.name, message).mend_at(format!("fields.{}.value", answer.name)))
}

/// A quote without any of the field's cues leaves open what it speaks of. Another value under any of them is then worth
/// a look, and no more.
fn doubt(context: &Context<'_>, field: &Field, answer: &FieldAnswer) -> Option<Found> {
    let value = answer.value.as_ref().filter(|value| !matches!(value, Value::Choice { .. }))?;
    let own = answer.evidence.iter().rfind(|one| one.span.is_some())?;
    let lower = context.around(own).to_lowercase();
    if takes_back(&lower) || field.cues.iter().any(|cue| lower_has_cue(&lower, cue)) {
        return None;
    }
    let cues: Vec<&str> = field.cues.iter().map(String::as_str).collect();
    let all = others(context, field, &cues, value, &answer.evidence);
    let agrees = |one: &Statement| relation(value, &one.value) == Relation::Agrees;
    let other = all.iter().rfind(|one| !agrees(one)).filter(|_| !all.iter().any(agrees))?;
    let message =
        format!("unit {} may give another value for it than unit {}; ask which one holds", other.evidence.unit, own.unit);
    Some(Found::new(Severity::Warn, &answer.name, message))
}

/// Our answer and all others to the same field, in order of time. `None` if there is nothing to compare.
fn statements(context: &Context<'_>, field: &Field, answer: &FieldAnswer) -> Option<Vec<Statement>> {
    let value = answer.value.as_ref()?;
    let own = answer.evidence.iter().rfind(|one| one.span.is_some())?;
    let own_around = context.around(own);
    let lower = own_around.to_lowercase();
    let cues: Vec<&str> = cues(field, value).into_iter().filter(|cue| lower_has_cue(&lower, cue)).collect();
    let mut all = others(context, field, &cues, value, &answer.evidence);
    if all.is_empty() {
        return None;
    }
    all.push(Statement { value: value.clone(), evidence: own.clone(), takes_back: takes_back(own_around), is_ours: true });
    all.sort_by_key(|one| (one.evidence.at, one.evidence.unit, one.evidence.span));
    Some(all)
}

/// For a choice the other choices' cues, else the field's.
fn cues<'a>(field: &'a Field, value: &Value) -> Vec<&'a str> {
    match value {
        Value::Choice { .. } => {
            field.choices.iter().flat_map(|label| &label.cues).chain(&field.cues).map(String::as_str).collect()
        }
        _ => field.cues.iter().map(String::as_str).collect(),
    }
}

/// Sentences of the right side that hold one of the cues the value's own sentence holds, and one comparable value.
/// Questions, guesses and denials state nothing. What one speaker says in one breath is no second answer, unless it
/// takes the first one back.
fn others(context: &Context<'_>, field: &Field, cues: &[&str], value: &Value, quoted: &[Evidence]) -> Vec<Statement> {
    let mut candidates: Vec<u32> = match value {
        Value::Choice { .. } => {
            field.choices.iter().flat_map(|label| &label.cues).flat_map(|cue| sentences_with_cue(context, cue)).collect()
        }
        _ => cues.iter().flat_map(|cue| sentences_with_cue(context, cue)).collect(),
    };
    candidates.sort_unstable();
    candidates.dedup();
    let mut found = Vec::new();
    for number in candidates {
        let place = &context.index().sentences[number as usize];
        let unit = &context.excerpt.units()[place.passage];
        let text = context.sentence(number as usize);
        if !fits(unit, field.stated_by) || text.ends_with('?') || mention::is_hedged(text) {
            continue;
        }
        let takes_back = takes_back(text);
        let is_own_breath = quoted.iter().any(|one| one.unit == unit.n);
        let is_quoted = quoted.iter().filter(|one| one.unit == unit.n).filter_map(|one| inside(unit, one.span?));
        let is_quoted = is_quoted.into_iter().any(|span| span.start < place.span.end && place.span.start < span.end);
        if is_quoted || is_own_breath && !takes_back || mention::is_negated(text) && !takes_back {
            continue;
        }
        if let Some(value) = comparable(context, field, value, text, unit, takes_back) {
            let evidence = unit.evidence(text.to_owned(), place.span);
            found.push(Statement { value, evidence, takes_back, is_ours: false });
        }
    }
    found
}

pub(super) fn fits(unit: &Unit, stated_by: Option<Side>) -> bool {
    match unit.source_type {
        SourceType::CrmSnapshot => false,
        SourceType::CallTranscript | SourceType::CallNote | SourceType::EmailThread => {
            stated_by.is_none_or(|side| unit.side == side)
        }
    }
}

/// The one comparable value of a sentence. Of two the one that is not ours, if the sentence takes something back:
/// "you said 40, it's 60 now". Several values in one sentence compare with nothing.
fn comparable(
    context: &Context<'_>,
    field: &Field,
    ours: &Value,
    sentence: &str,
    unit: &Unit,
    takes_back: bool,
) -> Option<Value> {
    let all = mentioned(context, &field.choices, ours, sentence, unit);
    let mut alike = all.into_iter().map(|(_, value)| value).filter(|value| relation(ours, value) != Relation::Unlike);
    match (alike.next(), alike.next(), alike.next()) {
        (Some(one), None, None) => Some(one),
        (Some(one), Some(other), None) if takes_back => {
            let (agrees, other_agrees) = (relation(ours, &one) == Relation::Agrees, relation(ours, &other) == Relation::Agrees);
            match (agrees, other_agrees) {
                (true, false) => Some(other),
                (false, true) => Some(one),
                (true, true) | (false, false) => None,
            }
        }
        _ => None,
    }
}

/// Sentences with a cue, by way of its rarest word.
pub(super) fn sentences_with_cue(context: &Context<'_>, cue: &str) -> Vec<u32> {
    let index = context.index();
    let bare = cue.trim_end_matches('*');
    if cue.ends_with('*') {
        return index.stems_from(bare).flat_map(|stem| index.sentences_with(stem)).copied().collect();
    }
    let mut rarest: Option<&[u32]> = None;
    for_each_word(bare, |word, _| {
        let places = index.sentences_with(stem(word));
        if !is_stop_word(word) && rarest.is_none_or(|rarest| places.len() < rarest.len()) {
            rarest = Some(places);
        }
    });
    let places = rarest.unwrap_or_default().iter().copied();
    places.filter(|number| has_cue(context.sentence(*number as usize), cue)).collect()
}

pub(super) fn has_cue(sentence: &str, cue: &str) -> bool {
    lower_has_cue(&sentence.to_lowercase(), cue)
}

/// The same of a sentence in lower case, for asking after many cues.
pub(super) fn lower_has_cue(lower: &str, cue: &str) -> bool {
    let bare = cue.trim_end_matches('*');
    let whole = |at: usize| {
        let before = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = lower[at + bare.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && (after || cue.ends_with('*'))
    };
    !bare.is_empty() && lower.match_indices(bare).any(|(at, _)| whole(at))
}

#[cfg(test)]
mod tests {
    use super::has_cue;

    #[test]
    fn a_cue_is_found_as_whole_words_or_with_any_ending() {
        assert!(has_cue("Our Budget, roughly", "budget"));
        assert!(!has_cue("We budgeted 40k", "budget"));
        assert!(has_cue("We budgeted 40k", "budget*"));
    }
}
