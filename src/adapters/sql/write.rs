//! What a write-back and a person's edit mean in columns, the same for both databases.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::cells::{Arg, name_of};
use crate::domain::brief::{BriefDocument, LiveValues, Publication, Readiness};
use crate::domain::decision::Decision;
use crate::domain::event::{HandoffEvent, RecordRef};
use crate::domain::handoff::HumanValue;
use crate::ports::StoreError;
use crate::qa::WriteBack;

pub(super) const DOING: &str = "wrote a brief";
pub(super) const EDITING: &str = "kept a person's value";

/// A [`WriteBack`], owned and rendered: the unit of work outlives its caller.
#[derive(Debug, Clone)]
pub(super) struct Writing {
    pub(super) document: BriefDocument,
    pub(super) document_json: String,
    event_json: String,
    pub(super) live: LiveValues,
    pub(super) decisions: Vec<DecisionRow>,
    pub(super) human_values: BTreeMap<String, HumanValue>,
    pub(super) retired: Vec<String>,
    pub(super) expected_version: i64,
    pub(super) is_published: bool,
    /// Name of the outcome, too.
    pub(super) publication: String,
    readiness: &'static str,
    now: Timestamp,
}

/// A decision in columns.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DecisionRow {
    /// Without the number of an item: what can be counted over briefs.
    pub(super) part: String,
    pub(super) verdict: String,
    pub(super) by: String,
    /// Microseconds.
    pub(super) at: i64,
    /// All of it in JSON.
    pub(super) decision: String,
}

impl DecisionRow {
    fn of(decision: &Decision) -> Result<Self, StoreError> {
        Ok(Self {
            part: decision.part.split('[').next().unwrap_or_default().to_owned(),
            verdict: name_of(&decision.verdict),
            by: decision.by.clone(),
            at: decision.at.as_microsecond(),
            decision: serde_json::to_string(decision).map_err(|_| StoreError::Corrupt { what: "a decision" })?,
        })
    }
}

impl Writing {
    pub(super) fn of(write: &WriteBack) -> Result<Self, StoreError> {
        let document = write.document().clone();
        // Not possible for a document of ours; a store must not die of it anyhow.
        let document_json = serde_json::to_string(&document).map_err(|_| StoreError::Corrupt { what: "a brief" })?;
        Ok(Self {
            document_json,
            event_json: render_event(write.event())?,
            live: write.live().clone(),
            decisions: write.decisions().iter().map(DecisionRow::of).collect::<Result<_, _>>()?,
            human_values: write.human_values().clone(),
            retired: write.retired().to_vec(),
            expected_version: write.expected_version(),
            is_published: document.publication == Publication::Published,
            publication: name_of(&document.publication),
            readiness: readiness_name(&document.readiness),
            now: Timestamp::now(),
            document,
        })
    }

    pub(super) fn record_type(&self) -> Arg {
        Arg::from(&*self.document.record.record_type)
    }

    pub(super) fn record_id(&self) -> Arg {
        Arg::from(&*self.document.record.id)
    }

    pub(super) fn stamp(&self) -> Arg {
        Arg::from(&*self.document.provenance.stamp.0)
    }

    /// Record type, record id, kind, event time, event id.
    pub(super) fn event_key(&self) -> Vec<Arg> {
        let document = &self.document;
        let time = Arg::from(document.event_time);
        vec![self.record_type(), self.record_id(), Arg::from(&*document.kind), time, Arg::from(&*document.event_id)]
    }

    /// The event's key, then: event source, stamp, publication, readiness, record version, document, time of writing.
    pub(super) fn brief_args(&self) -> Vec<Arg> {
        let mut args = self.event_key();
        args.extend([
            Arg::from(&*self.document.event_source),
            self.stamp(),
            Arg::from(&*self.publication),
            Arg::from(self.readiness),
            Arg::Int(self.expected_version + 1),
            Arg::from(&*self.document_json),
            Arg::from(self.now),
        ]);
        args
    }

    /// Engine, model and prompt of the brief.
    pub(super) fn maker_args(&self) -> [Arg; 3] {
        let by = &self.document.provenance;
        [&by.engine, &by.model, &by.prompt].map(|name| Arg::from(&**name))
    }

    /// Whether a person writes.
    pub(super) fn is_decided(&self) -> bool {
        !self.decisions.is_empty()
    }

    /// The event as JSON, without its sources' contents.
    pub(super) fn event(&self) -> Arg {
        Arg::from(&*self.event_json)
    }

    /// The event's key, then: event source, outcome, stamp, time of noting, event.
    pub(super) fn outcome_args(&self, outcome: &str, stamp: Option<String>) -> Vec<Arg> {
        let mut args = self.event_key();
        let source = Arg::from(&*self.document.event_source);
        args.extend([source, Arg::from(outcome), Arg::MaybeText(stamp), Arg::from(self.now), self.event()]);
        args
    }
}

fn readiness_name(readiness: &Readiness) -> &'static str {
    match readiness {
        Readiness::Ready => "ready",
        Readiness::Incomplete => "incomplete",
        Readiness::Blocked { .. } => "blocked",
    }
}

/// The outcome of an event that wrote no brief, in the order of [`Writing::outcome_args`].
pub(super) fn outcome_args(event: &HandoffEvent, outcome: &str) -> Result<Vec<Arg>, StoreError> {
    let record = &event.data.record;
    Ok(vec![
        Arg::from(&*record.record_type),
        Arg::from(&*record.id),
        Arg::from(&*event.data.kind),
        Arg::from(event.time),
        Arg::from(&*event.id),
        Arg::from(&*event.source),
        Arg::from(outcome),
        Arg::MaybeText(None),
        Arg::from(Timestamp::now()),
        Arg::Text(render_event(&event.without_contents())?),
    ])
}

/// Not possible to fail for an event that was decoded; a store must not die of it anyhow.
fn render_event(event: &HandoffEvent) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|_| StoreError::Corrupt { what: "an event" })
}

/// A person edits a field.
#[derive(Debug, Clone)]
pub(super) struct HumanEdit {
    pub(super) record: RecordRef,
    pub(super) field: String,
    pub(super) value: HumanValue,
}

impl HumanEdit {
    /// Record type, record id, name.
    pub(super) fn record_args(&self) -> Vec<Arg> {
        let record = &self.record;
        vec![Arg::from(&*record.record_type), Arg::from(&*record.id), Arg::MaybeText(record.name.clone())]
    }

    /// Record type, record id, field, value, who, when.
    pub(super) fn value_args(&self) -> Vec<Arg> {
        vec![
            Arg::from(&*self.record.record_type),
            Arg::from(&*self.record.id),
            Arg::from(&*self.field),
            Arg::Text(json!(self.value.value).to_string()),
            Arg::from(&*self.value.by),
            Arg::from(self.value.at),
        ]
    }
}
