//! The stretch of a text that differs from a quote in the fewest words.

use std::collections::HashMap;
use std::ops::Range;

use crate::qa::index::for_each_word;

/// A quote's words as numbers.
pub(super) struct Pattern {
    words: Vec<u32>,
    ids: HashMap<String, u32>,
    /// Words that may differ.
    limit: usize,
}

/// Nobody quotes more; longer ones are found word for word or not at all.
const MOST_WORDS: usize = 400;

impl Pattern {
    pub(super) fn of(quote: &str) -> Self {
        let (mut words, mut ids) = (Vec::new(), HashMap::new());
        for_each_word(quote, |word, _| {
            if words.len() <= MOST_WORDS && !is_filler(word) {
                let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                words.push(*ids.entry(word.to_owned()).or_insert(next));
            }
        });
        let limit = (words.len() / 6).min(4);
        Self { words, ids, limit }
    }
}

/// A stretch that is close to the quote.
pub(super) struct Close {
    pub(super) position: usize,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    pub(super) changed: usize,
    /// Hesitations of the stretch, which the quote may leave out or not.
    pub(super) fillers: usize,
}

/// What recognisers write for a hesitation. No word that could mean something.
fn is_filler(word: &str) -> bool {
    matches!(word, "uh" | "uhm" | "um" | "umm" | "erm" | "er" | "hm" | "hmm" | "mhm" | "äh" | "ähm" | "euh" | "eh")
}

struct Word {
    /// `u32::MAX`: not in the quote.
    id: u32,
    is_filler: bool,
    range: Range<usize>,
}

/// The best stretch of all texts, if few enough words differ. Texts that lack too many of the quote's words are passed
/// over without comparing.
pub(super) fn closest<'a>(pattern: &Pattern, texts: impl IntoIterator<Item = (usize, &'a str)>) -> Option<Close> {
    if !(2..=MOST_WORDS).contains(&pattern.words.len()) {
        return None;
    }
    let mut best: Option<Close> = None;
    for (position, text) in texts {
        let words = words(pattern, text);
        let mut present = vec![false; pattern.ids.len()];
        words.iter().filter(|word| word.id != u32::MAX).for_each(|word| present[word.id as usize] = true);
        if present.iter().filter(|is_present| !**is_present).count() > pattern.limit {
            continue;
        }
        let Some((changed, first, last)) = align(pattern, &words) else { continue };
        if best.as_ref().is_none_or(|best| changed < best.changed) {
            let fillers = words[first..=last].iter().filter(|word| word.is_filler).count();
            best = Some(Close { position, range: words[first].range.start..words[last].range.end, changed, fillers });
        }
    }
    best
}

fn words(pattern: &Pattern, text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for_each_word(text, |word, span| {
        let id = pattern.ids.get(word).copied().unwrap_or(u32::MAX);
        words.push(Word { id, is_filler: is_filler(word), range: span.start..span.end });
    });
    words
}

/// Edit distance in words between the whole quote and the best stretch of the text (Sellers 1980), with the first
/// and last word of that stretch. Rows that cannot come within the limit are not worked out (Ukkonen 1985): the time
/// grows with the text, hardly with the quote. Hesitations of the text cost nothing.
fn align(pattern: &Pattern, text: &[Word]) -> Option<(usize, usize, usize)> {
    let (rows, beyond) = (pattern.words.len(), (pattern.limit + 1, 0));
    // Per row: (distance, where the stretch began).
    let mut column: Vec<(usize, usize)> = (0..=rows).map(|row| (row, 0)).collect();
    let mut deepest = pattern.limit.min(rows);
    let mut best: Option<(usize, usize, usize)> = None;
    for (at, word) in text.iter().enumerate() {
        let mut diagonal = (0, at);
        column[0] = (0, at);
        let last = (deepest + 1).min(rows);
        for row in 1..=last {
            let left = column[row];
            let swap = (diagonal.0 + usize::from(pattern.words[row - 1] != word.id), diagonal.1);
            let skip_text = (left.0 + usize::from(!word.is_filler), left.1);
            let skip_quote = (column[row - 1].0 + 1, column[row - 1].1);
            diagonal = left;
            column[row] = swap.min(skip_text).min(skip_quote);
        }
        if last < rows {
            column[last + 1] = beyond;
        }
        deepest = (1..=last).rev().find(|row| column[*row].0 <= pattern.limit).unwrap_or(0);
        let (distance, start) = column[rows];
        let is_whole = last == rows && distance <= pattern.limit && start <= at;
        if is_whole && best.is_none_or(|(least, _, _)| distance < least) {
            best = Some((distance, start, at));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{Pattern, closest};

    fn found<'a>(text: &'a str, quote: &str) -> Option<(&'a str, usize, usize)> {
        let close = closest(&Pattern::of(quote), [(0, text)])?;
        Some((&text[close.range], close.changed, close.fillers))
    }

    #[test]
    fn the_stretch_with_the_fewest_changed_words_is_found() {
        let text = "Well, we build them by hand in Excel every single week, and it hurts.";
        assert_eq!(found(text, "we build these by hand in Excel"), Some(("we build them by hand in Excel", 1, 0)));
        assert_eq!(
            found(text, "build them by hand in excel every week and"),
            Some(("build them by hand in Excel every single week, and", 1, 0))
        );
        assert_eq!(found(text, "they paint them by foot in Excel every week"), None, "three of nine words are too many");
        assert_eq!(found(text, "we paint them"), None, "short quotes may not differ");
    }

    #[test]
    fn marks_case_and_hesitations_do_not_count_as_changes() {
        assert_eq!(found("We, uh, need um 120 seats!", "we need 120 seats"), Some(("We, uh, need um 120 seats", 0, 2)));
        assert_eq!(found("**We** need _120_ seats", "We need 120 seats"), Some(("We** need _120_ seats", 0, 0)));
        assert_eq!(found("We need 120 seats", "We, uh, need 120 seats"), Some(("We need 120 seats", 0, 0)));
    }

    #[test]
    fn a_long_quote_against_a_long_text_costs_time_in_proportion_only() {
        let words: Vec<String> = (0..350).map(|n| format!("w{n}")).collect();
        let quote = words.join(" ");
        let text = vec![quote.replace("w100 ", "x ").as_str(); 30].join(" ");
        assert_eq!(found(&text, &quote).map(|(_, changed, _)| changed), Some(1));
        assert_eq!(found(&text, &vec!["w1"; 10_000].join(" ")), None, "nobody quotes ten thousand words");
        assert_eq!(found(&vec!["a"; 20_000].join(" "), &vec!["a"; 400].join(" ")).map(|(_, changed, _)| changed), Some(0));
    }
}
