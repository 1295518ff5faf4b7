//! Named stretches of the calendar, for their last day or a part: `end of May`, `mid June`, `Q3`, `next quarter`, `EOM`.

use super::super::calendar::{self, Frame, Part};
use super::super::words::{Spelling, Term};
use super::{Found, Reader};
use crate::domain::value::DurationUnit;

impl Reader<'_, '_> {
    /// A bare month: its last day.
    pub(super) fn month(&self, i: usize) -> Option<Found> {
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
    pub(super) fn quarter(&self, i: usize) -> Option<Found> {
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
        let n = i8::try_from(n).ok().filter(|n| (1..=12 / months).contains(n))?;
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
        let n = i8::try_from(n).ok().filter(|n| (1..=12 / months).contains(n))? - 1;
        if let Some((year, end)) = self.year_at(at) {
            return Some((Frame::of_year(year, months, n), end));
        }
        let at = if words.is_any(at, &["of"]) { at + 1 } else { at };
        let offset = self.offset(at)?;
        if words.term(at + 1) != Term::Time(DurationUnit::Year) {
            return None;
        }
        let frame = self.said_on.and_then(|said_on| Frame::of_year(said_on.year() + offset as i16, months, n));
        Some((frame, at + 2))
    }

    /// `2027`: its last day.
    pub(super) fn year(&self, i: usize) -> Option<Found> {
        const LABELS: [&str; 14] = [
            "room",
            "ext",
            "extension",
            "number",
            "no",
            "ticket",
            "order",
            "invoice",
            "deal",
            "case",
            "pin",
            "code",
            "model",
            "version",
        ];
        let words = self.words;
        // Glued: an id, a price or a decimal. After a name: "Office 2019".
        let is_label = words.is_any_before(i, &LABELS)
            || (i > 0 && words.is_letters(i - 1) && words.is_capitalised(i - 1) && words.term_before(i) == Term::Other);
        let goes_on = words.is_glued(i) && (words.is_symbol(i + 1, &['/']) || words.is_hyphen(i + 1));
        if words.text_of(i).len() != 4 || words.is_glued_before(i) || is_label || goes_on || self.is_counted(i) {
            return None;
        }
        let (year, end) = self.year_at(i).filter(|(year, _)| *year < 2050)?;
        Some(Found::inexact(i, end, Frame::year(year).map(|frame| frame.last)))
    }

    /// "2000 seats" counts seats; "2021 results" are of that year.
    fn is_counted(&self, i: usize) -> bool {
        const COUNTED: [&str; 18] = [
            "seats",
            "users",
            "licenses",
            "licences",
            "people",
            "employees",
            "staff",
            "customers",
            "clients",
            "units",
            "devices",
            "endpoints",
            "agents",
            "records",
            "contacts",
            "stores",
            "mailboxes",
            "members",
        ];
        let words = self.words;
        let at = i + 1;
        let is_plural = words.term(at) == Term::Other && words.is_letters(at) && words.text_of(at).ends_with('s');
        matches!(words.term(at), Term::Time(_) | Term::Currency(_) | Term::Scale(_))
            || words.is_symbol(at, &['€', '$', '£', '%'])
            || words.is_any(at, &COUNTED)
            || (is_plural && words.text_of(i).ends_with("00"))
    }

    /// `end of May`, `mid-June`, `early next week`, `EOM`, `end of day Friday`.
    pub(super) fn part(&self, i: usize) -> Option<Found> {
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
            () if words.is_any(i, &["eod", "eob", "cob"]) => return Some(self.end_of_day(i, i + 1)),
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
        if let Some(offset) = self.offset(at) {
            return self.relative_frame(at + 1, offset);
        }
        self.frame_after_the(at)
    }

    fn frame_after_the(&self, at: usize) -> Option<(Option<Frame>, usize)> {
        let words = self.words;
        if let Some(offset) = self.offset(at) {
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

    /// `the year`, `next year`, `2027`; and the word after it.
    pub(super) fn year_frame(&self, at: usize) -> Option<(Option<Frame>, usize)> {
        let (frame, end) = self.frame(at)?;
        let is_year = self.words.is_digits(end - 1) || self.words.term(end - 1) == Term::Time(DurationUnit::Year);
        is_year.then_some((frame, end))
    }

    /// The unit of time at `at`, `offset` units from now.
    pub(super) fn relative_frame(&self, at: usize, offset: i32) -> Option<(Option<Frame>, usize)> {
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
        if words.meaning(at).ends_with('s') {
            return None;
        }
        Some((self.said_on.and_then(|said_on| Frame::relative(said_on, unit, offset)), at + 1))
    }

    /// `week 43`, `KW 43`: weeks of the calendar; a low number may be a week of some plan.
    pub(super) fn calendar_week(&self, i: usize) -> Option<Found> {
        const LEAST: u32 = 14;
        let words = self.words;
        let is_kw = words.text_of(i) == "KW";
        let n = words.integer(i + 1).filter(|n| (if is_kw { 1 } else { LEAST }..=53).contains(n))?;
        let is_number = words.text_of(i + 1).len() <= 2 && !self.is_decimal(i + 1) && words.meaning(i) != "weeks";
        if words.term(i) != Term::Time(DurationUnit::Week) || !is_number {
            return None;
        }
        let frame = self.said_on.and_then(|said_on| calendar::nearest_week(n, said_on));
        Some(Found::inexact(i, i + 2, frame.map(|frame| frame.last)))
    }

    /// `month end`, `quarter-end`, `year end`.
    pub(super) fn period_end(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let end = if words.is_symbol(i + 1, &['-']) { i + 2 } else { i + 1 };
        if !words.is_any(end, &["end"]) || words.is_any(end + 1, &["user", "users", "of"]) {
            return None;
        }
        if let Some((year, end)) = self.year_at(end + 1).filter(|_| words.term(i) == Term::Time(DurationUnit::Year)) {
            return Some(Found::inexact(i, end, Frame::year(year).map(|frame| frame.last)));
        }
        let (frame, _) = self.relative_frame(i, 0)?;
        Some(Found::inexact(i, end + 1, frame.map(|frame| frame.day(Part::End))))
    }
}
