//! `commitments_are_complete` and `important_parts_are_covered`: what the next owner would miss.

use std::cell::OnceCell;

use jiff::civil::Date;

use super::agreement::{fits, lower_has_cue, sentences_with_cue};
use super::notable::{self, Notable, What};
use super::{Claim, ClaimKind, Context, Found, claims, commitment_name};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, FieldStatus, Severity, Span};
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::{FieldType, Value, says_nothing};
use crate::qa::facts::{all_numbers, same};
use crate::qa::index::content_words;

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

/// Amounts, days, promises, objections and unanswered questions in sentences that nothing in the brief quotes or
/// repeats. What weighs most comes first, and the same thing said twice is told once.
pub(super) fn important_parts_are_covered(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let known = Known::of(context, brief);
    let mut missing: Vec<(Severity, &Unit, Notable)> = Vec::new();
    for (position, unit) in context.excerpt.units().iter().enumerate() {
        if unit.source_type == SourceType::CrmSnapshot || context.gives_orders(position) {
            continue;
        }
        let quoted = known.quoted(unit);
        for sentence in context.index().sentences_of(position).iter().map(|sentence| sentence.span) {
            if quoted.iter().any(|quote| touch(*quote, sentence)) {
                continue;
            }
            for one in notable::notable(context, position, sentence) {
                let is_told = missing.iter().any(|(_, _, other)| other.is_same(&one));
                // Who is quoted in the same breath has had his say; figures and questions count by themselves.
                let is_heard = one.is_said_in_a_breath() && !quoted.is_empty();
                let text = &unit.text[sentence.start..sentence.end];
                if !is_told
                    && !is_heard
                    && let Some(severity) = known.misses(context, unit, text, &one)
                {
                    missing.push((severity, unit, one));
                    break;
                }
            }
        }
    }
    let mut found: Vec<Found> = unheard_choices(context, brief);
    missing.sort_by_key(|(severity, _, one)| (std::cmp::Reverse(*severity), one.what));
    missing.truncate(AT_MOST);
    found.extend(missing.into_iter().map(|(severity, unit, one)| {
        Found::new(severity, &unit.source, format!("unit {} has {} that the brief does not mention", unit.n, one.what.name()))
    }));
    found.truncate(AT_MOST);
    found
}

/// Choices that a sentence names in the contract's words, of fields that the brief says nobody stated.
fn unheard_choices(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let is_open = |name: &str| brief.field(name).is_none_or(|answer| answer.status == FieldStatus::NotStated);
    let fields = context.contract.fields.iter().filter(|field| !field.choices.is_empty() && is_open(&field.name));
    let heard = fields.filter_map(|field| {
        let cues = field.choices.iter().flat_map(|choice| &choice.cues);
        let mut units = cues.flat_map(|cue| sentences_with_cue(context, cue).into_iter().map(move |number| (cue, number)));
        let (_, number) = units.find(|(cue, number)| {
            let (text, sentence) = (context.sentence(*number as usize), &context.index().sentences[*number as usize]);
            let unit = &context.excerpt.units()[sentence.passage];
            // "No budget" denies in itself what "not a budget question" denies.
            let denies = mention::is_negated(text) && !mention::is_negated(cue);
            let is_order = context.gives_orders(sentence.passage);
            fits(unit, field.stated_by) && !text.ends_with('?') && !mention::is_hedged(text) && !denies && !is_order
        })?;
        let unit = &context.excerpt.units()[context.index().sentences[number as usize].passage];
        Some(Found::new(
            Severity::Info,
            &field.name,
            format!("unit {} may answer it, and the brief says that nobody did", unit.n),
        ))
    });
    heard.collect()
}

fn touch(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// What the brief holds.
struct Known<'a> {
    brief: &'a Brief,
    evidence: Vec<&'a Evidence>,
    claims: Vec<Claim<'a>>,
    numbers: Vec<f64>,
    days: Vec<Date>,
    /// The words of each claim: asked for only where a sentence is notable for its words.
    words: OnceCell<Vec<Vec<String>>>,
}

impl<'a> Known<'a> {
    fn of(context: &Context<'_>, brief: &'a Brief) -> Self {
        let fields = brief.fields.iter().flat_map(|one| &one.evidence).chain(brief.axes.iter().flat_map(|one| &one.evidence));
        let promises = brief.commitments.iter().flat_map(|one| &one.evidence);
        let questions = brief.open_questions.iter().flat_map(|one| &one.evidence);
        let claims = claims(brief);
        let values = || brief.fields.iter().flat_map(|one| one.value.iter().chain(&one.alternatives));
        let mut numbers: Vec<f64> = values().flat_map(value_numbers).flatten().collect();
        numbers.extend(claims.iter().flat_map(|claim| all_numbers(claim.text, &context.quantities(claim.text))));
        let days = values().filter_map(Value::date).chain(brief.commitments.iter().filter_map(|one| one.due)).collect();
        let evidence = fields.chain(promises).chain(questions).collect();
        Self { brief, evidence, claims, numbers, days, words: OnceCell::new() }
    }

    /// What is quoted of a unit, also by a quote that runs over its ends.
    fn quoted(&self, unit: &Unit) -> Vec<Span> {
        let spans = self.evidence.iter().filter(|one| one.source == unit.source).filter_map(|one| one.span);
        let own = spans.filter(|span| touch(*span, unit.span));
        own.map(|span| Span {
            start: span.start.saturating_sub(unit.span.start),
            end: span.end.min(unit.span.end) - unit.span.start,
        })
        .collect()
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

    /// How bad it is that the brief lacks it; `None` if it does not.
    fn misses(&self, context: &Context<'_>, unit: &Unit, sentence: &str, one: &Notable) -> Option<Severity> {
        let has_day = || one.days.iter().all(|day| self.days.contains(day));
        match one.what {
            What::Money => {
                let lacks = one.amounts.iter().any(|amount| !self.numbers.iter().any(|number| same(*number, *amount)));
                lacks.then(|| if self.lacks_money_from(context, unit) { Severity::Warn } else { Severity::Info })
            }
            What::DatedPromise => (!has_day()).then_some(Severity::Warn),
            What::Day => (!has_day()).then_some(Severity::Info),
            What::Objection if self.says_there_is_none(context, sentence) => Some(Severity::Warn),
            What::Objection | What::Promise => (!self.speaks_of(sentence)).then_some(Severity::Info),
            What::Question => (!self.asks(sentence)).then_some(Severity::Info),
        }
    }

    /// Whether a field that asks for such sentences has no answer at all.
    fn says_there_is_none(&self, context: &Context<'_>, sentence: &str) -> bool {
        let is_open = |name: &str| self.brief.field(name).is_none_or(|answer| answer.status == FieldStatus::NotStated);
        let lower = sentence.to_lowercase();
        let mut asking = context.contract.fields.iter().filter(|field| field.cues.iter().any(|cue| lower_has_cue(&lower, cue)));
        asking.next().is_some_and(|field| is_open(&field.name) && asking.all(|field| is_open(&field.name)))
            && !self.speaks_of(sentence)
    }

    /// Whether a claim shares most of its words, or of the sentence's, with a sentence.
    fn speaks_of(&self, sentence: &str) -> bool {
        let words = content_words(sentence);
        self.words().iter().any(|claim| shares_most(&words, claim))
    }

    /// Whether an open question or a promise to find out does. That a field names what is asked about answers nothing.
    fn asks(&self, sentence: &str) -> bool {
        let words = content_words(sentence);
        let is_asking = |claim: &Claim<'_>| claim.kind == ClaimKind::Question || claim.part.starts_with("commitments");
        self.claims.iter().zip(self.words()).any(|(claim, own)| is_asking(claim) && shares_most(&words, own))
    }

    fn words(&self) -> &[Vec<String>] {
        self.words.get_or_init(|| self.claims.iter().map(|claim| content_words(claim.text)).collect())
    }
}

/// Whether two sets of sorted words share three of five of the smaller one.
fn shares_most(a: &[String], b: &[String]) -> bool {
    let shared = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
    shared >= 1 && shared * 5 >= a.len().min(b.len()) * 3
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
