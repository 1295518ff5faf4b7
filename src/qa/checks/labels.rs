//! `labels_are_allowed`, `labels_have_evidence`, `labels_fit_their_quotes`: categories come from the contract and rest
//! on words that the contract gives for them.

use super::foreign::Reading;
use super::quoted::{Quote, Quotes};
use super::thresholds::{Measure, Reach, reach};
use super::{Context, Found};
use crate::domain::brief::{AxisLabel, Brief, FieldStatus, Severity};
use crate::domain::contract::{Axis, Field, Label};
use crate::domain::event::SourceType;
use crate::domain::value::Value;
use crate::qa::index::{content_words, for_each_word};

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

/// The quotes of a label do not rather speak of another label, and are of the kind that could carry one. That they speak of
/// this one cannot be told by words: people say the same in too many ways.
pub(super) fn labels_fit_their_quotes(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in &brief.axes {
        let (AxisLabel::Label(label), Some(axis)) = (&answer.label, context.contract.axis(&answer.name)) else { continue };
        let quotes = Quotes::of(context, &answer.evidence);
        let problem = problem(context, &quotes, &axis.labels, label, 3).map(|message| (message, "label"));
        let problem = problem.or_else(|| silence(&quotes, axis, label).map(|message| (message, "evidence")));
        found.extend(problem.map(|(message, key)| {
            let place = format!("axes.{}.{key}", answer.name);
            Found::new(Severity::Warn, &answer.name, message).mend_at(place)
        }));
    }
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let (Some(Value::Choice { choice }), Some(field)) = (&answer.value, context.contract.field(&answer.name)) else {
            continue;
        };
        let quotes = Quotes::of(context, &answer.evidence);
        let own = field.choices.iter().find(|label| label.name == *choice);
        let problem =
            problem(context, &quotes, &field.choices, choice, 1).map(|message| (Severity::Warn, message)).or_else(|| {
                let is_silent = own.is_some_and(|own| says_nothing_of(context, &quotes, field, own));
                // The contract's words are of one language only.
                let severity = if quotes.are_english() { Severity::Warn } else { Severity::Info };
                is_silent.then(|| (severity, format!("the quote says nothing of `{choice}`")))
            });
        let place = format!("fields.{}.value", answer.name);
        found.extend(problem.map(|(severity, message)| Found::new(severity, &answer.name, message).mend_at(place)));
    }
    found
}

/// Whether no quote of a choice shares a word with it or with its field. Names and addresses speak for themselves: what a
/// place belongs to stands in no contract. (Labels of axes are judgements: their quotes seldom share a word with them.)
fn says_nothing_of(context: &Context<'_>, quotes: &Quotes<'_>, field: &Field, own: &Label) -> bool {
    let text = in_lower_case(quotes);
    let mut wanted = content_words(&field.name.replace('_', " "));
    field.cues.iter().for_each(|cue| wanted.extend(content_words(cue.trim_end_matches('*'))));
    !quotes.found.is_empty()
        && !quotes.found.iter().any(|quote| names_only(quote.text))
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
    let text = in_lower_case(quotes);
    let own_cue = longest_cue(&text, own);
    // The rest of its sentence may say the reverse: "I look forward to it, but I am nervous."
    let quoted = quotes.found.iter().map(|quote| quote.text.to_lowercase().replace('’', "'")).collect::<Vec<_>>().join("\n");
    let others = labels.iter().filter(|label| label.name != name);
    let other = others.map(|label| (label, longest_cue(&quoted, label))).max_by_key(|(_, length)| *length);
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
        Reach::Beyond => Some(format!("the day or number in the quote is beyond `{name}`")),
        Reach::Unknown => {
            let quoted = content_words(&text);
            let best =
                labels.iter().map(|label| (shared_words(context, &quoted, label), label)).max_by_key(|(shared, _)| *shared);
            let (shared, best) = best?;
            let is_another = quotes.are_english() && shared >= least && shared_words(context, &quoted, own) == 0;
            is_another.then(|| format!("the quote speaks for `{}`, not for `{name}`", best.name))
        }
    }
}

fn in_lower_case(quotes: &Quotes<'_>) -> String {
    let texts = quotes.found.iter().map(|quote| quote.around.to_lowercase().replace('’', "'"));
    texts.collect::<Vec<_>>().join("\n")
}

/// Why quotes can carry no label of an axis at all.
fn silence(quotes: &Quotes<'_>, axis: &Axis, label: &str) -> Option<String> {
    let own = axis.labels.iter().find(|own| own.name == label)?;
    if quotes.found.is_empty() || longest_cue(&in_lower_case(quotes), own) > 0 {
        return None;
    }
    if quotes.found.iter().all(says_nothing) {
        return Some("the quote is a heading, a greeting or a name; quote the words that show it".to_owned());
    }
    // What the customer asks shows what they want: "How much does it cost?"
    if axis.stated_by.is_none() && quotes.are_questions_of_ours() {
        return Some("the quote is a question of our side; quote the answer".to_owned());
    }
    let measure = Measure::of(axis)?;
    (!measure.is_in(quotes) && !shares_word(quotes, axis)).then(|| format!("the quote names {}", measure.lack()))
}

/// A passage without an assertion: "Hello Ann,", "booth notes / day 2 / Cole", "Ann Lee\nChief Buyer\nNorthwind Ltd".
fn says_nothing(quote: &Quote<'_>) -> bool {
    let text = quote.text.trim();
    let words = text.split_whitespace().count();
    let is_note = match quote.unit.source_type {
        SourceType::CallNote => true,
        SourceType::CallTranscript | SourceType::CrmSnapshot | SourceType::EmailThread => false,
    };
    let is_greeting = text.ends_with(',') && words <= 5 && quote.text.len() == quote.unit.text.len();
    let is_heading = is_note && quote.unit.span.start == 0 && words <= 8 && text.contains(" / ");
    // A first word has a capital anyway, and many languages write more of them than English.
    let is_name = (quote.reading == Reading::English || text.contains('\n')) && words > 2 && names_only(text);
    is_greeting || is_heading || is_name
}

/// Whether all longer words are written like names: with a capital, and not as a shout. A state or an abbreviation
/// may stand in capitals.
fn names_only(text: &str) -> bool {
    let mut names = 0;
    let mut others = 0;
    for_each_word(text, |_, span| {
        let word = &text[span.start..span.end];
        match word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase) {
            true => names += 1,
            false if word.len() > 3 && !word.contains(|c: char| c.is_ascii_digit()) => others += 1,
            false => {}
        }
    });
    names > 0 && others == 0
}

/// Length of the longest cue of a label that stands in a text in lower case, as words of its own.
fn longest_cue(text: &str, label: &Label) -> usize {
    label.cues.iter().filter(|cue| holds_cue(text, cue)).map(|cue| cue.trim_end_matches('*').len()).max().unwrap_or(0)
}

fn holds_cue(text: &str, cue: &str) -> bool {
    let bare = cue.trim_end_matches('*');
    let is_inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(bare).any(|(at, _)| {
        let rest = &text[at + bare.len()..];
        let is_whole = bare.len() < cue.len() || !is_inner(rest.strip_prefix('s').unwrap_or(rest).chars().next());
        is_whole && !is_inner(text[..at].chars().next_back())
    })
}

/// Words of the label's name, its cues and when it applies that a quote shares, but for those that stand everywhere
/// in the sources.
fn shared_words(context: &Context<'_>, quoted: &[String], label: &Label) -> usize {
    let words = words_of(label);
    let common = (context.index().sentences.len() / 12).max(3);
    let tells = |word: &&String| words.binary_search(word).is_ok() && context.index().sentences_with(word).len() <= common;
    quoted.iter().filter(tells).count()
}

/// Whether quotes share a word with an axis or any of its labels.
fn shares_word(quotes: &Quotes<'_>, axis: &Axis) -> bool {
    let mut wanted = content_words(&axis.describe);
    wanted.extend(content_words(&axis.name.replace('_', " ")));
    axis.labels.iter().for_each(|label| wanted.extend(words_of(label)));
    quotes.shared(&wanted) > 0
}

/// Sorted.
fn words_of(label: &Label) -> Vec<String> {
    let mut words = content_words(&label.name.replace('_', " "));
    words.extend(content_words(&label.when));
    label.cues.iter().for_each(|cue| words.extend(content_words(cue.trim_end_matches('*'))));
    words.sort_unstable();
    words.dedup();
    words
}
