//! [`Pipeline::process`]: the way of one event, top to bottom.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::judge::JudgeStep;
use super::pick::{MapStep, Picking};
use super::summarize::{Spent, Summary};
use crate::context::{self, Excerpt, Gathering};
use crate::domain::brief::{CoverageReceipt, Provenance, Publication, SourceReceipt};
use crate::domain::contract::Contract;
use crate::domain::event::{self, Envelope, EventError, HandoffEvent};
use crate::domain::handoff::Handoff;
use crate::ports::{LanguageModel, RecordStore, Written};
use crate::prompt::{self, ModelRequest, Prepared, PromptVersion, Target};
use crate::qa;

/// Everything an event needs on its way. Cheap to clone.
#[derive(Clone)]
pub struct Pipeline {
    pub store: Arc<dyn RecordStore>,
    pub model: Arc<dyn LanguageModel>,
    /// By kind.
    pub contracts: Arc<BTreeMap<String, Arc<Contract>>>,
    pub prompt: Arc<PromptVersion>,
    /// `None`: what is over the token budget is ranked only, however long it is.
    pub map_step: Option<MapStep>,
    /// `None`: nobody judges the brief but the checks.
    pub judge: Option<JudgeStep>,
    pub settings: Settings,
}

/// Limits that hold for every event.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A larger message is not read at all.
    pub max_message_bytes: usize,
    pub gathering: Gathering,
    /// The most tokens an excerpt may have, a margin for another tokenizer taken off.
    pub token_budget: usize,
    /// The most tokens a reply may have; doubled once if a reply is cut, which is no correction.
    pub output_tokens: u32,
    /// Rounds in which the model may mend its reply.
    pub max_corrections: u32,
    /// Prompt and completion tokens of all calls for one handoff.
    pub max_handoff_tokens: u64,
    /// US dollars a day (UTC), all workers together. `None`: no limit.
    pub max_daily_usd: Option<f64>,
}

/// What became of an event. A brief held for review is work done, not a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The brief is live on the record.
    Published,
    /// The brief is a draft: a blocking finding stands.
    HeldForReview,
    /// The record already has the brief that this event would give.
    AlreadyCurrent,
    /// No source holds any text.
    NothingToSummarize,
    /// A newer event of the record has already been written.
    Superseded,
}

impl Outcome {
    /// Name in logs, events and ledgers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::HeldForReview => "held_for_review",
            Self::AlreadyCurrent => "already_current",
            Self::NothingToSummarize => "nothing_to_summarize",
            Self::Superseded => "superseded",
        }
    }
}

/// How far an event gets without a model call.
#[derive(Debug)]
pub enum Plan {
    /// Decided already.
    Settled(Outcome),
    /// A model has to be asked for the brief.
    Ask(Box<Asking>),
    /// So much material that a model has to be asked which of it the brief needs.
    Pick(Box<Picking>),
}

impl Plan {
    /// All requests; the last is the one for the brief, as far as it is known without any reply.
    pub fn requests(&self) -> Vec<&ModelRequest> {
        match self {
            Self::Settled(_) => Vec::new(),
            Self::Ask(asking) => vec![&asking.prepared.request],
            Self::Pick(picking) => picking.requests().collect(),
        }
    }

    fn asking(&self) -> Option<&Asking> {
        match self {
            Self::Settled(_) => None,
            Self::Ask(asking) => Some(asking),
            Self::Pick(picking) => Some(picking.asking()),
        }
    }
}

/// Everything that is known when the model is asked for the brief.
#[derive(Debug)]
pub struct Asking {
    pub handoff: Handoff,
    pub excerpt: Arc<Excerpt>,
    pub contract: Arc<Contract>,
    pub prepared: Prepared,
    /// What the map step has spent.
    pub(super) before: Spent,
    /// Number of the first round about the brief: those of the map step come before.
    pub(super) first_round: u32,
}

impl Asking {
    /// Whether the record already has the brief that would be written.
    fn is_current(&self) -> bool {
        self.handoff.current.as_ref().is_some_and(|current| current.stamp == self.prepared.stamp)
    }
}

impl Pipeline {
    /// One event, from its bytes to its outcome. `now` is the time of the delivery.
    pub async fn process(&self, envelope: &Envelope, now: Timestamp) -> Result<Outcome, Failure> {
        let (bytes, limit) = (envelope.body.len(), self.settings.max_message_bytes);
        if bytes > limit {
            return Err(EventError::TooLarge { bytes, limit }.into());
        }
        self.process_event(&event::decode(envelope)?, now).await
    }

    /// The same for an event that is understood already.
    pub async fn process_event(&self, event: &HandoffEvent, now: Timestamp) -> Result<Outcome, Failure> {
        let outcome = match self.plan(event).await? {
            Plan::Settled(outcome) => outcome,
            // What the store notes of a written brief is part of that one transaction.
            Plan::Ask(asking) => return self.write(*asking, now).await,
            Plan::Pick(picking) => return self.write(self.pick(*picking, now).await?, now).await,
        };
        self.store.note_outcome(event, outcome.name()).await?;
        Ok(outcome)
    }

    /// Everything before the model call: no money is spent here. A dry run stops after it.
    pub async fn plan(&self, event: &HandoffEvent) -> Result<Plan, Failure> {
        let contract = self.contract(&event.data.kind)?;
        let handoff = self.store.fetch_handoff(event, contract.look_back_days, &self.settings.gathering.limits).await?;
        if !handoff.missing_sources.is_empty() {
            return Err(Failure::SourcesMissing { ids: handoff.missing_sources });
        }
        if is_superseded(&handoff) {
            return Ok(Plan::Settled(Outcome::Superseded));
        }
        let material = context::gather(&handoff, &self.settings.gathering);
        let excerpt = Arc::new(context::fit(&material, &contract, self.settings.token_budget));
        if excerpt.is_empty() {
            return nothing_left(&handoff, excerpt.receipt()).map(Plan::Settled);
        }
        let prepared = prompt::prepare(&handoff, Arc::clone(&excerpt), Arc::clone(&contract), &self.prompt, self.target())?;
        let prepared = match self.judge_step() {
            Some(step) => prepared.judged_by(&step.prompt, step.judged),
            None => prepared,
        };
        let asking = Asking { handoff, excerpt, contract, prepared, before: Spent::default(), first_round: 0 };
        let plan = self.plan_picks(asking, &material)?;
        match plan.asking().is_some_and(Asking::is_current) {
            true => Ok(Plan::Settled(Outcome::AlreadyCurrent)),
            false => Ok(plan),
        }
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target { engine: self.model.engine(), model: self.model.model(), output_tokens: self.settings.output_tokens }
    }

    /// Asks, reviews, and writes what the review allows.
    async fn write(&self, asking: Asking, now: Timestamp) -> Result<Outcome, Failure> {
        let summary = self.summarize(&asking, now).await?;
        let summary = self.judge(&asking, summary, now).await?;
        let provenance = self.provenance(&asking, &summary);
        let coverage = asking.excerpt.receipt().clone();
        let write = qa::plan_write(&asking.handoff, summary.reviewed, coverage, provenance);
        Ok(match (self.store.write_back(&write).await?, write.document().publication) {
            (Written::Superseded, _) => Outcome::Superseded,
            (Written::Done, Publication::Published) => Outcome::Published,
            (Written::Done, Publication::HeldForReview) => Outcome::HeldForReview,
        })
    }

    fn contract(&self, kind: &str) -> Result<Arc<Contract>, Failure> {
        self.contracts.get(kind).cloned().ok_or_else(|| {
            let is_plain = kind.len() <= 64 && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            // A kind that is no name may be anything, customers' text included.
            let kind = if is_plain { kind.to_owned() } else { "?".to_owned() };
            Failure::UnknownKind { kind, known: self.contracts.keys().cloned().collect::<Vec<_>>().join(", ") }
        })
    }

    fn provenance(&self, asking: &Asking, summary: &Summary) -> Provenance {
        Provenance {
            engine: self.model.engine().to_owned(),
            model: self.model.model().to_owned(),
            prompt: format!("{}/{}", self.prompt.name, self.prompt.version),
            contract_digest: asking.contract.digest.clone(),
            contract_version: asking.contract.version,
            stamp: asking.prepared.stamp.clone(),
            usage: summary.spent.usage,
            cost_usd: summary.spent.cost_usd,
            attempts: summary.spent.calls,
            judge: summary.judge.clone(),
        }
    }
}

/// Whether a newer event of this record and kind has already been written. Events of the same time are ordered by id.
fn is_superseded(handoff: &Handoff) -> bool {
    let event = &handoff.event;
    handoff.current.as_ref().is_some_and(|current| (current.event_time, &current.event_id) > (event.time, &event.id))
}

/// No unit is left: either there was nothing to read, or nothing of it could be read, which a person must know.
fn nothing_left(handoff: &Handoff, receipt: &CoverageReceipt) -> Result<Outcome, Failure> {
    let is_blank = handoff.sources.iter().all(|source| source.body.trim_ascii().is_empty());
    if is_blank && handoff.oversized_sources.is_empty() {
        return Ok(Outcome::NothingToSummarize);
    }
    if receipt.units_cut > 0 {
        let why = format!("not one of {} units fits `context.token_budget`, raise it", receipt.units_cut);
        return Err(Failure::NothingReadable { reasons: vec![why] });
    }
    // A receipt stays with the brief; a reason is logged, and the name of an attachment is the customer's text.
    let kind_of = |why: &str| why.split('`').next().unwrap_or_default().trim_end().to_owned();
    let reason = |source: &SourceReceipt| source.left_out.first().map(|why| format!("`{}`: {}", source.id, kind_of(why)));
    let reasons: Vec<String> = receipt.sources.iter().filter_map(reason).collect();
    match reasons.is_empty() {
        true => Ok(Outcome::NothingToSummarize),
        false => Err(Failure::NothingReadable { reasons }),
    }
}
