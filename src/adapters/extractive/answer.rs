//! An answer of the engine before it is written down: value and quotes.

use super::saying::Saying;
use crate::domain::brief::FieldStatus;
use crate::domain::value::Value;

/// What the engine says about a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub status: FieldStatus,
    pub value: Option<Value>,
    pub alternatives: Vec<Value>,
    pub quotes: Vec<Quote>,
    /// Position of the most telling quote.
    pub lead: usize,
}

/// Verbatim words of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    pub unit: u32,
    pub words: String,
}

impl Quote {
    pub(super) fn of(saying: &Saying<'_>) -> Self {
        Self { unit: saying.unit.n, words: saying.text.to_owned() }
    }
}

impl Answer {
    pub(super) fn not_stated() -> Self {
        Self { status: FieldStatus::NotStated, value: None, alternatives: Vec::new(), quotes: Vec::new(), lead: 0 }
    }

    pub(super) fn stated(value: Value, quotes: Vec<Quote>) -> Self {
        Self { status: FieldStatus::Stated, value: Some(value), alternatives: Vec::new(), quotes, lead: 0 }
    }

    /// The older alternative first, each with its quote.
    pub(super) fn conflicting(alternatives: Vec<Value>, quotes: Vec<Quote>) -> Self {
        Self { status: FieldStatus::Conflicting, value: None, alternatives, quotes, lead: 0 }
    }
}
