//! The names that conditions of a contract refer to.

use super::{Axis, Field};
use crate::domain::condition::Condition;
use crate::domain::value::FieldType;

/// What conditions may refer to.
pub(super) struct Names<'a> {
    pub(super) fields: &'a [Field],
    pub(super) axes: &'a [Axis],
}

impl Names<'_> {
    pub(super) fn check(&self, condition: &Condition) -> Result<(), String> {
        match condition {
            Condition::Always | Condition::NoCommitmentIsHedged => Ok(()),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().try_for_each(|part| self.check(part)),
            Condition::FieldIsStated(name) | Condition::FieldIsMissing(name) => self.field(name).map(drop),
            Condition::FieldIsFresh(name) => match self.field(name)?.stale_after_days {
                Some(_) => Ok(()),
                None => Err(format!("field `{name}` has no `stale_after_days`; without it every answer is fresh")),
            },
            Condition::FieldIs(name, choice) => {
                let field = self.field(name)?;
                known(choice, field.choices.iter().map(|label| label.name.as_str()), "choice")
            }
            Condition::FieldIsAtLeast(name, _) => self.field_of(name, &[FieldType::Money, FieldType::Number]),
            Condition::FieldHasDate(name) => self.field_of(name, &[FieldType::Date, FieldType::Commitment]),
            Condition::FieldHasOwner(name) => self.field_of(name, &[FieldType::Commitment]),
            Condition::AxisIs(name, label) | Condition::AxisIsNot(name, label) => {
                let axis = self.axes.iter().find(|axis| &axis.name == name);
                let Some(axis) = axis else {
                    return known(name, self.axes.iter().map(|axis| axis.name.as_str()), "axis");
                };
                known(label, axis.labels.iter().map(|label| label.name.as_str()), "label")
            }
        }
    }

    fn field(&self, name: &str) -> Result<&Field, String> {
        let found = self.fields.iter().find(|field| field.name == name);
        found.ok_or_else(|| unknown(name, self.fields.iter().map(|field| field.name.as_str()), "field"))
    }

    fn field_of(&self, name: &str, types: &[FieldType]) -> Result<(), String> {
        match types.contains(&self.field(name)?.field_type) {
            true => Ok(()),
            false => {
                Err(format!("field `{name}` has the wrong type for this condition; it needs one of {types:?}").to_lowercase())
            }
        }
    }
}

fn known<'a>(name: &str, mut all: impl Iterator<Item = &'a str> + Clone, what: &str) -> Result<(), String> {
    match all.clone().any(|one| one == name) {
        true => Ok(()),
        false => Err(unknown(name, &mut all, what)),
    }
}

fn unknown<'a>(name: &str, all: impl Iterator<Item = &'a str>, what: &str) -> String {
    format!("there is no {what} `{name}`; there are: {}", all.collect::<Vec<_>>().join(", "))
}
