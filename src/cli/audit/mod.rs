//! `baton audit`: checks existing summaries and briefs against their sources, without any model.

mod line;
mod scores;

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;

use self::line::{Audited, Refused};
use self::scores::Scores;
use super::output::{self, Usage};
use super::{Ending, world};
use crate::config::Config;
use crate::context::Gathering;
use crate::domain::brief::Severity;
use crate::domain::contract::Contract;
use crate::qa::AuditFinding;

#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// JSON lines; `-` for stdin
    file: PathBuf,
    /// Compare with `label` and print balanced accuracy, precision, recall and false alarms instead
    #[arg(long)]
    labels: bool,
    /// The least severity that counts as flagged
    #[arg(long, value_enum, default_value_t = Threshold::Warn)]
    severity: Threshold,
    /// With --labels: JSON, also on a terminal
    #[arg(long, requires = "labels")]
    json: bool,
}

const HELP: &str = "\
Examples:
  baton audit summaries.jsonl
  baton audit summaries.jsonl | jq -c 'select(.flagged) | .findings[]'
  baton audit --labels summaries.jsonl
  baton audit --labels --severity block --json - < summaries.jsonl
  baton show 1042 --json | jq -c '{id: .event_id, brief: ., sources: [\"the mail\"]}' | baton audit -

Input: one JSON object a line.
  {\"id\", \"document\", \"summary\"}    a text and what somebody wrote about it
  {\"id\", \"sources\", \"summary\"}     the same with several sources, read as a handoff's are
  {\"id\", \"sources\", \"brief\"}       a brief: what a model answers, or what `baton show --json` prints
`sources` holds texts, or objects {id, type, text} with format, title, occurred_at (RFC 3339) where they are known;
`type` is call_transcript, call_note, email_thread or crm_snapshot. A brief that does not say its `kind` needs it beside
it: it names the contract. `participants` may list {name, email, side} as in an event. For --labels: `label`, 1 for
faithful and 0 for wrong; `domain`, to have each counted alone.

Output: {\"id\", \"flagged\", \"findings\", \"coverage\"} a line, in the order of the input. `start` and `end` of a finding are
the place of `claim` in the summary; `source_span` is the sentence of the source that says otherwise or comes closest, or
of a brief its quote. All count UTF-8 bytes, in a source's readable text (see `baton read`). `coverage` is the share of
the sentences that one stretch of the sources carries. A line that cannot be read has `error` instead, with file, line
and field; the others are checked all the same.

--labels: the intervals are 95 %, from 1,000 drawings of documents with replacement: rows of one document stay together.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Threshold {
    Warn,
    Block,
}

impl Threshold {
    fn reaches(self, finding: &AuditFinding) -> bool {
        match self {
            Self::Warn => finding.severity >= Severity::Warn,
            Self::Block => finding.severity == Severity::Block,
        }
    }
}

/// What reading a line needs to know.
struct Desk {
    contracts: Arc<BTreeMap<String, Arc<Contract>>>,
    gathering: Gathering,
}

/// A line of the input and its number, from 1.
type Numbered = (usize, Vec<u8>);

pub(super) fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<Ending> {
    let desk = Desk { contracts: world::contracts(config)?, gathering: world::gathering(config) };
    let name = arguments.file.display().to_string();
    let mut lines = lines(arguments, &name)?;
    let mut scores = Scores::default();
    let mut unreadable = 0;
    loop {
        let batch = next_batch(&mut lines, &name)?;
        if batch.is_empty() {
            break;
        }
        let mut text = String::new();
        for (number, result) in audit_batch(&desk, &batch) {
            match result.and_then(|audited| settle(arguments, &mut scores, audited)) {
                Ok(Some(line)) => text += &(line.to_string() + "\n"),
                Ok(None) => {}
                Err(Refused { id, why }) => {
                    unreadable += 1;
                    let error = format!("{name}:{number}: {why}");
                    match arguments.labels {
                        true => output::note(&format!("error: {error}")),
                        false => text += &(serde_json::json!({ "id": id, "line": number, "error": error }).to_string() + "\n"),
                    }
                }
            }
        }
        output::data(&text)?;
    }
    if arguments.labels {
        print_scores(arguments, &scores)?;
    }
    if unreadable > 0 {
        output::note(&format!("error: {unreadable} lines of {name} could not be read"));
        return Ok(Ending::Failed);
    }
    Ok(Ending::Fine)
}

fn lines(arguments: &Arguments, name: &str) -> anyhow::Result<impl Iterator<Item = std::io::Result<Numbered>>> {
    let reader: Box<dyn BufRead> = match name {
        "-" => Box::new(std::io::stdin().lock()),
        _ => {
            let file =
                std::fs::File::open(&arguments.file).map_err(|error| Usage(format!("`{name}` cannot be read: {error}")))?;
            Box::new(std::io::BufReader::new(file))
        }
    };
    let numbered = reader.split(b'\n').zip(1..).map(|(line, number)| Ok((number, line?)));
    Ok(numbered.filter(|line: &std::io::Result<Numbered>| line.as_ref().map_or(true, |(_, line)| !line.trim_ascii().is_empty())))
}

/// How much is read before it is worked on.
const BATCH_LINES: usize = 512;
const BATCH_BYTES: usize = 8 << 20;

fn next_batch(lines: &mut impl Iterator<Item = std::io::Result<Numbered>>, name: &str) -> anyhow::Result<Vec<Numbered>> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH_LINES && bytes < BATCH_BYTES {
        let Some(line) = lines.next() else { break };
        let line = line.map_err(|error| Usage(format!("`{name}` cannot be read: {error}")))?;
        bytes += line.1.len();
        batch.push(line);
    }
    Ok(batch)
}

/// Every line of a batch, on all cores, in the order of the input.
fn audit_batch(desk: &Desk, batch: &[Numbered]) -> Vec<(usize, Result<Audited, Refused>)> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let audit = |lines: &[Numbered]| -> Vec<_> {
        lines.iter().map(|(number, line)| (*number, line::audit(desk, *number, line))).collect()
    };
    std::thread::scope(|scope| {
        let parts = batch.chunks(batch.len().div_ceil(cores));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || audit(part))).collect();
        let join =
            |thread: std::thread::ScopedJoinHandle<'_, _>| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        threads.into_iter().flat_map(join).collect()
    })
}

/// The line to print; with `--labels` it is counted instead.
fn settle(arguments: &Arguments, scores: &mut Scores, audited: Audited) -> Result<Option<Json>, Refused> {
    let Audited { id, document, label, domain, audit } = audited;
    let is_flagged = |finding: &&AuditFinding| arguments.severity.reaches(finding);
    if arguments.labels {
        let is_faithful = label.ok_or_else(|| Refused { id, why: "`label` is missing".to_owned() })?;
        let checks = audit.findings.iter().filter(is_flagged).map(|finding| finding.check.as_str());
        scores.add(document, domain.as_deref(), is_faithful, checks);
        return Ok(None);
    }
    let flagged = audit.findings.iter().any(|finding| is_flagged(&finding));
    let findings = audit.findings;
    Ok(Some(serde_json::json!({ "id": id, "flagged": flagged, "findings": findings, "coverage": audit.coverage })))
}

fn print_scores(arguments: &Arguments, scores: &Scores) -> anyhow::Result<()> {
    match arguments.json || !std::io::stdout().is_terminal() {
        true => output::json(&scores.as_json()),
        false => output::data(&scores.as_text()),
    }
}
