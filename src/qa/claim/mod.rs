//! A claim against the stretch of the sources that it could rest on: what both say, and where they part.
//!
//! Pure comparing of words. What a finding is and how bad it is, the `checks` and `audit` decide.

mod lexicon;
mod opposites;
mod saying;
mod terms;

pub(super) use opposites::opposites;
pub(super) use saying::Saying;
pub(super) use terms::unknown_terms;

use crate::domain::brief::Span;

/// Where a claim and the sources part.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parting {
    /// The words of the claim.
    pub(super) words: Span,
    /// Number of the sentence of the sources that says otherwise.
    pub(super) sentence: Option<usize>,
    pub(super) message: String,
}
