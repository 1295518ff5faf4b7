//! [`audit`]: checks a bare summary against the document it was written from, without contract, quotes or model.

use super::checks::{days_not_in, names_not_in, numbers_not_in, time_units_not_in};
use super::claim::{Parting, Saying, opposites, unknown_terms};
use super::sources::Sources;
use crate::domain::brief::{Severity, Span};
use crate::domain::mention;

/// What is wrong with a summary, and how much of it the document carries.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Audit {
    pub findings: Vec<AuditFinding>,
    /// The share of the summary's sentences (0 to 1) most of whose words stand in one stretch of the document;
    /// `None`: there is no sentence.
    pub coverage: Option<f64>,
}

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
    /// The sentence of the document that says otherwise or comes closest, in UTF-8 bytes; `None`: none comes close.
    pub source_span: Option<Span>,
    pub message: String,
}

/// Checks each sentence of `summary` against `document`. Only numbers block: paraphrase sets off the others,
/// and the day the document was written is not known.
pub fn audit(document: &str, summary: &str) -> Audit {
    let sources = Sources::of([(document, None)]);
    let mut findings = Vec::new();
    let (mut covered, mut all) = (0, 0);
    for span in mention::sentences(summary) {
        let saying = Saying::new(&summary[span.start..span.end], &sources);
        covered += usize::from(saying.is_covered());
        all += 1;
        findings.extend(problems(&saying).into_iter().map(|problem| problem.into_finding(&saying, span)));
    }
    Audit { findings, coverage: (all > 0).then(|| covered as f64 / all as f64) }
}

struct Problem {
    check: &'static str,
    severity: Severity,
    sentence: Option<usize>,
    message: String,
}

impl Problem {
    fn into_finding(self, saying: &Saying<'_, '_>, span: Span) -> AuditFinding {
        let sentence = self.sentence.or_else(|| saying.best().first().map(|(sentence, _)| *sentence));
        AuditFinding {
            check: self.check,
            severity: self.severity,
            claim: saying.text.to_owned(),
            start: span.start,
            end: span.end,
            source_span: sentence.map(|sentence| saying.sources.place(sentence).1),
            message: self.message,
        }
    }
}

fn problems(saying: &Saying<'_, '_>) -> Vec<Problem> {
    let (claim, facts, index) = (saying.text, saying.sources.facts(), saying.sources.index());
    let mut found = Vec::new();
    let mut add = |check, severity, message| found.push(Problem { check, severity, sentence: None, message });
    for number in numbers_not_in(claim, &mention::quantities(claim), |number| facts.has_number(number)) {
        add("numbers_are_grounded", Severity::Block, format!("{number} does not stand in the document"));
    }
    for (_, day) in days_not_in(claim, None, facts) {
        add("dates_are_grounded", Severity::Warn, format!("\"{day}\" does not stand in the document"));
    }
    for name in names_not_in(claim, |word| index.has(word)) {
        add("names_are_grounded", Severity::Warn, format!("{name} is not named in the document"));
    }
    for unit in time_units_not_in(claim, index) {
        add("time_units_are_grounded", Severity::Warn, format!("the document does not speak of a {unit}"));
    }
    if mention::is_negated(claim) {
        let mut best = saying.best().iter().take(3);
        if !best.any(|(number, _)| mention::is_negated(saying.sources.sentence(*number))) {
            add("negations_agree", Severity::Warn, "it denies something that no matching passage denies".to_owned());
        }
    }
    let part = |check| {
        move |parting: Parting| Problem { check, severity: Severity::Warn, sentence: parting.sentence, message: parting.message }
    };
    found.extend(opposites(saying).into_iter().map(part("opposites_agree")));
    found.extend(unknown_terms(saying).into_iter().map(part("terms_are_grounded")));
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AuditFinding, audit};
    use crate::domain::brief::Severity;

    const DOCUMENT: &str = "Ann: We have set aside one hundred and twenty thousand dollars a year.\n\
        Bob: The renewal is due on March 3rd, 2026.\n\
        Ann: We will not extend the pilot with Globex.";

    fn checks(summary: &str) -> Vec<(&'static str, Severity)> {
        audit(DOCUMENT, summary).findings.iter().map(|finding| (finding.check, finding.severity)).collect()
    }

    #[test]
    fn a_faithful_summary_raises_nothing() {
        assert_eq!(checks("Ann has $120,000 per year. The renewal is due March 3, 2026. They will not extend the pilot."), []);
    }

    #[test]
    fn each_planted_error_is_found_with_its_place() {
        assert_eq!(checks("Ann has $130,000 per year."), [("numbers_are_grounded", Severity::Block)]);
        assert_eq!(checks("The renewal is due on March 4th, 2026."), [("dates_are_grounded", Severity::Warn)]);
        assert_eq!(checks("They end the pilot with Initech."), [("names_are_grounded", Severity::Warn)]);
        assert_eq!(checks("They have set aside money for a quarter."), [("time_units_are_grounded", Severity::Warn)]);
        assert_eq!(checks("They have not set aside money for the year."), [("negations_agree", Severity::Warn)]);
        let finding = &audit(DOCUMENT, "All is well. Ann has $130,000.").findings[0];
        assert_eq!((finding.start, finding.end, finding.claim.as_str()), (13, 30, "Ann has $130,000."));
    }

    #[derive(serde::Deserialize)]
    struct Row {
        document: String,
        summary: String,
        label: u8,
    }

    /// Recall and false alarms, in per cent of the wrong and of the right summaries.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn rates(rows: &[(Row, Vec<AuditFinding>)], is_flagged: impl Fn(&AuditFinding) -> bool) -> (f64, f64) {
        let share = |label: u8| {
            let of_label: Vec<_> = rows.iter().filter(|(row, _)| row.label == label).collect();
            let flagged = of_label.iter().filter(|(_, findings)| findings.iter().any(&is_flagged)).count();
            100.0 * flagged as f64 / of_label.len() as f64
        };
        (share(0), share(1))
    }

    /// Public summaries with planted errors (SummEdits): what the checks find and how often they cry wolf.
    #[test]
    #[expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
    fn errors_in_public_summaries_are_found_with_few_false_alarms() {
        let Ok(folder) = std::env::var("BATON_DATA_DIR") else {
            return not_run("errors_in_public_summaries_are_found_with_few_false_alarms: BATON_DATA_DIR is not set");
        };
        let file = std::fs::read_to_string(format!("{folder}/qa/summaries_dev.jsonl")).unwrap();
        let rows: Vec<Row> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let rows: Vec<(Row, Vec<AuditFinding>)> = rows
            .into_iter()
            .map(|row| {
                let found = audit(&row.document, &row.summary).findings;
                (row, found)
            })
            .collect();
        let names: BTreeSet<&str> = rows.iter().flat_map(|(_, findings)| findings).map(|finding| finding.check).collect();
        for name in names {
            let (recall, alarms) = rates(&rows, |finding| finding.check == name);
            println!("{name}: recall {recall:.1} %, false alarms {alarms:.1} %");
        }
        let (recall, alarms) = rates(&rows, |_| true);
        let balanced = (recall + 100.0 - alarms) / 2.0;
        println!("all: balanced accuracy {balanced:.1} %, recall {recall:.1} %, false alarms {alarms:.1} %");
        let (blocking_recall, blocking_alarms) = rates(&rows, |finding| finding.severity == Severity::Block);
        println!("blocking: recall {blocking_recall:.1} %, false alarms {blocking_alarms:.1} %");
        assert!(blocking_alarms < 1.0 && balanced > 69.0);
    }

    fn not_run(line: &str) {
        use std::io::Write as _;
        let Ok(path) = std::env::var("BATON_TEST_NOT_RUN") else { return };
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        writeln!(file, "{line}").unwrap();
    }
}
