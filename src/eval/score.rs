//! How far a brief is from what a person expects of it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::domain::brief::{
    AxisLabel, Brief, BriefDocument, Commitment, Evidence, FieldAnswer, FieldStatus, Finding, Firmness, MissingField, Origin,
    Readiness, Severity,
};
use crate::domain::event::Side;
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::Reviewed;

/// What a person expects of a brief: `expected.toml`, written by hand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// `ready`, `incomplete` or `blocked`.
    pub readiness: Option<String>,
    /// Names of required fields that nobody stated. Exactly these.
    pub missing: Option<Vec<String>>,
    pub route: Option<String>,
    /// Checks that must find something. Others may.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Label by axis; `none` where no label applies.
    #[serde(default)]
    pub axes: BTreeMap<String, String>,
    #[serde(default)]
    pub fields: BTreeMap<String, ExpectedField>,
    /// Promises that must be in the brief. Others may.
    #[serde(default)]
    pub commitments: Vec<ExpectedCommitment>,
}

/// What a field must say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedField {
    pub status: FieldStatus,
    /// The value, or the keys of it that matter.
    pub value: Option<Json>,
    /// Words that the value must contain, whatever their case; `manually|by hand`: either. Numbers may be written
    /// in digits or in words.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Words that one of the quotes must contain.
    pub quote: Option<String>,
    pub due: Option<Date>,
}

/// What a promise must say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedCommitment {
    pub side: Option<Side>,
    pub who: Option<String>,
    #[serde(default)]
    pub contains: Vec<String>,
    pub due: Option<Date>,
    pub firmness: Option<Firmness>,
}

impl Expectation {
    /// Reads an `expected.toml`. The error names line and key.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// What is scored: a reviewed brief, stored or not.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    pub brief: &'a Brief,
    pub readiness: &'a Readiness,
    pub missing: &'a [MissingField],
    pub route: Option<&'a str>,
    pub findings: &'a [Finding],
}

impl<'a> From<&'a Reviewed> for Scored<'a> {
    fn from(reviewed: &'a Reviewed) -> Self {
        Self {
            brief: reviewed.brief(),
            readiness: reviewed.readiness(),
            missing: reviewed.missing(),
            route: reviewed.route(),
            findings: reviewed.findings(),
        }
    }
}

impl<'a> From<&'a BriefDocument> for Scored<'a> {
    fn from(document: &'a BriefDocument) -> Self {
        Self {
            brief: &document.brief,
            readiness: &document.readiness,
            missing: &document.missing,
            route: document.route.as_deref(),
            findings: &document.findings,
        }
    }
}

/// How one expectation was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Hit,
    /// Expected, and the brief says nothing.
    Missed,
    /// The brief says something else.
    Wrong,
    /// The brief says something where nothing was stated.
    Invented,
}

/// One expectation and how it was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub what: What,
    /// Name of the field or axis, words of the promise, name of the check.
    pub name: String,
    pub mark: Mark,
    pub expected: String,
    pub found: String,
}

/// What an expectation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Field,
    Axis,
    Commitment,
    Readiness,
    Missing,
    Route,
    Finding,
}

impl What {
    /// Name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Axis => "axis",
            Self::Commitment => "commitment",
            Self::Readiness => "readiness",
            Self::Missing => "missing",
            Self::Route => "route",
            Self::Finding => "finding",
        }
    }
}

/// All expectations of one case and how they were met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    pub lines: Vec<Line>,
}

impl Score {
    /// Number of lines about `what` with this mark.
    pub fn count(&self, what: What, mark: Mark) -> usize {
        self.lines.iter().filter(|line| line.what == what && line.mark == mark).count()
    }

    /// Hits and expectations about `what`.
    pub fn hits(&self, what: What) -> (usize, usize) {
        (self.count(what, Mark::Hit), self.lines.iter().filter(|line| line.what == what).count())
    }

    pub fn misses(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.mark != Mark::Hit)
    }
}

/// Compares a brief with what is expected of it. A blocking finding that is not expected counts as invented.
pub fn score(expectation: &Expectation, scored: Scored<'_>) -> Score {
    let mut lines = Vec::new();
    for (name, expected) in &expectation.fields {
        lines.push(score_field(name, expected, scored.brief.field(name)));
    }
    for (name, expected) in &expectation.axes {
        lines.push(score_axis(name, expected, scored.brief));
    }
    for expected in &expectation.commitments {
        lines.push(score_commitment(expected, &scored.brief.commitments));
    }
    lines.extend(score_verdict(expectation, scored));
    lines.extend(score_findings(&expectation.findings, scored.findings));
    Score { lines }
}

fn score_field(name: &str, expected: &ExpectedField, answer: Option<&FieldAnswer>) -> Line {
    let said = answer.map(machine_answer);
    let status = said.as_ref().map_or(FieldStatus::NotStated, |said| said.status);
    let mark = match (expected.status, status) {
        (FieldStatus::NotStated, FieldStatus::NotStated) => Mark::Hit,
        (FieldStatus::NotStated, FieldStatus::Stated | FieldStatus::Conflicting) => Mark::Invented,
        (FieldStatus::Stated | FieldStatus::Conflicting, FieldStatus::NotStated) => Mark::Missed,
        (FieldStatus::Conflicting, FieldStatus::Conflicting) => Mark::Hit,
        (FieldStatus::Stated, FieldStatus::Conflicting) | (FieldStatus::Conflicting, FieldStatus::Stated) => Mark::Wrong,
        (FieldStatus::Stated, FieldStatus::Stated) => match &said {
            Some(said) if meets(expected, said) => Mark::Hit,
            _ => Mark::Wrong,
        },
    };
    let wanted = [
        Some(plain(&expected.status)),
        expected.value.as_ref().map(Json::to_string),
        (!expected.contains.is_empty()).then(|| format!("contains {:?}", expected.contains)),
        expected.quote.as_ref().map(|quote| format!("quote {quote:?}")),
        expected.due.map(|due| format!("due {due}")),
    ];
    let found = said.map_or_else(
        || "no answer".to_owned(),
        |said| {
            let quotes: Vec<&str> = said.evidence.unwrap_or_default().iter().map(|evidence| evidence.quote.as_str()).collect();
            format!("{} {} quotes {quotes:?}", plain(&said.status), said.value.map_or_else(String::new, plain))
        },
    );
    Line {
        what: What::Field,
        name: name.to_owned(),
        mark,
        expected: wanted.into_iter().flatten().collect::<Vec<_>>().join(", "),
        found,
    }
}

/// What the machine said, also where a person's value stands.
struct Said<'a> {
    status: FieldStatus,
    value: Option<&'a Value>,
    /// `None`: a person's value that the machine has nothing to set against; it stands without quotes.
    evidence: Option<&'a [Evidence]>,
}

fn machine_answer(answer: &FieldAnswer) -> Said<'_> {
    match (answer.origin, &answer.suggestion) {
        (Origin::Human, Some(suggestion)) => {
            Said { status: FieldStatus::Stated, value: Some(&suggestion.value), evidence: Some(&suggestion.evidence) }
        }
        (Origin::Human, None) => Said { status: answer.status, value: answer.value.as_ref(), evidence: None },
        (Origin::Machine, _) => Said { status: answer.status, value: answer.value.as_ref(), evidence: Some(&answer.evidence) },
    }
}

fn meets(expected: &ExpectedField, said: &Said<'_>) -> bool {
    let Some(value) = said.value else { return false };
    let written = serde_json::to_value(value).unwrap_or(Json::Null);
    let text = fold(&written.to_string());
    let value_fits = expected.value.as_ref().is_none_or(|wanted| includes(&written, wanted));
    let words_fit = expected.contains.iter().all(|words| says(&text, words));
    let is_quoted =
        |words: &String| said.evidence.is_none_or(|all| all.iter().any(|one| fold(&one.quote).contains(&fold(words))));
    let quote_fits = expected.quote.as_ref().is_none_or(is_quoted);
    value_fits && words_fit && quote_fits && expected.due.is_none_or(|due| value.date() == Some(due))
}

/// Whether a folded text has the words, one way or another.
fn says(text: &str, words: &str) -> bool {
    let in_digits = in_digits(text);
    words.split('|').map(fold).any(|way| text.contains(&way) || in_digits.contains(&self::in_digits(&way)))
}

/// The same with its numbers in digits: "thirty hours" is "30 hours".
fn in_digits(text: &str) -> String {
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for number in mention::numbers(text).into_iter().filter(|one| one.up_to.is_none()) {
        if number.span.start < end {
            continue;
        }
        out += &text[end..number.span.start];
        out += &number.number.to_string();
        end = number.span.end;
    }
    out + &text[end..]
}

/// Whether `found` has all keys of `wanted` with equal values. 45000 equals 45000.0; a date's words do not matter.
fn includes(found: &Json, wanted: &Json) -> bool {
    match (found, wanted) {
        (Json::Object(found), Json::Object(wanted)) => wanted
            .iter()
            .filter(|(key, _)| *key != "said")
            .all(|(key, value)| found.get(key).is_some_and(|there| includes(there, value))),
        (Json::Number(found), Json::Number(wanted)) => found.as_f64() == wanted.as_f64(),
        (found, wanted) => found == wanted,
    }
}

fn score_axis(name: &str, expected: &str, brief: &Brief) -> Line {
    let found = match brief.axis(name).map(|answer| &answer.label) {
        Some(AxisLabel::Label(label)) => label.as_str(),
        Some(AxisLabel::Failed) => "failed",
        Some(AxisLabel::None) | None => "none",
    };
    let mark = match (expected, found) {
        (expected, found) if expected == found => Mark::Hit,
        ("none", _) => Mark::Invented,
        (_, "none") => Mark::Missed,
        _ => Mark::Wrong,
    };
    Line { what: What::Axis, name: name.to_owned(), mark, expected: expected.to_owned(), found: found.to_owned() }
}

fn score_commitment(expected: &ExpectedCommitment, found: &[Commitment]) -> Line {
    let about: Vec<&Commitment> =
        found.iter().filter(|promise| expected.contains.iter().all(|words| says(&fold(&promise.what), words))).collect();
    let mark = match () {
        () if about.is_empty() => Mark::Missed,
        () if about.iter().any(|promise| keeps(expected, promise)) => Mark::Hit,
        () => Mark::Wrong,
    };
    let found = about
        .iter()
        .map(|promise| {
            format!(
                "{} {} {:?} {:?} due {:?}",
                plain(&promise.side),
                plain(&promise.firmness),
                promise.who,
                promise.what,
                promise.due
            )
        })
        .collect::<Vec<_>>()
        .join(" | ");
    Line { what: What::Commitment, name: expected.contains.join(" "), mark, expected: format!("{expected:?}"), found }
}

fn keeps(expected: &ExpectedCommitment, promise: &Commitment) -> bool {
    expected.side.is_none_or(|side| side == promise.side)
        && expected.firmness.is_none_or(|firmness| firmness == promise.firmness)
        && expected.due.is_none_or(|due| promise.due == Some(due))
        && expected.who.as_ref().is_none_or(|who| promise.who.as_ref().is_some_and(|found| fold(found).contains(&fold(who))))
}

fn score_verdict(expectation: &Expectation, scored: Scored<'_>) -> Vec<Line> {
    let line = |what, name: &str, expected: String, found: String| Line {
        what,
        name: name.to_owned(),
        mark: if expected == found { Mark::Hit } else { Mark::Wrong },
        expected,
        found,
    };
    let verdict = match scored.readiness {
        Readiness::Ready => "ready",
        Readiness::Incomplete => "incomplete",
        Readiness::Blocked { .. } => "blocked",
    };
    let sorted = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(", ");
    let missing = || sorted(scored.missing.iter().map(|field| field.name.as_str()).collect());
    let wanted = expectation.missing.as_ref().map(|names| sorted(names.iter().map(String::as_str).collect()));
    [
        expectation.readiness.clone().map(|wanted| line(What::Readiness, "readiness", wanted, verdict.to_owned())),
        wanted.map(|wanted| line(What::Missing, "missing", wanted, missing())),
        expectation.route.clone().map(|wanted| line(What::Route, "route", wanted, scored.route.unwrap_or("none").to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn score_findings(expected: &[String], found: &[Finding]) -> Vec<Line> {
    let blocks = |finding: &&Finding| finding.severity == Severity::Block && !expected.contains(&finding.check);
    let wanted = expected.iter().map(|check| {
        let mark = if found.iter().any(|finding| finding.check == *check) { Mark::Hit } else { Mark::Missed };
        Line { what: What::Finding, name: check.clone(), mark, expected: "a finding".to_owned(), found: String::new() }
    });
    let invented = found.iter().filter(blocks).map(|finding| Line {
        what: What::Finding,
        name: finding.check.clone(),
        mark: Mark::Invented,
        expected: "no blocking finding".to_owned(),
        found: format!("{}: {}", finding.field.as_deref().unwrap_or("-"), finding.message),
    });
    wanted.chain(invented).collect()
}

fn plain(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Json::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// Lower case, single spaces, straight apostrophes.
fn fold(text: &str) -> String {
    text.to_lowercase()
        .replace(['\u{2019}', '\u{2018}'], "'")
        .replace("\\n", " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn words_are_found_in_another_way_to_say_them_and_numbers_in_digits() {
        assert!(says("typed by hand for 30 hours a week", "manually|by hand"));
        assert!(says("typed by hand for 30 hours a week", "thirty hours"));
        assert!(says("costs about £11,000 a month", "eleven thousand"));
        assert!(!says("typed by hand for 40 hours a week", "thirty hours"));
        assert!(!says("typed at night", "manually|by hand"));
    }
}
