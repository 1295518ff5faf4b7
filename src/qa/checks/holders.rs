//! Two people named for one role: "Ann signs off" here, "it's Bo Ray who signs off" there.

use std::collections::BTreeSet;

use super::agreement::{fits, lower_has_cue, sentences_with_cue};
use super::taking_back::takes_back;
use super::{Context, Found};
use crate::domain::brief::{Brief, FieldAnswer, FieldStatus, Severity};
use crate::domain::contract::Field;
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::index::for_each_word;

/// Warns only: several people may share a role, and the brief's one may be the right one all the same.
pub(super) fn roles_have_one_holder(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let stated = brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated);
    let fields = stated.filter_map(|answer| Some((context.contract.field(&answer.name)?, answer)));
    fields.filter_map(|(field, answer)| other_holder(context, brief, field, answer)).collect()
}

fn other_holder(context: &Context<'_>, brief: &Brief, field: &Field, answer: &FieldAnswer) -> Option<Found> {
    let Some(Value::Person { name, .. }) = &answer.value else { return None };
    let own = answer.evidence.iter().rfind(|one| one.span.is_some())?;
    let own_around = context.around(own).to_lowercase();
    let cues = field.cues.iter().map(String::as_str).filter(|cue| lower_has_cue(&own_around, cue));
    let places: Vec<(&str, u32)> =
        cues.flat_map(|cue| sentences_with_cue(context, cue).into_iter().map(move |number| (cue, number))).collect();
    let quoted = |n: u32| answer.evidence.iter().any(|one| one.unit == n);
    let mut people: Option<BTreeSet<String>> = None;
    for (cue, number) in places {
        let unit = &context.excerpt.units()[context.index().sentences[number as usize].passage];
        let text = context.sentence(number as usize);
        let states =
            fits(unit, field.stated_by) && !text.ends_with('?') && !mention::is_hedged(text) && !mention::is_negated(text);
        if quoted(unit.n) || !states || (own.at, own.unit) > (unit.at, unit.n) && takes_back(&own_around) {
            continue;
        }
        let people = people.get_or_insert_with(|| people_of(context, brief));
        let holder = holder(text, cue, unit.speaker.as_deref(), people);
        if holder.is_some_and(|holder| !shares_word(&holder, name) && !shares_word(text, name)) {
            let message = format!("unit {} names somebody else than unit {} for this; ask who it is", unit.n, own.unit);
            return Some(Found::new(Severity::Warn, &answer.name, message));
        }
    }
    None
}

/// Words of the names of all who speak or are named in the brief.
fn people_of(context: &Context<'_>, brief: &Brief) -> BTreeSet<String> {
    let speakers = context.excerpt.units().iter().filter_map(|unit| unit.speaker.as_deref());
    let promisers = brief.commitments.iter().filter_map(|one| one.who.as_deref());
    let named = brief.fields.iter().filter_map(|answer| match &answer.value {
        Some(Value::Person { name, .. }) => Some(name.as_str()),
        _ => None,
    });
    let mut words = BTreeSet::new();
    for name in speakers.chain(promisers).chain(named) {
        for_each_word(name, |word, _| {
            words.insert(word.to_owned());
        });
    }
    words
}

/// Words between a name and what it does: "Ann Lee always has the final say".
const BETWEEN: usize = 3;

/// Who a sentence says does what the cue names: a known person's name shortly before it, or "I".
fn holder(text: &str, cue: &str, speaker: Option<&str>, people: &BTreeSet<String>) -> Option<String> {
    let at = text.to_lowercase().find(cue.trim_end_matches('*')).filter(|at| text.is_char_boundary(*at))?;
    let clause = text[..at].rfind([',', ';', ':', '.', '(']).map_or(0, |comma| comma + 1);
    let mut words: Vec<&str> = Vec::new();
    for_each_word(&text[clause..at], |_, span| words.push(&text[clause + span.start..clause + span.end]));
    let near = &words[words.len().saturating_sub(BETWEEN + 1)..];
    if near.last() == Some(&"I") {
        return speaker.map(str::to_owned);
    }
    let is_name = |word: &&&str| word.starts_with(char::is_uppercase) && people.contains(&word.to_lowercase());
    // After "to", "with" or "for" somebody is told, not named: "I'll ask Bo who signs off".
    let is_told = near.iter().any(|word| ["to", "with", "for", "ask", "told", "asked", "who", "whether"].contains(word));
    near.iter().rev().find(is_name).filter(|_| !is_told).map(|word| (*word).to_owned())
}

fn shares_word(a: &str, b: &str) -> bool {
    let mut words: Vec<String> = Vec::new();
    for_each_word(a, |word, _| words.push(word.to_owned()));
    let mut shares = false;
    for_each_word(b, |word, _| shares |= words.iter().any(|other| other == word || other.strip_suffix("'s") == Some(word)));
    shares
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::holder;

    #[test]
    fn a_holder_stands_right_before_what_he_does() {
        let people: BTreeSet<String> = ["ann", "lee", "bo", "ray"].map(str::to_owned).into();
        let of = |text: &str| holder(text, "signs off", Some("Bo Ray"), &people);
        assert_eq!(of("In the end Ann signs off on it").as_deref(), Some("Ann"));
        assert_eq!(of("Ann always signs off").as_deref(), Some("Ann"));
        assert_eq!(of("Whatever I say, she signs off"), None);
        assert_eq!(of("I'll ask Ann who signs off"), None);
        assert_eq!(of("When Ann is away, somebody signs off"), None);
        assert_eq!(of("Finance signs off"), None);
        assert_eq!(holder("I sign off up to ten thousand", "sign off", Some("Bo Ray"), &people).as_deref(), Some("Bo Ray"));
    }
}
