//! Excerpt → reviewed brief: the model calls, each within the budgets and in the journal.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::failure::Failure;
use super::judge;
use super::process::{Asking, Pipeline};
use super::rounds::{Allowed, Rounds, Step};
use crate::context::tokens;
use crate::domain::brief::{JudgeReceipt, Usage};
use crate::domain::stamp::Stamp;
use crate::ports::{Exchange, ModelReply};
use crate::prompt::ModelRequest;
use crate::qa::Reviewed;

/// A reviewed brief and what it took.
pub(super) struct Summary {
    pub reviewed: Reviewed,
    /// By all model calls: those of the map step, corrections and the judge included.
    pub spent: Spent,
    /// If one was asked.
    pub judge: Option<JudgeReceipt>,
}

/// What model calls have spent.
#[derive(Debug, Clone)]
pub(super) struct Spent {
    pub usage: Usage,
    pub cost_usd: Option<f64>,
    pub calls: u32,
}

impl Pipeline {
    /// Asks until a reply passes, at most `max_corrections` more times, and once more if one is cut. Of replies that were
    /// parsed and have blocking findings the best is the draft a person reviews; only if no reply could be parsed does the
    /// event fail.
    pub(super) async fn summarize(&self, asking: &Asking, now: Timestamp) -> Result<Summary, Failure> {
        let stamp = &asking.prepared.stamp;
        let mut journal = self.store.recall_exchanges(stamp).await?;
        journal.retain(|exchange| (asking.first_round..judge::FIRST_ROUND).contains(&exchange.round));
        let mut spent = asking.before.clone();
        journal.iter().for_each(|exchange| spent.add(&exchange.reply.usage, exchange.cost_usd));
        let mut rounds = match self.replay(asking, &journal) {
            Ok(reviewed) => return Ok(Summary { reviewed, spent, judge: None }),
            Err(rounds) => rounds,
        };
        let first = journal.iter().map(|exchange| exchange.round + 1).max().unwrap_or(asking.first_round);
        for round in first.. {
            let step = match self.ask(stamp, rounds.request(), round, &mut spent, now).await {
                Ok(reply) => rounds.take(&reply),
                Err(failure) => rounds.stop(failure),
            };
            match step {
                Step::Done(reviewed) => return Ok(Summary { reviewed: *reviewed, spent, judge: None }),
                Step::Again => {}
                Step::Failed(failure) => return Err(failure),
            }
        }
        Err(Failure::NoAnswer)
    }

    /// What is paid for is not bought again: the brief that the journaled replies give, or the rounds that go on after them.
    fn replay<'a>(&self, asking: &'a Asking, journal: &[Exchange]) -> Result<Reviewed, Box<Rounds<'a>>> {
        let anew = || Box::new(Rounds::new(asking, self.allowed()));
        let mut rounds = anew();
        for exchange in journal {
            // Another worker's chunks may have been picked from otherwise: its brief speaks of units that are others here.
            if exchange.request_digest != rounds.request().digest {
                continue;
            }
            match rounds.take(&exchange.reply) {
                Step::Done(reviewed) => return Ok(*reviewed),
                Step::Again => {}
                // Whoever requeues such an event wants another try.
                Step::Failed(_) => rounds = anew(),
            }
        }
        Err(rounds)
    }

    fn allowed(&self) -> Allowed {
        Allowed {
            // A built-in engine does not read what was wrong.
            corrections: if self.model.reads_messages() { self.settings.max_corrections } else { 0 },
            raises: if self.model.repeats_itself() { 0 } else { 1 },
        }
    }

    /// One call, journaled before its answer is used.
    pub(super) async fn ask(
        &self,
        stamp: &Stamp,
        request: &ModelRequest,
        round: u32,
        spent: &mut Spent,
        now: Timestamp,
    ) -> Result<ModelReply, Failure> {
        self.check_budgets(request, spent, now).await?;
        let started = Instant::now();
        let reply = self.model.complete(request).await?;
        let cost_usd = self.model.price(&reply.usage);
        spent.add(&reply.usage, cost_usd);
        let exchange = Exchange {
            stamp: stamp.clone(),
            round,
            engine: self.model.engine().to_owned(),
            model: self.model.model().to_owned(),
            request_digest: request.digest.clone(),
            reply,
            cost_usd,
            latency_ms: milliseconds(started.elapsed()),
            at: now,
        };
        if !self.model.repeats_itself() {
            self.store.record_exchange(&exchange).await?;
        }
        Ok(exchange.reply)
    }

    async fn check_budgets(&self, request: &ModelRequest, spent: &Spent, now: Timestamp) -> Result<(), Failure> {
        if !self.has_room(&[request], spent) {
            return Err(Failure::HandoffTokensUsedUp { limit: self.settings.max_handoff_tokens });
        }
        let Some(limit_usd) = self.settings.max_daily_usd else { return Ok(()) };
        let day_start = now.to_zoned(jiff::tz::TimeZone::UTC).start_of_day().map_or(now, |start| start.timestamp());
        match self.store.spent_since(day_start).await? < limit_usd {
            true => Ok(()),
            false => Err(Failure::DailyBudgetSpent { limit_usd }),
        }
    }

    /// Whether a handoff that has spent this may ask these too, each with an answer as long as it may be.
    pub(super) fn has_room(&self, requests: &[&ModelRequest], spent: &Spent) -> bool {
        let so_far = spent.usage.prompt_tokens + spent.usage.completion_tokens;
        let answers: u64 = requests.iter().map(|request| u64::from(request.output_tokens)).sum();
        self.fit_into(requests, self.settings.max_handoff_tokens.saturating_sub(so_far + answers))
    }

    /// Whether the prompts of these requests have at most so many tokens together.
    pub(super) fn fit_into(&self, requests: &[&ModelRequest], tokens: u64) -> bool {
        // Counting loads a vocabulary and takes its time: mostly the bytes, which no count exceeds, are enough.
        let most: u64 = requests.iter().map(|request| bytes(request)).sum();
        most <= tokens || requests.iter().map(|request| self.prompt_tokens(request)).sum::<u64>() <= tokens
    }

    /// Tokens of a prompt, its schema included: never too few if `context.encoding` is the model's.
    pub fn prompt_tokens(&self, request: &ModelRequest) -> u64 {
        let encoding = &self.settings.gathering.encoding;
        let texts: usize = request.messages.iter().map(|message| tokens::count(encoding, &message.content)).sum();
        (texts + tokens::count(encoding, &request.schema.to_string())) as u64 + frame(request)
    }
}

fn bytes(request: &ModelRequest) -> u64 {
    let texts: usize = request.messages.iter().map(|message| message.content.len()).sum();
    (texts + request.schema.to_string().len()) as u64 + frame(request)
}

/// What providers put around a request and each of its messages: 3 or 4 tokens each, with some to spare.
fn frame(request: &ModelRequest) -> u64 {
    16 + 8 * request.messages.len() as u64
}

impl Default for Spent {
    fn default() -> Self {
        Self { usage: Usage::default(), cost_usd: Some(0.0), calls: 0 }
    }
}

impl Spent {
    pub(super) fn add(&mut self, usage: &Usage, cost_usd: Option<f64>) {
        self.usage += *usage;
        self.calls += 1;
        // One unknown price makes the sum unknown.
        self.cost_usd = self.cost_usd.zip(cost_usd).map(|(sum, cost)| sum + cost);
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
