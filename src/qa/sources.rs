//! The sources as claims are compared with them: what is worked out about them once, when it is first needed.

use std::cell::OnceCell;

use jiff::civil::Date;

use super::facts::Facts;
use super::index::Index;
use crate::domain::brief::Span;

/// Passages, each with the day it was said on.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    texts: Vec<(&'a str, Option<Date>)>,
    index: OnceCell<Index>,
    facts: OnceCell<Facts<'a>>,
}

impl<'a> Sources<'a> {
    pub(super) fn of(texts: impl IntoIterator<Item = (&'a str, Option<Date>)>) -> Self {
        Self { texts: texts.into_iter().collect(), index: OnceCell::new(), facts: OnceCell::new() }
    }

    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(self.texts.iter().map(|(text, _)| *text)))
    }

    /// The numbers and days of all passages.
    pub(super) fn facts(&self) -> &Facts<'a> {
        self.facts.get_or_init(|| Facts::of(self.texts.iter().copied()))
    }

    /// The text of one sentence of the index.
    pub(super) fn sentence(&self, number: usize) -> &'a str {
        let (passage, span) = self.place(number);
        &self.texts[passage].0[span.start..span.end]
    }

    /// The passage that a sentence of the index stands in, and where.
    pub(super) fn place(&self, number: usize) -> (usize, Span) {
        let sentence = &self.index().sentences[number];
        (sentence.passage, sentence.span)
    }
}
