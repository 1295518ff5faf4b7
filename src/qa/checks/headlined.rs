//! The people of a headline: what the rest of the brief says of the same thing, and of whom.

use super::quoted::{Quote, Quotes};
use super::strangers::{People, before, names_one};
use super::{Context, commitment_name};
use crate::domain::brief::{Brief, Evidence, FieldAnswer};
use crate::domain::event::Side;
use crate::domain::value::Value;
use crate::qa::index::content_words;

/// A part of the brief with what it says, and of whom.
struct Part<'b> {
    /// The words of its texts and its name, as stems.
    words: Vec<String>,
    /// Whom it names.
    texts: Vec<&'b str>,
    evidence: &'b [Evidence],
    /// It names somebody for a role, whoever speaks in its quotes.
    is_of_one: bool,
    /// Who must have stated it.
    stated_by: Option<Side>,
}

/// Words that a clause of the headline shares with a part of the brief that says the same.
const SHARED: usize = 2;

/// Whether the parts of the brief that say the same as a clause of the headline are about others only.
pub(super) fn is_told_of_others(
    context: &Context<'_>,
    brief: &Brief,
    people: &People,
    wanted: &[String],
    name: &[String],
) -> bool {
    let parts: Vec<(usize, Part<'_>)> = parts(context, brief)
        .into_iter()
        .map(|part| (wanted.iter().filter(|word| part.words.contains(word)).count(), part))
        .filter(|(shared, _)| *shared >= SHARED)
        .collect();
    let most = parts.iter().map(|(shared, _)| *shared).max().unwrap_or_default();
    let mut alike = parts.iter().filter(|(shared, _)| *shared * 2 > most).map(|(_, part)| part).peekable();
    alike.peek().is_some() && alike.all(|part| is_about_others(context, people, part, name))
}

fn is_about_others(context: &Context<'_>, people: &People, part: &Part<'_>, name: &[String]) -> bool {
    if part.texts.iter().any(|text| names_one(text, name)) {
        return false;
    }
    let is_about_another = part.texts.iter().any(|text| !people.named_in(text).is_empty());
    if part.is_of_one {
        return is_about_another;
    }
    // What only a customer can want, nobody of ours wants.
    if part.stated_by.is_some_and(|side| is_on_other_side(context, side, name)) {
        return true;
    }
    let quotes = Quotes::of(context, part.evidence).found;
    let speaks = |quote: &Quote<'_>| quote.unit.speaker.as_deref().is_none_or(|speaker| names_one(speaker, name));
    let is_named = |quote: &Quote<'_>| {
        names_one(&quote.unit.text, name)
            || quote.speaks_of_him_or_her() && before(context, quote.unit).any(|unit| names_one(&unit.text, name))
    };
    !quotes.is_empty() && !quotes.iter().any(|quote| speaks(quote) || is_named(quote))
}

fn is_on_other_side(context: &Context<'_>, side: Side, name: &[String]) -> bool {
    let mut speakers = context.speakers().iter().filter(|(speaker, _)| names_one(speaker, name)).peekable();
    speakers.peek().is_some() && speakers.all(|(_, own)| *own != side && *own != Side::Unknown)
}

/// "Champion Ann Lee" where the brief has somebody else for a field of that name.
pub(super) fn is_other_holder(context: &Context<'_>, brief: &Brief, text: &str, name: &str) -> bool {
    let Some((before, _)) = text.split_once(name) else { return false };
    let role = before.trim_end().rsplit(' ').next().unwrap_or_default().to_lowercase();
    brief.fields.iter().any(|answer| {
        let Some(Value::Person { name: holder, .. }) = &answer.value else { return false };
        let is_field = context.contract.field(&answer.name).is_some() && answer.name.rsplit('_').next() == Some(&*role);
        is_field && !names_one(holder, &content_words(name))
    })
}

fn parts<'b>(context: &Context<'_>, brief: &'b Brief) -> Vec<Part<'b>> {
    let fields = brief.fields.iter().filter_map(|answer| {
        let stated_by = context.contract.field(&answer.name).and_then(|field| field.stated_by);
        Some(Part { stated_by, ..of_field(answer)? })
    });
    let promises = brief.commitments.iter().enumerate().map(|(i, promise)| {
        let parties = promise.who.as_deref().into_iter().chain(promise.to_whom.as_deref());
        let texts: Vec<&str> = std::iter::once(promise.what.as_str()).chain(parties).collect();
        part(&commitment_name(i), texts, &promise.evidence)
    });
    fields.chain(promises).collect()
}

fn of_field(answer: &FieldAnswer) -> Option<Part<'_>> {
    let texts: Vec<&str> = match answer.value.as_ref()? {
        Value::Person { name, role } => std::iter::once(name.as_str()).chain(role.as_deref()).collect(),
        Value::Text { text } => vec![text],
        Value::List { items } => items.iter().map(String::as_str).collect(),
        Value::Commitment { what, who, .. } => std::iter::once(what.as_str()).chain(who.as_deref()).collect(),
        Value::Date { said, .. } => vec![said],
        Value::Money { .. } | Value::Number { .. } | Value::Duration { .. } | Value::Choice { .. } => Vec::new(),
    };
    let is_of_one = matches!(answer.value, Some(Value::Person { .. }));
    Some(Part { is_of_one, ..part(&answer.name, texts, &answer.evidence) })
}

fn part<'b>(name: &str, texts: Vec<&'b str>, evidence: &'b [Evidence]) -> Part<'b> {
    let quotes = evidence.iter().map(|one| one.quote.as_str());
    let name = name.replace('_', " ");
    let words = texts.iter().copied().chain(quotes).chain([name.as_str()]).flat_map(content_words).collect();
    Part { words, texts, evidence, is_of_one: false, stated_by: None }
}
