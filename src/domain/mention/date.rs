//! Days: written, relative, and the last days of named periods.

use jiff::civil::Date;

use super::DateMention;
use super::calendar::{self, Frame, Part};
use super::duration::{Length, lengths};
use super::number::Amount;
use super::words::{Spelling, Term, Words};
use crate::domain::brief::Span;
use crate::domain::value::DurationUnit;

/// A day, by the words it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    first: usize,
    end: usize,
    date: Option<Date>,
    exact: bool,
    /// Its numbers name a day, a month or a year; in "in two weeks" they count.
    is_calendar: bool,
}

impl Found {
    fn exact(first: usize, end: usize, date: Option<Date>) -> Self {
        Self { first, end, date, exact: true, is_calendar: true }
    }

    fn inexact(first: usize, end: usize, date: Option<Date>) -> Self {
        Self { exact: false, ..Self::exact(first, end, date) }
    }

    fn counted(self) -> Self {
        Self { is_calendar: false, ..self }
    }
}

pub(super) fn dates(text: &str, said_on: Option<Date>) -> Vec<DateMention> {
    let words = Words::scan(text);
    let lengths = lengths(&words);
    Reader { words: &words, said_on, lengths: &lengths }
        .all()
        .into_iter()
        .map(|found| DateMention { span: words.span(found.first, found.end), date: found.date, exact: found.exact })
        .collect()
}

/// Spans of the days whose numbers do not count anything.
pub(super) fn calendar_spans(words: &Words<'_>) -> Vec<Span> {
    let reader = Reader { words, said_on: None, lengths: &[] };
    reader.all().into_iter().filter(|found| found.is_calendar).map(|found| words.span(found.first, found.end)).collect()
}

/// "3 pm", "10 o'clock", "half past ten", "at 10 on Tuesday", "15h".
pub(super) fn is_time_of_day(words: &Words<'_>, amount: &Amount) -> bool {
    const AFTER: [&str; 9] = ["am", "pm", "o'clock", "oclock", "o’clock", "uhr", "est", "cet", "gmt"];
    let at = amount.end;
    let dotted = words.is_any(at, &["a", "p"]) && words.is_symbol(at + 1, &['.']) && words.is_any(at + 2, &["m"]);
    if dotted || words.is_any(at, &AFTER) {
        return true;
    }
    if words.is_any_before(amount.first, &["past"]) {
        return true;
    }
    let is_hour = amount.value.fract() == 0.0 && (1.0..=12.0).contains(&amount.value) && amount.up_to.is_none();
    let stands_alone = !words.is_letters(at) && !words.is_symbol(at, &['%', '$', '€', '£']) && !words.is_glued_before(at)
        || words.is_any(at, &["on", "tomorrow", "today", "in", "sharp", "tonight"])
        || matches!(words.term(at), Term::Weekday(..))
        || words.is_break(at);
    is_hour && words.is_any_before(amount.first, &["at"]) && stands_alone
}

struct Reader<'w, 't> {
    words: &'w Words<'t>,
    said_on: Option<Date>,
    lengths: &'w [Length],
}

/// Prepositions that make a bare month, year or day of the month a date.
const WHEN: [&str; 20] = [
    "in", "by", "until", "till", "since", "during", "before", "after", "through", "around", "on", "from", "of", "for", "early",
    "late", "mid", "next", "last", "this",
];

impl Reader<'_, '_> {
    fn all(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut i = 0;
        while i < self.words.len() {
            match self.at(i) {
                Some(day) => {
                    i = day.end;
                    found.push(day);
                }
                None => i += 1,
            }
        }
        found
    }

    fn at(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if words.is_digits(i) {
            return self
                .numeric(i)
                .or_else(|| self.day_then_month(i, i))
                .or_else(|| self.quarter(i))
                .or_else(|| self.year(i))
                .or_else(|| self.length_from(i));
        }
        match words.term(i) {
            Term::Month(..) => self.month_then_day(i).or_else(|| self.month(i)),
            Term::Weekday(..) => self.weekday(i, i, Which::Coming),
            Term::Ordinal(_) | Term::Tens(_) => {
                self.day_then_month(i, i).or_else(|| self.quarter(i)).or_else(|| self.length_from(i))
            }
            Term::When => self.part(i).or_else(|| self.relative(i)).or_else(|| self.day_word(i)),
            Term::Function => {
                self.relative(i).or_else(|| self.the_day(i)).or_else(|| self.in_length(i)).or_else(|| self.length_from(i))
            }
            Term::Time(_) => self.period_end(i),
            Term::Small(_) | Term::Hundred => self.length_from(i),
            _ => self.quarter(i).or_else(|| self.length_from(i)),
        }
    }

    /// ISO, `12.05.2026`, `13/05/2026`, `05/2026`.
    fn numeric(&self, i: usize) -> Option<Found> {
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
            ([first, second, year], [1..=2, 1..=2, 2]) if mark == '/' || (mark == '.' && sizes[0] == 2 && sizes[1] == 2) => {
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
            (Some(date), _) if mark == '.' => Some(date),
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
            (true, true) if a != b => Some(Found::exact(first, end, None)),
            (true, _) => Some(Found::exact(first, end, resolve(b, a))),
            (false, true) => Some(Found::exact(first, end, resolve(a, b))),
            (false, false) => None,
        }
    }

    fn is_when_before(&self, i: usize) -> bool {
        let at = if self.words.is_any_before(i, &["the"]) { i - 1 } else { i };
        self.words.is_any_before(at, &WHEN)
            || self.words.is_any_before(at, &["due", "am", "bis", "zum", "vom", "im", "ab", "seit", "en", "le", "el"])
    }

    /// `12 May`, `12th of May 2027`, `12. Mai`. `first` is where the mention starts, `i` the day.
    fn day_then_month(&self, first: usize, i: usize) -> Option<Found> {
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
    fn with_year(&self, first: usize, end: usize, month: u8, day: u8) -> Found {
        let end = if self.words.is_symbol(end, &['.']) && self.year_at(end + 1).is_some() { end + 1 } else { end };
        if let Some((year, end)) = self.year_at(end) {
            return Found::exact(first, end, calendar::exact(year, month, day));
        }
        Found::exact(first, end, self.said_on.and_then(|said_on| calendar::nearest(month, day, said_on)))
    }

    /// `2027`, `, 2027`, `of 2027`, `'27`, `-2027`, `twenty twenty-seven`; and the word after it.
    fn year_at(&self, at: usize) -> Option<(i16, usize)> {
        let words = self.words;
        let is_joint = words.is_symbol(at, &[',', '-', '/']) || words.is_any(at, &["of", "de", "del", "in"]);
        let at = if is_joint { at + 1 } else { at };
        if words.is_symbol(at, &['\'', '’']) && words.is_glued(at) && words.text_of(at + 1).len() == 2 {
            let year = 2000 + words.integer(at + 1)?;
            return Some((i16::try_from(year).ok()?, at + 2));
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

    /// Whether the digits go on: `2,000`, `12.5`, `12:30`, `12%`.
    fn is_decimal(&self, at: usize) -> bool {
        let words = self.words;
        words.is_glued(at)
            && (words.is_symbol(at + 1, &['%'])
                || words.is_letters(at + 1)
                || (words.is_symbol(at + 1, &[',', '.', ':']) && words.is_glued(at + 1) && words.is_digits(at + 2)))
    }

    /// A day of the month, whether it is an ordinal, and the word after it.
    fn day_number(&self, i: usize) -> Option<(u8, bool, usize)> {
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
    fn month_then_day(&self, i: usize) -> Option<Found> {
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
        let follows_subject = i > 0
            && matches!(
                words.text_before(i).to_ascii_lowercase().as_str(),
                "we" | "you" | "i" | "they" | "it" | "he" | "she" | "that" | "which" | "who" | "there" | "this"
            );
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

    /// A bare month: its last day.
    fn month(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let (frame, end) = self.month_frame(i)?;
        let Term::Month(_, spelling) = words.term(i) else {
            return None;
        };
        let has_year = end > i + 1;
        let is_clear = match spelling {
            Spelling::Plain => true,
            Spelling::Ambiguous if has_year => words.is_capitalised(i) || self.is_when_before(i),
            Spelling::Ambiguous => self.is_clear_month(i),
        };
        is_clear.then(|| Found::inexact(i, end, frame.map(|frame| frame.last)))
    }

    /// `in May`, `by June`; not "we may", "to march", "from April" (a person).
    fn is_clear_month(&self, i: usize) -> bool {
        const SURE: [&str; 18] = [
            "in", "by", "until", "till", "since", "during", "before", "after", "through", "around", "early", "late", "mid", "im",
            "bis", "ab", "seit", "en",
        ];
        let words = self.words;
        let is_short = words.text_of(i).len() < 4 && !words.is_any(i, &["may"]);
        let is_named = words.is_any_before(i, &["this", "next", "last"]) && words.is_capitalised(i);
        (words.is_any_before(i, &SURE) && (!is_short || words.is_capitalised(i))) || is_named
    }

    /// The month at `i` with its year, and the word after it.
    fn month_frame(&self, i: usize) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        let Term::Month(month, _) = words.term(i) else {
            return None;
        };
        let month = month as i8 - 1;
        let dot = usize::from(words.is_symbol(i + 1, &['.']) && words.text_of(i).len() <= 4 && self.year_at(i + 2).is_some());
        if let Some((year, end)) = self.year_at(i + 1 + dot) {
            return Some((Frame::of_year(year, 1, month), end));
        }
        let frame = self.said_on.and_then(|said_on| {
            if words.is_any_before(i, &["last"]) {
                return (0..2).filter_map(|n| Frame::of_year(said_on.year() - n, 1, month)).find(|frame| frame.last < said_on);
            }
            if words.is_any_before(i, &["next"]) {
                return (0..2).filter_map(|n| Frame::of_year(said_on.year() + n, 1, month)).find(|frame| frame.first > said_on);
            }
            calendar::nearest_frame(1, month, said_on)
        });
        Some((frame, i + 1))
    }

    /// `Q3`, `3Q26`, `H1 2026`, `the second quarter of next year`.
    fn quarter(&self, i: usize) -> Option<Found> {
        let (frame, end) = self.quarter_frame(i)?;
        Some(Found::inexact(i, end, frame.map(|frame| frame.last)))
    }

    fn quarter_frame(&self, i: usize) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        let (months, n, end) = if words.is_any(i, &["q", "h"]) && words.is_glued(i) && !words.is_glued_before(i) {
            (if words.is_any(i, &["q"]) { 3 } else { 6 }, words.integer(i + 1)?, i + 2)
        } else if words.is_digits(i) && words.is_glued(i) && words.is_any(i + 1, &["q"]) && !words.is_glued_before(i) {
            (3, words.integer(i)?, i + 2)
        } else if let (Term::Ordinal(n), Term::Time(DurationUnit::Quarter)) = (words.term(i), words.term(i + 1)) {
            (3, u32::from(n), i + 2)
        } else if let (Term::Ordinal(n), true) = (words.term(i), words.is_any(i + 1, &["half"]) && words.is_any(i + 2, &["of"])) {
            return self.ordinal_of_year(i + 2, 6, n);
        } else {
            return None;
        };
        let n = i8::try_from(n).ok().filter(|n| *n >= 1 && n * months <= 12)?;
        if let Some((frame, end)) = self.ordinal_of_year(end, months, n as u8) {
            return Some((frame, end));
        }
        if words.is_digits(end) && words.is_glued_before(end) && words.text_of(end).len() == 2 {
            let year = 2000 + words.integer(end)? as i16;
            return Some((Frame::of_year(year, months, n - 1), end + 1));
        }
        if words.is_glued(end - 1) && words.is_letters(end) {
            return None;
        }
        Some((self.said_on.and_then(|said_on| calendar::nearest_frame(months, n - 1, said_on)), end))
    }

    /// `2026`, `of 2026`, `of next year`, `this year` after a quarter or half.
    fn ordinal_of_year(&self, at: usize, months: i8, n: u8) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        let n = n as i8 - 1;
        if n * months >= 12 {
            return None;
        }
        if let Some((year, end)) = self.year_at(at) {
            return Some((Frame::of_year(year, months, n), end));
        }
        let at = if words.is_any(at, &["of"]) { at + 1 } else { at };
        let offset = offset_of(words.text_of(at))?;
        if words.term(at + 1) != Term::Time(DurationUnit::Year) {
            return None;
        }
        let frame = self.said_on.and_then(|said_on| Frame::of_year(said_on.year() + offset as i16, months, n));
        Some((frame, at + 2))
    }

    /// `in 2027`, `by 2027`: its last day.
    fn year(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if !self.is_when_before(i) || words.is_any_before(i, &["next", "last", "of", "for", "on"]) || self.is_counted(i + 1) {
            return None;
        }
        let (year, end) = self.year_at(i)?;
        let goes_on = words.is_glued(i) && words.is_symbol(i + 1, &['-', '/']);
        (!goes_on).then(|| Found::inexact(i, end, Frame::year(year).map(|frame| frame.last)))
    }

    /// "2000 seats" counts seats.
    fn is_counted(&self, at: usize) -> bool {
        let words = self.words;
        (words.is_letters(at) && matches!(words.term(at), Term::Other | Term::Time(_) | Term::Currency(_) | Term::Scale(_)))
            || words.is_symbol(at, &['€', '$', '£'])
    }

    /// `end of May`, `mid-June`, `early next week`, `EOM`, `end of day Friday`.
    fn part(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if let Some(found) = self.short_end(i) {
            return Some(found);
        }
        let (part, mut at) = match () {
            () if words.is_any(i, &["end", "close", "ende"]) => (Part::End, i + 1),
            () if words.is_any(i, &["mid", "middle", "mitte"]) => (Part::Middle, i + 1),
            () if words.is_any(i, &["early", "beginning", "anfang"]) => (Part::Early, i + 1),
            () if words.is_any(i, &["start"]) => (Part::Start, i + 1),
            () if words.is_any(i, &["late", "later"]) => (Part::Late, i + 1),
            () => return None,
        };
        let part = if words.is_any(i, &["beginning", "anfang"]) { Part::Start } else { part };
        while words.is_symbol(at, &['-', '–']) && words.is_glued(at) {
            at += 1;
        }
        let needs_of = words.is_any(i, &["end", "close", "middle", "beginning", "start"]);
        let has_of = words.is_any(at, &["of"]);
        if needs_of && !has_of {
            return None;
        }
        at += usize::from(has_of);
        while words.is_symbol(at, &['-', '–']) && words.is_glued(at) {
            at += 1;
        }
        if part == Part::End && words.is_any(at, &["day", "business", "play", "today"]) {
            return Some(self.end_of_day(i, at + 1));
        }
        let (frame, end) = self.frame(at)?;
        Some(Found::inexact(i, end, frame.map(|frame| frame.day(part))))
    }

    /// `EOD`, `COB`, `EOW`, `EOM`, `EOQ`, `EOY`.
    fn short_end(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let unit = match () {
            () if words.is_any(i, &["eod", "cob"]) => return Some(self.end_of_day(i, i + 1)),
            () if words.is_any(i, &["eow"]) => DurationUnit::Week,
            () if words.is_any(i, &["eom"]) => DurationUnit::Month,
            () if words.is_any(i, &["eoq"]) => DurationUnit::Quarter,
            () if words.is_any(i, &["eoy"]) => DurationUnit::Year,
            () => return None,
        };
        let frame = self.said_on.and_then(|said_on| Frame::relative(said_on, unit, 0));
        Some(Found::inexact(i, i + 1, frame.map(|frame| frame.day(Part::End))))
    }

    /// The end of which day: the one that follows, or today.
    fn end_of_day(&self, first: usize, at: usize) -> Found {
        let next = if self.words.is_any(at, &["on", "of"]) { at + 1 } else { at };
        match self.anchor(next) {
            Some(found) => Found { first, ..found },
            None => Found::exact(first, at, self.said_on),
        }
    }

    /// A frame after `end of`, `mid`, `early`; and the word after it.
    fn frame(&self, at: usize) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        if words.is_any(at, &["the"]) {
            return self.frame_after_the(at + 1);
        }
        if let Some(offset) = offset_of(words.text_of(at)) {
            return self.relative_frame(at + 1, offset);
        }
        self.frame_after_the(at)
    }

    fn frame_after_the(&self, at: usize) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        if let Some(offset) = offset_of(words.text_of(at)) {
            return self.relative_frame(at + 1, offset);
        }
        if let Some(frame) = self.month_frame(at).or_else(|| self.quarter_frame(at)) {
            return Some(frame);
        }
        if let Some((year, end)) = self.year_at(at).filter(|_| words.is_digits(at)) {
            return Some((Frame::year(year), end));
        }
        self.relative_frame(at, 0)
    }

    /// The unit of time at `at`, `offset` units from now.
    fn relative_frame(&self, at: usize, offset: i32) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        if matches!(words.term(at), Term::Month(..)) {
            return self.month_frame(at);
        }
        let at = if words.is_any(at, &["calendar"]) { at + 1 } else { at };
        let Term::Time(unit @ (DurationUnit::Week | DurationUnit::Month | DurationUnit::Quarter | DurationUnit::Year)) =
            words.term(at)
        else {
            return None;
        };
        if words.text_of(at).ends_with('s') {
            return None;
        }
        Some((self.said_on.and_then(|said_on| Frame::relative(said_on, unit, offset)), at + 1))
    }

    /// `month end`, `quarter-end`, `year end`.
    fn period_end(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let end = if words.is_symbol(i + 1, &['-']) { i + 2 } else { i + 1 };
        if !words.is_any(end, &["end"]) || words.is_any(end + 1, &["user", "users", "of"]) {
            return None;
        }
        let (frame, _) = self.relative_frame(i, 0)?;
        Some(Found::inexact(i, end + 1, frame.map(|frame| frame.day(Part::End))))
    }

    /// `next month`, `this quarter`, `next week Tuesday`, `next Tuesday`, `last Friday`.
    fn relative(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let offset = offset_of(words.text_of(i))?;
        if let Term::Weekday(..) = words.term(i + 1) {
            let which = match offset {
                0 => Which::Coming,
                1.. => Which::OfWeek(offset),
                _ => Which::Past,
            };
            let which = if words.is_any(i, &["coming"]) { Which::Coming } else { which };
            return self.weekday(i, i + 1, which);
        }
        let (frame, end) = self.relative_frame(i + 1, offset)?;
        if matches!(words.term(i + 1), Term::Month(..)) {
            return None;
        }
        if words.term(i + 1) == Term::Time(DurationUnit::Week) {
            let at = if words.is_symbol(end, &[',']) || words.is_any(end, &["on"]) { end + 1 } else { end };
            if let Term::Weekday(..) = words.term(at) {
                return self.weekday(i, at, Which::OfWeek(offset));
            }
        }
        Some(Found::inexact(i, end, frame.map(|frame| frame.last)))
    }

    /// A weekday at `i`, with the date that follows it if there is one.
    fn weekday(&self, first: usize, i: usize, which: Which) -> Option<Found> {
        let words = self.words;
        let Term::Weekday(weekday, spelling) = words.term(i) else {
            return None;
        };
        let mut at = i + 1;
        at += usize::from(spelling == Spelling::Ambiguous && words.is_symbol(at, &['.']) && words.is_glued(i));
        at += usize::from(words.is_symbol(at, &[',']));
        at += usize::from(words.is_any(at, &["the"]));
        let written = if words.is_digits(at) || matches!(words.term(at), Term::Month(..) | Term::Ordinal(_) | Term::Tens(_)) {
            self.numeric(at).or_else(|| self.day_then_month(at, at)).or_else(|| self.month_then_day(at))
        } else {
            None
        };
        if let Some(written) = written {
            return Some(Found { first, ..written });
        }
        if spelling == Spelling::Ambiguous && !self.is_clear_weekday(i) {
            return None;
        }
        if words.is_any_before(first, &["every", "each", "any"]) {
            return None;
        }
        let (which, end) = self.week_after(i + 1, which);
        let which = if words.is_any_before(first, &["since"]) { Which::Past } else { which };
        Some(Found::exact(first, end, self.said_on.and_then(|said_on| which.resolve(said_on, weekday))))
    }

    /// `Tuesday of next week`, `Tuesday next week`.
    fn week_after(&self, at: usize, which: Which) -> (Which, usize) {
        let words = self.words;
        let of = if words.is_any(at, &["of"]) { at + 1 } else { at };
        match offset_of(words.text_of(of)) {
            Some(offset) if words.term(of + 1) == Term::Time(DurationUnit::Week) => (Which::OfWeek(offset), of + 2),
            _ => (which, at),
        }
    }

    /// `on Tue`, `by Fri`: capitalised, after a word that takes a day, before none that makes it a name.
    fn is_clear_weekday(&self, i: usize) -> bool {
        const BEFORE: [&str; 15] = [
            "on", "by", "next", "this", "last", "until", "till", "before", "after", "since", "from", "to", "coming", "or", "eod",
        ];
        let words = self.words;
        let is_name = words.is_letters(i + 1) && words.is_capitalised(i + 1) && !matches!(words.term(i + 1), Term::Month(..));
        words.is_capitalised(i) && words.is_any_before(i, &BEFORE) && !is_name
    }

    /// `today`, `tomorrow`, `yesterday`.
    fn day_word(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let days = match () {
            () if words.is_any(i, &["today", "today's", "today’s", "tonight"]) => 0.0,
            () if words.is_any(i, &["tomorrow", "tomorrow's", "tomorrow’s", "tmrw", "tmw"]) => 1.0,
            () if words.is_any(i, &["yesterday", "yesterday's", "yesterday’s"]) => -1.0,
            () => return None,
        };
        Some(Found::exact(i, i + 1, self.after(days, DurationUnit::Day)))
    }

    fn after(&self, amount: f64, unit: DurationUnit) -> Option<Date> {
        self.said_on.and_then(|said_on| calendar::after(said_on, amount, unit))
    }

    /// `the 15th`, `the 12th of May`, `the day after tomorrow`, `the first of next month`.
    fn the_day(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if !words.is_any(i, &["the"]) {
            return None;
        }
        if words.is_any(i + 1, &["day"]) {
            if words.is_any(i + 2, &["after"]) && words.is_any(i + 3, &["tomorrow"]) {
                return Some(Found::exact(i, i + 4, self.after(2.0, DurationUnit::Day)));
            }
            if words.is_any(i + 2, &["before"]) && words.is_any(i + 3, &["yesterday"]) {
                return Some(Found::exact(i, i + 4, self.after(-2.0, DurationUnit::Day)));
            }
        }
        if let Some(found) = self.day_then_month(i, i + 1) {
            return Some(found);
        }
        let (day, is_ordinal, end) = self.day_number(i + 1)?;
        if !is_ordinal {
            return None;
        }
        if words.is_any(end, &["of"]) {
            return self.day_of_relative_month(i, end + 1, day);
        }
        let is_late = day > 3 || words.is_digits(i + 1);
        let has_cue = self.is_when_before(i) && !words.is_any_before(i, &["of", "for", "in"]);
        let stands_alone = !words.is_letters(end) || words.term(end) == Term::Function;
        let is_day = is_late
            && stands_alone
            && (has_cue || (words.is_digits(i + 1) && words.is_any(end, &["works", "is", "at", "would"])));
        is_day.then(|| Found::exact(i, end, self.said_on.and_then(|said_on| calendar::day_of_month(day, said_on))))
    }

    /// `the first of next month`, `the 15th of the month`.
    fn day_of_relative_month(&self, first: usize, at: usize, day: u8) -> Option<Found> {
        let words = self.words;
        let (offset, at) = if words.is_any(at, &["the", "each"]) { (0, at + 1) } else { (offset_of(words.text_of(at))?, at + 1) };
        if words.term(at) != Term::Time(DurationUnit::Month) || words.text_of(at).ends_with('s') {
            return None;
        }
        let date = self.said_on.and_then(|said_on| {
            let month = Frame::relative(said_on, DurationUnit::Month, offset)?;
            if offset == 0 && words.is_any(at - 1, &["the"]) {
                return calendar::day_of_month(day, said_on);
            }
            calendar::exact(month.first.year(), month.first.month() as u8, day)
        });
        Some(Found::exact(first, at + 1, date))
    }

    /// `in two weeks`, `within 30 days`, `in the next 10 days`.
    fn in_length(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if !words.is_any(i, &["in", "within"]) {
            return None;
        }
        let at = if words.is_any(i + 1, &["the"]) { i + 2 } else { i + 1 };
        let is_next = words.is_any(at, &["next", "coming", "about", "around", "roughly"]);
        let length = self.length_at(if is_next { at + 1 } else { at })?;
        let is_exact = words.is_any(i, &["in"])
            && !is_next
            && length.up_to.is_none()
            && matches!(length.unit, DurationUnit::Day | DurationUnit::Week);
        let date = self.resolve(length, 1.0, self.said_on);
        let found = Found { exact: is_exact, ..Found::exact(i, length.end, date) };
        Some(found.counted())
    }

    /// `two weeks from now`, `a week from Tuesday`, `10 days ago`.
    fn length_from(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let length = self.length_at(i)?;
        if words.is_any(length.end, &["ago"]) {
            return Some(Found::exact(i, length.end + 1, self.resolve(length, -1.0, self.said_on)).counted());
        }
        if !words.is_any(length.end, &["from"]) {
            return None;
        }
        if words.is_any(length.end + 1, &["now"]) {
            return Some(Found::exact(i, length.end + 2, self.resolve(length, 1.0, self.said_on)).counted());
        }
        let start = self.anchor(length.end + 1)?;
        Some(Found::exact(i, start.end, self.resolve(length, 1.0, start.date)).counted())
    }

    /// An exact day that is not itself counted from another: keeps "two weeks from two weeks from …" flat.
    fn anchor(&self, i: usize) -> Option<Found> {
        let found = match self.words.term(i) {
            Term::Month(..) => self.month_then_day(i),
            Term::Weekday(..) => self.weekday(i, i, Which::Coming),
            Term::When => self.relative(i).or_else(|| self.day_word(i)),
            Term::Function => self.relative(i).or_else(|| self.the_day(i)),
            _ => self.numeric(i).or_else(|| self.day_then_month(i, i)),
        };
        found.filter(|found| found.exact)
    }

    fn length_at(&self, first: usize) -> Option<&Length> {
        let at = self.lengths.binary_search_by_key(&first, |length| length.first).ok()?;
        self.lengths.get(at).filter(|length| !matches!(length.unit, DurationUnit::Minute | DurationUnit::Hour))
    }

    fn resolve(&self, length: &Length, sign: f64, from: Option<Date>) -> Option<Date> {
        let amount = length.up_to.unwrap_or(length.amount);
        if length.is_business && length.unit == DurationUnit::Day && sign > 0.0 {
            return calendar::after_working_days(from?, amount);
        }
        calendar::after(from?, amount * sign, length.unit)
    }
}

/// Which of the weekdays of a name.
#[derive(Debug, Clone, Copy)]
enum Which {
    /// The first to come.
    Coming,
    /// The last before.
    Past,
    /// In the week that many weeks from now.
    OfWeek(i32),
}

impl Which {
    fn resolve(self, said_on: Date, weekday: u8) -> Option<Date> {
        match self {
            Self::Coming => calendar::weekday_after(said_on, weekday),
            Self::Past => calendar::weekday_before(said_on, weekday),
            Self::OfWeek(weeks) => calendar::weekday_of_week(said_on, weekday, weeks),
        }
    }
}

/// `this` 0, `next` 1, `last` -1.
fn offset_of(word: &str) -> Option<i32> {
    match word.to_ascii_lowercase().as_str() {
        "this" | "current" | "coming" => Some(0),
        "next" | "following" => Some(1),
        "last" | "previous" | "past" => Some(-1),
        _ => None,
    }
}

/// Day or month out of digits; anything too large becomes 255, which no calendar has.
fn small(n: u32) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::dates;

    /// A Wednesday.
    const SAID_ON: Date = date(2026, 4, 29);

    /// `2026-05-12`, `~2026-05-31` if not exact, `?` if not resolved; several joined by `; `.
    fn rendered(text: &str, said_on: Option<Date>) -> String {
        let one = |mention: super::DateMention| {
            let about = if mention.exact { "" } else { "~" };
            mention.date.map_or(format!("{about}?"), |date| format!("{about}{date}"))
        };
        dates(text, said_on).into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    const ROWS: &[(&str, &str)] = &[
        ("2026-05-12", "2026-05-12"),
        ("2026-05-12T10:00:00Z", "2026-05-12"),
        ("2026/05/12", "2026-05-12"),
        ("May 12", "2026-05-12"),
        ("may 12th", "2026-05-12"),
        ("on may twelfth", "2026-05-12"),
        ("May 12th 2027", "2027-05-12"),
        ("May 12, 2027", "2027-05-12"),
        ("May the 12th", "2026-05-12"),
        ("Sept. 3rd", "2026-09-03"),
        ("on march twenty third", "2026-03-23"),
        ("12 May", "2026-05-12"),
        ("12th of May 2027", "2027-05-12"),
        ("the 12th of May", "2026-05-12"),
        ("12-May-2027", "2027-05-12"),
        ("12.05.2026", "2026-05-12"),
        ("12.05.26", "2026-05-12"),
        ("12. Mai 2026", "2026-05-12"),
        ("le 12 mai 2026", "2026-05-12"),
        ("1er mars 2027", "2027-03-01"),
        ("12 de mayo de 2026", "2026-05-12"),
        ("am 3. März", "2026-03-03"),
        ("12/05/2026", "?"),
        ("13/05/2026", "2026-05-13"),
        ("05/13/2026", "2026-05-13"),
        ("05/05/2026", "2026-05-05"),
        ("by 5/13", "2026-05-13"),
        ("by 5/6", "?"),
        ("05/2026", "~2026-05-31"),
        ("Tuesday, May 12", "2026-05-12"),
        ("Tue 12 May", "2026-05-12"),
        ("Tuesday the 12th of May", "2026-05-12"),
        ("the 15th", ""),
        ("on the 15th", "2026-05-15"),
        ("by the 29th", "2026-04-29"),
        ("on the fifteenth", "2026-05-15"),
        ("the first of next month", "2026-05-01"),
        ("the 15th of the month", "2026-05-15"),
        ("on Tuesday", "2026-05-05"),
        ("on Wednesday", "2026-05-06"),
        ("next Tuesday", "2026-05-05"),
        ("next Friday", "2026-05-08"),
        ("this Friday", "2026-05-01"),
        ("by Friday", "2026-05-01"),
        ("by Fri", "2026-05-01"),
        ("last Friday", "2026-04-24"),
        ("Tuesday of next week", "2026-05-05"),
        ("next week on Thursday", "2026-05-07"),
        ("Friday's call", "2026-05-01"),
        ("today", "2026-04-29"),
        ("tomorrow", "2026-04-30"),
        ("the day after tomorrow", "2026-05-01"),
        ("yesterday", "2026-04-28"),
        ("in two weeks", "2026-05-13"),
        ("in 10 days", "2026-05-09"),
        ("in 5 business days", "2026-05-06"),
        ("in two months", "~2026-06-29"),
        ("in a month", "~2026-05-29"),
        ("within 30 days", "~2026-05-29"),
        ("in the next 6-8 weeks", "~2026-06-24"),
        ("two weeks from now", "2026-05-13"),
        ("a week from Tuesday", "2026-05-12"),
        ("3 weeks ago", "2026-04-08"),
        ("end of the month", "~2026-04-30"),
        ("end of month", "~2026-04-30"),
        ("end of this quarter", "~2026-06-30"),
        ("end of next quarter", "~2026-09-30"),
        ("by the end of the year", "~2026-12-31"),
        ("end of the week", "~2026-05-01"),
        ("end of next week", "~2026-05-08"),
        ("end of May", "~2026-05-31"),
        ("Ende Mai", "~2026-05-31"),
        ("end of 2027", "~2027-12-31"),
        ("by the end of Q3", "~2026-09-30"),
        ("mid June", "~2026-06-15"),
        ("mid-June", "~2026-06-15"),
        ("early July", "~2026-07-10"),
        ("late July", "~2026-07-31"),
        ("beginning of July", "~2026-07-01"),
        ("early next week", "~2026-05-05"),
        ("Q3 2026", "~2026-09-30"),
        ("Q3", "~2026-09-30"),
        ("Q1", "~2026-03-31"),
        ("3Q27", "~2027-09-30"),
        ("H1 2027", "~2027-06-30"),
        ("the third quarter of next year", "~2027-09-30"),
        ("next month", "~2026-05-31"),
        ("next quarter", "~2026-09-30"),
        ("next year", "~2027-12-31"),
        ("next week", "~2026-05-10"),
        ("this month", "~2026-04-30"),
        ("last month", "~2026-03-31"),
        ("in June", "~2026-06-30"),
        ("in April", "~2026-04-30"),
        ("in March", "~2026-03-31"),
        ("in January", "~2027-01-31"),
        ("in may", "~2026-05-31"),
        ("in May 2027", "~2027-05-31"),
        ("September works", "~2026-09-30"),
        ("month end", "~2026-04-30"),
        ("quarter-end", "~2026-06-30"),
        ("EOM", "~2026-04-30"),
        ("EOQ", "~2026-06-30"),
        ("EOY", "~2026-12-31"),
        ("EOD", "2026-04-29"),
        ("by EOD Friday", "2026-05-01"),
        ("by end of day tomorrow", "2026-04-30"),
        ("COB", "2026-04-29"),
        ("by 2027", "~2027-12-31"),
        ("from May 12 to June 3", "2026-05-12; 2026-06-03"),
        ("April 20", "2026-04-20"),
        ("January 3", "2027-01-03"),
        ("March 2", "2026-03-02"),
        ("on February 29", "2028-02-29"),
        // No days.
        ("we may 12 or so", ""),
        ("we may need it", ""),
        ("May I ask", ""),
        ("this may take a while", ""),
        ("we march on", ""),
        ("12 may be enough", ""),
        ("the sun is out and we sat down", ""),
        ("Sun Microsystems", ""),
        ("just a second", ""),
        ("the second option", ""),
        ("the 3rd party", ""),
        ("mon ami", ""),
        ("April said so", ""),
        ("every Monday", ""),
        ("at 3 pm", ""),
        ("15:30", ""),
        ("24/7", ""),
        ("version 1.2.26", ""),
        ("192.168.0.1", ""),
        ("2026 seats", ""),
        ("May 45", ""),
        ("2026-13-45", ""),
        ("30.02.2026", ""),
        ("the month", ""),
        ("a dec machine", ""),
        ("end user", ""),
        ("in 20 minutes", ""),
        ("next steps", ""),
        ("", ""),
    ];

    #[test]
    fn days_are_read_and_resolved_against_the_day_they_were_said() {
        let wrong: Vec<_> = ROWS
            .iter()
            .map(|(text, expected)| (*text, rendered(text, Some(SAID_ON)), *expected))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
    }

    #[test]
    fn without_the_day_it_was_said_only_full_dates_are_resolved() {
        for (text, expected) in [
            ("May 12", "?"),
            ("May 12, 2027", "2027-05-12"),
            ("tomorrow", "?"),
            ("next Tuesday", "?"),
            ("end of the month", "~?"),
            ("Q3", "~?"),
            ("Q3 2026", "~2026-09-30"),
            ("in two weeks", "?"),
            ("in March", "~?"),
            ("on the 15th", "?"),
        ] {
            assert_eq!(rendered(text, None), expected, "{text:?}");
        }
    }

    #[test]
    fn next_weekday_is_in_the_following_week() {
        for (said_on, expected) in [
            (date(2026, 4, 27), "2026-05-05"),
            (date(2026, 4, 28), "2026-05-05"),
            (date(2026, 5, 3), "2026-05-05"),
            (date(2026, 5, 4), "2026-05-12"),
        ] {
            assert_eq!(rendered("next Tuesday", Some(said_on)), expected, "said on {said_on}");
        }
    }

    #[test]
    fn spans_cover_the_words_of_the_day() {
        for (text, expected) in [
            ("Let us meet next Tuesday, ok?", "next Tuesday"),
            ("by the end of the month.", "end of the month"),
            ("on Tuesday, May 12th 2026.", "Tuesday, May 12th 2026"),
            ("due 12.05.2026.", "12.05.2026"),
            ("in two weeks.", "in two weeks"),
            ("on the 15th.", "the 15th"),
        ] {
            let span = dates(text, Some(SAID_ON))[0].span;
            assert_eq!(&text[span.start..span.end], expected);
        }
    }
}
