//! What carries a text: the sentences around its quotes, and whether the text's words stand there.

use std::ops::RangeInclusive;

use super::carrier::{Reach, tells_nothing};
use super::foreign::is_english;
use super::{Context, Cut};
use crate::domain::brief::{Evidence, SourceReceipt};
use crate::domain::contract::Field;
use crate::domain::mention;
use crate::qa::index::{for_each_word, stem};

/// Sentences around a quote that may explain it: a question before its answer, the rest of a thought.
const AROUND: u32 = 2;
/// Words in a row that stand nowhere: no faithful summary that was measured has so many.
const LONGEST_RUN: usize = 8;
/// Words of a text in another language of which none stands anywhere: nobody said anything like it.
const FOREIGN_WORDS: usize = 7;
/// Words of a clause that may be compared on its own: a shorter one is often the writer's.
const LEAST_CLAUSE: usize = 5;

/// Numbers of one sentence that stand nowhere as they are written: more are no amounts but a cipher.
const MOST_NEW_NUMBERS: usize = 5;

/// The sentences that a value rests on.
pub(super) struct Stretch<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    /// Numbers of sentences of the index.
    pub(super) ranges: Vec<RangeInclusive<u32>>,
    /// The sources of the quotes.
    sources: Vec<String>,
    /// Words that the contract itself uses for the field, as stems, in order.
    own_words: Vec<String>,
    /// Whether every quote is a question.
    only_asks: bool,
}

/// What carries the words of a text.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Share {
    /// Words that tell something.
    pub(super) words: usize,
    /// Of these, in the stretch.
    quoted: usize,
    /// Anywhere in the sources.
    pub(super) known: usize,
    /// Names that stand nowhere.
    pub(super) names: usize,
    /// The longest run of words that stand nowhere.
    run: usize,
    /// Words that nobody writes: longer than any, or with digits within, and not in the sources; misspelt ones, from the
    /// second on.
    pub(super) odd: usize,
}

impl<'c, 'a> Stretch<'c, 'a> {
    pub(super) fn of(context: &'c Context<'a>, evidence: &[Evidence], field: Option<&'c Field>) -> Self {
        let own_words = field.map(words_of).unwrap_or_default();
        let mut stretch = Self { context, ranges: Vec::new(), sources: Vec::new(), own_words, only_asks: !evidence.is_empty() };
        stretch.add(evidence);
        stretch
    }

    pub(super) fn add(&mut self, evidence: &[Evidence]) {
        for one in evidence {
            let Some((first, last)) = self.context.sentences_of(one) else { continue };
            self.ranges.push(first.saturating_sub(AROUND)..=last.saturating_add(AROUND));
            self.sources.push(one.source.clone());
            self.only_asks &= one.span.is_some() && self.context.around(one).trim_end().ends_with('?');
        }
    }

    /// Takes the sentences out that are not carried, and of the others the clauses that nobody said anything of.
    pub(super) fn cut(&self, text: &mut String) -> Cut {
        let mut left = String::with_capacity(text.len());
        let (mut is_cut, mut says) = (self.cut_pictures(text), false);
        for sentence in sentences(text) {
            if !self.carries(sentence) {
                is_cut = true;
                continue;
            }
            left += if left.is_empty() { "" } else { " " };
            for clause in clauses(sentence) {
                let is_alien = self.is_alien(clause);
                is_cut |= is_alien;
                says |= !is_alien && self.share(clause).words > 0;
                left += if is_alien { "" } else { clause };
            }
        }
        if !is_cut {
            return Cut::Nothing;
        }
        *text = left.trim().to_owned();
        if says { Cut::Part } else { Cut::All }
    }

    /// Emojis that no source has: an attack may ask for them.
    fn cut_pictures(&self, text: &mut String) -> bool {
        let before = text.len();
        if text.contains(is_picture) {
            let units = self.context.excerpt.units();
            text.retain(|c| !is_picture(c) || units.iter().any(|unit| unit.text.contains(c)));
        }
        text.len() < before
    }

    pub(super) fn carries(&self, text: &str) -> bool {
        let Share { words, quoted, known, names, run, odd } = self.share(text);
        // A brief speaks about people: one that speaks to its reader repeats somebody, or obeys.
        let is_repeated = words > 1 && quoted * 2 >= words;
        if !is_repeated && addresses(text) && !self.context.facts().has_words(text) && !self.is_translated(text) {
            return false;
        }
        if self.is_foreign(text) {
            return words < FOREIGN_WORDS || known > 0 || self.is_translated(text);
        }
        // One telling word among many others: the sentence is the writer's own.
        let is_own = words == 1 && text.split_whitespace().count() > LEAST_CLAUSE;
        let is_hardly_quoted = quoted * 5 < words || quoted * 4 <= words && words > 3;
        // Two words of the stretch are no accident: the writer may have found other words for most of the rest.
        let is_hardly_known = if quoted > 1 { known * 3 < words } else { known * 2 < words };
        let is_foreign = !is_own && is_hardly_quoted && (is_hardly_known || quoted == 0 && words > 2);
        let is_named = names > 0 && (words - known) * 3 >= words;
        let is_answer = self.only_asks && !text.ends_with('?') && words - quoted > usize::max(1, words / 4);
        !(is_foreign || is_named || is_answer || run >= LONGEST_RUN || odd > 0) || self.is_translated(text)
    }

    /// Of a part of a sentence that is carried.
    fn is_alien(&self, clause: &str) -> bool {
        let Share { words, known, .. } = self.share(clause);
        let least = if self.is_foreign(clause) { FOREIGN_WORDS } else { LEAST_CLAUSE };
        words >= least && known == 0 && !self.is_translated(clause)
    }

    pub(super) fn share(&self, text: &str) -> Share {
        let mut share = Share::default();
        let (mut run, mut is_first, mut misspelt, mut numbers) = (0, true, 0, 0);
        let carrier = self.context.carrier();
        for_each_word(text, |word, span| {
            let opens = std::mem::take(&mut is_first);
            if word.starts_with(|c: char| c.is_ascii_digit()) && carrier.lacks(self.context, word) {
                numbers += 1;
            }
            if word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_digit()) && carrier.holds(self.context, word, &self.ranges)
            {
                // An amount that was said there carries as a word does.
                (share.words, share.quoted, share.known) = (share.words + 1, share.quoted + 1, share.known + 1);
                run = 0;
            }
            if tells_nothing(word, &text[span.start..span.end]) || self.is_of_contract(word) {
                return;
            }
            share.words += 1;
            let reach = carrier.reach(self.context, word, &self.ranges);
            let is_known = reach > Reach::Nowhere;
            share.quoted += usize::from(reach == Reach::Stretch);
            share.known += usize::from(is_known);
            run = if is_known { 0 } else { run + 1 };
            share.run = share.run.max(run);
            if is_known {
                return;
            }
            share.names += usize::from(!opens && text[span.start..].starts_with(char::is_uppercase));
            share.odd += usize::from(is_no_word(word));
            misspelt += usize::from(carrier.has_letters_of(word));
        });
        share.odd += usize::from(misspelt > 1 || numbers > MOST_NEW_NUMBERS);
        share
    }

    fn is_of_contract(&self, word: &str) -> bool {
        self.own_words.binary_search_by(|one| one.as_str().cmp(stem(word))).is_ok()
    }

    /// Whether it rests on another language than English and is in one: its endings, small words and capitals tell nothing.
    pub(super) fn is_foreign(&self, text: &str) -> bool {
        let mut foreign = self.context.foreign_sources().iter();
        foreign.any(|(id, _)| self.sources.is_empty() || self.sources.iter().any(|source| source == id)) && !is_english(text)
    }

    /// Whether it may be in another language than what it quotes, and a language in which it may be: words cannot be
    /// compared then.
    fn is_translated(&self, text: &str) -> bool {
        let sources = &self.context.excerpt.receipt().sources;
        let is_quoted = |source: &&SourceReceipt| self.sources.is_empty() || self.sources.contains(&source.id);
        let quoted: Vec<&str> = sources.iter().filter(is_quoted).filter_map(|source| source.language.as_deref()).collect();
        let mut allowed: Vec<&str> = match self.context.contract.language.as_str() {
            "same" => sources.iter().filter_map(|source| source.language.as_deref()).collect(),
            language => vec![language],
        };
        allowed.retain(|language| !quoted.contains(language));
        !allowed.is_empty() && crate::context::language_of(text).is_none_or(|language| allowed.contains(&language))
    }
}

fn words_of(field: &Field) -> Vec<String> {
    let mut words = Vec::new();
    for text in [&field.name, &field.describe] {
        for_each_word(&text.replace('_', " "), |word, _| words.push(stem(word).to_owned()));
    }
    words.sort_unstable();
    words
}

/// The sentences of a text; one that goes on in small letters behind a full stop is cut there too.
fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for span in mention::sentences(text) {
        let mut rest = &text[span.start..span.end];
        while let Some(end) = end_within(rest) {
            all.push(&rest[..end]);
            rest = rest[end..].trim_start();
        }
        all.push(rest);
    }
    all
}

/// Behind the first mark that ends a word of three small letters or more, other than the last.
fn end_within(text: &str) -> Option<usize> {
    let is_end = |at: usize| {
        let word = text[..at].chars().rev().take_while(|c| c.is_lowercase()).count();
        word > 2 && text[at + 1..].starts_with(' ')
    };
    text.match_indices(['.', '!', '?']).map(|(at, _)| at).find(|at| is_end(*at)).map(|at| at + 1)
}

/// A sentence cut behind its commas, colons and dashes.
fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split_inclusive([',', ';', ':', '–', '—', '.', '!', '?'])
}

/// Whether a text speaks of itself or to its reader.
fn addresses(text: &str) -> bool {
    let mut found = false;
    for_each_word(text, |word, _| {
        found |= matches!(word, "i" | "i'm" | "you" | "your" | "please" | "thank" | "thanks" | "sorry")
    });
    found
}

/// Emojis and other pictures.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Longer than any word, or digits among letters as in `th3y`; not `b2b`, `v2` or `2pm`.
fn is_no_word(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digit_within = word.trim_end_matches(|c: char| c.is_ascii_digit()).contains(|c: char| c.is_ascii_digit());
    word.len() >= 40 || letters >= 3 && digit_within && (word.starts_with(char::is_alphabetic) || word.len() > 15)
}
