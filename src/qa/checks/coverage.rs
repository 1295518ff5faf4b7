//! `commitments_are_complete` and `important_parts_are_covered`: what the next owner would miss.

use super::{Context, Found, claims, commitment_name, inside};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Firmness, Severity, Span};
use crate::domain::event::SourceType;
use crate::domain::mention;
use crate::domain::value::{Value, says_nothing};
use crate::qa::facts::{Mentions, all_numbers, same};

pub(super) fn commitments_are_complete(_: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for (i, promise) in brief.commitments.iter().enumerate() {
        let part = commitment_name(i);
        if promise.who.as_deref().is_none_or(says_nothing) {
            found.push(Found::new(Severity::Warn, &part, "nobody is named who promised it").mend_at(format!("{part}.who")));
        }
        if says_nothing(&promise.what) {
            found.push(Found::new(Severity::Warn, &part, "it does not say what was promised").mend_at(format!("{part}.what")));
        }
        if promise.due.is_none() {
            found.push(Found::new(Severity::Warn, &part, "no day was agreed; ask for one"));
        }
    }
    found
}

/// More would be noise: a brief is no transcript.
const AT_MOST: usize = 5;

/// Amounts, days and firm promises in sentences that nothing in the brief quotes or repeats.
pub(super) fn important_parts_are_covered(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let known = Known::of(brief);
    let mut found = Vec::new();
    for (position, unit) in context.excerpt.units().iter().enumerate() {
        if unit.source_type == SourceType::CrmSnapshot {
            continue;
        }
        let quoted = known.quoted(unit);
        let mentions = &context.facts().mentions[position];
        for sentence in context.index().sentences_of(position).iter().map(|sentence| sentence.span) {
            let text = &unit.text[sentence.start..sentence.end];
            if quoted.iter().any(|quote| touch(*quote, sentence)) || text.ends_with('?') {
                continue;
            }
            found.extend(known.misses(mentions, sentence, text).map(|(severity, what)| {
                Found::new(severity, &unit.source, format!("unit {} has {what} that the brief does not mention", unit.n))
            }));
        }
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found.truncate(AT_MOST);
    found
}

fn touch(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// What the brief holds.
struct Known<'a> {
    evidence: Vec<&'a Evidence>,
    numbers: Vec<f64>,
    days: Vec<jiff::civil::Date>,
}

impl<'a> Known<'a> {
    fn of(brief: &'a Brief) -> Self {
        let fields = brief.fields.iter().flat_map(|one| &one.evidence).chain(brief.axes.iter().flat_map(|one| &one.evidence));
        let promises = brief.commitments.iter().flat_map(|one| &one.evidence);
        let questions = brief.open_questions.iter().flat_map(|one| &one.evidence);
        let values = || brief.fields.iter().flat_map(|one| one.value.iter().chain(&one.alternatives));
        let mut numbers: Vec<f64> = values().flat_map(value_numbers).flatten().collect();
        numbers.extend(claims(brief).iter().flat_map(|claim| all_numbers(claim.text)));
        let days = values().filter_map(Value::date).chain(brief.commitments.iter().filter_map(|one| one.due)).collect();
        Self { evidence: fields.chain(promises).chain(questions).collect(), numbers, days }
    }

    fn quoted(&self, unit: &Unit) -> Vec<Span> {
        self.evidence.iter().filter(|one| one.unit == unit.n).filter_map(|one| inside(unit, one.span?)).collect()
    }

    /// The most important thing of a sentence that the brief lacks.
    fn misses(&self, mentions: &Mentions, sentence: Span, text: &str) -> Option<(Severity, &'static str)> {
        let within = |span: Span| sentence.start <= span.start && span.end <= sentence.end;
        let mut money = mentions.money.iter().filter(|one| within(one.span));
        if money.any(|one| !self.numbers.iter().any(|number| same(*number, one.amount))) {
            return Some((Severity::Warn, "an amount of money"));
        }
        let mut days = mentions.dates.iter().filter(|one| within(one.span) && one.exact).filter_map(|one| one.date);
        let missing_day = days.any(|day| !self.days.contains(&day));
        if missing_day && mention::commitment_strength(text) == Some(Firmness::Firm) {
            return Some((Severity::Warn, "a dated promise"));
        }
        missing_day.then_some((Severity::Info, "a day"))
    }
}

fn value_numbers(value: &Value) -> [Option<f64>; 2] {
    match value {
        Value::Money { amount, up_to, .. } | Value::Duration { amount, up_to, .. } => [Some(*amount), *up_to],
        Value::Number { number, up_to, .. } => [Some(*number), *up_to],
        Value::Text { .. } | Value::Date { .. } | Value::Person { .. } | Value::Choice { .. } => [None, None],
        Value::List { .. } | Value::Commitment { .. } => [None, None],
    }
}

#[cfg(test)]
mod tests {
    use super::touch;
    use crate::domain::brief::Span;

    #[test]
    fn neighbouring_spans_do_not_touch() {
        let span = |start, end| Span { start, end };
        assert!(touch(span(0, 5), span(4, 9)));
        assert!(!touch(span(0, 4), span(4, 9)));
    }
}
