//! The parts of a brief that a person can decide on, by the names that findings use.

use std::cmp::Ordering;

use super::people::part_of;
use crate::domain::brief::{AxisLabel, Brief, BriefDocument, Commitment, FieldAnswer, FieldStatus, Finding, Origin, Suggestion};
use crate::domain::contract::Contract;
use crate::domain::decision::{holding_parts, last_about};
use crate::domain::value::{FieldType, Value};

/// What a part of a brief is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Headline,
    Field(usize),
    Axis(usize),
    Commitment(usize),
    Question(usize),
    /// A finding names it, and nothing in the brief stands behind it.
    Finding,
}

/// Every part that says something of the machine's and can be accepted as it stands; and what else holds the brief.
pub fn acceptable_parts(document: &BriefDocument) -> Vec<String> {
    let brief = &document.brief;
    let stated = |answer: &&FieldAnswer| answer.status == FieldStatus::Stated && answer.origin == Origin::Machine;
    let mut parts: Vec<String> = brief.fields.iter().filter(stated).map(|answer| answer.name.clone()).collect();
    let is_open = |name: &str| last_about(&document.decisions, name).is_none();
    let labelled = brief.axes.iter().filter(|axis| matches!(axis.label, AxisLabel::Label(_)) && is_open(&axis.name));
    parts.extend(labelled.map(|axis| axis.name.clone()));
    for part in holding_parts(document) {
        let says_something =
            said(brief, part_named(document, part)).is_some() || part_named(document, part) == Some(Part::Finding);
        if says_something && !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

/// Names of all parts that can be decided.
pub fn parts(document: &BriefDocument) -> Vec<String> {
    let brief = &document.brief;
    let mut names = vec!["headline".to_owned()];
    names.extend(brief.fields.iter().map(|answer| answer.name.clone()));
    names.extend(brief.axes.iter().map(|axis| axis.name.clone()));
    names.extend((0..brief.commitments.len()).map(|n| Part::Commitment(n).name_in_list()));
    names.extend((0..brief.open_questions.len()).map(|n| Part::Question(n).name_in_list()));
    names
}

/// The type of what a part holds. `None`: there is no such part, or nothing can be written there.
pub fn type_of_part(document: &BriefDocument, part: &str, contract: &Contract) -> Option<FieldType> {
    match part_named(document, part)? {
        Part::Headline | Part::Question(_) => Some(FieldType::Text),
        Part::Field(_) => contract.field(part).map(|field| field.field_type),
        Part::Axis(_) => Some(FieldType::Choice),
        Part::Commitment(_) => Some(FieldType::Commitment),
        Part::Finding => None,
    }
}

/// What a part says, as a value with its evidence. `None`: nothing.
pub fn said_in(document: &BriefDocument, part: &str) -> Option<Suggestion> {
    said(&document.brief, part_named(document, part))
}

impl Part {
    pub(super) fn position(self) -> usize {
        match self {
            Self::Headline | Self::Finding => 0,
            Self::Field(n) | Self::Axis(n) | Self::Commitment(n) | Self::Question(n) => n,
        }
    }

    /// The list a promise or question stands in.
    pub(super) fn list(self) -> Option<&'static str> {
        match self {
            Self::Commitment(_) => Some("commitments"),
            Self::Question(_) => Some("open_questions"),
            Self::Headline | Self::Field(_) | Self::Axis(_) | Self::Finding => None,
        }
    }

    pub(super) fn name_in_list(self) -> String {
        format!("{}[{}]", self.list().unwrap_or_default(), self.position())
    }
}

/// The headline, and every promise and question, the last ones first: what is taken out moves only what came before.
pub(super) fn words_of(brief: &Brief) -> Vec<Part> {
    let promises = (0..brief.commitments.len()).rev().map(Part::Commitment);
    let questions = (0..brief.open_questions.len()).rev().map(Part::Question);
    [Part::Headline].into_iter().chain(promises).chain(questions).collect()
}

/// Puts a person's words or label in a part's place. Answers have more to them than that.
pub(super) fn write_words(brief: &mut Brief, part: Part, value: &Value) {
    match (part, value) {
        (Part::Headline, Value::Text { text }) => brief.headline.clone_from(text),
        (Part::Question(n), Value::Text { text }) => brief.open_questions[n].question.clone_from(text),
        (Part::Axis(n), Value::Choice { choice }) => brief.axes[n].label = AxisLabel::Label(choice.clone()),
        (Part::Commitment(n), Value::Commitment { what, who, due }) => {
            let promise = &mut brief.commitments[n];
            promise.what.clone_from(what);
            promise.due = *due;
            if who.is_some() {
                promise.who.clone_from(who);
            }
        }
        _ => {}
    }
}

/// Takes a part out. A headline must stand: it becomes what the contract is called.
pub(super) fn take_out(brief: &mut Brief, findings: &mut [Finding], part: Part, contract: &Contract) {
    match part {
        Part::Headline => brief.headline.clone_from(&contract.title),
        Part::Axis(n) => (brief.axes[n].label, brief.axes[n].evidence) = (AxisLabel::None, Vec::new()),
        Part::Commitment(n) => drop(brief.commitments.remove(n)),
        Part::Question(n) => drop(brief.open_questions.remove(n)),
        Part::Field(_) | Part::Finding => {}
    }
    for finding in findings {
        finding.field = finding.field.as_deref().map(|name| name_without(name, part));
    }
}

/// The name of a part when another part is gone: those after it in its list move up.
pub(super) fn name_without(name: &str, gone: Part) -> String {
    let number = |list: &str| name.strip_prefix(list)?.strip_prefix('[')?.strip_suffix(']')?.parse::<usize>().ok();
    let moved = |list: &str| match number(list)?.cmp(&gone.position()) {
        Ordering::Less => None,
        Ordering::Equal => Some(list.to_owned()),
        Ordering::Greater => Some(format!("{list}[{}]", number(list)? - 1)),
    };
    gone.list().and_then(moved).unwrap_or_else(|| name.to_owned())
}

pub(super) fn part_named(document: &BriefDocument, name: &str) -> Option<Part> {
    let brief = &document.brief;
    let number = |list: &str| name.strip_prefix(list)?.strip_prefix('[')?.strip_suffix(']')?.parse::<usize>().ok();
    let field = brief.fields.iter().position(|answer| answer.name == name).map(Part::Field);
    let axis = || brief.axes.iter().position(|axis| axis.name == name).map(Part::Axis);
    let promise = || number("commitments").filter(|n| *n < brief.commitments.len()).map(Part::Commitment);
    let question = || number("open_questions").filter(|n| *n < brief.open_questions.len()).map(Part::Question);
    let finding = || document.findings.iter().any(|one| part_of(one) == name).then_some(Part::Finding);
    match name {
        "headline" => Some(Part::Headline),
        _ => field.or_else(axis).or_else(promise).or_else(question).or_else(finding),
    }
}

/// What a part says, as a value with its evidence.
pub(super) fn said(brief: &Brief, part: Option<Part>) -> Option<Suggestion> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Value::Text { text: text.to_owned() });
    let (value, evidence) = match part? {
        Part::Headline => (text(&brief.headline), &[][..]),
        Part::Field(n) => (brief.fields[n].value.clone(), &brief.fields[n].evidence[..]),
        Part::Axis(n) => match &brief.axes[n].label {
            AxisLabel::Label(name) => (Some(Value::Choice { choice: name.clone() }), &brief.axes[n].evidence[..]),
            AxisLabel::None | AxisLabel::Failed => (None, &[][..]),
        },
        Part::Commitment(n) => {
            let Commitment { what, who, due, evidence, .. } = &brief.commitments[n];
            (text(what).map(|_| Value::Commitment { what: what.clone(), who: who.clone(), due: *due }), &evidence[..])
        }
        Part::Question(n) => (text(&brief.open_questions[n].question), &brief.open_questions[n].evidence[..]),
        Part::Finding => (None, &[][..]),
    };
    Some(Suggestion { value: value?, evidence: evidence.to_vec() })
}

/// The name of a list, as items that were taken out of it are called.
pub(super) fn is_list(part: &str) -> bool {
    ["commitments", "open_questions"].contains(&part)
}
