//! Numbers in words: `a hundred and twenty-eight`, `one point two million`, `two and a half`.

use super::amount::{Quantity, scaled, tidy};
use super::words::{Scale, Term, Words};

/// A number in words. The grammar of English numerals, with `and`, hyphens, `a hundred`, `one point two`, `two and a half`.
pub(super) fn spelled_at(words: &Words<'_>, i: usize) -> Option<Quantity> {
    if words.is_any(i, &["half"]) && words.is_any(i + 1, &["a"]) {
        return match words.term(i + 2) {
            Term::Scale(_) | Term::Dozen => Some(scaled(words, 0.5, i + 2)),
            _ => None,
        };
    }
    let starts = match words.term(i) {
        Term::Small(_) | Term::Tens(_) => true,
        Term::Hundred => !words.is_any_before(i, &["couple", "few", "several", "of"]),
        _ => words.is_any(i, &["a"]) && is_written_scale(words, i + 1),
    };
    if !starts {
        return None;
    }
    let mut numeral = Numeral::default();
    let mut end = if words.is_any(i, &["a"]) {
        numeral.current = 1.0;
        i + 1
    } else {
        i
    };
    while let Some(next) = numeral.take(words, end) {
        end = next;
    }
    Some(numeral.quantity(end))
}

fn is_written_scale(words: &Words<'_>, i: usize) -> bool {
    match words.term(i) {
        Term::Hundred | Term::Dozen => true,
        Term::Scale(_) => words.text_of(i).len() > 3 && !words.text_of(i).ends_with('s'),
        _ => false,
    }
}

/// A numeral being read.
#[derive(Debug, Default)]
struct Numeral {
    /// Finished groups: thousands, millions.
    total: f64,
    /// The group being read.
    current: f64,
    /// Smallest place that was filled in this group: 1, 10 or 100; 0 at its start.
    place: u32,
    last_scale: Option<f64>,
}

impl Numeral {
    /// Reads on at word `at`; the word after what was read, or `None` where the numeral ends.
    fn take(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        let started = self.place != 0 || self.last_scale.is_some();
        // Transcripts also write "twenty - five".
        let is_spaced = self.place == 10 && words.gap(at) == " " && matches!(words.term(at + 1), Term::Small(1..=9));
        if started && words.is_symbol(at, &['-', '‑']) && (words.is_hyphen(at) || is_spaced) {
            return self.take_term(words.term(at + 1)).then_some(at + 2);
        }
        if started && words.is_any(at, &["and"]) {
            return self.take_after_and(words, at + 1);
        }
        if started && self.last_scale.is_none() && words.is_any(at, &["point"]) {
            return self.take_decimals(words, at + 1);
        }
        self.take_term(words.term(at)).then_some(at + 1)
    }

    fn take_after_and(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        if words.is_any(at, &["a"]) && words.is_any(at + 1, &["half"]) {
            self.current += 0.5;
            self.place = 1;
            return Some(at + 2);
        }
        let after_hundred_or_scale = self.place == 100 || (self.place == 0 && self.last_scale.is_some());
        (after_hundred_or_scale && self.take_term(words.term(at))).then_some(at + 1)
    }

    fn take_decimals(&mut self, words: &Words<'_>, mut at: usize) -> Option<usize> {
        let first = at;
        let mut weight = 0.1;
        while let Term::Small(digit @ 0..=9) = words.term(at) {
            self.current += f64::from(digit) * weight;
            weight /= 10.0;
            at += 1;
        }
        self.place = 1;
        (at > first).then_some(at)
    }

    fn take_term(&mut self, term: Term) -> bool {
        match term {
            Term::Small(n) if self.place == 0 || self.place == 100 || (self.place == 10 && (1..10).contains(&n)) => {
                self.current += f64::from(n);
                self.place = 1;
            }
            Term::Tens(n) if self.place == 0 || self.place == 100 => {
                self.current += f64::from(n);
                self.place = 10;
            }
            Term::Hundred if self.current < 100.0 && self.place != 100 => {
                self.current = self.current.max(1.0) * 100.0;
                self.place = 100;
            }
            Term::Dozen if self.current < 100.0 && self.last_scale.is_none() => {
                self.current = self.current.max(1.0) * 12.0;
                self.place = 1;
            }
            Term::Scale(scale) if self.current > 0.0 && self.last_scale.is_none_or(|last| scale.factor() < last) => {
                self.close_group(scale)
            }
            _ => return false,
        }
        true
    }

    fn close_group(&mut self, scale: Scale) {
        self.total += self.current * scale.factor();
        self.current = 0.0;
        self.place = 0;
        self.last_scale = Some(scale.factor());
    }

    fn quantity(&self, end: usize) -> Quantity {
        let value = tidy(self.total + self.current);
        let mantissa = self.last_scale.map_or(value, |scale| value / scale);
        Quantity { end, value, mantissa, scale: self.last_scale }
    }
}
