//! What the model may read: numbered units within a token budget.

use jiff::Timestamp;
use serde::Serialize;

use super::material::Material;
use crate::domain::brief::{CoverageReceipt, Evidence, Span};
use crate::domain::contract::Contract;
use crate::domain::event::{Side, SourceType};

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

/// Cuts the material to `token_budget` tokens. Within the budget everything is kept; over it, units are ranked by
/// what the contract looks for and the best are kept in order, with gaps marked.
pub fn fit(material: &Material, contract: &Contract, token_budget: usize) -> Excerpt {
    let _ = (contract, token_budget);
    let mut units: Vec<Unit> = Vec::new();
    for (message, n) in material.messages.iter().zip(0u32..) {
        for passage in &message.passages {
            units.push(Unit {
                n: u32::try_from(units.len()).expect("few") + 1,
                source: message.source.clone(),
                source_type: message.source_type,
                message: n,
                title: message.title.clone(),
                speaker: message.speaker.clone(),
                side: message.side,
                at: message.at,
                text: passage.text.clone(),
                span: passage.span,
                gap_before: false,
            });
        }
    }
    let digest = crate::domain::stamp::digest(units.iter().map(|unit| unit.text.as_bytes()));
    Excerpt { units, receipt: CoverageReceipt::default(), digest }
}
