//! One event, from its bytes to an outcome.

mod failure;

pub use failure::{Class, Failure};

/// What became of an event. A brief held for review is work done, not a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The brief is live on the record.
    Published,
    /// The brief is a draft: a blocking finding stands.
    HeldForReview,
    /// The record already has the brief that this event would give.
    AlreadyCurrent,
    /// No source holds any text.
    NothingToSummarize,
    /// A newer event of the record has already been written.
    Superseded,
}

impl Outcome {
    /// Name in logs, events and ledgers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::HeldForReview => "held_for_review",
            Self::AlreadyCurrent => "already_current",
            Self::NothingToSummarize => "nothing_to_summarize",
            Self::Superseded => "superseded",
        }
    }
}
