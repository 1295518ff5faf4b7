//! [`decide`]: a person's decisions about parts of a brief → what may be written.

use std::collections::BTreeMap;

use super::parts::{Part, is_list, name_without, part_named, parts, said, take_out, type_of_part, write_words};
use super::people::{part_of, persons_answer, put_value_first, stop_holding};
use super::readiness::{Judgement, judge};
use super::review::{finding, not_stated};
use super::write::{WriteBack, live_values};
use crate::domain::brief::{FieldAnswer, FieldStatus, LiveValues, Origin, Publication, Suggestion};
use crate::domain::contract::Contract;
use crate::domain::decision::{Decision, StandingBrief, Verdict, holding_parts, last_about, says_the_same};
use crate::domain::handoff::HumanValue;
use crate::domain::value::Value;

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

/// A brief while it is decided on.
struct Deciding<'a> {
    standing: StandingBrief,
    decider: &'a Decider,
    contract: &'a Contract,
    /// New decisions, in the order they were made.
    decisions: Vec<Decision>,
    /// Fields that a person owns from now on.
    values: BTreeMap<String, HumanValue>,
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
            let evidence = about.evidence.clone();
            self.standing.document.brief.fields[n] = FieldAnswer { evidence, ..persons_answer(name, &about.value) };
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
        let document = &mut self.standing.document;
        take_out(&mut document.brief, &mut document.findings, part, self.contract);
        for decision in document.decisions.iter_mut().chain(&mut self.decisions) {
            decision.part = name_without(&decision.part, part);
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
        write_words(&mut self.standing.document.brief, part, value);
        self.note(name, Verdict::Edited, about, Some(value.clone()));
        Ok(())
    }

    /// The machine's value stays beside the person's, unless a check blocked it.
    fn edit_answer(&mut self, n: usize, value: &Value) -> Option<Suggestion> {
        let about = self.machines_word(n);
        let findings = &mut self.standing.document.findings;
        let answer = &mut self.standing.document.brief.fields[n];
        let is_blocked = stop_holding(findings, &answer.name);
        let suggestion = about.clone().filter(|one| !is_blocked && !says_the_same(&one.value, value));
        *answer = FieldAnswer { suggestion, ..persons_answer(&answer.name, value) };
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

fn nothing_said(part: &str, what: &'static str) -> DecideError {
    DecideError::NothingSaid { part: part.to_owned(), what }
}

#[cfg(test)]
mod tests;
