//! Days and numbers that a contract puts into the `when` of a label: "a dated event within 30 days", "about 100 to 1000
//! employees". A quote that names a day or such a number decides between labels by them.

use jiff::civil::Date;

use super::foreign::Reading;
use super::quoted::{Quotes, has_word};
use super::said_on;
use crate::domain::contract::{Axis, Label};
use crate::domain::mention;
use crate::domain::value::DurationUnit;
use crate::qa::index::{for_each_word, stem};

/// Which label a quote's day or number falls under.
pub(super) enum Reach<'l> {
    Own,
    Other(&'l str),
    /// Under none of those that give a limit, of which this label is one.
    Beyond,
    /// The quote names none, or no label speaks of them.
    Unknown,
}

pub(super) fn reach<'l>(quotes: &Quotes<'_>, labels: &'l [Label], own: &Label) -> Reach<'l> {
    let days = days_ahead(quotes);
    if let Some(days) = days {
        let spans: Vec<(&Label, Range)> = labels.iter().filter_map(|label| Some((label, days_of(&label.when)?))).collect();
        return decide(&spans, days, own);
    }
    let counted = counted(quotes);
    for (_, unit) in &counted {
        let of_unit = |label: &'l Label| number_of(&label.when, unit).map(|range| (label, range));
        let spans: Vec<(&Label, Range)> = labels.iter().filter_map(of_unit).collect();
        if spans.is_empty() {
            continue;
        }
        // "85 people, thirty of them drivers": any of them may be the one that counts.
        let numbers: Vec<f64> = counted.iter().filter(|(_, other)| other == unit).map(|(number, _)| *number).collect();
        let most = numbers.iter().copied().fold(0.0, f64::max);
        let is_own = |number: &f64| matches!(decide(&spans, *number, own), Reach::Own);
        return if numbers.iter().any(is_own) { Reach::Own } else { decide(&spans, most, own) };
    }
    Reach::Unknown
}

/// What the labels of an axis are told apart by, if it is something that a quote must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Time,
    Count,
    Pay,
}

impl Measure {
    pub(super) fn of(axis: &Axis) -> Option<Self> {
        let speaks_of_pay = |label: &Label| has_word(&label.when, |word| matches!(word, "price" | "paid" | "amount" | "fee"));
        let limits = axis.labels.iter().filter(|label| mention::numbers(&label.when).iter().any(|one| one.number >= 10.0));
        match () {
            () if axis.labels.iter().any(|label| days_of(&label.when).is_some()) => Some(Self::Time),
            () if limits.count() >= 2 => Some(Self::Count),
            () if axis.labels.iter().all(speaks_of_pay) => Some(Self::Pay),
            () => None,
        }
    }

    /// Whether a quote names one; yes, where its language is not read.
    pub(super) fn is_in(self, quotes: &Quotes<'_>) -> bool {
        quotes.found.iter().any(|quote| match self {
            Self::Time => quote.reading != Reading::English || speaks_of_time(quote.around, said_on(quote.evidence.at)),
            Self::Count | Self::Pay => {
                let has_digit = quote.around.contains(|c: char| c.is_ascii_digit());
                quote.reading == Reading::Digits || has_digit || !mention::numbers(quote.around).is_empty()
            }
        })
    }

    /// What a quote without one lacks.
    pub(super) fn lack(self) -> &'static str {
        match self {
            Self::Time => "no time and nothing that stands still",
            Self::Count => "no number",
            Self::Pay => "no price and no way to pay",
        }
    }
}

/// A day, a length of time, a word for when or how soon; or that something does not work, which is "now" in other words.
fn speaks_of_time(text: &str, on: Option<Date>) -> bool {
    const WORDS: [&str; 51] = [
        "after",
        "afternoon",
        "already",
        "always",
        "asap",
        "autumn",
        "before",
        "christmas",
        "date",
        "day",
        "deadline",
        "down",
        "early",
        "easter",
        "ever",
        "fast",
        "hour",
        "hurry",
        "immediate",
        "immediately",
        "late",
        "later",
        "minute",
        "month",
        "morning",
        "now",
        "once",
        "priority",
        "quarter",
        "quick",
        "quickly",
        "rush",
        "season",
        "since",
        "soon",
        "sooner",
        "spring",
        "still",
        "stuck",
        "summer",
        "then",
        "time",
        "today",
        "tomorrow",
        "tonight",
        "until",
        "urgent",
        "wait",
        "week",
        "winter",
        "year",
    ];
    let is_time = |word: &str| {
        let one = word.strip_suffix('s').unwrap_or(word);
        WORDS.binary_search(&word).is_ok()
            || WORDS.binary_search(&one).is_ok()
            || matches!(word, "when" | "till" | "waiting" | "broken")
    };
    has_word(text, is_time)
        || mention::is_negated(text)
        || !mention::dates(text, on).is_empty()
        || !mention::durations(text).is_empty()
}

/// From and to, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range(f64, f64);

/// The narrowest range that holds a value; one that the value misses by a little may hold it as well.
fn decide<'l>(spans: &[(&'l Label, Range)], value: f64, own: &Label) -> Reach<'l> {
    let holds = |range: &Range, slack: f64| range.0 <= value * (1.0 + slack) && value <= range.1 * (1.0 + slack);
    let best = spans.iter().filter(|(_, range)| holds(range, 0.0)).min_by(|a, b| (a.1.1 - a.1.0).total_cmp(&(b.1.1 - b.1.0)));
    let own_range = spans.iter().find(|(label, _)| label.name == own.name);
    let is_near = || own_range.is_some_and(|(_, range)| holds(range, 0.25) && !holds(&Range(range.0, range.1 * 0.75), 0.0));
    match best {
        Some((best, _)) if best.name == own.name || is_near() => Reach::Own,
        Some((best, _)) => Reach::Other(&best.name),
        None if own_range.is_some_and(|(_, range)| !holds(range, -0.25) && !holds(range, 0.25)) => Reach::Beyond,
        None => Reach::Unknown,
    }
}

/// Days from when it was said to the farthest day that the quotes name; `None` without one to come.
fn days_ahead(quotes: &Quotes<'_>) -> Option<f64> {
    let days = quotes.found.iter().flat_map(|quote| {
        let on = said_on(quote.evidence.at);
        let named = mention::dates(quote.text, on).into_iter().filter_map(|one| one.date);
        named.filter_map(move |day| Some(f64::from((day - on?).get_days()))).collect::<Vec<_>>()
    });
    days.filter(|days| *days >= 0.0).max_by(f64::total_cmp)
}

/// "Within 30 days", "less than two weeks away", "more than two quarters away".
fn days_of(when: &str) -> Option<Range> {
    let one = mention::durations(when).into_iter().next()?;
    let days = one.up_to.unwrap_or(one.amount) * days_in(one.unit);
    Some(match is_from(&when[..one.span.start]) {
        true => Range(days, f64::INFINITY),
        false => Range(0.0, days),
    })
}

fn days_in(unit: DurationUnit) -> f64 {
    match unit {
        DurationUnit::Minute => 1.0 / 1440.0,
        DurationUnit::Hour => 1.0 / 24.0,
        DurationUnit::Day => 1.0,
        DurationUnit::Week => 7.0,
        DurationUnit::Month => 30.5,
        DurationUnit::Quarter => 91.5,
        DurationUnit::Year => 365.0,
    }
}

/// "About 100 to 1000 employees", "more than 1000 employees": of this unit.
fn number_of(when: &str, unit: &str) -> Option<Range> {
    let one = mention::numbers(when).into_iter().find(|one| one.unit.as_deref().is_some_and(|own| counted_as(own) == unit))?;
    Some(match (one.up_to, is_from(&when[..one.span.start])) {
        (Some(end), _) => Range(one.number, end),
        (None, true) => Range(one.number, f64::INFINITY),
        (None, false) => Range(0.0, one.number),
    })
}

/// "More than", "over", "at least": up from there.
fn is_from(before: &str) -> bool {
    let mut last = [String::new(), String::new()];
    for_each_word(before, |word, _| {
        last.swap(0, 1);
        word.clone_into(&mut last[1]);
    });
    let [first, second] = last;
    matches!((first.as_str(), second.as_str()), (_, "over" | "above" | "after") | ("more" | "later", "than") | ("at", "least"))
}

/// Numbers of the quotes with the stem of what they count.
fn counted(quotes: &Quotes<'_>) -> Vec<(f64, String)> {
    let numbers = quotes.found.iter().flat_map(|quote| mention::numbers(quote.text));
    numbers.filter_map(|one| Some((one.up_to.unwrap_or(one.number), counted_as(one.unit.as_deref()?)))).collect()
}

/// The stem of what is counted; one for all the words for those who work somewhere.
fn counted_as(unit: &str) -> String {
    const WHO_WORK: [&str; 25] = [
        "angestellte",
        "beschäftigte",
        "collaborateurs",
        "colleagues",
        "employees",
        "employés",
        "empleados",
        "fte",
        "ftes",
        "heads",
        "leute",
        "medewerkers",
        "mensen",
        "mitarbeitende",
        "mitarbeiter",
        "people",
        "personas",
        "personen",
        "personnes",
        "persons",
        "salariés",
        "staff",
        "trabajadores",
        "werknemers",
        "workers",
    ];
    let lower = unit.to_lowercase();
    if WHO_WORK.binary_search(&lower.as_str()).is_ok() { "employe".to_owned() } else { stem(&lower).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Range, days_of, number_of};

    #[test]
    fn a_when_holds_a_range() {
        assert_eq!(days_of("A dated event forces a decision within 30 days."), Some(Range(0.0, 30.0)));
        assert_eq!(days_of("or a dated need is less than two weeks away."), Some(Range(0.0, 14.0)));
        assert_eq!(days_of("No date, or one more than two quarters away."), Some(Range(183.0, f64::INFINITY)));
        assert_eq!(days_of("They ask without a date."), None);
        assert_eq!(number_of("More than 1000 employees, or a group.", "employe"), Some(Range(1000.0, f64::INFINITY)));
        assert_eq!(number_of("About 100 to 1000 employees.", "employe"), Some(Range(100.0, 1000.0)));
        assert_eq!(number_of("Fewer than about 100 employees.", "employe"), Some(Range(0.0, 100.0)));
    }
}
