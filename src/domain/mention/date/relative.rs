//! Days counted from the day it was said: `tomorrow`, `next Tuesday`, `in two weeks`, `the 15th`.

use jiff::civil::Date;

use super::super::calendar::{self, Frame};
use super::super::duration::Length;
use super::super::words::{Spelling, Term};
use super::{Found, Reader};
use crate::domain::value::DurationUnit;

impl Reader<'_, '_> {
    /// `next month`, `this quarter`, `next week Tuesday`, `next Tuesday`, `last Friday`, `this afternoon`.
    pub(super) fn relative(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let offset = self.offset(i)?;
        if words.is_any(i, &["this"]) && words.is_any(i + 1, &["morning", "afternoon", "evening"]) {
            return Some(Found::exact(i, i + 2, self.after(0.0, DurationUnit::Day)));
        }
        if let Term::Weekday(..) = words.term(i + 1) {
            let which = match offset {
                0 => Which::Coming,
                // Elsewhere the next one is the next to come.
                1 if words.is_foreign() => Which::Coming,
                1.. => Which::OfWeek(offset),
                _ => Which::Past,
            };
            let which = if words.is_any(i, &["coming"]) { Which::Coming } else { which };
            return self.weekday(i, i + 1, which);
        }
        if let Some(found) = self.last_of_year(i) {
            return Some(found);
        }
        if words.is_any(i + 1, &["weekend"]) {
            let sunday = self.said_on.and_then(|said_on| calendar::weekday_of_week(said_on, 6, offset));
            return Some(Found::inexact(i, i + 2, sunday));
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

    /// `last quarter of the year`, `last month of 2027`.
    fn last_of_year(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if !words.is_any(i, &["last"]) || !matches!(words.term(i + 1), Term::Time(_)) || !words.is_any(i + 2, &["of"]) {
            return None;
        }
        let (year, end) = self.year_frame(i + 3)?;
        Some(Found::inexact(i, end, year.map(|year| year.last)))
    }

    /// A weekday at `i`, with the date that follows it if there is one.
    pub(super) fn weekday(&self, first: usize, i: usize, which: Which) -> Option<Found> {
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
        // "Tuesday the 12th", "Thursday 18th"; not "Monday first thing".
        let is_sure = |day: u8| words.is_any_before(at, &["the"]) || words.is_digits(at) || day > 3;
        if let Some((day, true, end)) = self.day_number(at).filter(|(day, ..)| is_sure(*day)) {
            let date = self.said_on.and_then(|said_on| calendar::day_of_month_on(day, weekday, said_on));
            return Some(Found::exact(first, end, date));
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
        match self.offset(of) {
            Some(offset) if words.term(of + 1) == Term::Time(DurationUnit::Week) => (Which::OfWeek(offset), of + 2),
            // "Friday week", "Tuesday fortnight".
            _ if words.is_any(at, &["week"]) => (Which::Later(1), at + 1),
            _ if words.is_any(at, &["fortnight"]) => (Which::Later(2), at + 1),
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
    pub(super) fn day_word(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let days = match () {
            () if words.is_any(i, &["today", "today's", "today’s", "tonight"]) => 0.0,
            () if words.is_any(i, &["tomorrow", "tomorrow's", "tomorrow’s", "tmrw", "tmw"]) => 1.0,
            () if words.is_any(i, &["yesterday", "yesterday's", "yesterday’s"]) => -1.0,
            () if words.is_any(i, &["overmorrow"]) => 2.0,
            () if words.is_any(i, &["ereyesterday"]) => -2.0,
            () => return None,
        };
        Some(Found::exact(i, i + 1, self.after(days, DurationUnit::Day)))
    }

    fn after(&self, amount: f64, unit: DurationUnit) -> Option<Date> {
        self.said_on.and_then(|said_on| calendar::after(said_on, amount, unit))
    }

    /// `the 15th`, `the 12th of May`, `the day after tomorrow`, `the first of next month`.
    pub(super) fn the_day(&self, i: usize) -> Option<Found> {
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
        // "The fourth" may be one of four; nobody numbers options to thirteen.
        let is_no_item = day > if words.is_digits(i + 1) { 3 } else { 12 };
        let is_day = self.stands_alone(end)
            && (is_late && has_cue || is_no_item && !words.is_any_before(i, &["of", "for", "in"]))
            || is_late && words.is_digits(i + 1) && words.is_any(end, &["works", "is", "at", "would"]);
        is_day.then(|| self.day_without_month(i, day, end))
    }

    /// `by thirteenth`, `on 18th`, `Eighteenth works`: India leaves out the article.
    pub(super) fn bare_day(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if words.is_glued_before(i) {
            return None;
        }
        let (day, is_ordinal, end) = self.day_number(i)?;
        let has_cue = words.is_any_before(i, &["by", "on", "until", "till", "til", "before", "after", "from", "since", "due"]);
        if !is_ordinal || !has_cue && !words.is_any(end, &["works", "suits"]) {
            return None;
        }
        if has_cue && words.is_any(end, &["of"]) {
            return self.day_of_relative_month(i, end + 1, day);
        }
        let is_late = day > 3 || words.is_digits(i);
        let is_day = is_late && (self.stands_alone(end) || words.is_any(end, &["works", "suits"]));
        is_day.then(|| self.day_without_month(i, day, end))
    }

    /// Whether what ends here counts or orders nothing behind it.
    fn stands_alone(&self, end: usize) -> bool {
        let words = self.words;
        let is_glued = words.is_glued_before(end) && (words.is_letters(end) || words.is_hyphen(end));
        !is_glued && (!words.is_letters(end) || matches!(words.term(end), Term::Function | Term::Weekday(..)))
            || words.is_any(end, &["then", "instead", "latest", "sharp", "morning", "afternoon", "evening"])
    }

    /// `the 15th`, `the eighteenth, Thursday`.
    fn day_without_month(&self, first: usize, day: u8, end: usize) -> Found {
        let words = self.words;
        let at = if words.is_symbol(end, &[',']) { end + 1 } else { end };
        if let Term::Weekday(weekday, Spelling::Plain) = words.term(at) {
            let date = self.said_on.and_then(|said_on| calendar::day_of_month_on(day, weekday, said_on));
            return Found::exact(first, at + 1, date);
        }
        Found::exact(first, end, self.said_on.and_then(|said_on| calendar::day_of_month(day, said_on))).without_month()
    }

    /// `the week after next`, `the month after next`.
    pub(super) fn after_next(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if !words.is_any(i, &["the"]) || !words.is_any(i + 2, &["after"]) || !words.is_any(i + 3, &["next"]) {
            return None;
        }
        let (frame, _) = self.relative_frame(i + 1, 2)?;
        Some(Found::inexact(i, i + 4, frame.map(|frame| frame.last)))
    }

    /// `a week on Tuesday`, `a week Friday`, `a week today`, `a fortnight tomorrow`.
    pub(super) fn week_from(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let weeks = match () {
            () if !words.is_any(i, &["a"]) => return None,
            () if words.is_any(i + 1, &["week"]) => 1.0,
            () if words.is_any(i + 1, &["fortnight"]) => 2.0,
            () => return None,
        };
        let at = if words.is_any(i + 2, &["on", "from"]) { i + 3 } else { i + 2 };
        let is_next_day = words.is_any(at, &["today", "tomorrow"]) || at > i + 2 && words.is_any(at, &["now"]);
        if !is_next_day && !matches!(words.term(at), Term::Weekday(_, Spelling::Plain)) {
            return None;
        }
        if words.is_any(at, &["now"]) {
            return Some(Found::exact(i, at + 1, self.after(weeks, DurationUnit::Week)));
        }
        let start = self.anchor(at)?;
        Some(Found::exact(i, start.end, start.date.and_then(|day| calendar::after(day, weeks, DurationUnit::Week))))
    }

    /// `the first of next month`, `the 15th of the month`.
    fn day_of_relative_month(&self, first: usize, at: usize, day: u8) -> Option<Found> {
        let words = self.words;
        let (offset, at) = if words.is_any(at, &["the", "each"]) { (0, at + 1) } else { (self.offset(at)?, at + 1) };
        if words.term(at) != Term::Time(DurationUnit::Month) || words.meaning(at).ends_with('s') {
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
    pub(super) fn in_length(&self, i: usize) -> Option<Found> {
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
    pub(super) fn length_from(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let length = self.length_at(i)?;
        if words.is_any(length.end, &["ago"]) {
            return Some(Found::exact(i, length.end + 1, self.resolve(length, -1.0, self.said_on)).counted());
        }
        // "Two weeks on Friday", "two weeks tomorrow".
        let is_week = length.unit == DurationUnit::Week && length.up_to.is_none();
        if is_week && words.is_any(length.end, &["today", "tomorrow"]) {
            let start = self.anchor(length.end)?;
            return Some(Found::exact(i, start.end, self.resolve(length, 1.0, start.date)).counted());
        }
        let is_on_weekday = words.is_any(length.end, &["on"]) && matches!(words.term(length.end + 1), Term::Weekday(..));
        let is_counted_from = words.is_any(length.end, &["from"]) || is_week && is_on_weekday;
        if !is_counted_from {
            return None;
        }
        if words.is_any(length.end + 1, &["now"]) {
            return Some(Found::exact(i, length.end + 2, self.resolve(length, 1.0, self.said_on)).counted());
        }
        let start = self.anchor(length.end + 1)?;
        Some(Found::exact(i, start.end, self.resolve(length, 1.0, start.date)).counted())
    }

    pub(super) fn length_at(&self, first: usize) -> Option<&Length> {
        let at = self.lengths.binary_search_by_key(&first, |length| length.first).ok()?;
        self.lengths.get(at).filter(|length| !matches!(length.unit, DurationUnit::Minute | DurationUnit::Hour))
    }

    pub(super) fn resolve(&self, length: &Length, sign: f64, from: Option<Date>) -> Option<Date> {
        let amount = length.up_to.unwrap_or(length.amount);
        if length.is_business && length.unit == DurationUnit::Day && sign > 0.0 {
            return calendar::after_working_days(from?, amount);
        }
        calendar::after(from?, amount * sign, length.unit)
    }
}

/// Which of the weekdays of a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    /// The first to come.
    Coming,
    /// The last before.
    Past,
    /// In the week that many weeks from now.
    OfWeek(i32),
    /// That many weeks after the first to come.
    Later(i32),
}

impl Which {
    fn resolve(self, said_on: Date, weekday: u8) -> Option<Date> {
        match self {
            Self::Coming => calendar::weekday_after(said_on, weekday),
            Self::Past => calendar::weekday_before(said_on, weekday),
            Self::OfWeek(weeks) => calendar::weekday_of_week(said_on, weekday, weeks),
            Self::Later(weeks) => {
                calendar::after(calendar::weekday_after(said_on, weekday)?, f64::from(weeks), DurationUnit::Week)
            }
        }
    }
}
