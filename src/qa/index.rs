//! The words of the sources by sentence: finds the passages that a claim could rest on without reading all again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::domain::brief::Span;
use crate::domain::mention;

/// Passages cut into sentences, with the words of each.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) sentences: Vec<Sentence>,
    words: HashMap<String, Vec<u32>, BuildHasherDefault<Fnv>>,
}

/// One sentence of one passage.
#[derive(Debug)]
pub(super) struct Sentence {
    /// Position of the passage, from 0.
    pub(super) passage: usize,
    /// Place in the passage.
    pub(super) span: Span,
}

impl Index {
    pub(super) fn of<'a>(passages: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        for (passage, text) in passages.into_iter().enumerate() {
            for span in mention::sentences(text) {
                index.add(passage, span, &text[span.start..span.end]);
            }
        }
        index
    }

    fn add(&mut self, passage: usize, span: Span, text: &str) {
        let number = u32::try_from(self.sentences.len()).unwrap_or(u32::MAX);
        self.sentences.push(Sentence { passage, span });
        for_each_word(text, |word, _| {
            if !is_indexed(word) {
                return;
            }
            match self.words.get_mut(stem(word)) {
                Some(places) if places.last() == Some(&number) => {}
                Some(places) => places.push(number),
                None => {
                    self.words.insert(stem(word).to_owned(), vec![number]);
                }
            }
        });
    }

    /// The sentences of one passage.
    pub(super) fn sentences_of(&self, passage: usize) -> &[Sentence] {
        let from = self.sentences.partition_point(|sentence| sentence.passage < passage);
        let count = self.sentences[from..].partition_point(|sentence| sentence.passage == passage);
        &self.sentences[from..from + count]
    }

    /// The number of the first sentence of one passage.
    pub(super) fn first_sentence_of(&self, passage: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.passage < passage)
    }

    /// Every word, in no order.
    pub(super) fn stems(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// Whether a word (in any of its plain endings) stands anywhere.
    pub(super) fn has(&self, stem: &str) -> bool {
        self.words.contains_key(stem)
    }

    /// Numbers of the sentences that hold a word.
    pub(super) fn sentences_with(&self, stem: &str) -> &[u32] {
        self.words.get(stem).map_or(&[], Vec::as_slice)
    }

    /// The words that start like this, for cues such as `frustrat*`.
    pub(super) fn stems_from<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.words.keys().map(String::as_str).filter(move |word| word.starts_with(prefix))
    }

    /// The sentences that share most of a claim's rare words, best first, with the weighted share they cover (0 to 1).
    pub(super) fn best(&self, claim: &[String], count: usize) -> Vec<(usize, f64)> {
        let mut scores: HashMap<u32, f64, BuildHasherDefault<Fnv>> = HashMap::default();
        let mut total = 0.0;
        for word in claim {
            let places = self.sentences_with(word);
            let weight = self.rarity(places.len());
            total += weight;
            for place in places {
                *scores.entry(*place).or_default() += weight;
            }
        }
        let mut ranked: Vec<(usize, f64)> =
            scores.into_iter().map(|(place, score)| (place as usize, score / f64::max(total, f64::MIN_POSITIVE))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(count);
        ranked
    }

    /// The weighted share of a claim's words (0 to 1) that stand in these neighbouring sentences.
    pub(super) fn share(&self, claim: &[String], stretch: std::ops::RangeInclusive<usize>) -> f64 {
        let (mut held, mut total) = (0.0, 0.0);
        for word in claim {
            let places = self.sentences_with(word);
            let weight = self.rarity(places.len());
            total += weight;
            let next = places.partition_point(|place| (*place as usize) < *stretch.start());
            held += if places.get(next).is_some_and(|place| stretch.contains(&(*place as usize))) { weight } else { 0.0 };
        }
        held / f64::max(total, f64::MIN_POSITIVE)
    }

    /// Inverse document frequency: a word that stands in few sentences tells more.
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences are far below 2^52")]
    fn rarity(&self, count: usize) -> f64 {
        (1.0 + (self.sentences.len() as f64 + 1.0) / (count as f64 + 0.5)).ln()
    }
}

/// FNV-1a: words are short, and a map that lives for one review of bounded size needs no keyed hash.
#[derive(Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The content words of a text: lower case, without plain endings, without stop words, each once.
pub(super) fn content_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_word(text, |word, _| {
        if !is_stop_word(word) {
            words.push(stem(word).to_owned());
        }
    });
    words.sort_unstable();
    words.dedup();
    words
}

/// Calls back with each word in lower case and its place. A word is a run of letters and digits; `don't` is one, `go-live` two.
pub(super) fn for_each_word(text: &str, each: impl FnMut(&str, Span)) {
    match text.is_ascii() {
        true => for_each_ascii_word(text, each),
        false => for_each_unicode_word(text, each),
    }
}

/// The same for the text that most are.
fn for_each_ascii_word(text: &str, mut each: impl FnMut(&str, Span)) {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let goes_on = |at: usize| bytes[at].is_ascii_alphanumeric() || bytes[at] == b'\'' && is_letter(at + 1);
    let mut lower = String::new();
    let mut end = 0;
    while let Some(start) = (end..bytes.len()).find(|at| bytes[*at].is_ascii_alphanumeric()) {
        end = (start + 1..bytes.len()).find(|at| !goes_on(*at)).unwrap_or(bytes.len());
        lower.clear();
        lower.push_str(&text[start..end]);
        lower.make_ascii_lowercase();
        each(&lower, Span { start, end });
    }
}

fn for_each_unicode_word(text: &str, mut each: impl FnMut(&str, Span)) {
    let mut lower = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        lower.clear();
        push_lower(&mut lower, first);
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = chars.peek().copied() {
            let inner = matches!(c, '\'' | '’') && text[at + c.len_utf8()..].starts_with(char::is_alphabetic);
            if !inner && !c.is_alphanumeric() {
                break;
            }
            chars.next();
            end = at + c.len_utf8();
            push_lower(&mut lower, if inner { '\'' } else { c });
        }
        each(&lower, Span { start, end });
    }
}

fn push_lower(lower: &mut String, c: char) {
    match c.is_ascii() {
        true => lower.push(c.to_ascii_lowercase()),
        false => lower.extend(c.to_lowercase()),
    }
}

/// A word without possessive, plural and common endings: enough to compare, not to read.
pub(super) fn stem(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.len() < 4 || !word.is_ascii() || word.ends_with("ss") {
        return word;
    }
    for (ending, least) in [
        ("ments", 5),
        ("ment", 5),
        ("ings", 4),
        ("ing", 4),
        ("ies", 3),
        ("ied", 3),
        ("ed", 4),
        ("es", 4),
        ("s", 3),
        ("e", 4),
        ("y", 4),
    ] {
        if let Some(bare) = word.strip_suffix(ending).filter(|bare| bare.len() >= least) {
            return bare;
        }
    }
    word
}

/// Words that tell nothing about what a sentence speaks of. Takes a whole word, not a stem.
pub(super) fn is_stop_word(word: &str) -> bool {
    packed(word.as_bytes()).is_some_and(|word| STOP.binary_search(&word).is_ok())
        || word.len() == 1 && !word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether an index keeps a word: those that tell something, and those that tell which side a passage is on.
pub(super) fn is_indexed(word: &str) -> bool {
    const SIDES: [&str; 12] = ["up", "over", "out", "after", "more", "most", "all", "some", "no", "not", "now", "also"];
    !is_stop_word(word) || SIDES.contains(&word)
}

/// Asked for every word of every text: compared as numbers, which needs no look at memory elsewhere.
static STOP: [u64; 97] = {
    let mut all = [0; 97];
    let mut n = 0;
    while n < all.len() {
        all[n] = match packed(STOP_WORDS[n].as_bytes()) {
            Some(word) => word,
            None => panic!("a stop word is too long"),
        };
        n += 1;
    }
    all
};

/// A word of up to eight bytes as a number that sorts as the word does.
const fn packed(word: &[u8]) -> Option<u64> {
    if word.len() > 8 {
        return None;
    }
    let (mut number, mut n) = (0, 0);
    while n < 8 {
        number = number << 8 | if n < word.len() { word[n] as u64 } else { 0 };
        n += 1;
    }
    Some(number)
}

const STOP_WORDS: [&str; 97] = [
    "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but", "by", "can",
    "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "i'd",
    "i'll", "i'm", "if", "in", "into", "is", "it", "it's", "its", "just", "like", "may", "me", "might", "more", "most", "my",
    "no", "not", "now", "of", "on", "or", "our", "out", "over", "said", "say", "she", "should", "so", "some", "such", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "up", "us", "very", "was", "we", "we'll",
    "we're", "we've", "were", "what", "when", "which", "who", "will", "with", "would", "you", "your",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{STOP, content_words, for_each_ascii_word, for_each_unicode_word, is_stop_word};

    #[test]
    fn content_words_are_compared_without_endings_and_stop_words() {
        assert_eq!(
            content_words("The reps' budgets are being approved, Northwind’s go-live"),
            ["approv", "budget", "go", "live", "northwind", "rep"]
        );
        assert_eq!(content_words("approving the budget"), ["approv", "budget"]);
    }

    #[test]
    fn stop_words_are_sorted_for_the_search() {
        for word in ["a", "have", "your", "it's", "no", "us"] {
            assert!(is_stop_word(word), "{word}");
        }
        assert!(!is_stop_word("budget") && !is_stop_word("7"));
        assert!(STOP.is_sorted());
    }

    proptest! {
        #[test]
        fn both_ways_of_reading_words_agree(text in "[a-zA-Z0-9' .-]{0,60}") {
            let (mut plain, mut decoded) = (Vec::new(), Vec::new());
            for_each_ascii_word(&text, |word, span| plain.push((word.to_owned(), span)));
            for_each_unicode_word(&text, |word, span| decoded.push((word.to_owned(), span)));
            prop_assert_eq!(plain, decoded);
        }
    }
}
