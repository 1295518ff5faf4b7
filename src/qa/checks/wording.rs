//! The brief's own words against the passages they rest on: opposites, and things that no source names.
//!
//! Information only. `audit` warns of the same, where a summary has no quotes; a brief sums up turns of a call in words of
//! its own, and on right briefs that nobody had tuned on both cried wolf more often than they found anything.

use super::grounding::each_claim;
use super::{Claim, ClaimKind, Context, Found, inside};
use crate::domain::brief::{Brief, Evidence, Severity};
use crate::domain::mention;
use crate::qa::claim::{Parting, Saying, Strength, opposites, unknown_terms};

pub(super) fn opposites_agree(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    each_saying(context, brief, opposites)
}

pub(super) fn terms_are_grounded(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    each_saying(context, brief, unknown_terms)
}

fn each_saying(context: &Context<'_>, brief: &Brief, compare: impl Fn(&Saying<'_, '_>) -> Vec<Parting>) -> Vec<Found> {
    each_claim(brief, |claim| {
        // A question takes no side, and a headline sums up passages that do not say the same.
        match claim.kind {
            ClaimKind::Question | ClaimKind::Headline => return Vec::new(),
            ClaimKind::Saying | ClaimKind::Item => {}
        }
        let quoted = quoted_sentences(context, claim);
        let spans = mention::sentences(claim.text);
        let sayings = spans.iter().map(|span| Saying::new(&claim.text[span.start..span.end], context.sources()));
        let partings = sayings.flat_map(|saying| compare(&saying.quoting(quoted.clone())));
        let plain = partings.filter(|parting| parting.strength == Strength::Plain);
        plain.map(|parting| (Severity::Info, parting.message)).collect()
    })
}

/// The sentences that the claim's quotes stand in.
fn quoted_sentences(context: &Context<'_>, claim: &Claim<'_>) -> Vec<usize> {
    claim.evidence.iter().flat_map(|one| sentences_of(context, one)).collect()
}

fn sentences_of(context: &Context<'_>, evidence: &Evidence) -> Vec<usize> {
    let (Some(unit), Some(span)) = (context.unit_of(evidence), evidence.span) else { return Vec::new() };
    let Some(inner) = inside(unit, span) else { return Vec::new() };
    let overlaps = |other: &crate::domain::brief::Span| other.start < inner.end && inner.start < other.end;
    context.index().numbered(unit.n as usize - 1).filter(|(_, span)| overlaps(span)).map(|(number, _)| number).collect()
}
