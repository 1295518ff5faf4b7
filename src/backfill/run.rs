//! [`run`]: works through the records and notes each in the ledger.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use serde::Serialize;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::Options;
use super::walk::{FAILED, Walk, failed_line};
use crate::domain::event::HandoffEvent;
use crate::pipeline::{Class, Failure, Pipeline};
use crate::ports::{LedgerLine, StoreError};

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

/// Works through all records that the ledger does not have as done. Stops early, and says so, when `stop` is
/// cancelled or a failure occurs that every record would meet. `progress` is called after each record.
pub async fn run(
    pipeline: &Pipeline,
    options: &Options,
    stop: &CancellationToken,
    mut progress: impl FnMut(&Report),
) -> Result<Report, StoreError> {
    let ledger_name: Arc<str> = options.run.as_str().into();
    let mut report = Report::default();
    let mut running = JoinSet::new();
    let mut walk = Walk::start(&*pipeline.store, options).await?;
    while let Some(event) = walk.next().await? {
        while running.len() >= options.concurrency.max(1) {
            report.note(running.join_next().await);
            progress(&report);
        }
        if stop.is_cancelled() || report.halted.is_some() {
            break;
        }
        running.spawn(work(pipeline.clone(), Arc::clone(&ledger_name), event));
    }
    report.already_done = walk.already_done;
    while !running.is_empty() {
        report.note(running.join_next().await);
        progress(&report);
    }
    report.finished = walk.is_at_end && report.halted.is_none();
    Ok(report)
}

/// One record: process, then the ledger. Whatever ends between the two is done again, and finds its stamp equal.
async fn work(pipeline: Pipeline, ledger_name: Arc<str>, event: HandoffEvent) -> Result<LedgerLine, Failure> {
    let processed = AssertUnwindSafe(pipeline.process_event(&event, Timestamp::now())).catch_unwind().await;
    let record = event.data.record;
    let line = match processed.unwrap_or(Err(Failure::Panicked)) {
        Ok(outcome) => LedgerLine { record, outcome: outcome.name().to_owned(), detail: None },
        Err(failure) if failure.class() == Class::Halt => return Err(failure),
        Err(failure) => failed_line(record, &failure),
    };
    pipeline.store.note_ledger(&ledger_name, &line).await?;
    Ok(line)
}

impl Report {
    fn note(&mut self, ended: Option<Result<Result<LedgerLine, Failure>, JoinError>>) {
        match ended {
            None => {}
            Some(Ok(Ok(line))) if line.outcome == FAILED => self.failed.push(line),
            Some(Ok(Ok(line))) => *self.outcomes.entry(line.outcome).or_default() += 1,
            Some(Ok(Err(failure))) => self.halted = Some(failure.to_string()),
            // Outside of the pipeline, or the runtime ends: the next record would not fare better.
            Some(Err(_)) => self.halted = Some(Failure::Panicked.to_string()),
        }
    }
}
