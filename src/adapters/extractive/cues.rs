//! The cue phrases of a contract, compiled once, and where they stand in a text.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::domain::contract::Contract;

/// Whose cue a phrase is. Numbers are positions in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Field(usize),
    Choice { field: usize, choice: usize },
    Label { axis: usize, label: usize },
}

/// A cue phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub owner: Owner,
    /// Byte offsets into the text.
    pub start: usize,
    pub end: usize,
    /// Telling words of the phrase, and others: "live by" has one and one.
    pub words: usize,
    pub fillers: usize,
    /// Whether the phrase itself denies something ("not included"): then a "not" in it is no denial of it.
    pub denies: bool,
}

impl Hit {
    /// What one hit is worth: a phrase of several telling words is hardly there by chance.
    pub(super) fn weight(&self) -> f32 {
        1.0 + 0.5 * (self.words.clamp(1, 4) as f32 - 1.0) + 0.1 * self.fillers.min(3) as f32
    }
}

/// All cue phrases of one contract.
pub(super) struct CueBook {
    automaton: AhoCorasick,
    /// For each pattern of the automaton: its phrase and owners.
    patterns: Vec<Pattern>,
}

struct Pattern {
    owners: Vec<Owner>,
    words: usize,
    fillers: usize,
    denies: bool,
    /// The phrase ended in `*`: any ending of its last word matches.
    open_ended: bool,
}

impl CueBook {
    pub(super) fn compile(contract: &Contract) -> Self {
        let mut phrases: Vec<String> = Vec::new();
        let mut patterns: Vec<Pattern> = Vec::new();
        for (owner, cue) in all_cues(contract) {
            let open_ended = cue.ends_with('*');
            let phrase = cue.trim_end_matches('*').trim().to_ascii_lowercase();
            if phrase.is_empty() {
                continue;
            }
            let known =
                phrases.iter().zip(&patterns).position(|(other, pattern)| *other == phrase && pattern.open_ended == open_ended);
            match known {
                Some(place) => patterns[place].owners.push(owner),
                None => {
                    let fillers = phrase.split_whitespace().filter(|word| FILLERS.contains(word)).count();
                    let words = phrase.split([' ', '-']).filter(|word| !word.is_empty()).count() - fillers;
                    let denies = phrase.split_whitespace().any(denies_by_itself);
                    patterns.push(Pattern { owners: vec![owner], words, fillers, denies, open_ended });
                    phrases.push(phrase);
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&phrases)
            .expect("cue phrases are short: the automaton stays far below its size limit");
        Self { automaton, patterns }
    }

    /// A hit for all who have this cue, at a place that says the same in other words.
    pub(super) fn like(&self, cue: &str, start: usize, end: usize) -> Vec<Hit> {
        let known = self.automaton.find_overlapping_iter(cue).find(|found| found.len() == cue.len());
        let Some(pattern) = known.map(|found| &self.patterns[found.pattern().as_usize()]) else { return Vec::new() };
        let (words, fillers, denies) = (pattern.words, pattern.fillers, pattern.denies);
        pattern.owners.iter().map(|owner| Hit { owner: *owner, start, end, words, fillers, denies }).collect()
    }

    /// All cues in a folded text, in whole words. Of two cues for one thing, one inside the other, only the longer
    /// counts; and one that denies rules out what it denies ("not included" is no "included").
    pub(super) fn hits(&self, folded: &str) -> Vec<Hit> {
        let bytes = folded.as_bytes();
        let inside_word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        let mut hits = Vec::new();
        for found in self.automaton.find_overlapping_iter(folded) {
            let pattern = &self.patterns[found.pattern().as_usize()];
            let (start, end) = (found.start(), found.end());
            let begins = start == 0 || !inside_word(start - 1) || !inside_word(start);
            let ends = pattern.open_ended || !inside_word(end) || !inside_word(end - 1);
            if begins && ends {
                let (words, fillers, denies) = (pattern.words, pattern.fillers, pattern.denies);
                hits.extend(pattern.owners.iter().map(|owner| Hit { owner: *owner, start, end, words, fillers, denies }));
            }
        }
        let outdone: Vec<bool> = hits.iter().map(|hit| hits.iter().any(|other| outdoes(other, hit))).collect();
        let mut outdone = outdone.into_iter();
        hits.retain(|_| !outdone.next().unwrap_or(false));
        hits
    }
}

/// Whether `other` is a longer phrase around `hit` that means something else.
fn outdoes(other: &Hit, hit: &Hit) -> bool {
    let contains = other.start <= hit.start && hit.end <= other.end && other.end - other.start > hit.end - hit.start;
    contains
        && match (other.owner, hit.owner) {
            (Owner::Field(a), Owner::Field(b)) => a == b || other.denies && !hit.denies,
            (Owner::Choice { field: a, .. }, Owner::Choice { field: b, .. }) => a == b,
            (Owner::Label { axis: a, .. }, Owner::Label { axis: b, .. }) => a == b,
            _ => false,
        }
}

/// Words that say little about what a phrase is about.
const FILLERS: [&str; 44] = [
    "the", "a", "an", "of", "by", "to", "in", "on", "at", "for", "from", "with", "is", "are", "be", "was", "been", "we", "i",
    "you", "it", "our", "my", "your", "us", "me", "has", "have", "had", "this", "that", "and", "or", "as", "up", "out", "we're",
    "we'll", "we've", "i'm", "i'll", "i've", "will", "can",
];

fn denies_by_itself(word: &str) -> bool {
    word.ends_with("n't") || matches!(word, "not" | "no" | "never" | "without" | "nothing" | "nobody")
}

fn all_cues(contract: &Contract) -> Vec<(Owner, &str)> {
    let mut cues = Vec::new();
    for (field, entry) in contract.fields.iter().enumerate() {
        cues.extend(entry.cues.iter().map(|cue| (Owner::Field(field), cue.as_str())));
        for (choice, label) in entry.choices.iter().enumerate() {
            cues.extend(label.cues.iter().map(|cue| (Owner::Choice { field, choice }, cue.as_str())));
        }
    }
    for (axis, entry) in contract.axes.iter().enumerate() {
        for (label, wanted) in entry.labels.iter().enumerate() {
            cues.extend(wanted.cues.iter().map(|cue| (Owner::Label { axis, label }, cue.as_str())));
        }
    }
    cues
}

/// A text in the form cues are written in: lower case, straight apostrophes, single spaces; with the way back.
pub(super) struct Folded {
    pub text: String,
    /// For each byte of `text`, and its end: the offset in the original.
    origin: Vec<usize>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len() + 1);
        for (offset, c) in original.char_indices() {
            let before = text.len();
            match c {
                '\u{2019}' | '\u{2018}' | '\u{00b4}' => text.push('\''),
                c if c.is_whitespace() => {
                    if !text.ends_with(' ') {
                        text.push(' ');
                    }
                }
                c => text.push(c.to_ascii_lowercase()),
            }
            origin.extend(std::iter::repeat_n(offset, text.len() - before));
        }
        origin.push(original.len());
        Self { text, origin }
    }

    /// Offset in the original text of an offset in the folded one.
    pub(super) fn original(&self, folded: usize) -> usize {
        self.origin.get(folded).copied().unwrap_or_else(|| self.origin.last().copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(fields: &str) -> Contract {
        let head = "kind = \"t\"\nversion = 1\ntitle = \"T\"\npurpose = \"p\"\n";
        Contract::parse(&format!("{head}{fields}"), "t.toml").unwrap()
    }

    fn owners(book: &CueBook, text: &str) -> Vec<Owner> {
        book.hits(&Folded::new(text).text).iter().map(|hit| hit.owner).collect()
    }

    #[test]
    fn cues_match_whole_words_in_any_case_across_line_breaks() {
        let contract = contract(
            "[[fields]]\nname = \"budget\"\ntype = \"money\"\ndescribe = \"d\"\ncues = [\"set aside\", \"we're on\", \"migrat*\"]\n",
        );
        let book = CueBook::compile(&contract);
        for text in ["We Set\r\naside 5k", "We\u{2019}re on Basic", "Migrating now"] {
            assert_eq!(owners(&book, text), [Owner::Field(0)], "{text:?}");
        }
        for text in ["upset aside", "set asides", "emigrate"] {
            assert!(owners(&book, text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn the_longer_of_two_cues_wins_over_the_one_inside_it() {
        let contract = contract(
            "[[fields]]\nname = \"in\"\ntype = \"list\"\ndescribe = \"d\"\ncues = [\"included\"]\n\
             [[fields]]\nname = \"out\"\ntype = \"list\"\ndescribe = \"d\"\ncues = [\"not included\"]\n",
        );
        let book = CueBook::compile(&contract);
        assert_eq!(owners(&book, "Copy is not included."), [Owner::Field(1)]);
        assert_eq!(owners(&book, "Copy is included."), [Owner::Field(0)]);
    }

    #[test]
    fn a_folded_text_knows_the_way_back() {
        let original = "A \u{2019}\n\n b";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "a ' b");
        assert_eq!(folded.original(4), original.find('b').unwrap());
        assert_eq!(folded.original(5), original.len());
    }
}
