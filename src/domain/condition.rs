//! The small language of exit rules and routes.
//!
//! `always` · `field NAME is stated` · `field NAME is missing` · `field NAME is fresh` · `field NAME is CHOICE` ·
//! `field NAME is at least NUMBER` · `field NAME has a date` · `field NAME has an owner` ·
//! `axis NAME is LABEL` · `axis NAME is not LABEL` · `no commitment is hedged`, joined by `and` or by `or`.

use serde::{Serialize, Serializer};

use super::brief::{AxisLabel, Brief, Evidence, FieldStatus, Firmness};
use super::value::Value;

/// A condition on a brief.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Always,
    FieldIsStated(String),
    FieldIsMissing(String),
    FieldIsFresh(String),
    FieldIs(String, String),
    FieldIsAtLeast(String, f64),
    FieldHasDate(String),
    FieldHasOwner(String),
    AxisIs(String, String),
    AxisIsNot(String, String),
    NoCommitmentIsHedged,
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

const FORMS: &str = "write `field NAME is stated`, `is missing`, `is fresh`, `is CHOICE`, `is at least NUMBER`, `has a date`, `has an owner`, \
    `axis NAME is LABEL`, `is not LABEL`, `no commitment is hedged` or `always`, joined by `and` or by `or`";

impl Condition {
    /// Reads a condition. The error says what can be written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let split = |joint: &str| words.split(|word| *word == joint).map(Self::parse_one).collect::<Result<Vec<_>, _>>();
        match (words.contains(&"and"), words.contains(&"or")) {
            (true, true) => Err("`and` and `or` cannot be mixed in one condition; write two rules".to_owned()),
            (true, false) => split("and").map(Self::All),
            (false, true) => split("or").map(Self::Any),
            (false, false) => Self::parse_one(&words),
        }
    }

    fn parse_one(words: &[&str]) -> Result<Self, String> {
        let own = |name: &str| name.to_owned();
        Ok(match words {
            ["always"] => Self::Always,
            ["field", name, "is", "stated"] => Self::FieldIsStated(own(name)),
            ["field", name, "is", "missing"] => Self::FieldIsMissing(own(name)),
            ["field", name, "is", "fresh"] => Self::FieldIsFresh(own(name)),
            ["field", name, "is", "at", "least", number] => {
                let number = number.parse().map_err(|_| format!("`{number}` is not a number"))?;
                Self::FieldIsAtLeast(own(name), number)
            }
            ["field", name, "is", choice] => Self::FieldIs(own(name), own(choice)),
            ["field", name, "has", "a", "date"] => Self::FieldHasDate(own(name)),
            ["field", name, "has", "an", "owner"] => Self::FieldHasOwner(own(name)),
            ["axis", name, "is", "not", label] => Self::AxisIsNot(own(name), own(label)),
            ["axis", name, "is", label] => Self::AxisIs(own(name), own(label)),
            ["no", "commitment", "is", "hedged"] => Self::NoCommitmentIsHedged,
            _ => return Err(format!("`{}` is no condition; {FORMS}", words.join(" "))),
        })
    }

    /// Whether the condition holds for a brief. What is not stated fulfils nothing but `is missing` and `is not`.
    pub fn holds(&self, brief: &Brief) -> bool {
        let value = |name: &str| brief.field(name).and_then(|answer| answer.value.as_ref());
        let has_label = |name: &str, label: &str| {
            brief.axis(name).is_some_and(|answer| matches!(&answer.label, AxisLabel::Label(found) if found == label))
        };
        match self {
            Self::Always => true,
            Self::FieldIsStated(name) => value(name).is_some(),
            Self::FieldIsMissing(name) => brief.field(name).is_none_or(|answer| answer.status == FieldStatus::NotStated),
            Self::FieldIsFresh(name) => brief.field(name).is_some_and(|answer| answer.value.is_some() && !answer.stale),
            Self::FieldIs(name, wanted) => matches!(value(name), Some(Value::Choice { choice }) if choice == wanted),
            Self::FieldIsAtLeast(name, least) => match value(name) {
                Some(Value::Money { amount, .. }) => amount >= least,
                Some(Value::Number { number, .. }) => number >= least,
                _ => false,
            },
            Self::FieldHasDate(name) => value(name).and_then(Value::date).is_some(),
            Self::FieldHasOwner(name) => matches!(value(name), Some(Value::Commitment { who: Some(_), .. })),
            Self::AxisIs(name, label) => has_label(name, label),
            Self::AxisIsNot(name, label) => !has_label(name, label),
            Self::NoCommitmentIsHedged => brief.commitments.iter().all(|promise| promise.firmness != Firmness::Hedged),
            Self::All(parts) => parts.iter().all(|part| part.holds(brief)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(brief)),
        }
    }
}

/// What a condition fails on.
#[derive(Debug, Default, PartialEq)]
pub struct Failing<'a> {
    /// Names of fields and axes.
    pub names: Vec<&'a str>,
    /// What was said for them, and for hedged commitments.
    pub evidence: Vec<&'a Evidence>,
}

impl Condition {
    /// What the parts speak of that do not hold; nothing for a condition that holds.
    pub fn failing<'a>(&'a self, brief: &'a Brief) -> Failing<'a> {
        let mut failing = Failing::default();
        self.collect_failing(brief, &mut failing);
        failing
    }

    fn collect_failing<'a>(&'a self, brief: &'a Brief, failing: &mut Failing<'a>) {
        if self.holds(brief) {
            return;
        }
        let (name, evidence) = match self {
            Self::Always => return,
            Self::All(parts) | Self::Any(parts) => return parts.iter().for_each(|part| part.collect_failing(brief, failing)),
            Self::NoCommitmentIsHedged => {
                let hedged = brief.commitments.iter().filter(|promise| promise.firmness == Firmness::Hedged);
                return failing.evidence.extend(hedged.flat_map(|promise| &promise.evidence));
            }
            Self::FieldIsStated(name)
            | Self::FieldIsMissing(name)
            | Self::FieldIsFresh(name)
            | Self::FieldIs(name, _)
            | Self::FieldIsAtLeast(name, _)
            | Self::FieldHasDate(name)
            | Self::FieldHasOwner(name) => (name, brief.field(name).map(|answer| &answer.evidence)),
            Self::AxisIs(name, _) | Self::AxisIsNot(name, _) => (name, brief.axis(name).map(|answer| &answer.evidence)),
        };
        if !failing.names.contains(&name.as_str()) {
            failing.names.push(name);
            failing.evidence.extend(evidence.into_iter().flatten());
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |parts: &[Self], joint: &str| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(joint);
        match self {
            Self::Always => out.write_str("always"),
            Self::FieldIsStated(name) => write!(out, "field {name} is stated"),
            Self::FieldIsMissing(name) => write!(out, "field {name} is missing"),
            Self::FieldIsFresh(name) => write!(out, "field {name} is fresh"),
            Self::FieldIs(name, choice) => write!(out, "field {name} is {choice}"),
            Self::FieldIsAtLeast(name, least) => write!(out, "field {name} is at least {least}"),
            Self::FieldHasDate(name) => write!(out, "field {name} has a date"),
            Self::FieldHasOwner(name) => write!(out, "field {name} has an owner"),
            Self::AxisIs(name, label) => write!(out, "axis {name} is {label}"),
            Self::AxisIsNot(name, label) => write!(out, "axis {name} is not {label}"),
            Self::NoCommitmentIsHedged => out.write_str("no commitment is hedged"),
            Self::All(parts) => out.write_str(&joined(parts, " and ")),
            Self::Any(parts) => out.write_str(&joined(parts, " or ")),
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn every_form_reads_back_as_it_was_written() {
        for text in [
            "always",
            "field budget is stated",
            "field budget is missing",
            "field budget is fresh",
            "field consent is given",
            "field seats is at least 50",
            "field next_step has a date",
            "field next_step has an owner",
            "axis urgency is high",
            "axis urgency is not high",
            "no commitment is hedged",
            "field a is stated and field b is stated",
            "axis a is x or axis a is y or always",
        ] {
            assert_eq!(Condition::parse(text).unwrap().to_string(), text);
        }
        assert!(Condition::parse("always and always or always").is_err());
        assert!(Condition::parse("budget > 3").is_err());
    }
}
