//! [`Words`]: a text as its words alone, so that two copies of it are equal however they are wrapped, marked or quoted.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::links::plain_links;
use super::visible::is_invisible;

/// The words of many texts, one after the other. A word is known by its hash only: four bytes each.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(Vec<u32>);

/// Where the words of one text are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    start: u32,
    end: u32,
    /// How much they say, in words of a script with spaces: three characters of Chinese or Japanese are one word.
    weight: u32,
}

impl Place {
    pub(super) fn words(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn weight(self) -> usize {
        self.weight as usize
    }
}

impl Words {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Words in a row. Two texts whose words are equal are copies of each other.
    pub(super) fn get(&self, words: Range<usize>) -> &[u32] {
        &self.0[words]
    }

    /// Adds the words of a text: without case, punctuation and what is not seen, with rewritten links as they were.
    pub(super) fn push(&mut self, text: &str) -> Place {
        let start = self.len();
        let text = plain_links(text);
        let characters = if text.is_ascii() { self.push_ascii(text.as_bytes()) } else { self.push_unicode(&text) };
        let weight = self.len() - start - characters + characters.div_ceil(3);
        // A source has less than four thousand million words: its size is limited.
        let [start, end, weight] = [start, self.len(), weight].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        Place { start, end, weight }
    }

    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    fn push_ascii(&mut self, text: &[u8]) -> usize {
        let mut word = Word::default();
        for byte in text {
            if byte.is_ascii_alphanumeric() {
                word.add(byte.to_ascii_lowercase());
            } else {
                self.end(&mut word);
            }
        }
        self.end(&mut word);
        0
    }

    /// Returns how many of the words are single characters of a script without spaces.
    fn push_unicode(&mut self, text: &str) -> usize {
        let mut word = Word::default();
        let mut characters = 0;
        for c in text.chars().filter(|c| !is_invisible(*c) || c.is_control()).nfkc().flat_map(char::to_lowercase) {
            let is_own_word = has_no_spaces(c);
            if is_own_word || !c.is_alphanumeric() {
                self.end(&mut word);
            }
            if c.is_alphanumeric() {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| word.add(byte));
            }
            if is_own_word {
                self.end(&mut word);
                characters += 1;
            }
        }
        self.end(&mut word);
        characters
    }

    fn end(&mut self, word: &mut Word) {
        self.0.extend(std::mem::take(word).finish());
    }
}

/// Han and kana stand without spaces: each character is a word.
fn has_no_spaces(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

/// FNV-1a over the bytes of a word, mixed at the end.
struct Word {
    hash: u64,
    is_empty: bool,
}

impl Default for Word {
    fn default() -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, is_empty: true }
    }
}

impl Word {
    fn add(&mut self, byte: u8) {
        self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        self.is_empty = false;
    }

    fn finish(self) -> Option<u32> {
        let mixed = (self.hash ^ (self.hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (!self.is_empty).then_some((mixed >> 32) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn same(a: &str, b: &str) -> bool {
        let mut words = Words::default();
        let (a, b) = (words.push(a).words(), words.push(b).words());
        words.get(a) == words.get(b)
    }

    #[test]
    fn wrapping_marks_quotes_and_case_make_no_difference() {
        let text = "We don't have more than 45,000 for the \"pilot\".";
        for copy in [
            "> We don’t have\r\n> more than 45,000\r\n> for the “pilot”.",
            "we DON'T have more than 45 000 for the pilot",
            "We don\u{2019}t have m\u{200b}ore than\u{a0}45,000 for the ‚pilot‘ …",
        ] {
            assert!(same(text, copy), "{copy}");
        }
        assert!(same("Mu\u{308}ller zahlt", "Müller zahlt") && same("ＦＵＬＬ width", "full width"));
        assert!(!same(text, "We don't have more than 46,000 for the \"pilot\".") && !same("a bc", "ab c"));
    }

    #[test]
    fn links_that_a_mail_gateway_rewrote_are_the_same_words() {
        let plain = "See https://docs.north.example/a?b=c for more.";
        let safe = "See https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fdocs.north.example%2Fa%3Fb%3Dc&data=05%7C01&reserved=0 for more.";
        assert!(same(plain, safe));
    }

    #[test]
    fn characters_of_scripts_without_spaces_are_words_that_weigh_less() {
        let mut words = Words::default();
        let place = words.push("予算は45,000ユーロです");
        assert_eq!((place.words().len(), place.weight()), (10, 5));
        assert_eq!(words.push("It is 45,000 euros").weight(), 5, "a number with a mark is two words in both");
    }
}
