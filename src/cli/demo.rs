//! `baton demo`: bundled handoffs through the real queue, worker and store, with the built-in engine.

use std::path::PathBuf;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::output::{self, Usage};
use super::view::{self, Colour};
use super::world;
use super::{Ending, worker};
use crate::config::{Config, Engine, ServerUrl};
use crate::domain::brief::{BriefDocument, Readiness};
use crate::domain::event::{Envelope, STRUCTURED_MODE};
use crate::eval::case::{self, Case};
use crate::ports::Mode;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton demo\n  baton demo sdr_to_ae\n  baton demo --keep demo.sqlite && baton --record sqlite:demo.sqlite show 1042\n\nNo key, no broker, no network: one temporary SQLite file holds queue and records."
)]
pub(super) struct Arguments {
    /// Only handoffs whose name or kind begins like this
    only: Option<String>,
    /// Keep queue and records in this SQLite file instead of a temporary one
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    /// One brief a line as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, mut config: Config) -> anyhow::Result<Ending> {
    let started = Instant::now();
    let mut cases = case::bundled()?;
    if let Some(only) = &arguments.only {
        cases.retain(|case| case.name.starts_with(only.as_str()));
    }
    if cases.is_empty() {
        return Err(Usage("no bundled handoff has this name; `baton demo` runs all of them".to_owned()).into());
    }
    let scratch = Scratch::new(arguments.keep)?;
    let url = ServerUrl::from(format!("sqlite:{}", scratch.file.display()).as_str());
    (config.queue.url, config.record.url) = (url.clone(), url);
    config.model.engine = Engine::Extractive;
    config.context.our_domains.extend(case::OUR_DOMAINS.iter().map(|domain| (*domain).to_owned()));
    let briefs = brief_all(&config, &cases).await?;
    show(&briefs, arguments.json, &config)?;
    if !arguments.json {
        let seconds = started.elapsed().as_secs_f64();
        output::note(&format!(
            "{} handoffs in {seconds:.2} s with the built-in extractive engine: no key, no broker, no network",
            briefs.len()
        ));
        output::note("next: `baton contracts list`, `baton read FILE`, `baton --help`; the README has a five-minute tour");
    }
    Ok(Ending::Fine)
}

/// The same steps as in production: sources and a person's values are in the record store, events in the queue.
async fn brief_all(config: &Config, cases: &[Case]) -> anyhow::Result<Vec<BriefDocument>> {
    let store = world::open_store(config).await?;
    let queue = world::Queue::open_beside(&store, config).await?;
    let mut envelopes = Vec::new();
    for case in cases {
        let record = &case.event.data.record;
        store.put_record(record).await?;
        for source in case.handoff().sources {
            store.put_source(record, &source).await?;
        }
        for (field, value) in &case.human_values {
            store.set_human_value(record, field, value.clone()).await?;
        }
        let body = serde_json::to_vec(&case.event)?;
        envelopes.push(Envelope { content_type: Some(STRUCTURED_MODE.to_owned()), attributes: Default::default(), body });
    }
    queue.submit(envelopes).await?;
    let pipeline = world::pipeline(config, store.as_record_store())?;
    let stop = CancellationToken::new();
    let (deliveries, consumer) = queue.consume(config.worker.concurrency, stop.clone(), Mode::Drain);
    let work = crate::worker::run(worker::process_with(pipeline), deliveries, stop, worker::options(config));
    let (report, consumed) = tokio::join!(work, consumer);
    consumed?;
    anyhow::ensure!(
        report.parked == 0 && report.retried == 0,
        "{} handoffs were parked and {} have to be tried again",
        report.parked,
        report.retried
    );
    let mut briefs = Vec::new();
    for case in cases {
        let brief = store.read_brief(&case.event.data.record, &case.event.data.kind).await?;
        briefs.push(brief.ok_or_else(|| anyhow::anyhow!("the handoff `{}` left no brief", case.name))?);
    }
    store.close().await;
    Ok(briefs)
}

fn show(briefs: &[BriefDocument], json: bool, config: &Config) -> anyhow::Result<()> {
    if json {
        return briefs.iter().try_for_each(output::json_line);
    }
    let contracts = world::contracts(config)?;
    let colour = Colour::of_stdout();
    for brief in briefs {
        let title = contracts.get(&brief.kind).map_or(brief.kind.as_str(), |contract| contract.title.as_str());
        output::data(&format!("{}\n\n", view::brief(brief, title, colour)))?;
    }
    let mut table = String::new();
    for brief in briefs {
        let readiness = match &brief.readiness {
            Readiness::Ready => colour.green("ready     "),
            Readiness::Incomplete => colour.yellow("incomplete"),
            Readiness::Blocked { .. } => colour.red("blocked   "),
        };
        let name = brief.record.name.as_deref().unwrap_or(&brief.record.id);
        let missing: Vec<&str> = brief.missing.iter().map(|missing| missing.name.as_str()).collect();
        let missing = if missing.is_empty() { String::new() } else { format!("  missing: {}", missing.join(", ")) };
        table += &format!("{readiness}  {:20}  {name}{missing}\n", brief.kind);
    }
    output::data(&table)
}

/// The SQLite file of the demo; a temporary one goes away with it.
struct Scratch {
    file: PathBuf,
    folder: Option<PathBuf>,
}

impl Scratch {
    fn new(keep: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(file) = keep {
            return Ok(Self { file, folder: None });
        }
        let folder = std::env::temp_dir().join(format!("baton-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self { file: folder.join("demo.sqlite"), folder: Some(folder) })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A temporary folder that stays is the system's to clean.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
