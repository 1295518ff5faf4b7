//! Excerpt → reviewed brief: the model call, the parse, the review, and the bounded correction.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::failure::Failure;
use super::process::{Asking, Pipeline};
use crate::domain::brief::Usage;
use crate::domain::stamp::Stamp;
use crate::ports::{Exchange, Finish, ModelReply};
use crate::prompt::{ModelRequest, ReplyError, parse_reply};
use crate::qa::{self, Reviewed};

/// A reviewed brief and what it took.
pub(super) struct Summary {
    pub reviewed: Reviewed,
    pub usage: Usage,
    pub cost_usd: Option<f64>,
    /// Model calls, those of the map step and corrections included.
    pub calls: u32,
}

/// What the rounds so far have spent.
#[derive(Debug, Clone)]
pub(super) struct Spent {
    usage: Usage,
    cost_usd: Option<f64>,
    calls: u32,
}

/// What one reply was good for.
enum Verdict {
    Good(Reviewed),
    /// Parsed, but blocked by findings a model can mend, one line each.
    Mendable(Reviewed, Vec<String>),
    Wrong(Vec<ReplyError>),
    Cut,
    Empty,
}

impl Pipeline {
    /// Asks until a reply passes, at most `max_corrections` more times. A parsed reply with blocking findings is kept
    /// as the draft a person reviews; only if no reply could be parsed does the event fail.
    pub(super) async fn summarize(&self, asking: &Asking, now: Timestamp) -> Result<Summary, Failure> {
        let mut journal = self.store.recall_exchanges(&asking.prepared.stamp).await?;
        journal.retain(|exchange| exchange.round >= asking.first_round);
        let Start { mut request, mut spent, mut draft, corrections } = match recall(asking, &journal) {
            Recalled::Good(summary) => return Ok(summary),
            Recalled::Mendable(start) => start,
            Recalled::Nothing => Start::anew(asking),
        };
        let first_round = journal.iter().map(|exchange| exchange.round + 1).max().unwrap_or(asking.first_round);
        let mut last_failure = Failure::NoAnswer;
        for (round, correction) in (first_round..).zip(corrections..=self.settings.max_corrections) {
            let reply = match self.ask(&asking.prepared.stamp, &request, round, &mut spent, now).await {
                Ok(reply) => reply,
                // The draft is paid for and parsed: a person can work with it.
                Err(_) if draft.is_some() => break,
                Err(failure) => return Err(failure),
            };
            let verdict = match judge(asking, &reply) {
                Ok(verdict) => verdict,
                Err(_) if draft.is_some() => break,
                Err(failure) => return Err(failure),
            };
            request = match verdict {
                Verdict::Good(reviewed) => return Ok(spent.buy(reviewed)),
                Verdict::Mendable(reviewed, lines) => {
                    draft = Some(reviewed);
                    asking.prepared.request.with_correction(&reply.text, &lines)
                }
                Verdict::Wrong(errors) => {
                    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                    let rounds = correction + 1;
                    last_failure =
                        errors.into_iter().next().map_or(Failure::NoAnswer, |last| Failure::ReplyWrong { rounds, last });
                    asking.prepared.request.with_correction(&reply.text, &lines)
                }
                Verdict::Cut => {
                    last_failure = Failure::Truncated { tokens: request.output_tokens };
                    ModelRequest { output_tokens: request.output_tokens.saturating_mul(2), ..request }
                }
                Verdict::Empty => {
                    last_failure = Failure::NoAnswer;
                    request
                }
            };
            if self.model.repeats_itself() {
                break;
            }
        }
        draft.map(|reviewed| spent.buy(reviewed)).ok_or(last_failure)
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

    /// Whether a handoff that has spent this may ask these too.
    pub(super) fn has_room(&self, requests: &[&ModelRequest], spent: &Spent) -> bool {
        let so_far = spent.usage.prompt_tokens + spent.usage.completion_tokens;
        let next: u64 = requests.iter().copied().map(prompt_tokens).sum();
        so_far + next <= self.settings.max_handoff_tokens
    }
}

/// Without the tokenizer: four bytes a token is near enough for a cap.
pub(super) fn prompt_tokens(request: &ModelRequest) -> u64 {
    request.messages.iter().map(|message| message.content.len() as u64 / 4).sum()
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

    fn buy(self, reviewed: Reviewed) -> Summary {
        Summary { reviewed, usage: self.usage, cost_usd: self.cost_usd, calls: self.calls }
    }
}

/// Where the rounds begin.
struct Start {
    request: ModelRequest,
    spent: Spent,
    draft: Option<Reviewed>,
    /// Rounds that are done already.
    corrections: u32,
}

impl Start {
    fn anew(asking: &Asking) -> Self {
        Self { request: asking.prepared.request.clone(), spent: asking.before.clone(), draft: None, corrections: 0 }
    }
}

/// What answers from before a crash are good for: what is paid for is not bought again.
enum Recalled {
    Good(Summary),
    /// The rounds go on after the last of them; if none is left, the draft stands.
    Mendable(Start),
    /// There are none, or none is of any use: a person who requeues such an event wants another try.
    Nothing,
}

fn recall(asking: &Asking, journal: &[Exchange]) -> Recalled {
    // Another worker's chunks may have been picked from otherwise: its brief speaks of units that are others here.
    if journal.first().is_some_and(|exchange| exchange.request_digest != asking.prepared.request.digest) {
        return Recalled::Nothing;
    }
    let mut spent = asking.before.clone();
    journal.iter().for_each(|exchange| spent.add(&exchange.reply.usage, exchange.cost_usd));
    for Exchange { reply, .. } in journal.iter().rev() {
        match judge(asking, reply) {
            Ok(Verdict::Good(reviewed)) => return Recalled::Good(spent.buy(reviewed)),
            Ok(Verdict::Mendable(reviewed, lines)) => {
                return Recalled::Mendable(Start {
                    request: asking.prepared.request.with_correction(&reply.text, &lines),
                    corrections: u32::try_from(journal.len()).unwrap_or(u32::MAX),
                    spent,
                    draft: Some(reviewed),
                });
            }
            Ok(Verdict::Wrong(_) | Verdict::Cut | Verdict::Empty) | Err(_) => {}
        }
    }
    Recalled::Nothing
}

/// What a reply is good for. Fails where another call could not help.
fn judge(asking: &Asking, reply: &ModelReply) -> Result<Verdict, Failure> {
    match reply.finish {
        Finish::Stop => {}
        Finish::Length => return Ok(Verdict::Cut),
        Finish::Empty => return Ok(Verdict::Empty),
        Finish::Refusal => return Err(Failure::Declined),
        Finish::ContentFilter => return Err(Failure::Filtered),
    }
    let brief = match parse_reply(&asking.prepared.request.mask.restore(&reply.text), &asking.contract, &asking.excerpt) {
        Ok(brief) => brief,
        Err(errors) => return Ok(Verdict::Wrong(errors)),
    };
    let reviewed = qa::review(brief, &asking.excerpt, &asking.contract, &asking.handoff.human_values);
    let lines = reviewed.correctable().to_vec();
    Ok(match reviewed.is_blocked_by_findings() && !lines.is_empty() {
        true => Verdict::Mendable(reviewed, lines),
        false => Verdict::Good(reviewed),
    })
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
