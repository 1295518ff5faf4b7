//! A claim's "$49 a year" where the sources say it is a month.

use super::saying::Saying;
use super::{Parting, Strength};
use crate::domain::mention::{self, MoneyMention};
use crate::qa::index::for_each_word;

/// Amounts of a claim that the sources give with another currency or for another period wherever they stand.
pub(in crate::qa) fn other_prices(saying: &Saying<'_, '_>) -> Vec<Parting> {
    mention::money(saying.text).iter().filter_map(|own| parting(saying, own)).collect()
}

fn parting(saying: &Saying<'_, '_>, own: &MoneyMention) -> Option<Parting> {
    let claimed = &saying.text[own.span.start..own.span.end];
    let mut digits = None;
    for_each_word(claimed, |word, _| {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            digits = Some(word.to_owned());
        }
    });
    let places: Vec<usize> = saying.sources.index().sentences_with(&digits?).iter().map(|place| *place as usize).collect();
    let given = places.iter().flat_map(|place| {
        let all = mention::money(saying.sources.sentence(*place)).into_iter();
        all.filter(|one| one.amount == own.amount).map(|one| (*place, one))
    });
    let given: Vec<(usize, MoneyMention)> = given.collect();
    let (sentence, _) = given.first()?;
    let differs = |one: &MoneyMention| {
        let other_period = own.period.zip(one.period).is_some_and(|(own, given)| own != given);
        let other_currency = own.currency.as_ref().zip(one.currency.as_ref()).is_some_and(|(own, given)| own != given);
        other_period || other_currency
    };
    let message = format!("\"{claimed}\": the passages give that amount in another currency or for another period");
    given.iter().all(|(_, one)| differs(one)).then_some(Parting { sentence: Some(*sentence), strength: Strength::Plain, message })
}

#[cfg(test)]
mod tests {
    use super::other_prices;
    use crate::qa::claim::{Saying, Sources};

    fn count(claim: &str) -> usize {
        let source = "It costs $1,490 per month. Setup is 300 euros, or 300 if you like.";
        other_prices(&Saying::new(claim, &Sources::of([(source, None)]))).len()
    }

    #[test]
    fn a_price_for_another_period_or_in_another_currency_is_found() {
        assert_eq!(count("They pay $1,490 a year."), 1);
        assert_eq!(count("They pay 1,490 euros a month."), 1);
    }

    #[test]
    fn what_one_of_the_two_leaves_out_is_no_difference() {
        assert_eq!(count("They pay $1,490."), 0);
        assert_eq!(count("They pay $1,490 monthly, and 300 euros once."), 0);
        assert_eq!(count("They pay $77 a year."), 0, "numbers that stand nowhere are another check's");
    }
}
