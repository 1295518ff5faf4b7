//! [`Heard`]: a sentence as the sides it takes: which opposites it names, and which of them it denies.

use std::sync::LazyLock;

use super::lexicon::Lexicon;
use super::words::{Denial, Words};

/// The list of opposites.
pub(super) static OPPOSITES: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("opposites.txt")));

/// A sentence's words and the sides they take.
pub(super) struct Heard {
    pub(super) words: Words,
    pub(super) taken: Vec<Taken>,
}

/// A side that a sentence takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// Number of the first word that takes it, and how many there are.
    pub(super) at: usize,
    pub(super) len: usize,
    pub(super) row: usize,
    /// 0 or 1; turned where the word is denied.
    pub(super) side: usize,
    pub(super) is_cue: bool,
    pub(super) is_denied: bool,
    /// A denial near it: it cannot be told which side is taken.
    pub(super) is_unsure: bool,
}

impl Heard {
    pub(super) fn of(sentence: &str) -> Self {
        let words = Words::of(sentence);
        let hits = OPPOSITES.hits(&words);
        let taken = hits.iter().map(|hit| {
            let denial = words.denial(hit.at);
            Taken {
                at: hit.at,
                len: hit.len,
                row: hit.row,
                side: hit.side ^ usize::from(denial == Denial::OfIt),
                is_cue: hit.is_cue,
                is_denied: denial == Denial::OfIt,
                is_unsure: denial == Denial::Nearby,
            }
        });
        Self { taken: taken.collect(), words }
    }
}
