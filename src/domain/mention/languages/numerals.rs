//! Numerals of other languages: what German and Dutch write as one word, and numbers of several words in any order of
//! hundreds, thousands and joints: "quatre-vingt-dix-sept", "dos mil quinientos", "eine halbe Million", "anderthalb".

use super::Language;
use crate::domain::mention::amount::{Quantity, tidy};
use crate::domain::mention::spelled::decimals;
use crate::domain::mention::words::{Term, Words};

/// The value of a numeral that is one word.
pub(in crate::domain::mention) fn compound(language: Language, word: &str) -> Option<f64> {
    /// The longest numeral below a million has under sixty letters.
    const LONGEST: usize = 80;
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    match language {
        Language::German => german(&lower.replace('ß', "ss").replace("ue", "ü").replace("oe", "ö")),
        Language::Dutch => dutch(&lower.replace("anderhalve", "anderhalf")),
        Language::Spanish => spanish(&lower),
        Language::English | Language::French => None,
    }
}

/// The number of an ordinal that is one word, up to 31: days of a month.
pub(in crate::domain::mention) fn ordinal(language: Language, word: &str) -> Option<u8> {
    let endings: &[&str] = match language {
        Language::German => &["sten", "ster", "stes", "ste", "ten", "ter", "tes", "te"],
        Language::Dutch => &["ste", "de"],
        Language::English | Language::French | Language::Spanish => return None,
    };
    let lower = word.to_lowercase();
    let value = endings.iter().filter_map(|ending| lower.strip_suffix(ending)).find_map(|stem| compound(language, stem))?;
    (value.fract() == 0.0 && (1.0..=31.0).contains(&value)).then_some(value as u8)
}

type Table = [(&'static str, u32)];

fn in_table(table: &Table, word: &str) -> Option<u32> {
    table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// How a language builds its compounds.
struct Grammar {
    units: &'static Table,
    tens: &'static Table,
    /// Between a unit and the tens after it.
    joints: &'static [&'static str],
    hundred: &'static str,
    thousand: &'static str,
    /// Endings that add a half.
    halves: &'static [&'static str],
    one_and_a_half: &'static str,
}

impl Grammar {
    fn value(&self, word: &str) -> Option<f64> {
        if word == self.one_and_a_half {
            return Some(1.5);
        }
        if let Some(whole) = self.halves.iter().find_map(|half| word.strip_suffix(half)) {
            return self.below_hundred(whole).map(|whole| f64::from(whole) + 0.5);
        }
        let value = match word.split_once(self.thousand) {
            Some((left, right)) => self.multiple(left, 1000)? + self.rest(right, Self::below_thousand)?,
            None => self.below_thousand(word)?,
        };
        Some(f64::from(value))
    }

    fn below_thousand(&self, word: &str) -> Option<u32> {
        match word.split_once(self.hundred) {
            Some((left, right)) => {
                let hundreds = if left.is_empty() { 1 } else { self.below_hundred(left)? };
                Some(hundreds * 100 + self.rest(right, Self::below_hundred)?)
            }
            None => self.below_hundred(word),
        }
    }

    fn multiple(&self, left: &str, factor: u32) -> Option<u32> {
        if left.is_empty() { Some(factor) } else { Some(self.below_thousand(left)? * factor) }
    }

    /// What follows a hundred or a thousand, with or without "und".
    fn rest(&self, right: &str, read: fn(&Self, &str) -> Option<u32>) -> Option<u32> {
        if right.is_empty() {
            return Some(0);
        }
        read(self, right).or_else(|| self.joints.iter().find_map(|joint| read(self, right.strip_prefix(joint)?)))
    }

    fn below_hundred(&self, word: &str) -> Option<u32> {
        if let Some(value) = in_table(self.units, word).or_else(|| in_table(self.tens, word)) {
            return Some(value);
        }
        let (tens, value) = self.tens.iter().find_map(|(name, value)| Some((word.strip_suffix(name)?, *value)))?;
        let unit = self.joints.iter().find_map(|joint| tens.strip_suffix(joint))?;
        in_table(self.units, unit).filter(|unit| (1..10).contains(unit)).map(|unit| value + unit)
    }
}

fn german(word: &str) -> Option<f64> {
    static GERMAN: Grammar = Grammar {
        units: &[
            ("ein", 1),
            ("eins", 1),
            ("eine", 1),
            ("zwei", 2),
            ("zwo", 2),
            ("drei", 3),
            ("vier", 4),
            ("fünf", 5),
            ("sechs", 6),
            ("sieben", 7),
            ("acht", 8),
            ("neun", 9),
            ("zehn", 10),
            ("elf", 11),
            ("zwölf", 12),
            ("dreizehn", 13),
            ("vierzehn", 14),
            ("fünfzehn", 15),
            ("sechzehn", 16),
            ("siebzehn", 17),
            ("achtzehn", 18),
            ("neunzehn", 19),
        ],
        tens: &[
            ("zwanzig", 20),
            ("dreissig", 30),
            ("vierzig", 40),
            ("fünfzig", 50),
            ("sechzig", 60),
            ("siebzig", 70),
            ("achtzig", 80),
            ("neunzig", 90),
        ],
        joints: &["und"],
        hundred: "hundert",
        thousand: "tausend",
        halves: &["einhalb"],
        one_and_a_half: "anderthalb",
    };
    GERMAN.value(word)
}

fn dutch(word: &str) -> Option<f64> {
    static DUTCH: Grammar = Grammar {
        units: &[
            ("een", 1),
            ("één", 1),
            ("twee", 2),
            ("drie", 3),
            ("vier", 4),
            ("vijf", 5),
            ("zes", 6),
            ("zeven", 7),
            ("acht", 8),
            ("negen", 9),
            ("tien", 10),
            ("elf", 11),
            ("twaalf", 12),
            ("dertien", 13),
            ("veertien", 14),
            ("vijftien", 15),
            ("zestien", 16),
            ("zeventien", 17),
            ("achttien", 18),
            ("negentien", 19),
        ],
        tens: &[
            ("twintig", 20),
            ("dertig", 30),
            ("veertig", 40),
            ("vijftig", 50),
            ("zestig", 60),
            ("zeventig", 70),
            ("tachtig", 80),
            ("negentig", 90),
        ],
        joints: &["en", "ën"],
        hundred: "honderd",
        thousand: "duizend",
        halves: &["eneenhalf", "eenhalf", "ënhalf", "enhalf"],
        one_and_a_half: "anderhalf",
    };
    DUTCH.value(word)
}

fn spanish(word: &str) -> Option<f64> {
    const HUNDREDS: [(&str, u32); 9] = [
        ("doscient", 200),
        ("trescient", 300),
        ("cuatrocient", 400),
        ("quinient", 500),
        ("seiscient", 600),
        ("setecient", 700),
        ("ochocient", 800),
        ("novecient", 900),
        ("sietecient", 700),
    ];
    const UNITS: [(&str, u32); 14] = [
        ("uno", 1),
        ("ún", 1),
        ("un", 1),
        ("una", 1),
        ("dós", 2),
        ("dos", 2),
        ("trés", 3),
        ("tres", 3),
        ("cuatro", 4),
        ("cinco", 5),
        ("séis", 6),
        ("siete", 7),
        ("ocho", 8),
        ("nueve", 9),
    ];
    let hundreds = word.strip_suffix("os").or_else(|| word.strip_suffix("as")).and_then(|stem| in_table(&HUNDREDS, stem));
    let twenties = || word.strip_prefix("veinti").and_then(|unit| in_table(&UNITS, unit)).map(|unit| 20 + unit);
    hundreds.or_else(twenties).map(f64::from)
}

/// A number of one or more words.
pub(in crate::domain::mention) fn spelled_at(words: &Words<'_>, i: usize) -> Option<Quantity> {
    let first = if starts_after_article(words, i) { i + 1 } else { i };
    if words.is_any(first, &["half"]) {
        let next = if words.is_hyphen(first + 1) { first + 2 } else { first + 1 };
        return match words.term(next) {
            Term::Scale(scale) => {
                Some(Quantity { end: next + 1, value: 0.5 * scale.factor(), mantissa: 0.5, scale: Some(scale.factor()) })
            }
            _ => None,
        };
    }
    let mut numeral =
        Numeral { language: words.language(), total: 0.0, current: 0.0, last: 0.0, room: f64::INFINITY, scale: None };
    if first > i && matches!(words.term(first), Term::Hundred | Term::Scale(_)) {
        (numeral.current, numeral.last) = (1.0, 1.0);
    }
    let mut end = first;
    while let Some(next) = numeral.take(words, end) {
        end = next;
    }
    (end > first).then(|| numeral.quantity(end))
}

/// "Eine Million", "une soixantaine", "een half miljoen": the article is no number of its own.
fn starts_after_article(words: &Words<'_>, i: usize) -> bool {
    let next = i + 1;
    words.is_any(i, &["a"])
        && (matches!(words.term(next), Term::Hundred | Term::Scale(_) | Term::Dozen)
            || words.is_any(next, &["half"])
            || words.language() == Language::French && words.text_of(next).ends_with("aine"))
}

struct Numeral {
    language: Language,
    /// Finished groups: thousands, millions.
    total: f64,
    /// The group being read.
    current: f64,
    /// What was added last.
    last: f64,
    /// What comes next must be less.
    room: f64,
    scale: Option<f64>,
}

impl Numeral {
    /// Reads on at word `at`; the word after what was read.
    fn take(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        let started = self.current > 0.0 || self.scale.is_some();
        if started && words.is_any(at, &["and"]) {
            return self.take_half(words, at + 1).or_else(|| self.take_after_joint(words, at + 1));
        }
        if started && words.is_hyphen(at) {
            return self.take_piece(words, at + 1);
        }
        if started && self.scale.is_none() && words.is_any(at, &["point"]) {
            return self.take_decimals(words, at + 1);
        }
        self.take_piece(words, at)
    }

    fn take_after_joint(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        // "Vingt et un", "treinta y cinco"; "a hundred and two" only where no comma could stand.
        (self.room <= 100.0).then(|| self.take_piece(words, at)).flatten()
    }

    /// "Two and a half", "a million and a half".
    fn take_half(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        let at = if words.is_any(at, &["a"]) { at + 1 } else { at };
        if !words.is_any(at, &["half"]) {
            return None;
        }
        if self.current > 0.0 {
            self.current += 0.5;
        } else {
            self.total += 0.5 * self.scale?;
        }
        self.room = 0.0;
        Some(at + 1)
    }

    fn take_decimals(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        self.room = 0.0;
        let (end, fraction) = decimals(words, at)?;
        self.current += fraction;
        Some(end)
    }

    fn take_piece(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        let is_taken = match words.term(at) {
            // "Un" within a number: "vingt et un", "treinta y un".
            Term::Article => matches!(self.room, 10.0 | 20.0) && words.is_any(at, &["a"]) && self.add(1.0),
            Term::Small(n) => self.add(f64::from(n)),
            Term::Tens(n) => self.add(f64::from(n)),
            Term::Cardinal => self.add(words.cardinal(at)?),
            Term::Dozen => self.add(12.0),
            Term::Hundred => self.take_hundred(),
            // Single letters are units and initials.
            Term::Scale(scale) if words.text_of(at).len() > 2 => self.take_scale(scale.factor()),
            _ => false,
        };
        is_taken.then_some(at + 1)
    }

    fn add(&mut self, value: f64) -> bool {
        // Four twenties are eighty.
        if self.language == Language::French && value == 20.0 && self.last == 4.0 {
            self.current += 76.0;
            (self.last, self.room) = (80.0, 20.0);
            return true;
        }
        let is_first = self.room == f64::INFINITY;
        if value >= self.room || (value == 0.0 && !is_first) {
            return false;
        }
        self.current += value;
        (self.last, self.room) = (value, self.room_after(value));
        true
    }

    fn room_after(&self, value: f64) -> f64 {
        let is_french = self.language == Language::French;
        match value {
            10.0 if is_french => 10.0,
            60.0 if is_french => 20.0,
            10.0 => 0.0,
            _ if value >= 1000.0 && value % 1000.0 == 0.0 => 1000.0,
            _ if value >= 100.0 && value % 100.0 == 0.0 => 100.0,
            _ if value < 100.0 && value % 10.0 == 0.0 => 10.0,
            _ => 0.0,
        }
    }

    fn take_hundred(&mut self) -> bool {
        if self.current == 0.0 {
            return self.add(100.0);
        }
        if self.current >= 100.0 || self.last != self.current {
            return false;
        }
        self.current *= 100.0;
        (self.last, self.room) = (self.current, 100.0);
        true
    }

    fn take_scale(&mut self, scale: f64) -> bool {
        match self.scale {
            Some(last) if self.current == 0.0 && scale > last => self.total *= scale,
            Some(last) if self.current == 0.0 || scale >= last => return false,
            // A bare thousand is a number; a bare million is a unit: "in Millionen".
            None if self.current == 0.0 && scale > 1e3 => return false,
            _ => self.total += self.current.max(1.0) * scale,
        }
        (self.current, self.last, self.room, self.scale) = (0.0, 0.0, scale, Some(scale));
        true
    }

    fn quantity(&self, end: usize) -> Quantity {
        let value = tidy(self.total + self.current);
        let mantissa = self.scale.map_or(value, |scale| value / scale);
        Quantity { end, value, mantissa, scale: self.scale }
    }
}
