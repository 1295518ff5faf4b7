//! A claim that counts in weeks where nobody spoke of one.

use crate::domain::mention::DurationMention;
use crate::domain::value::DurationUnit;
use crate::qa::calendar::length_in_base;
use crate::qa::facts::{Facts, same};
use crate::qa::index::{Index, for_each_word, stem};

/// Units of time of a claim that no source speaks of, in any form (`annual` is a year), or in a length that is as long
/// ("twelve months", "half a year").
pub(in crate::qa) fn time_units_not_in(claim: &str, sources: &Index, facts: &Facts<'_>) -> Vec<&'static str> {
    let has = |words: &[&str], text: &[String]| words.iter().any(|word| text.iter().any(|one| one == stem(word)));
    let mut claimed: Vec<String> = Vec::new();
    for_each_word(claim, |word, _| match word {
        // "A 71-year-old seller" may be told by the year of birth, or by anything.
        "old" => drop(claimed.pop()),
        _ => claimed.push(stem(word).to_owned()),
    });
    let lacking = TIME_UNITS
        .iter()
        .filter(|unit| has(unit.forms, &claimed) && !unit.forms.iter().chain(unit.others).any(|form| sources.has(stem(form))))
        .filter(|unit| !facts.lengths().any(|length| measures(length, unit.unit)));
    lacking.map(|unit| unit.forms[0]).collect()
}

/// Whether a length is a whole or half number of units: sixty minutes, ten working days, eighteen months.
fn measures(length: &DurationMention, unit: DurationUnit) -> bool {
    let (of_unit, base) = length_in_base(1.0, unit);
    let ends = [Some(length.amount), length.up_to].into_iter().flatten();
    let mut counts = ends.map(|amount| length_in_base(amount, length.unit)).filter(|(_, other)| *other == base);
    counts.any(|(amount, _)| {
        let days_of_week = unit == DurationUnit::Week && same(amount % 5.0, 0.0);
        amount >= of_unit / 2.0 && same((2.0 * amount / of_unit).fract(), 0.0) || days_of_week && amount > 0.0
    })
}

struct TimeUnit {
    unit: DurationUnit,
    /// The forms that count as naming the unit.
    forms: &'static [&'static str],
    /// Words that say the same in other ways, or from which a reader tells the unit.
    others: &'static [&'static str],
}

const TIME_UNITS: [TimeUnit; 7] = [
    TimeUnit { unit: DurationUnit::Minute, forms: &["minute", "minutes"], others: &["min", "mins"] },
    TimeUnit { unit: DurationUnit::Hour, forms: &["hour", "hours", "hourly"], others: &["hr", "hrs", "o'clock"] },
    TimeUnit {
        unit: DurationUnit::Day,
        forms: &["day", "days", "daily"],
        others: &[
            "today",
            "tomorrow",
            "yesterday",
            "24",
            "morning",
            "afternoon",
            "evening",
            "night",
            "weekend",
            "date",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ],
    },
    TimeUnit {
        unit: DurationUnit::Week,
        forms: &["week", "weeks", "weekly"],
        others: &["wk", "fortnight", "weekend", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    },
    TimeUnit {
        unit: DurationUnit::Month,
        forms: &["month", "months", "monthly"],
        others: &[
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "pcm",
            "mrr",
        ],
    },
    TimeUnit {
        unit: DurationUnit::Quarter,
        forms: &["quarter", "quarters", "quarterly"],
        others: &["q1", "q2", "q3", "q4", "25"],
    },
    TimeUnit {
        unit: DurationUnit::Year,
        forms: &["year", "years", "yearly", "annual", "annually"],
        others: &[
            "fy", "annum", "season", "2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026", "2027", "2028", "2029",
            "2030", "arr", "acv",
        ],
    },
];
