//! A reply's text → [`Brief`], against the contract.

use serde_json::Value as Json;

use super::form::{self, FIRMNESS, Form, SHORT, SIDES, STATUSES, TEXT};
use super::json::{self, JsonFault};
use super::reading::{Place, Reading};
use crate::context::Excerpt;
use crate::domain::brief::{
    AxisAnswer, AxisLabel, Brief, Commitment, Confidence, Evidence, FieldAnswer, FieldStatus, OpenQuestion, Origin,
};
use crate::domain::contract::{Axis, Contract, Field};
use crate::domain::value::Value;

/// Why a reply is no brief. `place` is a JSON pointer, empty for the whole reply; the reply itself is never quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    #[error("the reply is not one JSON object (line {line}, column {column})")]
    NotJson { line: usize, column: usize },
    #[error("the reply breaks the contract at {}: {what}", if .place.is_empty() { "its top" } else { .place })]
    BreaksContract { place: String, what: String },
}

/// Promises, and open questions, of one brief.
const ENTRIES: usize = 100;
/// Values that contradict each other in one field.
const ALTERNATIVES: usize = 10;

/// Reads a reply. All places that break the contract are reported at once: one correction round must mend them all.
pub fn parse_reply(text: &str, contract: &Contract, excerpt: &Excerpt) -> Result<Brief, Vec<ReplyError>> {
    let json = parse_json(text)?;
    let mut reading = Reading::new(excerpt);
    let brief = read_brief(&mut reading, contract, &json);
    let breaks = reading.into_breaks();
    match brief {
        Some(brief) if breaks.is_empty() => Ok(brief),
        _ => Err(breaks),
    }
}

/// One JSON value, with or without a code fence around it.
pub(super) fn parse_json(text: &str) -> Result<Json, Vec<ReplyError>> {
    json::parse(without_fence(text)).map_err(|error| {
        let json::JsonError { line, column, what } = error;
        vec![match what {
            JsonFault::Syntax => ReplyError::NotJson { line, column },
            JsonFault::SameKeyTwice => ReplyError::BreaksContract {
                place: String::new(),
                what: format!("an object holds the same key twice (line {line}, column {column})"),
            },
        }]
    })
}

/// Without the code fence that models put around JSON, and without white space.
fn without_fence(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")).and_then(|rest| rest.split_once('\n'));
    match inner {
        Some((tag, inner)) if tag.trim().is_empty() || tag.trim().eq_ignore_ascii_case("json") => inner,
        _ => text,
    }
}

fn read_brief(reading: &mut Reading<'_>, contract: &Contract, json: &Json) -> Option<Brief> {
    let top = Place::Top;
    let [headline, fields, axes, commitments, questions] =
        reading.object(json, top, ["headline", "fields", "axes", "commitments", "open_questions"])?;
    let headline = reading.saying(headline, top.key("headline"), SHORT);
    let fields = read_fields(reading, contract, fields, top.key("fields"));
    let axes = read_axes(reading, contract, axes, top.key("axes"));
    let commitments = reading.list(commitments, top.key("commitments"), ENTRIES, read_commitment);
    let open_questions = reading.list(questions, top.key("open_questions"), ENTRIES, read_question);
    Some(Brief { headline: headline?, fields: fields?, axes: axes?, commitments: commitments?, open_questions: open_questions? })
}

fn read_fields(reading: &mut Reading<'_>, contract: &Contract, json: &Json, at: Place<'_>) -> Option<Vec<FieldAnswer>> {
    let names: Vec<&str> = contract.fields.iter().map(|field| field.name.as_str()).collect();
    let answers = reading.values(json, at, &names)?;
    let read = contract.fields.iter().zip(answers).map(|(field, json)| read_field(reading, field, json, at.key(&field.name)));
    let read: Vec<Option<FieldAnswer>> = read.collect();
    read.into_iter().collect()
}

fn read_field(reading: &mut Reading<'_>, field: &Field, json: &Json, at: Place<'_>) -> Option<FieldAnswer> {
    let [evidence, status, value, others] = reading.object(json, at, ["evidence", "status", "value", "alternatives"])?;
    let evidence = reading.evidence(evidence, at.key("evidence"));
    let status = reading.one_of::<FieldStatus>(status, at.key("status"), &STATUSES);
    let value = form::read(reading, field, value, at.key("value"));
    let others = reading.list(others, at.key("alternatives"), ALTERNATIVES, |reading, json, at| {
        match form::read(reading, field, json, at) {
            Form::Value(value) => Some(Some(value)),
            Form::Absent | Form::Placeholder => Some(None),
            Form::Broken => None,
        }
    });
    let others: Vec<Value> = others?.into_iter().flatten().collect();
    let (status, value) = settle_status(reading, status?, value, &others, at)?;
    Some(FieldAnswer {
        name: field.name.clone(),
        status,
        value,
        alternatives: others,
        evidence: evidence?,
        confidence: Confidence::Medium,
        origin: Origin::Machine,
        stale: false,
        suggestion: None,
    })
}

/// Status and value must say the same. A placeholder is a "not stated" in other words.
fn settle_status(
    reading: &mut Reading<'_>,
    status: FieldStatus,
    value: Form,
    others: &[Value],
    at: Place<'_>,
) -> Option<(FieldStatus, Option<Value>)> {
    if status != FieldStatus::Conflicting && !others.is_empty() {
        reading.note(at.key("alternatives"), "must be empty unless the status is `conflicting`");
        return None;
    }
    let wrong = match (status, value) {
        (_, Form::Broken) => return None,
        (FieldStatus::Stated, Form::Value(value)) => return Some((FieldStatus::Stated, Some(value))),
        (FieldStatus::Stated, Form::Placeholder) => return Some((FieldStatus::NotStated, None)),
        (FieldStatus::Stated, Form::Absent) => "is null although the status is `stated`; give the value, or `not_stated`",
        (FieldStatus::NotStated, Form::Absent | Form::Placeholder) => return Some((FieldStatus::NotStated, None)),
        (FieldStatus::NotStated, Form::Value(_)) => "must be null when the status is `not_stated`",
        (FieldStatus::Conflicting, Form::Value(_)) => "must be null when the status is `conflicting`; use `alternatives`",
        (FieldStatus::Conflicting, Form::Absent | Form::Placeholder) if others.iter().any(|other| *other != others[0]) => {
            return Some((FieldStatus::Conflicting, None));
        }
        (FieldStatus::Conflicting, Form::Absent | Form::Placeholder) => {
            reading.note(at.key("alternatives"), "must hold at least two different values when the status is `conflicting`");
            return None;
        }
    };
    reading.note(at.key("value"), wrong);
    None
}

fn read_axes(reading: &mut Reading<'_>, contract: &Contract, json: &Json, at: Place<'_>) -> Option<Vec<AxisAnswer>> {
    let names: Vec<&str> = contract.axes.iter().map(|axis| axis.name.as_str()).collect();
    let answers = reading.values(json, at, &names)?;
    let read = contract.axes.iter().zip(answers).map(|(axis, json)| read_axis(reading, axis, json, at.key(&axis.name)));
    let read: Vec<Option<AxisAnswer>> = read.collect();
    read.into_iter().collect()
}

fn read_axis(reading: &mut Reading<'_>, axis: &Axis, json: &Json, at: Place<'_>) -> Option<AxisAnswer> {
    let [evidence, label] = reading.object(json, at, ["evidence", "label"])?;
    let names: Vec<&str> = axis.labels.iter().map(|label| label.name.as_str()).collect();
    let evidence = reading.evidence(evidence, at.key("evidence"));
    let label = reading.optional(label, |reading, json| reading.one_of::<String>(json, at.key("label"), &names));
    Some(AxisAnswer { name: axis.name.clone(), label: label?.map_or(AxisLabel::None, AxisLabel::Label), evidence: evidence? })
}

fn read_commitment(reading: &mut Reading<'_>, json: &Json, at: Place<'_>) -> Option<Commitment> {
    let keys = ["evidence", "who", "side", "to_whom", "what", "due", "firmness"];
    let [evidence, who, side, to_whom, what, due, firmness] = reading.object(json, at, keys)?;
    let evidence: Option<Vec<Evidence>> = reading.evidence(evidence, at.key("evidence"));
    let who = reading.optional(who, |reading, json| reading.text(json, at.key("who"), SHORT));
    let side = reading.one_of(side, at.key("side"), &SIDES);
    let to_whom = reading.optional(to_whom, |reading, json| reading.text(json, at.key("to_whom"), SHORT));
    let what = reading.saying(what, at.key("what"), TEXT);
    let due = reading.optional(due, |reading, json| reading.date(json, at.key("due")));
    let firmness = reading.one_of(firmness, at.key("firmness"), &FIRMNESS);
    Some(Commitment {
        who: who?,
        side: side?,
        to_whom: to_whom?,
        what: what?,
        due: due?,
        firmness: firmness?,
        evidence: evidence?,
    })
}

fn read_question(reading: &mut Reading<'_>, json: &Json, at: Place<'_>) -> Option<OpenQuestion> {
    let [evidence, question] = reading.object(json, at, ["evidence", "question"])?;
    let evidence = reading.evidence(evidence, at.key("evidence"));
    let question = reading.saying(question, at.key("question"), TEXT);
    Some(OpenQuestion { question: question?, evidence: evidence? })
}

#[cfg(test)]
mod tests;
