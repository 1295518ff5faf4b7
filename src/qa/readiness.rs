//! Whether the next owner can start: required fields, exit rules, and where the record goes.

use super::checks::Found;
use crate::domain::brief::{AskWhom, AxisLabel, Brief, FieldAnswer, FieldStatus, Ground, MissingField, Readiness, Severity};
use crate::domain::contract::{Contract, Otherwise, Required, Rule};

/// What the contract makes of a brief.
pub(super) struct Judgement {
    pub(super) readiness: Readiness,
    pub(super) missing: Vec<MissingField>,
    pub(super) route: Option<String>,
    /// By check name.
    pub(super) found: Vec<(&'static str, Found)>,
}

/// Blocked: a rule that blocks is broken, or sources conflict on something required. Incomplete: something required
/// was not stated, or a rule that asks for more is broken. These findings never hold the brief back: a brief that
/// says what is missing is worth publishing.
pub(super) fn judge(brief: &Brief, contract: &Contract) -> Judgement {
    let missing = missing(brief, contract);
    let mut found: Vec<(&'static str, Found)> = Vec::new();
    for one in &missing {
        found.push((
            "required_fields_are_stated",
            Found::new(Severity::Info, &one.name, format!("not stated; ask: {}", one.question)),
        ));
    }
    let mut grounds: Vec<Ground> = conflicting(brief, contract).map(conflict).collect();
    let mut lacks_something = !missing.is_empty();
    for rule in contract.rules.iter().filter(|rule| !rule.when.holds(brief)) {
        found.push(("rules_hold", Found::new(Severity::Warn, &rule.name, rule.message.clone())));
        match rule.otherwise {
            Otherwise::Block => grounds.push(broken(rule, brief)),
            Otherwise::Incomplete => lacks_something = true,
            Otherwise::Warn => {}
        }
    }
    let readiness = match (grounds.is_empty(), lacks_something) {
        (false, _) => Readiness::Blocked { reasons: grounds.iter().map(|one| one.message.clone()).collect(), grounds },
        (true, true) => Readiness::Incomplete,
        (true, false) => Readiness::Ready,
    };
    let route = contract.routes.iter().find(|route| route.when.holds(brief)).map(|route| route.to.clone());
    Judgement { readiness, missing, route, found }
}

fn missing(brief: &Brief, contract: &Contract) -> Vec<MissingField> {
    let fields = contract.fields.iter().filter(|field| field.required == Required::Ready);
    let fields = fields.filter(|field| brief.field(&field.name).is_none_or(|answer| answer.status == FieldStatus::NotStated));
    let fields = fields.map(|field| MissingField {
        name: field.name.clone(),
        question: field.ask.clone().unwrap_or_else(|| field.describe.clone()),
        ask: field.ask_whom,
    });
    let axes = contract.axes.iter().filter(|axis| axis.required == Required::Ready);
    let is_labelled = |name: &str| brief.axis(name).is_some_and(|answer| matches!(answer.label, AxisLabel::Label(_)));
    let axes = axes.filter(|axis| !is_labelled(&axis.name));
    // An axis has no question of its own: the one who gives the record away can tell.
    let axes =
        axes.map(|axis| MissingField { name: axis.name.clone(), question: axis.describe.clone(), ask: AskWhom::PreviousOwner });
    fields.chain(axes).collect()
}

fn conflicting<'a>(brief: &'a Brief, contract: &'a Contract) -> impl Iterator<Item = &'a FieldAnswer> {
    let required = contract.fields.iter().filter(|field| field.required == Required::Ready);
    required.filter_map(|field| brief.field(&field.name)).filter(|answer| answer.status == FieldStatus::Conflicting)
}

fn conflict(answer: &FieldAnswer) -> Ground {
    Ground {
        rule: None,
        fields: vec![answer.name.clone()],
        message: format!("the sources conflict on `{}`", answer.name),
        evidence: answer.evidence.clone(),
    }
}

fn broken(rule: &Rule, brief: &Brief) -> Ground {
    let failing = rule.when.failing(brief);
    Ground {
        rule: Some(rule.name.clone()),
        fields: failing.names.into_iter().map(str::to_owned).collect(),
        message: rule.message.clone(),
        evidence: failing.evidence.into_iter().cloned().collect(),
    }
}
