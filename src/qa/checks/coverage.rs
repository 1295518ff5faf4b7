//! `commitments_are_complete` and `important_parts_are_covered`: what the next owner would miss.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{Context, Found, claims, commitment_name, inside, said_on};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Firmness, Severity, Span};
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::{FieldType, Value, says_nothing};
use crate::qa::facts::{all_numbers, same};

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

/// Sentences worth reading for amounts and days of the calendar: reading every sentence would cost more than all
/// other checks together.
static MAY_NAME_MONEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[$€£¥]|[0-9] ?[kK]|,000|(?i-u:usd|eur|gbp|chf|dollar|pound|thousand|million|grand)")
        .expect("a pattern that is part of the program")
});
static MAY_NAME_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)[0-9](?:st|nd|rd|th)|[0-9][./-][0-9]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
        .expect("a pattern that is part of the program")
});

/// More would be noise: a brief is no transcript.
const AT_MOST: usize = 5;

/// Amounts, days and firm promises in sentences that nothing in the brief quotes or repeats.
pub(super) fn important_parts_are_covered(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let known = Known::of(context, brief);
    let mut found = Vec::new();
    for (position, unit) in context.excerpt.units().iter().enumerate() {
        if unit.source_type == SourceType::CrmSnapshot || context.gives_orders(position) {
            continue;
        }
        let quoted = known.quoted(unit);
        for sentence in context.index().sentences_of(position).iter().map(|sentence| sentence.span) {
            let text = &unit.text[sentence.start..sentence.end];
            if quoted.iter().any(|quote| touch(*quote, sentence)) || text.ends_with('?') {
                continue;
            }
            found.extend(known.misses(context, unit, text).map(|(severity, what)| {
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
    brief: &'a Brief,
    evidence: Vec<&'a Evidence>,
    numbers: Vec<f64>,
    days: Vec<Date>,
}

impl<'a> Known<'a> {
    fn of(context: &Context<'_>, brief: &'a Brief) -> Self {
        let fields = brief.fields.iter().flat_map(|one| &one.evidence).chain(brief.axes.iter().flat_map(|one| &one.evidence));
        let promises = brief.commitments.iter().flat_map(|one| &one.evidence);
        let questions = brief.open_questions.iter().flat_map(|one| &one.evidence);
        let values = || brief.fields.iter().flat_map(|one| one.value.iter().chain(&one.alternatives));
        let mut numbers: Vec<f64> = values().flat_map(value_numbers).flatten().collect();
        numbers.extend(claims(brief).iter().flat_map(|claim| all_numbers(claim.text, &context.quantities(claim.text))));
        let days = values().filter_map(Value::date).chain(brief.commitments.iter().filter_map(|one| one.due)).collect();
        Self { brief, evidence: fields.chain(promises).chain(questions).collect(), numbers, days }
    }

    fn quoted(&self, unit: &Unit) -> Vec<Span> {
        self.evidence.iter().filter(|one| one.unit == unit.n).filter_map(|one| inside(unit, one.span?)).collect()
    }

    /// Whether a field for money that this unit's side may fill has no answer, or only an older one. An amount from
    /// before the answer is an old quote.
    fn lacks_money_from(&self, context: &Context<'_>, unit: &Unit) -> bool {
        let open = |name: &str| {
            let newest = self.brief.field(name).and_then(|answer| answer.evidence.iter().map(|one| (one.at, one.unit)).max());
            newest.is_none_or(|newest| newest < (unit.at, unit.n))
        };
        let fields = context.contract.fields.iter().filter(|field| field.field_type == FieldType::Money);
        let mut fields =
            fields.filter(|field| field.stated_by.is_none_or(|side| side == unit.side || unit.side == Side::Unknown));
        fields.any(|field| open(&field.name))
    }

    /// The most important thing of a sentence that the brief lacks.
    fn misses(&self, context: &Context<'_>, unit: &Unit, text: &str) -> Option<(Severity, &'static str)> {
        if MAY_NAME_MONEY.is_match(text) {
            let mut money = mention::money(text).into_iter();
            if money.any(|one| !self.numbers.iter().any(|number| same(*number, one.amount))) {
                let severity = if self.lacks_money_from(context, unit) { Severity::Warn } else { Severity::Info };
                return Some((severity, "an amount of money"));
            }
        }
        if !MAY_NAME_DAY.is_match(text) {
            return None;
        }
        let days = mention::dates(text, said_on(unit.at));
        let missing_day = days.iter().filter(|one| one.exact).filter_map(|one| one.date).any(|day| !self.days.contains(&day));
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
