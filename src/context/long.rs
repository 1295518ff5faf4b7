//! [`Long`]: material far over the token budget, in chunks for a model that picks what the brief needs.

use std::ops::Range;

use jiff::Timestamp;

use super::excerpt::{Excerpt, Tokens, Unit, kept_of, receipt_of, whole};
use super::fitting::{UNIT_OVERHEAD, cost, keep, pieces, units};
use super::material::{Material, Passage};
use super::rank::by_worth;
use super::tokens;
use crate::domain::brief::{CoverageReceipt, PickReceipt};
use crate::domain::contract::Contract;

/// Bytes of all texts that were read.
pub fn text_bytes(material: &Material) -> usize {
    passages(material).map(|passage| passage.text.len()).sum()
}

/// Tokens of the material as the budget counts them, roughly: without the tokenizer.
pub fn material_tokens(material: &Material) -> usize {
    let bytes = text_bytes(material);
    let texts = if tokens::is_known(&material.encoding) { tokens::estimate(bytes) } else { bytes };
    texts + passages(material).count() * UNIT_OVERHEAD
}

fn passages(material: &Material) -> impl Iterator<Item = &Passage> {
    material.messages.iter().flat_map(|message| &message.passages)
}

/// All units of a material with what they cost and how they rank.
#[derive(Debug)]
pub struct Long {
    units: Vec<Unit>,
    /// Tokens of each, overhead included.
    costs: Vec<usize>,
    /// Indices, the most worth keeping first.
    ranking: Vec<usize>,
    /// Each within the budget, together all units.
    chunks: Vec<Range<usize>>,
    token_budget: usize,
    receipt: CoverageReceipt,
    event_time: Option<Timestamp>,
    people: Vec<String>,
}

/// What came of asking for the picks of one chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChunkPicks {
    /// Numbers of units in the chunk: a list for each thing the contract wants, always in the same order of things.
    Picked(Vec<Vec<u32>>),
    /// Nothing: the best ranked units of the chunk take its share of the budget.
    Ranked,
}

impl Long {
    /// Counts, ranks and cuts into chunks.
    pub fn new(material: &Material, contract: &Contract, token_budget: usize) -> Self {
        let units = pieces(units(material));
        let costs: Vec<usize> = units.iter().map(|unit| cost(unit, &material.encoding)).collect();
        let ranking = by_worth(&units, contract);
        let chunks = chunks(&costs, token_budget);
        let (receipt, event_time) = (receipt_of(material), material.event_time);
        Self { units, costs, ranking, chunks, token_budget, receipt, event_time, people: material.people.clone() }
    }

    /// The chunks, in order; the units of each are numbered from 1.
    pub fn chunks(&self) -> Vec<Excerpt> {
        self.chunks.iter().map(|chunk| whole(CoverageReceipt::default(), self.units[chunk.clone()].to_vec())).collect()
    }

    /// What fits the budget: first what was picked, each wanted thing in turn, then what ranks best. `picks` has one
    /// entry for each chunk, in their order.
    pub fn excerpt(&self, picks: &[ChunkPicks], receipt: PickReceipt) -> Excerpt {
        let picked = self.picked(picks);
        let order = take_turns(&picked).into_iter().chain(self.ranking.iter().copied());
        let (kept, tokens) = keep(order, self.units.len(), self.token_budget, |n| self.costs[n]);
        let excerpt = kept_of(self.receipt.clone(), &self.units, &kept, Tokens::Counted(tokens));
        excerpt.of_event(self.event_time, &self.people).with_picks(receipt)
    }

    /// Lists of units that go before all others, the best ranked first in each.
    fn picked(&self, picks: &[ChunkPicks]) -> Vec<Vec<usize>> {
        let mut place = vec![0; self.units.len()];
        self.ranking.iter().enumerate().for_each(|(rank, n)| place[*n] = rank);
        let (mut by_want, mut shares): (Vec<Vec<usize>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        for (chunk, picks) in self.chunks.iter().zip(picks) {
            match picks {
                ChunkPicks::Ranked => shares.push(self.share_of(chunk)),
                ChunkPicks::Picked(lists) => {
                    by_want.resize(by_want.len().max(lists.len()), Vec::new());
                    by_want.iter_mut().zip(lists).for_each(|(all, list)| all.extend(indices(chunk, list)));
                }
            }
        }
        by_want.extend(shares);
        by_want.iter_mut().for_each(|list| list.sort_by_key(|n| place[*n]));
        by_want
    }

    /// The best ranked units of a chunk that nobody picked from, up to its share of the budget.
    fn share_of(&self, chunk: &Range<usize>) -> Vec<usize> {
        let share = self.token_budget / self.chunks.len().max(1);
        let own = self.ranking.iter().copied().filter(|n| chunk.contains(n));
        let (kept, _) = keep(own, self.units.len(), share, |n| self.costs[n]);
        chunk.clone().filter(|n| kept[*n]).collect()
    }
}

/// The first of each list, then the second of each, and so on.
fn take_turns(lists: &[Vec<usize>]) -> Vec<usize> {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|turn| lists.iter().filter_map(move |list| list.get(turn).copied())).collect()
}

/// Numbers that the chunk does not have are left out.
fn indices(chunk: &Range<usize>, numbers: &[u32]) -> Vec<usize> {
    let index = |number: &u32| Some(chunk.start + usize::try_from(*number).ok()?.checked_sub(1)?);
    numbers.iter().filter_map(index).filter(|n| chunk.contains(n)).collect()
}

/// Whole units in as few chunks as the budget allows, of about the same size. A unit over the budget is a chunk.
fn chunks(costs: &[usize], token_budget: usize) -> Vec<Range<usize>> {
    let total: usize = costs.iter().sum();
    let target = total.div_ceil(total.div_ceil(token_budget.max(1)).max(1));
    let mut chunks = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (n, cost) in costs.iter().enumerate() {
        if size > 0 && (size >= target || size + cost > token_budget) {
            chunks.push(start..n);
            (start, size) = (n, 0);
        }
        size += cost;
    }
    if start < costs.len() {
        chunks.push(start..costs.len());
    }
    chunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ChunkPicks, Long, chunks};
    use crate::context::testing::{gather, source};
    use crate::domain::brief::PickReceipt;
    use crate::domain::contract::Contract;
    use crate::domain::event::SourceType::CallNote;

    fn long(paragraphs: usize, token_budget: usize) -> Long {
        let contract = include_str!("../../contracts/sales_to_onboarding.toml");
        let contract = Contract::parse(contract, "sales_to_onboarding.toml").unwrap();
        let text: Vec<String> = (0..paragraphs).map(|n| format!("Paragraph {n} is about the weather over there.")).collect();
        Long::new(&gather(vec![source("note", CallNote, text.join("\n\n"))]), &contract, token_budget)
    }

    fn texts(long: &Long, picks: &[ChunkPicks]) -> Vec<String> {
        let excerpt = long.excerpt(picks, PickReceipt::default());
        excerpt.units().iter().map(|unit| unit.text.split(' ').nth(1).unwrap().to_owned()).collect()
    }

    #[test]
    fn what_was_picked_is_kept_in_order_with_its_gaps() {
        let long = long(40, 100);
        let chunks = long.chunks();
        assert!(chunks.len() > 8, "{}", chunks.len());
        let mut picks = vec![ChunkPicks::Picked(Vec::new()); chunks.len()];
        picks[5] = ChunkPicks::Picked(vec![vec![2], vec![1, 99, 0]]);
        picks[1] = ChunkPicks::Picked(vec![vec![], vec![1]]);
        let wanted = [&chunks[1].units()[0], &chunks[5].units()[0], &chunks[5].units()[1]].map(|unit| unit.text.as_str());
        let excerpt = long.excerpt(&picks, PickReceipt::default());
        let kept: Vec<&str> = excerpt.units().iter().map(|unit| unit.text.as_str()).collect();
        assert_eq!(kept, wanted);
        assert_eq!(excerpt.units().iter().map(|unit| unit.gap_before).collect::<Vec<_>>(), [true, true, false]);
        let whole: usize = chunks.iter().map(|chunk| chunk.units().len()).sum();
        assert_eq!((whole, excerpt.receipt().units_cut), (40, 37));
        assert_eq!(excerpt.receipt().sources[0].left_out, ["37 of 40 units over the token budget, ranked lowest"]);
    }

    #[test]
    fn too_many_picks_take_turns_by_what_they_are_for() {
        let long = long(40, 100);
        let picks = vec![ChunkPicks::Picked(vec![vec![1, 2, 3], vec![2]]); long.chunks().len()];
        let kept = texts(&long, &picks);
        let seconds: Vec<String> = long.chunks().iter().filter_map(|chunk| Some(chunk.units().get(1)?.text.clone())).collect();
        assert!(kept.iter().any(|number| seconds.iter().any(|text| text.contains(&format!(" {number} ")))), "{kept:?}");
    }

    #[test]
    fn a_chunk_that_nobody_picked_from_gets_its_share() {
        let long = long(400, 1_000);
        let count = long.chunks().len();
        let all = |chunk: &crate::context::Excerpt| ChunkPicks::Picked(vec![chunk.units().iter().map(|unit| unit.n).collect()]);
        let mut picks: Vec<ChunkPicks> = long.chunks().iter().map(all).collect();
        picks[2] = ChunkPicks::Ranked;
        let excerpt = long.excerpt(&picks, PickReceipt::default());
        let in_third = |text: &str| long.chunks()[2].units().iter().any(|unit| unit.text == text);
        let kept = excerpt.units().iter().filter(|unit| in_third(&unit.text)).count();
        assert!(kept > 0 && kept * count < excerpt.units().len() * 3, "{kept} of {}", excerpt.units().len());
    }

    proptest! {
        #[test]
        fn chunks_hold_every_unit_once_and_each_is_within_the_budget(costs in prop::collection::vec(1usize..60, 0..200), budget in 60usize..400) {
            let chunks = chunks(&costs, budget);
            let all: Vec<usize> = chunks.iter().flat_map(Clone::clone).collect();
            prop_assert_eq!(all, (0..costs.len()).collect::<Vec<_>>());
            prop_assert!(chunks.iter().all(|chunk| !chunk.is_empty() && costs[chunk.clone()].iter().sum::<usize>() <= budget));
            let least = costs.iter().sum::<usize>().div_ceil(budget);
            prop_assert!(chunks.len() <= least * 2 + 1);
        }
    }
}
