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
    use crate::domain::brief::{FieldStatus, Origin, Publication, Suggestion};
    let mut brief = reviewed.brief().clone();
    let mut live = LiveValues::new();
    let held = reviewed.is_blocked_by_findings();
    for answer in &mut brief.fields {
        if let Some(human) = handoff.human_values.get(&answer.name) {
            let value = answer.value.replace(human.value.clone());
            answer.suggestion = value.map(|value| Suggestion { value, evidence: answer.evidence.clone() });
            answer.origin = Origin::Human;
        } else if let (FieldStatus::Stated, Some(value), false) = (answer.status, &answer.value, held) {
            live.insert(answer.name.clone(), value.clone());
        }
    }
    let event = &handoff.event;
    let document = BriefDocument {
        kind: event.data.kind.clone(),
        record: event.data.record.clone(),
        event_source: event.source.clone(),
        event_id: event.id.clone(),
        event_time: event.time,
        publication: if held { Publication::HeldForReview } else { Publication::Published },
        readiness: reviewed.readiness().clone(),
        missing: reviewed.missing().to_vec(),
        brief,
        route: None,
        findings: reviewed.findings().to_vec(),
        coverage,
        provenance,
    };
    WriteBack { document, live, expected_version: handoff.version }
}
