//! `labels_are_allowed`, `labels_have_evidence`, `labels_fit_their_quotes`: categories come from the contract and rest
//! on words that the contract gives for them.

use super::quoted::Quotes;
use super::thresholds::{Reach, reach};
use super::{Context, Found};
use crate::domain::brief::{AxisLabel, Brief, FieldStatus, Severity};
use crate::domain::contract::{Field, Label};
use crate::domain::value::Value;
use crate::qa::index::content_words;

/// A label the contract does not know becomes `failed`: nobody may route on it.
pub(super) fn labels_are_allowed(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in &mut brief.axes {
        let AxisLabel::Label(label) = &answer.label else { continue };
        let labels = context.contract.axis(&answer.name).map_or(&[][..], |axis| &axis.labels);
        if labels.iter().any(|allowed| allowed.name == *label) {
            continue;
        }
        let allowed: Vec<&str> = labels.iter().map(|allowed| allowed.name.as_str()).collect();
        let message = format!("`{label}` is no label of this axis; choose one of {} or none", allowed.join(", "));
        found.push(Found::new(Severity::Block, &answer.name, message).mend_at(format!("axes.{}.label", answer.name)));
        answer.label = AxisLabel::Failed;
    }
    for answer in &brief.fields {
        let (Some(Value::Choice { choice }), Some(field)) = (&answer.value, context.contract.field(&answer.name)) else {
            continue;
        };
        if !field.choices.iter().any(|allowed| allowed.name == *choice) {
            let allowed: Vec<&str> = field.choices.iter().map(|allowed| allowed.name.as_str()).collect();
            let message = format!("`{choice}` is no choice of this field; choose one of {} or not stated", allowed.join(", "));
            found.push(Found::new(Severity::Block, &answer.name, message).mend_at(format!("fields.{}.value", answer.name)));
        }
    }
    found
}

pub(super) fn labels_have_evidence(_: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let labelled = brief.axes.iter().filter(|answer| matches!(answer.label, AxisLabel::Label(_)));
    let bare = labelled.filter(|answer| answer.evidence.iter().all(|one| one.span.is_none()));
    let found = bare.map(|answer| {
        Found::new(Severity::Warn, &answer.name, "the label has no quote that stands in the sources")
            .mend_at(format!("axes.{}.evidence", answer.name))
    });
    found.collect()
}

/// The quotes of a label do not rather speak of another label. That they speak of this one cannot be told by words:
/// people say the same in too many ways.
pub(super) fn labels_fit_their_quotes(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in &brief.axes {
        let labels = context.contract.axis(&answer.name).map_or(&[][..], |axis| &axis.labels);
        let AxisLabel::Label(label) = &answer.label else { continue };
        let problem = problem(context, &Quotes::of(context, &answer.evidence), labels, label, 3);
        let place = format!("axes.{}.label", answer.name);
        found.extend(problem.map(|message| Found::new(Severity::Warn, &answer.name, message).mend_at(place)));
    }
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let (Some(Value::Choice { choice }), Some(field)) = (&answer.value, context.contract.field(&answer.name)) else {
            continue;
        };
        let quotes = Quotes::of(context, &answer.evidence);
        let own = field.choices.iter().find(|label| label.name == *choice);
        let problem = problem(context, &quotes, &field.choices, choice, 1).or_else(|| {
            let is_silent = own.is_some_and(|own| says_nothing_of(context, &quotes, field, own));
            is_silent.then(|| format!("the quote says nothing of `{choice}`"))
        });
        let place = format!("fields.{}.value", answer.name);
        found.extend(problem.map(|message| Found::new(Severity::Warn, &answer.name, message).mend_at(place)));
    }
    found
}

/// Whether no quote of a choice shares a word with it or with its field. Numbers speak for themselves, and so do
/// addresses. (Labels of axes are judgements: their quotes seldom share a word with them.)
fn says_nothing_of(context: &Context<'_>, quotes: &Quotes<'_>, field: &Field, own: &Label) -> bool {
    let text = quotes.found.iter().map(|quote| quote.around.to_lowercase()).collect::<Vec<_>>().join("\n");
    let mut wanted = content_words(&field.name.replace('_', " "));
    field.cues.iter().for_each(|cue| wanted.extend(content_words(cue.trim_end_matches('*'))));
    !quotes.found.is_empty()
        && !text.contains(|c: char| c.is_ascii_digit())
        && longest_cue(&text, own) == 0
        && shared_words(context, &content_words(&text), own) == 0
        && quotes.shared(&wanted) == 0
}

/// `least`: so many words must a quote share with another label to speak for it.
fn problem(context: &Context<'_>, quotes: &Quotes<'_>, labels: &[Label], name: &str, least: usize) -> Option<String> {
    let own = labels.iter().find(|label| label.name == name)?;
    if quotes.found.is_empty() {
        return None;
    }
    let text = quotes.found.iter().map(|quote| quote.around.to_lowercase().replace('’', "'")).collect::<Vec<_>>().join("\n");
    let own_cue = longest_cue(&text, own);
    let others = labels.iter().filter(|label| label.name != name);
    let other = others.map(|label| (label, longest_cue(&text, label))).max_by_key(|(_, length)| *length);
    if let Some((other, length)) = other
        && own_cue < length
    {
        return Some(format!("the quote speaks for `{}`, not for `{name}`", other.name));
    }
    if own_cue > 0 {
        return None;
    }
    match reach(quotes, labels, own) {
        Reach::Own => None,
        Reach::Other(other) => Some(format!("the day or number in the quote is that of `{other}`, not of `{name}`")),
        Reach::Unknown => {
            let quoted = content_words(&text);
            let best =
                labels.iter().map(|label| (shared_words(context, &quoted, label), label)).max_by_key(|(shared, _)| *shared);
            let (shared, best) = best?;
            let is_another = shared >= least && shared_words(context, &quoted, own) == 0;
            is_another.then(|| format!("the quote speaks for `{}`, not for `{name}`", best.name))
        }
    }
}

/// Length of the longest cue of a label that stands in a text in lower case.
fn longest_cue(text: &str, label: &Label) -> usize {
    let cues = label.cues.iter().map(|cue| cue.trim_end_matches('*')).filter(|cue| text.contains(cue));
    cues.map(str::len).max().unwrap_or(0)
}

/// Words of the label's name, its cues and when it applies that a quote shares, but for those that stand everywhere
/// in the sources.
fn shared_words(context: &Context<'_>, quoted: &[String], label: &Label) -> usize {
    let mut words = content_words(&label.name.replace('_', " "));
    words.extend(content_words(&label.when));
    label.cues.iter().for_each(|cue| words.extend(content_words(cue.trim_end_matches('*'))));
    words.sort_unstable();
    words.dedup();
    let common = (context.index().sentences.len() / 12).max(3);
    let tells = |word: &&String| words.binary_search(word).is_ok() && context.index().sentences_with(word).len() <= common;
    quoted.iter().filter(tells).count()
}
