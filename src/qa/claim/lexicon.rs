//! A list of rows of words that exclude each other: which of them a text holds, and where the sources hold them.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::sources::Sources;
use super::words::Words;
use crate::qa::index::{Fnv, is_indexed, stem};

/// Rows of sides; each side has several forms, each of one or more words.
pub(super) struct Lexicon {
    forms: Vec<Form>,
    /// The forms of each side of each row.
    rows: Vec<Vec<Vec<u16>>>,
    starts: HashMap<&'static str, Vec<u16>, BuildHasherDefault<Fnv>>,
}

struct Form {
    words: Vec<&'static str>,
    /// What the index is asked for: the longest of its words.
    key: &'static str,
    row: usize,
    side: usize,
    is_cue: bool,
}

/// A form that a text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// Number of its first word.
    pub(super) at: usize,
    /// How many words it takes.
    pub(super) len: usize,
    pub(super) row: usize,
    pub(super) side: usize,
    /// `~`: a sign of its side in the sources, which means too much else to compare a claim by.
    pub(super) is_cue: bool,
}

impl Lexicon {
    /// Reads a list: a row a line, ` | ` between its sides, blanks between their forms; `#` before remarks.
    pub(super) fn parse(list: &'static str) -> Self {
        let mut all = Self { forms: Vec::new(), rows: Vec::new(), starts: HashMap::default() };
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            all.rows.push(Vec::new());
            for (side, forms) in line.split(" | ").enumerate() {
                all.rows.last_mut().into_iter().for_each(|row| row.push(Vec::new()));
                forms.split(' ').for_each(|form| all.add(all.rows.len() - 1, side, form));
            }
        }
        all
    }

    fn add(&mut self, row: usize, side: usize, form: &'static str) {
        let words: Vec<&'static str> =
            form.trim_start_matches('~').split(['_', '-', '.']).filter(|word| !word.is_empty()).map(stem).collect();
        let asked = form.trim_start_matches('~').split(['_', '-', '.']).filter(|word| is_indexed(word));
        let (Some(first), Some(key)) = (words.first().copied(), asked.max_by_key(|word| word.len())) else { return };
        let number = self.forms.len() as u16;
        self.forms.push(Form { words, key: stem(key), row, side, is_cue: form.starts_with('~') });
        self.rows[row][side].push(number);
        self.starts.entry(first).or_default().push(number);
    }

    /// The forms that a text holds, in order; the longest at each place.
    pub(super) fn hits(&self, words: &Words) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let from = hits.len();
            for form in self.starting(stem(words.get(at))).filter(|form| self.stands(form, words, at)) {
                let longest = hits[from..].first().map_or(0, |hit| hit.len);
                if form.words.len() > longest {
                    hits.truncate(from);
                }
                if form.words.len() >= longest {
                    hits.push(Hit { at, len: form.words.len(), row: form.row, side: form.side, is_cue: form.is_cue });
                }
            }
            at += hits[from..].first().map_or(1, |hit| hit.len);
        }
        hits
    }

    fn starting(&self, word: &str) -> impl Iterator<Item = &Form> {
        self.starts.get(word).into_iter().flatten().map(|number| &self.forms[usize::from(*number)])
    }

    fn stands(&self, form: &Form, words: &Words, at: usize) -> bool {
        at + form.words.len() <= words.len() && form.words.iter().enumerate().all(|(n, word)| stem(words.get(at + n)) == *word)
    }

    /// The sentences of the sources that hold a form of a side. Single words are taken by their stems: a form too many
    /// makes the checks say less, not more.
    pub(super) fn sentences<'a>(&'a self, sources: &'a Sources<'_>, row: usize, side: usize) -> impl Iterator<Item = usize> + 'a {
        self.rows[row][side].iter().map(|number| &self.forms[usize::from(*number)]).flat_map(move |form| {
            let places = sources.index().sentences_with(form.key).iter().map(|place| *place as usize);
            places.filter(move |place| form.words.len() == 1 || self.holds(&sources.heard(*place).words, form))
        })
    }

    fn holds(&self, words: &Words, form: &Form) -> bool {
        (0..words.len()).any(|at| self.stands(form, words, at))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Lexicon;
    use crate::qa::claim::words::Words;
    use crate::qa::index::is_indexed;

    #[test]
    fn no_row_names_a_form_on_two_sides_and_every_form_can_be_looked_up() {
        for line in include_str!("opposites.txt").lines().filter(|line| !line.starts_with('#')) {
            let mut seen = BTreeSet::new();
            for side in line.split(" | ") {
                let forms: BTreeSet<&str> = side.split(' ').map(|form| form.trim_start_matches('~')).collect();
                for form in forms {
                    assert!(seen.insert(form), "`{form}` stands on two sides of `{line:.40}`");
                    assert!(form.split(['_', '-', '.']).any(is_indexed), "`{form}` is in no index");
                }
            }
            assert_eq!(line.matches(" | ").count(), 1, "{line:.40}");
        }
    }

    #[test]
    fn the_longest_form_at_a_place_wins() {
        let list = Lexicon::parse("less ~fewer | more_than over\nless_than | x");
        let hits = |text: &str| -> Vec<(usize, usize, usize, usize)> {
            list.hits(&Words::of(text)).iter().map(|hit| (hit.at, hit.len, hit.row, hit.side)).collect()
        };
        assert_eq!(hits("no less than ten"), [(1, 2, 1, 0)]);
        assert_eq!(hits("less, more, over"), [(0, 1, 0, 0), (2, 1, 0, 1)]);
        assert!(list.hits(&Words::of("fewer"))[0].is_cue);
    }
}
