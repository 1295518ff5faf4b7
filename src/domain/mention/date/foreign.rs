//! Days as other languages than English put them: the day first, the relative word last.

use super::super::calendar::{self, Frame};
use super::super::words::Term;
use super::{Found, Reader, small};
use crate::domain::value::DurationUnit;

impl Reader<'_, '_> {
    /// A day that English would put otherwise; the rest is read as English is.
    pub(super) fn foreign(&self, i: usize) -> Option<Found> {
        let words = self.words;
        if words.is_digits(i) {
            return self.day_and_month_in_digits(i);
        }
        match words.term(i) {
            Term::Small(_) | Term::Tens(_) | Term::Cardinal => self.spelled_day_then_month(i),
            Term::Ordinal(_) => self.nth_weekday(i, i),
            Term::Article => self.nth_weekday(i, i + 1).or_else(|| self.the_day(i)).or_else(|| self.day_of_month(i)),
            Term::Function if words.is_any(i, &["in", "within"]) && words.is_any(i + 1, &["of"]) => self.in_length_of(i),
            Term::Time(unit) => self.unit_then_relative(i, unit).or_else(|| self.calendar_week(i)),
            Term::Weekday(..) => self.weekday_then_relative(i),
            Term::Relative(-1) if words.is_any(i + 1, &["tomorrow"]) => self.days_away(i, i + 2, 2.0),
            _ if words.text_of(i).eq_ignore_ascii_case("après")
                && words.is_hyphen(i + 1)
                && words.is_any(i + 2, &["tomorrow"]) =>
            {
                self.days_away(i, i + 3, 2.0)
            }
            _ => None,
        }
    }

    fn days_away(&self, first: usize, end: usize, days: f64) -> Option<Found> {
        Some(Found::exact(first, end, self.said_on.and_then(|said_on| calendar::after(said_on, days, DurationUnit::Day))))
    }

    /// `24.11.`, `12/01`, `15/1`: not `3/4`, and no decimal.
    fn day_and_month_in_digits(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let (day, month) = (words.integer(i)?, words.integer(i + 2)?);
        let is_joined = words.is_glued(i) && words.is_symbol(i + 1, &['.', '/']) && words.is_glued(i + 1);
        let is_short = words.text_of(i).len() <= 2 && words.text_of(i + 2).len() <= 2;
        let goes_on = words.is_glued(i + 2) && !words.is_symbol(i + 3, &['.', ',', ')', ';', ':', '!', '?']);
        let is_longer = words.is_glued(i + 2) && words.is_glued(i + 3) && words.is_digits(i + 4);
        if !is_joined || !is_short || goes_on || is_longer || words.is_glued_before(i) && !words.is_symbol(i - 1, &['(']) {
            return None;
        }
        let is_sure = match words.text_of(i + 1) {
            "." => words.is_glued(i + 2) && words.is_symbol(i + 3, &['.']) && (words.is_letters(i + 4) || self.is_when_before(i)),
            _ => day > 12 || words.text_of(i + 2).starts_with('0') || self.is_when_before(i),
        };
        let (day, month) = (small(day), small(month));
        if !(is_sure || self.is_when_before(i)) || !calendar::exists(month, day) {
            return None;
        }
        Some(Found::exact(i, i + 3, self.said_on.and_then(|said_on| calendar::nearest(month, day, said_on))))
    }

    /// `vijftien januari`, `quinze mai`, `veintiuno de junio`.
    fn spelled_day_then_month(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let number = super::super::languages::numerals::spelled_at(words, i)?;
        let day = (number.value.fract() == 0.0 && (1.0..=31.0).contains(&number.value)).then_some(number.value as u8)?;
        let at = if words.is_any(number.end, &["of", "the"]) { number.end + 1 } else { number.end };
        let Term::Month(month, _) = words.term(at) else { return None };
        calendar::exists(month, day).then(|| self.with_year(i, at + 1, month, day))
    }

    /// `de eerste maandag van januari`: the first of that weekday in the month.
    fn nth_weekday(&self, first: usize, i: usize) -> Option<Found> {
        let words = self.words;
        let (Term::Ordinal(n @ 1..=5), Term::Weekday(weekday, _)) = (words.term(i), words.term(i + 1)) else { return None };
        let mut at = i + 2;
        while words.is_any(at, &["of", "the", "in"]) && at < i + 4 {
            at += 1;
        }
        let Term::Month(month, _) = words.term(at) else { return None };
        let month = month as i8 - 1;
        let (frame, end) = match self.year_at(at + 1) {
            Some((year, end)) => (Frame::of_year(year, 1, month), end),
            None => (self.said_on.and_then(|said_on| calendar::nearest_frame(1, month, said_on)), at + 1),
        };
        let day = frame.and_then(|frame| {
            let before = frame.first.yesterday().ok()?;
            let first = calendar::weekday_after(before, weekday)?;
            calendar::after(first, f64::from(n - 1), DurationUnit::Week)
        });
        Some(Found::exact(first, end, day))
    }

    /// `dentro de dos semanas`, `innerhalb von 30 Tagen`.
    fn in_length_of(&self, i: usize) -> Option<Found> {
        let length = self.length_at(i + 2)?;
        let day = self.resolve(length, 1.0, self.said_on);
        let found =
            if self.words.is_any(i, &["in"]) { Found::exact(i, length.end, day) } else { Found::inexact(i, length.end, day) };
        Some(found.counted())
    }

    /// `am 15.`, `le 15`, `el 15`: only where nothing is counted.
    fn day_of_month(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let is_single = words.is_any(i, &["the"]) && words.is_digits(i + 1) && !words.is_digits(i + 3);
        let ends = !words.is_letters(i + 2) && !words.is_symbol(i + 2, &['%', '€', '$', '£', '/', '-', ':', '\'', '’'])
            || words.is_function(i + 2) && words.language() != super::super::Language::German;
        let is_decimal = words.is_glued(i + 1) && words.is_glued(i + 2) && words.is_digits(i + 3);
        let is_dotted = words.language() != super::super::Language::German || words.is_symbol(i + 2, &['.']);
        let plural = ["les", "los", "las", "des"].iter().any(|word| words.text_of(i).eq_ignore_ascii_case(word));
        if !is_single || !ends || is_decimal || !is_dotted || plural {
            return None;
        }
        let day = words.integer(i + 1).filter(|day| (1..=31).contains(day) && words.text_of(i + 1).len() <= 2)?;
        let day = self.said_on.and_then(|said_on| calendar::day_of_month(small(day), said_on));
        Some(Found::exact(i, i + 2, day).without_month())
    }

    /// `la semaine prochaine`, `el mes que viene`, `l'année dernière`.
    fn unit_then_relative(&self, i: usize, unit: DurationUnit) -> Option<Found> {
        let words = self.words;
        let (offset, end) = self.offset_after(i + 1)?;
        if words.meaning(i).ends_with('s') {
            return None;
        }
        let frame = self.said_on.map(|said_on| Frame::relative(said_on, unit, offset));
        Some(Found::inexact(i, end, frame.flatten().map(|frame| frame.last)))
    }

    /// `vendredi prochain`, `el lunes que viene`, `dinsdag over een week`, `Dienstag in zwei Wochen`.
    fn weekday_then_relative(&self, i: usize) -> Option<Found> {
        let words = self.words;
        let Term::Weekday(weekday, _) = words.term(i) else { return None };
        let coming = |said_on| calendar::weekday_after(said_on, weekday);
        if let Some((offset, end)) = self.offset_after(i + 1) {
            let day = match offset {
                0.. => self.said_on.and_then(coming),
                _ => self.said_on.and_then(|said_on| calendar::weekday_before(said_on, weekday)),
            };
            return Some(Found::exact(i, end, day));
        }
        // "Lundi en huit", "el lunes en ocho".
        let in_eight = ["en huit", "en quinze", "en ocho", "en quince"].iter().position(|phrase| {
            let (en, number) = phrase.split_once(' ').unwrap_or_default();
            words.text_of(i + 1).eq_ignore_ascii_case(en) && words.text_of(i + 2).eq_ignore_ascii_case(number)
        });
        if let Some(n) = in_eight {
            let weeks = if n % 2 == 0 { 1.0 } else { 2.0 };
            let day = self.said_on.and_then(coming).and_then(|day| calendar::after(day, weeks, DurationUnit::Week));
            return Some(Found::exact(i, i + 3, day));
        }
        if !words.is_any(i + 1, &["in", "over"]) {
            return None;
        }
        let length = self.length_at(i + 2)?;
        let weeks = match length.unit {
            DurationUnit::Week => length.amount,
            DurationUnit::Day => weeks_of_days(length.amount)?,
            _ => return None,
        };
        let day = self.said_on.and_then(coming).and_then(|day| calendar::after(day, weeks, DurationUnit::Week));
        Some(Found::exact(i, length.end, day).counted())
    }

    /// A relative word after its noun, and the word after it.
    fn offset_after(&self, at: usize) -> Option<(i32, usize)> {
        let words = self.words;
        if words.text_of(at).eq_ignore_ascii_case("que") && words.text_of(at + 1).eq_ignore_ascii_case("viene") {
            return Some((1, at + 2));
        }
        // "Woche nächsten Monats": the word belongs to what follows.
        let is_last = !matches!(words.term(at + 1), Term::Time(_) | Term::Month(..) | Term::Weekday(..));
        self.offset(at).filter(|_| is_last).map(|offset| (offset, at + 1))
    }
}

/// "Acht Tage" are a week and "quinze jours" two: both ends are counted.
fn weeks_of_days(days: f64) -> Option<f64> {
    match days as i64 {
        7 | 8 => Some(1.0),
        14 | 15 => Some(2.0),
        _ => None,
    }
}
