//! The map step: material far over the token budget is read chunk by chunk, and a model picks what the brief needs.
//!
//! The picked units stand in the one request for the brief with their own text and place: evidence, quotes and checks are
//! what they are without a map step. Everything that decides which units those are is in the handoff or in the
//! journal, so a redelivered event asks for the same brief and pays for no chunk twice.

use std::sync::Arc;

use jiff::Timestamp;

use super::failure::Failure;
use super::judge::no_answer;
use super::process::{Asking, Pipeline, Plan};
use super::summarize::Spent;
use crate::context::{self, ChunkPicks, Long, Material, tokens};
use crate::domain::brief::PickReceipt;
use crate::ports::ModelReply;
use crate::prompt::{self, ModelRequest, Prepared, PromptVersion, parse_picks};

/// When and how a model picks from long material.
#[derive(Debug, Clone)]
pub struct MapStep {
    pub prompt: Arc<PromptVersion>,
    /// Material of more than so many token budgets is picked from. Below it, ranking alone decides.
    pub over: f64,
}

/// A handoff whose material is picked from before its brief is asked for.
#[derive(Debug)]
pub struct Picking {
    /// With an excerpt by rank alone, and a stamp of all that the models will read.
    asking: Asking,
    long: Long,
    step: MapStep,
    /// One for each chunk.
    requests: Vec<ModelRequest>,
}

impl Picking {
    pub fn asking(&self) -> &Asking {
        &self.asking
    }

    /// All requests; the last is the one for the brief, as far as it is known before the replies to the others.
    pub fn requests(&self) -> impl Iterator<Item = &ModelRequest> {
        self.requests.iter().chain([&self.asking.prepared.request])
    }
}

impl Pipeline {
    /// Decides whether a map step comes first. Asks nobody.
    pub(super) fn plan_picks(&self, asking: Asking, material: &Material) -> Result<Plan, Failure> {
        let (tokens, budget) = (context::material_tokens(material), self.settings.token_budget);
        let is_long = |step: &&MapStep| self.model.reads_messages() && tokens as f64 > step.over * budget as f64;
        let Some(step) = self.map_step.as_ref().filter(is_long) else { return Ok(Plan::Ask(Box::new(asking))) };
        // Counting and cutting so much would be in vain.
        if tokens::estimate(context::text_bytes(material)) as u64 > self.settings.max_handoff_tokens {
            return Ok(self.ranked_only(asking, step));
        }
        let long = Long::new(material, &asking.contract, budget);
        let requests = prompt::prepare_picks(long.chunks(), &asking.contract, &step.prompt, self.settings.output_tokens)?;
        let all: Vec<&ModelRequest> = requests.iter().chain([&asking.prepared.request]).collect();
        if !self.fit_into(&all, self.settings.max_handoff_tokens) {
            return Ok(self.ranked_only(asking, step));
        }
        let prepared = asking.prepared.clone().after_picks(&step.prompt, &requests);
        let asking = Asking { prepared, ..asking };
        Ok(Plan::Pick(Box::new(Picking { asking, long, step: step.clone(), requests })))
    }

    /// The chunks would cost more than a handoff may.
    fn ranked_only(&self, mut asking: Asking, step: &MapStep) -> Plan {
        let limit = self.settings.max_handoff_tokens;
        let note = format!("no chunk was asked about: all of them would pass `model.max_handoff_tokens` ({limit})");
        let picks = PickReceipt { prompt: step.prompt.label(), notes: vec![note], ..PickReceipt::default() };
        asking.excerpt = Arc::new(Arc::unwrap_or_clone(asking.excerpt).with_picks(picks));
        Plan::Ask(Box::new(asking))
    }

    /// Asks about the chunks, one after the other, and prepares the request for the brief from what was picked. A reply
    /// that cannot be read, or a chunk there is no token left for, costs that chunk its picks and nothing else.
    pub(super) async fn pick(&self, picking: Picking, now: Timestamp) -> Result<Asking, Failure> {
        let Picking { asking, long, step, requests } = picking;
        let stamp = asking.prepared.stamp.clone();
        let journal = self.store.recall_exchanges(&stamp).await?;
        let mut spent = Spent::default();
        let mut receipt = PickReceipt { prompt: step.prompt.label(), chunks: requests.len(), ..PickReceipt::default() };
        let mut picks = Vec::with_capacity(requests.len());
        for (round, request) in (0..).zip(&requests) {
            let paid = journal.iter().find(|exchange| exchange.round == round);
            let read = match paid {
                Some(exchange) => {
                    spent.add(&exchange.reply.usage, exchange.cost_usd);
                    read(&exchange.reply, request)
                }
                None if !self.has_room(&[request, &asking.prepared.request], &spent) => {
                    Err("no token was left of `model.max_handoff_tokens`".to_owned())
                }
                None => read(&self.ask(&stamp, request, round, &mut spent, now).await?, request),
            };
            picks.push(match read {
                Ok(lists) => {
                    receipt.chunks_picked += 1;
                    receipt.units_picked += count(&lists);
                    ChunkPicks::Picked(lists)
                }
                Err(why) => {
                    receipt.notes.push(format!("chunk {} of {} was ranked only: {why}", round + 1, requests.len()));
                    ChunkPicks::Ranked
                }
            });
        }
        let excerpt = Arc::new(long.excerpt(&picks, receipt));
        let contract = Arc::clone(&asking.contract);
        let prepared = prompt::prepare(&asking.handoff, Arc::clone(&excerpt), contract, &self.prompt, self.target())?;
        let prepared = Prepared { stamp, ..prepared };
        let first_round = u32::try_from(requests.len()).unwrap_or(u32::MAX);
        Ok(Asking { excerpt, prepared, before: spent, first_round, ..asking })
    }
}

/// The picks of a reply, or why there are none.
fn read(reply: &ModelReply, request: &ModelRequest) -> Result<Vec<Vec<u32>>, String> {
    if let Some(why) = no_answer(reply.finish) {
        return Err(why.to_owned());
    }
    parse_picks(&reply.text, &request.contract, &request.excerpt)
        .map_err(|errors| errors.first().map_or_else(|| "the reply cannot be read".to_owned(), ToString::to_string))
}

/// Different units: one may be picked for several things.
fn count(lists: &[Vec<u32>]) -> usize {
    lists.iter().flatten().collect::<std::collections::BTreeSet<_>>().len()
}
