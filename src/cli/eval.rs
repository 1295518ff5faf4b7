//! `baton eval`: run, bless, requests, checks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output::{self, Usage};
use super::view::Colour;
use super::{Ending, decisions, world};
use crate::config::{Config, Engine};
use crate::eval::case::{self, Case, CaseReply};
use crate::eval::planted::{self, Measured};
use crate::eval::score::What;
use crate::eval::{self, Baseline, Results};
use crate::pipeline::Pipeline;

#[derive(clap::Subcommand)]
#[command(after_help = "Examples:
  baton eval run
  baton eval run --engine recorded
  baton eval run --only sdr_to_ae --all-lines
  baton eval run --engine openai --record-replies recordings
  baton eval bless        commit eval/baselines/ afterwards
  baton eval checks --missed")]
pub(super) enum Command {
    /// Run the cases and compare with what people expect; exit code 4 below the baseline
    Run(Arguments),
    /// Run the cases and write the scores as the new baseline
    Bless(Arguments),
    /// Print what the model would be asked, one line of JSON for each case
    Requests(Arguments),
    /// Count what people accepted, edited and rejected, by prompt, engine and field
    Decisions(decisions::Arguments),
    /// Plant errors in right briefs and count what the checks find; exit code 4 below --min-recall
    Checks(Planting),
}

#[derive(clap::Args)]
pub(super) struct Planting {
    /// Folder with cases; may be given several times; without it the bundled ones
    #[arg(long, value_name = "DIR")]
    cases: Vec<PathBuf>,
    /// Per cent of each kind of error that must be found
    #[arg(long, value_name = "PERCENT")]
    min_recall: Option<f64>,
    /// List the errors that were not found
    #[arg(long)]
    missed: bool,
    /// Only the tables, as in docs/checks.md
    #[arg(long, conflicts_with_all = ["missed", "json"])]
    markdown: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Folder with cases; without it the bundled ones
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Only cases whose name begins like this; the baseline is not applied
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Folder with baselines
    #[arg(long, value_name = "DIR", default_value = "eval/baselines")]
    baselines: PathBuf,
    /// run: store each reply of the model here, for --engine recorded with `model.recordings`
    #[arg(long, value_name = "DIR")]
    record_replies: Option<PathBuf>,
    /// Show met expectations too
    #[arg(long)]
    all_lines: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command, mut config: Config) -> anyhow::Result<Ending> {
    config.context.our_domains.extend(case::OUR_DOMAINS.iter().map(|domain| (*domain).to_owned()));
    let arguments = match &command {
        Command::Run(arguments) | Command::Bless(arguments) | Command::Requests(arguments) => arguments,
        Command::Checks(planting) => return checks(planting, &config),
        Command::Decisions(arguments) => return decisions::run(arguments, &config).await,
    };
    let cases = cases(arguments)?;
    let mut pipeline = world::pipeline(&config, eval::no_store())?;
    if matches!(command, Command::Requests(_)) {
        return requests(&pipeline, &cases).await;
    }
    if config.model.engine == Engine::Recorded {
        pipeline.model = world::recorded(&config, replies(&pipeline, &cases).await?)?;
    }
    let recorder = match &arguments.record_replies {
        Some(folder) => Some(world::recorder(&config, Arc::clone(&pipeline.model), folder)?),
        None => None,
    };
    if let Some(recorder) = &recorder {
        pipeline.model = Arc::clone(recorder) as Arc<_>;
    }
    let results = eval::run(&pipeline, &cases).await;
    if let Some(recorder) = recorder {
        output::note(&format!("{} replies recorded", recorder.finish()?));
    }
    let file = arguments.baselines.join(format!("{}.json", results.engine));
    match arguments.json {
        true => output::json(&results)?,
        false => output::data(&text_of(&results, arguments.all_lines))?,
    }
    match command {
        Command::Bless(_) => bless(&results, &file),
        Command::Run(_) if arguments.only.is_some() => Ok(Ending::Fine),
        Command::Run(_) => gate(&results, &file),
        Command::Requests(_) | Command::Checks(_) | Command::Decisions(_) => Ok(Ending::Fine),
    }
}

fn checks(planting: &Planting, config: &Config) -> anyhow::Result<Ending> {
    let cases = match planting.cases.is_empty() {
        true => case::bundled()?,
        false => planting.cases.iter().map(|folder| load(folder)).collect::<Result<Vec<_>, _>>()?.concat(),
    };
    let measured = planted::measure(&world::pipeline(config, eval::no_store())?, &cases)?;
    match (planting.json, planting.markdown) {
        (true, _) => output::json(&measured)?,
        (_, true) => output::data(&measured.tables())?,
        _ => output::data(&(measured.tables() + &details(&measured, planting.missed)))?,
    }
    let recall = |line: &planted::KindLine| line.all.recall().unwrap_or(1.0) * 100.0;
    let below = measured.kinds.iter().filter(|line| planting.min_recall.is_some_and(|least| recall(line) < least));
    let below: Vec<&planted::KindLine> = below.collect();
    below.iter().for_each(|line| output::note(&format!("below --min-recall: {}, {:.1} %", line.kind.name(), recall(line))));
    Ok(if below.is_empty() { Ending::Fine } else { Ending::BelowGate })
}

async fn requests(pipeline: &Pipeline, cases: &[Case]) -> anyhow::Result<Ending> {
    for case in cases {
        let Some(request) = eval::request(pipeline, case).await? else { continue };
        let (digest, messages, schema) = (&request.digest, &request.messages, &*request.schema);
        output::json_line(&serde_json::json!({ "case": case.name, "digest": digest, "messages": messages, "schema": schema }))?;
    }
    Ok(Ending::Fine)
}

/// The replies of the cases by the digest of what would be asked today.
async fn replies(pipeline: &Pipeline, cases: &[Case]) -> anyhow::Result<BTreeMap<String, CaseReply>> {
    let mut replies = BTreeMap::new();
    for case in cases {
        let Some(reply) = &case.reply else { continue };
        if let Some(request) = eval::request(pipeline, case).await? {
            replies.insert(request.digest, reply.clone());
        }
    }
    Ok(replies)
}

fn cases(arguments: &Arguments) -> anyhow::Result<Vec<Case>> {
    let mut cases = match &arguments.cases {
        None => case::bundled()?,
        Some(folder) => load(folder)?,
    };
    cases.retain(|case| arguments.only.as_ref().is_none_or(|only| case.name.starts_with(only.as_str())));
    match cases.is_empty() {
        true => Err(Usage("there is no such case".to_owned()).into()),
        false => Ok(cases),
    }
}

/// The cases of a folder, by name.
fn load(folder: &Path) -> anyhow::Result<Vec<Case>> {
    let entries = std::fs::read_dir(folder).map_err(|error| Usage(format!("`{}` cannot be read: {error}", folder.display())))?;
    let mut folders = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders.iter().map(|folder| Case::load(folder)).collect()
}

fn bless(results: &Results, file: &Path) -> anyhow::Result<Ending> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, serde_json::to_string_pretty(&results.as_baseline())? + "\n")?;
    output::note(&format!("wrote {}", file.display()));
    Ok(Ending::Fine)
}

fn gate(results: &Results, file: &Path) -> anyhow::Result<Ending> {
    let Ok(text) = std::fs::read_to_string(file) else {
        output::note(&format!("no baseline at {}: nothing to compare with; `baton eval bless` writes one", file.display()));
        return Ok(Ending::Fine);
    };
    let baseline: Baseline = serde_json::from_str(&text)
        .map_err(|_| Usage(format!("`{}` is no baseline; write it anew with `baton eval bless`", file.display())))?;
    let shortfalls = results.shortfalls(&baseline);
    shortfalls.iter().for_each(|line| output::note(&format!("below the baseline: {line}")));
    Ok(if shortfalls.is_empty() { Ending::Fine } else { Ending::BelowGate })
}

fn details(measured: &Measured, with_missed: bool) -> String {
    let mut text = String::new();
    for planted::Alarm { case, finding } in &measured.false_alarms {
        let (check, field, message) = (&finding.check, finding.field.as_deref().unwrap_or("-"), &finding.message);
        text += &format!("false alarm: {case} {check} {field}: {}\n", crate::context::visible(message));
    }
    for missed in measured.missed.iter().filter(|_| with_missed) {
        let planted::Missed { kind, form, case, part, wrong } = missed;
        text += &format!("not found: {}, {form}: {case} {part}: …{}…\n", kind.name(), crate::context::visible(wrong));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn text_of(results: &Results, all_lines: bool) -> String {
    let colour = Colour::of_stdout();
    let mut text = String::new();
    for case in &results.cases {
        text += &format!("{}  {}\n", colour.bold(&case.name), case.outcome);
        let lines = case.score.iter().flat_map(|score| &score.lines);
        for line in lines.filter(|line| all_lines || line.mark != eval::score::Mark::Hit) {
            let mark = format!("{:?}", line.mark).to_lowercase();
            text += &format!("  {mark:9} {:11} {:22} expected {}\n", line.what.name(), line.name, line.expected);
            text += &format!("  {:9} {:11} {:22} found    {}\n", "", "", "", crate::context::visible(&line.found));
        }
    }
    text += &format!("\n{} ({}), {}\n", results.engine, results.model, results.prompt);
    for what in [What::Field, What::Axis, What::Commitment, What::Readiness, What::Missing, What::Route, What::Finding] {
        if let Some(score) = results.scores.get(&what) {
            text += &format!("  {:12} {:5.1} %\n", what.name(), score * 100.0);
        }
    }
    text + &format!("  {} values invented, {} cases without a brief\n", results.invented, results.failed)
}
