//! [`gather`]: all sources of a handoff → [`Material`].

use super::copies::{Mails, drop_copies};
use super::material::{Gathering, Material, Message};
use super::people::People;
use super::reading::{Draft, Reading, read};
use super::tokens;
use crate::domain::brief::SourceReceipt;
use crate::domain::event::SourceType;
use crate::domain::handoff::{Handoff, Source};

/// Id of the source that [`gather`] makes of the event's own fields.
pub const EVENT_FIELDS: &str = "event-fields";

/// Reads every source of a handoff. Never fails: what cannot be read is in the receipts.
pub fn gather(handoff: &Handoff, gathering: &Gathering) -> Material {
    let fields = event_fields(handoff);
    let mut sources: Vec<&Source> = handoff.sources.iter().chain(&fields).collect();
    sources.sort_by(|a, b| (&a.id, a.source_type, &a.body).cmp(&(&b.id, b.source_type, &b.body)));
    let bytes_original = sources.iter().map(|source| source.body.len()).sum();

    let mut readings = read_within_limits(&sources, gathering);
    let mails = sources.iter().zip(&mut readings).filter(|(source, _)| source.source_type == SourceType::EmailThread);
    drop_copies(mails.map(|(_, reading)| Mails { drafts: &mut reading.drafts, left_out: &mut reading.left_out }).collect());

    let drafts = readings.iter().flat_map(|reading| &reading.drafts);
    let people = People::learn(&handoff.event.data, &gathering.our_domains, drafts);
    let mut messages = Vec::new();
    let mut receipts = missing(handoff);
    for (source, reading) in sources.iter().zip(readings) {
        receipts.push(receipt(source, &reading));
        let filled = reading.drafts.into_iter().filter(|draft| !draft.passages.is_empty());
        messages.extend(filled.map(|draft| message(source, draft, &people)));
    }
    receipts.sort_by(|a, b| a.id.cmp(&b.id));
    // Stable: within one source and time the order of the source stays.
    messages.sort_by(|a, b| (a.at.is_none(), a.at, &a.source).cmp(&(b.at.is_none(), b.at, &b.source)));
    Material {
        messages,
        receipts,
        tokens_original: tokens::estimate(bytes_original),
        bytes_original,
        encoding: gathering.encoding.clone(),
    }
}

/// The event's own fields as one more source.
fn event_fields(handoff: &Handoff) -> Option<Source> {
    let event = &handoff.event;
    let body = (!event.data.fields.is_empty()).then(|| serde_json::to_vec(&event.data.fields).ok()).flatten()?;
    Some(Source {
        id: EVENT_FIELDS.to_owned(),
        source_type: SourceType::CrmSnapshot,
        format: Some("application/json".to_owned()),
        occurred_at: Some(event.time),
        title: None,
        body,
    })
}

/// Reads sources, newest first until the handoff's limit is reached. The result is in the order of `sources`.
fn read_within_limits(sources: &[&Source], gathering: &Gathering) -> Vec<Reading> {
    let mut newest_first: Vec<usize> = (0..sources.len()).collect();
    newest_first.sort_by_key(|n| std::cmp::Reverse(sources[*n].occurred_at));
    let mut readings = vec![Reading::default(); sources.len()];
    let mut left = gathering.limits.handoff_bytes;
    for n in newest_first {
        let bytes = sources[n].body.len();
        readings[n] = if bytes > gathering.limits.source_bytes {
            refused(format!("not read: {bytes} bytes, over the limit of {} for one source", gathering.limits.source_bytes))
        } else if bytes > left {
            refused(format!(
                "not read: {bytes} bytes, over the limit of {} for all sources together",
                gathering.limits.handoff_bytes
            ))
        } else {
            left -= bytes;
            read(sources[n])
        };
    }
    readings
}

fn refused(reason: String) -> Reading {
    Reading { format: "not detected".to_owned(), left_out: vec![reason], ..Reading::default() }
}

fn missing(handoff: &Handoff) -> Vec<SourceReceipt> {
    let receipt = |id: &String| SourceReceipt {
        id: id.clone(),
        format: "not detected".to_owned(),
        messages: 0,
        units: 0,
        left_out: vec!["not read: the record store does not have it".to_owned()],
    };
    handoff.missing_sources.iter().map(receipt).collect()
}

fn receipt(source: &Source, reading: &Reading) -> SourceReceipt {
    SourceReceipt {
        id: source.id.clone(),
        format: reading.format.clone(),
        messages: reading.drafts.iter().filter(|draft| !draft.passages.is_empty()).count(),
        units: reading.drafts.iter().map(|draft| draft.passages.len()).sum(),
        left_out: reading.left_out.clone(),
    }
}

fn message(source: &Source, draft: Draft, people: &People) -> Message {
    let (speaker, side) = people.resolve(draft.speaker.as_deref(), draft.address.as_deref());
    Message {
        source: source.id.clone(),
        source_type: source.source_type,
        speaker,
        address: draft.address,
        side,
        at: draft.at,
        title: draft.title,
        passages: draft.passages,
    }
}
