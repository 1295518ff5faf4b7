//! One pass over a text: words, runs of digits and symbols with their offsets, and what a word can mean.
//!
//! Everything else in [`super`] matches on these instead of running regexes over the text again.

use super::languages::{self, Language, Marks, numerals};
use super::phrases::PhraseKind;
pub(super) use super::vocabulary::{Scale, Spelling, Term};
use super::vocabulary::{UNKNOWN, Vocabulary, vocabulary};
use crate::domain::brief::Span;

/// A text and its words.
pub(super) struct Words<'t> {
    text: &'t str,
    list: Vec<Word>,
    vocabulary: &'static Vocabulary,
    language: Language,
    /// Whether a word of the text may tell that it is not English.
    has_marks: bool,
    /// The numbers that are one word, by the place of the word. English has none.
    cardinals: Vec<(usize, f64)>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    /// Number in the vocabulary.
    number: u16,
    kind: Kind,
    /// Kinds of phrases that start here.
    starts: u8,
    term: Term,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Letters, with apostrophes between them.
    Letters,
    /// ASCII digits.
    Digits,
    /// One character that is neither.
    Symbol,
    /// A link or a mail address: never looked into.
    Opaque,
}

impl<'t> Words<'t> {
    /// Reads a text in the language it is in.
    pub(super) fn scan(text: &'t str) -> Self {
        let words = Self::scan_as(text, Language::English);
        match words.tell_language() {
            Language::English => words,
            language => Self::scan_as(text, language),
        }
    }

    /// The language of a text that was scanned as English.
    fn tell_language(&self) -> Language {
        /// In bytes: longer texts have function words.
        const SHORT: usize = 96;
        let language = if self.has_marks { languages::language_of(self) } else { Language::English };
        match language {
            Language::English if self.text.len() <= SHORT => languages::language_of_numeral(self),
            language => language,
        }
    }

    fn scan_as(text: &'t str, language: Language) -> Self {
        let list = Vec::with_capacity(text.len() / 5 + 4);
        let vocabulary = vocabulary(language);
        let mut words = Self { text, list, vocabulary, language, has_marks: false, cardinals: Vec::new() };
        let mut at = 0;
        let mut chunk = 0;
        while at < text.len() {
            at = match kind_at(text, at) {
                Some(kind) => words.take(kind, at, chunk),
                None => {
                    chunk = char_end(text, at);
                    chunk
                }
            };
        }
        words
    }

    /// Takes the word at `at` in the chunk between white space that starts at `chunk`; where to go on.
    fn take(&mut self, kind: Kind, at: usize, chunk: usize) -> usize {
        let text = self.text;
        if kind == Kind::Symbol && is_inside_address(text, at) {
            return self.take_address(chunk);
        }
        let end = match kind {
            Kind::Letters => letters_end(text, at),
            Kind::Digits => at + text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
            Kind::Symbol | Kind::Opaque => char_end(text, at),
        };
        let mut word = Word { start: at, end, number: UNKNOWN, kind, starts: 0, term: Term::Other };
        if kind == Kind::Letters {
            word.number = self.vocabulary.find(&text[at..end]);
            if let Some(entry) = self.vocabulary.entries.get(usize::from(word.number)) {
                word.term = entry.term;
                word.starts = entry.starts;
                self.has_marks |= entry.tells_a_language();
            } else if self.language != Language::English {
                self.find_in_parts(&mut word);
            } else {
                self.has_marks |= !text[at..end].is_ascii();
            }
        }
        self.list.push(word);
        end
    }

    /// A word that the glossary has only a part of: "d'avril", "achtundzwanzig", "fünfzehnten".
    fn find_in_parts(&mut self, word: &mut Word) {
        let written = &self.text[word.start..word.end];
        if let Some((at, mark)) = written.char_indices().find(|(_, c)| matches!(c, '\'' | '’')) {
            word.number = self.vocabulary.find(&written[at + mark.len_utf8()..]);
            if let Some(entry) = self.vocabulary.entries.get(usize::from(word.number)) {
                word.term = entry.term;
            }
        } else if let Some(value) = numerals::compound(self.language, written) {
            word.term = Term::Cardinal;
            self.cardinals.push((self.list.len(), value));
        } else if let Some(n) = numerals::ordinal(self.language, written) {
            word.term = Term::Ordinal(n);
        }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.language != Language::English
    }

    /// The marks of all known words. What means something in English and has no mark counts for English.
    pub(super) fn marks(&self) -> impl Iterator<Item = Marks> {
        let entries = self.list.iter().filter_map(|word| self.vocabulary.entries.get(usize::from(word.number)));
        entries.map(|entry| match entry.term {
            Term::Other => entry.marks,
            _ if entry.marks == Marks::default() => Marks { sure: 0, common: Language::English.bit() },
            _ => entry.marks,
        })
    }

    /// The number that is one word.
    pub(super) fn cardinal(&self, i: usize) -> Option<f64> {
        let at = self.cardinals.binary_search_by_key(&i, |(word, _)| *word).ok()?;
        self.cardinals.get(at).map(|(_, value)| *value)
    }

    /// The word in English: as written where it is English or not known, empty where it means no word that is.
    pub(super) fn meaning(&self, i: usize) -> &'t str {
        if self.language == Language::English {
            return self.text_of(i);
        }
        let entry = self.list.get(i).and_then(|word| self.vocabulary.entries.get(usize::from(word.number)));
        entry.and_then(|entry| entry.means).unwrap_or_else(|| self.text_of(i))
    }

    /// Makes the whole chunk one opaque word, but for the punctuation after it.
    fn take_address(&mut self, chunk: usize) -> usize {
        while self.list.last().is_some_and(|word| word.start >= chunk) {
            self.list.pop();
        }
        let rest = &self.text[chunk..];
        let end = chunk + rest.find(char::is_whitespace).unwrap_or(rest.len());
        let bare = self.text[chunk..end].trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '/');
        let word =
            Word { start: chunk, end: chunk + bare.len(), number: UNKNOWN, kind: Kind::Opaque, starts: 0, term: Term::Other };
        self.list.push(word);
        end
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The word as written; empty beyond the end.
    pub(super) fn text_of(&self, i: usize) -> &'t str {
        self.list.get(i).map_or("", |word| &self.text[word.start..word.end])
    }

    fn kind(&self, i: usize) -> Option<Kind> {
        self.list.get(i).map(|word| word.kind)
    }

    /// What the word can mean; `Other` beyond the end.
    pub(super) fn term(&self, i: usize) -> Term {
        self.list.get(i).map_or(Term::Other, |word| word.term)
    }

    /// Term of the word before; `Other` at the start.
    pub(super) fn term_before(&self, i: usize) -> Term {
        i.checked_sub(1).map_or(Term::Other, |before| self.term(before))
    }

    /// Whether the word cannot be what was counted.
    pub(super) fn is_function(&self, i: usize) -> bool {
        matches!(self.term(i), Term::Function | Term::Article | Term::Relative(_))
    }

    /// Whether the word is one of these lower-case ASCII words, in any case.
    pub(super) fn is_any(&self, i: usize, lower: &[&str]) -> bool {
        let text = self.meaning(i);
        lower.iter().any(|word| is_same(text, word))
    }

    /// Whether the word before is one of these.
    pub(super) fn is_any_before(&self, i: usize, lower: &[&str]) -> bool {
        i.checked_sub(1).is_some_and(|before| self.is_any(before, lower))
    }

    /// Whether a phrase of this kind may start here.
    pub(super) fn may_start(&self, i: usize, kind: PhraseKind) -> bool {
        self.list.get(i).is_some_and(|word| word.starts & kind.bit() != 0)
    }

    /// The word after the longest phrase of this kind that starts here.
    pub(super) fn phrase_end(&self, i: usize, kind: PhraseKind) -> Option<usize> {
        if !self.may_start(i, kind) {
            return None;
        }
        let entry = self.vocabulary.entries.get(usize::from(self.list.get(i)?.number))?;
        let after = &self.list[i + 1..];
        let fits =
            |rest: &[u16]| rest.len() <= after.len() && rest.iter().zip(after).all(|(number, word)| *number == word.number);
        let longest =
            entry.phrases.iter().filter(|(other, rest)| *other == kind && fits(rest)).map(|(_, rest)| rest.len()).max()?;
        Some(i + 1 + longest)
    }

    pub(super) fn is_symbol(&self, i: usize, symbols: &[char]) -> bool {
        self.kind(i) == Some(Kind::Symbol) && self.text_of(i).starts_with(symbols)
    }

    pub(super) fn is_letters(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Letters)
    }

    pub(super) fn is_digits(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Digits)
    }

    pub(super) fn is_capitalised(&self, i: usize) -> bool {
        self.text_of(i).starts_with(char::is_uppercase)
    }

    /// Whether nothing stands between this word and the next.
    pub(super) fn is_glued(&self, i: usize) -> bool {
        match (self.list.get(i), self.list.get(i + 1)) {
            (Some(word), Some(next)) => word.end == next.start,
            _ => false,
        }
    }

    /// Whether nothing stands between this word and the one before.
    pub(super) fn is_glued_before(&self, i: usize) -> bool {
        i.checked_sub(1).is_some_and(|before| self.is_glued(before))
    }

    /// Whether the word is a hyphen or dash between two words without spaces.
    pub(super) fn is_hyphen(&self, i: usize) -> bool {
        self.is_symbol(i, &['-', '–', '‑']) && self.is_glued_before(i) && self.is_glued(i)
    }

    /// What stands between this word and the next: nothing or white space.
    pub(super) fn gap(&self, i: usize) -> &'t str {
        match (self.list.get(i), self.list.get(i + 1)) {
            (Some(word), Some(next)) => &self.text[word.end..next.start],
            _ => "",
        }
    }

    /// The value of a short run of digits.
    pub(super) fn integer(&self, i: usize) -> Option<u32> {
        if !self.is_digits(i) || self.text_of(i).len() > 9 {
            return None;
        }
        self.text_of(i).parse().ok()
    }

    /// The span of the words `first..end`; `first < end` and both are words of this text.
    pub(super) fn span(&self, first: usize, end: usize) -> Span {
        Span { start: self.list[first].start, end: self.list[end - 1].end }
    }

    /// Whether a sentence may end with this mark.
    pub(super) fn is_break(&self, i: usize) -> bool {
        self.is_symbol(i, &['?', '!', ';']) || (self.is_symbol(i, &['.']) && !self.is_glued(i))
    }
}

/// The kind of the word that starts here; `None` for white space.
fn kind_at(text: &str, at: usize) -> Option<Kind> {
    match text.as_bytes()[at] {
        b' ' | b'\t'..=b'\r' => None,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => Some(Kind::Letters),
        b'0'..=b'9' => Some(Kind::Digits),
        0..=0x7f => Some(Kind::Symbol),
        _ => match text[at..].chars().next() {
            Some(c) if c.is_whitespace() => None,
            Some(c) if c.is_alphabetic() => Some(Kind::Letters),
            _ => Some(Kind::Symbol),
        },
    }
}

fn char_end(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

fn letters_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    loop {
        end += bytes[end..].iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
        // An apostrophe between letters and a combining mark belong to the word.
        match text[end..].chars().next() {
            Some('\'' | '’') if end > at => {
                let after = char_end(text, end);
                if !text[after..].starts_with(char::is_alphabetic) {
                    return end;
                }
                end = after;
            }
            Some(c) if !c.is_ascii() && (c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)) => end += c.len_utf8(),
            _ => return end,
        }
    }
}

/// Whether the symbol at `at` is one that only addresses have there: `a@b`, `http://`, `www.`.
fn is_inside_address(text: &str, at: usize) -> bool {
    let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at..]);
    match rest[0] {
        b'@' => before.last().is_some_and(u8::is_ascii_alphanumeric) && rest.get(1).is_some_and(u8::is_ascii_alphanumeric),
        b':' => rest.starts_with(b"://"),
        b'.' => before.len() >= 3 && before[before.len() - 3..].eq_ignore_ascii_case(b"www"),
        _ => false,
    }
}

/// The same but for case and the kind of apostrophe.
fn is_same(text: &str, lower: &str) -> bool {
    text.eq_ignore_ascii_case(lower)
        || (text.len() == lower.len() + 2 && text.contains('’') && text.replace('’', "'").eq_ignore_ascii_case(lower))
}
