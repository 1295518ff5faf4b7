//! [`Saying`]: one sentence of a claim, its words, and the sentences of the sources that are closest to it.

use std::cell::OnceCell;

use crate::domain::brief::Span;
use crate::qa::index::{content_words, for_each_word};
use crate::qa::sources::Sources;

/// One sentence of a claim beside its sources.
pub(in crate::qa) struct Saying<'a, 's> {
    pub(in crate::qa) text: &'a str,
    pub(in crate::qa) sources: &'a Sources<'s>,
    pub(super) words: Words,
    /// Sentences that the claim is known to rest on: those of its quotes.
    quoted: Vec<usize>,
    content: OnceCell<Vec<String>>,
    best: OnceCell<Vec<(usize, f64)>>,
}

/// How many of the closest sentences a claim is held against, and in how many more its own words are looked for.
const CLOSE: usize = 3;
const NEAR: usize = 5;

/// The weighted share of a claim's words that a stretch must hold to cover it.
const COVERED: f64 = 0.5;

impl<'a, 's> Saying<'a, 's> {
    pub(in crate::qa) fn new(text: &'a str, sources: &'a Sources<'s>) -> Self {
        Self { text, sources, words: Words::of(text), quoted: Vec::new(), content: OnceCell::new(), best: OnceCell::new() }
    }

    /// The same, resting on these sentences of the sources first of all.
    pub(in crate::qa) fn quoting(self, sentences: Vec<usize>) -> Self {
        Self { quoted: sentences, ..self }
    }

    /// The closest sentences with the weighted share of the claim's words that each holds, best first.
    pub(in crate::qa) fn best(&self) -> &[(usize, f64)] {
        self.best.get_or_init(|| self.sources.index().best(self.content(), NEAR))
    }

    /// The content words, as an index has them.
    pub(super) fn content(&self) -> &[String] {
        self.content.get_or_init(|| content_words(self.text))
    }

    /// Whether one stretch of the sources, a sentence and its neighbours, holds most of what the claim says.
    pub(in crate::qa) fn is_covered(&self) -> bool {
        let index = self.sources.index();
        let held = |sentence: usize| index.share(self.content(), sentence.saturating_sub(1)..=sentence + 1);
        self.content().is_empty() || self.best().iter().any(|(sentence, _)| held(*sentence) >= COVERED)
    }

    /// Whether the claim is held against a sentence.
    pub(super) fn is_close(&self, sentence: usize) -> bool {
        self.quoted.contains(&sentence) || self.best().iter().take(CLOSE).any(|(close, _)| *close == sentence)
    }

    pub(super) fn is_near(&self, sentence: usize) -> bool {
        self.quoted.contains(&sentence) || self.best().iter().any(|(near, _)| *near == sentence)
    }
}

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

fn is_denial(word: &str) -> bool {
    const DENIALS: [&str; 10] = ["not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot"];
    word.ends_with("n't") || DENIALS.contains(&word)
}
