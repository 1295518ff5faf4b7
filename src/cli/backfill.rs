//! `baton backfill`: plan, run, status.

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::output::{self, Usage};
use super::{Ending, world};
use crate::backfill::{self, Forecast, Options, Report};
use crate::config::Config;
use crate::pipeline::Pipeline;

#[derive(clap::Subcommand)]
#[command(
    after_help = "Examples:\n  baton backfill plan sdr_to_ae\n  baton backfill run sdr_to_ae --engine openai\n  baton backfill status sdr_to_ae"
)]
pub(super) enum Command {
    /// What a run would do and cost, without a call
    Plan(Selection),
    /// Write the briefs; goes on where a killed run was cut off
    Run(Selection),
    /// What a run has done so far
    Status(Selection),
}

#[derive(clap::Args)]
pub(super) struct Selection {
    /// Kind of handoff
    kind: String,
    /// Name of the run in the ledger; by default made of kind, contract, prompt and model
    #[arg(long)]
    run: Option<String>,
    /// At most this many records that are not done yet
    #[arg(long)]
    limit: Option<usize>,
    /// Time of the handoff for records that never had one (RFC 3339); default: now
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command, config: Config) -> anyhow::Result<Ending> {
    let selection = match &command {
        Command::Plan(selection) | Command::Run(selection) | Command::Status(selection) => selection,
    };
    let store = world::open_store(&config).await?;
    let pipeline = world::pipeline(&config, store.as_record_store())?;
    let options = options(selection, &pipeline, &config)?;
    match &command {
        Command::Plan(selection) => show_plan(&backfill::plan(&pipeline, &options).await?, selection.json),
        Command::Run(selection) => {
            let report = run_with_progress(&pipeline, &options).await?;
            show_report(&report, &options, selection.json)
        }
        Command::Status(selection) => status(&pipeline, &options, selection.json).await,
    }
}

fn options(selection: &Selection, pipeline: &Pipeline, config: &Config) -> anyhow::Result<Options> {
    let contract = pipeline.contracts.get(&selection.kind).ok_or_else(|| {
        let known = pipeline.contracts.keys().cloned().collect::<Vec<_>>().join(", ");
        Usage(format!("there is no contract for `{}`; there are: {known}", selection.kind))
    })?;
    let by_default = || {
        let prompt = &pipeline.prompt;
        format!("{}.v{}/{}.{}/{}", contract.kind, contract.version, prompt.name, prompt.version, pipeline.model.model())
    };
    Ok(Options {
        kind: selection.kind.clone(),
        run: selection.run.clone().unwrap_or_else(by_default),
        as_of: selection.as_of.unwrap_or_else(Timestamp::now),
        concurrency: usize::from(config.worker.concurrency),
        limit: selection.limit,
    })
}

/// The bar is on stderr and only there when that is a terminal: indicatif hides it otherwise.
async fn run_with_progress(pipeline: &Pipeline, options: &Options) -> anyhow::Result<Report> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} records, {per_sec}, {elapsed} {msg}")?);
    let stop = CancellationToken::new();
    let report = {
        let work = backfill::run(pipeline, options, &stop, |report| {
            bar.set_position(report.outcomes.values().sum::<usize>() as u64);
            bar.set_message(if report.failed.is_empty() { String::new() } else { format!("({} failed)", report.failed.len()) });
        });
        tokio::pin!(work);
        tokio::select! {
            report = &mut work => report?,
            _ = tokio::signal::ctrl_c() => {
                output::note("stopping: running handoffs are finished, the ledger keeps what is done");
                stop.cancel();
                work.await?
            }
        }
    };
    bar.finish_and_clear();
    Ok(report)
}

fn show_plan(forecast: &Forecast, json: bool) -> anyhow::Result<Ending> {
    if json {
        output::json(forecast)?;
        return Ok(Ending::Fine);
    }
    let cost =
        forecast.cost_usd_at_most.map_or("not known (set model.input_usd_per_million)".to_owned(), |usd| format!("{usd:.4} USD"));
    let mut text = format!("{} records\n  {} need a model call\n", forecast.records, forecast.calls);
    for (outcome, count) in &forecast.settled {
        text += &format!("  {count} {outcome}\n");
    }
    text += &format!(
        "prompt tokens {}, completion tokens at most {}, cost at most {cost}\n",
        forecast.prompt_tokens, forecast.completion_tokens_at_most
    );
    output::data(&text)?;
    tell_failed(&forecast.failed);
    Ok(Ending::Fine)
}

fn show_report(report: &Report, options: &Options, json: bool) -> anyhow::Result<Ending> {
    match json {
        true => output::json(report)?,
        false => {
            let mut text = format!("run {}: {} records were done before\n", options.run, report.already_done);
            for (outcome, count) in &report.outcomes {
                text += &format!("  {count} {outcome}\n");
            }
            output::data(&text)?;
            tell_failed(&report.failed);
        }
    }
    if let Some(why) = &report.halted {
        output::note(&format!("error: halted: {why}"));
        return Ok(Ending::Halted);
    }
    Ok(if report.failed.is_empty() { Ending::Fine } else { Ending::Failed })
}

fn tell_failed(failed: &[crate::ports::LedgerLine]) {
    for line in failed {
        let why = line.detail.as_deref().unwrap_or("");
        output::note(&format!("failed: {}/{}: {why}", line.record.record_type, line.record.id));
    }
}

async fn status(pipeline: &Pipeline, options: &Options, json: bool) -> anyhow::Result<Ending> {
    let ledger = pipeline.store.ledger(&options.run).await?;
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for line in &ledger {
        *counts.entry(&line.outcome).or_default() += 1;
    }
    if json {
        output::json(&serde_json::json!({ "run": options.run, "outcomes": counts, "lines": ledger }))?;
        return Ok(Ending::Fine);
    }
    output::data(&format!("run {}: {} records\n", options.run, ledger.len()))?;
    for (outcome, count) in counts {
        output::data(&format!("  {count} {outcome}\n"))?;
    }
    Ok(Ending::Fine)
}
