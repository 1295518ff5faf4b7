//! [`audit`]: checks a bare summary against the document it was written from, without contract, quotes or model.

use super::checks::{names_not_in, numbers_not_in, time_units_not_in};
use super::facts::Facts;
use super::index::{Index, content_words, for_each_word, stem};
use crate::domain::brief::Severity;
use crate::domain::mention;

/// What a check says about one sentence of a summary.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct AuditFinding {
    /// Name of the check: the sentence that is true when it passes.
    pub check: &'static str,
    pub severity: Severity,
    /// The sentence of the summary.
    pub claim: String,
    /// Half-open range of the claim in the summary, in UTF-8 bytes.
    pub start: usize,
    pub end: usize,
    pub message: String,
}

/// Checks each sentence of `summary` against `document`. Only numbers and days block: paraphrase sets off the others.
pub fn audit(document: &str, summary: &str) -> Vec<AuditFinding> {
    let index = Index::of([document]);
    let facts = Facts::of([(document, None)]);
    let mut findings = Vec::new();
    for span in mention::sentences(summary) {
        let claim = &summary[span.start..span.end];
        findings.extend(problems(document, &index, &facts, claim).into_iter().map(|(check, severity, message)| AuditFinding {
            check,
            severity,
            claim: claim.to_owned(),
            start: span.start,
            end: span.end,
            message,
        }));
    }
    findings
}

fn problems(document: &str, index: &Index, facts: &Facts, claim: &str) -> Vec<(&'static str, Severity, String)> {
    let mut found = Vec::new();
    for number in numbers_not_in(claim, |number| facts.has_number(number)) {
        found.push(("numbers_are_grounded", Severity::Block, format!("{number} does not stand in the document")));
    }
    for mention in mention::dates(claim, None) {
        let words = &claim[mention.span.start..mention.span.end];
        let is_known = mention.date.is_some_and(|day| facts.has_day(day) || facts.has_day_of_year(day));
        if !is_known && !facts.has_words(words) && !all_words_stand(words, index) {
            found.push(("dates_are_grounded", Severity::Warn, format!("\"{words}\" does not stand in the document")));
        }
    }
    for name in names_not_in(claim, |word| index.has(word)) {
        found.push(("names_are_grounded", Severity::Warn, format!("{name} is not named in the document")));
    }
    for unit in time_units_not_in(claim, index) {
        found.push(("time_units_are_grounded", Severity::Warn, format!("the document does not speak of a {unit}")));
    }
    if mention::is_negated(claim) {
        let best = index.best(&content_words(claim), 3);
        let sentence = |number: usize| {
            let span = index.sentences[number].span;
            &document[span.start..span.end]
        };
        if !best.iter().any(|(number, _)| mention::is_negated(sentence(*number))) {
            found.push(("negations_agree", Severity::Warn, "it denies something that no matching passage denies".to_owned()));
        }
    }
    found
}

fn all_words_stand(text: &str, index: &Index) -> bool {
    let mut all = true;
    for_each_word(text, |word, _| all &= super::index::is_stop_word(word) || index.has(stem(word)));
    all
}
