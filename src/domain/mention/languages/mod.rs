//! Texts that are not English: German, French, Dutch and Spanish.
//!
//! Each language is a glossary: which of its words mean which English word. A text that is not English is read with a
//! vocabulary in which those words stand over the English ones, each with the meaning and the place in the grammar of the
//! English word, so that all matchers read it: "Ende nächster Woche" is "end next week". What is truly different has its
//! own code: numerals ([`numerals`]), days in another order (`date/foreign.rs`).
//!
//! English must be read exactly as if there were no other language, and as fast. So the language is told from words that
//! the one look at the vocabulary finds anyway: function words, months and numerals of the other languages are marked
//! there. A text without such a mark is English, and nothing more is asked. Otherwise the marks of each language are
//! counted against those of English; only if another language has more is the text read again with its vocabulary.
//! Words that English has too (`die`, `once`, `on`, `son`, `pro`, `an`) never make a text foreign.

mod dutch;
mod french;
mod german;
pub(super) mod numerals;
mod spanish;
#[cfg(test)]
mod tests;

use super::vocabulary::VOCABULARY;
use super::words::Words;

/// A language whose numbers, days and denials are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    German,
    French,
    Dutch,
    Spanish,
}

impl Language {
    /// All but English.
    pub(super) const FOREIGN: [Self; 4] = [Self::German, Self::French, Self::Dutch, Self::Spanish];

    /// The language of a BCP 47 tag, if it is one of these.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next().unwrap_or_default() {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            "fr" => Some(Self::French),
            "nl" | "af" => Some(Self::Dutch),
            "es" | "gl" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// What its words mean; `None` for English.
    pub(super) fn glossary(self) -> Option<&'static Glossary> {
        match self {
            Self::English => None,
            Self::German => Some(&german::GLOSSARY),
            Self::French => Some(&french::GLOSSARY),
            Self::Dutch => Some(&dutch::GLOSSARY),
            Self::Spanish => Some(&spanish::GLOSSARY),
        }
    }

    /// Bit of the language among the marks of a word.
    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What the words of a language mean. All in lower case, as written with accents.
pub(super) struct Glossary {
    /// A line for each English word, and after a colon the words that mean it; nothing before the colon: words that mean
    /// none of the words known here, whatever they mean in English.
    pub(super) words: &'static str,
    /// January to December.
    pub(super) months: [&'static str; 12],
    /// Monday to Sunday.
    pub(super) weekdays: [&'static str; 7],
    /// Words that no English text has: one of them may tell the language.
    pub(super) sure: &'static str,
    /// Words that other languages or names have too: they only add to the count.
    pub(super) common: &'static str,
    /// A phrase a line.
    pub(super) denials: &'static str,
    pub(super) no_denials: &'static str,
    pub(super) hedges: &'static str,
    pub(super) firm: &'static str,
    /// Who promises, and the verbs of promises in that person: either may come first.
    pub(super) promises: &'static [(&'static str, &'static str)],
}

impl Glossary {
    /// Pairs of an English word (or nothing) and the words that mean it.
    pub(super) fn meanings(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.words.lines().filter_map(|line| line.split_once(':')).map(|(english, words)| (english.trim(), words))
    }
}

/// English words that count for English. All are in the vocabulary.
pub(super) const ENGLISH_SURE: &str = "the and to for with that you are our have this it they their be from by not can your but \
    would about what there were been has i'm i'll we'll it's don't which when them than could should could who how";
pub(super) const ENGLISH_COMMON: &str = "we of is was in on at as or if so will me no all an a i over do he she his her also";

/// Words of the glossaries that English texts have too.
pub(super) const IN_ENGLISH_TOO: [&str; 15] = [
    "cents", "comment", "premier", "weekend", "media", "medio", "final", "miles", "begin", "passé", "fuera", "minute", "minutes",
    "licence", "seconde",
];

/// Marks of words: which languages they may tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) sure: u8,
    pub(super) common: u8,
}

/// The language of a text that holds a sure word of one that is not English.
pub(super) fn language_of(words: &Words<'_>) -> Language {
    /// So many common words, and none of English, tell as much as a sure one.
    const ENOUGH: u32 = 3;
    let (mut scores, mut is_sure) = ([0_u32; 5], 0);
    for marks in words.marks() {
        is_sure |= marks.sure;
        for (language, score) in scores.iter_mut().enumerate() {
            *score += u32::from(marks.sure >> language & 1) * 2 + u32::from(marks.common >> language & 1);
        }
    }
    let mut best = Language::English;
    for language in Language::FOREIGN {
        let score = scores[language as usize];
        let may_be = is_sure & language.bit() != 0 || score >= ENOUGH && scores[0] == 0;
        if may_be && score > scores[best as usize] {
            best = language;
        }
    }
    best
}

/// The language of a short text without a known word of any: "elfduizend", "Sechzigtausend Euro".
pub(super) fn language_of_numeral(words: &Words<'_>) -> Language {
    /// Longer texts have function words.
    const LONGEST: usize = 12;
    /// English words below it are no numerals of other languages by chance: "achtend", "zesvier".
    const LEAST_LETTERS: usize = 7;
    if words.len() > LONGEST || words.marks().any(|marks| (marks.sure | marks.common) & Language::English.bit() != 0) {
        return Language::English;
    }
    let is_numeral = |language: Language| {
        (0..words.len()).any(|i| {
            let word = words.text_of(i);
            words.is_letters(i)
                && word.len() >= LEAST_LETTERS
                && VOCABULARY.lacks(word)
                && numerals::compound(language, word).is_some()
        })
    };
    [Language::German, Language::Dutch, Language::Spanish]
        .into_iter()
        .find(|language| is_numeral(*language))
        .unwrap_or(Language::English)
}
