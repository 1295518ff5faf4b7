//! Errors in fields and labels.

use super::Kind::{InventedQuote, Label, QuoteFromElsewhere};
use super::errors::{Field, elsewhere, invented, says, shares_half};
use super::{texts, values};
use crate::domain::brief::{AxisAnswer, AxisLabel, FieldAnswer, FieldStatus};
use crate::domain::contract;
use crate::domain::value::Value;

pub(super) fn plant(field: &mut Field<'_>) {
    let brief = &field.subject.brief;
    for (i, answer) in brief.fields.iter().enumerate() {
        match &answer.value {
            Some(value) => {
                plant_in_value(field, i, answer, value);
                plant_in_quotes(field, i, answer, value);
            }
            None if answer.status == FieldStatus::NotStated => plant_value(field, i, answer),
            None => {}
        }
    }
    for (i, answer) in brief.axes.iter().enumerate() {
        plant_in_axis(field, i, answer);
    }
}

fn plant_in_value(field: &mut Field<'_>, i: usize, answer: &FieldAnswer, value: &Value) {
    for (sort, other) in values::wrong(field.subject, answer, value) {
        field.plant(sort, &answer.name, |brief| brief.fields[i].value = Some(other));
    }
}

fn plant_in_quotes(field: &mut Field<'_>, i: usize, answer: &FieldAnswer, value: &Value) {
    let part = &answer.name;
    if let Some(quote) = invented(field.subject, part, &answer.evidence) {
        field.plant((InventedQuote, "of a field"), part, |brief| brief.fields[i].evidence = quote);
    }
    if let Some(quote) = elsewhere(field.subject, part, &answer.evidence, |passage| says(passage, value)) {
        field.plant((QuoteFromElsewhere, "of a field"), part, |brief| brief.fields[i].evidence = quote);
    }
}

/// Where nobody stated anything.
fn plant_value(field: &mut Field<'_>, i: usize, answer: &FieldAnswer) {
    let Some(value) = values::made_up(field.subject, &answer.name) else { return };
    let Some(evidence) = elsewhere(field.subject, &answer.name, &[], |passage| says(passage, &value)) else { return };
    field.plant((QuoteFromElsewhere, "value where nothing was stated"), &answer.name, |brief| {
        let answer = &mut brief.fields[i];
        (answer.status, answer.value, answer.evidence) = (FieldStatus::Stated, Some(value), evidence);
    });
}

fn plant_in_axis(field: &mut Field<'_>, i: usize, answer: &AxisAnswer) {
    let AxisLabel::Label(right) = &answer.label else { return };
    let subject = field.subject;
    let labels: &[contract::Label] = subject.contract.axis(&answer.name).map_or(&[], |axis| &axis.labels);
    let part = &answer.name;
    for other in labels.iter().filter(|label| label.name != *right) {
        field.plant((Label, "another label"), part, |brief| brief.axes[i].label = AxisLabel::Label(other.name.clone()));
    }
    let unknown = AxisLabel::Label("very_high".to_owned());
    field.plant((Label, "label that the contract does not know"), part, |brief| brief.axes[i].label = unknown);
    field.plant((Label, "label without a quote"), part, |brief| brief.axes[i].evidence.clear());
    if let Some(quote) = invented(subject, part, &answer.evidence) {
        field.plant((InventedQuote, "of a label"), part, |brief| brief.axes[i].evidence = quote);
    }
    let cues: Vec<&str> =
        labels.iter().filter(|label| label.name == *right).flat_map(|label| &label.cues).map(|cue| texts::bare(cue)).collect();
    let says_it = |passage: &str| {
        let lower = passage.to_lowercase();
        cues.iter().any(|cue| lower.contains(cue)) || answer.evidence.iter().any(|one| shares_half(passage, &one.quote))
    };
    if let Some(quote) = elsewhere(subject, part, &answer.evidence, says_it) {
        field.plant((QuoteFromElsewhere, "of a label"), part, |brief| brief.axes[i].evidence = quote);
    }
}
