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
    if let Some(part) = part_of_scale(words, i).or_else(|| couple_of_scale(words, i)) {
        return Some(part);
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

/// `a couple hundred`, `a couple of thousand`.
fn couple_of_scale(words: &Words<'_>, i: usize) -> Option<Quantity> {
    let at = if words.is_any(i + 1, &["of"]) { i + 2 } else { i + 1 };
    let is_scale = matches!(words.term(at), Term::Hundred) || is_written_scale(words, at) && words.term(at) != Term::Dozen;
    (words.is_any(i, &["couple"]) && is_scale).then(|| scaled(words, 2.0, at))
}

/// `a quarter of a million`, `three quarters of a million`, `half million`.
fn part_of_scale(words: &Words<'_>, i: usize) -> Option<Quantity> {
    let quarters = |at: usize| words.is_any(at, &["quarter", "quarters"]);
    let (part, at) = match () {
        () if words.is_any(i, &["half"]) => (0.5, i + 1),
        () if words.is_any(i, &["a", "one"]) && quarters(i + 1) => (0.25, i + 2),
        () if words.is_any(i, &["three"]) && quarters(i + 1) => (0.75, i + 2),
        () => return None,
    };
    let at = if words.is_any(at, &["of"]) && words.is_any(at + 1, &["a"]) { at + 2 } else { at };
    is_written_scale(words, at).then(|| scaled(words, part, at)).filter(|quantity| quantity.scale.is_some())
}

fn is_written_scale(words: &Words<'_>, i: usize) -> bool {
    match words.term(i) {
        Term::Hundred | Term::Dozen => true,
        Term::Scale(_) => words.text_of(i).len() > 3 && !words.text_of(i).ends_with('s'),
        _ => false,
    }
}

/// "And a half"; "and a quarter million", but not "and a quarter" of a year.
fn part_after_and(words: &Words<'_>, at: usize) -> Option<f64> {
    let is_quarters = words.is_any(at + 1, &["quarter", "quarters"]) && matches!(words.term(at + 2), Term::Scale(_));
    match () {
        () if words.is_any(at, &["a"]) && words.is_any(at + 1, &["half"]) => Some(0.5),
        () if words.is_any(at, &["a"]) && is_quarters => Some(0.25),
        () if words.is_any(at, &["three"]) && is_quarters => Some(0.75),
        () => None,
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
        if let Some(part) = part_after_and(words, at) {
            self.current += part;
            self.place = 1;
            return Some(at + 2);
        }
        let after_hundred_or_scale = self.place == 100 || (self.place == 0 && self.last_scale.is_some());
        (after_hundred_or_scale && self.take_term(words.term(at))).then_some(at + 1)
    }

    fn take_decimals(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        self.place = 1;
        let (end, fraction) = decimals(words, at)?;
        self.current += fraction;
        Some(end)
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
/// Digits said one by one behind a decimal mark ("five" "two" is 0.52), and where they end.
pub(super) fn decimals(words: &Words<'_>, first: usize) -> Option<(usize, f64)> {
    let (mut at, mut fraction, mut weight) = (first, 0.0, 0.1);
    while let Term::Small(digit @ 0..=9) = words.term(at) {
        fraction += f64::from(digit) * weight;
        weight /= 10.0;
        at += 1;
    }
    (at > first).then_some((at, fraction))
}
