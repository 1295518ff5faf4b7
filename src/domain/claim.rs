//! A claim of a brief, the text it rests on, and what a judge says of it.

use serde::{Deserialize, Serialize};

use super::brief::Span;

/// One thing that a brief says, to be judged against the text it rests on and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The field, commitment or question it belongs to, as findings name it.
    pub part: String,
    /// The same for a reader: `field budget`, `commitment`.
    pub about: String,
    /// For example `45000 a year`.
    pub text: String,
    /// Never empty.
    pub stretches: Vec<Stretch>,
}

/// A stretch of one unit: a quote and the sentences around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Number of the unit in the excerpt.
    pub unit: u32,
    /// Place in the unit's text.
    pub span: Span,
}

/// Which claims are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Those that a check warned of, that are less than sure, or whose words the quotes do not cover well.
    Uncertain,
    All,
}

impl Judged {
    /// Name in settings and stamps.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uncertain => "uncertain",
            Self::All => "always",
        }
    }
}

/// What a judge says of one claim. A closed list: no word of a judge's own reaches a brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Supported,
    /// The text says otherwise.
    Contradicted,
    /// The text does not say it.
    NotInTheText,
    CannotTell,
}

/// Why a claim is not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing is wrong.
    None,
    WrongNumber,
    WrongUnit,
    WrongDay,
    WrongPerson,
    WrongSide,
    /// The text says that it is not so.
    Denied,
    /// The text says it might be so.
    Hedged,
    /// The text only asks about it.
    OnlyAsked,
    /// It held once, and was taken back.
    TakenBack,
    NotSaid,
    Other,
}
