//! The numbers and days that a text holds, for asking whether a claim's stand there.

use std::cell::OnceCell;
use std::sync::LazyLock;

use jiff::ToSpan as _;
use jiff::civil::Date;
use regex::Regex;

use super::calendar::quarters_in;
use super::index::for_each_word;
use crate::domain::brief::Span;
use crate::domain::mention::{self, DateMention, DurationMention, NumberMention, Quantities};

/// Numbers and days of a set of texts, each kind worked out when it is first needed.
///
/// Generous: it is better to accept a number too many than to block a right brief.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    texts: Vec<(&'a str, Option<Date>)>,
    /// Numbers in digits: most claims need no more.
    in_digits: Vec<f64>,
    read: OnceCell<Vec<Quantities>>,
    in_words: OnceCell<Vec<f64>>,
    /// Numbers said without a scale and counting nothing: "four hundred and twelve" of thousands.
    bare: OnceCell<Vec<f64>>,
    days: OnceCell<Vec<Date>>,
    times: OnceCell<Vec<Time>>,
    /// Figures that may be times: `11.30`.
    dotted: OnceCell<Vec<Time>>,
    /// All texts in lower case: finds days by their words.
    words: OnceCell<String>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(texts: impl IntoIterator<Item = (&'a str, Option<Date>)>) -> Self {
        let texts: Vec<_> = texts.into_iter().collect();
        let in_digits = sorted(texts.iter().flat_map(|(text, _)| plain_numbers(text)));
        Self {
            texts,
            in_digits,
            read: OnceCell::new(),
            in_words: OnceCell::new(),
            bare: OnceCell::new(),
            days: OnceCell::new(),
            times: OnceCell::new(),
            dotted: OnceCell::new(),
            words: OnceCell::new(),
        }
    }

    /// What each text counts.
    fn read(&self) -> &[Quantities] {
        self.read.get_or_init(|| self.texts.iter().map(|(text, _)| mention::quantities(text)).collect())
    }

    fn in_words(&self) -> &[f64] {
        // Recognisers write "twenty - five".
        let spaced = |text: &str| text.contains(" - ").then(|| mention::numbers(&text.replace(" - ", "-")));
        self.in_words.get_or_init(|| {
            let spaced = self.texts.iter().flat_map(|(text, _)| spaced(text).into_iter().flatten().map(|one| one.number));
            sorted(self.read().iter().flat_map(all_mentioned).chain(spaced))
        })
    }

    fn bare(&self) -> &[f64] {
        self.bare.get_or_init(|| {
            let ends = |one: &NumberMention| [Some(one.number), one.up_to].into_iter().flatten();
            let plain = self.read().iter().flat_map(|read| &read.numbers).filter(|one| one.unit.is_none()).flat_map(ends);
            sorted(plain.chain(self.read().iter().flat_map(|read| read.joined.iter().copied())))
        })
    }

    /// The lengths of time that are given.
    pub(super) fn lengths(&self) -> impl Iterator<Item = &DurationMention> {
        self.read().iter().flat_map(|read| &read.durations)
    }

    fn days(&self) -> &[Date] {
        self.days.get_or_init(|| {
            let mut days = Vec::new();
            let mut month = MonthSpokenOf::default();
            for (n, (text, said_on)) in self.texts.iter().enumerate() {
                let mentions = mention::dates(text, said_on.or(SOME_DAY));
                days.extend(mentions.iter().filter_map(|mention| month.day(n, text, mention)));
                days.extend(days_of(text, *said_on, &mentions));
            }
            days.sort_unstable();
            days
        })
    }

    /// The times of day that are written as such: `2 pm`, `14:30`.
    pub(super) fn times(&self) -> &[Time] {
        let all = || self.texts.iter().flat_map(|(text, _)| times_of_day(text)).map(|(_, time)| time).collect();
        self.times.get_or_init(all)
    }

    /// Whether a time of day may stand somewhere in other figures or in words.
    pub(super) fn may_name_time(&self, time: &Time) -> bool {
        let dotted = self.dotted.get_or_init(|| self.texts.iter().flat_map(|(text, _)| dotted_times(text)).collect());
        dotted.iter().any(|one| one.may_be(time)) || in_words(time, |words| self.has_words(words))
    }

    fn words(&self) -> &str {
        self.words.get_or_init(|| self.texts.iter().map(|(text, _)| lower_words(text)).collect())
    }

    /// Also "twelve euros and fifty" for 12.50: prices are said in two numbers.
    pub(super) fn has_number(&self, number: f64) -> bool {
        let hundredths = (number * 100.0).round() - number.trunc() * 100.0;
        let is_price = number > 1.0 && hundredths >= 10.0 && same((number * 100.0).round(), number * 100.0);
        let is_fraction = || share_in_words(number).iter().any(|words| self.has_words(words));
        self.stands(number)
            || is_fraction()
            || is_price && self.stands(number.trunc()) && self.stands(hundredths)
            || self.has_without_scale(number)
    }

    /// Whether a number of thousands or millions was said without that word: "we asked three ten". Of a small one others
    /// nearby have it: "the budget is ninety, your offer a hundred and ten thousand".
    fn has_without_scale(&self, number: f64) -> bool {
        let is_said = |scale: f64| {
            let said = number / scale;
            // A small one stands for much else; nobody leaves out "thousand" after "four".
            let may_be = (10.0..1_000.0).contains(&said) && same(said.fract(), 0.0);
            may_be && holds(self.bare(), said) && (said >= 100.0 || self.has_between(10.0 * scale, 1_000.0 * scale))
        };
        [1e3, 1e5, 1e6].into_iter().any(is_said)
    }

    fn has_between(&self, least: f64, below: f64) -> bool {
        let has = |numbers: &[f64]| numbers.get(numbers.partition_point(|one| *one < least)).is_some_and(|one| *one < below);
        has(&self.in_digits) || has(self.in_words())
    }

    fn stands(&self, number: f64) -> bool {
        holds(&self.in_digits, number) || holds(self.in_words(), number)
    }

    pub(super) fn has_day(&self, day: Date) -> bool {
        self.days().binary_search(&day).is_ok()
    }

    /// A day of any year.
    pub(super) fn has_day_of_year(&self, day: Date) -> bool {
        self.days().iter().any(|one| (one.month(), one.day()) == (day.month(), day.day()))
    }

    /// Whether the sources speak of a quarter that a text names, `Q2` for "second quarter" and the reverse: in the same
    /// year, where both name one. `None`: the text names no quarter, or the sources none.
    pub(super) fn has_quarter(&self, text: &str) -> Option<bool> {
        let words = lower_words(text);
        let wanted = quarters_in(&words);
        if wanted.is_empty() {
            return None;
        }
        let named = quarters_in(self.words());
        let has = |(quarter, year): &(usize, Option<&str>)| {
            let mut years = named.iter().filter(|(other, _)| other == quarter).map(|(_, year)| *year).peekable();
            let is_named = years.peek().is_some();
            let years: Vec<&str> = years.flatten().collect();
            is_named && year.is_none_or(|year| years.is_empty() || years.contains(&year))
        };
        (!named.is_empty()).then(|| wanted.iter().all(has))
    }

    /// Whether these words stand somewhere in this order, whatever stands between them but letters.
    pub(super) fn has_words(&self, text: &str) -> bool {
        let wanted = lower_words(text);
        let starts_word = |at: usize| at == 0 || self.words().as_bytes()[at - 1] == b' ';
        !wanted.is_empty() && self.words().match_indices(&wanted).any(|(at, _)| starts_word(at))
    }
}

/// Whether sorted numbers have this one.
fn holds(numbers: &[f64], number: f64) -> bool {
    let from = numbers.partition_point(|one| *one < number - tolerance(number));
    numbers.get(from).is_some_and(|one| same(*one, number))
}

/// The words of a text in lower case, a space after each.
fn lower_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    for_each_word(text, |word, _| {
        words.push_str(word);
        words.push(' ');
    });
    words
}

/// Stands for the day when nobody knows it, so that days without a year can be compared. Its year has a February 29th.
pub(super) const SOME_DAY: Option<Date> = Some(Date::constant(2024, 1, 1));

/// The month that was named last: "make it the 21st", said a little after "October 19", is a day of that month.
#[derive(Default)]
struct MonthSpokenOf {
    /// Where it was named, and a day of it.
    last: Option<(usize, Date)>,
}

impl MonthSpokenOf {
    /// The day that the `n`th text means by a day without a month.
    fn day(&mut self, n: usize, text: &str, mention: &DateMention) -> Option<Date> {
        /// Texts that a month is remembered for.
        const REMEMBERED: usize = 12;
        let day = mention.date?;
        if mention.lacks_month {
            let (_, month) = self.last.filter(|(since, _)| n - since <= REMEMBERED)?;
            return month.with().day(day.day()).build().ok();
        }
        if names_month(&text[mention.span.start..mention.span.end]) {
            self.last = Some((n, day));
        }
        None
    }
}

/// How people say a share of a hundred.
pub(super) fn share_in_words(percent: f64) -> &'static [&'static str] {
    match percent.trunc() as i64 {
        10 => &["a tenth", "one in ten"],
        20 => &["a fifth", "one in five"],
        // "The third quarter" is neither.
        25 => &["a quarter", "one quarter", "one in four"],
        33 => &["a third", "one third", "one in three"],
        50 => &["half"],
        66 | 67 => &["two thirds", "two in three"],
        75 => &["three quarters", "three in four"],
        80 => &["four fifths", "four in five"],
        90 => &["nine in ten"],
        _ => &[],
    }
}

/// Whether words name a month of the calendar.
fn names_month(words: &str) -> bool {
    const SHORT: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut names = words.bytes().filter(|byte| matches!(byte, b'-' | b'.' | b'/')).count() == 2;
    for_each_word(words, |word, _| names |= word.get(..3).is_some_and(|start| SHORT.contains(&start)));
    names
}

/// Days that figures with a slash may mean: `18/5`, `5/18`, and `9/6` either way.
pub(super) fn slashed_days(text: &str) -> Vec<(i8, i8)> {
    let mut days = Vec::new();
    let number = |digits: &str| digits.parse::<i8>().ok().filter(|_| (1..=2).contains(&digits.len()));
    let is_digit = |c: char| c.is_ascii_digit();
    for (at, _) in text.match_indices('/') {
        let (left, right) = (&text[..at], &text[at + 1..]);
        let (before, after) = (left.trim_end_matches(is_digit), right.trim_start_matches(is_digit));
        let Some((a, b)) = number(&left[before.len()..]).zip(number(&right[..right.len() - after.len()])) else { continue };
        if before.ends_with(['/', '.', '$', '€', '£']) || after.starts_with(['/', '%']) {
            continue;
        }
        days.extend([(a, b), (b, a)].into_iter().filter(|(day, month)| Date::new(2024, *month, *day).is_ok()));
    }
    days
}

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: usize,
    minute: Option<usize>,
    /// Whether it is after noon, if that is said.
    is_late: Option<bool>,
}

impl Time {
    /// Whether both may be the same: what one leaves out, it does not contradict.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let agree = |a: Option<usize>, b: Option<usize>| a.zip(b).is_none_or(|(a, b)| a == b);
        let is_late = |time: &Self| time.is_late.map(usize::from);
        self.hour % 12 == other.hour % 12 && agree(self.minute, other.minute) && agree(is_late(self), is_late(other))
    }
}

/// The times of day in a text: with `am` or `pm`, or with minutes.
pub(super) fn times_of_day(text: &str) -> Vec<(Span, Time)> {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        let time = r"(?i-u)\b(\d{1,2})(?:[:.](\d\d))?\s?([ap])\.?m\b|\b(\d{1,2}):(\d\d)\b";
        Regex::new(time).expect("a pattern that is part of the program")
    });
    if !has_digit(text) {
        return Vec::new();
    }
    let number = |found: Option<regex::Match<'_>>| found.and_then(|digits| digits.as_str().parse::<usize>().ok());
    let times = TIME.captures_iter(text).filter_map(|found| {
        let hour = number(found.get(1).or(found.get(4)))?;
        let is_late = found.get(3).map(|half| half.as_str().eq_ignore_ascii_case("p")).or((hour > 12).then_some(true));
        let span = found.get(0).map(|all| Span { start: all.start(), end: all.end() })?;
        Some((span, Time { hour, minute: number(found.get(2).or(found.get(5))), is_late }))
    });
    times.collect()
}

/// Equal but for rounding.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= tolerance(b)
}

fn tolerance(number: f64) -> f64 {
    1e-9 * number.abs().max(1.0)
}

fn sorted(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

/// Every number a reader could find in a text, in any reading: `$45k` gives 45 and 45,000. `quantities` are the text's.
pub(super) fn all_numbers(text: &str, quantities: &Quantities) -> Vec<f64> {
    let mut numbers = plain_numbers(text);
    numbers.extend(all_mentioned(quantities));
    numbers
}

fn all_mentioned(quantities: &Quantities) -> impl Iterator<Item = f64> {
    let numbers = quantities.numbers.iter().flat_map(|one| [Some(one.number), one.up_to]);
    let money = quantities.money.iter().flat_map(|one| [Some(one.amount), one.up_to]);
    let durations = quantities.durations.iter().flat_map(|one| [Some(one.amount), one.up_to]);
    numbers.chain(money).chain(durations).flatten().chain(quantities.joined.iter().copied())
}

/// Runs of digits with their separators, read both as thousands and as decimals.
fn plain_numbers(text: &str) -> Vec<f64> {
    if !has_digit(text) {
        return Vec::new();
    }
    let runs = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let runs = runs.map(|run| run.trim_matches(['.', ','])).filter(|run| !run.is_empty());
    let mut numbers: Vec<f64> = Vec::new();
    for run in runs {
        if run.contains(['.', ',']) {
            let readings = [run.replace(',', ""), run.replace('.', "").replace(',', "."), run.replace(['.', ','], "")];
            numbers.extend(readings.iter().filter_map(|reading| reading.parse::<f64>().ok()));
        } else {
            numbers.extend(run.parse::<f64>());
        }
    }
    numbers.extend(spaced_thousands(text));
    numbers
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// `6 500` and `1 250 000`, as many languages write them.
fn spaced_thousands(text: &str) -> Vec<f64> {
    let digits = |word: &str| word.bytes().take_while(u8::is_ascii_digit).count();
    let mut numbers = Vec::new();
    let mut open: Option<String> = None;
    for word in text.split_whitespace() {
        let bare = word.trim_start_matches(|c: char| !c.is_ascii_digit());
        let count = digits(bare);
        match open.take().filter(|_| digits(word) == 3) {
            Some(before) => {
                let whole = before + &word[..3];
                numbers.extend(whole.parse::<f64>());
                open = (word.len() == 3).then_some(whole);
            }
            None => open = ((1..=3).contains(&count) && count == bare.len()).then(|| bare.to_owned()),
        }
    }
    numbers
}

/// Times of day that a text may name with a dot or in words: "11.30", "half past ten", "half ten", "quarter to three".
pub(super) fn may_name_time(text: &str, time: &Time) -> bool {
    let lower = text.to_lowercase();
    let in_figures =
        || times_of_day(text).iter().any(|(_, one)| one.may_be(time)) || dotted_times(text).any(|one| one.may_be(time));
    in_words(time, |words| lower.contains(words)) || in_figures()
}

/// Whether a time of day is said in words; `has` tells which words are there.
fn in_words(time: &Time, has: impl Fn(&str) -> bool) -> bool {
    const HOURS: [&str; 12] = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    let spoken = |hour: usize, before: &[&str], after: &[&str]| {
        let figure = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
        [HOURS[hour % 12].to_owned(), figure.to_string()].iter().any(|name| {
            before.iter().any(|one| has(&format!("{one} {name}"))) || after.iter().any(|one| has(&format!("{name} {one}")))
        })
    };
    match time.minute {
        Some(30) => spoken(time.hour, &["half past", "half"], &["thirty"]),
        Some(15) => spoken(time.hour, &["quarter past", "quarter after"], &["fifteen"]),
        Some(45) => {
            let is_before_next = spoken(time.hour + 1, &["quarter to", "quarter of", "quarter before"], &[]);
            is_before_next || spoken(time.hour, &[], &["forty five"])
        }
        _ => false,
    }
}

/// `11.30`, `14h30`: also a price or a length, so only for asking whether a time may stand here.
fn dotted_times(text: &str) -> impl Iterator<Item = Time> {
    let is_digit = |c: char| c.is_ascii_digit();
    text.match_indices(['.', 'h']).filter_map(move |(at, _)| {
        let (left, right) = (&text[..at], &text[at + 1..]);
        let hour = &left[left.trim_end_matches(is_digit).len()..];
        let minute = &right[..right.len() - right.trim_start_matches(is_digit).len()];
        let hour = hour.parse::<usize>().ok().filter(|hour| *hour < 24)?;
        let minute = minute.parse::<usize>().ok().filter(|n| *n < 60 && minute.len() == 2)?;
        Some(Time { hour, minute: Some(minute), is_late: (hour > 12).then_some(true) })
    })
}

/// The days a text names; relative ones also as if said on the other side of midnight, since zones are not known.
fn days_of(text: &str, said_on: Option<Date>, mentions: &[DateMention]) -> Vec<Date> {
    let is_relative = |one: &DateMention| !text[one.span.start..one.span.end].contains(|c: char| c.is_ascii_digit());
    let has_relative = mentions.iter().any(is_relative);
    let next = mentions.iter().filter_map(|mention| other_next(text, mention, said_on?)).collect::<Vec<_>>();
    let mut days: Vec<Date> = mentions.iter().filter_map(|mention| mention.date).collect();
    days.extend(next);
    let year = said_on.map_or(2024, Date::year);
    days.extend(slashed_days(text).into_iter().filter_map(|(day, month)| Date::new(year, month, day).ok()));
    if has_relative {
        days.extend(neighbours(said_on).flat_map(|on| mention::dates(text, Some(on))).filter_map(|mention| mention.date));
    }
    days
}

/// "Next Friday" is to many the first to come, to others that of the week after: the one that was not read.
pub(super) fn other_next(text: &str, mention: &DateMention, said_on: Date) -> Option<Date> {
    let words = text.get(mention.span.start..mention.span.end)?;
    let (next, weekday) = words.split_once(' ')?;
    let is_weekday = weekday.len() > 2 && !weekday.contains(' ') && mention.exact && weekday.is_ascii();
    let other = mention.date.filter(|_| next.eq_ignore_ascii_case("next") && is_weekday)?.checked_sub(7.days()).ok()?;
    (other > said_on).then_some(other)
}

/// The weekday before the one to come, where only its name is said: "we spoke on Tuesday".
pub(super) fn past_weekday(text: &str, mention: &DateMention) -> Option<Date> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let words = text.get(mention.span.start..mention.span.end)?;
    let is_name = NAMES.iter().any(|name| words.eq_ignore_ascii_case(name));
    mention.date.filter(|_| is_name)?.checked_sub(7.days()).ok()
}

/// The day before and the day after.
pub(super) fn neighbours(day: Option<Date>) -> impl Iterator<Item = Date> {
    [-1, 1].into_iter().filter_map(move |step: i64| day?.checked_add(step.days()).ok())
}

#[cfg(test)]
mod tests {
    use super::{Facts, plain_numbers};

    #[test]
    fn a_number_said_without_its_thousands_is_known_where_others_have_them() {
        let facts = |text: &'static str| Facts::of([(text, None)]);
        let spoken = facts("The budget is three hundred ninety, you are at 412. That is twenty-two thousand more.");
        assert!(spoken.has_number(390_000.0) && spoken.has_number(412_000.0));
        assert!(!spoken.has_number(391_000.0) && !spoken.has_number(39_000.0));
        let counted = facts("We have 390 vans and twenty-two thousand parcels.");
        assert!(!counted.has_number(390_000.0), "it counts vans");
        assert!(facts("The budget is three hundred ninety.").has_number(390_000.0), "nobody buys it for 390");
        assert!(!facts("The budget is ninety.").has_number(90_000.0), "nobody speaks of thousands");
    }

    #[test]
    fn a_quarter_is_known_by_its_number_and_year() {
        let facts = Facts::of([("In the third quarter of 2026 it fell, after Q2. See Q3 of fiscal year 2025.", None)]);
        for known in ["Q3", "third quarter", "Q3 2026", "3rd quarter of 2025", "second quarter", "Q2 2024"] {
            assert_eq!(facts.has_quarter(known), Some(true), "{known}");
        }
        for other in ["Q4", "first quarter", "Q3 2024", "the third quarter of 2027"] {
            assert_eq!(facts.has_quarter(other), Some(false), "{other}");
        }
        assert_eq!(facts.has_quarter("May 2026"), None);
        assert_eq!(Facts::of([("In May.", None)]).has_quarter("Q2"), None);
    }

    #[test]
    fn digits_are_read_with_either_separator() {
        assert!(plain_numbers("about 1,250.50.").contains(&1250.5));
        assert!(plain_numbers("etwa 1.250 Euro").contains(&1250.0));
        assert!(plain_numbers("no digits").is_empty());
        assert!(plain_numbers("Each further round is 6 500 kr.").contains(&6500.0));
        assert!(plain_numbers("€1 250 000, all in").contains(&1_250_000.0));
        assert!(plain_numbers("1\u{a0}234\u{a0}567 pièces").contains(&1_234_567.0));
    }
}
