//! What the model may read: numbered units within a token budget.

use jiff::Timestamp;
use serde::Serialize;

use super::material::Material;
use super::rank::by_worth;
use super::tokens;
use super::visible::visible;
use crate::domain::brief::{CoverageReceipt, Evidence, Span};
use crate::domain::contract::Contract;
use crate::domain::event::{Side, SourceType};
use crate::domain::stamp::digest;

/// Numbered units, in order of time. Made only by [`fit`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Excerpt {
    units: Vec<Unit>,
    receipt: CoverageReceipt,
    /// BLAKE3 digest of the units: what the stamp and the delimiter of the prompt come from.
    digest: String,
}

/// One numbered passage with its speaker and time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unit {
    /// From 1, without gaps.
    pub n: u32,
    pub source: String,
    pub source_type: SourceType,
    /// Units of one mail, turn or note share this number.
    pub message: u32,
    /// Subject of the mail, name of the field.
    pub title: Option<String>,
    pub speaker: Option<String>,
    pub side: Side,
    pub at: Option<Timestamp>,
    pub text: String,
    /// Place in the source's readable text.
    pub span: Span,
    /// Whether units were cut right before this one.
    pub gap_before: bool,
}

impl Excerpt {
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    pub fn receipt(&self) -> &CoverageReceipt {
        &self.receipt
    }

    pub fn digest(&self) -> &str {
        &self.digest
    }

    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// A unit by its number.
    pub fn unit(&self, n: u32) -> Option<&Unit> {
        let index = usize::try_from(n).ok()?.checked_sub(1)?;
        self.units.get(index)
    }

    /// Ties a quote to its place. The span is the quote's own where it stands verbatim in the unit, else `None`.
    pub fn evidence(&self, n: u32, quote: &str) -> Evidence {
        let Some(unit) = self.unit(n) else {
            return Evidence {
                source: String::new(),
                unit: n,
                quote: quote.to_owned(),
                span: None,
                speaker: None,
                side: Side::Unknown,
                at: None,
            };
        };
        let span = unit
            .text
            .find(quote)
            .filter(|_| !quote.is_empty())
            .map(|offset| Span { start: unit.span.start + offset, end: unit.span.start + offset + quote.len() });
        Evidence {
            source: unit.source.clone(),
            unit: n,
            quote: quote.to_owned(),
            span,
            speaker: unit.speaker.clone(),
            side: unit.side,
            at: unit.at,
        }
    }
}

/// Tokens that a prompt spends on each unit beside its text: number, time, speaker.
const UNIT_OVERHEAD: usize = 20;

/// Cuts the material to `token_budget` tokens. Within the budget everything is kept; over it, units are ranked by
/// what the contract looks for and the best are kept in order, with gaps marked.
///
/// The budget holds for the texts and a fixed overhead per unit. The tokenizer is used only if the bytes exceed the
/// budget: a text of n bytes has at most n tokens.
pub fn fit(material: &Material, contract: &Contract, token_budget: usize) -> Excerpt {
    let units = units(material);
    let read_bytes: usize = units.iter().map(|unit| unit.text.len()).sum();
    if read_bytes.saturating_add(units.len() * UNIT_OVERHEAD) <= token_budget {
        return excerpt(material, units, Tokens { kept: tokens::estimate(read_bytes), is_exact: false }, 0);
    }
    let costs: Vec<usize> = units.iter().map(|unit| tokens::count(&material.encoding, &visible(&unit.text))).collect();
    let kept = keep(&units, &costs, contract, token_budget);
    let cut = kept.iter().filter(|kept| !**kept).count();
    let kept_tokens = costs.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cost, _)| cost).sum();
    excerpt(material, without_cut(units, &kept), Tokens { kept: kept_tokens, is_exact: true }, cut)
}

struct Tokens {
    kept: usize,
    is_exact: bool,
}

/// All passages as units, in the order of the material.
fn units(material: &Material) -> Vec<Unit> {
    let mut units = Vec::new();
    for (message, number) in material.messages.iter().zip(1..) {
        units.extend(message.passages.iter().map(|passage| Unit {
            n: 0,
            source: message.source.clone(),
            source_type: message.source_type,
            message: number,
            title: message.title.clone(),
            speaker: message.speaker.clone(),
            side: message.side,
            at: message.at,
            text: passage.text.clone(),
            span: passage.span,
            gap_before: false,
        }));
    }
    units
}

/// Which units fit, best first.
fn keep(units: &[Unit], costs: &[usize], contract: &Contract, token_budget: usize) -> Vec<bool> {
    let mut left = token_budget;
    let mut kept = vec![false; units.len()];
    for n in by_worth(units, contract) {
        let cost = costs[n] + UNIT_OVERHEAD;
        if cost <= left {
            left -= cost;
            kept[n] = true;
        }
    }
    kept
}

fn without_cut(units: Vec<Unit>, kept: &[bool]) -> Vec<Unit> {
    let mut gap = false;
    let mut left = Vec::new();
    for (mut unit, kept) in units.into_iter().zip(kept) {
        if *kept {
            unit.gap_before = std::mem::take(&mut gap);
            left.push(unit);
        } else {
            gap = true;
        }
    }
    left
}

fn excerpt(material: &Material, mut units: Vec<Unit>, tokens: Tokens, units_cut: usize) -> Excerpt {
    units.iter_mut().zip(1..).for_each(|(unit, n)| unit.n = n);
    let receipt = CoverageReceipt {
        sources: material.receipts.clone(),
        tokens_original: material.tokens_original,
        tokens_kept: tokens.kept,
        tokens_exact: tokens.is_exact,
        units_cut,
        units_kept: units.len(),
    };
    let digest = digest_of(&units);
    Excerpt { units, receipt, digest }
}

fn digest_of(units: &[Unit]) -> String {
    let parts = |unit: &Unit| {
        [
            unit.source.clone(),
            format!(
                "{:?} {} {} {:?} {}-{}",
                unit.source_type, unit.message, unit.gap_before, unit.side, unit.span.start, unit.span.end
            ),
            unit.title.clone().unwrap_or_default(),
            unit.speaker.clone().unwrap_or_default(),
            unit.at.map(|at| at.to_string()).unwrap_or_default(),
            unit.text.clone(),
        ]
    };
    let parts: Vec<String> = units.iter().flat_map(parts).collect();
    digest(parts.iter().map(String::as_bytes))
}

#[cfg(test)]
impl Excerpt {
    /// An excerpt of these units, numbered anew. For tests of what comes after.
    #[allow(dead_code, reason = "used by the tests of other modules")]
    pub(crate) fn from_units(units: Vec<Unit>) -> Excerpt {
        let material = Material {
            messages: Vec::new(),
            receipts: Vec::new(),
            tokens_original: 0,
            bytes_original: 0,
            encoding: String::new(),
        };
        excerpt(&material, units, Tokens { kept: 0, is_exact: false }, 0)
    }
}
