//! What was planted and what was found.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Kind;
use super::errors::{Planted, Sort};
use super::subject::Subject;
use crate::domain::brief::{Brief, FieldStatus, Finding, Severity};
use crate::qa;

/// All numbers of one measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// Right briefs.
    pub briefs: usize,
    /// Their answers, labels, promises, open questions and headlines.
    pub parts: usize,
    /// One for each of [`Kind::ALL`].
    pub kinds: Vec<KindLine>,
    /// In the order in which they run.
    pub checks: Vec<CheckLine>,
    /// What is said about right briefs and should not be.
    pub false_alarms: Vec<Alarm>,
    pub missed: Vec<Missed>,
}

/// Errors of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct KindLine {
    pub kind: Kind,
    #[serde(flatten)]
    pub all: Counts,
    /// By form of the error.
    pub forms: BTreeMap<&'static str, Counts>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub planted: usize,
    /// By a warning or more.
    pub found: usize,
    pub blocked: usize,
}

impl Counts {
    /// Share that was found, 0 to 1; `None` if nothing was planted.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.planted)
    }

    fn add(&mut self, other: Self) {
        self.planted += other.planted;
        self.found += other.found;
        self.blocked += other.blocked;
    }
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckLine {
    pub check: &'static str,
    /// The worst it may say.
    pub severity: Severity,
    /// What it says about wrong briefs and not about the right ones, warnings at least.
    pub findings: usize,
    /// Of these, about the part that is wrong.
    pub right: usize,
    /// What it says about right briefs, warnings at least.
    pub false_alarms: usize,
    /// It speaks of the handoff: its findings about wrong briefs are not counted.
    pub is_about_handoff: bool,
}

impl CheckLine {
    /// Share of its findings that are right, 0 to 1.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.findings)
    }
}

/// A finding about a right brief.
#[derive(Debug, Clone, Serialize)]
pub struct Alarm {
    pub case: String,
    pub finding: Finding,
}

/// A planted error that no check found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missed {
    pub kind: Kind,
    pub form: &'static str,
    pub case: String,
    pub part: String,
    /// What is written there instead of what is right.
    pub wrong: String,
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn share(some: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| some as f64 / all as f64)
}

#[derive(Default)]
pub(super) struct Tally {
    briefs: usize,
    parts: usize,
    forms: BTreeMap<Sort, Counts>,
    /// Findings, and right ones, by check.
    checks: BTreeMap<String, (usize, usize)>,
    false_alarms: Vec<Alarm>,
    missed: Vec<Missed>,
}

impl Tally {
    /// Counts a right brief. The result is what is said about it.
    pub(super) fn right(&mut self, subject: &Subject<'_>) -> Vec<Finding> {
        self.briefs += 1;
        self.parts += subject.parts();
        let mut known = subject.review(&subject.brief);
        known.retain(|finding| finding.severity >= Severity::Warn);
        let case = &subject.case.name;
        let wrong = known.iter().filter(|finding| !is_right(&subject.brief, finding));
        self.false_alarms.extend(wrong.map(|finding| Alarm { case: case.clone(), finding: finding.clone() }));
        known
    }

    pub(super) fn wrong(&mut self, subject: &Subject<'_>, known: &[Finding], planted: &Planted) {
        let mut alarms = subject.review(&planted.brief);
        alarms.retain(|finding| finding.severity >= Severity::Warn && !is_about_handoff(&finding.check));
        let counts = self.forms.entry(planted.sort).or_default();
        let one = |is: bool| usize::from(is);
        let mut worst = None;
        for finding in alarms.iter().filter(|finding| !known.contains(finding)) {
            // Of a promise that was taken out the finding names the list.
            let list = planted.part.split('[').next();
            let is_right = finding.field.as_ref() == Some(&planted.part) || finding.field.as_deref() == list;
            let (findings, right) = self.checks.entry(finding.check.clone()).or_default();
            (*findings, *right) = (*findings + 1, *right + one(is_right));
            worst = worst.max(is_right.then_some(finding.severity));
        }
        counts.add(Counts { planted: 1, found: one(worst.is_some()), blocked: one(worst == Some(Severity::Block)) });
        if worst.is_none() {
            let (kind, form) = planted.sort;
            let (case, part) = (subject.case.name.clone(), planted.part.clone());
            self.missed.push(Missed { kind, form, case, part, wrong: difference(&subject.brief, &planted.brief) });
        }
    }

    pub(super) fn measured(mut self) -> Measured {
        self.missed.sort();
        let checks = qa::checks().map(|(check, severity)| self.check(check, severity)).collect();
        Measured {
            briefs: self.briefs,
            parts: self.parts,
            kinds: Kind::ALL.into_iter().map(|kind| self.kind(kind)).collect(),
            checks,
            false_alarms: self.false_alarms,
            missed: self.missed,
        }
    }

    fn kind(&self, kind: Kind) -> KindLine {
        let forms = self.forms.iter().filter(|((own, _), _)| *own == kind);
        let forms: BTreeMap<&'static str, Counts> = forms.map(|((_, form), counts)| (*form, *counts)).collect();
        let mut all = Counts::default();
        forms.values().for_each(|counts| all.add(*counts));
        KindLine { kind, all, forms }
    }

    fn check(&self, check: &'static str, severity: Severity) -> CheckLine {
        let (findings, right) = self.checks.get(check).copied().unwrap_or_default();
        let false_alarms = self.false_alarms.iter().filter(|alarm| alarm.finding.check == check).count();
        CheckLine { check, severity, findings, right, false_alarms, is_about_handoff: is_about_handoff(check) }
    }
}

/// What one brief has where the other has something else, with some of what stands around it.
fn difference(right: &Brief, wrong: &Brief) -> String {
    let json = |brief: &Brief| serde_json::to_string(brief).unwrap_or_default();
    let (right, wrong) = (json(right), json(wrong));
    let same = |(a, b): &(char, char)| a == b;
    let start = right.chars().zip(wrong.chars()).take_while(same).count();
    let end = right.chars().rev().zip(wrong.chars().rev()).take_while(same).count();
    let count = wrong.chars().count();
    let from = start.min(count.saturating_sub(end)).saturating_sub(30);
    wrong.chars().skip(from).take(count.saturating_sub(end + from).clamp(60, 150)).collect()
}

/// Says what the next owner has to ask, or looks for: an error in a part of the brief is not its to find.
fn is_about_handoff(check: &str) -> bool {
    const ABOUT_HANDOFF: [&str; 4] =
        ["required_fields_are_stated", "rules_hold", "commitments_are_complete", "important_parts_are_covered"];
    ABOUT_HANDOFF.contains(&check)
}

/// True of a right brief too: what nobody said, and where the sources disagree and the brief says so.
fn is_right(brief: &Brief, finding: &Finding) -> bool {
    let is_conflict = || {
        let answer = finding.field.as_deref().and_then(|name| brief.field(name));
        answer.is_some_and(|answer| answer.status == FieldStatus::Conflicting)
    };
    match finding.check.as_str() {
        "required_fields_are_stated" | "rules_hold" | "commitments_are_complete" => true,
        "sources_agree" => is_conflict(),
        _ => false,
    }
}
