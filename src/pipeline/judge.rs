//! The judge: a second call that looks at the claims of the reviewed brief, one by one.
//!
//! It is a second opinion, so it can only add to what the checks say. Whatever goes wrong with it becomes a finding
//! "not judged", and the brief goes its way; only what would stop every event stops this one too.

use std::sync::Arc;

use jiff::Timestamp;

use super::failure::{Class, Failure};
use super::process::{Asking, Pipeline};
use super::summarize::{Spent, Summary};
use crate::domain::brief::JudgeReceipt;
use crate::domain::claim::{Judged, Judgement, Verdict};
use crate::domain::stamp::Stamp;
use crate::ports::{Exchange, Finish, ModelReply};
use crate::prompt::{self, Judging, PromptVersion, parse_judgements};
use crate::qa;

/// Who judges which claims.
#[derive(Debug, Clone)]
pub struct JudgeStep {
    pub prompt: Arc<PromptVersion>,
    pub judged: Judged,
}

/// Number of a judge's first round. What stands below is about the brief.
pub(super) const FIRST_ROUND: u32 = 1_000_000;

impl Pipeline {
    /// The judge, if there is one and the engine can be asked.
    pub(super) fn judge_step(&self) -> Option<&JudgeStep> {
        self.judge.as_ref().filter(|_| self.model.reads_messages())
    }

    /// Adds what the judge says to a summary.
    pub(super) async fn judge(&self, asking: &Asking, summary: Summary, now: Timestamp) -> Result<Summary, Failure> {
        let Some(step) = self.judge_step() else { return Ok(summary) };
        let Summary { reviewed, mut spent, .. } = summary;
        let claims = qa::claims_to_judge(&reviewed, &asking.excerpt, &asking.contract, step.judged);
        let (excerpt, contract, output_tokens) = (&asking.excerpt, &asking.contract, self.settings.output_tokens);
        let mask = &asking.prepared.request.mask;
        let requests = prompt::prepare_judging(&claims, mask, excerpt, contract, &step.prompt, output_tokens)?;
        let stamp = &asking.prepared.stamp;
        let mut journal = self.store.recall_exchanges(stamp).await?;
        journal.retain(|exchange| exchange.round >= FIRST_ROUND);
        let first_round = journal.iter().map(|exchange| exchange.round + 1).max().unwrap_or(FIRST_ROUND);
        let mut judgements = Vec::with_capacity(claims.len());
        for (round, judging) in (first_round..).zip(requests) {
            let reply = self.ask_judge(stamp, &journal, &judging, round, &mut spent, now).await?;
            judgements.extend(read(reply, &judging));
        }
        let is_supported = |one: &&Result<Judgement, String>| matches!(one, Ok(one) if one.verdict == Verdict::Supported);
        let supported = judgements.iter().filter(is_supported).count();
        let receipt = JudgeReceipt { prompt: step.prompt.label(), claims: claims.len(), supported };
        Ok(Summary { reviewed: qa::add_judgements(reviewed, &claims, &judgements), spent, judge: Some(receipt) })
    }

    /// The reply, from the journal if it is paid for, or why there is none. Fails where every event would fail.
    async fn ask_judge(
        &self,
        stamp: &Stamp,
        journal: &[Exchange],
        judging: &Judging,
        round: u32,
        spent: &mut Spent,
        now: Timestamp,
    ) -> Result<Result<ModelReply, String>, Failure> {
        if let Some(paid) = journal.iter().find(|exchange| exchange.request_digest == judging.request.digest) {
            spent.add(&paid.reply.usage, paid.cost_usd);
            return Ok(Ok(paid.reply.clone()));
        }
        match self.ask(stamp, &judging.request, round, spent, now).await {
            Ok(reply) => Ok(Ok(reply)),
            Err(failure) => not_asked(failure).map(Err),
        }
    }
}

/// Why a judge could not be asked, if the brief can do without it.
fn not_asked(failure: Failure) -> Result<String, Failure> {
    match failure {
        // The next event will stop the worker if it has to; this brief is paid for.
        Failure::HandoffTokensUsedUp { .. } | Failure::DailyBudgetSpent { .. } => Ok(failure.to_string()),
        Failure::Model(_) if failure.class() != Class::Halt => Ok(failure.to_string()),
        failure => Err(failure),
    }
}

/// A judgement for each claim of the request, or why there is none.
fn read(reply: Result<ModelReply, String>, judging: &Judging) -> Vec<Result<Judgement, String>> {
    let all_lack = |why: String| vec![Err(why); judging.claims.len()];
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => return all_lack(why),
    };
    if let Some(why) = no_answer(reply.finish) {
        return all_lack(why.to_owned());
    }
    match parse_judgements(&reply.text, judging.claims.len(), &judging.request.excerpt) {
        Ok(read) => read.into_iter().map(|one| one.ok_or_else(|| "the answer leaves them out".to_owned())).collect(),
        Err(errors) => all_lack(errors.first().map_or_else(|| "the reply cannot be read".to_owned(), ToString::to_string)),
    }
}

/// Why a reply is no whole answer.
pub(super) fn no_answer(finish: Finish) -> Option<&'static str> {
    match finish {
        Finish::Stop => None,
        Finish::Length => Some("the answer was cut"),
        Finish::Empty => Some("the model sent no answer"),
        Finish::Refusal => Some("the model declined to answer"),
        Finish::ContentFilter => Some("the provider's content filter cut the answer"),
    }
}
