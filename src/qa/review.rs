//! [`review`]: runs the table of checks, puts people's values in their place, then decides readiness.

use super::checks::{CHECKS, Context, Found, Run, each_text, mask, worst};
use super::harmless::harmless;
use super::people::put_people_first;
use super::readiness::{Judgement, judge};
use crate::context::Excerpt;
use crate::domain::brief::{Brief, Confidence, FieldAnswer, FieldStatus, Finding, MissingField, Origin, Readiness, Severity};
use crate::domain::contract::Contract;
use crate::domain::handoff::People;
use crate::domain::value::{Value, says_nothing};

/// A brief that went through every check. Made only by [`review`]; only a judge's findings are added later.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewed {
    brief: Brief,
    findings: Vec<Finding>,
    readiness: Readiness,
    missing: Vec<MissingField>,
    route: Option<String>,
    correctable: Vec<String>,
}

impl Reviewed {
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    pub(super) fn into_brief(self) -> Brief {
        self.brief
    }

    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    pub fn missing(&self) -> &[MissingField] {
        &self.missing
    }

    pub fn route(&self) -> Option<&str> {
        self.route.as_deref()
    }

    /// One line for each finding that a model can mend, the most severe first: the JSON place and what is wrong there.
    pub fn correctable(&self) -> &[String] {
        &self.correctable
    }

    /// The same with what a check has found that runs after the review. What warns lowers the confidence of its field.
    pub(super) fn with_findings(mut self, check: &str, found: Vec<Found>) -> Self {
        for one in found {
            let about = self.brief.fields.iter_mut().find(|answer| answer.name == one.field && one.severity >= Severity::Warn);
            if let Some(answer) = about {
                answer.confidence = match answer.confidence {
                    Confidence::High => Confidence::Medium,
                    Confidence::Medium | Confidence::Low => Confidence::Low,
                };
            }
            self.findings.push(finding(check, one));
        }
        self
    }

    /// Whether a blocking finding stands: the brief must not reach the record's live values.
    pub fn is_blocked_by_findings(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Block)
    }
}

/// Checks a brief against the excerpt it was written from and the contract it was written for.
///
/// What a person wrote stands: it counts for readiness, and the machine's value goes beside it as a suggestion,
/// unless a check blocks it. What a person rejected does not come back. `people`: a handoff, or human values alone. Order: tidy, checks, confidence, people's values, readiness and route.
pub fn review<'a>(mut brief: Brief, excerpt: &Excerpt, contract: &Contract, people: impl Into<People<'a>>) -> Reviewed {
    let context = Context::new(excerpt, contract);
    tidy(&mut brief, contract);
    let mut found = run_checks(&context, &mut brief);
    drop_emptied(&mut brief, &mut found);
    rate(&mut brief, &found);
    let correctable = correctable(&found);
    let mut findings = found.into_iter().map(|(check, found)| finding(check, found)).collect();
    put_people_first(&mut brief, people.into(), contract, &mut findings);
    let Judgement { readiness, missing, route, found: judged } = judge(&brief, contract);
    findings.extend(judged.into_iter().map(|(check, found)| finding(check, found)));
    Reviewed { brief, findings, readiness, missing, route, correctable }
}

/// Invisible characters go, placeholders become "not stated", and every field of the contract has an answer.
fn tidy(brief: &mut Brief, contract: &Contract) {
    each_text(brief, |text| {
        if let std::borrow::Cow::Owned(clean) = harmless(text) {
            *text = clean;
        }
    });
    for answer in &mut brief.fields {
        drop_placeholders(answer, contract);
    }
    for promise in &mut brief.commitments {
        promise.who = promise.who.take().filter(|who| !says_nothing(who));
        promise.to_whom = promise.to_whom.take().filter(|whom| !says_nothing(whom));
    }
    brief.open_questions.retain(|open| !says_nothing(&open.question));
    for field in &contract.fields {
        if brief.field(&field.name).is_none() {
            brief.fields.push(not_stated(&field.name));
        }
    }
}

/// A placeholder is no answer, and no side of a conflict either.
fn drop_placeholders(answer: &mut FieldAnswer, contract: &Contract) {
    let choices = contract.field(&answer.name).map_or(&[][..], |field| &field.choices);
    let is_choice = |name: &str| choices.iter().any(|label| label.name == name);
    let is_nothing = |value: &Value| match value {
        Value::Choice { choice } => says_nothing(choice) && !is_choice(choice),
        other => other.says_nothing(),
    };
    answer.value.iter_mut().chain(&mut answer.alternatives).for_each(Value::drop_placeholders);
    if answer.value.as_ref().is_none_or(is_nothing) && answer.status == FieldStatus::Stated {
        answer.status = FieldStatus::NotStated;
    }
    if answer.status != FieldStatus::Stated {
        answer.value = None;
    }
    let sides = answer.alternatives.len();
    answer.alternatives.retain(|value| !is_nothing(value));
    if answer.alternatives.len() < sides && answer.alternatives.len() < 2 {
        answer.value = answer.alternatives.pop();
        answer.status = if answer.value.is_some() { FieldStatus::Stated } else { FieldStatus::NotStated };
    }
}

pub(super) fn not_stated(name: &str) -> FieldAnswer {
    FieldAnswer {
        name: name.to_owned(),
        status: FieldStatus::NotStated,
        value: None,
        alternatives: Vec::new(),
        evidence: Vec::new(),
        confidence: Confidence::Low,
        origin: Origin::Machine,
        stale: false,
        suggestion: None,
    }
}

fn run_checks(context: &Context<'_>, brief: &mut Brief) -> Vec<(&'static str, Found)> {
    let mut all = Vec::new();
    for check in CHECKS {
        let found = match check.run {
            Run::Looks(look) => look(context, brief),
            Run::Mends(mend) => mend(context, brief),
            Run::Judged => continue,
        };
        debug_assert!(found.iter().all(|one| one.severity <= check.at_worst), "`{}` says more than its row allows", check.name);
        all.extend(found.into_iter().map(|mut one| {
            one.severity = one.severity.min(worst(context, check.name, brief, &one.field));
            (check.name, one)
        }));
    }
    all
}

/// Promises and questions of which a check left nothing go, and with them what else was found about them; findings about the
/// others take their new numbers. The places of findings stay those of the model's reply.
fn drop_emptied(brief: &mut Brief, found: &mut Vec<(&'static str, Found)>) {
    let promises: Vec<bool> = brief.commitments.iter().map(|one| one.what.is_empty()).collect();
    let questions: Vec<bool> = brief.open_questions.iter().map(|one| one.question.is_empty()).collect();
    for (list, emptied) in [("commitments", &promises), ("open_questions", &questions)] {
        if !emptied.contains(&true) {
            continue;
        }
        found.retain_mut(|(check, one)| {
            let number = one.field.strip_prefix(list).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
            let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) else { return true };
            if emptied.get(number) == Some(&true) {
                list.clone_into(&mut one.field);
                return *check == "texts_are_carried";
            }
            let before = emptied.iter().take(number).filter(|gone| **gone).count();
            one.field = format!("{list}[{}]", number - before);
            true
        });
    }
    brief.commitments.retain(|one| !one.what.is_empty());
    brief.open_questions.retain(|one| !one.question.is_empty());
}

/// High: stated, every quote verbatim, nothing found. Medium: something to look at. Low: a blocking finding, a quote
/// that was only close, a conflict, or nothing stated (there is nothing to be sure of).
fn rate(brief: &mut Brief, found: &[(&'static str, Found)]) {
    for answer in &mut brief.fields {
        let about = found.iter().filter(|(_, one)| one.field == answer.name);
        let is_low = |check: &str, severity: Severity| {
            severity == Severity::Block || check == "quotes_are_verbatim" && severity == Severity::Warn
        };
        let lowest = about.map(|(check, one)| match one.severity {
            severity if is_low(check, severity) => Confidence::Low,
            // A repaired unit number leaves the quote verbatim.
            Severity::Info if *check == "quotes_are_verbatim" => Confidence::High,
            _ => Confidence::Medium,
        });
        answer.confidence = match answer.status {
            FieldStatus::Stated => lowest.min().unwrap_or(Confidence::High),
            FieldStatus::NotStated | FieldStatus::Conflicting => Confidence::Low,
        };
    }
}

/// The longest a line of [`Reviewed::correctable`] may be, in characters.
const LINE_LENGTH: usize = 200;

fn correctable(found: &[(&'static str, Found)]) -> Vec<String> {
    let mut mendable: Vec<&(&str, Found)> = found.iter().filter(|(_, one)| one.severity >= Severity::Warn).collect();
    // A correction has room for some of them.
    mendable.sort_by_key(|(_, one)| std::cmp::Reverse(one.severity));
    let mut lines: Vec<String> = Vec::new();
    for (_, one) in mendable {
        let Some(place) = &one.place else { continue };
        let line: String = mask(&format!("{place}: {}", one.message)).chars().take(LINE_LENGTH).collect();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

pub(super) fn finding(check: &str, found: Found) -> Finding {
    Finding {
        check: check.to_owned(),
        severity: found.severity,
        field: Some(found.field).filter(|field| !field.is_empty()),
        message: mask(&harmless(&found.message)).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Severity, correctable};

    #[test]
    fn what_blocks_goes_back_to_the_model_before_what_warns() {
        let found = |severity, n: usize| ("check", Found::new(severity, "f", format!("finding {n}")).mend_at("fields.f"));
        let mut all: Vec<(&str, Found)> = (0..200).map(|n| found(Severity::Warn, n)).collect();
        all.push(found(Severity::Info, 200));
        all.push(found(Severity::Block, 201));
        all.push(("check", Found::new(Severity::Block, "f", "nothing a model can mend")));
        let lines = correctable(&all);
        assert_eq!(lines.len(), 201, "{lines:?}");
        assert_eq!(lines[..2], ["fields.f: finding 201", "fields.f: finding 0"]);
    }
}
