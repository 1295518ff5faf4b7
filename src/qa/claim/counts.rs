//! A claim's "five homes" where the sources count four.

use super::saying::Saying;
use super::{Parting, Strength};
use crate::domain::brief::Span;
use crate::domain::mention::{self, NumberMention};
use crate::qa::facts::same;
use crate::qa::index::{for_each_word, is_stop_word, stem};

/// Counts of a claim for which the sources have one other number wherever they count the same.
pub(in crate::qa) fn other_counts(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let money = mention::money(saying.text);
    let is_money = |span: Span| money.iter().any(|one| one.span.start < span.end && span.start < one.span.end);
    let own = mention::numbers(saying.text).into_iter().filter(|one| one.number > 1.0 && one.up_to.is_none());
    let own = own.filter(|one| !is_money(one.span) && !is_part(&saying.text[..one.span.start]));
    own.filter_map(|one| parting(saying, &one)).collect()
}

/// Of some of all, and of rounded numbers, others are counted elsewhere: "the other three homes", "about forty vans".
fn is_part(before: &str) -> bool {
    const PARTS: [&str; 29] = [
        "other",
        "remaining",
        "further",
        "additional",
        "another",
        "first",
        "last",
        "next",
        "extra",
        "more",
        "past",
        "previous",
        "final",
        "least",
        "most",
        "than",
        "over",
        "under",
        "nearly",
        "almost",
        "around",
        "about",
        "approximately",
        "roughly",
        "these",
        "those",
        "only",
        "any",
        "or",
    ];
    let last = before.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    PARTS.iter().any(|part| part.eq_ignore_ascii_case(last))
}

fn parting(saying: &Saying<'_, '_>, own: &NumberMention) -> Option<Parting> {
    let things = counted(saying.text, own);
    if things.is_empty() || saying.sources.facts().has_bare(own.number) {
        return None;
    }
    let index = saying.sources.index();
    let mut places: Vec<u32> = things.iter().flat_map(|thing| index.sentences_with(thing)).copied().collect();
    places.sort_unstable();
    places.dedup();
    let mut other: Option<(usize, f64)> = None;
    for place in places {
        let sentence = saying.sources.sentence(place as usize);
        for given in mention::numbers(sentence) {
            if !counted(sentence, &given).iter().any(|thing| things.contains(thing)) {
                continue;
            }
            let is_one = same(given.number, 1.0) || given.up_to.is_some() || same(given.number, own.number);
            if is_one || other.is_some_and(|(_, other)| !same(other, given.number)) {
                return None;
            }
            other.get_or_insert((place as usize, given.number));
        }
    }
    let (sentence, number) = other?;
    let claimed = &saying.text[own.span.start..own.span.end];
    let message = format!("\"{claimed}\": the passages count {number} of them");
    Some(Parting { sentence: Some(sentence), strength: Strength::Plain, message })
}

/// Stems of the one or two words right after a number: what it counts. Lengths of time and shares are for others.
fn counted(text: &str, number: &NumberMention) -> Vec<String> {
    const COUNTED: usize = 2;
    const OTHERS: [&str; 26] = [
        "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year",
        "years", "percent", "per", "cent", "point", "points", "basis", "times", "million", "billion", "thousand", "cents", "pm",
    ];
    let words = &text[number.span.start..number.span.end];
    let unit = number.unit.as_deref().filter(|unit| words.ends_with(unit));
    let Some(unit) = unit else { return Vec::new() };
    let rest = &text[number.span.end - unit.len()..];
    let mut things = Vec::new();
    let mut after = 0;
    let mut is_over = false;
    for_each_word(rest, |word, span| {
        let is_apart = !rest[after..span.start].chars().all(|c| c == ' ' || c == '-');
        after = span.end;
        is_over |= is_apart || things.len() == COUNTED || is_stop_word(word) || OTHERS.contains(&word) || word.len() < 3;
        is_over |= word.contains(|c: char| c.is_ascii_digit());
        if !is_over {
            things.push(stem(word).to_owned());
        }
    });
    things
}

#[cfg(test)]
mod tests {
    use super::other_counts;
    use crate::qa::claim::{Saying, Sources};

    const CALL: &str = "We run four care homes with a hundred and forty nurses. Start with Ashby, then the other three. \
        Forty of the nurses are new. Pay for 12 months, then 3 months' notice, for six to eight users.";

    fn found(claim: &str) -> Vec<String> {
        other_counts(&Saying::new(claim, &Sources::of([(CALL, None)]))).into_iter().map(|parting| parting.message).collect()
    }

    #[test]
    fn another_number_of_the_same_things_is_found() {
        assert_eq!(found("They run five care homes."), ["\"five care\": the passages count 4 of them"]);
        assert_eq!(found("They employ 160 nurses."), ["\"160 nurses\": the passages count 140 of them"]);
    }

    #[test]
    fn a_part_of_them_other_things_and_what_is_counted_in_several_ways_is_none() {
        for claim in [
            "They run 4 care homes with 140 nurses.",
            "The other two homes follow.",
            "About 150 nurses work there.",
            "Three homes come later.",
            "They pay for 24 months and for 9 users.",
            "They run five shops.",
        ] {
            assert_eq!(found(claim), [""; 0], "{claim}");
        }
    }
}
