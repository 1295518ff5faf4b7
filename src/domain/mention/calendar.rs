//! Arithmetic of days: weekdays, periods of the calendar, days without a year.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday, date};

use crate::domain::value::DurationUnit;

/// A week, month, quarter, half or whole year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) first: Date,
    pub(super) last: Date,
}

/// Which part of a frame was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Start,
    Early,
    Middle,
    Late,
    End,
}

impl Frame {
    /// Monday to Sunday.
    pub(super) fn week(day: Date) -> Option<Self> {
        let first = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?;
        Some(Self { first, last: first.checked_add(6.days()).ok()? })
    }

    pub(super) fn month(day: Date) -> Self {
        Self { first: day.first_of_month(), last: day.last_of_month() }
    }

    /// `months` long, starting with the `n`th of that length in the year, from 0.
    pub(super) fn of_year(year: i16, months: i8, n: i8) -> Option<Self> {
        let first = Date::new(year, n.checked_mul(months)?.checked_add(1)?, 1).ok()?;
        let last = Date::new(year, first.month().checked_add(months - 1)?, 1).ok()?.last_of_month();
        Some(Self { first, last })
    }

    pub(super) fn year(year: i16) -> Option<Self> {
        Self::of_year(year, 12, 0)
    }

    /// The frame of this unit that is `offset` after the one of `day`.
    pub(super) fn relative(day: Date, unit: DurationUnit, offset: i32) -> Option<Self> {
        match unit {
            DurationUnit::Week => Self::week(day.checked_add((i64::from(offset) * 7).days()).ok()?),
            DurationUnit::Month => Some(Self::month(day.first_of_month().checked_add(offset.months()).ok()?)),
            DurationUnit::Quarter => {
                let day = day.first_of_month().checked_add((offset * 3).months()).ok()?;
                Self::of_year(day.year(), 3, (day.month() - 1) / 3)
            }
            DurationUnit::Year => Self::year(day.year().checked_add(i16::try_from(offset).ok()?)?),
            DurationUnit::Minute | DurationUnit::Hour | DurationUnit::Day => None,
        }
    }

    /// The day a part of the frame stands for. A week is its working days here.
    pub(super) fn day(self, part: Part) -> Date {
        let length = self.first.until(self.last).map_or(0, |span| span.get_days());
        let after_first = |days: i32| self.first.checked_add(days.days()).unwrap_or(self.last);
        let is_week = length == 6;
        match part {
            Part::Start => self.first,
            Part::Early if is_week => after_first(1),
            Part::Middle if is_week => after_first(2),
            Part::Late | Part::End if is_week => after_first(4),
            Part::Early if length < 31 => after_first(9),
            Part::Middle if length < 31 => after_first(14),
            Part::Early => after_first(length / 3),
            Part::Middle => after_first(length / 2),
            Part::Late | Part::End => self.last,
        }
    }
}

/// The first such weekday after the day.
pub(super) fn weekday_after(day: Date, weekday: u8) -> Option<Date> {
    day.nth_weekday(1, weekday_of(weekday)?).ok()
}

/// The last such weekday before the day.
pub(super) fn weekday_before(day: Date, weekday: u8) -> Option<Date> {
    day.nth_weekday(-1, weekday_of(weekday)?).ok()
}

/// Such a weekday in the week that is `weeks` after the day's, Monday to Sunday.
pub(super) fn weekday_of_week(day: Date, weekday: u8, weeks: i32) -> Option<Date> {
    let week = Frame::relative(day, DurationUnit::Week, weeks)?;
    week.first.checked_add(i64::from(weekday).days()).ok()
}

fn weekday_of(days_after_monday: u8) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(days_after_monday).ok()?).ok()
}

/// A day of the year whose year was not said: the nearest to come, unless that is over ten months away and it was at
/// most 60 days ago, because people refer back.
pub(super) fn nearest(month: u8, day: u8, said_on: Date) -> Option<Date> {
    nearest_by(said_on, |year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok(), |date| *date)
}

/// The same for a frame, by its last day.
pub(super) fn nearest_frame(months: i8, n: i8, said_on: Date) -> Option<Frame> {
    nearest_by(said_on, |year| Frame::of_year(year, months, n), |frame| frame.last)
}

fn nearest_by<T: Copy>(said_on: Date, of_year: impl Fn(i16) -> Option<T>, last: impl Fn(&T) -> Date) -> Option<T> {
    const TEN_MONTHS: i32 = 304;
    const LOOK_BACK: i32 = 60;
    // Nine years: February 29th may be eight years away.
    let to_come = (0..9).filter_map(|n| of_year(said_on.year() + n)).find(|found| last(found) >= said_on)?;
    let past = (0..2).filter_map(|n| of_year(said_on.year() - n)).find(|found| last(found) < said_on);
    match past {
        Some(past) if days_between(said_on, last(&to_come)) > TEN_MONTHS && days_between(last(&past), said_on) <= LOOK_BACK => {
            Some(past)
        }
        _ => Some(to_come),
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// The nth of a month on or after the day.
pub(super) fn day_of_month(day: u8, said_on: Date) -> Option<Date> {
    let wanted = i8::try_from(day).ok()?;
    (0..3)
        .filter_map(|n| said_on.first_of_month().checked_add(n.months()).ok())
        .filter_map(|first| Date::new(first.year(), first.month(), wanted).ok())
        .find(|date| *date >= said_on)
}

/// The nth of a month that is such a weekday: of the months to come the first in which it is, of the last one if there
/// is none, and the nearest to come if the two do not go together.
pub(super) fn day_of_month_on(day: u8, weekday: u8, said_on: Date) -> Option<Date> {
    const MONTHS: i32 = 5;
    let wanted = i8::try_from(day).ok()?;
    let weekday = weekday_of(weekday)?;
    let of_month = |n: i32| {
        let first = said_on.first_of_month().checked_add(n.months()).ok()?;
        Date::new(first.year(), first.month(), wanted).ok().filter(|date| date.weekday() == weekday)
    };
    let to_come = (0..MONTHS).filter_map(of_month).find(|date| *date >= said_on);
    to_come.or_else(|| [0, -1].into_iter().find_map(of_month)).or_else(|| day_of_month(day, said_on))
}

/// The week of the calendar with this number, by ISO 8601, that is nearest to come.
pub(super) fn nearest_week(n: u32, said_on: Date) -> Option<Frame> {
    let n = i8::try_from(n).ok()?;
    nearest_by(said_on, |year| Frame::week(ISOWeekDate::new(year, n, Weekday::Monday).ok()?.date()), |frame| frame.last)
}

/// A length of time after the day; before it if the amount is negative.
pub(super) fn after(day: Date, amount: f64, unit: DurationUnit) -> Option<Date> {
    const DAYS_OF_MONTH: f64 = 30.0;
    // Past a century nobody means a day.
    if amount.abs() > 36_500.0 {
        return None;
    }
    let is_whole = amount.fract() == 0.0;
    let whole = amount.round() as i64;
    let span = match unit {
        DurationUnit::Minute | DurationUnit::Hour => return None,
        DurationUnit::Day => whole.days(),
        DurationUnit::Week => ((amount * 7.0).round() as i64).days(),
        DurationUnit::Month if is_whole => whole.months(),
        DurationUnit::Quarter if is_whole => (whole * 3).months(),
        DurationUnit::Month => ((amount * DAYS_OF_MONTH).round() as i64).days(),
        DurationUnit::Quarter => ((amount * 3.0 * DAYS_OF_MONTH).round() as i64).days(),
        DurationUnit::Year => ((amount * 12.0).round() as i64).months(),
    };
    day.checked_add(span).ok()
}

/// Working days after the day: Monday to Friday, no holidays.
pub(super) fn after_working_days(day: Date, amount: f64) -> Option<Date> {
    let count = if (0.0..=2_000.0).contains(&amount) { amount.round() as u32 } else { return None };
    let mut day = day;
    for _ in 0..count {
        day = day.tomorrow().ok()?;
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            day = day.tomorrow().ok()?;
        }
    }
    Some(day)
}

/// A day with its year, if the calendar has it.
pub(super) fn exact(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Whether some year has this day.
pub(super) fn exists(month: u8, day: u8) -> bool {
    exact(2024, month, day).is_some_and(|found| found >= date(2024, 1, 1))
}
