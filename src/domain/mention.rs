//! What a text mentions: amounts of money, numbers, dates, lengths of time; and whether it denies or hedges.
//!
//! Used on both sides: the extractive engine types values with it, the checks compare values with their quotes.
//! Spans are byte offsets into the text given.

use jiff::civil::Date;

use super::brief::{Firmness, Span};
use super::value::{DurationUnit, Period};

/// Money as mentioned: `$45k per year`, `40 to 60 thousand euros`, `forty-five thousand`.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneyMention {
    pub span: Span,
    pub amount: f64,
    /// End of a range.
    pub up_to: Option<f64>,
    /// ISO 4217 code, if the text says one.
    pub currency: Option<String>,
    pub period: Option<Period>,
}

/// A number as mentioned: `120 seats`, `a hundred and twenty`, `15 %`.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberMention {
    pub span: Span,
    pub number: f64,
    pub up_to: Option<f64>,
    /// The noun right after it in singular or plural as written, or `percent`.
    pub unit: Option<String>,
}

/// A day as mentioned: `2026-05-12`, `May 12th`, `next Tuesday`, `end of the month`.
#[derive(Debug, Clone, PartialEq)]
pub struct DateMention {
    pub span: Span,
    /// Resolved against the day it was said; `None` if the text is relative and that day is not known.
    pub date: Option<Date>,
    /// The day is exact (`May 12th`, `next Tuesday`); otherwise the last day of what was named (`end of May`, `Q3`).
    pub exact: bool,
}

/// A length of time as mentioned: `two weeks`, `30 days`, `a quarter`.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationMention {
    pub span: Span,
    pub amount: f64,
    pub up_to: Option<f64>,
    pub unit: DurationUnit,
}

/// All amounts of money. A bare number counts only with a currency, or with `k`/`thousand`/`million` where the words
/// around it speak of money.
pub fn money(text: &str) -> Vec<MoneyMention> {
    let _ = text;
    todo!()
}

/// All numbers, in digits or words, except those that are part of a date or a time of day.
pub fn numbers(text: &str) -> Vec<NumberMention> {
    let _ = text;
    todo!()
}

/// All days. `said_on` is the day of the mail or call.
pub fn dates(text: &str, said_on: Option<Date>) -> Vec<DateMention> {
    let _ = (text, said_on);
    todo!()
}

/// All lengths of time.
pub fn durations(text: &str) -> Vec<DurationMention> {
    let _ = text;
    todo!()
}

/// Whether the text denies something: "not", "never", "no longer", "we don't".
pub fn is_negated(text: &str) -> bool {
    let _ = text;
    todo!()
}

/// How firmly a sentence commits its speaker; `None` if it promises nothing.
pub fn commitment_strength(text: &str) -> Option<Firmness> {
    let _ = text;
    todo!()
}

/// Whether the text hedges: "might", "hope to", "should be able to", "probably".
pub fn is_hedged(text: &str) -> bool {
    let _ = text;
    todo!()
}

/// Spans of the sentences, white space at their ends not included. Abbreviations, decimals, initials and addresses
/// do not end a sentence; a line break does when the next line starts a new thought (bullet, blank line).
pub fn sentences(text: &str) -> Vec<Span> {
    let _ = text;
    todo!()
}
