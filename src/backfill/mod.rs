//! Writes briefs for records that are in the store already: the production pipeline over all of them.
//!
//! [`plan`] says what a run would do and cost, without a call. [`run`] does it and notes every record in a ledger
//! in the store, so that a killed run goes on where it was. Each record is worked on as its newest handoff event
//! said; a record that never had one gets an event made up from the run's settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::context::tokens;
use crate::domain::brief::Usage;
use crate::domain::event::{EVENT_TYPE, HandoffData, HandoffEvent, Party, RecordRef};
use crate::pipeline::{Class, Failure, Pipeline, Plan};
use crate::ports::{KnownRecord, LedgerLine, StoreError};

/// Records fetched at once.
const PAGE: u32 = 200;
/// Ledger entry of a record that has to be tried again.
const FAILED: &str = "failed";

/// What a backfill works on.
#[derive(Debug, Clone)]
pub struct Options {
    /// Kind of handoff: names the contract.
    pub kind: String,
    /// Name of the run in the ledger: the same name goes on where the last one was cut off.
    pub run: String,
    /// Time of the events made up for records that never had one.
    pub as_of: Timestamp,
    /// Handoffs in work at once.
    pub concurrency: usize,
    /// At most this many records that need a call.
    pub limit: Option<usize>,
}

/// What a run would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Forecast {
    pub records: usize,
    /// Records for which a model would be asked.
    pub calls: usize,
    /// Records that need no call, by outcome.
    pub settled: BTreeMap<String, usize>,
    /// Records that fail before any call, with the reason.
    pub failed: Vec<LedgerLine>,
    pub prompt_tokens: u64,
    /// The most the replies may have, corrections not included.
    pub completion_tokens_at_most: u64,
    /// US dollars for both. `None`: the price is not known.
    pub cost_usd_at_most: Option<f64>,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Done in an earlier session of the same run.
    pub already_done: usize,
    /// By outcome, this session.
    pub outcomes: BTreeMap<String, usize>,
    pub failed: Vec<LedgerLine>,
    /// A failure that every record would meet: the run stopped.
    pub halted: Option<String>,
    /// Whether every record was seen.
    pub finished: bool,
}

/// What a run would do and cost. Makes no model call and writes no brief.
pub async fn plan(pipeline: &Pipeline, options: &Options) -> Result<Forecast, StoreError> {
    let mut forecast = Forecast::default();
    let mut after: Option<RecordRef> = None;
    loop {
        let page = pipeline.store.list_records(&options.kind, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.record.clone());
        for known in page {
            if options.limit.is_some_and(|limit| forecast.calls >= limit) {
                after = None;
                break;
            }
            forecast_one(pipeline, options, known, &mut forecast).await?;
        }
        if after.is_none() {
            break;
        }
    }
    let usage = Usage {
        prompt_tokens: forecast.prompt_tokens,
        cached_prompt_tokens: 0,
        completion_tokens: forecast.completion_tokens_at_most,
    };
    forecast.cost_usd_at_most = pipeline.model.price(&usage);
    Ok(forecast)
}

async fn forecast_one(
    pipeline: &Pipeline,
    options: &Options,
    known: KnownRecord,
    forecast: &mut Forecast,
) -> Result<(), StoreError> {
    forecast.records += 1;
    let record = known.record.clone();
    match pipeline.plan(&event_of(known, options)).await {
        Ok(Plan::Settled(outcome)) => *forecast.settled.entry(outcome.name().to_owned()).or_default() += 1,
        Ok(Plan::Ask(asking)) => {
            let request = &asking.prepared.request;
            let encoding = &pipeline.settings.gathering.encoding;
            let tokens = request.messages.iter().map(|message| tokens::count(encoding, &message.content) as u64).sum::<u64>();
            forecast.calls += 1;
            forecast.prompt_tokens += tokens;
            forecast.completion_tokens_at_most += u64::from(request.output_tokens);
        }
        Err(Failure::Store(error)) => return Err(error),
        Err(failure) => forecast.failed.push(failed_line(record, &failure)),
    }
    Ok(())
}

/// Works through all records that the ledger does not have as done. Stops early, and says so, when `stop` is
/// cancelled or a failure occurs that every record would meet. `progress` is called after each record.
pub async fn run(
    pipeline: &Pipeline,
    options: &Options,
    stop: &CancellationToken,
    mut progress: impl FnMut(&Report),
) -> Result<Report, StoreError> {
    let ledger = pipeline.store.ledger(&options.run).await?;
    let done: std::collections::BTreeSet<RecordRef> =
        ledger.into_iter().filter(|line| line.outcome != FAILED).map(|line| line.record).collect();
    let mut report = Report::default();
    let mut running = JoinSet::new();
    let mut started = 0;
    let mut after: Option<RecordRef> = None;
    'pages: loop {
        let page = pipeline.store.list_records(&options.kind, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else {
            report.finished = true;
            break;
        };
        after = Some(last.record.clone());
        for known in page {
            if done.contains(&known.record) {
                report.already_done += 1;
                continue;
            }
            while running.len() >= options.concurrency.max(1) {
                note(running.join_next().await, &mut report);
                progress(&report);
            }
            if stop.is_cancelled() || report.halted.is_some() || options.limit.is_some_and(|limit| started >= limit) {
                break 'pages;
            }
            started += 1;
            running.spawn(work(pipeline.clone(), Arc::<str>::from(options.run.as_str()), known, options.clone()));
        }
    }
    while let Some(ended) = running.join_next().await {
        note(Some(ended), &mut report);
        progress(&report);
    }
    report.finished &= report.halted.is_none();
    Ok(report)
}

/// One record: process, then the ledger. Whatever ends between the two is done again, and finds its stamp equal.
async fn work(pipeline: Pipeline, run: Arc<str>, known: KnownRecord, options: Options) -> Result<LedgerLine, Failure> {
    let record = known.record.clone();
    let event = event_of(known, &options);
    let line = match pipeline.process_event(&event, Timestamp::now()).await {
        Ok(outcome) => LedgerLine { record, outcome: outcome.name().to_owned(), detail: None },
        Err(failure) if failure.class() == Class::Halt => return Err(failure),
        Err(failure) => failed_line(record, &failure),
    };
    pipeline.store.note_ledger(&run, &line).await?;
    Ok(line)
}

fn note(ended: Option<Result<Result<LedgerLine, Failure>, tokio::task::JoinError>>, report: &mut Report) {
    match ended {
        None => {}
        Some(Ok(Ok(line))) if line.outcome == FAILED => report.failed.push(line),
        Some(Ok(Ok(line))) => *report.outcomes.entry(line.outcome).or_default() += 1,
        Some(Ok(Err(failure))) => report.halted = Some(failure.to_string()),
        Some(Err(_)) => report.halted = Some(Failure::Panicked.to_string()),
    }
}

fn failed_line(record: RecordRef, failure: &Failure) -> LedgerLine {
    LedgerLine { record, outcome: FAILED.to_owned(), detail: Some(failure.to_string()) }
}

fn event_of(known: KnownRecord, options: &Options) -> HandoffEvent {
    let KnownRecord { record, newest_event } = known;
    newest_event.unwrap_or_else(|| HandoffEvent {
        specversion: "1.0".to_owned(),
        id: format!("{}/{}/{}", options.run, record.record_type, record.id),
        source: "baton/backfill".to_owned(),
        event_type: EVENT_TYPE.to_owned(),
        time: options.as_of,
        data: HandoffData {
            kind: options.kind.clone(),
            record,
            from: Party::default(),
            to: Party::default(),
            fields: BTreeMap::new(),
            participants: Vec::new(),
            sources: Vec::new(),
        },
        extensions: BTreeMap::new(),
    })
}
