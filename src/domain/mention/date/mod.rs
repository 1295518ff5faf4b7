//! Days: written, relative, and the last days of named periods.

mod foreign;
mod period;
mod relative;
mod written;

use jiff::civil::Date;

use self::relative::Which;
use super::DateMention;
use super::amount::{Amount, amounts};
use super::duration::{Length, lengths};
use super::words::{Term, Words};
use crate::domain::brief::Span;

/// A day, by the words it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    first: usize,
    end: usize,
    date: Option<Date>,
    exact: bool,
    /// Its numbers name a day, a month or a year; in "in two weeks" they count.
    is_calendar: bool,
    /// Only the day of the month is named.
    lacks_month: bool,
}

impl Found {
    fn exact(first: usize, end: usize, date: Option<Date>) -> Self {
        Self { first, end, date, exact: true, is_calendar: true, lacks_month: false }
    }

    fn inexact(first: usize, end: usize, date: Option<Date>) -> Self {
        Self { exact: false, ..Self::exact(first, end, date) }
    }

    fn counted(self) -> Self {
        Self { is_calendar: false, ..self }
    }

    fn without_month(self) -> Self {
        Self { lacks_month: true, ..self }
    }
}

pub(super) fn dates(text: &str, said_on: Option<Date>) -> Vec<DateMention> {
    let words = Words::scan(text);
    let lengths = lengths(&words, &amounts(&words));
    Reader { words: &words, said_on, lengths: &lengths }
        .all()
        .into_iter()
        .map(|found| DateMention {
            span: words.span(found.first, found.end),
            date: found.date,
            exact: found.exact,
            lacks_month: found.lacks_month,
        })
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
const WHEN: [&str; 21] = [
    "in", "by", "until", "till", "til", "since", "during", "before", "after", "through", "around", "on", "from", "of", "for",
    "early", "late", "mid", "next", "last", "this",
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
        if let Some(found) = words.is_foreign().then(|| self.foreign(i)).flatten() {
            return Some(found);
        }
        if words.is_digits(i) {
            return self
                .numeric(i)
                .or_else(|| self.day_then_month(i, i))
                .or_else(|| self.quarter(i))
                .or_else(|| self.year(i))
                .or_else(|| self.length_from(i))
                .or_else(|| self.bare_day(i));
        }
        match words.term(i) {
            Term::Month(..) => self.month_then_day(i).or_else(|| self.month(i)),
            Term::Weekday(..) => self.weekday(i, i, Which::Coming),
            Term::Ordinal(_) => self.day_then_month(i, i).or_else(|| self.quarter(i)).or_else(|| self.bare_day(i)),
            Term::Tens(_) => self.day_then_month(i, i).or_else(|| self.length_from(i)).or_else(|| self.bare_day(i)),
            Term::Relative(_) => self.relative(i),
            Term::Lead => self.part(i).or_else(|| self.day_word(i)).or_else(|| self.quarter(i)).or_else(|| self.length_from(i)),
            Term::Article => {
                self.the_day(i).or_else(|| self.after_next(i)).or_else(|| self.length_from(i)).or_else(|| self.week_from(i))
            }
            Term::Function => self.in_length(i),
            Term::Time(_) => self.period_end(i).or_else(|| self.calendar_week(i)),
            Term::Small(_) | Term::Hundred | Term::Cardinal => self.length_from(i),
            Term::Scale(_) | Term::Dozen | Term::Currency(_) | Term::MoneyCue | Term::Other => None,
        }
    }

    /// `this` 0, `next` 1, `last` -1.
    fn offset(&self, i: usize) -> Option<i32> {
        match self.words.term(i) {
            Term::Relative(offset) => Some(i32::from(offset)),
            _ => None,
        }
    }

    fn is_when_before(&self, i: usize) -> bool {
        let at = if self.words.is_any_before(i, &["the"]) { i - 1 } else { i };
        self.words.is_any_before(at, &WHEN)
            || self.words.is_any_before(at, &["due", "am", "bis", "zum", "vom", "im", "ab", "seit", "en", "le", "el"])
    }

    /// An exact day that is not itself counted from another: keeps "two weeks from two weeks from …" flat.
    fn anchor(&self, i: usize) -> Option<Found> {
        let found = match self.words.term(i) {
            Term::Month(..) => self.month_then_day(i),
            Term::Weekday(..) => self.weekday(i, i, Which::Coming),
            Term::Relative(_) => self.relative(i),
            Term::Lead => self.day_word(i),
            Term::Article => self.the_day(i),
            _ => self.numeric(i).or_else(|| self.day_then_month(i, i)),
        };
        found.filter(|found| found.exact)
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
        ("9 and 10 July", "2026-07-09; 2026-07-10"),
        ("9-11 July 2027", "2027-07-09; 2027-07-11"),
        ("9th to 11th of July", "2026-07-09; 2026-07-11"),
        ("the 9th or the 11th of July", "2026-07-09; 2026-07-11"),
        ("July 9 or 10.", "2026-07-09; 2026-07-10"),
        ("July 9th and 10th", "2026-07-09; 2026-07-10"),
        ("May 12 and 14 seats", "2026-05-12"),
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
        ("the 15th", "2026-05-15"),
        ("make it the 21st, the 19th is a zoo", "2026-05-21; 2026-05-19"),
        ("the 21st it is", "2026-05-21"),
        ("the fourteenth then", "2026-05-14"),
        ("Wednesday the 13th", "2026-05-13"),
        ("Wednesday the 10th", "2026-06-10"),
        ("Thursday 7th at two", "2026-05-07"),
        ("Tuesday the fourteenth", "2026-07-14"),
        ("by thirteenth", "2026-05-13"),
        ("on eighteenth, Thursday, eleven o'clock", "2026-06-18"),
        ("Eighteenth works", "2026-05-18"),
        ("till 15th", "2026-05-15"),
        ("by 5th latest", "2026-05-05"),
        ("Friday week", "2026-05-08"),
        ("Tuesday fortnight", "2026-05-19"),
        ("a week on Tuesday", "2026-05-12"),
        ("a week tomorrow", "2026-05-07"),
        ("a week today", "2026-05-06"),
        ("two weeks on Friday", "2026-05-15"),
        ("a fortnight from Monday", "2026-05-18"),
        ("the week after next", "~2026-05-17"),
        ("in week 43", "~2026-10-25"),
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
        ("this weekend", "~2026-05-03"),
        ("later this month", "~2026-04-30"),
        ("by EOB Friday", "2026-05-01"),
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
        ("July 28 - August 4, 2001", "2001-07-28; 2001-08-04"),
        ("since '95 and Dec. '95", "~1995-12-31"),
        ("05-30-26", "2026-05-30"),
        ("compared to 2025 results", "~2025-12-31"),
        ("year end 2027", "~2027-12-31"),
        ("Tuesday the 12th", "2026-05-12"),
        ("the last quarter of the year", "~2026-12-31"),
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
        ("the fourth is better", ""),
        ("the 2nd is cheaper", "2026-05-02"),
        ("the thirteenth floor", ""),
        ("on fifth floor", ""),
        ("by third quarter", "~2026-09-30"),
        ("on 4th-generation hardware", ""),
        ("in week 2 of the plan", ""),
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
        ("Q9", ""),
        ("Q99 2026", "~2026-12-31"),
        ("Office 2019", ""),
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
