//! A handoff as fetched from the record store: the event, the sources' contents, and what people wrote.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::decision::Decision;
use super::event::{HandoffEvent, RecordRef, SourceType};
use super::stamp::Stamp;
use super::value::Value;

/// Everything the pipeline works on for one event.
#[derive(Debug, Clone)]
pub struct Handoff {
    /// What arrived.
    pub event: HandoffEvent,
    /// Contents of all sources, in no particular order.
    pub sources: Vec<Source>,
    /// Ids that the event names and the record store does not have.
    pub missing_sources: Vec<String>,
    /// Sources that the record store has and left there: over the size limits.
    pub oversized_sources: Vec<OversizedSource>,
    /// Field values that a person owns. Never overwritten.
    pub human_values: BTreeMap<String, HumanValue>,
    /// What people decided about earlier briefs of this record, of all kinds; oldest first.
    pub decisions: Vec<Decision>,
    /// Version of the record as read; a write succeeds only while it is still current. 0: the record is new.
    pub version: i64,
    /// The newest brief of this record and kind, published or held, if there is one.
    pub current: Option<CurrentBrief>,
}

impl Handoff {
    /// The record that changes hands.
    pub fn record(&self) -> &RecordRef {
        &self.event.data.record
    }
}

/// What people have said of a record: none of it is the machine's to change.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Values that a person owns, by field.
    pub values: &'a BTreeMap<String, HumanValue>,
    /// Decisions about earlier briefs, oldest first.
    pub decisions: &'a [Decision],
}

impl<'a> From<&'a Handoff> for People<'a> {
    fn from(handoff: &'a Handoff) -> Self {
        Self { values: &handoff.human_values, decisions: &handoff.decisions }
    }
}

impl<'a> From<&'a BTreeMap<String, HumanValue>> for People<'a> {
    fn from(values: &'a BTreeMap<String, HumanValue>) -> Self {
        Self { values, decisions: &[] }
    }
}

/// One source with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub id: String,
    pub source_type: SourceType,
    /// Media type hint.
    pub format: Option<String>,
    pub occurred_at: Option<Timestamp>,
    /// A name for people.
    pub title: Option<String>,
    /// Content as it arrived: bytes, since mails come in any charset.
    pub body: Vec<u8>,
}

/// A source that was not read from the record store because of its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OversizedSource {
    pub id: String,
    /// Size of its content.
    pub bytes: usize,
}

/// A value a person wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HumanValue {
    pub value: Value,
    /// Who wrote it, as the outside system names them.
    pub by: String,
    pub at: Timestamp,
}

/// What the store knows about the newest brief of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentBrief {
    pub stamp: Stamp,
    /// Time of the event it was written for.
    pub event_time: Timestamp,
    /// CloudEvents `source` and `id` of that event.
    pub event_source: String,
    pub event_id: String,
}
