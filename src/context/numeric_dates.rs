//! Dates written as numbers, as exports write them: `01.05.24, 12:30`. Which number is the month is decided over the
//! whole file, since one date alone often does not say it.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::turns::half_of_day;

/// A date and a time as written, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    numbers: [i16; 3],
    separator: char,
    seconds: i64,
    has_half_of_day: bool,
}

/// The order of the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// The order of all dates of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileOrder {
    pub(super) order: Order,
    /// Whether the dates themselves say it.
    pub(super) is_certain: bool,
}

impl FileOrder {
    /// A number over 12 is no month; dates of a file go forward; dots stand between day and month; a clock of twelve
    /// hours stands beside an American date.
    pub(super) fn learn(dates: &[Written]) -> Self {
        let certain = |order| Self { order, is_certain: true };
        if dates.iter().any(|date| date.numbers[0] > 31) {
            return certain(Order::YearMonthDay);
        }
        let day_first = dates.iter().filter(|date| date.numbers[0] > 12).count();
        let month_first = dates.iter().filter(|date| date.numbers[1] > 12).count();
        if day_first != month_first {
            return certain(if day_first > month_first { Order::DayMonthYear } else { Order::MonthDayYear });
        }
        let [european, american] = [Order::DayMonthYear, Order::MonthDayYear].map(|order| steps_back(dates, order));
        if european != american {
            return certain(if european < american { Order::DayMonthYear } else { Order::MonthDayYear });
        }
        let is_same = dates.iter().all(|date| date.numbers[0] == date.numbers[1]);
        let is_american = dates.iter().all(|date| date.separator == '/' && date.has_half_of_day);
        let order = if is_american { Order::MonthDayYear } else { Order::DayMonthYear };
        Self { order, is_certain: is_same || dates.iter().all(|date| date.separator == '.') }
    }

    /// For the receipt, where the file does not say it.
    pub(super) fn doubt(self) -> Option<String> {
        let order = match self.order {
            Order::DayMonthYear => "day, month, year",
            Order::MonthDayYear => "month, day, year",
            Order::YearMonthDay => "year, month, day",
        };
        (!self.is_certain).then(|| format!("order of its dates: read as {order}, since none of them says it"))
    }
}

/// What the receipt says of times without a zone.
pub(super) const NO_ZONE: &str = "zone of its times: read as UTC, since it names none";

fn steps_back(dates: &[Written], order: Order) -> usize {
    let days: Vec<Option<Date>> = dates.iter().map(|date| date.date(order)).collect();
    days.windows(2).filter(|pair| pair[0].is_none() || pair[1].is_none() || pair[1] < pair[0]).count()
}

impl Written {
    fn date(self, order: Order) -> Option<Date> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match order {
            Order::DayMonthYear => (c, b, a),
            Order::MonthDayYear => (c, a, b),
            Order::YearMonthDay => (a, b, c),
        };
        let year = if year < 100 { 2000 + year } else { year };
        Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
    }

    /// The moment, on the clock of UTC.
    pub(super) fn at(self, order: Order) -> Option<Timestamp> {
        let midnight = DateTime::from_parts(self.date(order)?, Time::midnight());
        let moment = midnight.checked_add(SignedDuration::from_secs(self.seconds)).ok()?;
        Offset::UTC.to_timestamp(moment).ok()
    }
}

/// A date and a time at the start of a text, in either order, and what follows. A date alone is its midnight.
pub(super) fn written(text: &str) -> Option<(Written, &str)> {
    if let Some((numbers, separator, rest)) = date(text) {
        let gap = rest.trim_start_matches([',', ' ', '\u{a0}', '\u{202f}', 'T', '\t']);
        let (seconds, has_half_of_day, rest) = clock(gap).unwrap_or((0, false, rest));
        return Some((Written { numbers, separator, seconds, has_half_of_day }, rest));
    }
    let (seconds, has_half_of_day, rest) = clock(text)?;
    let (numbers, separator, rest) = date(rest.trim_start_matches([',', ' ']))?;
    Some((Written { numbers, separator, seconds, has_half_of_day }, rest))
}

/// Three numbers with `.`, `/` or `-` between them, one of which can be a year.
fn date(text: &str) -> Option<([i16; 3], char, &str)> {
    let mut numbers = [0; 3];
    let mut rest = text;
    let mut separator = None;
    for (n, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        *number = rest.get(..digits).filter(|_| matches!(digits, 1 | 2 | 4))?.parse().ok()?;
        rest = &rest[digits..];
        if n < 2 {
            let mark = rest.chars().next().filter(|mark| matches!(mark, '.' | '/' | '-'))?;
            if *separator.get_or_insert(mark) != mark {
                return None;
            }
            rest = rest[1..].trim_start_matches(' ');
        }
    }
    let has_year_first = numbers[0] > 1900 && numbers[2] <= 31;
    let has_year_last = numbers[0] <= 31 && (numbers[2] > 1900 || numbers[2] < 100);
    let fits = numbers[1] <= 31 && numbers[1] > 0 && (has_year_first || has_year_last);
    fits.then_some((numbers, separator?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// `h:mm[:ss] [AM]` as seconds of the day.
pub(super) fn clock(text: &str) -> Option<(i64, bool, &str)> {
    let mut parts = [0i64; 3];
    let (mut count, mut rest) = (0, text);
    while count < 3 {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=2).contains(&digits) {
            return None;
        }
        parts[count] = rest[..digits].parse().ok()?;
        (count, rest) = (count + 1, &rest[digits..]);
        match rest.strip_prefix(':').filter(|next| next.starts_with(|c: char| c.is_ascii_digit())) {
            Some(next) if count < 3 => rest = next,
            _ => break,
        }
    }
    let (half, rest) = half_of_day(rest);
    let hour = half.map_or(Some(parts[0]), |half| half.hours(parts[0]))?;
    let fits = count > 1 && hour < 24 && parts[1] < 60 && parts[2] < 61;
    fits.then_some((hour * 3600 + parts[1] * 60 + parts[2], half.is_some(), rest))
}

#[cfg(test)]
mod tests {
    use super::{FileOrder, Order, Written, written};

    fn dates(texts: &[&str]) -> Vec<Written> {
        texts.iter().map(|text| written(text).unwrap().0).collect()
    }

    #[test]
    fn dates_and_times_of_many_exports_are_read() {
        let rows = [
            ("01.05.24, 12:30:15] x", Order::DayMonthYear, "2024-05-01T12:30:15Z"),
            ("5/1/24, 12:30\u{202f}PM - x", Order::MonthDayYear, "2024-05-01T12:30:00Z"),
            ("2024-05-01 00:05", Order::YearMonthDay, "2024-05-01T00:05:00Z"),
            ("12:30 AM, 5/1/2024] x", Order::MonthDayYear, "2024-05-01T00:30:00Z"),
            ("1/5/2024, 1:05 p. m. - x", Order::DayMonthYear, "2024-05-01T13:05:00Z"),
            ("2024/05/01", Order::YearMonthDay, "2024-05-01T00:00:00Z"),
        ];
        for (text, order, expected) in rows {
            assert_eq!(
                written(text).and_then(|(date, _)| date.at(order)).map(|at| at.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in ["", "1.5", "12:30", "1/2-2024", "99.99.9999", "0.0.0", "1.2.3.4.5 é", "1/2/345"] {
            assert!(
                written(text).is_none_or(|(date, _)| date.at(Order::DayMonthYear).is_none() || text.starts_with("1.2.3")),
                "{text}"
            );
        }
    }

    #[test]
    fn the_whole_file_says_which_number_is_the_month() {
        let order = |texts: &[&str]| {
            let found = FileOrder::learn(&dates(texts));
            (found.order, found.is_certain)
        };
        assert_eq!(order(&["3/4/24 10:00", "13/4/24 10:00"]), (Order::DayMonthYear, true));
        assert_eq!(order(&["3/4/24 10:00", "3/14/24 10:00"]), (Order::MonthDayYear, true));
        assert_eq!(order(&["1/2/24 10:00", "2/2/24 10:00", "1/3/24 10:00"]), (Order::DayMonthYear, true));
        assert_eq!(order(&["03.04.24 10:00"]), (Order::DayMonthYear, true));
        assert_eq!(order(&["3/4/24 10:00 AM"]), (Order::MonthDayYear, false));
        assert_eq!(order(&["3/4/24 10:00"]), (Order::DayMonthYear, false));
        assert_eq!(order(&["2024-05-01 10:00"]), (Order::YearMonthDay, true));
        assert_eq!(
            FileOrder::learn(&dates(&["3/4/24"])).doubt().unwrap(),
            "order of its dates: read as day, month, year, since none of them says it"
        );
    }
}
