//! A brief that people decided on → an evaluation case: that is how a correction becomes a test. Pure.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::domain::brief::{BriefDocument, Commitment, Evidence};
use crate::domain::decision::{Decision, StandingBrief, Verdict};
use crate::domain::event::{HandoffEvent, SourceRef};
use crate::domain::handoff::Source;
use crate::domain::value::Value;
use crate::qa;

/// The files of a case, by their path in its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedCase {
    /// For example `sdr_to_ae-1042`: fit for a folder's name.
    pub name: String,
    pub files: Vec<(String, Vec<u8>)>,
}

/// The case for a brief as it stands: the event, the sources that the brief was written from, and what people decided.
/// `None`: nobody decided on a field, an axis or a promise of it.
///
/// What is expected is what a machine should have written: an accepted or edited value, and nothing where a value was
/// rejected. Of free text only names and numbers are expected, and the place that was quoted: a right brief may word the
/// rest otherwise.
pub fn decided_case(standing: &StandingBrief, sources: &[Source]) -> Option<DecidedCase> {
    let document = &standing.document;
    let expected = expected(document)?;
    let (event, mut files) = event_and_sources(standing, sources);
    let event = serde_json::to_vec_pretty(&event).ok()?;
    files.extend([("event.json".to_owned(), event), ("expected.toml".to_owned(), expected.into_bytes())]);
    let name = format!("{}-{}", document.kind, document.record.id);
    Some(DecidedCase { name: name.replace(|c| !is_plain(c), "_"), files })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// A source lies in a file of its own if its id can name one; otherwise it travels in the event.
fn event_and_sources(standing: &StandingBrief, sources: &[Source]) -> (HandoffEvent, Vec<(String, Vec<u8>)>) {
    let mut event = standing.event.clone();
    let was_read = |source: &&Source| standing.document.coverage.sources.iter().any(|receipt| receipt.id == source.id);
    let mut files = Vec::new();
    event.data.sources = Vec::new();
    for source in sources.iter().filter(was_read) {
        let mut reference = SourceRef {
            id: source.id.clone(),
            source_type: source.source_type,
            format: source.format.clone(),
            occurred_at: source.occurred_at,
            title: source.title.clone(),
            text: None,
            text_base64: None,
        };
        match source.id.chars().all(is_plain) {
            true => files.push((format!("sources/{}.txt", source.id), source.body.clone())),
            false => reference.text = Some(String::from_utf8_lossy(&source.body).into_owned()),
        }
        event.data.sources.push(reference);
    }
    (event, files)
}

fn expected(document: &BriefDocument) -> Option<String> {
    // What a person rejected is no longer right where the machine has found something else since.
    let is_bare = |part: &str| qa::said_in(document, part).is_none();
    let holds = |one: &&Decision| one.verdict != Verdict::Rejected || is_bare(&one.part);
    let decisions: Vec<&Decision> = document.decisions.iter().filter(holds).collect();
    let (axes, others): (Vec<&Decision>, Vec<&Decision>) =
        decisions.into_iter().partition(|one| document.brief.axis(&one.part).is_some());
    let fields: Vec<&Decision> = others.into_iter().filter(|one| document.brief.field(&one.part).is_some()).collect();
    let promises: Vec<&Commitment> =
        document.brief.commitments.iter().enumerate().filter(|(n, _)| is_decided(document, *n)).map(|(_, one)| one).collect();
    if axes.is_empty() && fields.is_empty() && promises.is_empty() {
        return None;
    }
    let mut people: Vec<String> = document.decisions.iter().map(|one| one.by.replace(char::is_control, " ")).collect();
    people.sort();
    people.dedup();
    let mut out =
        format!("# Decided by {}: what the machine wrote here was accepted, corrected or rejected.\n", people.join(", "));
    if !axes.is_empty() {
        out += "\n[axes]\n";
        axes.iter().for_each(|decision| axis(&mut out, decision));
    }
    let mut names: Vec<&str> = Vec::new();
    for decision in fields {
        // Both sides of a rejected conflict are one expectation.
        if !names.contains(&decision.part.as_str()) {
            names.push(&decision.part);
            field(&mut out, decision);
        }
    }
    promises.into_iter().for_each(|promise| commitment(&mut out, promise));
    Some(out)
}

/// Whether a person stands behind promise `n`.
fn is_decided(document: &BriefDocument, n: usize) -> bool {
    let name = format!("commitments[{n}]");
    document.decisions.iter().any(|one| one.part == name && one.verdict != Verdict::Rejected)
}

// Writing to a String cannot fail.
fn axis(out: &mut String, decision: &Decision) {
    let label = match &decision.value {
        Some(Value::Choice { choice }) => choice.as_str(),
        _ => "none",
    };
    let _ = writeln!(out, "{} = {}", decision.part, text(label));
}

fn field(out: &mut String, decision: &Decision) {
    let _ = writeln!(out, "\n[fields.{}]", decision.part);
    let Some(value) = &decision.value else {
        *out += "status = \"not_stated\"\n";
        return;
    };
    *out += "status = \"stated\"\n";
    match value {
        Value::Money { .. } | Value::Number { .. } | Value::Date { .. } | Value::Duration { .. } | Value::Choice { .. } => {
            let _ = writeln!(out, "value = {}", toml(&serde_json::json!(value)));
        }
        Value::Text { text } => contains(out, facts(text)),
        Value::Person { name, .. } => contains(out, vec![name.clone()]),
        Value::List { items } => contains(out, items.iter().flat_map(|item| item_facts(item)).collect()),
        Value::Commitment { what, due, .. } => {
            contains(out, facts(what));
            due.iter().for_each(|due| *out += &format!("due = \"{due}\"\n"));
        }
    }
    // An edited value may come from another place than the machine's.
    if let (Verdict::Accepted, Some(quote)) = (decision.verdict, decision.about.as_ref().and_then(|about| about.evidence.first()))
    {
        let _ = writeln!(out, "quote = {}", text(&opening(quote)));
    }
}

fn commitment(out: &mut String, promise: &Commitment) {
    *out += "\n[[commitments]]\n";
    let _ = writeln!(
        out,
        "side = {}\nfirmness = {}",
        toml(&serde_json::json!(promise.side)),
        toml(&serde_json::json!(promise.firmness))
    );
    contains(out, facts(&promise.what));
    promise.due.iter().for_each(|due| *out += &format!("due = \"{due}\"\n"));
}

fn contains(out: &mut String, words: Vec<String>) {
    if !words.is_empty() {
        let _ = writeln!(out, "contains = {}", toml(&serde_json::json!(words)));
    }
}

/// Names and numbers: words with a digit, and capitalised words that do not begin the text.
fn facts(text: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_fact = |(n, word): &(usize, String)| {
        word.contains(|c: char| c.is_ascii_digit()) || *n > 0 && word.starts_with(char::is_uppercase) && word.len() > 1
    };
    let words = text.split_whitespace().map(bare).enumerate().filter(is_fact);
    words.map(|(_, word)| word).collect()
}

/// A short item is a name or a term, a long one is free text.
fn item_facts(item: &str) -> Vec<String> {
    if item.split_whitespace().count() <= 3 { vec![item.to_owned()] } else { facts(item) }
}

/// The first eight words of a quote: whoever quotes the place quotes these.
fn opening(evidence: &Evidence) -> String {
    evidence.quote.split_whitespace().take(8).collect::<Vec<_>>().join(" ")
}

/// JSON as an inline value of TOML, without what says how a day was worded.
fn toml(json: &Json) -> String {
    match json {
        Json::String(string) => text(string),
        Json::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) => {
            let entries = entries.iter().filter(|(key, value)| *key != "said" && !value.is_null());
            format!("{{ {} }}", entries.map(|(key, value)| format!("{key} = {}", toml(value))).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A basic string of TOML: JSON's, but for DEL.
fn text(string: &str) -> String {
    Json::from(string).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::{facts, item_facts, text, toml};
    use crate::domain::value::Value;

    #[test]
    fn what_is_expected_of_free_text_are_its_names_and_numbers() {
        assert_eq!(facts("They build 12 reports in Excel, by hand"), ["12", "Excel"]);
        assert_eq!(facts("I hope"), [""; 0]);
        assert_eq!(item_facts("Acme Freight"), ["Acme Freight"]);
        assert_eq!(item_facts("the one we saw at Hannover"), ["Hannover"]);
    }

    #[test]
    fn values_become_toml() {
        let date = Value::Date { date: jiff::civil::date(2026, 6, 1), said: "in \"June\"".to_owned() };
        let written = format!("value = {}\nwords = {}", toml(&serde_json::json!(date)), text("a\"\n\\\u{7f}\u{1}"));
        let read: toml::Table = toml::from_str(&written).unwrap();
        assert_eq!(read["value"]["date"].as_str(), Some("2026-06-01"));
        assert!(read["value"].get("said").is_none());
        assert_eq!(read["words"].as_str(), Some("a\"\n\\\u{7f}\u{1}"));
    }
}
