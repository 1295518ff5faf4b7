//! `baton audit`: checks existing summaries against their sources, without any model.

use std::io::BufRead as _;
use std::path::PathBuf;

use serde::Deserialize;

use super::Ending;
use super::output::{self, Usage};
use crate::domain::brief::Severity;
use crate::qa::{self, AuditFinding};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton audit summaries.jsonl\n  baton audit --labels - < summaries.jsonl\n\nInput: one JSON object a line: {\"id\", \"document\", \"summary\"}, and \"label\" (1 = faithful) for --labels.\nOutput: one JSON object a line: {\"id\", \"flagged\", \"findings\"}. A line that cannot be read has \"error\" instead."
)]
pub(super) struct Arguments {
    /// JSON lines; `-` for stdin
    file: PathBuf,
    /// Compare with `label` and print balanced accuracy, precision, recall and false alarms instead
    #[arg(long)]
    labels: bool,
    /// The least severity that counts as flagged
    #[arg(long, value_enum, default_value_t = Threshold::Warn)]
    severity: Threshold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Threshold {
    Warn,
    Block,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: serde_json::Value,
    document: String,
    summary: String,
    label: Option<u8>,
}

/// Counts of a comparison with labels; "positive" is a summary with an error.
#[derive(Default)]
struct Tally {
    found: usize,
    missed: usize,
    false_alarms: usize,
    passed: usize,
    unreadable: usize,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<Ending> {
    let name = arguments.file.display().to_string();
    let reader: Box<dyn std::io::BufRead> = match name.as_str() {
        "-" => Box::new(std::io::stdin().lock()),
        _ => {
            let file =
                std::fs::File::open(&arguments.file).map_err(|error| Usage(format!("`{name}` cannot be read: {error}")))?;
            Box::new(std::io::BufReader::new(file))
        }
    };
    let mut tally = Tally::default();
    for (index, line) in reader.lines().enumerate() {
        let line = line.map_err(|error| Usage(format!("{name}:{}: not UTF-8 text: {error}", index + 1)))?;
        if line.trim().is_empty() {
            continue;
        }
        audit_line(&line, index + 1, &arguments, &mut tally)?;
    }
    if arguments.labels {
        output::json(&tally.scores())?;
    }
    if tally.unreadable > 0 {
        output::note(&format!("error: {} lines of {name} could not be read", tally.unreadable));
        return Ok(Ending::Failed);
    }
    Ok(Ending::Fine)
}

fn audit_line(line: &str, number: usize, arguments: &Arguments, tally: &mut Tally) -> anyhow::Result<()> {
    let parsed: Line = match serde_json::from_str(line) {
        Ok(parsed) => parsed,
        // serde's text quotes values: the place must do.
        Err(error) => {
            tally.unreadable += 1;
            let error = format!("line {number}, column {}: needs `document` and `summary` as text", error.column());
            return output::json_line(&serde_json::json!({ "line": number, "error": error }));
        }
    };
    let findings = qa::audit(&parsed.document, &parsed.summary).findings;
    let flagged = findings.iter().any(|finding| counts(finding, arguments.severity));
    if !arguments.labels {
        return output::json_line(&serde_json::json!({ "id": parsed.id, "flagged": flagged, "findings": findings }));
    }
    match (parsed.label, flagged) {
        (Some(1), true) => tally.false_alarms += 1,
        (Some(1), false) => tally.passed += 1,
        (Some(0), true) => tally.found += 1,
        (Some(0), false) => tally.missed += 1,
        (_, _) => {
            tally.unreadable += 1;
            output::note(&format!("line {number}: `label` must be 1 (faithful) or 0"));
        }
    }
    Ok(())
}

fn counts(finding: &AuditFinding, threshold: Threshold) -> bool {
    match threshold {
        Threshold::Warn => finding.severity >= Severity::Warn,
        Threshold::Block => finding.severity == Severity::Block,
    }
}

impl Tally {
    fn scores(&self) -> serde_json::Value {
        let share = |part: usize, rest: usize| if part + rest == 0 { None } else { Some(part as f64 / (part + rest) as f64) };
        let recall = share(self.found, self.missed);
        let specificity = share(self.passed, self.false_alarms);
        serde_json::json!({
            "summaries": self.found + self.missed + self.false_alarms + self.passed,
            "balanced_accuracy": recall.zip(specificity).map(|(recall, specificity)| f64::midpoint(recall, specificity)),
            "precision": share(self.found, self.false_alarms),
            "recall": recall,
            "false_alarms": share(self.false_alarms, self.passed),
        })
    }
}
