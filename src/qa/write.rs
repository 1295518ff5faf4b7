//! [`plan_write`]: what may be written, never over a person's value.

use super::review::Reviewed;
use crate::domain::brief::{BriefDocument, CoverageReceipt, FieldStatus, LiveValues, Origin, Provenance, Publication};
use crate::domain::event::HandoffEvent;
use crate::domain::handoff::Handoff;

/// The only thing a record store accepts. Made only by [`plan_write`].
#[derive(Debug, Clone, PartialEq)]
pub struct WriteBack {
    event: HandoffEvent,
    document: BriefDocument,
    live: LiveValues,
    expected_version: i64,
}

impl WriteBack {
    /// The event the brief was written for, without its sources' contents.
    pub fn event(&self) -> &HandoffEvent {
        &self.event
    }

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
    WriteBack { event: event.without_contents(), document, live, expected_version: handoff.version }
}

fn live_values(handoff: &Handoff, reviewed: &Reviewed) -> LiveValues {
    let stated = reviewed.brief().fields.iter().filter(|answer| answer.status == FieldStatus::Stated);
    let machine = stated.filter(|answer| answer.origin == Origin::Machine && !handoff.human_values.contains_key(&answer.name));
    machine.filter_map(|answer| Some((answer.name.clone(), answer.value.clone()?))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::cases::{contract, excerpt, human, right_brief};
    use super::super::review;
    use super::{WriteBack, plan_write};
    use crate::domain::brief::{Brief, FieldStatus, Provenance, Publication, Usage};
    use crate::domain::event::{Envelope, HandoffEvent, decode};
    use crate::domain::handoff::{Handoff, HumanValue};
    use crate::domain::stamp::Stamp;
    use crate::domain::value::Value;

    fn event() -> HandoffEvent {
        let body = r#"{ "specversion": "1.0", "id": "evt-1", "source": "crm/deals", "type": "baton.handoff.requested.v1",
            "time": "2026-05-04T15:00:00Z", "data": { "kind": "test", "record": { "type": "deal", "id": "1042" } } }"#;
        decode(&Envelope { body: body.as_bytes().to_vec(), ..Envelope::default() }).unwrap()
    }

    fn handoff(human_values: BTreeMap<String, HumanValue>) -> Handoff {
        Handoff {
            event: event(),
            sources: vec![],
            missing_sources: vec![],
            oversized_sources: vec![],
            human_values,
            version: 7,
            current: None,
        }
    }

    fn provenance() -> Provenance {
        Provenance {
            engine: "test".to_owned(),
            model: "test".to_owned(),
            prompt: "handoff_brief/v1".to_owned(),
            contract_digest: contract().digest,
            contract_version: 1,
            stamp: Stamp("s".to_owned()),
            usage: Usage::default(),
            cost_usd: None,
            attempts: 1,
            judge: None,
        }
    }

    fn planned(brief: Brief, people: BTreeMap<String, HumanValue>) -> WriteBack {
        let reviewed = review(brief, &excerpt(), &contract(), &people);
        plan_write(&handoff(people), reviewed, Default::default(), provenance())
    }

    fn text(text: &str) -> Value {
        Value::Text { text: text.to_owned() }
    }

    #[test]
    fn a_right_brief_is_published_with_every_stated_value_live() {
        let write = planned(right_brief(), BTreeMap::new());
        assert_eq!(write.document().publication, Publication::Published);
        assert_eq!(write.live().len(), right_brief().fields.len());
        assert_eq!((write.expected_version(), write.document().event_id.as_str()), (7, "evt-1"));
    }

    #[test]
    fn a_brief_with_a_blocking_finding_is_held_and_nothing_goes_live() {
        let mut brief = right_brief();
        brief.headline = "Ann needs 150 seats".to_owned();
        let write = planned(brief, BTreeMap::new());
        assert_eq!(write.document().publication, Publication::HeldForReview);
        assert!(write.live().is_empty());
        assert_eq!(write.document().brief.headline, "Ann needs 150 seats", "the reviewer must see what was held");
    }

    #[test]
    fn a_field_that_a_person_owns_never_becomes_a_live_machine_value() {
        let write = planned(right_brief(), human("pain", text("Manual reporting")));
        assert!(!write.live().contains_key("pain"));
        assert_eq!(write.document().brief.field("pain").unwrap().value, Some(text("Manual reporting")));

        // Written by a person after the review: not in the reviewed brief, but known to the handoff.
        let reviewed = review(right_brief(), &excerpt(), &contract(), &BTreeMap::new());
        let late = handoff(human("pain", text("Manual reporting")));
        assert!(!plan_write(&late, reviewed, Default::default(), provenance()).live().contains_key("pain"));
    }

    #[test]
    fn what_was_not_stated_is_not_live() {
        let mut brief = right_brief();
        brief.fields[7].status = FieldStatus::NotStated;
        let write = planned(brief, BTreeMap::new());
        assert!(!write.live().contains_key("pain"));
        assert!(write.live().contains_key("budget"));
    }
}
