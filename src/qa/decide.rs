//! [`decide`]: a person's decisions about parts of a brief → what may be written.

use super::people::{part_of, put_value_first, stop_holding};
use super::readiness::{Judgement, judge};
use super::review::{finding, not_stated};
use super::write::{WriteBack, live_values};
use crate::domain::brief::{
    AxisLabel, Brief, BriefDocument, Commitment, Confidence, FieldAnswer, FieldStatus, LiveValues, Origin, Publication,
    Suggestion,
};
use crate::domain::contract::Contract;
use crate::domain::decision::{Decision, StandingBrief, Verdict, holding_parts, last_about, says_the_same};
use crate::domain::handoff::HumanValue;
use crate::domain::value::{FieldType, Value};

/// What a person says of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// As findings name it.
    pub part: String,
    pub says: Says,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    Accept,
    Reject,
    /// What stands there instead.
    Edit(Value),
}

/// Who decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Decider {
    pub by: String,
    pub at: jiff::Timestamp,
    pub note: Option<String>,
}

/// Why something cannot be decided. Never holds a value of the brief.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    #[error("the brief has no part `{part}`; it has: {known}")]
    UnknownPart { part: String, known: String },
    #[error("`{part}` says nothing that could be {what}; write it with `edit`")]
    NothingSaid { part: String, what: &'static str },
    #[error("the sources conflict on `{part}`: choose one with `edit`, or `reject` all of them")]
    Conflict { part: String },
    #[error("`{part}` is a value of {by} already; change it with `edit`")]
    OwnValue { part: String, by: String },
    #[error("`{part}` holds a value of the type `{expected}`")]
    WrongType { part: String, expected: String },
    #[error("`{given}` is no choice of `{part}`; it has: {known}")]
    UnknownChoice { part: String, given: String, known: String },
    #[error("`{part}` only names a finding: it can be accepted, not edited or rejected")]
    FindingOnly { part: String },
}

/// What a part of a brief is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Headline,
    Field(usize),
    Axis(usize),
    Commitment(usize),
    Question(usize),
    /// A finding names it, and nothing in the brief stands behind it.
    Finding,
}

/// Plans what these decisions write: a new version of the brief, the person's live values, what is no longer live.
///
/// What was found about a decided part no longer holds the brief; when nothing holds it, it is published and the
/// machine's other values go live. All rulings hold or none.
pub fn decide(
    standing: StandingBrief,
    rulings: &[Ruling],
    decider: &Decider,
    contract: &Contract,
) -> Result<WriteBack, DecideError> {
    let mut deciding = Deciding::of(standing, decider, contract);
    // From the back: what is taken out of a list moves only what is decided already.
    let mut ordered: Vec<(Part, &Ruling)> =
        rulings.iter().map(|ruling| Ok((deciding.part(&ruling.part)?, ruling))).collect::<Result<_, _>>()?;
    ordered.sort_by_key(|(part, _)| std::cmp::Reverse(part.position()));
    for (part, ruling) in ordered {
        deciding.rule(part, ruling)?;
    }
    Ok(deciding.finish())
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
    fn position(self) -> usize {
        match self {
            Self::Headline | Self::Finding => 0,
            Self::Field(n) | Self::Axis(n) | Self::Commitment(n) | Self::Question(n) => n,
        }
    }

    /// The list a promise or question stands in.
    fn list(self) -> Option<&'static str> {
        match self {
            Self::Commitment(_) => Some("commitments"),
            Self::Question(_) => Some("open_questions"),
            Self::Headline | Self::Field(_) | Self::Axis(_) | Self::Finding => None,
        }
    }

    fn name_in_list(self) -> String {
        format!("{}[{}]", self.list().unwrap_or_default(), self.position())
    }
}

fn part_named(document: &BriefDocument, name: &str) -> Option<Part> {
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
fn said(brief: &Brief, part: Option<Part>) -> Option<Suggestion> {
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

/// A brief while it is decided on.
struct Deciding<'a> {
    standing: StandingBrief,
    decider: &'a Decider,
    contract: &'a Contract,
    /// New decisions, in the order they were made.
    decisions: Vec<Decision>,
    /// Fields that a person owns from now on.
    values: std::collections::BTreeMap<String, HumanValue>,
    /// Fields that are no longer live.
    retired: Vec<String>,
}

impl<'a> Deciding<'a> {
    /// Values that people wrote since the brief was written stand in it first.
    fn of(mut standing: StandingBrief, decider: &'a Decider, contract: &'a Contract) -> Self {
        let document = &mut standing.document;
        for answer in &mut document.brief.fields {
            if let Some(human) = standing.human_values.get(&answer.name) {
                put_value_first(answer, human, &document.decisions, &mut document.findings);
            }
        }
        Self { standing, decider, contract, decisions: Vec::new(), values: Default::default(), retired: Vec::new() }
    }

    fn part(&self, name: &str) -> Result<Part, DecideError> {
        let document = &self.standing.document;
        part_named(document, name)
            .ok_or_else(|| DecideError::UnknownPart { part: name.to_owned(), known: parts(document).join(", ") })
    }

    fn rule(&mut self, part: Part, ruling: &Ruling) -> Result<(), DecideError> {
        let name = &ruling.part;
        match (&ruling.says, part) {
            (Says::Accept, Part::Finding) => {
                stop_holding(&mut self.standing.document.findings, name);
                self.note(name, Verdict::Accepted, None, None);
            }
            (_, Part::Finding) => return Err(DecideError::FindingOnly { part: name.clone() }),
            (Says::Accept, _) => self.accept(part, name)?,
            (Says::Reject, _) => self.reject(part, name)?,
            (Says::Edit(value), _) => self.edit(part, name, value)?,
        }
        Ok(())
    }

    fn accept(&mut self, part: Part, name: &str) -> Result<(), DecideError> {
        let about = match part {
            Part::Field(n) => self.accepted_answer(n)?,
            _ => said(&self.standing.document.brief, Some(part)).ok_or_else(|| nothing_said(name, "accepted"))?,
        };
        if let Part::Field(n) = part {
            let answer = &mut self.standing.document.brief.fields[n];
            (answer.value, answer.evidence) = (Some(about.value.clone()), about.evidence.clone());
            (answer.origin, answer.confidence, answer.suggestion) = (Origin::Human, Confidence::High, None);
            self.own(name, &about.value);
        }
        stop_holding(&mut self.standing.document.findings, name);
        let value = Some(about.value.clone());
        self.note(name, Verdict::Accepted, Some(about), value);
        Ok(())
    }

    /// What is accepted of a field: the machine's value, or its suggestion beside a person's.
    fn accepted_answer(&self, n: usize) -> Result<Suggestion, DecideError> {
        let answer = &self.standing.document.brief.fields[n];
        let part = answer.name.clone();
        match (answer.origin, answer.status, &answer.suggestion) {
            (Origin::Human, _, Some(suggestion)) => Ok(suggestion.clone()),
            (Origin::Human, _, None) => Err(DecideError::OwnValue { by: self.owner(&part), part }),
            (Origin::Machine, FieldStatus::Conflicting, _) => Err(DecideError::Conflict { part }),
            (Origin::Machine, FieldStatus::Stated | FieldStatus::NotStated, _) => {
                said(&self.standing.document.brief, Some(Part::Field(n))).ok_or_else(|| nothing_said(&part, "accepted"))
            }
        }
    }

    fn reject(&mut self, part: Part, name: &str) -> Result<(), DecideError> {
        let abouts = match part {
            Part::Field(n) => self.reject_answer(n)?,
            _ => said(&self.standing.document.brief, Some(part)).into_iter().collect(),
        };
        let was_held = self.forget_findings(name);
        if abouts.is_empty() && !was_held {
            return Err(nothing_said(name, "rejected"));
        }
        let kept_name = part.list().unwrap_or(name);
        match abouts.is_empty() {
            true => self.note(kept_name, Verdict::Rejected, None, None),
            false => abouts.into_iter().for_each(|about| self.note(kept_name, Verdict::Rejected, Some(about), None)),
        }
        let record = &self.standing.document.record;
        let plain = record.name.clone().unwrap_or_else(|| format!("{} {}", record.record_type, record.id));
        let brief = &mut self.standing.document.brief;
        match part {
            Part::Headline => brief.headline = plain,
            Part::Axis(n) => (brief.axes[n].label, brief.axes[n].evidence) = (AxisLabel::None, Vec::new()),
            Part::Commitment(n) => drop(brief.commitments.remove(n)),
            Part::Question(n) => drop(brief.open_questions.remove(n)),
            Part::Field(_) | Part::Finding => {}
        }
        if let Some(list) = part.list() {
            self.renumber(list, part.position());
        }
        Ok(())
    }

    /// Takes the machine's value, both sides of its conflict, or its suggestion out of an answer, and out of the live
    /// values. Empty: it said nothing.
    fn reject_answer(&mut self, n: usize) -> Result<Vec<Suggestion>, DecideError> {
        let standing = &mut self.standing;
        let answer = &mut standing.document.brief.fields[n];
        let name = answer.name.clone();
        if let Some(suggestion) = answer.suggestion.take() {
            return Ok(vec![suggestion]);
        }
        let values: Vec<Value> = answer.value.iter().chain(&answer.alternatives).cloned().collect();
        if answer.origin == Origin::Human {
            let last = last_about(&standing.document.decisions, &name);
            let was_accepted = last.is_some_and(|last| last.verdict == Verdict::Accepted && last.value == answer.value);
            if !was_accepted {
                return Err(DecideError::OwnValue { by: self.owner(&name), part: name });
            }
            self.retired.push(name.clone());
        } else if let Some(live) = standing.machine_values.get(&name)
            && values.iter().any(|value| says_the_same(value, live))
        {
            self.retired.push(name.clone());
        }
        let evidence = std::mem::replace(answer, not_stated(&name)).evidence;
        Ok(values.into_iter().map(|value| Suggestion { value, evidence: evidence.clone() }).collect())
    }

    fn edit(&mut self, part: Part, name: &str, value: &Value) -> Result<(), DecideError> {
        self.check_type(part, name, value)?;
        let about = match part {
            Part::Field(n) => self.edit_answer(n, value),
            _ => said(&self.standing.document.brief, Some(part)),
        };
        self.forget_findings(name);
        let brief = &mut self.standing.document.brief;
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
        self.note(name, Verdict::Edited, about, Some(value.clone()));
        Ok(())
    }

    /// The machine's value stays beside the person's, unless a check blocked it.
    fn edit_answer(&mut self, n: usize, value: &Value) -> Option<Suggestion> {
        let about = self.machines_word(n);
        let findings = &mut self.standing.document.findings;
        let answer = &mut self.standing.document.brief.fields[n];
        let is_blocked = stop_holding(findings, &answer.name);
        *answer = FieldAnswer {
            status: FieldStatus::Stated,
            value: Some(value.clone()),
            confidence: Confidence::High,
            origin: Origin::Human,
            suggestion: about.clone().filter(|one| !is_blocked && !says_the_same(&one.value, value)),
            ..not_stated(&answer.name)
        };
        let name = answer.name.clone();
        self.own(&name, value);
        about
    }

    /// What the machine says of a field, wherever it stands.
    fn machines_word(&self, n: usize) -> Option<Suggestion> {
        let document = &self.standing.document;
        let answer = &document.brief.fields[n];
        let earlier = last_about(&document.decisions, &answer.name).and_then(|last| last.about.clone());
        match answer.origin {
            Origin::Machine => said(&document.brief, Some(Part::Field(n))),
            Origin::Human => answer.suggestion.clone().or(earlier),
        }
    }

    fn check_type(&self, part: Part, name: &str, value: &Value) -> Result<(), DecideError> {
        let expected = type_of_part(&self.standing.document, name, self.contract);
        if expected != Some(value.field_type()) {
            let expected = expected.map_or("unknown to this contract".to_owned(), |one| format!("{one:?}").to_lowercase());
            return Err(DecideError::WrongType { part: name.to_owned(), expected });
        }
        let Value::Choice { choice } = value else { return Ok(()) };
        let labels = match part {
            Part::Axis(_) => self.contract.axis(name).map(|axis| &axis.labels),
            _ => self.contract.field(name).map(|field| &field.choices),
        };
        let known: Vec<&str> = labels.into_iter().flatten().map(|label| label.name.as_str()).collect();
        match known.contains(&choice.as_str()) {
            true => Ok(()),
            false => Err(DecideError::UnknownChoice { part: name.to_owned(), given: choice.clone(), known: known.join(", ") }),
        }
    }

    /// From now on the field is this person's.
    fn own(&mut self, name: &str, value: &Value) {
        let Decider { by, at, .. } = self.decider;
        self.values.insert(name.to_owned(), HumanValue { value: value.clone(), by: by.clone(), at: *at });
    }

    /// Who owns a field now.
    fn owner(&self, name: &str) -> String {
        self.standing.human_values.get(name).map_or("a person".to_owned(), |human| human.by.clone())
    }

    /// What was found about words that are gone is gone. Returns whether any of it held the brief.
    fn forget_findings(&mut self, part: &str) -> bool {
        let findings = &mut self.standing.document.findings;
        let was_held = stop_holding(findings, part);
        findings.retain(|one| part_of(one) != part);
        was_held
    }

    /// Item `gone` of a list was taken out: those after it move up, in findings and decisions too.
    fn renumber(&mut self, list: &str, gone: usize) {
        let moved = |name: &str| -> Option<String> {
            let number: usize = name.strip_prefix(list)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
            match number.cmp(&gone) {
                std::cmp::Ordering::Less => None,
                std::cmp::Ordering::Equal => Some(list.to_owned()),
                std::cmp::Ordering::Greater => Some(format!("{list}[{}]", number - 1)),
            }
        };
        let document = &mut self.standing.document;
        for finding in &mut document.findings {
            finding.field = finding.field.as_deref().and_then(&moved).or_else(|| finding.field.clone());
        }
        for decision in document.decisions.iter_mut().chain(&mut self.decisions) {
            decision.part = moved(&decision.part).unwrap_or_else(|| decision.part.clone());
        }
    }

    fn note(&mut self, part: &str, verdict: Verdict, about: Option<Suggestion>, value: Option<Value>) {
        let Decider { by, at, note } = self.decider.clone();
        let kind = self.standing.document.kind.clone();
        self.decisions.push(Decision { kind, part: part.to_owned(), verdict, about, value, by, at, note });
    }

    fn finish(mut self) -> WriteBack {
        let document = &mut self.standing.document;
        // A part that was taken out of a list has no name of its own any more: all that was said of such stays.
        let is_replaced = |old: &Decision| !is_list(&old.part) && self.decisions.iter().any(|new| new.part == old.part);
        document.decisions.retain(|old| !is_replaced(old));
        document.decisions.extend(self.decisions.iter().cloned());
        let Judgement { readiness, missing, route, found } = judge(&document.brief, self.contract);
        document.findings.retain(|one| !["required_fields_are_stated", "rules_hold"].contains(&one.check.as_str()));
        document.findings.extend(found.into_iter().map(|(check, found)| finding(check, found)));
        (document.readiness, document.missing, document.route) = (readiness, missing, route);
        document.publication = match holding_parts(document).is_empty() {
            true => Publication::Published,
            false => Publication::HeldForReview,
        };
        let live = match document.publication {
            Publication::Published => live_values(&document.brief),
            Publication::HeldForReview => LiveValues::new(),
        };
        let StandingBrief { event, document, version, .. } = self.standing;
        self.retired.retain(|field| !self.values.contains_key(field));
        WriteBack {
            event: event.without_contents(),
            document,
            live,
            expected_version: version,
            decisions: self.decisions,
            human_values: self.values,
            retired: self.retired,
        }
    }
}

/// The name of a list, as items that were taken out of it are called.
fn is_list(part: &str) -> bool {
    ["commitments", "open_questions"].contains(&part)
}

fn nothing_said(part: &str, what: &'static str) -> DecideError {
    DecideError::NothingSaid { part: part.to_owned(), what }
}

#[cfg(test)]
mod tests;
