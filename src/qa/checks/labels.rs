//! `labels_are_allowed` and `labels_have_evidence`: categories come from the contract and rest on words.

use super::{Context, Found};
use crate::domain::brief::{AxisLabel, Brief, Severity};
use crate::domain::value::Value;

/// A label the contract does not know becomes `failed`: nobody may route on it.
pub(super) fn labels_are_allowed(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in &mut brief.axes {
        let AxisLabel::Label(label) = &answer.label else { continue };
        let labels = context.contract.axis(&answer.name).map_or(&[][..], |axis| &axis.labels);
        if labels.iter().any(|allowed| allowed.name == *label) {
            continue;
        }
        let allowed: Vec<&str> = labels.iter().map(|allowed| allowed.name.as_str()).collect();
        let message = format!("`{label}` is no label of this axis; choose one of {} or none", allowed.join(", "));
        found.push(Found::new(Severity::Block, &answer.name, message).mend_at(format!("axes.{}.label", answer.name)));
        answer.label = AxisLabel::Failed;
    }
    for answer in &brief.fields {
        let (Some(Value::Choice { choice }), Some(field)) = (&answer.value, context.contract.field(&answer.name)) else {
            continue;
        };
        if !field.choices.iter().any(|allowed| allowed.name == *choice) {
            let allowed: Vec<&str> = field.choices.iter().map(|allowed| allowed.name.as_str()).collect();
            let message = format!("`{choice}` is no choice of this field; choose one of {} or not stated", allowed.join(", "));
            found.push(Found::new(Severity::Block, &answer.name, message).mend_at(format!("fields.{}.value", answer.name)));
        }
    }
    found
}

pub(super) fn labels_have_evidence(_: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let labelled = brief.axes.iter().filter(|answer| matches!(answer.label, AxisLabel::Label(_)));
    let bare = labelled.filter(|answer| answer.evidence.iter().all(|one| one.span.is_none()));
    let found = bare.map(|answer| {
        Found::new(Severity::Warn, &answer.name, "the label has no quote that stands in the sources")
            .mend_at(format!("axes.{}.evidence", answer.name))
    });
    found.collect()
}
