//! What people wrote and decided goes before what the machine writes.

use super::checks::Found;
use super::parts::{Part, said, take_out, words_of, write_words};
use super::review::{finding, not_stated};
use crate::domain::brief::{
    AxisAnswer, AxisLabel, Brief, Confidence, FieldAnswer, FieldStatus, Finding, Origin, Severity, Suggestion,
};
use crate::domain::contract::Contract;
use crate::domain::decision::{Decision, Verdict, last_about, last_word, rejection, says_the_same};
use crate::domain::handoff::{Handoff, HumanValue, People};
use crate::domain::value::Value;

/// The check that says when the machine comes back with what a person rejected.
const REJECTED: &str = "rejected_values_stay_out";
/// The check that says when the machine would label otherwise than a person did.
const LABELLED: &str = "labels_of_people_stand";

/// A person's value takes the answer's place, a rejected one does not come back, a person's label and words stand. What
/// was found about something that the brief no longer carries, or that a person stands behind, holds nothing back.
pub(super) fn put_people_first(brief: &mut Brief, people: People<'_>, contract: &Contract, findings: &mut Vec<Finding>) {
    for answer in &mut brief.fields {
        match people.values.get(&answer.name) {
            Some(human) => put_value_first(answer, human, people.decisions, findings),
            None => keep_rejected_out(answer, people.decisions, findings),
        }
    }
    let of_this_kind = of_kind(people.decisions, &contract.kind);
    brief.axes.iter_mut().for_each(|axis| put_label_first(axis, &of_this_kind, contract, findings));
    put_words_first(brief, &of_this_kind, contract, findings);
}

/// The last decision about each part of a brief, as far as it still holds: an outside system may have changed a value.
pub(super) fn standing_decisions(handoff: &Handoff, brief: &Brief) -> Vec<Decision> {
    let of_field = |answer: &FieldAnswer| {
        let human = handoff.human_values.get(&answer.name).map(|human| &human.value);
        let holds = |last: &&Decision| match last.verdict {
            Verdict::Accepted | Verdict::Edited => last.value.as_ref() == human,
            Verdict::Rejected => human.is_none(),
        };
        last_about(&handoff.decisions, &answer.name).filter(holds).cloned()
    };
    let of_this_kind = of_kind(&handoff.decisions, &handoff.event.data.kind);
    let of_axes = brief.axes.iter().filter_map(|axis| last_about(&of_this_kind, &axis.name).cloned());
    let of_words = words_of(brief).into_iter().filter_map(|part| {
        let said = said(brief, Some(part))?;
        let last = last_word(&of_this_kind, list_of(part), &said.value, &said.evidence)?;
        (last.verdict != Verdict::Rejected).then(|| Decision { part: name_of(part), ..last.clone() })
    });
    brief.fields.iter().filter_map(of_field).chain(of_axes).chain(of_words).collect()
}

/// Names of axes and words of promises mean something within one kind of handoff only.
fn of_kind(decisions: &[Decision], kind: &str) -> Vec<Decision> {
    decisions.iter().filter(|one| one.kind == kind).cloned().collect()
}

fn list_of(part: Part) -> &'static str {
    part.list().unwrap_or("headline")
}

fn name_of(part: Part) -> String {
    part.list().map_or("headline".to_owned(), |_| part.name_in_list())
}

/// The machine's value becomes a suggestion: unless it says the same, a check blocks it, or a person rejected it.
pub(super) fn put_value_first(answer: &mut FieldAnswer, human: &HumanValue, decisions: &[Decision], findings: &mut Vec<Finding>) {
    let is_blocked = stop_holding(findings, &answer.name);
    if answer.origin == Origin::Human {
        answer.value = Some(human.value.clone());
        return;
    }
    let evidence = std::mem::take(&mut answer.evidence);
    let machine = answer.value.take().filter(|value| !is_blocked && !says_the_same(value, &human.value));
    let suggestion = machine.map(|value| Suggestion { value, evidence });
    let rejected = suggestion.as_ref().and_then(|one| rejection(decisions, &answer.name, &one.value, &one.evidence));
    findings.extend(rejected.map(|decision| says_it_again(decision, &answer.name)));
    let suggestion = suggestion.filter(|_| rejected.is_none());
    *answer = FieldAnswer { suggestion, ..persons_answer(&answer.name, &human.value) };
}

/// A field for which a person speaks.
pub(super) fn persons_answer(name: &str, value: &Value) -> FieldAnswer {
    FieldAnswer {
        status: FieldStatus::Stated,
        value: Some(value.clone()),
        confidence: Confidence::High,
        origin: Origin::Human,
        ..not_stated(name)
    }
}

/// A rejected value is as if it had not been said. Of a conflict, both sides must have been rejected.
fn keep_rejected_out(answer: &mut FieldAnswer, decisions: &[Decision], findings: &mut Vec<Finding>) {
    let values: Vec<&Value> = answer.value.iter().chain(&answer.alternatives).collect();
    let rejections = values.iter().map(|value| rejection(decisions, &answer.name, value, &answer.evidence));
    let Some(Some(last)) = rejections.collect::<Option<Vec<_>>>().map(|all| all.into_iter().last()) else { return };
    stop_holding(findings, &answer.name);
    findings.push(says_it_again(last, &answer.name));
    *answer = not_stated(&answer.name);
}

fn put_label_first(axis: &mut AxisAnswer, decisions: &[Decision], contract: &Contract, findings: &mut Vec<Finding>) {
    let Some(last) = last_about(decisions, &axis.name) else { return };
    let labelled = match &axis.label {
        AxisLabel::Label(name) => Some(Value::Choice { choice: name.clone() }),
        AxisLabel::None | AxisLabel::Failed => None,
    };
    match (last.verdict, &last.value) {
        (Verdict::Accepted | Verdict::Edited, Some(Value::Choice { choice })) if is_label(contract, &axis.name, choice) => {
            stop_holding(findings, &axis.name);
            if last.value != labelled {
                let other = labelled.map(|_| format!("{} chose `{choice}` on {}; the machine would not", last.by, day(last)));
                findings.extend(other.map(|text| finding(LABELLED, Found::new(Severity::Info, &axis.name, text))));
                axis.label = AxisLabel::Label(choice.clone());
                axis.evidence.clear();
            }
        }
        _ => {
            let rejected = labelled.and_then(|label| rejection(decisions, &axis.name, &label, &axis.evidence));
            if let Some(decision) = rejected {
                stop_holding(findings, &axis.name);
                findings.push(says_it_again(decision, &axis.name));
                axis.label = AxisLabel::None;
                axis.evidence.clear();
            }
        }
    }
}

/// Headline, promises and questions have no name that lasts: a decision holds where the machine says the same again.
fn put_words_first(brief: &mut Brief, decisions: &[Decision], contract: &Contract, findings: &mut Vec<Finding>) {
    if decisions.is_empty() {
        return;
    }
    for part in words_of(brief) {
        let Some(said) = said(brief, Some(part)) else { continue };
        let Some(last) = last_word(decisions, list_of(part), &said.value, &said.evidence) else { continue };
        let name = name_of(part);
        stop_holding(findings, &name);
        match (last.verdict, &last.value) {
            (Verdict::Accepted, _) | (Verdict::Edited, None) => {}
            (Verdict::Edited, Some(value)) => {
                findings.retain(|one| part_of(one) != name);
                write_words(brief, part, value);
            }
            (Verdict::Rejected, _) => {
                findings.retain(|one| part_of(one) != name);
                take_out(brief, findings, part, contract);
                findings.push(says_it_again(last, list_of(part)));
            }
        }
    }
}

fn is_label(contract: &Contract, axis: &str, label: &str) -> bool {
    contract.axis(axis).is_some_and(|axis| axis.labels.iter().any(|one| one.name == label))
}

/// Blocking findings about a part become warnings. Returns whether there were any.
pub(super) fn stop_holding(findings: &mut [Finding], part: &str) -> bool {
    let mut was_held = false;
    for one in findings.iter_mut().filter(|one| one.severity == Severity::Block && part_of(one) == part) {
        one.severity = Severity::Warn;
        was_held = true;
    }
    was_held
}

/// The part a finding is about. All of ours name one.
pub(super) fn part_of(finding: &Finding) -> &str {
    finding.field.as_deref().unwrap_or(&finding.check)
}

fn says_it_again(decision: &Decision, part: &str) -> Finding {
    let text = format!("rejected by {} on {}; the machine says it again", decision.by, day(decision));
    finding(REJECTED, Found::new(Severity::Info, part, text))
}

fn day(decision: &Decision) -> String {
    decision.at.strftime("%Y-%m-%d").to_string()
}
