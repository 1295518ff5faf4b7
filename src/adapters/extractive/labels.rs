//! Labels of the category axes.

use super::answer::Quote;
use super::cues::{Hit, Owner};
use super::measure::{self, Measured};
use super::saying::{Manner, Saying};
use crate::domain::contract::Axis;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;

/// A label, if one applies, with its quote.
pub(super) struct Labelled {
    pub label: Option<String>,
    pub quotes: Vec<Quote>,
}

/// Labels one axis: cues add up, the customer's words and the later ones weigh more; no cue, no label.
pub(super) fn label(position: usize, axis: &Axis, sayings: &[Saying<'_>], measured: &Measured) -> Labelled {
    let mut votes = vec![Vote::default(); axis.labels.len()];
    for (index, saying) in sayings.iter().enumerate() {
        let latest = index as f32 / sayings.len().max(1) as f32;
        for (label, strength) in labels_in(position, axis, saying) {
            let strength = strength * side_weight(saying) * (0.9 + 0.3 * latest);
            votes[label].add(index, strength);
        }
    }
    if let Some((label, quote)) = measure::label(axis, measured) {
        let saying = sayings.iter().position(|saying| saying.unit.n == quote.unit && saying.text == quote.words);
        votes[label].add(saying.unwrap_or(0), MEASURED);
    }
    let best = votes.iter().enumerate().filter(|(_, vote)| vote.sum > 0.0).max_by(|a, b| a.1.sum.total_cmp(&b.1.sum));
    match best {
        Some((label, vote)) => {
            Labelled { label: Some(axis.labels[label].name.clone()), quotes: vec![Quote::of(&sayings[vote.best_saying])] }
        }
        None => Labelled { label: None, quotes: Vec::new() },
    }
}

/// What a measure is worth: more than any one phrase.
const MEASURED: f32 = 2.0;

#[derive(Clone, Default)]
struct Vote {
    sum: f32,
    best: f32,
    best_saying: usize,
}

impl Vote {
    fn add(&mut self, saying: usize, strength: f32) {
        self.sum += strength;
        if strength >= self.best {
            (self.best, self.best_saying) = (strength, saying);
        }
    }
}

fn labels_in(position: usize, axis: &Axis, saying: &Saying<'_>) -> Vec<(usize, f32)> {
    match saying.manner {
        // What shows in the customer's words is not decided by ours.
        _ if axis.stated_by.is_some_and(|side| ![side, Side::Unknown].contains(&saying.side())) && !saying.reports() => {
            return Vec::new();
        }
        Manner::Orders | Manner::Heads | Manner::Supposes => return Vec::new(),
        Manner::Asks if saying.side() != Side::Customer => return Vec::new(),
        Manner::Asks | Manner::States | Manner::LeavesOpen => {}
    }
    let mut found: Vec<(usize, f32)> = saying
        .hits
        .iter()
        .filter(|hit| !saying.denies(hit) && !is_due_date(saying, hit))
        .filter_map(|hit| match hit.owner {
            Owner::Label { axis, label } if axis == position => Some((label, hit.weight())),
            Owner::Label { .. } | Owner::Field(_) | Owner::Choice { .. } => None,
        })
        .collect();
    found.extend(named_by_record(axis, saying));
    found
}

/// "I'll send it by Friday": the day of a promise says nothing about the handoff.
fn is_due_date(saying: &Saying<'_>, hit: &Hit) -> bool {
    mention::commitment_strength(saying.text).is_some()
        && mention::dates(saying.text, saying.said_on()).iter().any(|date| date.span.start < hit.end && hit.start < date.span.end)
}

/// A record field with the axis's name and a label's name as its value.
fn named_by_record(axis: &Axis, saying: &Saying<'_>) -> Option<(usize, f32)> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], " ").trim().to_owned();
    let title = saying.unit.title.as_deref().filter(|_| saying.unit.source_type == SourceType::CrmSnapshot)?;
    let value = saying.text.rsplit(':').next().unwrap_or(saying.text);
    let label = axis.labels.iter().position(|label| plain(&label.name) == plain(value))?;
    (plain(title) == plain(&axis.name)).then_some((label, 1.0))
}

fn side_weight(saying: &Saying<'_>) -> f32 {
    match (saying.unit.source_type, saying.side()) {
        (SourceType::CrmSnapshot, _) => 0.4,
        (_, Side::Customer) => 1.0,
        (_, Side::Unknown) => 0.7,
        (_, Side::Ours) => 0.5,
    }
}
