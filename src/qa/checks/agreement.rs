//! `sources_agree`: two values for one field are a conflict, unless the newer one takes the older one back in words.

use super::{Context, Found, said_on};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, FieldAnswer, FieldStatus, Severity};
use crate::domain::contract::Field;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::{FieldType, Value};
use crate::qa::facts::same;
use crate::qa::index::{content_words, stem};

pub(super) fn sources_agree(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let told = brief.fields.iter().filter(|answer| answer.status == FieldStatus::Conflicting);
    let told =
        told.map(|answer| Found::new(Severity::Warn, &answer.name, "the sources give different answers; ask which one holds"));
    let mut found: Vec<Found> = told.collect();
    for answer in &mut brief.fields {
        let Some(field) = context.contract.field(&answer.name).filter(|field| is_comparable(field.field_type)) else { continue };
        if answer.status == FieldStatus::Stated {
            found.extend(settle(context, field, answer));
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

/// Another answer to the same field.
struct Other<'a> {
    unit: &'a Unit,
    sentence: &'a str,
    value: Value,
}

fn settle(context: &Context<'_>, field: &Field, answer: &mut FieldAnswer) -> Option<Found> {
    let value = answer.value.clone()?;
    let own = answer.evidence.iter().rfind(|one| one.span.is_some())?.clone();
    let own_around = context.around(&own).to_owned();
    let quoted: Vec<u32> = answer.evidence.iter().map(|one| one.unit).collect();
    let cues: Vec<&str> = cues(field, &value).into_iter().filter(|cue| has_cue(&own_around, cue)).collect();
    let other = others(context, field, &cues, &value).into_iter().rfind(|other| !quoted.contains(&other.unit.n))?;
    let other_is_newer = (other.unit.at, other.unit.n) > (own.at, own.unit);
    let newer = if other_is_newer { other.sentence } else { &own_around };
    let their = context.excerpt.evidence(other.unit.n, other.sentence);
    match (supersedes(newer), other_is_newer) {
        (true, false) => None,
        (true, true) => {
            answer.value = Some(other.value);
            answer.evidence = vec![their];
            let message =
                format!("unit {} takes back what unit {} says; the newer value was put in its place", other.unit.n, own.unit);
            Some(Found::new(Severity::Warn, &answer.name, message).mend_at(format!("fields.{}.value", answer.name)))
        }
        (false, _) => {
            let older_first =
                |own_one: Evidence, their_one: Evidence| if other_is_newer { [own_one, their_one] } else { [their_one, own_one] };
            answer.status = FieldStatus::Conflicting;
            answer.value = None;
            answer.alternatives = if other_is_newer { vec![value, other.value] } else { vec![other.value, value] };
            let message =
                format!("units {} and {} give different values, and neither takes the other back", own.unit, other.unit.n);
            answer.evidence = older_first(own, their).to_vec();
            Some(Found::new(Severity::Warn, &answer.name, message))
        }
    }
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

/// Sentences of the right side that hold one of the cues the value's own sentence holds, and one comparable value
/// that differs. Questions, guesses and denials state nothing.
fn others<'a>(context: &Context<'a>, field: &Field, cues: &[&str], value: &Value) -> Vec<Other<'a>> {
    let mut candidates: Vec<u32> = match value {
        Value::Choice { choice } => {
            let rest = field.choices.iter().filter(|label| label.name != *choice);
            rest.flat_map(|label| &label.cues).flat_map(|cue| sentences_with_cue(context, cue)).collect()
        }
        _ => cues.iter().flat_map(|cue| sentences_with_cue(context, cue)).collect(),
    };
    candidates.sort_unstable();
    candidates.dedup();
    let mut found = Vec::new();
    for number in candidates {
        let unit = &context.excerpt.units()[context.index().sentences[number as usize].passage];
        let sentence = context.sentence(number as usize);
        let states = fits(unit, field.stated_by) && !sentence.ends_with('?') && !mention::is_hedged(sentence);
        let denies = mention::is_negated(sentence) && !supersedes(sentence);
        if states
            && !denies
            && let Some(value) = different(context, field, value, sentence, unit)
        {
            found.push(Other { unit, sentence, value });
        }
    }
    found
}

fn fits(unit: &Unit, stated_by: Option<Side>) -> bool {
    match unit.source_type {
        SourceType::CrmSnapshot => false,
        SourceType::CallTranscript | SourceType::CallNote | SourceType::EmailThread => {
            stated_by.is_none_or(|side| unit.side == side)
        }
    }
}

/// Sentences with a cue, by way of its rarest word.
fn sentences_with_cue(context: &Context<'_>, cue: &str) -> Vec<u32> {
    let index = context.index();
    let bare = cue.trim_end_matches('*');
    let places: &[u32] = match cue.ends_with('*') {
        true => return index.stems_from(bare).flat_map(|stem| index.sentences_with(stem)).copied().collect(),
        false => {
            let words = content_words(bare);
            words.iter().map(|word| index.sentences_with(word)).min_by_key(|places| places.len()).unwrap_or(&[])
        }
    };
    places.iter().copied().filter(|number| has_cue(context.sentence(*number as usize), cue)).collect()
}

fn has_cue(sentence: &str, cue: &str) -> bool {
    let lower = sentence.to_lowercase();
    let bare = cue.trim_end_matches('*');
    let whole = |at: usize| {
        let before = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = lower[at + bare.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && (after || cue.ends_with('*'))
    };
    !bare.is_empty() && lower.match_indices(bare).any(|(at, _)| whole(at))
}

/// The one comparable value of a sentence, if it differs from ours. Two values in one sentence compare with nothing.
fn different(context: &Context<'_>, field: &Field, ours: &Value, sentence: &str, unit: &Unit) -> Option<Value> {
    match ours {
        Value::Money { amount, up_to, currency, period } => {
            let [one] = &context.quantities(sentence).money[..] else { return None };
            let alike = one.currency == *currency && one.period == *period;
            let differs = !overlap((*amount, *up_to), (one.amount, one.up_to));
            let theirs =
                Value::Money { amount: one.amount, up_to: one.up_to, currency: one.currency.clone(), period: one.period };
            (alike && differs).then_some(theirs)
        }
        Value::Number { number, up_to, unit: own_unit } => {
            let all = context.quantities(sentence);
            let own = own_unit.as_deref().map(stem)?;
            let mut alike = all.numbers.iter().filter(|one| one.unit.as_deref().is_some_and(|unit| stem(unit) == own));
            let (one, None) = (alike.next()?, alike.next()) else { return None };
            let theirs = Value::Number { number: one.number, up_to: one.up_to, unit: one.unit.clone() };
            (!overlap((*number, *up_to), (one.number, one.up_to))).then_some(theirs)
        }
        Value::Duration { amount, up_to, unit: own_unit } => {
            let [one] = &context.quantities(sentence).durations[..] else { return None };
            let theirs = Value::Duration { amount: one.amount, up_to: one.up_to, unit: one.unit };
            (one.unit == *own_unit && !overlap((*amount, *up_to), (one.amount, one.up_to))).then_some(theirs)
        }
        Value::Date { date, .. } => {
            let all = mention::dates(sentence, said_on(unit.at));
            let [one] = &all[..] else { return None };
            let theirs = one.date.filter(|theirs| one.exact && theirs != date)?;
            Some(Value::Date { date: theirs, said: sentence[one.span.start..one.span.end].to_owned() })
        }
        Value::Choice { choice } => {
            let mut named = field.choices.iter().filter(|label| label.cues.iter().any(|cue| has_cue(sentence, cue)));
            let (one, None) = (named.next()?, named.next()) else { return None };
            (one.name != *choice).then(|| Value::Choice { choice: one.name.clone() })
        }
        Value::Text { .. } | Value::Person { .. } | Value::List { .. } | Value::Commitment { .. } => None,
    }
}

/// A point inside a range agrees with it.
fn overlap(a: (f64, Option<f64>), b: (f64, Option<f64>)) -> bool {
    let (a_end, b_end) = (a.1.unwrap_or(a.0), b.1.unwrap_or(b.0));
    same(a.0, b.0) || a.0 <= b_end && b.0 <= a_end
}

/// Whether a sentence takes something back in words.
fn supersedes(sentence: &str) -> bool {
    const WORDS: [&str; 17] = [
        "actually",
        "instead",
        "now",
        "changed to",
        "change that to",
        "correction",
        "no longer",
        "rather than",
        "moved to",
        "pushed to",
        "revised",
        "updated",
        "went up to",
        "came down to",
        "cut to",
        "raised to",
        "not the",
    ];
    let plain = sentence.to_lowercase();
    WORDS.iter().any(|words| has_cue(&plain, words))
}

#[cfg(test)]
mod tests {
    use super::{has_cue, overlap, supersedes};

    #[test]
    fn a_value_is_taken_back_only_in_whole_words() {
        assert!(supersedes("Actually, make it 60k."));
        assert!(supersedes("The budget is now 60k."));
        assert!(!supersedes("We know the budget is 60k."));
    }

    #[test]
    fn a_cue_is_found_as_whole_words_or_with_any_ending() {
        assert!(has_cue("Our Budget, roughly", "budget"));
        assert!(!has_cue("We budgeted 40k", "budget"));
        assert!(has_cue("We budgeted 40k", "budget*"));
    }

    #[test]
    fn a_point_inside_a_range_agrees_with_it() {
        assert!(overlap((40.0, Some(60.0)), (50.0, None)));
        assert!(!overlap((40.0, Some(60.0)), (61.0, None)));
    }
}
