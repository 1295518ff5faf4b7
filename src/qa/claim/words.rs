//! [`Words`]: the words of a text in lower case, the clauses they form and what is denied.

use std::ops::Range;

use crate::qa::index::{for_each_word, is_stop_word, stem};

/// The words of a text in lower case.
#[derive(Debug, Default)]
pub(super) struct Words {
    lower: String,
    /// End of each word in `lower`.
    ends: Vec<usize>,
    /// Numbers of the words that a clause begins with, in order.
    starts: Vec<usize>,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words =
            Self { lower: String::with_capacity(text.len()), ends: Vec::with_capacity(text.len() / 5), starts: Vec::new() };
        let mut end = 0;
        for_each_word(text, |word, span| {
            if ends_clause(&text[end..span.start]) || JOINTS.contains(&word) {
                words.starts.push(words.ends.len());
            }
            end = span.end;
            words.lower.push_str(word);
            words.ends.push(words.lower.len());
        });
        words
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.lower[start..self.ends[at]]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// The clauses, as ranges of words.
    pub(super) fn clauses(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.starts.iter().copied());
        let ends = self.starts.iter().copied().chain([self.len()]);
        starts.zip(ends).map(|(start, end)| start..end).filter(|clause| !clause.is_empty())
    }

    /// Whether two words stand in one clause.
    pub(super) fn are_together(&self, a: usize, b: usize) -> bool {
        self.starts.partition_point(|start| *start <= a) == self.starts.partition_point(|start| *start <= b)
    }

    /// The stems of the words among these that tell something, each once.
    pub(super) fn content(&self, range: Range<usize>) -> Vec<String> {
        let telling = range.map(|at| self.get(at)).filter(|word| !is_stop_word(word) && !is_denial(word));
        let mut all: Vec<String> = telling.filter(|word| !JOINTS.contains(word)).map(|word| stem(word).to_owned()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The words up to so many before and after some others.
    pub(super) fn around(&self, at: usize, len: usize, reach: usize) -> impl Iterator<Item = usize> {
        (at.saturating_sub(reach)..at).chain(at + len..self.len().min(at + len + reach))
    }

    /// How a denial stands before a word.
    pub(super) fn denial(&self, at: usize) -> Denial {
        let mut is_adjacent = true;
        for before in (at.saturating_sub(REACH)..at).rev() {
            let word = self.get(before);
            if is_denial(word) {
                return if is_adjacent { Denial::OfIt } else { Denial::Nearby };
            }
            if LESSENING.contains(&word) {
                return Denial::Nearby;
            }
            is_adjacent &= DEGREES.contains(&word);
        }
        Denial::None
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    None,
    /// A few words before: what it denies is not sure.
    Nearby,
    /// "Not easy", "no longer so easy".
    OfIt,
}

/// Words before a word in which a denial may stand.
const REACH: usize = 4;

/// "Less expensive", "the lack of an early exit": the side that is taken is not the word's own.
const LESSENING: [&str; 8] = ["less", "least", "lack", "lacks", "lacking", "missing", "hardly", "rather"];

/// What may stand between a denial and what it denies.
const DEGREES: [&str; 17] =
    ["very", "so", "too", "as", "be", "been", "being", "a", "an", "the", "at", "all", "that", "really", "quite", "fully", "yet"];

/// Words that a clause begins with.
const JOINTS: [&str; 20] = [
    "and",
    "but",
    "so",
    "because",
    "although",
    "though",
    "while",
    "whereas",
    "which",
    "who",
    "whose",
    "where",
    "until",
    "otherwise",
    "if",
    "since",
    "as",
    "despite",
    "that",
    "unless",
];

/// Whether what stands between two words parts clauses. A comma without a blank is part of a number.
fn ends_clause(between: &str) -> bool {
    let is_mark = |c: char| matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '(' | ')');
    between.ends_with(char::is_whitespace) && (between.contains(is_mark) || between.contains(" -") || between.contains('–'))
        || between.contains('(')
}

pub(super) fn is_denial(word: &str) -> bool {
    const DENIALS: [&str; 10] = ["not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot"];
    word.ends_with("n't") || DENIALS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn clauses_end_at_marks_and_at_words_that_join() {
        let words = Words::of("The fee is 1,490 euros, but it (as we know) is not due and won't be.");
        let clauses: Vec<String> =
            words.clauses().map(|clause| clause.map(|at| words.get(at)).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(clauses, ["the fee is 1 490 euros", "but it", "as we know", "is not due", "and won't be"]);
        assert!(words.are_together(0, 5) && !words.are_together(5, 6));
    }
}
