//! [`plan_write`]: what may be written, never over a person's value.

use super::review::Reviewed;
use crate::domain::brief::{BriefDocument, CoverageReceipt, LiveValues, Provenance};
use crate::domain::handoff::Handoff;

/// The only thing a record store accepts. Made only by [`plan_write`].
#[derive(Debug, Clone, PartialEq)]
pub struct WriteBack {
    document: BriefDocument,
    live: LiveValues,
    expected_version: i64,
}

impl WriteBack {
    /// The brief as it is stored and shown.
    pub fn document(&self) -> &BriefDocument {
        &self.document
    }

    /// Machine values for the record's live fields. Empty for a brief held for review. Never holds a field a person owns.
    pub fn live(&self) -> &LiveValues {
        &self.live
    }

    /// Version of the record the brief was written from: the write succeeds only while it is current.
    pub fn expected_version(&self) -> i64 {
        self.expected_version
    }
}

/// Plans the write. A person's value stands; the machine's goes beside it as a suggestion with its evidence.
pub fn plan_write(handoff: &Handoff, reviewed: Reviewed, coverage: CoverageReceipt, provenance: Provenance) -> WriteBack {
    let _ = (handoff, reviewed, coverage, provenance);
    todo!()
}
