//! [`plan`]: what a run would do and cost.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Options;
use super::walk::{Walk, failed_line};
use crate::context::tokens;
use crate::domain::brief::Usage;
use crate::pipeline::{Failure, Pipeline, Plan};
use crate::ports::{LedgerLine, StoreError};
use crate::prompt::ModelRequest;

/// What a run would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Forecast {
    /// Records a run would work on: not those that the ledger has as done.
    pub records: usize,
    /// Records for which a model would be asked.
    pub calls: usize,
    /// Records that need no call, by outcome.
    pub settled: BTreeMap<String, usize>,
    /// Records that fail before any call, with the reason.
    pub failed: Vec<LedgerLine>,
    pub prompt_tokens: u64,
    /// The most the replies may have, corrections and a judge's not included.
    pub completion_tokens_at_most: u64,
    /// US dollars for both. `None`: the price is not known.
    pub cost_usd_at_most: Option<f64>,
}

/// What a run would do and cost. Makes no model call and writes nothing.
pub async fn plan(pipeline: &Pipeline, options: &Options) -> Result<Forecast, StoreError> {
    let mut forecast = Forecast::default();
    let mut walk = Walk::start(&*pipeline.store, options).await?;
    while let Some(event) = walk.next().await? {
        forecast.records += 1;
        match pipeline.plan(&event).await {
            Ok(Plan::Settled(outcome)) => *forecast.settled.entry(outcome.name().to_owned()).or_default() += 1,
            Ok(plan @ (Plan::Ask(_) | Plan::Pick(_))) => forecast.add(pipeline, &plan.requests()),
            Err(Failure::Store(error)) => return Err(error),
            Err(failure) => forecast.failed.push(failed_line(event.data.record, &failure)),
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

impl Forecast {
    /// One record: the request for its brief and, for very long material, those of the map step before it.
    fn add(&mut self, pipeline: &Pipeline, requests: &[&ModelRequest]) {
        let encoding = &pipeline.settings.gathering.encoding;
        self.calls += 1;
        for request in requests {
            self.prompt_tokens +=
                request.messages.iter().map(|message| tokens::count(encoding, &message.content) as u64).sum::<u64>();
            self.completion_tokens_at_most += u64::from(request.output_tokens);
        }
    }
}
