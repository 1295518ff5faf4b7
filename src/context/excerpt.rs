//! What the model may read: numbered units, and the receipt of what was read and cut.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::material::Material;
use super::tokens;
use crate::domain::brief::{CoverageReceipt, Evidence, PickReceipt, Span};
use crate::domain::event::{Side, SourceType};
use crate::domain::stamp::digest;

/// Numbered units, in order of time. Made only by [`fit`](super::fit) and [`Long`](super::Long).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Excerpt {
    units: Vec<Unit>,
    receipt: CoverageReceipt,
    /// When the handoff happened. `None`: not known.
    event_time: Option<Timestamp>,
    /// Whom the event names.
    #[serde(skip)]
    people: Vec<String>,
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
    /// Place in the source as it came, if the words stand there as they are read.
    pub original: Option<Span>,
    /// Whether units were cut right before this one.
    pub gap_before: bool,
}

impl Unit {
    /// A quote of this unit at a place within its text, with all that is known of who said it when.
    pub fn evidence(&self, quote: String, inside: Span) -> Evidence {
        let length = inside.end - inside.start;
        let from = |start: usize| Span { start: start + inside.start, end: start + inside.start + length };
        // Where marks stand between the words, the place of the whole unit must do.
        let is_one_piece = |whole: &Span| whole.end - whole.start == self.text.len();
        Evidence {
            source: self.source.clone(),
            unit: self.n,
            quote,
            span: Some(from(self.span.start)),
            original: self.original.map(|whole| if is_one_piece(&whole) { from(whole.start) } else { whole }),
            speaker: self.speaker.clone(),
            side: self.side,
            at: self.at,
        }
    }
}

impl Excerpt {
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    pub fn receipt(&self) -> &CoverageReceipt {
        &self.receipt
    }

    /// The time that ages of what was said are measured to: that of the handoff; of the newest unit if it is not known.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.event_time.or_else(|| self.units.iter().filter_map(|unit| unit.at).max())
    }

    /// Whom the event names as taking part or as an owner. Some of them may neither speak nor be spoken of.
    pub fn people(&self) -> &[String] {
        &self.people
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

    /// The same of a handoff that happened at a time and names these people.
    #[must_use]
    pub(super) fn of_event(mut self, event_time: Option<Timestamp>, people: &[String]) -> Self {
        self.event_time = event_time;
        self.people = people.to_vec();
        self
    }

    /// The same with a word about its map step in the receipt.
    #[must_use]
    pub fn with_picks(mut self, picks: PickReceipt) -> Self {
        self.receipt.picks = Some(picks);
        self
    }

    /// Ties a quote to its place. The span is the quote's own where it stands verbatim in the unit, else `None`.
    pub fn evidence(&self, n: u32, quote: &str) -> Evidence {
        let nowhere = Evidence {
            source: String::new(),
            unit: n,
            quote: quote.to_owned(),
            span: None,
            original: None,
            speaker: None,
            side: Side::Unknown,
            at: None,
        };
        let Some(unit) = self.unit(n) else { return nowhere };
        match unit.text.find(quote).filter(|_| !quote.is_empty()) {
            Some(start) => unit.evidence(quote.to_owned(), Span { start, end: start + quote.len() }),
            None => {
                Evidence { source: unit.source.clone(), speaker: unit.speaker.clone(), side: unit.side, at: unit.at, ..nowhere }
            }
        }
    }
}

/// How many tokens the kept units have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tokens {
    Counted(usize),
    /// From the bytes; the exact number does not matter.
    Estimated(usize),
}

/// Everything that was read.
pub(super) fn whole(receipt: CoverageReceipt, units: Vec<Unit>) -> Excerpt {
    let bytes = units.iter().map(|unit| unit.text.len()).sum();
    numbered(receipt, units, Tokens::Estimated(tokens::estimate(bytes)))
}

/// What was kept of the units, in order, with the gaps marked and the cuts in the receipt.
pub(super) fn kept_of(mut receipt: CoverageReceipt, units: &[Unit], kept: &[bool], tokens: Tokens) -> Excerpt {
    let mut cut_of_source: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut gap = false;
    let mut left = Vec::new();
    for (unit, kept) in units.iter().zip(kept) {
        let (cut, all) = cut_of_source.entry(&unit.source).or_default();
        *all += 1;
        if *kept {
            left.push(Unit { gap_before: std::mem::take(&mut gap), ..unit.clone() });
        } else {
            *cut += 1;
            gap = true;
        }
    }
    for source in &mut receipt.sources {
        if let Some((cut, all)) = cut_of_source.get(source.id.as_str()).filter(|(cut, _)| *cut > 0) {
            source.left_out.push(format!("{cut} of {all} units over the token budget, ranked lowest"));
        }
    }
    receipt.units_cut = units.len() - left.len();
    numbered(receipt, left, tokens)
}

/// What the receipt says before anything is cut.
pub(super) fn receipt_of(material: &Material) -> CoverageReceipt {
    CoverageReceipt {
        sources: material.receipts.clone(),
        tokens_original: material.tokens_original,
        ..CoverageReceipt::default()
    }
}

fn numbered(mut receipt: CoverageReceipt, mut units: Vec<Unit>, tokens: Tokens) -> Excerpt {
    units.iter_mut().zip(1..).for_each(|(unit, n)| unit.n = n);
    (receipt.tokens_kept, receipt.tokens_exact) = match tokens {
        Tokens::Counted(tokens) => (tokens, true),
        Tokens::Estimated(tokens) => (tokens, false),
    };
    receipt.units_kept = units.len();
    let digest = digest_of(&units);
    Excerpt { units, receipt, event_time: None, people: Vec::new(), digest }
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
        whole(CoverageReceipt::default(), units)
    }

    /// The same with a source in a language, as its receipt would tell.
    #[allow(dead_code, reason = "used by the tests of other modules")]
    pub(crate) fn in_language(mut self, source: &str, language: &str) -> Self {
        self.receipt.sources.push(crate::domain::brief::SourceReceipt {
            id: source.to_owned(),
            format: String::new(),
            messages: 1,
            units: 1,
            language: Some(language.to_owned()),
            left_out: Vec::new(),
        });
        self
    }
}
