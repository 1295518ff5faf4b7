//! [`by_worth`]: which units to keep when not all fit.

use super::cues::CueMatcher;
use super::excerpt::Unit;
use crate::domain::contract::{Contract, Field, Required};
use crate::domain::event::Side;

/// Indices of the units, the most worth keeping first: for each field of the contract the unit that most likely
/// answers it, required fields before others; then all by their score.
pub(super) fn by_worth(units: &[Unit], contract: &Contract) -> Vec<usize> {
    let hits: Vec<(&Field, Vec<usize>)> = contract.fields.iter().map(|field| (field, field_hits(field, units))).collect();
    let axes: Vec<String> = contract.axes.iter().flat_map(|axis| &axis.labels).flat_map(|label| label.cues.clone()).collect();
    let scores = scores(units, &hits, &CueMatcher::new(&axes));
    let better = |a: &usize, b: &usize| scores[*b].total_cmp(&scores[*a]).then(b.cmp(a));

    let mut ranked: Vec<usize> = Vec::with_capacity(units.len());
    for wanted in [Required::Ready, Required::No] {
        for (_, hits) in hits.iter().filter(|(field, _)| field.required == wanted) {
            let best = (0..units.len()).filter(|n| hits[*n] > 0).min_by(|a, b| hits[*b].cmp(&hits[*a]).then(better(a, b)));
            ranked.extend(best);
        }
    }
    let mut rest: Vec<usize> = (0..units.len()).collect();
    rest.sort_by(better);
    ranked.extend(rest);
    let mut seen = vec![false; units.len()];
    ranked.retain(|n| !std::mem::replace(&mut seen[*n], true));
    ranked
}

/// Hits of a field's cues in each unit; said by the right side they count double.
fn field_hits(field: &Field, units: &[Unit]) -> Vec<usize> {
    let labels = field.choices.iter().flat_map(|choice| choice.cues.clone());
    let matcher = CueMatcher::new(&field.cues.iter().cloned().chain(labels).collect::<Vec<_>>());
    let side = |unit: &Unit| if field.stated_by.is_some_and(|side| side == unit.side) { 2 } else { 1 };
    units.iter().map(|unit| matcher.count(&unit.text).min(3) * side(unit)).collect()
}

fn scores(units: &[Unit], hits: &[(&Field, Vec<usize>)], axes: &CueMatcher) -> Vec<f64> {
    let count = units.len().max(1) as f64;
    let own: Vec<f64> = units
        .iter()
        .enumerate()
        .map(|(n, unit)| {
            let fields: usize =
                hits.iter().map(|(field, hits)| hits[n] * if field.required == Required::Ready { 3 } else { 2 }).sum();
            let has_figures = usize::from(unit.text.bytes().any(|byte| byte.is_ascii_digit()));
            let is_customers = usize::from(unit.side == Side::Customer);
            // Units are in order of time.
            let recency = n as f64 / count;
            (fields + axes.count(&unit.text).min(3) + has_figures * 2 + is_customers) as f64 + recency
        })
        .collect();
    // An answer often has none of the words of its question.
    let from_before = |n: usize| if n > 0 && units[n - 1].source == units[n].source { own[n - 1] / 3.0 } else { 0.0 };
    (0..units.len()).map(|n| own[n] + from_before(n)).collect()
}
