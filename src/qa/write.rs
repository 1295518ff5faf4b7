//! [`plan_write`]: what may be written, never over a person's value.

use super::review::Reviewed;
use crate::domain::brief::{BriefDocument, CoverageReceipt, FieldStatus, LiveValues, Origin, Provenance, Publication};
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

/// Plans the write. People's values already stand in the reviewed brief; none of their fields becomes a live machine
/// value, even if the brief was reviewed before the person wrote.
pub fn plan_write(handoff: &Handoff, reviewed: Reviewed, coverage: CoverageReceipt, provenance: Provenance) -> WriteBack {
    let publication = match reviewed.is_blocked_by_findings() {
        true => Publication::HeldForReview,
        false => Publication::Published,
    };
    let live = match publication {
        Publication::Published => live_values(handoff, &reviewed),
        Publication::HeldForReview => LiveValues::new(),
    };
    let event = &handoff.event;
    let document = BriefDocument {
        kind: event.data.kind.clone(),
        record: handoff.record().clone(),
        event_source: event.source.clone(),
        event_id: event.id.clone(),
        event_time: event.time,
        publication,
        readiness: reviewed.readiness().clone(),
        missing: reviewed.missing().to_vec(),
        route: reviewed.route().map(str::to_owned),
        findings: reviewed.findings().to_vec(),
        brief: reviewed.into_brief(),
        coverage,
        provenance,
    };
    WriteBack { document, live, expected_version: handoff.version }
}

fn live_values(handoff: &Handoff, reviewed: &Reviewed) -> LiveValues {
    let stated = reviewed.brief().fields.iter().filter(|answer| answer.status == FieldStatus::Stated);
    let machine = stated.filter(|answer| answer.origin == Origin::Machine && !handoff.human_values.contains_key(&answer.name));
    machine.filter_map(|answer| Some((answer.name.clone(), answer.value.clone()?))).collect()
}
