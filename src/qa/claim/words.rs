//! [`Words`]: the words of a text in lower case, with their places and what is denied.

use crate::domain::brief::Span;
use crate::qa::index::for_each_word;

/// The words of a text in lower case, with their places.
#[derive(Debug, Default)]
pub(super) struct Words {
    lower: String,
    /// End of each word in `lower`, and its place in the text.
    places: Vec<(usize, Span)>,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words = Self { lower: String::with_capacity(text.len()), places: Vec::with_capacity(text.len() / 5) };
        for_each_word(text, |word, span| {
            words.lower.push_str(word);
            words.places.push((words.lower.len(), span));
        });
        words
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.places[at - 1].0 };
        &self.lower[start..self.places[at].0]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    pub(super) fn span(&self, at: usize) -> Span {
        self.places[at].1
    }

    /// How a denial stands before a word.
    pub(super) fn denial(&self, at: usize) -> Denial {
        let mut is_adjacent = true;
        for before in (at.saturating_sub(REACH)..at).rev() {
            let word = self.get(before);
            if is_denial(word) {
                return if is_adjacent { Denial::OfIt } else { Denial::Nearby };
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

/// What may stand between a denial and what it denies.
const DEGREES: [&str; 17] =
    ["very", "so", "too", "as", "be", "been", "being", "a", "an", "the", "at", "all", "that", "really", "quite", "fully", "yet"];

pub(super) fn is_denial(word: &str) -> bool {
    const DENIALS: [&str; 10] = ["not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot"];
    word.ends_with("n't") || DENIALS.contains(&word)
}
