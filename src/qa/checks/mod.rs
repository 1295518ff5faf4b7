//! The table of checks. A check is a plain function over a [`Context`] and is named by the sentence that is true
//! when it passes; the order of the table is the order in which they run.
//!
//! A check may block only where false alarms are rare: what paraphrasing can set off only warns.

mod agreement;
mod alignment;
mod carried;
mod carrier;
mod correction;
mod coverage;
mod days;
mod displaced;
mod foreign;
mod freshness;
mod grounding;
mod headlined;
mod holders;
mod labels;
mod leaks;
mod locating;
mod modality;
mod negation;
mod notable;
mod orders;
mod people;
mod polarity;
mod promiser;
mod quoted;
mod quotes;
mod relevance;
mod same_value;
mod secrets;
mod speakers;
mod strangers;
mod stretch;
mod taking_back;
mod texts;
mod thresholds;
mod units;
mod values;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::carrier::Carrier;
use super::claim::Sources;
use super::facts::Facts;
use super::index::Index;
use super::normal::Normal;
use crate::context::{Excerpt, Unit};
use crate::domain::brief::{Brief, Evidence, Severity, Span};
use crate::domain::contract::Contract;
use crate::domain::event::Side;
use crate::domain::mention::{self, Quantities};
use crate::domain::value::Value;

use self::foreign::Reading;
pub(super) use foreign::worst;
pub(super) use grounding::{days_not_in, names_not_in, numbers_not_in, times_not_in};
#[cfg(test)]
pub(super) use leaks::gives_orders;
pub(super) use secrets::mask;

/// A row of the table.
pub(super) struct Check {
    /// The sentence that is true when it passes.
    pub(super) name: &'static str,
    /// The worst it may say.
    pub(super) at_worst: Severity,
    pub(super) run: Run,
}

/// Most checks only look; a few also mend the brief: they set spans, take out what must not stand, mark conflicts.
pub(super) enum Run {
    Looks(fn(&Context<'_>, &Brief) -> Vec<Found>),
    Mends(fn(&Context<'_>, &mut Brief) -> Vec<Found>),
    /// Nothing to run here: a second model is asked about the reviewed brief, if the settings say so.
    Judged,
}

/// What a check has found, before it is tied to the check's name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) severity: Severity,
    /// The field, axis or commitment it is about, in the words of `Part::name`.
    pub(super) field: String,
    pub(super) message: String,
    /// The JSON place of what a model can mend; `None`: not the model's to mend.
    pub(super) place: Option<String>,
}

impl Found {
    pub(super) fn new(severity: Severity, field: &str, message: impl Into<String>) -> Self {
        Self { severity, field: field.to_owned(), message: message.into(), place: None }
    }

    /// The same, for a model to mend at `place` of its reply.
    pub(super) fn mend_at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

use Run::{Judged, Looks, Mends};

/// Every check, in the order they run. `quotes_are_verbatim` sets the spans that later checks rely on;
/// `no_secrets` comes last so that nothing written after it can show what it masked.
pub(super) const CHECKS: &[Check] = &[
    Check { name: "quotes_are_verbatim", at_worst: Severity::Block, run: Mends(quotes::quotes_are_verbatim) },
    Check { name: "no_instructions_leak", at_worst: Severity::Warn, run: Mends(leaks::no_instructions_leak) },
    Check { name: "texts_are_carried", at_worst: Severity::Warn, run: Mends(carried::texts_are_carried) },
    Check { name: "labels_are_allowed", at_worst: Severity::Block, run: Mends(labels::labels_are_allowed) },
    Check { name: "labels_have_evidence", at_worst: Severity::Warn, run: Looks(labels::labels_have_evidence) },
    Check { name: "labels_fit_their_quotes", at_worst: Severity::Warn, run: Looks(labels::labels_fit_their_quotes) },
    Check { name: "quotes_support_values", at_worst: Severity::Block, run: Looks(values::quotes_support_values) },
    Check { name: "quotes_speak_of_answers", at_worst: Severity::Warn, run: Looks(relevance::quotes_speak_of_answers) },
    Check { name: "numbers_are_grounded", at_worst: Severity::Block, run: Looks(grounding::numbers_are_grounded) },
    Check { name: "units_fit_their_numbers", at_worst: Severity::Warn, run: Looks(units::units_fit_their_numbers) },
    Check { name: "dates_are_grounded", at_worst: Severity::Block, run: Looks(grounding::dates_are_grounded) },
    Check { name: "names_are_grounded", at_worst: Severity::Warn, run: Looks(grounding::names_are_grounded) },
    Check { name: "people_fit_their_quotes", at_worst: Severity::Block, run: Looks(people::people_fit_their_quotes) },
    Check { name: "hedges_agree", at_worst: Severity::Block, run: Looks(modality::hedges_agree) },
    Check { name: "negations_agree", at_worst: Severity::Warn, run: Looks(negation::negations_agree) },
    Check { name: "claims_are_covered", at_worst: Severity::Info, run: Looks(grounding::claims_are_covered) },
    Check { name: "speakers_are_right", at_worst: Severity::Block, run: Looks(speakers::speakers_are_right) },
    Check { name: "commitments_are_complete", at_worst: Severity::Warn, run: Looks(coverage::commitments_are_complete) },
    Check { name: "sources_agree", at_worst: Severity::Warn, run: Mends(agreement::sources_agree) },
    Check { name: "answers_are_fresh", at_worst: Severity::Warn, run: Mends(freshness::answers_are_fresh) },
    Check { name: "important_parts_are_covered", at_worst: Severity::Warn, run: Looks(coverage::important_parts_are_covered) },
    Check { name: "no_secrets", at_worst: Severity::Warn, run: Mends(secrets::no_secrets) },
    Check { name: "claims_are_supported", at_worst: Severity::Warn, run: Judged },
];

/// Name of every check and the worst it may say, in the order in which they run.
pub fn checks() -> impl Iterator<Item = (&'static str, Severity)> {
    CHECKS.iter().map(|check| (check.name, check.at_worst))
}

/// How much of a text was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    Nothing,
    Part,
    All,
}

/// What the checks compare a brief with. Everything about the sources is worked out once, when first needed.
pub(super) struct Context<'a> {
    pub(super) excerpt: &'a Excerpt,
    pub(super) contract: &'a Contract,
    normals: Vec<OnceCell<Normal<'a>>>,
    orders: OnceCell<Vec<bool>>,
    sources: Sources<'a>,
    speakers: OnceCell<Vec<(&'a str, Side)>>,
    foreign: OnceCell<Vec<(&'a str, Reading)>>,
    carrier: OnceCell<Carrier>,
    quantities: RefCell<HashMap<String, Rc<Quantities>>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(excerpt: &'a Excerpt, contract: &'a Contract) -> Self {
        let normals = excerpt.units().iter().map(|_| OnceCell::new()).collect();
        Self {
            excerpt,
            contract,
            normals,
            orders: OnceCell::new(),
            sources: Sources::of(excerpt.units().iter().map(|unit| (unit.text.as_str(), said_on(unit.at)))),
            speakers: OnceCell::new(),
            foreign: OnceCell::new(),
            carrier: OnceCell::new(),
            quantities: RefCell::default(),
        }
    }

    /// A unit's text as quotes are compared. `position` counts from 0.
    pub(super) fn normal(&self, position: usize) -> &Normal<'a> {
        self.normals[position].get_or_init(|| Normal::of(&self.excerpt.units()[position].text))
    }

    /// Whether a unit gives orders to a machine. `position` counts from 0.
    pub(super) fn gives_orders(&self, position: usize) -> bool {
        let all = || self.excerpt.units().iter().map(|unit| leaks::gives_orders(&unit.text)).collect();
        self.orders.get_or_init(all)[position]
    }

    /// Everybody who speaks or writes, each name once for each side it stands on.
    pub(super) fn speakers(&self) -> &[(&'a str, Side)] {
        self.speakers.get_or_init(|| {
            let units = self.excerpt.units().iter();
            let mut all: Vec<(&str, Side)> = units.filter_map(|unit| Some((unit.speaker.as_deref()?, unit.side))).collect();
            all.sort_unstable();
            all.dedup();
            all
        })
    }

    /// The sources that are not English, by their ids.
    pub(super) fn foreign_sources(&self) -> &[(&'a str, Reading)] {
        self.foreign.get_or_init(|| foreign::foreign_sources(self))
    }

    /// How a source can be compared with, by its language.
    pub(super) fn reading(&self, source: &str) -> Reading {
        self.foreign_sources().iter().find(|(id, _)| *id == source).map_or(Reading::English, |(_, reading)| *reading)
    }

    /// The quantities of a text of the brief or of what stands around a quote: several checks ask for the same ones.
    pub(super) fn quantities(&self, text: &str) -> Rc<Quantities> {
        if let Some(known) = self.quantities.borrow().get(text) {
            return Rc::clone(known);
        }
        let read = Rc::new(mention::quantities(text));
        self.quantities.borrow_mut().insert(text.to_owned(), Rc::clone(&read));
        read
    }

    pub(super) fn index(&self) -> &Index {
        self.sources.index()
    }

    /// What the words of a claim can rest on.
    pub(super) fn carrier(&self) -> &Carrier {
        self.carrier.get_or_init(|| Carrier::of(self))
    }

    /// Numbers of the sentences of the index that give orders to whoever writes the brief, in order.
    pub(super) fn ordering_sentences(&self) -> Vec<u32> {
        let positions = (0..self.excerpt.units().len()).filter(|position| self.gives_orders(*position));
        let numbers = positions.flat_map(|position| {
            let orders = leaks::orders_in(&self.excerpt.units()[position].text);
            let sentences = (self.index().first_sentence_of(position)..).zip(self.index().sentences_of(position));
            let ordering = sentences.filter(move |(_, sentence)| orders.iter().any(|order| overlap(*order, sentence.span)));
            ordering.map(|(number, _)| number).collect::<Vec<_>>()
        });
        numbers.filter_map(|number| u32::try_from(number).ok()).collect()
    }

    /// Whether a quote lies in a sentence that gives orders to whoever writes the brief.
    pub(super) fn stands_in_order(&self, evidence: &Evidence) -> bool {
        let Some(unit) = self.unit_of(evidence).filter(|unit| self.gives_orders(unit.n as usize - 1)) else { return false };
        let Some(inner) = evidence.span.and_then(|span| inside(unit, span)) else { return false };
        leaks::orders_in(&unit.text).into_iter().any(|order| overlap(order, inner))
    }

    /// The numbers of the first and the last sentence of the index that a quote reaches; of one that runs over several
    /// units, those of the unit it begins in.
    pub(super) fn sentences_of(&self, evidence: &Evidence) -> Option<(u32, u32)> {
        let unit = self.unit_of(evidence)?;
        let inner = evidence.span.map_or(Some(Span { start: 0, end: unit.text.len() }), |span| inside(unit, span))?;
        let position = unit.n as usize - 1;
        let first = self.index().first_sentence_of(position);
        let own = self.index().sentences_of(position).iter().enumerate();
        let mut reached = own.filter(|(_, sentence)| overlap(sentence.span, inner));
        let from = reached.next()?.0;
        let to = reached.next_back().map_or(from, |(at, _)| at);
        Some((u32::try_from(first + from).ok()?, u32::try_from(first + to).ok()?))
    }

    /// The numbers and days of all sources.
    pub(super) fn facts(&self) -> &Facts<'a> {
        self.sources.facts()
    }

    /// The text of one sentence of the index.
    pub(super) fn sentence(&self, number: usize) -> &'a str {
        self.sources.sentence(number)
    }

    pub(super) fn unit_of(&self, evidence: &Evidence) -> Option<&'a Unit> {
        self.excerpt.unit(evidence.unit)
    }

    /// The quote with the rest of the sentences it stands in; the quote alone where it was not found.
    pub(super) fn around<'b>(&self, evidence: &'b Evidence) -> &'b str
    where
        'a: 'b,
    {
        let (Some(unit), Some(span)) = (self.unit_of(evidence), evidence.span) else { return &evidence.quote };
        let Some(inner) = inside(unit, span) else { return &evidence.quote };
        let position = unit.n as usize - 1;
        let whole = self.index().sentences_of(position).iter().map(|sentence| sentence.span);
        let whole = whole.filter(|other| other.start < inner.end && inner.start < other.end);
        let (start, end) = whole.fold((inner.start, inner.end), |(start, end), s| (start.min(s.start), end.max(s.end)));
        &unit.text[start..end]
    }

    /// The day to resolve words of the brief against: it is written after the last thing said.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.excerpt.units().iter().filter_map(|unit| said_on(unit.at)).max()
    }
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// A span of the source's readable text as a range of its unit; `None` if it reaches beyond the unit.
pub(super) fn inside(unit: &Unit, span: Span) -> Option<Span> {
    let start = span.start.checked_sub(unit.span.start)?;
    let end = span.end.checked_sub(unit.span.start)?;
    unit.text.get(start..end).map(|_| Span { start, end })
}

/// The day something was said. UTC: the sources' zones are not known; checks of relative days allow for one day.
pub(super) fn said_on(at: Option<jiff::Timestamp>) -> Option<Date> {
    at.map(|at| at.to_zoned(TimeZone::UTC).date())
}

/// What a piece of free text is: only whole sayings can be compared with what a source denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimKind {
    /// Sums up several passages and has no quotes.
    Headline,
    /// A sentence or two, or what somebody promised.
    Saying,
    /// Of a list: often a bare noun whose field gives it its sense ("photography" among the exclusions).
    Item,
    Question,
}

impl ClaimKind {
    /// What is no question, and rests on quotes of its own.
    pub(super) fn has_quotes(self) -> bool {
        match self {
            Self::Saying | Self::Item => true,
            Self::Headline | Self::Question => false,
        }
    }
}

/// A piece of free text of the brief.
pub(super) struct Claim<'a> {
    pub(super) kind: ClaimKind,
    pub(super) part: String,
    pub(super) place: String,
    pub(super) text: &'a str,
    pub(super) evidence: &'a [Evidence],
}

/// All free text that the engine wrote in its own words.
pub(super) fn claims(brief: &Brief) -> Vec<Claim<'_>> {
    let headline = "headline".to_owned();
    let kind = ClaimKind::Headline;
    let mut claims = vec![Claim { kind, part: headline.clone(), place: headline, text: &brief.headline, evidence: &[] }];
    for answer in &brief.fields {
        let (kind, texts): (ClaimKind, Vec<&str>) = match &answer.value {
            Some(Value::Text { text }) => (ClaimKind::Saying, vec![text]),
            Some(Value::List { items }) => (ClaimKind::Item, items.iter().map(String::as_str).collect()),
            Some(Value::Commitment { what, .. }) => (ClaimKind::Saying, vec![what]),
            Some(Value::Money { .. } | Value::Number { .. } | Value::Date { .. } | Value::Duration { .. })
            | Some(Value::Person { .. } | Value::Choice { .. })
            | None => (ClaimKind::Saying, vec![]),
        };
        claims.extend(texts.into_iter().map(|text| Claim {
            kind,
            part: answer.name.clone(),
            place: format!("fields.{}.value", answer.name),
            text,
            evidence: &answer.evidence,
        }));
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        let part = commitment_name(i);
        claims.push(Claim {
            kind: ClaimKind::Saying,
            place: format!("{part}.what"),
            part,
            text: &promise.what,
            evidence: &promise.evidence,
        });
    }
    for (i, open) in brief.open_questions.iter().enumerate() {
        let part = format!("open_questions[{i}]");
        claims.push(Claim {
            kind: ClaimKind::Question,
            place: format!("{part}.question"),
            part,
            text: &open.question,
            evidence: &open.evidence,
        });
    }
    claims
}

/// How findings name a commitment.
pub(super) fn commitment_name(position: usize) -> String {
    format!("commitments[{position}]")
}

/// Every list of evidence of a brief, with the name of what it belongs to.
pub(super) fn each_evidence(brief: &mut Brief) -> impl Iterator<Item = (String, String, &mut Vec<Evidence>)> {
    let fields = brief.fields.iter_mut().map(|one| (one.name.clone(), format!("fields.{}", one.name), &mut one.evidence));
    let axes = brief.axes.iter_mut().map(|one| (one.name.clone(), format!("axes.{}", one.name), &mut one.evidence));
    let promises = brief.commitments.iter_mut().enumerate();
    let promises = promises.map(|(i, one)| (commitment_name(i), commitment_name(i), &mut one.evidence));
    let questions = brief.open_questions.iter_mut().enumerate();
    let questions = questions.map(|(i, one)| (format!("open_questions[{i}]"), format!("open_questions[{i}]"), &mut one.evidence));
    fields.chain(axes).chain(promises).chain(questions)
}

/// Calls back with every text of a brief that a person will read, quotes included.
pub(super) fn each_text(brief: &mut Brief, mut each: impl FnMut(&mut String)) {
    each(&mut brief.headline);
    for answer in &mut brief.fields {
        answer.value.iter_mut().chain(&mut answer.alternatives).for_each(|value| texts_of_value(value, &mut each));
    }
    for promise in &mut brief.commitments {
        promise.who.iter_mut().chain(&mut promise.to_whom).for_each(&mut each);
        each(&mut promise.what);
    }
    brief.open_questions.iter_mut().for_each(|open| each(&mut open.question));
    for (_, _, evidence) in each_evidence(brief) {
        evidence.iter_mut().for_each(|one| each(&mut one.quote));
    }
}

/// Calls back with every text inside a value.
pub(super) fn texts_of_value(value: &mut Value, each: &mut impl FnMut(&mut String)) {
    match value {
        Value::Text { text } => each(text),
        Value::Money { currency, .. } => currency.iter_mut().for_each(each),
        Value::Number { unit, .. } => unit.iter_mut().for_each(each),
        Value::Date { said, .. } => each(said),
        Value::Duration { .. } => {}
        Value::Person { name, role } => {
            each(name);
            role.iter_mut().for_each(each);
        }
        Value::Choice { choice } => each(choice),
        Value::List { items } => items.iter_mut().for_each(each),
        Value::Commitment { what, who, .. } => {
            each(what);
            who.iter_mut().for_each(each);
        }
    }
}
