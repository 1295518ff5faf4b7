//! Days with their number: `2026-05-12`, `12.05.2026`, `May 12th`, `12. Mai`.

use jiff::civil::Date;

use super::super::calendar::{self, Frame};
use super::super::words::Term;
use super::{Found, Reader, small};

impl Reader<'_, '_> {
    /// ISO, `12.05.2026`, `13/05/2026`, `05/2026`.
    pub(super) fn numeric(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if words.is_glued_before(i)
            && (words.is_letters(i - 1)
                || (words.is_symbol(i - 1, &['.', '/', '-', ':'])
                    && i > 1
                    && words.is_glued(i - 2)
                    && (words.is_digits(i - 2) || words.is_letters(i - 2))))
        {
            return None;
        }
        let mark = words.text_of(i + 1).chars().next().filter(|mark| matches!(mark, '-' | '.' | '/'))?;
        let run: Vec<u32> = self.run(i, mark)?;
        let end = i + 2 * run.len() - 1;
        let sizes: Vec<usize> = (i..end).step_by(2).map(|at| words.text_of(at).len()).collect();
        match (run.as_slice(), sizes.as_slice()) {
            ([year, month, day], [4, 1..=2, 1..=2]) => calendar::exact(i16::try_from(*year).ok()?, small(*month), small(*day))
                .map(|date| Found::exact(i, end, Some(date))),
            ([first, second, year], [1..=2, 1..=2, 4]) => self.day_month_year(i, end, [*first, *second, *year], mark),
            ([first, second, year], [1..=2, 1..=2, 2]) if mark == '/' || sizes == [2, 2, 2] => {
                self.day_month_year(i, end, [*first, *second, 2000 + *year], mark)
            }
            ([month @ 1..=12, year @ 1990..=2100], [1..=2, 4]) if mark != '-' => {
                let frame = Frame::of_year(i16::try_from(*year).ok()?, 1, small(*month) as i8 - 1)?;
                Some(Found::inexact(i, end, Some(frame.last)))
            }
            ([first, second], [1..=2, 1..=2]) if mark == '/' && self.is_when_before(i) && [*first, *second] != [24, 7] => {
                self.day_month(i, end, *first, *second)
            }
            _ => None,
        }
    }

    /// Numbers joined by one mark without spaces; `None` if letters or other marks go on with them.
    fn run(&self, i: usize, mark: char) -> Option<Vec<u32>> {
        let words = self.words;
        let mut run = vec![words.integer(i)?];
        let mut end = i + 1;
        while words.is_glued(end - 1) && words.is_symbol(end, &[mark]) && words.is_glued(end) && words.is_digits(end + 1) {
            run.push(words.integer(end + 1)?);
            end += 2;
        }
        let goes_on = words.is_glued(end - 1)
            && (words.is_symbol(end, &['-', '/', ':', '%']) && words.is_glued(end)
                || (words.is_letters(end) && !words.is_any(end, &["t"])));
        (run.len() > 1 && !goes_on).then_some(run)
    }

    fn day_month_year(&self, first: usize, end: usize, [a, b, year]: [u32; 3], mark: char) -> Option<Found> {
        let year = i16::try_from(year).ok()?;
        let (a, b) = (small(a), small(b));
        let (day_first, month_first) = (calendar::exact(year, b, a), calendar::exact(year, a, b));
        let date = match (day_first, month_first) {
            (Some(date), _) if mark == '.' || self.words.is_foreign() => Some(date),
            (Some(date), other) if other.is_none_or(|other| other == date) => Some(date),
            (None, Some(date)) => Some(date),
            (Some(_), _) => None,
            (None, None) => return None,
        };
        Some(Found::exact(first, end, date))
    }

    fn day_month(&self, first: usize, end: usize, a: u32, b: u32) -> Option<Found> {
        let (a, b) = (small(a), small(b));
        let resolve = |month, day| self.said_on.and_then(|said_on| calendar::nearest(month, day, said_on));
        match (calendar::exists(b, a), calendar::exists(a, b)) {
            (true, true) if a != b && !self.words.is_foreign() => Some(Found::exact(first, end, None)),
            (true, _) => Some(Found::exact(first, end, resolve(b, a))),
            (false, true) => Some(Found::exact(first, end, resolve(a, b))),
            (false, false) => None,
        }
    }

    /// `12 May`, `12th of May 2027`, `12. Mai`; the 12 of `12 and 14 May` and the 14 of `May 12 or 14`. `first` is where
    /// the mention starts, `i` the day.
    pub(super) fn day_then_month(&self, first: usize, i: usize) -> Option<Found> {
        self.day_and_month(first, i).or_else(|| self.day_before_another(first, i)).or_else(|| self.day_after_another(i))
    }

    /// The 12 of `12 and 14 May`, `12-14 May`, `12th to 14th of May`.
    fn day_before_another(&self, first: usize, i: usize) -> Option<Found> {
        let words = self.words;
        if words.is_glued_before(i) {
            return None;
        }
        let (day, _, end) = self.day_number(i)?;
        let next = self.joint(end)?;
        let (later, ..) = self.day_number(next)?;
        let other = self.day_and_month(next, next).filter(|_| day < later)?;
        let on = |other: Date| other.with().day(i8::try_from(day).ok()?).build().ok();
        Some(Found::exact(first, end, other.date.and_then(on)))
    }

    /// The 14 of `May 12 and 14`, `July 9 or 10`; not of "May 12 and 14 seats".
    fn day_after_another(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let (day, _, end) = self.day_number(i)?;
        let is_joined = i > 2 && self.joint(i - 1) == Some(i);
        let is_suffix = is_joined && words.is_letters(i - 2) && words.is_glued_before(i - 2);
        let earlier_at = if is_suffix { i.checked_sub(3)? } else { i.checked_sub(2)? };
        let month_at = earlier_at.checked_sub(1).filter(|at| is_joined && matches!(words.term(*at), Term::Month(..)))?;
        let (earlier, _, earlier_end) = self.day_number(earlier_at)?;
        let is_day = earlier < day && earlier_end == i - 1 && (!words.is_letters(end) || words.is_function(end));
        let other = self.month_then_day(month_at).filter(|_| is_day)?;
        let (year, end) = self.year_at(end).map_or((None, end), |(year, end)| (Some(year), end));
        let on = |other: Date| Date::new(year.unwrap_or(other.year()), other.month(), i8::try_from(day).ok()?).ok();
        Some(Found::exact(i, end, other.date.and_then(on)))
    }

    /// The word after what joins two days: `and`, `or`, `to`, `-`.
    fn joint(&self, at: usize) -> Option<usize> {
        let words = self.words;
        let joins = words.is_symbol(at, &['-', '–', '—', '&', '/']) || words.is_any(at, &["and", "or", "to", "through", "until"]);
        let next = at + 1;
        joins.then_some(if words.is_any(next, &["the"]) { next + 1 } else { next })
    }

    fn day_and_month(&self, first: usize, i: usize) -> Option<Found> {
        let words = self.words;
        if words.is_glued_before(i) && (words.is_letters(i - 1) || words.is_symbol(i - 1, &['.', ',', '/', ':', '#'])) {
            return None;
        }
        let (day, is_ordinal, mut at) = self.day_number(i)?;
        if words.is_symbol(at, &['.', '-', '/']) && words.is_glued_before(at) {
            at += 1;
        }
        let has_of = words.is_any(at, &["of", "de", "d"]);
        if has_of {
            at += 1;
        }
        let Term::Month(month, _) = words.term(at) else {
            return None;
        };
        let is_verb = words.is_any(at, &["may", "march"]) && !words.is_capitalised(at);
        let is_sure = has_of || (self.is_when_before(i) && (is_ordinal || !words.is_letters(at + 1)));
        if (is_verb && !is_sure) || !calendar::exists(month, day) {
            return None;
        }
        Some(self.with_year(first, at + 1, month, day))
    }

    /// Adds the year, if there is one, and resolves.
    pub(super) fn with_year(&self, first: usize, end: usize, month: u8, day: u8) -> Found {
        let end = if self.words.is_symbol(end, &['.']) && self.year_at(end + 1).is_some() { end + 1 } else { end };
        if let Some((year, end)) = self.year_at(end) {
            return Found::exact(first, end, calendar::exact(year, month, day));
        }
        if let Some(year) = self.year_after_range(end) {
            return Found::exact(first, end, calendar::exact(year, month, day));
        }
        Found::exact(first, end, self.said_on.and_then(|said_on| calendar::nearest(month, day, said_on)))
    }

    /// `2027`, `, 2027`, `of 2027`, `'27`, `-2027`, `twenty twenty-seven`; and the word after it.
    pub(super) fn year_at(&self, at: usize) -> Option<(i16, usize)> {
        let words = self.words;
        let is_joint = words.is_symbol(at, &[',', '-', '/']) || words.is_any(at, &["of", "de", "del", "in"]);
        let at = if is_joint { at + 1 } else { at };
        if words.is_symbol(at, &['\'', '’']) && words.is_glued(at) && words.text_of(at + 1).len() == 2 {
            let year = words.integer(at + 1)?;
            let century = if year < 70 { 2000 } else { 1900 };
            return Some((i16::try_from(century + year).ok()?, at + 2));
        }
        if let (Term::Tens(20), Term::Tens(tens @ (20 | 30))) = (words.term(at), words.term(at + 1)) {
            let at = if words.is_symbol(at + 2, &['-']) { at + 3 } else { at + 2 };
            return Some(match words.term(at) {
                Term::Small(n @ 1..=9) => (2000 + i16::from(tens) + i16::from(n), at + 1),
                _ => (2000 + i16::from(tens), at),
            });
        }
        if words.text_of(at).len() != 4 || self.is_decimal(at) {
            return None;
        }
        words.integer(at).filter(|year| (1990..=2100).contains(year)).map(|year| (year as i16, at + 1))
    }

    /// The year at the end of a range: "July 28 - August 4, 2001".
    fn year_after_range(&self, end: usize) -> Option<i16> {
        let words = self.words;
        let joins = words.is_symbol(end, &['-', '–', '—']) || words.is_any(end, &["to", "until", "through", "and"]);
        if !joins || !matches!(words.term(end + 1), Term::Month(..)) {
            return None;
        }
        let (_, _, end) = self.day_number(end + 2)?;
        self.year_at(end).map(|(year, _)| year)
    }

    /// Whether the digits go on: `2,000`, `12.5`, `12:30`, `12%`.
    pub(super) fn is_decimal(&self, at: usize) -> bool {
        let words = self.words;
        words.is_glued(at)
            && (words.is_symbol(at + 1, &['%'])
                || words.is_letters(at + 1)
                || (words.is_symbol(at + 1, &[',', '.', ':']) && words.is_glued(at + 1) && words.is_digits(at + 2)))
    }

    /// A day of the month, whether it is an ordinal, and the word after it.
    pub(super) fn day_number(&self, i: usize) -> Option<(u8, bool, usize)> {
        let words = self.words;
        match words.term(i) {
            Term::Ordinal(day) => return Some((day, true, i + 1)),
            Term::Tens(tens @ (20 | 30)) => {
                let at = if words.is_symbol(i + 1, &['-']) { i + 2 } else { i + 1 };
                return match words.term(at) {
                    Term::Ordinal(n @ 1..=9) if tens + n <= 31 => Some((tens + n, true, at + 1)),
                    _ => None,
                };
            }
            _ => {}
        }
        let day = words.integer(i).filter(|day| (1..=31).contains(day) && words.text_of(i).len() <= 2)?;
        let is_ordinal = words.is_glued(i) && words.is_any(i + 1, &["st", "nd", "rd", "th", "er", "ter", "ten"]);
        if is_ordinal {
            return Some((small(day), true, i + 2));
        }
        (!self.is_decimal(i)).then_some((small(day), false, i + 1))
    }

    /// `May 12`, `May the 12th, 2027`, `may twelfth`.
    pub(super) fn month_then_day(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let Term::Month(month, _) = words.term(i) else {
            return None;
        };
        let mut at = i + 1;
        if words.is_symbol(at, &['.']) || words.is_any(at, &["the"]) {
            at += 1;
        }
        let (day, is_ordinal, end) = self.day_number(at)?;
        let is_verb = words.is_any(i, &["may", "march"]);
        let follows_subject =
            words.is_any_before(i, &["we", "you", "i", "they", "it", "he", "she", "that", "which", "who", "there", "this"]);
        let is_sure = !is_verb
            || self.is_when_before(i)
            || (!follows_subject && (is_ordinal || (words.is_capitalised(i) && !self.counts_something(end))));
        if !is_sure || !calendar::exists(month, day) || words.is_symbol(end, &['%']) {
            return None;
        }
        // "May 12-14": the first day.
        let is_range = words.is_symbol(end, &['-', '–']) && words.is_digits(end + 1);
        let after_range = if is_range { self.day_number(end + 1).map(|(_, _, end)| end) } else { None };
        Some(self.with_year(i, after_range.unwrap_or(end), month, day))
    }

    /// "May 12 people join?" counts people.
    fn counts_something(&self, end: usize) -> bool {
        let is_noun =
            self.words.is_letters(end) && self.words.term(end) == Term::Other && self.words.text_of(end).ends_with(['s', 'e']);
        is_noun && !self.words.is_any(end, &["works", "is", "suits", "please", "we", "one", "late", "because", "else"])
    }
}
