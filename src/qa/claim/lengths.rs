//! A claim's "three weeks" where the sources speak of two.

use super::Parting;
use super::saying::Saying;
use crate::domain::mention::{self, DurationMention};
use crate::domain::value::DurationUnit;
use crate::qa::calendar::length_in_base;
use crate::qa::index::stem;

/// Lengths of time of a claim that no passage gives, while some give others in the same unit.
pub(in crate::qa) fn other_lengths(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let own = mention::durations(saying.text);
    // "A week" is also "each week" and "one of these weeks".
    own.iter().filter(|one| one.amount > 1.0).filter_map(|one| parting(saying, one)).collect()
}

fn parting(saying: &Saying<'_, '_>, own: &DurationMention) -> Option<Parting> {
    let mut other = None;
    for sentence in sentences_with(saying, own.unit) {
        for given in mention::durations(saying.sources.sentence(sentence)) {
            let (wanted, _) = length_in_base(own.amount, own.unit);
            let ends = [Some(given.amount), given.up_to].into_iter().flatten().map(|amount| length_in_base(amount, given.unit));
            if ends.into_iter().any(|(amount, base)| base == length_in_base(0.0, own.unit).1 && (amount - wanted).abs() < 1e-6) {
                return None;
            }
            if given.unit == own.unit && given.amount > 1.0 && other.is_none() {
                other = Some(sentence);
            }
        }
    }
    let claimed = &saying.text[own.span.start..own.span.end];
    let message = format!("\"{claimed}\": the passages give other lengths of time");
    Some(Parting { sentence: Some(other?), message })
}

/// The sentences that name a unit that can be counted in the given one.
fn sentences_with(saying: &Saying<'_, '_>, unit: DurationUnit) -> Vec<usize> {
    let (_, base) = length_in_base(1.0, unit);
    let words = UNITS.iter().filter(|(unit, _)| length_in_base(1.0, *unit).1 == base).flat_map(|(_, words)| words.iter());
    let index = saying.sources.index();
    let mut all: Vec<usize> = words.flat_map(|word| index.sentences_with(stem(word))).map(|place| *place as usize).collect();
    all.sort_unstable();
    all.dedup();
    all
}

const UNITS: [(DurationUnit, &[&str]); 7] = [
    (DurationUnit::Minute, &["minute", "min", "mins"]),
    (DurationUnit::Hour, &["hour", "hr", "hrs"]),
    (DurationUnit::Day, &["day", "days"]),
    (DurationUnit::Week, &["week", "wk", "wks"]),
    (DurationUnit::Month, &["month", "mos", "mths"]),
    (DurationUnit::Quarter, &["quarter", "qtr"]),
    (DurationUnit::Year, &["year", "yr", "yrs"]),
];

#[cfg(test)]
mod tests {
    use super::other_lengths;
    use crate::qa::claim::{Saying, Sources};

    fn count(claim: &str) -> usize {
        let source = "The trial takes two weeks, the contract a year, and support answers within 48 hours.";
        other_lengths(&Saying::new(claim, &Sources::of([(source, None)]))).len()
    }

    #[test]
    fn another_length_of_time_in_the_same_unit_is_found() {
        assert_eq!(count("The trial takes three weeks."), 1);
        assert_eq!(count("Support answers within 72 hours."), 1);
    }

    #[test]
    fn the_same_length_in_another_unit_is_none() {
        assert_eq!(count("The two week trial lasts 14 days, the contract 12 months."), 0);
        assert_eq!(count("They met a week ago and waited five months."), 0, "the source gives no such length");
    }
}
