//! A claim's "$49 a year" where the sources say it is a month.

use super::Parting;
use super::saying::Saying;
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
    let differs = |place: usize, one: &MoneyMention| {
        let other_period = own.period.zip(one.period).is_some_and(|(own, given)| own != given);
        let given = (saying.sources.sentence(place), one);
        other_period || !is_same_currency((saying.text, own), given)
    };
    let message = format!("\"{claimed}\": the passages give that amount in another currency or for another period");
    given.iter().all(|(place, one)| differs(*place, one)).then_some(Parting { sentence: Some(*sentence), message })
}

/// Whether both may be in the same currency; a plain dollar is one of any country's.
fn is_same_currency(own: (&str, &MoneyMention), given: (&str, &MoneyMention)) -> bool {
    let Some((a, b)) = own.1.currency.as_deref().zip(given.1.currency.as_deref()) else { return true };
    let is_dollar = |code: &str| matches!(code, "USD" | "CAD" | "AUD" | "NZD" | "HKD" | "SGD");
    let is_plain = |(text, one): (&str, &MoneyMention)| {
        let lower = text[one.span.start..one.span.end].to_lowercase();
        one.currency.as_deref() == Some("USD") && !["us", "u.s"].iter().any(|country| lower.contains(country))
    };
    a == b || is_dollar(a) && is_dollar(b) && (is_plain(own) || is_plain(given))
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

    #[test]
    fn a_plain_dollar_may_be_any_countrys() {
        let source = "Essential is CAD 2,340 per month, the Australian office pays A$990, the office in Ohio USD 870.";
        let count = |claim: &str| other_prices(&Saying::new(claim, &Sources::of([(source, None)]))).len();
        for same in ["$2,340 a month", "2,340 dollars monthly", "$2,340 Canadian", "C$2,340", "$990", "$870", "870 bucks"] {
            assert_eq!(count(&format!("They pay {same}.")), 0, "{same}");
        }
        for other in ["US$ 2,340", "USD 990", "€870", "£2,340", "C$990"] {
            assert_eq!(count(&format!("They pay {other}.")), 1, "{other}");
        }
    }
}
