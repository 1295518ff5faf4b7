//! `baton eval decisions`: what people made of what each prompt and engine wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::{Ending, output, world};
use crate::adapters::sql::{DecisionCount, Store};
use crate::config::Config;
use crate::domain::decision::Verdict;
use crate::eval::decided::decided_case;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton eval decisions\n  baton eval decisions --kind sdr_to_ae --json\n  baton eval decisions --cases decided && baton eval run --cases decided\n\nOf several decisions about one part of a brief the last counts. The share is accepted ÷ all."
)]
pub(super) struct Arguments {
    /// Only this kind of handoff
    #[arg(long)]
    kind: Option<String>,
    /// Write each brief that was decided on as an evaluation case into this folder, for `baton eval run --cases`. The cases
    /// hold the customers' text: keep them where the record store is kept
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Who wrote, and what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Written {
    kind: String,
    prompt: String,
    engine: String,
    model: String,
    part: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    accepted: u64,
    edited: u64,
    rejected: u64,
}

impl Tally {
    fn all(self) -> u64 {
        self.accepted + self.edited + self.rejected
    }

    #[expect(clippy::cast_precision_loss, reason = "people do not decide that often")]
    fn share_accepted(self) -> f64 {
        self.accepted as f64 / self.all() as f64
    }
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<Ending> {
    let store = world::open_store(config).await?;
    if let Some(folder) = &arguments.cases {
        return write_cases(&store, arguments.kind.as_deref(), folder).await;
    }
    let mut counts = store.count_decisions().await?;
    counts.retain(|count| arguments.kind.as_ref().is_none_or(|kind| *kind == count.kind));
    let tallies = tally(counts);
    if tallies.is_empty() && !arguments.json {
        output::note("nobody has decided on a brief yet: `baton review list` shows what waits");
    }
    let mut last = None;
    for (written, tally) in &tallies {
        if arguments.json {
            output::json_line(&as_json(written, *tally))?;
            continue;
        }
        let maker = format!("{}  {}  {} ({})", written.kind, written.prompt, written.engine, written.model);
        if last.as_ref() != Some(&maker) {
            output::data(&format!("{maker}\n"))?;
        }
        output::data(&line(&written.part, *tally))?;
        last = Some(maker);
    }
    store.close().await;
    Ok(Ending::Fine)
}

async fn write_cases(store: &Store, kind: Option<&str>, folder: &Path) -> anyhow::Result<Ending> {
    let mut written = BTreeSet::new();
    for (record, of_kind) in store.decided_briefs().await? {
        if kind.is_some_and(|kind| kind != of_kind) {
            continue;
        }
        let Some(standing) = store.standing_brief(&record, &of_kind).await? else { continue };
        let Some(mut case) = decided_case(&standing, &store.sources_of(&record).await?) else { continue };
        while written.contains(&case.name) {
            // Records of two types may have one id.
            case.name.push('_');
        }
        for (path, content) in &case.files {
            let file = folder.join(&case.name).join(path);
            file.parent().map(std::fs::create_dir_all).transpose()?;
            std::fs::write(&file, content).with_context(|| format!("`{}` cannot be written", file.display()))?;
        }
        output::data(&format!("{}\n", folder.join(&case.name).display()))?;
        written.insert(case.name);
    }
    output::note(&format!("{} cases; they hold customers' text", written.len()));
    store.close().await;
    Ok(Ending::Fine)
}

fn tally(counts: Vec<DecisionCount>) -> BTreeMap<Written, Tally> {
    let mut tallies: BTreeMap<Written, Tally> = BTreeMap::new();
    for DecisionCount { kind, prompt, engine, model, part, verdict, count } in counts {
        let tally = tallies.entry(Written { kind, prompt, engine, model, part }).or_default();
        match verdict {
            Verdict::Accepted => tally.accepted += count,
            Verdict::Edited => tally.edited += count,
            Verdict::Rejected => tally.rejected += count,
        }
    }
    tallies
}

fn line(part: &str, tally: Tally) -> String {
    let Tally { accepted, edited, rejected } = tally;
    let share = tally.share_accepted() * 100.0;
    format!("  {part:22} {share:5.1} % accepted  ({accepted} accepted, {edited} edited, {rejected} rejected)\n")
}

fn as_json(written: &Written, tally: Tally) -> serde_json::Value {
    let mut json = serde_json::json!(written);
    json["accepted"] = tally.accepted.into();
    json["edited"] = tally.edited.into();
    json["rejected"] = tally.rejected.into();
    json["share_accepted"] = tally.share_accepted().into();
    json
}

#[cfg(test)]
mod tests {
    use super::{DecisionCount, Tally, Verdict, line, tally};

    #[test]
    fn decisions_add_up_by_who_wrote_and_what() {
        let count = |part: &str, verdict, count| DecisionCount {
            kind: "k".to_owned(),
            prompt: "p/v1".to_owned(),
            engine: "openai".to_owned(),
            model: "m".to_owned(),
            part: part.to_owned(),
            verdict,
            count,
        };
        let counts =
            vec![count("budget", Verdict::Accepted, 3), count("budget", Verdict::Rejected, 1), count("pain", Verdict::Edited, 2)];
        let tallies: Vec<_> = tally(counts).into_iter().map(|(written, tally)| (written.part, tally)).collect();
        let (budget, pain) = (Tally { accepted: 3, edited: 0, rejected: 1 }, Tally { accepted: 0, edited: 2, rejected: 0 });
        assert_eq!(tallies, [("budget".to_owned(), budget), ("pain".to_owned(), pain)]);
        assert!(line("budget", budget).contains(" 75.0 % accepted  (3 accepted, 0 edited, 1 rejected)"));
        assert!(line("pain", pain).contains("  0.0 % accepted"));
    }
}
