//! Checks that read English words say nothing certain about what rests on another language: numbers in words, days,
//! hedges, denials. Their findings about such a part are kept as information, those about digits as warnings.

use super::Context;
use crate::domain::brief::{Brief, Evidence, Severity};

/// Checks that read English words. The others compare characters, names of labels or sides.
const READ_ENGLISH: [&str; 14] = [
    "labels_fit_their_quotes",
    "quotes_support_values",
    "quotes_speak_of_answers",
    "numbers_are_grounded",
    "units_fit_their_numbers",
    "dates_are_grounded",
    "names_are_grounded",
    "people_fit_their_quotes",
    "hedges_agree",
    "negations_agree",
    "opposites_agree",
    "terms_are_grounded",
    "claims_are_covered",
    "important_parts_are_covered",
];

/// Checks that compare numbers and days: digits are the same in every language.
const COMPARE_NUMBERS: [&str; 4] =
    ["quotes_support_values", "numbers_are_grounded", "units_fit_their_numbers", "dates_are_grounded"];

/// The worst a check may say about a part of the brief, by the language of what that rests on.
pub(in crate::qa) fn worst(context: &Context<'_>, check: &str, brief: &Brief, part: &str) -> Severity {
    if context.foreign_sources().is_empty() || !READ_ENGLISH.contains(&check) {
        return Severity::Block;
    }
    let Some(evidence) = evidence_of(brief, part) else {
        // The headline, or a source by its name.
        let is_source = context.excerpt.units().iter().any(|unit| unit.source == part);
        let is_english = is_source && !context.foreign_sources().contains(&part);
        return if is_english { Severity::Block } else { Severity::Info };
    };
    if !evidence.iter().any(|one| context.foreign_sources().contains(&one.source.as_str())) {
        return Severity::Block;
    }
    let has_digits = evidence.iter().any(|one| one.quote.contains(|c: char| c.is_ascii_digit()));
    if has_digits && COMPARE_NUMBERS.contains(&check) { Severity::Warn } else { Severity::Info }
}

/// The quotes of a part; `None`: it has none of its own.
fn evidence_of<'b>(brief: &'b Brief, part: &str) -> Option<&'b [Evidence]> {
    if let Some(answer) = brief.field(part) {
        return Some(&answer.evidence);
    }
    if let Some(answer) = brief.axis(part) {
        return Some(&answer.evidence);
    }
    let (list, position) = part.strip_suffix(']')?.split_once('[')?;
    let position: usize = position.parse().ok()?;
    match list {
        "commitments" => brief.commitments.get(position).map(|one| &one.evidence[..]),
        "open_questions" => brief.open_questions.get(position).map(|one| &one.evidence[..]),
        _ => None,
    }
}
