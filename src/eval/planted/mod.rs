//! Planted errors: what the checks find of them, and what they say about right briefs.
//!
//! The brief in a case's `reply.json` was written by a person and is right. One thing at a time is made wrong in it,
//! and the result goes through [`crate::qa::review`] like any brief. An error is *found* if a check says something
//! about the part that holds it, at least as a warning, that it does not say about the right brief.
//!
//! The speaker that a quote is given in the brief is not among the errors: a review takes it from the source, whatever
//! the engine says.

mod answers;
mod dice;
mod errors;
mod languages;
mod promises;
mod report;
mod subject;
mod tally;
mod texts;
mod values;

use serde::Serialize;

use super::case::Case;
use crate::pipeline::Pipeline;
use subject::Subject;

pub use tally::{Alarm, CheckLine, Counts, KindLine, Measured, Missed};

/// What is wrong with a brief in which one thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Number,
    Date,
    Unit,
    Currency,
    /// A person's name, or a name in a text, is somebody else's.
    Name,
    /// Somebody else is said to have promised it.
    Speaker,
    /// A promise is put on the other side.
    Side,
    Negation,
    /// Firm for hedged, or the reverse.
    Modality,
    Label,
    InventedQuote,
    /// The quote stands in the sources, and says nothing about the answer.
    QuoteFromElsewhere,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::Number,
        Self::Date,
        Self::Unit,
        Self::Currency,
        Self::Name,
        Self::Speaker,
        Self::Side,
        Self::Negation,
        Self::Modality,
        Self::Label,
        Self::InventedQuote,
        Self::QuoteFromElsewhere,
    ];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Unit => "unit",
            Self::Currency => "currency",
            Self::Name => "name",
            Self::Speaker => "speaker",
            Self::Side => "side",
            Self::Negation => "negation",
            Self::Modality => "modality",
            Self::Label => "label",
            Self::InventedQuote => "invented quote",
            Self::QuoteFromElsewhere => "quote from elsewhere",
        }
    }
}

/// Plants every error in every case that has a right brief, and reviews it with the production settings.
pub fn measure(pipeline: &Pipeline, cases: &[Case]) -> anyhow::Result<Measured> {
    let mut tally = tally::Tally::default();
    for case in cases {
        let Some(subject) = Subject::of(pipeline, case)? else { continue };
        let known = tally.right(&subject);
        for planted in errors::all(&subject) {
            tally.wrong(&subject, &known, &planted);
        }
    }
    Ok(tally.measured())
}
