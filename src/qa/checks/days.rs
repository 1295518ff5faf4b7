//! Days of a value or a promise against the words it quotes.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::quoted::{Quote, Quotes, has_word};
use super::values::Problem;
use super::{Context, said_on};
use crate::domain::brief::Severity;
use crate::domain::mention::{self, DateMention};
use crate::qa::facts::{neighbours, other_next, past_weekday, slashed_days};

use Severity::{Block, Warn};

/// How a day fits what a quote names; the best of several counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Near,
    /// It is not known when it was said.
    Unresolved,
    Other,
}

impl Quotes<'_> {
    /// A day must be named in the quote, resolved against the day it was said. One day off for a relative day
    /// (the zone is not known) and another year for a day without one only warn.
    pub(super) fn lack_day(&self, context: &Context<'_>, day: Date) -> Option<Problem> {
        let fit = self.found.iter().map(|quote| fit(context, quote, day)).min()?;
        match fit {
            Fit::Same => None,
            _ if self.found.iter().any(|quote| quote.may_name_day(day)) => None,
            Fit::Near => Some((Warn, format!("{day} is near the day in the quote, but not clearly that day"))),
            Fit::Unresolved => Some((Warn, format!("{day} cannot be compared with the quote: it is not known when it was said"))),
            Fit::Other => Some((Block, format!("{day} is not the day in the quote"))),
        }
    }

    /// "She filled in the form on Tuesday": where something is told, a weekday may be the last one.
    pub(super) fn name_past_weekday(&self, day: Date) -> bool {
        self.found.iter().any(|quote| {
            let Some(on) = said_on(quote.evidence.at).filter(|on| day <= *on) else { return false };
            mention::dates(quote.text, Some(on)).iter().any(|one| past_weekday(quote.text, one) == Some(day))
        })
    }

    /// A day by which something will be done is often said beside the promise: "Tuesday works for me. Ann will join."
    pub(super) fn lack_due(&self, context: &Context<'_>, due: Date) -> Option<Problem> {
        let (severity, message) = self.lack_day(context, due)?;
        let near = |quote: &Quote<'_>| {
            if !mention::dates(quote.text, said_on(quote.evidence.at)).is_empty() {
                return false;
            }
            let named = quote.evidence.unit;
            let units = (named.saturating_sub(3)..=named + 2).filter_map(|n| context.excerpt.unit(n));
            let mut units = units.filter(|unit| unit.source == quote.evidence.source);
            units.any(|unit| {
                mention::dates(&unit.text, said_on(unit.at)).iter().any(|one| one.date == Some(due))
                    || slashed_days(&unit.text).contains(&(due.day(), due.month()))
            })
        };
        match severity {
            _ if self.found.iter().any(near) => None,
            Block if context.facts().has_day(due) => {
                Some((Warn, format!("{due} stands elsewhere in the sources, not in the quote")))
            }
            _ => Some((severity, message)),
        }
    }
}

fn fit(context: &Context<'_>, quote: &Quote<'_>, day: Date) -> Fit {
    let on = said_on(quote.evidence.at);
    let named = mention::dates(quote.text, on);
    let at_once = named.is_empty() && on == Some(day) && says_at_once(quote.text);
    if at_once || slashed_days(quote.text).contains(&(day.day(), day.month())) || names_feast(quote.text) {
        return Fit::Same;
    }
    let best = named.iter().map(|mention| fit_of(context, quote, mention, day)).min().unwrap_or(Fit::Other);
    let is_on = |on: Date| mention::dates(quote.text, Some(on)).iter().any(|mention| mention.date == Some(day));
    match best {
        Fit::Same => Fit::Same,
        _ if quote.evidence.at.and_then(day_elsewhere).is_some_and(is_on) => Fit::Same,
        _ if neighbours(on).any(is_on) => best.min(Fit::Near),
        best => best,
    }
}

fn fit_of(context: &Context<'_>, quote: &Quote<'_>, mention: &DateMention, day: Date) -> Fit {
    let on = said_on(quote.evidence.at);
    let Some(named) = mention.date else { return Fit::Unresolved };
    // "Since the 5th" looks back; "the 21st", said of October, looks further.
    let is_of_month = || {
        let is_close = on.is_some_and(|on| (day - on).get_days().abs() <= 31);
        is_close || is_month_spoken_of(context, quote, day)
    };
    if named == day || mention.lacks_month && named.day() == day.day() && is_of_month() {
        return Fit::Same;
    }
    let words = &quote.text[mention.span.start..mention.span.end];
    let is_other_next = on.and_then(|on| other_next(quote.text, mention, on)) == Some(day);
    let other_year = (named.month(), named.day()) == (day.month(), day.day()) && !words.contains(&named.year().to_string());
    let ahead = (named - day).get_days();
    match mention.exact {
        // "This week" for its Friday, "end of May" for its last working day.
        false if (0..=3).contains(&ahead) && on.is_none_or(|on| on <= day) => Fit::Same,
        false if (0..=92).contains(&ahead) => Fit::Near,
        _ if is_other_next || other_year => Fit::Near,
        _ => Fit::Other,
    }
}

/// Whether the month of a day was named a little before "the 21st", or right after it.
fn is_month_spoken_of(context: &Context<'_>, quote: &Quote<'_>, day: Date) -> bool {
    let named = quote.evidence.unit;
    let units = (named.saturating_sub(8)..=named + 2).filter_map(|n| context.excerpt.unit(n));
    let mut days = units.flat_map(|unit| mention::dates(&unit.text, said_on(unit.at)));
    days.any(|one| !one.lacks_month && one.date.is_some_and(|one| (one.year(), one.month()) == (day.year(), day.month())))
}

/// Times are in UTC. Nobody sells at night: what was said then was said on another day where people work, in the east
/// late and in the west early.
fn day_elsewhere(at: Timestamp) -> Option<Date> {
    let at = at.to_zoned(TimeZone::UTC);
    match at.hour() {
        ..=4 => at.date().yesterday().ok(),
        20.. => at.date().tomorrow().ok(),
        _ => None,
    }
}

/// "Right after the call", "by lunch": the day it was said.
fn says_at_once(text: &str) -> bool {
    const AT_ONCE: [&str; 12] =
        ["now", "away", "straight", "immediately", "asap", "hour", "minute", "minutes", "lunch", "noon", "afternoon", "evening"];
    has_word(text, |word| AT_ONCE.contains(&word)) || text.to_lowercase().contains("after the call")
}

/// Feasts move from year to year and from country to country: which day is meant cannot be told here.
fn names_feast(text: &str) -> bool {
    const FEASTS: [&str; 22] = [
        "christmas",
        "xmas",
        "easter",
        "thanksgiving",
        "diwali",
        "ramadan",
        "eid",
        "boxing",
        "halloween",
        "labor",
        "labour",
        "memorial",
        "weihnachten",
        "ostern",
        "pfingsten",
        "silvester",
        "no\u{eb}l",
        "p\u{e2}ques",
        "kerst",
        "pasen",
        "navidad",
        "midsummer",
    ];
    has_word(text, |word| FEASTS.contains(&word.strip_suffix("'s").unwrap_or(word)))
}
