//! A claim against the stretch of the sources that it could rest on: what both say, and where they part.
//!
//! Pure comparing of words. What a finding is and how bad it is, the `checks` and `audit` decide.

mod denials;
mod heard;
mod lengths;
mod lexicon;
mod opposites;
mod prices;
mod saying;
mod sources;
mod time_units;
mod words;

pub(super) use denials::{lost_denials, unheard_denials};
pub(super) use lengths::other_lengths;
pub(super) use opposites::opposites;
pub(super) use prices::other_prices;
pub(super) use saying::Saying;
pub(super) use sources::Sources;
pub(super) use time_units::time_units_not_in;

/// Where a claim and the sources part.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parting {
    /// Number of the sentence of the sources that says otherwise.
    pub(super) sentence: Option<usize>,
    pub(super) message: String,
}
