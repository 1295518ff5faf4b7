//! [`by_worth`]: which units to keep when not all fit.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::cues::CueMatcher;
use super::excerpt::Unit;
use super::signals::{Signal, Signals, signals};
use crate::domain::contract::{Axis, Contract, Field, Required};
use crate::domain::event::Side;
use crate::domain::value::FieldType;

/// Indices of the units, the most worth keeping first: those that hold what the contract looks for, then what every
/// handoff lives on (promises, decisions, amounts, days, objections, open questions), what the customer said, what was
/// said last, and what is said nowhere else.
pub(super) fn by_worth(units: &[Unit], contract: &Contract) -> Vec<usize> {
    let signs: Vec<Signals> = (0..units.len()).map(|n| signs(units, n)).collect();
    let mut wants = cue_wants(units, contract, &signs);
    wants.extend(signal_wants(units, &signs));
    let mut scores = scores(units, &wants);
    let best: BTreeSet<usize> = wants.iter().filter_map(|want| want.best(&scores)).collect();
    best.into_iter().for_each(|n| scores[n] += BEST);
    let mut ranked: Vec<usize> = (0..units.len()).collect();
    // The last bits of a logarithm differ between machines. Of two that are equal the newer.
    ranked.sort_by_key(|n| std::cmp::Reverse(((scores[*n] * 1e6).round() as i64, *n)));
    ranked
}

/// What the best unit for something gains. This and all weights below were measured: on the quotes of the bundled handoffs'
/// answers, the same among real talk, and single sentences in long synthetic calls.
const BEST: f64 = 2.0;

/// One thing a brief wants: how much each unit that serves it gains.
struct Want {
    gains: Vec<(usize, f64)>,
}

impl Want {
    fn of(units: &[Unit], gain: impl Fn(usize) -> f64) -> Self {
        Self { gains: (0..units.len()).map(|n| (n, gain(n))).filter(|(_, gain)| *gain > 0.0).collect() }
    }

    /// The unit that gains most; of those the one with the best score.
    fn best(&self, scores: &[f64]) -> Option<usize> {
        let worth = |(n, gain): &(usize, f64)| (*gain, scores[*n], *n);
        self.gains.iter().map(worth).max_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal)).map(|(.., n)| n)
    }
}

/// Signals of a unit. A question that the next message of its source takes up is answered.
fn signs(units: &[Unit], n: usize) -> Signals {
    let (found, unit) = (signals(&units[n].text), &units[n]);
    let takes_up = |next: &Unit| next.source == unit.source && next.message != unit.message;
    match units.get(n + 1).is_some_and(|next| takes_up(next) && next.text.len() > unit.text.len() / 4) {
        true => found.without(Signal::Question),
        false => found,
    }
}

/// Fields, then axes, by their cues.
fn cue_wants(units: &[Unit], contract: &Contract, signs: &[Signals]) -> Vec<Want> {
    let of_field = |field: &Field| {
        let labels = field.choices.iter().flat_map(|choice| choice.cues.clone());
        CueMatcher::new(&field.cues.iter().cloned().chain(labels).collect::<Vec<_>>())
    };
    let of_axis = |axis: &Axis| CueMatcher::new(&axis.labels.iter().flat_map(|label| label.cues.clone()).collect::<Vec<_>>());
    let matchers: Vec<CueMatcher> = contract.fields.iter().map(of_field).chain(contract.axes.iter().map(of_axis)).collect();
    // More than two hits say no more than two.
    let few = |hits: Vec<usize>| hits.into_iter().map(|hits| if hits < 2 { hits as u8 } else { 2 }).collect::<Vec<u8>>();
    let hits: Vec<Vec<u8>> = units.iter().map(|unit| few(CueMatcher::counts(&matchers, &unit.text))).collect();
    let fields = contract.fields.iter().enumerate().map(|(position, field)| {
        let weight = if field.required == Required::Ready { 1.5 } else { 1.0 };
        Want::of(units, |n| weight * field_gain(field, &units[n], hits[n][position], signs[n]))
    });
    let axes = (contract.fields.len()..matchers.len()).map(|position| Want::of(units, |n| 0.5 * f64::from(hits[n][position])));
    fields.chain(axes).collect()
}

/// A cue, from the right side, beside a value of the right type.
fn field_gain(field: &Field, unit: &Unit, hits: u8, signs: Signals) -> f64 {
    if hits == 0 {
        return 0.0;
    }
    let by_right_side = field.stated_by.is_some_and(|side| side == unit.side);
    let has_value = match field.field_type {
        FieldType::Money => signs.has(Signal::Amount),
        FieldType::Number | FieldType::Duration => signs.has(Signal::Figure),
        FieldType::Date => signs.has(Signal::Day),
        FieldType::Commitment => signs.has(Signal::Promise),
        FieldType::Text | FieldType::Person | FieldType::Choice | FieldType::List => false,
    };
    f64::from(hits) + if by_right_side { 1.0 } else { 0.0 } + if has_value { 2.0 } else { 0.0 }
}

/// What our side objects to and asks is not what the next owner has to know.
fn signal_wants(units: &[Unit], signs: &[Signals]) -> Vec<Want> {
    let gain = |signal: Signal| match signal {
        Signal::Amount => 2.0,
        Signal::Day | Signal::Promise | Signal::Decision | Signal::Objection => 1.5,
        Signal::Figure | Signal::Question => 1.0,
    };
    let counts = |signal: Signal, side: Side| side != Side::Ours || !matches!(signal, Signal::Objection | Signal::Question);
    let want = |signal: Signal| {
        let holds = |n: usize| signs[n].has(signal) && counts(signal, units[n].side);
        Want::of(units, |n| if holds(n) { gain(signal) } else { 0.0 })
    };
    Signal::ALL.into_iter().map(want).collect()
}

/// What a unit takes over from the score of the one before it: an answer often has none of the words of its question.
const FROM_BEFORE: f64 = 0.2;
/// The most that rare words are worth.
const RARITY: f64 = 4.0;

fn scores(units: &[Unit], wants: &[Want]) -> Vec<f64> {
    let count = units.len().max(1) as f64;
    let side = |unit: &Unit| if unit.side == Side::Customer { 1.0 } else { 0.0 };
    // Units are in order of time.
    let mut own: Vec<f64> = units.iter().enumerate().map(|(n, unit)| side(unit) + n as f64 / count).collect();
    wants.iter().flat_map(|want| &want.gains).for_each(|(n, gain)| own[*n] += gain);
    own.iter_mut().zip(rarity(units)).for_each(|(own, rarity)| *own += RARITY * rarity);
    let from_before = |n: usize| if n > 0 && units[n - 1].source == units[n].source { own[n - 1] * FROM_BEFORE } else { 0.0 };
    let mut scores: Vec<f64> = (0..units.len()).map(|n| (own[n] + from_before(n)) / room(&units[n])).collect();
    // What the same side says again in the same words is kept once, where it was said last.
    let mut said = HashSet::new();
    for n in (0..units.len()).rev() {
        if !said.insert((units[n].side == Side::Customer, units[n].text.as_str())) {
            scores[n] = 0.0;
        }
    }
    scores
}

/// What a long unit takes away from others, weakly: it also says more.
fn room(unit: &Unit) -> f64 {
    let bytes = f64::from(u32::try_from(unit.text.len()).unwrap_or(u32::MAX));
    (bytes + 80.0).sqrt().sqrt()
}

/// Fewer words than these make a text rare only in part.
const WORDS: usize = 4;

/// How rare the words of each unit are among all units: 1 if nobody else uses them, 0 if everybody does.
fn rarity(units: &[Unit]) -> Vec<f64> {
    let mut used_by = HashMap::<u64, u32>::new();
    units.iter().flat_map(|unit| words(&unit.text)).for_each(|word| *used_by.entry(word).or_default() += 1);
    let everybody = f64::from(u32::try_from(units.len()).unwrap_or(u32::MAX)).ln().max(1.0);
    let rare = |word: &u64| 1.0 - used_by.get(word).map_or(0.0, |count| f64::from(*count).ln() / everybody);
    let of_unit = |unit: &Unit| {
        let words = words(&unit.text);
        words.iter().map(rare).sum::<f64>() / words.len().max(WORDS) as f64
    };
    units.iter().map(of_unit).collect()
}

/// The different words of more than three bytes, whatever their case, as hashes.
fn words(text: &str) -> Vec<u64> {
    let hash = |word: &str| {
        let mut hasher = DefaultHasher::new();
        word.chars().flat_map(char::to_lowercase).for_each(|c| c.hash(&mut hasher));
        hasher.finish()
    };
    let mut words: Vec<u64> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).map(hash).collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::by_worth;
    use crate::context::Unit;
    use crate::context::fitting::units;
    use crate::context::testing::{gather, source};
    use crate::domain::contract::Contract;
    use crate::domain::event::SourceType::CallTranscript;

    fn call(lines: &str) -> Vec<Unit> {
        units(&gather(vec![source("call", CallTranscript, lines)]))
    }

    fn ranked(lines: &str) -> Vec<String> {
        let contract = Contract::parse(include_str!("../../contracts/sdr_to_ae.toml"), "sdr_to_ae.toml").unwrap();
        let units = call(lines);
        by_worth(&units, &contract).into_iter().map(|n| units[n].text.clone()).collect()
    }

    #[test]
    fn an_amount_beside_a_cue_goes_before_the_cue_alone_and_that_before_talk() {
        let ranked = ranked(
            "B: Thanks for that.\nA: The budget page is over there.\nB: And the weather is nice over here.\nA: Our budget is 45k a year.\n",
        );
        assert_eq!(ranked[0], "Our budget is 45k a year.");
        assert_eq!(ranked[1], "The budget page is over there.");
    }

    #[test]
    fn what_is_said_again_in_the_same_words_is_kept_once_where_it_was_said_last() {
        let again = "We agreed on 45k a year.";
        let lines = format!("A: {again}\nB: Fine weather today.\nA: {again}\nB: Nice.\n");
        let contract = Contract::parse(include_str!("../../contracts/sdr_to_ae.toml"), "sdr_to_ae.toml").unwrap();
        let ranks = by_worth(&call(&lines), &contract);
        assert_eq!((ranks[0], ranks[3]), (2, 0));
    }

    #[test]
    fn a_question_that_was_taken_up_is_worth_less_than_one_that_was_not() {
        let (taken_up, open) = ("Who signs on your side then?", "Who trains our people then?");
        let ranked = ranked(&format!("B: {taken_up}\nA: Our board does, all of them together.\nB: {open}\n"));
        let place = |text: &str| ranked.iter().position(|ranked| ranked == text);
        assert!(place(open) < place(taken_up), "{ranked:?}");
    }
}
