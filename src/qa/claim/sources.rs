//! [`Sources`]: the sources as claims are compared with them. What is worked out about them is worked out once, when
//! it is first needed.

use std::cell::OnceCell;

use jiff::civil::Date;

use super::heard::Heard;
use crate::domain::brief::Span;
use crate::qa::facts::Facts;
use crate::qa::index::Index;

/// Passages, each with the day it was said on.
pub(in crate::qa) struct Sources<'a> {
    texts: Vec<(&'a str, Option<Date>)>,
    index: OnceCell<Index>,
    facts: OnceCell<Facts<'a>>,
    heard: OnceCell<Vec<OnceCell<Heard>>>,
    dialogue: OnceCell<bool>,
}

impl<'a> Sources<'a> {
    pub(in crate::qa) fn of(texts: impl IntoIterator<Item = (&'a str, Option<Date>)>) -> Self {
        let texts = texts.into_iter().collect();
        Self { texts, index: OnceCell::new(), facts: OnceCell::new(), heard: OnceCell::new(), dialogue: OnceCell::new() }
    }

    pub(in crate::qa) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(self.texts.iter().map(|(text, _)| *text)))
    }

    /// The numbers and days of all passages.
    pub(in crate::qa) fn facts(&self) -> &Facts<'a> {
        self.facts.get_or_init(|| Facts::of(self.texts.iter().copied()))
    }

    /// The text of one sentence of the index.
    pub(in crate::qa) fn sentence(&self, number: usize) -> &'a str {
        let (passage, span) = self.place(number);
        &self.texts[passage].0[span.start..span.end]
    }

    /// The passage that a sentence of the index stands in, and where.
    pub(in crate::qa) fn place(&self, number: usize) -> (usize, Span) {
        let sentence = &self.index().sentences[number];
        (sentence.passage, sentence.span)
    }

    /// Whether most lines begin with who speaks: "Ann: …".
    pub(super) fn is_dialogue(&self) -> bool {
        *self.dialogue.get_or_init(|| {
            let lines = self.texts.iter().flat_map(|(text, _)| text.lines()).filter(|line| !line.trim().is_empty());
            let (turns, all) = lines.fold((0, 0), |(turns, all), line| (turns + usize::from(is_turn(line)), all + 1));
            turns * 2 > all
        })
    }

    /// What a sentence of the index says yes and no to.
    pub(super) fn heard(&self, number: usize) -> &Heard {
        let all = self.heard.get_or_init(|| self.index().sentences.iter().map(|_| OnceCell::new()).collect());
        all[number].get_or_init(|| Heard::of(self.sentence(number)))
    }
}

fn is_turn(line: &str) -> bool {
    /// Of a name with its role.
    const MOST_WORDS: usize = 5;
    let speaker = line.split_once(": ").map_or("", |(speaker, _)| speaker);
    speaker.starts_with(char::is_uppercase) && speaker.split(' ').count() <= MOST_WORDS
}
