//! [`Saying`]: one sentence of a claim, its words, and the sentences of the sources that are closest to it.

use std::cell::OnceCell;

use super::heard::Heard;
use super::sources::Sources;
use crate::qa::index::content_words;

/// One sentence of a claim beside its sources.
pub(in crate::qa) struct Saying<'a, 's> {
    pub(in crate::qa) text: &'a str,
    pub(in crate::qa) sources: &'a Sources<'s>,
    heard: OnceCell<Heard>,
    content: OnceCell<Vec<String>>,
    best: OnceCell<Vec<(usize, f64)>>,
}

/// How many of the best sentences a claim is held against.
const CLOSE: usize = 5;

/// The weighted share of a claim's words that a stretch must hold to cover it.
const COVERED: f64 = 0.5;

impl<'a, 's> Saying<'a, 's> {
    pub(in crate::qa) fn new(text: &'a str, sources: &'a Sources<'s>) -> Self {
        Self { text, sources, heard: OnceCell::new(), content: OnceCell::new(), best: OnceCell::new() }
    }

    /// The closest sentences with the weighted share of the claim's words that each holds, best first.
    pub(in crate::qa) fn best(&self) -> &[(usize, f64)] {
        self.best.get_or_init(|| self.sources.index().best(self.content(), CLOSE))
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

    /// The claim's own words and the sides they take.
    pub(super) fn heard(&self) -> &Heard {
        self.heard.get_or_init(|| Heard::of(self.text))
    }
}
