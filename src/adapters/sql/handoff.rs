//! What is asked of the store for an event, and rows → [`Handoff`].
//!
//! Both databases answer one statement with the same columns: what is known of the record, and one row for each source
//! that has to be pulled (one row without a source if there is none).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::cells::{Arg, Cells, name_of};
use crate::context::Limits;
use crate::domain::decision::Decision;
use crate::domain::event::{HandoffEvent, SourceRef, SourceType};
use crate::domain::handoff::{CurrentBrief, Handoff, HumanValue, OversizedSource, Source};
use crate::domain::stamp::{Stamp, digest};
use crate::domain::value::Value;
use crate::ports::StoreError;

/// An event, taken apart for the statements.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Sources that travel with the event, ordered by id: two workers lock rows in the same order.
    pub(super) inline: Vec<Source>,
    /// Ids to be pulled.
    pub(super) named: Vec<String>,
    /// Set when the event names no source: pull all that are not older, and those without a time.
    pub(super) all_since: Option<Timestamp>,
    /// Only what is within them is pulled.
    pub(super) limits: Limits,
}

impl Wanted {
    pub(super) fn of(event: &HandoffEvent, look_back_days: u32, limits: &Limits) -> Self {
        let mut inline = Vec::new();
        let mut named = Vec::new();
        for source in &event.data.sources {
            match source.inline_body() {
                Ok(Some(body)) => inline.push(inline_source(source, body)),
                // Not base64 is refused when an event is decoded; one that was made otherwise has no content.
                Ok(None) | Err(_) => named.push(source.id.clone()),
            }
        }
        inline.sort_by(|a, b| a.id.cmp(&b.id));
        let all_since = event.data.sources.is_empty().then(|| days_before(event.time, look_back_days));
        Self { inline, named, all_since, limits: limits.clone() }
    }
}

/// Bytes of one source, bytes of all.
pub(super) fn limit_args(limits: &Limits) -> [Arg; 2] {
    [limits.source_bytes, limits.handoff_bytes].map(|bytes| Arg::Int(i64::try_from(bytes).unwrap_or(i64::MAX)))
}

fn inline_source(source: &SourceRef, body: Vec<u8>) -> Source {
    Source {
        id: source.id.clone(),
        source_type: source.source_type,
        format: source.format.clone(),
        occurred_at: source.occurred_at,
        title: source.title.clone(),
        body,
    }
}

fn days_before(time: Timestamp, days: u32) -> Timestamp {
    time.checked_sub(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(Timestamp::MIN)
}

/// Digest of everything that is stored of a source.
pub(super) fn source_digest(source: &Source) -> String {
    let time = source.occurred_at.map(|at| at.to_string()).unwrap_or_default();
    digest([
        name_of(&source.source_type).as_bytes(),
        source.format.as_deref().unwrap_or_default().as_bytes(),
        time.as_bytes(),
        source.title.as_deref().unwrap_or_default().as_bytes(),
        &source.body,
    ])
}

/// What a store knows of the record of an event.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) version: i64,
    human_values: BTreeMap<String, HumanValue>,
    decisions: Vec<Decision>,
    current: Option<CurrentBrief>,
    sources: Vec<Source>,
    oversized: Vec<OversizedSource>,
}

/// A person's value as the statements aggregate it.
#[derive(Deserialize)]
struct StoredHumanValue {
    value: Value,
    by: String,
    /// Microseconds.
    at: i64,
}

/// Reads: version, human values, decisions, current brief (4 columns), source (7 columns); all but the source repeat in
/// every row.
pub(super) fn read_known(rows: Vec<Cells>) -> Result<Known, StoreError> {
    let mut known = None;
    for mut row in rows {
        let version = row.int()?;
        let (human_values, decisions) = (row.maybe_text()?, row.maybe_text()?);
        let current = read_current(&mut row)?;
        let pulled = read_pulled(&mut row)?;
        let known = match &mut known {
            Some(known) => known,
            empty => {
                let (human_values, decisions) = (read_human_values(human_values)?, read_decisions(decisions)?);
                empty.insert(Known { version, human_values, decisions, current, sources: Vec::new(), oversized: Vec::new() })
            }
        };
        match pulled {
            Pulled::Nothing => {}
            Pulled::Source(source) => known.sources.push(source),
            Pulled::Oversized(source) => known.oversized.push(source),
        }
    }
    known.ok_or(StoreError::Corrupt { what: "a record" })
}

fn read_human_values(json: Option<String>) -> Result<BTreeMap<String, HumanValue>, StoreError> {
    let corrupt = || StoreError::Corrupt { what: "a person's value" };
    let Some(json) = json else { return Ok(BTreeMap::new()) };
    let stored: BTreeMap<String, StoredHumanValue> = serde_json::from_str(&json).map_err(|_| corrupt())?;
    let read = |stored: StoredHumanValue| {
        let at = Timestamp::from_microsecond(stored.at).map_err(|_| corrupt())?;
        Ok(HumanValue { value: stored.value, by: stored.by, at })
    };
    stored.into_iter().map(|(field, stored)| Ok((field, read(stored)?))).collect()
}

fn read_decisions(json: Option<String>) -> Result<Vec<Decision>, StoreError> {
    let Some(json) = json else { return Ok(Vec::new()) };
    serde_json::from_str(&json).map_err(|_| StoreError::Corrupt { what: "a decision" })
}

fn read_current(row: &mut Cells) -> Result<Option<CurrentBrief>, StoreError> {
    let (stamp, time, source, id) = (row.maybe_text()?, row.maybe_time()?, row.maybe_text()?, row.maybe_text()?);
    let (Some(stamp), Some(event_time), Some(event_source), Some(event_id)) = (stamp, time, source, id) else {
        return Ok(None);
    };
    Ok(Some(CurrentBrief { stamp: Stamp(stamp), event_time, event_source, event_id }))
}

/// What a row says of a source.
enum Pulled {
    Nothing,
    Source(Source),
    Oversized(OversizedSource),
}

/// Reads: bytes, id, type, format, time, title, body. Without an id there is no source; without a body it is too large.
fn read_pulled(row: &mut Cells) -> Result<Pulled, StoreError> {
    let bytes = row.maybe_int()?;
    let Some(id) = row.maybe_text()? else { return Ok(Pulled::Nothing) };
    let source_type: SourceType = row.named()?;
    let (format, occurred_at, title, body) = (row.maybe_text()?, row.maybe_time()?, row.maybe_text()?, row.maybe_bytes()?);
    Ok(match body {
        Some(body) => Pulled::Source(Source { id, source_type, format, occurred_at, title, body }),
        None => {
            let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok()).ok_or_else(|| row.corrupt())?;
            Pulled::Oversized(OversizedSource { id, bytes })
        }
    })
}

/// Reads: id, type, format, time, title, body.
pub(super) fn read_source(row: &mut Cells) -> Result<Source, StoreError> {
    let (id, source_type, format) = (row.text()?, row.named()?, row.maybe_text()?);
    let (occurred_at, title, body) = (row.maybe_time()?, row.maybe_text()?, row.bytes()?);
    Ok(Source { id, source_type, format, occurred_at, title, body })
}

/// Puts together what travelled with the event and what the store knew.
pub(super) fn assemble(event: HandoffEvent, wanted: Wanted, known: Known) -> Handoff {
    let mut sources = wanted.inline;
    sources.extend(known.sources);
    let is_known =
        |id: &str| sources.iter().any(|source| source.id == id) || known.oversized.iter().any(|source| source.id == id);
    let missing_sources = wanted.named.into_iter().filter(|id| !is_known(id)).collect();
    Handoff {
        event,
        sources,
        missing_sources,
        oversized_sources: known.oversized,
        human_values: known.human_values,
        decisions: known.decisions,
        version: known.version,
        current: known.current,
    }
}
