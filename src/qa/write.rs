//! [`plan_write`]: what may be written, never over a person's value.

use std::collections::BTreeMap;

use super::people::standing_decisions;
use super::review::Reviewed;
use crate::domain::brief::{
    Brief, BriefDocument, CoverageReceipt, FieldAnswer, FieldStatus, LiveValues, Origin, Provenance, Publication,
};
use crate::domain::decision::{Decision, rejection};
use crate::domain::event::HandoffEvent;
use crate::domain::handoff::{Handoff, HumanValue};

/// The only thing a record store accepts. Made only by [`plan_write`] and by [`decide()`](super::decide()).
#[derive(Debug, Clone, PartialEq)]
pub struct WriteBack {
    pub(super) event: HandoffEvent,
    pub(super) document: BriefDocument,
    pub(super) live: LiveValues,
    pub(super) expected_version: i64,
    pub(super) decisions: Vec<Decision>,
    pub(super) human_values: BTreeMap<String, HumanValue>,
    pub(super) retired: Vec<String>,
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

    /// What people decide with this write. Empty for a machine's.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Fields that people own from now on, live even if the brief is held. None of them is in [`live`](Self::live).
    pub fn human_values(&self) -> &BTreeMap<String, HumanValue> {
        &self.human_values
    }

    /// Fields whose live value goes because a person rejected it.
    pub fn retired(&self) -> &[String] {
        &self.retired
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
        Publication::Published => machine_values(handoff, reviewed.brief()),
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
        decisions: standing_decisions(handoff, reviewed.brief()),
        brief: reviewed.into_brief(),
        coverage,
        provenance,
    };
    WriteBack {
        event: event.without_contents(),
        document,
        live,
        expected_version: handoff.version,
        decisions: Vec::new(),
        human_values: BTreeMap::new(),
        retired: Vec::new(),
    }
}

/// What the machine states in a brief.
pub(super) fn live_values(brief: &Brief) -> LiveValues {
    let stated = |answer: &&FieldAnswer| answer.status == FieldStatus::Stated && answer.origin == Origin::Machine;
    let machine = brief.fields.iter().filter(stated);
    machine.filter_map(|answer| Some((answer.name.clone(), answer.value.clone()?))).collect()
}

/// The same, without what people own or rejected since.
fn machine_values(handoff: &Handoff, brief: &Brief) -> LiveValues {
    let is_rejected = |name: &str, value: &_| {
        let evidence = brief.field(name).map_or(&[][..], |answer| &answer.evidence);
        rejection(&handoff.decisions, name, value, evidence).is_some()
    };
    let mut live = live_values(brief);
    live.retain(|name, value| !handoff.human_values.contains_key(name) && !is_rejected(name, value));
    live
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::cases::{contract, excerpt, handoff, human, provenance, right_brief};
    use super::super::review;
    use super::{WriteBack, plan_write};
    use crate::domain::brief::{Brief, FieldStatus, Publication};
    use crate::domain::handoff::HumanValue;
    use crate::domain::value::Value;

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
